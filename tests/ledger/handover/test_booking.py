"""What the ERP booked: said by a person or a receipt, and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.ledger.handover.booking import (
    NoReasonError,
    NotInDeliveryError,
    deliveries,
    mark_booked,
    read_receipt,
    unmark,
    vouchers_of,
)
from workbench.ledger.handover.marks import MARKS, mark
from workbench.store import audit


def standing(books: Any) -> list[tuple[Any, ...]]:
    with books.workspace.read() as reader:
        rows = deliveries(reader, as_of=books.workspace.clock().date())
    return rows.select("document_no", "state", "booked", "things").rows()


@pytest.fixture
def handed(books: Any) -> Any:
    """Two vouchers in one delivery, and a settlement outside of them."""
    invoice = books.invoice(10_000, document="F1")
    books.numbers = []
    for amount in (500, 700):
        payment, document = books.payment(amount, {})
        books.numbers.append(document)
    books.settle(payment, invoice, 700)
    books.export()
    return books


def put(books: Any, text: str, name: str = "receipt.csv") -> Path:
    path = Path(books.workspace.folder) / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_person_says_so_and_takes_it_back(handed: Any) -> None:
    assert standing(handed) == [("HO-000001", "handed_over", 0, 5)]
    mark_booked(handed.workspace, "HO-000001", vouchers=[handed.numbers[0]], reason="Seen")
    assert standing(handed) == [("HO-000001", "partly_booked", 2, 5)]
    mark_booked(handed.workspace, "HO-000001", reason="All seen")
    assert standing(handed) == [("HO-000001", "booked", 5, 5)]
    unmark(handed.workspace, "HO-000001", vouchers=[handed.numbers[1]], reason="Deleted there")
    assert standing(handed) == [("HO-000001", "partly_booked", 3, 5)]
    with handed.workspace.read() as reader:
        rows = vouchers_of(reader, "HO-000001")
        assert audit.check(reader).holds
    assert rows.select("document_no", "state", "how").rows() == [
        (handed.numbers[0], "booked", "person"),
        (handed.numbers[1], "handed_over", "undo"),
    ]


def test_a_payment_whose_settlements_show_in_the_erp_is_booked_there(books: Any) -> None:
    first, second = (books.invoice(300, document=number) for number in ("F1", "F2"))
    payment, document = books.payment(600, {first: 300, second: 300})
    books.export()
    settlements = [
        row for (row,) in books.rows("SELECT application_id FROM application ORDER BY 1")
    ]
    (handover_id,) = books.rows("SELECT handover_id FROM handover")[0]

    def seen(*applications: int, booked: bool = True) -> None:
        rows = [(handover_id, None, application) for application in applications]
        things = pl.DataFrame(rows, schema=MARKS, orient="row")
        with books.workspace.transaction("seen") as transaction:
            mark(transaction, things, how="amount", booked=booked)

    assert standing(books) == [("HO-000001", "handed_over", 0, 2)]
    seen(settlements[0])
    assert standing(books) == [("HO-000001", "handed_over", 0, 2)], "one of two is not enough"
    seen(settlements[1])
    assert standing(books) == [("HO-000001", "booked", 2, 2)]
    unmark(books.workspace, "HO-000001", vouchers=[document], reason="Deleted there")
    assert standing(books) == [("HO-000001", "handed_over", 0, 2)], "the last word counts"
    assert payment


def test_only_what_is_in_a_delivery_can_be_booked(handed: Any) -> None:
    with pytest.raises(NotInDeliveryError, match="HO-000007"):
        mark_booked(handed.workspace, "HO-000007", reason="x")
    with pytest.raises(NotInDeliveryError, match="PAY-999999"):
        mark_booked(handed.workspace, "HO-000001", vouchers=["PAY-999999"], reason="x")
    with pytest.raises(NoReasonError):
        mark_booked(handed.workspace, "HO-000001", reason=" ")
    assert handed.rows("SELECT count(*) FROM handover_mark") == [(0,)]


def test_a_receipt_books_and_refuses(handed: Any) -> None:
    one, two = handed.numbers
    text = (
        "delivery;voucher;status;erp_document;reason\n"
        f"HO-000001;{one};booked;G-77;\n"
        f";{two};Refused;;Account 5830 is blocked\n"
    )
    path = put(handed, text)
    assert read_receipt(handed.workspace, path, dry_run=True).outcome == "dry_run"
    result = read_receipt(handed.workspace, path)
    assert (result.outcome, result.booked, result.refused) == ("accepted", 1, (two,))
    assert standing(handed) == [("HO-000001", "partly_booked", 2, 5)]
    with handed.workspace.read() as reader:
        rows = vouchers_of(reader, "HO-000001")
    assert rows["reason"].to_list() == ["G-77", "Account 5830 is blocked"]
    assert read_receipt(handed.workspace, path).outcome == "read_before"
    assert handed.rows("SELECT count(*) FROM handover_mark") == [(2,)]


def test_a_word_on_a_voucher_counts_more_than_one_on_all(handed: Any) -> None:
    text = (
        f"delivery,voucher,status\nHO-000001,{handed.numbers[0]},refused\nHO-000001,,booked\n"
    )
    read_receipt(handed.workspace, put(handed, text))
    assert standing(handed) == [("HO-000001", "partly_booked", 3, 5)]


FAULTS = {
    "delivery;voucher\n": ("handover_receipt_heading", 1),
    "delivery;voucher;status\nHO-000001;;done\n": ("handover_receipt_status", 2),
    "delivery;voucher;status\n\nHO-000009;;booked\n": ("handover_receipt_unknown", 3),
    "delivery;voucher;status\n;PAY-9;booked\n": ("handover_receipt_unknown", 2),
    "delivery;voucher;status\nHO-000001;booked\n": ("handover_receipt_row", 2),
    'delivery;voucher;status\nHO-000001;;"booked"x\n': ("handover_receipt_row", 2),
    "delivery;voucher;status\nHO-000001;;booked\nHO-000001;;refused\n": (
        "handover_receipt_disagrees", 3,
    ),
}  # fmt: skip


@pytest.mark.parametrize("text", FAULTS)
def test_each_fault_of_a_receipt_is_located_and_nothing_is_booked(
    handed: Any, text: str
) -> None:
    result = read_receipt(handed.workspace, put(handed, text))
    assert result.outcome == "refused"
    assert [(problem.code, problem.line) for problem in result.problems] == [FAULTS[text]]
    assert result.problems[0].message()
    assert handed.rows("SELECT count(*) FROM handover_mark") == [(0,)]


def test_a_receipt_in_another_encoding(handed: Any) -> None:
    path = put(handed, "")
    path.write_bytes("delivery;voucher;status\nHO-000001;;bøoked\n".encode("cp1252"))
    result = read_receipt(handed.workspace, path)
    assert [(p.code, p.line) for p in result.problems] == [("handover_receipt_encoding", 2)]
