"""The screen of the hand-over: what waits, what went out, what the ERP booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.hand_over import HandOver
from workbench.widgets.screen import open_screen

At = Callable[[str], Workspace]
TODAY = dt.date(2026, 12, 2)


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    """A workspace that posted its month and handed nothing over."""
    workspace = at_stage("read")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=TODAY)
    return workspace


def opened(workspace: Workspace) -> HandOver:
    return HandOver(open_screen(str(workspace.folder), as_of=TODAY.isoformat()))


def count(workspace: Workspace, question: str) -> Any:
    with workspace.read() as reader:
        return reader.value(question)


def hand_over(screen: HandOver, layout: str = "plain_csv") -> None:
    screen.waiting.layout.value = layout
    screen.waiting.hand_over_button.click()
    screen.waiting.desk.confirm_button.click()


def test_what_waits_is_shown_and_goes_out_once_it_is_confirmed(workspace: Workspace) -> None:
    screen = opened(workspace)
    waiting = screen.waiting.table.frame.height
    assert waiting > 0
    screen.proof().require()
    screen.waiting.layout.value = "plain_csv"
    screen.waiting.hand_over_button.click()
    assert "HO-000001" in screen.waiting.desk.question
    assert "HO-000001-postings.csv" in screen.waiting.desk.question
    assert count(workspace, "SELECT count(*) FROM handover") == 0
    screen.waiting.desk.confirm_button.click()
    assert "is handed over" in screen.waiting.desk.answer
    assert (workspace.outbox / "erp" / "HO-000001-postings.csv").is_file()
    assert screen.waiting.table.frame.is_empty()
    assert screen.handed_over.table.frame["state"].to_list() == ["handed_over"]
    screen.proof().require()
    screen.waiting.hand_over_button.click()
    assert "Nothing waits" in screen.waiting.desk.answer
    assert verify(workspace).holds


def test_what_changed_since_the_preview_goes_nowhere(workspace: Workspace) -> None:
    screen = opened(workspace)
    screen.waiting.layout.value = "plain_csv"
    screen.waiting.hand_over_button.click()
    with workspace.transaction("meanwhile"):
        pass
    screen.waiting.desk.confirm_button.click()
    assert "Nothing was done" in screen.waiting.desk.answer
    assert count(workspace, "SELECT count(*) FROM handover") == 0


def test_a_layout_that_cannot_hold_the_vouchers_says_so(workspace: Workspace) -> None:
    screen = opened(workspace)
    screen.waiting.layout.value = "sie_4"  # kronor only, and these are Danish ones
    screen.waiting.hand_over_button.click()
    assert count(workspace, "SELECT count(*) FROM handover") == 0
    assert screen.waiting.desk.question == "" or "wait on" in screen.waiting.desk.question


def test_a_person_says_what_was_booked_and_takes_it_back(workspace: Workspace) -> None:
    screen = opened(workspace)
    hand_over(screen)
    part = screen.handed_over
    part.booked_button.click()
    assert "Choose one delivery" in part.desk.answer
    part.table.choose([0])
    assert part.one.layout.display == ""
    vouchers = part.vouchers.frame.height
    assert vouchers > 1
    part.vouchers.choose([0])
    part.reason.value = "Seen in the ERP"
    part.booked_button.click()
    assert "1 voucher" in part.desk.question
    part.desk.confirm_button.click()
    assert part.table.frame["state"].to_list() == ["partly_booked"]
    part.table.choose([0])
    part.vouchers.choose([])
    part.reason.value = "All of it now"
    part.booked_button.click()
    part.desk.confirm_button.click()
    assert part.table.frame["state"].to_list() == ["booked"]
    part.table.choose([0])
    part.reason.value = "No, it was the test system"
    part.not_booked_button.click()
    part.desk.confirm_button.click()
    assert part.table.frame["state"].to_list() == ["handed_over"]
    screen.proof().require()


def test_the_same_bytes_again(workspace: Workspace) -> None:
    screen = opened(workspace)
    hand_over(screen)
    path = workspace.outbox / "erp" / "HO-000001-postings.csv"
    before = path.read_bytes()
    path.unlink()
    screen.handed_over.table.choose([0])
    screen.handed_over.again_button.click()
    assert "same bytes" in screen.handed_over.desk.answer
    assert path.read_bytes() == before


def test_a_receipt_is_brought_shown_and_read(workspace: Workspace) -> None:
    screen = opened(workspace)
    hand_over(screen)
    part = screen.handed_over
    content = b"delivery;voucher;status;erp_document;reason\nHO-000001;;booked;;\n"
    part.receipts.upload.value = (
        {"name": "../erp receipt.csv", "content": memoryview(content), "size": len(content),
         "type": "text/csv", "last_modified": dt.datetime(2026, 12, 2, tzinfo=dt.UTC)},
    )  # fmt: skip
    assert part.receipts.file.value == "erp receipt.csv"
    assert (workspace.inbox / "erp" / "erp receipt.csv").read_bytes() == content
    part.receipt_button.click()
    assert "1 delivery or voucher is booked" in part.desk.question
    assert part.table.frame["state"].to_list() == ["handed_over"]
    part.desk.confirm_button.click()
    assert part.table.frame["state"].to_list() == ["booked"]
    part.receipt_button.click()
    assert "read before" in part.desk.answer


def test_a_receipt_with_faults_changes_nothing(workspace: Workspace) -> None:
    screen = opened(workspace)
    hand_over(screen)
    (workspace.inbox / "erp").mkdir(exist_ok=True)
    bad = "delivery;voucher;status\nHO-000009;;booked\n"
    (workspace.inbox / "erp" / "bad.csv").write_text(bad, encoding="utf-8")
    screen.refresh()
    part = screen.handed_over
    part.receipt_button.click()
    assert "HO-000009" in part.desk.question
    part.desk.confirm_button.click()
    assert "Nothing was changed" in part.desk.answer
    assert part.table.frame["state"].to_list() == ["handed_over"]
