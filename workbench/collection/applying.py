"""What payments settle, and what reversals open again: applications, never changed."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl

from workbench.collection.booking import Action, Booking
from workbench.ledger.open_entries import REMAINING
from workbench.ledger.periods import open_posting_date
from workbench.ledger.settlement import writing as settlement_writing
from workbench.ledger.settlement.allocation import Allocation, Part, allocate
from workbench.ledger.settlement.entries import settleable
from workbench.ledger.settlement.unsettling import follow
from workbench.ledger.setup import DAILY_JOURNAL, PAYMENT_JOURNAL
from workbench.store.transaction import Transaction

_PARTS = f"""
SELECT part.collection_line_id, part.entry_id, {REMAINING}
FROM collection_line_entry AS part JOIN entry AS e USING (entry_id)
WHERE part.collection_line_id IN (SELECT value FROM json_each(?))
ORDER BY part.collection_line_id, e.due_date, e.document_date, e.entry_id
"""  # noqa: S608  # our own text


def settle(transaction: Transaction, booked: Booking, actions: list[Action]) -> None:
    """Apply each payment to the entries of its collection, oldest claim first.

    An entry that was collected twice stands on two collections; what one payment settles of
    it, the next one finds settled.
    """
    lines = [a.line["collection_line_id"] for a in actions if a.line["collection_line_id"]]
    parts: dict[int, list[Part]] = {}
    entries: dict[int, Part] = {}
    for line_id, entry_id, remaining in transaction.rows(_PARTS, [json.dumps(lines)]):
        entry = entries.setdefault(entry_id, Part(entry_id, remaining))
        parts.setdefault(line_id, []).append(entry)
    rows = []
    parted: list[tuple[Action, list[Allocation]]] = []
    for action in actions:
        line = action.line
        mine = parts.get(line["collection_line_id"], [])
        credit_notes = [part for part in mine if part.remaining_minor < 0]
        payment = Part(booked.entry_of[line["payment_line_id"]], -line["applied"])
        settled = list(allocate([*credit_notes, payment], mine))
        for a in settled:
            entries[a.to_entry_id].remaining_minor -= a.amount_minor
            if a.from_entry_id != payment.entry_id:
                entries[a.from_entry_id].remaining_minor += a.amount_minor
        if booked.sides[line["payment_line_id"]].parted:
            parted.append((action, settled))
            continue
        rows += [
            _application(
                booked, action,
                from_entry=a.from_entry_id, to_entry=a.to_entry_id, amount=a.amount_minor,
                kind="payment" if a.from_entry_id == payment.entry_id else "credit_note",
            )
            for a in settled
        ]  # fmt: skip
    _append_applications(transaction, rows)
    _settle_parted(transaction, booked, parted)


def _settle_parted(
    transaction: Transaction, booked: Booking, parted: list[tuple[Action, list[Allocation]]]
) -> None:
    """Apply payments whose claims lie on several accounts; a voucher moves the money there."""
    for action, settled in parted:
        if not settled:
            continue
        found = settleable(
            transaction, [n for a in settled for n in (a.from_entry_id, a.to_entry_id)]
        )
        for entry in found.values():  # what a reversal of the payment takes back
            entry.payment_line_id = action.line["payment_line_id"]
        day = open_posting_date(transaction, booked.dates[action.lump], journal=DAILY_JOURNAL)
        settlement_writing.write(
            transaction,
            [
                settlement_writing.Application(
                    found[a.from_entry_id], found[a.to_entry_id], a.amount_minor
                )
                for a in settled
            ],
            posting_date=day,
        )


_APPLIED = """
SELECT a.application_id, a.payment_line_id, a.from_entry_id, a.to_entry_id, a.amount_minor
FROM application AS a
WHERE a.payment_line_id IN (SELECT value FROM json_each(?)) AND a.amount_minor > 0
  AND NOT EXISTS (SELECT 1 FROM application AS r
                  WHERE r.reverses_application_id = a.application_id)
ORDER BY a.application_id
"""


def reopen(transaction: Transaction, booked: Booking, actions: list[Action]) -> None:
    """Take back what the payments settled; payment and reversal settle each other."""
    payments = [a.line["reverses"] for a in actions]
    applied: dict[int, list[tuple[int, ...]]] = {}
    for row in transaction.rows(_APPLIED, [json.dumps(payments)]):
        applied.setdefault(row[1], []).append(row)
    entries = dict(
        transaction.rows(
            "SELECT payment_line_id, max(entry_id) FROM entry WHERE payment_line_id IN "
            "(SELECT value FROM json_each(?)) GROUP BY payment_line_id",
            [json.dumps(payments)],
        )
    )
    rows = []
    for action in actions:
        mine = applied.get(action.line["reverses"], [])
        for application_id, _, from_entry, to_entry, amount in mine:
            mirror = _application(
                booked, action, from_entry=from_entry, to_entry=to_entry, amount=-amount,
                kind="reversal",
            )  # fmt: skip
            rows.append(mirror | {"reverses_application_id": application_id})
        rows.append(
            _application(
                booked, action,
                from_entry=entries[action.line["reverses"]],
                to_entry=booked.entry_of[action.line["payment_line_id"]],
                amount=-action.line["cash"],
                kind="reversal",
            )
        )  # fmt: skip
    _append_applications(transaction, rows)
    _follow(transaction, rows)


def _follow(transaction: Transaction, rows: list[dict[str, Any]]) -> None:
    """With what was settled by hand go its penny and the voucher that moved the money."""
    taken: dict[str, list[int]] = {}
    for row in rows:
        if row["reverses_application_id"] is not None:
            taken.setdefault(row["posting_date"], []).append(row["reverses_application_id"])
    for day, application_ids in taken.items():
        follow(
            transaction,
            application_ids,
            posting_date=dt.date.fromisoformat(day),
            journal=PAYMENT_JOURNAL,
        )


def _application(
    booked: Booking, action: Action, *, from_entry: int, to_entry: int, amount: int, kind: str
) -> dict[str, Any]:
    return {
        "from_entry_id": from_entry,
        "to_entry_id": to_entry,
        "amount_minor": amount,
        "currency": action.line["currency"],
        "kind": kind,
        "reverses_application_id": None,
        "posting_date": booked.dates[action.lump].isoformat(),
        "voucher_id": booked.voucher_of[action.lump],
        "payment_line_id": action.line["payment_line_id"],
        "run_id": booked.transaction.step.run_id,
        "actor": booked.transaction.step.actor,
    }


def _append_applications(transaction: Transaction, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    first = transaction.draw_ids(len(rows))
    texts = {"currency", "kind", "posting_date", "actor"}
    schema = {name: pl.String if name in texts else pl.Int64 for name in rows[0]}
    frame = pl.DataFrame(rows, schema=schema).with_columns(
        pl.int_range(first, first + len(rows), dtype=pl.Int64).alias("application_id")
    )
    transaction.append("application", frame)
