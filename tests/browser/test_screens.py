"""The screens in a real browser: several clicks in a row, whatever thread they arrive on."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.lab import LabServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

At = Callable[[str], Workspace]
Lab = Callable[..., AbstractContextManager[LabServer]]
Open = Callable[..., Locator]


@pytest.fixture
def on_its_day(monkeypatch: pytest.MonkeyPatch, at_stage: At) -> At:
    """A workspace at a stage, whose kernels live on that day."""

    def placed(stage: str) -> Workspace:
        workspace = at_stage(stage)
        monkeypatch.setenv("WORKBENCH_CLOCK", workspace.clock().isoformat())
        return workspace

    return placed


def test_a_journal_from_suggestion_to_delivery(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("open")
    with lab(workspace.folder) as server:
        panel = open_screen(page, "Collection journal", server=server)
        click(panel, "Suggest")
        expect(panel.get_by_role("status")).to_contain_text("lines were made")
        for number in range(3):
            tick(panel, number)
        expect(panel.locator(".wb-chosen")).to_have_count(3)
        for number in (1, 2):
            tick(panel, number)
        expect(panel.locator(".wb-chosen")).to_have_count(1)
        panel.get_by_role("checkbox", name="Slip only").check()
        click(panel, "Save the line …")
        click(panel, "Save")
        expect(panel.get_by_text("The line was changed")).to_be_visible()
        click(panel, "Validate")
        expect(panel.get_by_text("lines are valid")).to_be_visible()
        click(panel, "Approve all valid …")
        click(panel, "Approve")
        expect(panel.get_by_text("lines were approved")).to_be_visible()
        click(panel, "Send …")
        click(panel, "Send")
        expect(panel.get_by_text("lies in the outbox")).to_be_visible()
        leave(page)
    stored = rows(workspace, "SELECT status, count(*), sum(slip_only) FROM collection_line")
    assert [(status, slips) for status, _, slips in stored] == [("sent", 1)]
    verify(workspace).require()


def test_payments_are_decided_and_posted(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("read")
    with lab(workspace.folder) as server:
        panel = open_screen(page, "Payments", server=server)
        for reason in ("First", "Second"):
            tick(panel, 0)
            expect(panel.get_by_text("What happened to it")).to_be_visible()
            click(panel, "Ignore")
            panel.get_by_placeholder("Why? This is kept.").fill(reason)
            panel.get_by_placeholder("Why? This is kept.").press("Tab")
            click(panel, "Decide …")
            expect(panel.locator(".wb-panel").get_by_text(reason)).to_be_visible()
            click(panel, "Decide")
            expect(panel.get_by_text("Decided.")).to_be_visible()
            click(panel, "Choose none")
            expect(panel.get_by_text("What happened to it")).to_be_hidden()
        click(panel, "Allow by the company's rule")
        expect(panel.get_by_text("lines were allowed")).to_be_visible()
        click(panel, "Post now …")
        click(panel, "Post")
        expect(panel.get_by_text("lines were posted")).to_be_visible()
        leave(page)
    ignored = rows(
        workspace, "SELECT reason FROM current_outcome WHERE outcome = 'ignored' ORDER BY 1"
    )
    assert ignored == [("First",), ("Second",)]
    verify(workspace).require()


def test_the_way_from_what_waits_to_where_it_is_worked_off(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("read")
    with lab(workspace.folder) as server:
        home = open_screen(page, "Home", server=server)
        home.get_by_role("link", name="Held payment lines").click()
        place = page.locator(".cw-place[aria-current=page]:text-is('Payments')")
        expect(place).to_be_visible()
        leave(page)


def click(panel: Locator, name: str) -> None:
    panel.get_by_role("button", name=name, exact=True).and_(panel.locator(":visible")).click()


def leave(page: Page) -> None:
    """A page that outlives its server complains about the lost connection."""
    page.goto("about:blank")


def tick(panel: Locator, number: int) -> None:
    panel.locator(".wb-boxes input").nth(number).click()


def rows(workspace: Workspace, question: str) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(question)
