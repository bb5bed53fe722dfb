"""What is past its time: people, payments and files whose last business lies long back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from workbench.ledger.open_entries import REMAINING
from workbench.store.connection import Reader

#: A customer whose person may be forgotten.
PEOPLE = pl.Schema(
    {
        "person_id": pl.Int64,
        "customer_no": pl.String,
        "name": pl.String,
        "last_business": pl.Date,
    }
)
#: A file of the archive of which nothing later is known.
FILES = pl.Schema({"sha256": pl.String, "name": pl.String, "kept_on": pl.Date})

#: Every day on which something happened with a customer.
_BUSINESS = """
SELECT customer_id, max(document_date, due_date, posting_date) AS day FROM entry
UNION ALL
SELECT e.customer_id, a.posting_date FROM application AS a
JOIN entry AS e ON e.entry_id IN (a.from_entry_id, a.to_entry_id)
UNION ALL
SELECT a.customer_id, ifnull(a.valid_to, substr(v.at, 1, 10))
FROM agreement AS a LEFT JOIN audit_event AS v ON v.seq = a.recorded
UNION ALL
SELECT customer_id, due_date FROM collection_line
UNION ALL
SELECT o.customer_id, max(ifnull(p.payment_date, ''), ifnull(p.booking_date, ''))
FROM line_outcome AS o JOIN payment_line AS p USING (payment_line_id)
WHERE o.customer_id IS NOT NULL
UNION ALL
SELECT l.customer_id, max(ifnull(p.payment_date, ''), ifnull(p.booking_date, ''))
FROM line_outcome AS o JOIN payment_line AS p USING (payment_line_id)
JOIN collection_line AS l USING (collection_line_id)
UNION ALL
SELECT c.customer_id, substr(v.at, 1, 10)
FROM customer AS c LEFT JOIN audit_event AS v ON v.seq = c.recorded
"""

#: Customers with whom something is still open.
_BUSY = f"""
SELECT customer_id FROM agreement WHERE status <> 'cancelled'
UNION
SELECT e.customer_id FROM entry AS e WHERE {REMAINING} <> 0
UNION
SELECT customer_id FROM collection_line
WHERE status IN ('created', 'valid', 'error', 'approved', 'signed', 'sent', 'in_process',
                 'collected')
UNION
SELECT r.customer_id FROM refund AS r
WHERE NOT EXISTS (SELECT 1 FROM handover_refund AS h WHERE h.refund_id = r.refund_id)
  AND NOT EXISTS (SELECT 1 FROM refund_withdrawal AS w WHERE w.refund_id = r.refund_id)
UNION
SELECT e.customer_id FROM erp_difference AS d JOIN entry AS e USING (entry_id)
WHERE NOT EXISTS (SELECT 1 FROM erp_difference_end AS x
                  WHERE x.difference_id = d.difference_id)
"""  # noqa: S608  # our own text

_PEOPLE = f"""
WITH last AS (SELECT customer_id, max(day) AS day FROM ({_BUSINESS}) GROUP BY 1)
SELECT c.person_id, c.customer_no, p.name, last.day
FROM customer AS c JOIN person AS p USING (person_id) JOIN last USING (customer_id)
WHERE last.day < :before AND c.customer_id NOT IN ({_BUSY})
ORDER BY c.customer_no
"""  # noqa: S608  # our own text

_PAYMENTS = """
SELECT payment_line_id FROM payment_person JOIN payment_line AS p USING (payment_line_id)
JOIN source_file AS f USING (file_id) JOIN audit_event AS v ON v.seq = f.recorded
WHERE max(ifnull(p.payment_date, ''), ifnull(p.booking_date, ''), substr(v.at, 1, 10)) < :before
  AND NOT EXISTS (SELECT 1 FROM current_outcome AS o
                  WHERE o.payment_line_id = p.payment_line_id AND o.outcome = 'held')
ORDER BY 1
"""

#: Files that were read, sent or refused, with the day on which they came last.
_FILES = """
WITH known AS (
    SELECT f.sha256, f.name, substr(v.at, 1, 10) AS day
    FROM source_file AS f JOIN audit_event AS v ON v.seq = f.recorded
    UNION ALL
    SELECT a.sha256, a.name, substr(v.at, 1, 10)
    FROM file_attempt AS a JOIN audit_event AS v ON v.seq = a.recorded
), later AS (
    SELECT f.sha256 FROM source_file AS f JOIN payment_line AS p USING (file_id)
    WHERE max(ifnull(p.payment_date, ''), ifnull(p.booking_date, '')) >= :before
    UNION
    SELECT f.sha256 FROM source_file AS f JOIN payment_line AS p USING (file_id)
    JOIN current_outcome AS o USING (payment_line_id) WHERE o.outcome = 'held'
    UNION
    SELECT f.sha256 FROM source_file AS f JOIN entry AS e USING (file_id)
    WHERE max(e.document_date, e.due_date, e.posting_date) >= :before
    UNION
    SELECT f.sha256 FROM source_file AS f JOIN delivery AS d USING (file_id)
    JOIN collection_line AS l USING (delivery_id) WHERE l.due_date >= :before
)
SELECT sha256, min(name), max(day) FROM known
WHERE sha256 NOT IN (SELECT sha256 FROM archive_removal)
  AND sha256 NOT IN (SELECT sha256 FROM later)
GROUP BY sha256 HAVING max(day) < :before ORDER BY 3, 2
"""


@dataclass(frozen=True, slots=True)
class PastTime:
    """What may be removed.

    Attributes:
        before: The first day that is kept.
        people: Rows of PEOPLE: nothing is open with them, and nothing happened since.
        payment_line_ids: Payments whose payers' words are past their time; none that is held.
        files: Rows of FILES; none with a payment that is held.
    """

    before: dt.date
    people: pl.DataFrame
    payment_line_ids: list[int]
    files: pl.DataFrame


def past_time(reader: Reader, *, before: dt.date) -> PastTime:
    """What had its last business before a day."""
    parameters = {"before": before.isoformat()}
    return PastTime(
        before,
        reader.frame(_PEOPLE, parameters, schema=PEOPLE),
        [line_id for (line_id,) in reader.rows(_PAYMENTS, parameters)],
        reader.frame(_FILES, parameters, schema=FILES),
    )


def first_day_kept(as_of: dt.date, *, years: int, first_month: int = 1) -> dt.date:
    """The first day of the financial year whose papers must still be kept.

    Papers are kept for so many years from the end of the financial year that they belong to
    (Denmark: bogføringsloven § 12, five years).

    Args:
        as_of: Today.
        years: How many.
        first_month: The month in which a financial year begins.

    >>> str(first_day_kept(dt.date(2026, 1, 1), years=5))
    '2021-01-01'
    >>> str(first_day_kept(dt.date(2025, 12, 31), years=5))
    '2020-01-01'
    """
    year = as_of.year - years - (as_of.month < first_month)
    return dt.date(year, first_month, 1)
