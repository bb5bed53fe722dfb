"""The files that the center sends: receipts, and payment information for each booking date.

A file is written beside its place, then recorded, then released. So after a stop at any
moment a recorded file is released as it was, and one that is not recorded was never seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.io import betalingsservice_0602, betalingsservice_receipt
from workbench.layout.betalingsservice_rows import conform
from workbench.layout.betalingsservice_writing import Envelope
from workbench.model.deliveries import Totals
from workbench.model.frames import TRANSACTIONS
from workbench.practice import json_lines
from workbench.practice.books import PLANNED, Books, Row, digest
from workbench.practice.receiving import VERDICTS
from workbench.transport import folder

_NOON = dt.time(12, 0)
_CHECKED = dt.time(12, 5)


@dataclass(frozen=True, slots=True)
class Group:
    """What goes into one delivery of payment information."""

    released_on: str
    supplier_no: str
    subsystem: str


def settle(books: Books, inbox: Path) -> list[Path]:
    """Release what was recorded and not yet released; nobody has seen the rest."""
    answers = [str(row["name"]) for row in books.answer_rows()]
    placed = books.marked("placed")
    open_names = [name for name in answers if name not in placed]
    if inbox.exists():
        folder.discard_unrecorded(inbox, known=set(open_names))
    for name in open_names:
        folder.settle(inbox, name)
        books.mark("placed", name)
    return [inbox / name for name in open_names]


def send_receipts(books: Books, inbox: Path) -> list[Path]:
    """The receipts that are still owed, in the order of the deliveries."""
    sent = {
        (str(row["kind"]), number)
        for row in books.answer_rows()
        for number in _numbers(row["deliveries"])
    }
    paths = []
    for row in books.delivery_rows():
        number = int(str(row["delivery"]))
        if ("received", number) not in sent:
            paths.append(_send_received(books, inbox, row))
        checked = VERDICTS[str(row["verdict"])].validated_code is not None
        if checked and ("validated", number) not in sent:
            paths.append(_send_validated(books, inbox, row))
    return paths


def send_payments(books: Books, inbox: Path, *, as_of: dt.date) -> list[Path]:
    """What is due by a date and was not told yet: one delivery for each booking date."""
    due = _due(books, as_of=as_of)
    rows = {_number(row): row for row in books.delivery_rows()}
    wanted = sorted({number for numbers in due.values() for number in numbers})
    plans = {number: books.lines_of(rows[number], books.planned, PLANNED) for number in wanted}
    return [
        _send_payments(books, inbox, group, numbers, plans, as_of=as_of)
        for group, numbers in due.items()
    ]


def told_days(books: Books) -> set[tuple[str, int]]:
    """Of which deliveries something was told, by booking date."""
    return {
        (str(row["released_on"]), number)
        for row in books.answer_rows()
        if row["kind"] == "payments"
        for number in _numbers(row["deliveries"])
    }


def tally(payments: pl.DataFrame, by: str) -> dict[str, dict[str, int]]:
    """Count, amount to collect and cash of payments, by the values of a column."""
    grouped = payments.group_by(by).agg(
        pl.len().cast(pl.Int64).alias("count"),
        pl.col("amount_minor").sum(),
        pl.col("amount_paid_minor").sum().alias("paid_minor"),
    )
    return {row.pop(by): row for row in grouped.sort(by).to_dicts()}


def _due(books: Books, *, as_of: dt.date) -> dict[Group, list[int]]:
    """The deliveries of which each group tells something, in the order of the days."""
    told = told_days(books)
    open_days: list[tuple[Group, int]] = []
    for row in books.delivery_rows():
        number = _number(row)
        for day in _days(row["releases"]):
            if day <= as_of.isoformat() and (day, number) not in told:
                group = Group(day, str(row["supplier_no"]), str(row["subsystem"]))
                open_days.append((group, number))
    due: dict[Group, list[int]] = {}
    ordered = sorted(open_days, key=lambda item: (item[0].released_on, item[1]))
    for group, number in ordered:
        due.setdefault(group, []).append(number)
    return due


def _send_payments(
    books: Books,
    inbox: Path,
    group: Group,
    numbers: list[int],
    plans: dict[int, pl.DataFrame],
    *,
    as_of: dt.date,
) -> Path:
    day = dt.date.fromisoformat(group.released_on)
    parts = [plans[number].filter(pl.col("released_on") == day) for number in numbers]
    order = ("section_kind", "creditor_no", "debtor_group")
    payments = pl.concat(parts).sort(order, maintain_order=True, nulls_last=True)
    delivery_id = books.next_number()
    envelope = Envelope(
        supplier_no=group.supplier_no,
        subsystem=group.subsystem,
        delivery_id=delivery_id,
        created=day,
    )
    transactions = conform(payments, TRANSACTIONS)
    written = betalingsservice_0602.write(transactions, envelope=envelope)
    row: Row = {
        "name": f"D{delivery_id}-602.{_suffix(group.subsystem)}",
        "sha256": digest(written.content),
        "as_of": as_of.isoformat(),
        "kind": "payments",
        "delivery_id": delivery_id,
        "deliveries": numbers,
        "released_on": group.released_on,
        "count": len(payments),
        "amount_paid_minor": int(payments["amount_paid_minor"].sum()),
        "kinds": tally(payments, "kind"),
        "truths": tally(payments, "truth"),
        "lumps": lumps(payments),
    }
    return _place(books, inbox, row, written.content)


def lumps(payments: pl.DataFrame) -> list[dict[str, object]]:
    """Cash by creditor, section and booking date: what the bank books in one sum."""
    key = ["creditor_no", "section_kind", "booking_date"]
    booked = payments.filter(pl.col("booking_date").is_not_null())
    sums = booked.group_by(key).agg(pl.col("amount_paid_minor").sum().alias("amount_minor"))
    text = pl.col("booking_date").dt.to_string()
    return sums.sort(key).with_columns(text.alias("booking_date")).to_dicts()


def _send_received(books: Books, inbox: Path, row: Row) -> Path:
    verdict = VERDICTS[str(row["verdict"])]
    sequence, own_id, subsystem = _header(books, row)
    content = betalingsservice_receipt.write_received(
        subsystem=subsystem,
        own_id=own_id,
        time=dt.datetime.combine(_as_of(row), _NOON),
        sequence=sequence,
        code=verdict.received_code,
        text=verdict.received_text,
    )
    answer = _receipt_row(row, "received", f"T{sequence:08d}-601.{_suffix(subsystem)}", content)
    return _place(books, inbox, answer, content)


def _send_validated(books: Books, inbox: Path, row: Row) -> Path:
    verdict = VERDICTS[str(row["verdict"])]
    assert verdict.validated_code is not None
    sequence, own_id, subsystem = _header(books, row)
    counted = ("sections", "count", "text_count", "amount_minor")
    content = betalingsservice_receipt.write_validated(
        subsystem=subsystem,
        own_id=own_id,
        time=dt.datetime.combine(_as_of(row), _CHECKED),
        assigned_id=str(row["assigned_id"]),
        supplier_no=str(row["supplier_no"]),
        records=int(str(row["records"])),
        totals=Totals(**{name: int(str(row[name] or 0)) for name in counted}),
        sequence=sequence,
        code=verdict.validated_code,
        text=verdict.validated_text,
    )
    answer = _receipt_row(
        row, "validated", f"V{sequence:08d}-601.{_suffix(subsystem)}", content
    )
    return _place(books, inbox, answer, content)


def _header(books: Books, row: Row) -> tuple[int, str, str]:
    """Running number of the receipt, own id of the delivery, subsystem."""
    receipts = [answer for answer in books.answer_rows() if answer["kind"] != "payments"]
    return len(receipts) + 1, str(row["delivery_id"])[-8:], str(row["subsystem"])


def _receipt_row(row: Row, kind: str, name: str, content: bytes) -> Row:
    return {
        "name": name,
        "sha256": digest(content),
        "as_of": row["as_of"],
        "kind": kind,
        "delivery_id": None,
        "deliveries": [row["delivery"]],
    }


def _place(books: Books, inbox: Path, row: Row, content: bytes) -> Path:
    name = str(row["name"])
    books.keep("sent", name, content)
    prepared = folder.prepare(inbox, name, content)
    json_lines.append_row(books.answers, row)
    folder.release(prepared)
    books.mark("placed", name)
    return prepared.destination


def _suffix(subsystem: str) -> str:
    """The end of a file's name; what a stranger wrote into a delivery never leads elsewhere."""
    return "".join(filter(str.isalnum, subsystem)) or "XXX"


def _number(row: Row) -> int:
    return int(str(row["delivery"]))


def _numbers(value: object) -> Iterator[int]:
    assert isinstance(value, list)
    return (int(number) for number in value)


def _days(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(day) for day in value]


def _as_of(row: Row) -> dt.date:
    return dt.date.fromisoformat(str(row["as_of"]))
