"""A desk: nothing is done unconfirmed, twice, at the same time, or without an answer."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from threading import RLock, Thread

import pytest

from workbench.collection.decisions import NotDecidableError
from workbench.collection.register import IllegalMoveError
from workbench.store.transaction import StaleRowError
from workbench.store.workspace import init
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import ChangedSinceError, NotReadyError
from workbench.widgets.screen import Screen


class Office:
    """A desk with one decision, and what was done."""

    def __init__(self, screen: Screen) -> None:
        self.done: list[str] = []
        self.refreshed = 0
        self.fault: Exception | None = None
        self.desk = Desk(screen, refresh=self.refresh, lock=RLock())
        self.button = self.desk.decision("Send", self.plan)

    def refresh(self) -> None:
        self.refreshed += 1

    def plan(self) -> Plan:
        if isinstance(self.fault, NotReadyError):
            raise self.fault
        return Plan("<p>3 lines, 30.00 DKK</p>", "Really send", self.act)

    def act(self) -> str:
        assert self.desk.answer, "the work is announced before it begins"
        if self.fault is not None:
            raise self.fault
        self.done.append("sent")
        return "Sent."


@pytest.fixture
def office(tmp_path: Path) -> Office:
    workspace = init(tmp_path / "ws", company="Nordvand")
    return Office(Screen(workspace, dt.date(2026, 10, 12), "en", "DKK", "Nordvand"))


def test_nothing_happens_before_the_confirmation(office: Office) -> None:
    office.button.click()
    assert "30.00 DKK" in office.desk.question
    assert office.desk.panel.layout.display == ""
    assert office.desk.confirm_button.description == "Really send"
    assert (office.done, office.refreshed) == ([], 0)
    office.desk.confirm_button.click()
    office.desk.confirm_button.click()
    assert office.done == ["sent"], "a second click finds nothing to confirm"
    assert "Sent." in office.desk.answer
    assert office.desk.panel.layout.display == "none"
    assert office.refreshed == 1


def test_canceling_changes_nothing(office: Office) -> None:
    office.button.click()
    office.desk.cancel_button.click()
    office.desk.confirm_button.click()
    assert office.done == []
    assert "Nothing was changed" in office.desk.answer


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (StaleRowError("collection_line", 7, version=3, changed="by ida"), "decide again"),
        (IllegalMoveError("sent → approved"), "Sent → Approved"),
        (NotDecidableError("line 7 is not held"), "cannot be decided"),
        (ChangedSinceError(), "Something changed since"),
        (ZeroDivisionError("<b>010203-1234</b>"), "This did not work: ZeroDivisionError"),
    ],
)
def test_every_fault_is_told_and_the_screen_shown_anew(
    office: Office, fault: Exception, said: str
) -> None:
    office.fault = fault
    office.button.click()
    office.desk.confirm_button.click()
    assert said in office.desk.answer
    assert "wb-bad" in office.desk.answer
    assert "010203-1234" not in office.desk.answer
    assert "<b>" not in office.desk.answer
    assert office.refreshed == 1


def test_a_plan_that_lacks_something_says_what(office: Office) -> None:
    office.fault = NotReadyError("Choose a line.")
    office.button.click()
    assert "Choose a line." in office.desk.answer
    assert office.desk.question == ""
    office.desk.confirm_button.click()
    assert office.done == []


def test_a_fault_of_the_screen_itself_is_told(office: Office) -> None:
    office.refresh = lambda: 1 / 0  # type: ignore[method-assign,assignment]
    broken = Desk(office.desk.screen, refresh=office.refresh, lock=RLock())
    broken.do(lambda: "Done.")
    assert "Done." in broken.answer
    assert "ZeroDivisionError" in broken.answer


def test_callbacks_from_several_threads_pass_one_by_one(office: Office) -> None:
    inside, most = 0, 0

    def work() -> str:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return "Done."

    button = office.desk.action("Work", work)
    threads = [Thread(target=button.click) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert office.refreshed == 8
