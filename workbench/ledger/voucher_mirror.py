"""Vouchers of the daily journal taken back: the same postings with the other sign.

An entry that such a voucher made is not changed: its mirror makes the opposite entry, and the
two settle each other.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.posting import (
    CARRIED,
    POSTINGS,
    VOUCHERS,
    add_postings,
    draw_vouchers,
)
from workbench.ledger.settlement.writing import append
from workbench.ledger.setup import DAILY_JOURNAL
from workbench.store.transaction import Transaction

_DAILY = """
SELECT v.voucher_id, v.document_no FROM json_each(?) AS wanted
JOIN voucher AS v ON v.voucher_id = wanted.value JOIN journal AS j USING (journal)
WHERE j.type = 'daily' ORDER BY v.voucher_id
"""
_ENTRIES = """
SELECT e.entry_id, e.customer_id, e.document_no, e.amount_minor, e.currency, e.profile,
       e.voucher_id
FROM json_each(?) AS wanted JOIN posting AS p ON p.voucher_id = wanted.value
JOIN entry AS e ON e.entry_id = p.entry_id AND e.voucher_id = p.voucher_id
ORDER BY e.entry_id
"""
_MIRRORED = """
SELECT p.posting_id AS reverses_posting_id, p.voucher_id, p.purpose, p.profile,
       -p.amount_minor AS amount_minor, p.currency, p.text, p.customer_id, p.entry_id,
       p.payment_line_id, p.account_no, p.vat_code, p.dimensions,
       -p.base_amount_minor AS base_amount_minor, p.rate, p.rate_date
FROM json_each(?) AS wanted JOIN posting AS p ON p.voucher_id = wanted.value
ORDER BY p.voucher_id, p.number
"""
_SHAPE = pl.Schema({**POSTINGS, **CARRIED})


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The vouchers that take others back: by the one they take back, and their numbers."""

    voucher_of: dict[int, int]
    documents: tuple[str, ...]


def mirror(
    transaction: Transaction,
    voucher_ids: Iterable[int],
    *,
    posting_date: dt.date,
    journal: str = DAILY_JOURNAL,
) -> Mirrored:
    """Take back those of the vouchers that lie in a daily journal; others stay.

    Args:
        transaction: The step that this is part of.
        voucher_ids: Vouchers of settlements that are taken back.
        posting_date: In an open period of the journal.
        journal: Where the new vouchers lie.
    """
    wanted = json.dumps(list(dict.fromkeys(voucher_ids)))
    taken = dict(transaction.rows(_DAILY, [wanted]))
    if not taken:
        return Mirrored({}, ())
    first = transaction.draw_ids(len(taken))
    voucher_of = {voucher: first + n for n, voucher in enumerate(taken)}
    vouchers = pl.DataFrame(
        [
            {
                "voucher_id": voucher_of[voucher],
                "journal": journal,
                "posting_date": posting_date,
                "text": f"{document_no} taken back",
                "reverses_voucher_id": voucher,
            }
            for voucher, document_no in taken.items()
        ],
        schema=VOUCHERS,
    )
    documents = draw_vouchers(transaction, vouchers)
    listed = json.dumps(list(taken))
    entry_of = _oppose(
        transaction, listed, voucher_of=voucher_of, documents=documents, day=posting_date
    )
    rows = transaction.records(_MIRRORED, [listed])
    first = transaction.draw_ids(len(rows))
    postings = [
        row
        | {
            "posting_id": first + n,
            "voucher_id": voucher_of[row["voucher_id"]],
            "entry_id": entry_of.get(row["entry_id"], row["entry_id"]),
            "rate_date": row["rate_date"] and dt.date.fromisoformat(row["rate_date"]),
        }
        for n, row in enumerate(rows)
    ]
    add_postings(transaction, vouchers=vouchers, postings=pl.DataFrame(postings, schema=_SHAPE))
    return Mirrored(voucher_of, tuple(documents.values()))


def _oppose(
    transaction: Transaction,
    listed: str,
    *,
    voucher_of: Mapping[int, int],
    documents: Mapping[int, str],
    day: dt.date,
) -> dict[int, int]:
    """Add the opposite of each entry that the vouchers made; entry by the one it opposes."""
    made = transaction.records(_ENTRIES, [listed])
    if not made:
        return {}
    first = transaction.draw_ids(2 * len(made))
    opposite = {row["entry_id"]: first + 2 * n for n, row in enumerate(made)}
    entries = [
        _opposite(row, opposite[row["entry_id"]], voucher_of=voucher_of, documents=documents)
        | {"document_date": day, "due_date": day, "posting_date": day}
        for row in made
    ]
    transaction.append("entry", pl.DataFrame(entries))
    append(
        transaction,
        [
            _against_each_other(row, opposite[row["entry_id"]])
            | {"posting_date": day, "voucher_id": voucher_of[row["voucher_id"]]}
            for row in made
        ],
    )
    return opposite


def _opposite(
    row: Mapping[str, Any],
    entry_id: int,
    *,
    voucher_of: Mapping[int, int],
    documents: Mapping[int, str],
) -> dict[str, Any]:
    voucher_id = voucher_of[row["voucher_id"]]
    return {
        "entry_id": entry_id,
        "customer_id": row["customer_id"],
        "kind": "other",
        "document_no": documents[voucher_id],
        "text": f"{row['document_no']} taken back",
        "amount_minor": -row["amount_minor"],
        "currency": row["currency"],
        "profile": row["profile"],
        "voucher_id": voucher_id,
    }


def _against_each_other(row: Mapping[str, Any], opposite: int) -> dict[str, Any]:
    credit, claim = row["entry_id"], opposite
    if row["amount_minor"] > 0:
        credit, claim = claim, credit
    return {
        "application_id": opposite + 1,
        "from_entry_id": credit,
        "to_entry_id": claim,
        "amount_minor": abs(row["amount_minor"]),
        "currency": row["currency"],
        "kind": "reversal",
    }
