"""How the practice ERP books a hand-over: voucher by voucher, some of them late."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl

from workbench.practice.draws import below
from workbench.practice.erp_books import CELLS, Event, State
from workbench.references import betalingsservice_customer

Row = dict[str, str]

_THOUSAND = 1_000


@dataclass(frozen=True, slots=True)
class Handover:
    """The rows of a hand-over's files that concern vouchers, by the name of the delivery."""

    delivery: str
    postings: list[Row]
    settlements: list[Row]

    @property
    def vouchers(self) -> list[str]:
        """Its vouchers, in the order of their lines."""
        return list(dict.fromkeys(row["document_no"] for row in self.postings))


def handovers(files: list[tuple[str, bytes]]) -> list[Handover]:
    """The hand-overs that files hold, told apart by the delivery numbers in their rows.

    Args:
        files: Name and bytes; `…-postings.csv` and `…-settlements.csv` are read.
    """
    found: dict[str, Handover] = {}
    for name, content in files:
        role = name.rsplit("-", 1)[-1].removesuffix(".csv")
        if role not in {"postings", "settlements"}:
            continue
        for row in _rows(content):
            delivery = row["delivery_no"]
            handover = found.setdefault(delivery, Handover(delivery, [], []))
            (handover.postings if role == "postings" else handover.settlements).append(row)
    return list(found.values())


def is_late(handover: Handover, *, seed: int, thousandths: int) -> set[str]:
    """The vouchers of a hand-over that are not booked with it, chosen by lot."""
    keys = pl.Series([f"{handover.delivery}/{voucher}" for voucher in handover.vouchers])
    if not len(keys):
        return set()
    drawn = below(_THOUSAND, keys, seed=seed, about="late")
    return {
        voucher
        for voucher, lot in zip(handover.vouchers, drawn, strict=True)
        if lot < thousandths
    }


def book(state: State, handover: Handover, vouchers: set[str], *, on: date) -> Iterator[Event]:
    """Book vouchers of a hand-over; every event is counted in the state as it is told."""
    for row in handover.postings:
        if row["document_no"] in vouchers and row["account_type"] == "customer":
            yield from _taken(state, _line(state, row, on=on))
    for row in handover.settlements:
        if row["document_no"] in vouchers or not row["document_no"]:
            yield from _taken(state, _instruction(state, row, on=on))
    for voucher in handover.vouchers:
        if voucher in vouchers:
            event: Event = {
                "event": "voucher", "delivery": handover.delivery, "voucher": voucher,
                "state": "booked", "on": on.isoformat(),
            }  # fmt: skip
            state.take(event)
            yield event


def _taken(state: State, events: Iterator[Event]) -> Iterator[Event]:
    for event in events:
        state.take(event)
        yield event


def _line(state: State, row: Row, *, on: date) -> Iterator[Event]:
    """A posting to a customer: an entry of the ERP's, applied to what it names."""
    amount = minor(row["amount"])
    no = str(state.last_no + 1)
    cells = dict.fromkeys(CELLS, "") | {
        "Løbenr": no,
        "Kundenr": row["customer_no"],
        "Type": "Andet",
        "Bilagsnr": row["document_no"],
        "Tekst": row["text"],
        "Bilagsdato": danish_day(row["posting_date"]),
        "Forfaldsdato": danish_day(row["posting_date"]),
        "Beløb": danish(amount),
        "Valuta": row["currency"],
    }
    yield {"event": "entry", **cells, "amount_minor": amount, "by": "delivery",
           "on": on.isoformat()}  # fmt: skip
    if not row["applied_document_no"]:
        return
    customer = betalingsservice_customer.compact(row["customer_no"])
    target = _target(
        state, customer, row["applied_erp_entry_no"], row["applied_document_no"], but=no
    )
    if target is not None:
        yield from _applied(state, no, target, amount, on=on)


def _instruction(state: State, row: Row, *, on: date) -> Iterator[Event]:
    """A settlement between two entries that are there, or one that is taken back."""
    amount = minor(row["amount"])
    customer = betalingsservice_customer.compact(row["customer_no"])
    source = _target(state, customer, row["from_erp_entry_no"], row["from_document_no"])
    target = _target(state, customer, row["to_erp_entry_no"], row["to_document_no"])
    if source is None or target is None:
        return
    if row["instruction"] == "settle":
        yield from _applied(state, source, target, -amount, on=on)
    else:
        yield from _moved(source, target, abs(amount), on=on)


def _target(
    state: State, customer_no: str, erp_entry_no: str, document_no: str, *, but: str = ""
) -> str | None:
    if erp_entry_no in state.entries:
        return erp_entry_no
    named = [entry.no for entry in state.named(customer_no, document_no) if entry.no != but]
    return named[0] if named else None


def _applied(
    state: State, source: str, target: str, amount: int, *, on: date
) -> Iterator[Event]:
    """`amount` of the source, in ledger view, meets as much of the target as is open there."""
    open_there = state.entries[target].remaining_minor
    met = min(abs(amount), abs(open_there)) if amount * open_there < 0 else 0
    if met:
        yield from _moved(source, target, met if amount > 0 else -met, on=on)


def _moved(source: str, target: str, amount: int, *, on: date) -> Iterator[Event]:
    """So much leaves one entry and reaches the other."""
    for no, part in ((source, amount), (target, -amount)):
        yield {"event": "apply", "no": no, "amount_minor": part, "why": "booked",
               "on": on.isoformat()}  # fmt: skip


def _rows(content: bytes) -> list[Row]:
    text = content.decode("utf-8-sig")
    return [
        {name: value.removeprefix("'") for name, value in row.items()}
        for row in csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    ]


def minor(text: str) -> int:
    """Minor units of a Danish amount: `-1.234,56`."""
    return int(Decimal(text.replace(".", "").replace(",", ".")).scaleb(2))


def danish(amount_minor: int) -> str:
    """A Danish amount: `-1.234,56`."""
    return f"{Decimal(amount_minor).scaleb(-2):,.2f}".translate({44: ".", 46: ","})


def danish_day(text: str) -> str:
    """A Danish date of an ISO one: `31-10-2026`."""
    return f"{date.fromisoformat(text):%d-%m-%Y}"
