"""Settlements taken back, as new rows, once each: both entries are open again.

With a settlement goes what rests on it: the penny difference that was posted away since, and
the voucher that moved the money. What the ERP settled is taken back by undoing its import.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger import voucher_mirror
from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.settlement.entries import SettlementError, settleable
from workbench.ledger.settlement.writing import append
from workbench.ledger.setup import DAILY_JOURNAL
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: What rests on a settlement: one row per thing, in words of `what`.
DEPENDS = pl.Schema(
    {
        "application_id": pl.Int64,
        "what": pl.String,  # handed_over, booked, voucher, penny, payment
        "name": pl.String,
        "amount_minor": pl.Int64,
        "currency": pl.String,
    }
)

#: Kinds of applications that can be taken back here.
_KINDS = frozenset({"payment", "credit_note", "penny", "write_off"})

_WANTED = """
SELECT a.*, EXISTS (SELECT 1 FROM application AS r
                    WHERE r.reverses_application_id = a.application_id) AS taken_back
FROM json_each(?) AS wanted JOIN application AS a ON a.application_id = wanted.value
"""
_PENNIES = """
SELECT DISTINCT p.*, a.application_id AS of_application_id
FROM json_each(?1) AS wanted JOIN application AS a ON a.application_id = wanted.value
JOIN application AS p ON p.from_entry_id IN (a.from_entry_id, a.to_entry_id)
    OR p.to_entry_id IN (a.from_entry_id, a.to_entry_id)
WHERE p.kind = 'penny' AND p.recorded >= a.recorded
  AND p.application_id NOT IN (SELECT value FROM json_each(?1))
  AND NOT EXISTS (SELECT 1 FROM application AS r
                  WHERE r.reverses_application_id = p.application_id)
ORDER BY p.application_id
"""
_DEPENDS = """
SELECT a.application_id, x.state, h.document_no, a.amount_minor, a.currency
FROM json_each(?1) AS wanted JOIN application AS a ON a.application_id = wanted.value
JOIN application_exchange AS x USING (application_id) JOIN handover AS h USING (handover_id)
UNION ALL
SELECT a.application_id, 'voucher', v.document_no, a.amount_minor, a.currency
FROM json_each(?1) AS wanted JOIN application AS a ON a.application_id = wanted.value
JOIN voucher AS v USING (voucher_id) JOIN journal AS j USING (journal) WHERE j.type = 'daily'
UNION ALL
SELECT a.application_id, 'payment', e.document_no, a.amount_minor, a.currency
FROM json_each(?1) AS wanted JOIN application AS a ON a.application_id = wanted.value
JOIN entry AS e ON e.entry_id = a.from_entry_id AND e.payment_line_id IS NOT NULL
ORDER BY 1, 2, 3
"""


class NotASettlementError(SettlementError):
    """No application of a kind that can be taken back here."""


class TakenBackBeforeError(SettlementError):
    """The settlement was taken back already."""


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What taking back did.

    Attributes:
        taken_back: The applications that were taken back, pennies that rested on them last.
        posting_date: The day that counts.
        rolled: Set when that is not the day that was asked for.
        documents: The vouchers that take vouchers back.
    """

    taken_back: tuple[int, ...]
    posting_date: dt.date
    rolled: Rolled | None
    documents: tuple[str, ...]


def depends(reader: Reader, application_ids: Sequence[int]) -> pl.DataFrame:
    """What rests on settlements, for a person to see first; rows of `DEPENDS`."""
    wanted = json.dumps(list(application_ids))
    pennies = [
        {
            "application_id": row["of_application_id"],
            "what": "penny",
            "name": _document(reader, row["voucher_id"]),
            "amount_minor": row["amount_minor"],
            "currency": row["currency"],
        }
        for row in reader.records(_PENNIES, [wanted])
    ]
    found = reader.frame(_DEPENDS, [wanted], schema=DEPENDS)
    return pl.concat([found, pl.DataFrame(pennies, schema=DEPENDS)]).sort(
        "application_id", maintain_order=True
    )


def unsettle(
    workspace: Workspace,
    application_ids: Sequence[int],
    *,
    reason: str,
    as_of: dt.date,
    run_id: int | None = None,
) -> Unsettled:
    """Take settlements back, all of them or none.

    Args:
        workspace: The company.
        application_ids: The settlements.
        reason: Why; kept in the audit log.
        as_of: The day that is today; rolled forward into an open period, visibly.
        run_id: The run that this is part of.

    Raises:
        SettlementError: One of its kinds; nothing was changed.
        NoOpenPeriodError: No period is open from that day on.
    """
    if not reason.strip():
        raise NotASettlementError("say why the settlement is taken back")
    with workspace.transaction(
        "unsettle", run_id=run_id, role="post", applications=len(application_ids),
        reason=reason,
    ) as transaction:  # fmt: skip
        rows = _wanted(transaction, application_ids)
        touched = settleable(
            transaction,
            [row[side] for row in rows for side in ("from_entry_id", "to_entry_id")],
        )
        asked = max([as_of, *(entry.moved_on for entry in touched.values())])
        day = open_posting_date(transaction, asked, journal=DAILY_JOURNAL)
        pennies = transaction.records(_PENNIES, [json.dumps(_ids(rows))])
        every = [*rows, *({p["application_id"]: p for p in pennies}).values()]
        mirrored = voucher_mirror.mirror(transaction, _vouchers(every), posting_date=day)
        _take_back(transaction, every, voucher_of=mirrored.voucher_of, posting_date=day)
        transaction.note(taken_back=len(every), vouchers=len(mirrored.documents))
        rolled = Rolled(as_of, day) if day != as_of else None
        return Unsettled(tuple(_ids(every)), day, rolled, mirrored.documents)


def follow(
    transaction: Transaction,
    application_ids: Sequence[int],
    *,
    posting_date: dt.date,
    journal: str,
) -> tuple[str, ...]:
    """What must follow when a reversed payment takes back what it had settled.

    Pennies that rested on it are taken back, and so are their vouchers and those that moved
    money; the applications themselves are taken back by the caller.

    Returns:
        The document numbers of the vouchers that take vouchers back.
    """
    if not application_ids:
        return ()
    wanted = json.dumps(list(application_ids))
    rows = transaction.records(_WANTED, [wanted])
    found = transaction.records(_PENNIES, [wanted])
    pennies = list({row["application_id"]: row for row in found}.values())
    mirrored = voucher_mirror.mirror(
        transaction, _vouchers([*rows, *pennies]), posting_date=posting_date, journal=journal
    )
    _take_back(transaction, pennies, voucher_of=mirrored.voucher_of, posting_date=posting_date)
    return mirrored.documents


def _wanted(reader: Reader, application_ids: Sequence[int]) -> list[dict[str, Any]]:
    wanted = list(dict.fromkeys(application_ids))
    rows = reader.records(_WANTED, [json.dumps(wanted)])
    if not rows or len(rows) != len(wanted):
        missing = set(wanted) - set(_ids(rows))
        raise NotASettlementError(f"there is no settlement {sorted(missing)}")
    for row in rows:
        number = row["application_id"]
        if row["kind"] == "settled_in_erp":
            raise NotASettlementError(
                f"{number} was settled in the ERP: it is taken back by undoing its import"
            )
        if row["kind"] not in _KINDS or row["amount_minor"] < 0:
            raise NotASettlementError(f"{number} takes something back itself")
        if row["taken_back"]:
            raise TakenBackBeforeError(f"{number} was taken back before")
    return rows


def _take_back(
    transaction: Transaction,
    rows: Sequence[dict[str, Any]],
    *,
    voucher_of: dict[int, int],
    posting_date: dt.date,
) -> None:
    if not rows:
        return
    first = transaction.draw_ids(len(rows))
    same = ("from_entry_id", "to_entry_id", "currency", "payment_line_id")
    append(
        transaction,
        [
            {name: row[name] for name in same}
            | {
                "application_id": first + n,
                "amount_minor": -row["amount_minor"],
                "kind": "unapplied",
                "reverses_application_id": row["application_id"],
                "posting_date": posting_date,
                "voucher_id": voucher_of.get(row["voucher_id"]),
            }
            for n, row in enumerate(rows)
        ],
    )


def _ids(rows: Sequence[dict[str, Any]]) -> list[int]:
    return [row["application_id"] for row in rows]


def _vouchers(rows: Sequence[dict[str, Any]]) -> list[int]:
    return [row["voucher_id"] for row in rows if row["voucher_id"] is not None]


def _document(reader: Reader, voucher_id: int) -> str:
    return str(
        reader.value("SELECT document_no FROM voucher WHERE voucher_id = ?", [voucher_id])
    )
