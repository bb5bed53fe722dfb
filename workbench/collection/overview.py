"""Frames that screens and reports ask for: payment lines as they stand now."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.store.connection import Reader

#: One row per payment line with its outcome that counts. Cash view of sign.
PAYMENT_LINES = pl.Schema(
    {
        "payment_line_id": pl.Int64,
        "outcome_id": pl.Int64,
        "outcome": pl.String,
        "class": pl.String,
        "kind": pl.String,
        "section_kind": pl.String,
        "customer_no": pl.String,
        "reference": pl.String,
        "due_date": pl.Date,
        "payment_date": pl.Date,
        "booking_date": pl.Date,
        "amount_minor": pl.Int64,
        "amount_paid_minor": pl.Int64,
        "fee_minor": pl.Int64,
        "currency": pl.String,
        "applied_minor": pl.Int64,
        "residual_minor": pl.Int64,
        "difference_minor": pl.Int64,
        "rule": pl.String,
        "confidence": pl.String,
        "collection_line_id": pl.Int64,
        "collected_minor": pl.Int64,
        "status": pl.String,
        "final_on": pl.Date,
        "allowed": pl.Boolean,
        "posted": pl.String,
        "document_no": pl.String,
        "file": pl.String,
        "line": pl.Int64,
        "reason": pl.String,
        "actor": pl.String,
    }
)

_PAYMENT_LINES = """
SELECT p.payment_line_id, o.outcome_id, o.outcome, o.class, p.kind, p.section_kind,
       ifnull(p.customer_no, l.customer_no), p.reference, p.due_date, p.payment_date,
       p.booking_date, p.amount_minor, p.amount_paid_minor, p.fee_minor, p.currency,
       o.applied_minor, o.residual_minor, o.difference_minor, o.rule, o.confidence,
       o.collection_line_id, l.amount_minor, l.status, l.final_on,
       ifnull((SELECT m.allowed FROM posting_permission AS m
               WHERE m.payment_line_id = p.payment_line_id
               ORDER BY m.permission_id DESC LIMIT 1), 0),
       (SELECT group_concat(x.kind, ' ') FROM line_posting AS x
        WHERE x.payment_line_id = p.payment_line_id),
       (SELECT group_concat(v.document_no, ' ') FROM line_posting AS x
        JOIN voucher AS v USING (voucher_id) WHERE x.payment_line_id = p.payment_line_id),
       f.name, p.line, o.reason, o.actor
FROM payment_line AS p JOIN current_outcome AS o USING (payment_line_id)
JOIN source_file AS f USING (file_id)
LEFT JOIN collection_line AS l ON l.collection_line_id = o.collection_line_id
WHERE (:outcome IS NULL OR o.outcome = :outcome)
ORDER BY p.file_id, p.line
"""


def payment_lines(reader: Reader, *, outcome: str | None = None) -> pl.DataFrame:
    """Payment lines with the outcome that counts, all or of one outcome."""
    return reader.frame(_PAYMENT_LINES, {"outcome": outcome}, schema=PAYMENT_LINES)


#: Files that wait for a person, or were refused: the last attempt of each counts.
ATTEMPTS = pl.Schema(
    {
        "name": pl.String,
        "sha256": pl.String,
        "outcome": pl.String,
        "reason": pl.String,
        "problems": pl.String,
        "at": pl.String,
    }
)

_ATTEMPTS = """
SELECT a.name, a.sha256, a.outcome, a.reason, a.problems, e.at
FROM file_attempt AS a JOIN audit_event AS e ON e.seq = a.recorded
WHERE a.attempt_id = (SELECT max(b.attempt_id) FROM file_attempt AS b
                      WHERE b.sha256 = a.sha256)
  AND a.outcome IN ('waiting', 'refused')
  AND NOT EXISTS (SELECT 1 FROM source_file AS f WHERE f.sha256 = a.sha256)
ORDER BY a.attempt_id
"""


def waiting_files(reader: Reader) -> pl.DataFrame:
    """Files that were not accepted, each with its last attempt."""
    return reader.frame(_ATTEMPTS, schema=ATTEMPTS)


#: What the month came to, by kind, of the collections ever sent.
TOTALS = pl.Schema(
    {"kind": pl.String, "count": pl.Int64, "amount_minor": pl.Int64, "currency": pl.String}
)

_TOTALS = """
WITH sent AS (SELECT * FROM collection_line WHERE delivery_id IS NOT NULL),
paying AS (
    SELECT l.status, l.final_on, p.kind, p.amount_paid_minor, p.currency
    FROM sent AS l JOIN payment_line AS p ON p.payment_line_id = l.paid_payment_line_id
    WHERE l.status = 'paid'
)
SELECT 'collected', count(*), ifnull(sum(amount_minor), 0), currency FROM sent GROUP BY 4
UNION ALL
SELECT 'paid_provisional', count(*), sum(amount_paid_minor), currency FROM paying
WHERE final_on >= :as_of GROUP BY 4
UNION ALL
SELECT 'paid_final', count(*), sum(amount_paid_minor), currency FROM paying
WHERE final_on < :as_of GROUP BY 4
UNION ALL
SELECT 'slips_paid', count(*), sum(amount_paid_minor), currency FROM paying
WHERE kind = 'slip_paid' GROUP BY 4
UNION ALL
SELECT status, count(*), sum(amount_minor), currency FROM sent
WHERE status IN ('rejected', 'agreement_cancelled', 'reversed', 'center_error', 'stopped',
                 'sent', 'in_process', 'collected')
GROUP BY 1, 4
UNION ALL
SELECT 'held', count(*), sum(residual_minor), p.currency FROM current_outcome AS o
JOIN payment_line AS p USING (payment_line_id) WHERE o.outcome = 'held' GROUP BY 4
UNION ALL
SELECT 'differences', count(*), sum(amount_minor), currency FROM difference GROUP BY 4
"""


def totals(reader: Reader, *, as_of: dt.date) -> pl.DataFrame:
    """Counts and amounts by kind: statuses of sent lines, money, held lines, differences.

    A paid collection is final when the day after which the scheme takes it back only for
    cause has passed. Slips paid are part of the paid.
    """
    return reader.frame(_TOTALS, {"as_of": as_of.isoformat()}, schema=TOTALS)
