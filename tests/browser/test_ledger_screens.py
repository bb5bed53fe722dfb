"""The screens between the company and its ERP in a real browser, one whole way each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.ledger.files import saved_mappings
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.lab import LabServer

pytestmark = [pytest.mark.browser, pytest.mark.slow]

At = Callable[[str], Workspace]
Lab = Callable[..., AbstractContextManager[LabServer]]
Open = Callable[..., Locator]

#: A credit note whose customer has an open claim in the same currency, none of it sent.
_PAIR = """
SELECT credit.document_no, credit.entry_id FROM entry AS credit
JOIN entry AS claim USING (customer_id, currency)
WHERE credit.kind = 'credit_note' AND claim.kind = 'invoice'
GROUP BY credit.entry_id HAVING count(*) = 1 ORDER BY credit.entry_id LIMIT 1
"""

MAPPING = """
[file]
encoding = "utf-8"
date = "%Y-%m-%d"

[columns]
erp_entry_no = "no"
customer_no = "customer"
kind = "kind"
document_no = "document"
document_date = "dated"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
"""
_OPEN = """
SELECT e.erp_entry_no, c.customer_no, e.kind, e.document_no, e.document_date, e.due_date,
       e.amount_minor, e.currency
FROM entry AS e JOIN customer AS c USING (customer_id) ORDER BY e.entry_id
"""


@pytest.fixture
def on_its_day(monkeypatch: pytest.MonkeyPatch, at_stage: At) -> At:
    """A workspace at a stage, whose kernels live on that day."""

    def placed(stage: str) -> Workspace:
        workspace = at_stage(stage)
        monkeypatch.setenv("WORKBENCH_CLOCK", workspace.clock().isoformat())
        return workspace

    return placed


def test_a_credit_settles_a_claim_and_it_is_taken_back(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("open")
    document, credit = rows(workspace, _PAIR)[0]
    with lab(workspace.folder) as server:
        panel = open_screen(page, "Entries", server=server)
        listed, mine = panel.locator(".wb-table").nth(0), panel.locator(".wb-table").nth(1)
        write(listed.get_by_placeholder("Find …"), document)
        expect(listed.get_by_text("1 line of")).to_be_visible()
        listed.locator(".wb-boxes input").first.click()
        expect(panel.get_by_text(f"The ERP told of credit note {document}")).to_be_visible()
        click(mine, "Choose all shown")
        click(panel, "Pair the chosen")
        expect(panel.get_by_text("1 pair: look at it, then settle.")).to_be_visible()
        click(panel, "Settle …")
        expect(panel.get_by_text("Settle 1 pair")).to_be_visible()
        click(panel, "Settle")
        expect(panel.get_by_text("1 settlement was written.")).to_be_visible()
        made = rows(workspace, "SELECT from_entry_id, kind FROM application")
        assert made == [(credit, "credit_note")]
        settled = panel.locator(".wb-table").nth(3)
        settled.locator(".wb-boxes input").first.click()
        expect(settled.get_by_text("1 chosen")).to_be_visible()
        reason = panel.get_by_placeholder("Why? This is kept.").and_(panel.locator(":visible"))
        write(reason.first, "The wrong invoice")
        click(panel, "Take back …")
        click(panel, "Take back")
        expect(panel.get_by_text("1 settlement was taken back.")).to_be_visible()
        leave(page)
    kinds = rows(workspace, "SELECT kind FROM application ORDER BY application_id")
    assert kinds == [("credit_note",), ("unapplied",)]
    verify(workspace).require()


def test_what_was_posted_goes_to_the_erp_and_is_booked(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("read")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=dt.date(2026, 12, 2))
    with lab(workspace.folder) as server:
        panel = open_screen(page, "Hand-over", server=server)
        panel.get_by_role("combobox", name="Layout").select_option(label="Plain CSV")
        click(panel, "Hand over …")
        expect(panel.get_by_text("Hand delivery HO-000001 to the ERP?")).to_be_visible()
        click(panel, "Hand over")
        expect(panel.get_by_text("Delivery HO-000001 is handed over")).to_be_visible()
        delivered = panel.locator(".wb-table").nth(1)
        delivered.locator(".wb-boxes input").first.click()
        write(panel.get_by_placeholder("How do you know? This is kept."), "It stands there")
        click(panel, "The ERP booked it …")
        expect(panel.get_by_text("HO-000001: the ERP booked this?")).to_be_visible()
        click(panel, "Keep it")
        expect(panel.get_by_text("what you said is kept")).to_be_visible()
        expect(delivered.get_by_role("cell", name="Booked")).to_be_visible()
        leave(page)
    assert (workspace.outbox / "erp" / "HO-000001-postings.csv").is_file()
    verify(workspace).require()


def test_a_month_is_closed_and_opened_again(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("read")
    with lab(workspace.folder) as server:
        panel = open_screen(page, "Month close", server=server)
        reason = panel.get_by_placeholder("Why? This is kept.")
        write(reason, "The month is done")
        panel.get_by_role("checkbox", name="Earlier months may stay open").check()
        click(panel, "Close softly …")
        expect(panel.get_by_text("Close 2026-11 softly?")).to_be_visible()
        click(panel, "Close")
        expect(panel.get_by_text("2026-11 is closed softly.")).to_be_visible()
        write(reason, "One payment more")
        click(panel, "Open again …")
        click(panel, "Open again")
        expect(panel.get_by_text("2026-11 is open again.")).to_be_visible()
        leave(page)
    told = rows(workspace, "SELECT to_state, reason FROM period_event ORDER BY event_id")
    assert told == [("soft_closed", "The month is done"), ("open", "One payment more")]
    verify(workspace).require()


def test_a_file_of_the_erp_is_looked_at_and_accepted(
    on_its_day: At, lab: Lab, page: Page, open_screen: Open
) -> None:
    workspace = on_its_day("open")
    list_of_open_entries(workspace, without=2)
    saved_mappings.save(workspace, purpose="entries", name="open entries", text=MAPPING)
    before = workspace.database.read_bytes()
    with lab(workspace.folder) as server:
        panel = open_screen(page, "Import from the ERP", server=server)
        expect(panel.get_by_role("combobox", name="Mapping")).to_be_visible()
        click(panel, "Show what it would change")
        expect(panel.get_by_text("Nothing is changed yet. Look, and accept.")).to_be_visible()
        assert workspace.database.read_bytes() == before, "a preview changes nothing"
        click(panel, "Accept …")
        expect(panel.get_by_text("Accept open.csv, exactly as shown?")).to_be_visible()
        click(panel, "Accept")
        expect(panel.get_by_text("open.csv: accepted")).to_be_visible()
        leave(page)
    made = rows(workspace, "SELECT count(*) FROM application WHERE kind = 'settled_in_erp'")
    assert made == [(2,)]
    verify(workspace).require()


def list_of_open_entries(workspace: Workspace, *, without: int) -> None:
    """The ERP's list of what is open; the first so many are settled there."""
    lines = ["no;customer;kind;document;dated;due;amount;remaining;currency"]
    for *facts, amount, currency in rows(workspace, _OPEN)[without:]:
        money = f"{amount / 100:.2f}".replace(".", ",")
        lines.append(";".join([*map(str, facts), money, money, currency]))
    folder = workspace.inbox / "erp"
    folder.mkdir()
    (folder / "open.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write(field: Locator, text: str) -> None:
    """Type as a person does, and go on to the next field."""
    field.fill(text)
    field.press("Tab")


def click(panel: Locator, name: str) -> None:
    panel.get_by_role("button", name=name, exact=True).and_(panel.locator(":visible")).click()


def leave(page: Page) -> None:
    """A page that outlives its server complains about the lost connection."""
    page.goto("about:blank")


def rows(workspace: Workspace, question: str) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(question)
