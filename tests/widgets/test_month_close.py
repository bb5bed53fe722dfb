"""The screen of the month's close: the list, the closing, and what refuses it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from workbench.ledger import period_states
from workbench.store.workspace import Workspace
from workbench.widgets.month_close import MonthClose
from workbench.widgets.screen import open_screen

At = Callable[[str], Workspace]
NOVEMBER = dt.date(2026, 11, 1)


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    return at_stage("read")


def opened(workspace: Workspace) -> MonthClose:
    return MonthClose(open_screen(str(workspace.folder), as_of="2026-12-02"))


def state(workspace: Workspace, journal: str | None = None) -> str:
    with workspace.read() as reader:
        return period_states.state_of(reader, first_day=NOVEMBER, journal=journal)


def test_last_month_is_shown_with_what_stands_in_its_way(workspace: Workspace) -> None:
    screen = opened(workspace)
    assert screen.month.value == NOVEMBER
    assert "in the way of closing" in screen.checklist.value
    assert 'href="payments.ipynb"' in screen.checklist.value
    assert 'href="import_from_erp.ipynb"' in screen.checklist.value
    screen.proof().require()


def test_a_list_that_stands_in_the_way_closes_nothing(workspace: Workspace) -> None:
    closing = opened(workspace).closing
    closing.close_button.click()
    assert "Say why" in closing.desk.answer
    closing.reason.value = "The month is done"
    closing.close_button.click()
    assert "stands in the way" in closing.desk.answer
    assert closing.desk.question == ""
    assert state(workspace) == "open"


def test_an_administrator_closes_in_spite_of_it_and_opens_it_again(
    workspace: Workspace,
) -> None:
    screen = opened(workspace)
    closing = screen.closing
    closing.reason.value, closing.force.value = "The auditor waits", True
    closing.earlier_open.value = True
    closing.close_button.click()
    assert "In spite of" in closing.desk.question
    assert "The auditor waits" in closing.desk.question
    assert state(workspace) == "open", "nothing happens before the confirmation"
    closing.desk.confirm_button.click()
    assert "2026-11 is closed" in closing.desk.answer
    assert state(workspace) == "closed"
    assert screen.history.frame["reason"].to_list() == ["The auditor waits"]
    closing.reason.value = "A late invoice"
    closing.open_button.click()
    closing.desk.confirm_button.click()
    assert state(workspace) == "open"
    assert screen.history.frame["to_state"].to_list() == ["open", "closed"]
    screen.proof().require()


def test_one_journal_is_closed_softly(workspace: Workspace) -> None:
    closing = opened(workspace).closing
    closing.journal.value, closing.reason.value = "PAYMENTS", "Look through"
    closing.earlier_open.value = True
    closing.soft_button.click()
    closing.desk.confirm_button.click()
    assert (state(workspace), state(workspace, "PAYMENTS")) == ("open", "soft_closed")
    assert "Softly closed" in closing.states.value


def test_earlier_months_come_first(workspace: Workspace) -> None:
    closing = opened(workspace).closing
    closing.reason.value = "Look through"
    closing.soft_button.click()
    closing.desk.confirm_button.click()
    assert "is still open" in closing.desk.answer
    assert state(workspace) == "open"


def test_what_somebody_wrote_meanwhile_is_looked_at_again(workspace: Workspace) -> None:
    closing = opened(workspace).closing
    closing.reason.value, closing.force.value = "Done", True
    closing.earlier_open.value = True
    closing.close_button.click()
    period_states.change_state(
        workspace, first_day=NOVEMBER, to_state="closed", reason="Quicker", earlier_open=True
    )
    closing.desk.confirm_button.click()
    with workspace.read() as reader:
        assert period_states.events(reader)["reason"].to_list() == ["Quicker"]


def test_a_company_without_periods_is_told_so(at_stage: At) -> None:
    screen = opened(at_stage("empty"))
    assert screen.month.value is None
    assert "No period is set up" in screen.checklist.value
    screen.proof().require()
