"""Refunds: never more than there is, out once, and no account in the open."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover import refunds
from workbench.reports.hand_over import export_again
from workbench.store.transaction import StaleViewError

DAY = dt.date(2026, 11, 3)


def left(books: Any, entry_id: int) -> int:
    with books.workspace.read() as reader:
        return refunds.available_minor(reader, entry_id)


def test_never_more_than_remains(books: Any) -> None:
    invoice = books.invoice(300, document="F1")
    entry, _ = books.payment(1_000, {invoice: 300})
    refunds.ask(books.workspace, entry_id=entry, amount_minor=500, reason="Paid twice")
    assert left(books, entry) == 200
    with pytest.raises(refunds.RefundTooLargeError, match="201 > 200"):
        refunds.ask(books.workspace, entry_id=entry, amount_minor=201, reason="More")
    with pytest.raises(refunds.RefundTooLargeError):
        refunds.ask(books.workspace, entry_id=invoice, amount_minor=1, reason="No credit")
    for amount in (0, -5):
        with pytest.raises(refunds.RefundTooLargeError):
            refunds.ask(books.workspace, entry_id=entry, amount_minor=amount, reason="Odd")
    with pytest.raises(refunds.UnknownRefundError):
        refunds.ask(books.workspace, entry_id=1, amount_minor=1, reason="Nobody")
    with pytest.raises(refunds.NoReasonError):
        refunds.ask(books.workspace, entry_id=entry, amount_minor=1, reason=" ")
    assert books.rows("SELECT sum(amount_minor) FROM refund") == [(500,)]


def test_what_changed_since_it_was_shown_is_refused(books: Any) -> None:
    entry, _ = books.payment(1_000, {})
    with books.workspace.read() as reader:
        seen = reader.seq
    refunds.ask(books.workspace, entry_id=entry, amount_minor=100, reason="One")
    with pytest.raises(StaleViewError):
        refunds.ask(
            books.workspace, entry_id=entry, amount_minor=100, reason="Two", as_seen=seen
        )


def test_it_goes_out_with_the_next_delivery_and_only_then(books: Any) -> None:
    entry, document = books.payment(1_000, {})
    gone = refunds.ask(books.workspace, entry_id=entry, amount_minor=400, reason="Moved out")
    back = refunds.ask(books.workspace, entry_id=entry, amount_minor=100, reason="A slip")
    refunds.withdraw(books.workspace, back, reason="Not after all")
    done = books.export()
    (row,) = books.lines(done, "refunds")
    assert (row["customer_no"], row["document_no"], row["amount"], row["reason"]) == (
        "1001", document, "4,00", "Moved out",
    )  # fmt: skip
    assert row["masked_bank_account"] == "**********3456"
    assert "99990000123456" not in str(row)
    for refund in (gone, back):
        with pytest.raises(refunds.RefundGoneError):
            refunds.withdraw(books.workspace, refund, reason="Too late")
    with pytest.raises(refunds.UnknownRefundError):
        refunds.withdraw(books.workspace, 9, reason="Which?")
    assert books.export().nothing
    with books.workspace.read() as reader:
        states = refunds.refunds(reader)["state"].to_list()
    assert states == ["handed_over", "withdrawn"]


def test_a_layout_may_ask_for_the_account_and_the_log_says_so(books: Any) -> None:
    entry, _ = books.payment(1_000, {})
    refunds.ask(books.workspace, entry_id=entry, amount_minor=400, reason="Moved out")
    text = '[[refund]]\nheading = "Account"\nfield = "bank_account"\n[[refund]]\n'
    text += 'heading = "Amount"\nfield = "amount"\n'
    done = books.export(MappingText("open", text))
    assert [row["Account"] for row in books.lines(done, "refunds")] == ["99990000123456"]
    (subject,) = books.rows("SELECT subject FROM audit_event WHERE step = 'hand_over'")
    assert '"bank_account"' in subject[0]
    with books.workspace.transaction("moved") as transaction:
        transaction.edit("person", 900, version=1, changes={"bank_account": "1"})
    export_again(books.workspace, str(done.number))


def test_what_the_erp_paid_frees_what_is_left(books: Any) -> None:
    entry, _ = books.payment(1_000, {})
    refunds.ask(books.workspace, entry_id=entry, amount_minor=600, reason="Half")
    books.export()
    assert left(books, entry) == 400
    paid = books.invoice(600, document="ERP")
    row = {"from_entry_id": entry, "to_entry_id": paid, "amount_minor": 600}
    with books.workspace.transaction("paid") as transaction:
        books._apply(transaction, row | {"kind": "settled_in_erp"}, DAY)
    assert left(books, entry) == 400
