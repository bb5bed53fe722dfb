"""What waits today: for a person, for a mark, or to leave the house."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbench.collection.overview import waiting_files
from workbench.store.connection import Reader

#: A pile of equal work: how many, and how much money.
PILES = pl.Schema(
    {"key": pl.String, "count": pl.Int64, "amount_minor": pl.Int64, "currency": pl.String}
)

_BY_STATUS = """
SELECT status, count(*), sum(amount_minor), currency FROM collection_line
WHERE delivery_id IS NULL AND status <> 'stopped' GROUP BY 1, 4 ORDER BY 1, 4
"""
_HELD = """
SELECT o.class, count(*), sum(o.residual_minor), ifnull(p.currency, '')
FROM current_outcome AS o JOIN payment_line AS p USING (payment_line_id)
WHERE o.outcome = 'held' GROUP BY 1, 4 ORDER BY 2 DESC, 1
"""
_MATCHED = """
SELECT CASE WHEN allowed THEN 'to_post' ELSE 'to_allow' END, count(*), sum(cash), currency
FROM (
    SELECT p.amount_paid_minor AS cash, p.currency,
           ifnull((SELECT m.allowed FROM posting_permission AS m
                   WHERE m.payment_line_id = p.payment_line_id
                   ORDER BY m.permission_id DESC LIMIT 1), 0) AS allowed
    FROM payment_line AS p JOIN current_outcome AS o USING (payment_line_id)
    WHERE o.outcome = 'matched' AND p.amount_paid_minor <> 0
      AND NOT EXISTS (SELECT 1 FROM line_posting AS x
                      WHERE x.payment_line_id = p.payment_line_id
                        AND x.kind IN ('payment', 'release', 'on_account', 'reversal'))
)
GROUP BY 1, 4 ORDER BY 1, 4
"""
_UNKNOWN = "SELECT delivery_no FROM delivery WHERE state = 'unknown' ORDER BY delivery_id"

_READY = """
SELECT count(*), ifnull(sum(amount_minor), 0), count(DISTINCT customer_id),
       min(due_date), max(due_date)
FROM collection_line
WHERE creditor_no IN (SELECT creditor_no FROM creditor WHERE system = :system)
  AND status = (SELECT CASE WHEN signing THEN 'signed' ELSE 'approved' END
                FROM collection_system WHERE system = :system)
  AND delivery_id IS NULL
"""


@dataclass(frozen=True, slots=True)
class Worklist:
    """Everything that waits, at one moment.

    Attributes:
        unsent: `PILES` of collection lines that did not leave the house, by status.
        held: `PILES` of held payment lines, by class.
        matched: `PILES` of matched money that is not posted: `to_allow` and `to_post`.
        files: Names of files that wait for a person or were refused.
        unknown_deliveries: Numbers of deliveries of which nobody knows whether they left.
    """

    unsent: pl.DataFrame
    held: pl.DataFrame
    matched: pl.DataFrame
    files: tuple[str, ...]
    unknown_deliveries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """What would leave the house now: lines, their sum, customers and due dates."""

    lines: int
    amount_minor: int
    customers: int
    due_from: str | None
    due_to: str | None


def worklist(reader: Reader) -> Worklist:
    """What waits, found anew from the store."""
    return Worklist(
        unsent=reader.frame(_BY_STATUS, schema=PILES),
        held=reader.frame(_HELD, schema=PILES),
        matched=reader.frame(_MATCHED, schema=PILES),
        files=tuple(waiting_files(reader)["name"]),
        unknown_deliveries=tuple(number for (number,) in reader.rows(_UNKNOWN)),
    )


def ready(reader: Reader, *, system: str) -> Ready:
    """The lines of a system that are approved, and signed where it asks for that."""
    return Ready(*reader.rows(_READY, {"system": system})[0])
