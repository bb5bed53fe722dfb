"""From file to journal to ledger: what each payment file brought and where it stands."""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader

#: One row per payment file and currency. Cash view; every amount in minor units.
FLOW = pl.Schema(
    {
        "file": pl.String,
        "sha256": pl.String,
        "read_at": pl.String,
        "lines": pl.Int64,
        "cash_minor": pl.Int64,
        "posted_minor": pl.Int64,
        "waiting_minor": pl.Int64,
        "vouchers": pl.Int64,
        "currency": pl.String,
    }
)

_FLOW = """
WITH posted AS (
    SELECT payment_line_id, min(voucher_id) AS voucher_id FROM line_posting
    GROUP BY payment_line_id
)
SELECT f.name, f.sha256, e.at, count(*), ifnull(sum(p.amount_paid_minor), 0),
       ifnull(sum(CASE WHEN x.voucher_id IS NULL THEN 0 ELSE p.amount_paid_minor END), 0),
       ifnull(sum(CASE WHEN x.voucher_id IS NULL THEN p.amount_paid_minor ELSE 0 END), 0),
       count(DISTINCT x.voucher_id), p.currency
FROM payment_line AS p JOIN source_file AS f USING (file_id)
JOIN audit_event AS e ON e.seq = f.recorded
LEFT JOIN posted AS x USING (payment_line_id)
GROUP BY p.file_id, p.currency ORDER BY f.file_id, p.currency
"""


def file_flow(reader: Reader) -> pl.DataFrame:
    """Cash read = cash posted + cash that waits, for every payment file: rows of `FLOW`."""
    return reader.frame(_FLOW, schema=FLOW)
