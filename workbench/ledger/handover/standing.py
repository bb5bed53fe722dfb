"""Where each delivery stands: what the ERP booked of it; the last word on a thing counts."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from workbench.store.connection import Reader

#: One row per delivery and currency (null when it has settlements or refunds alone).
#: `state` is handed_over, partly_booked or booked; the counts are of the whole delivery.
DELIVERIES = pl.Schema(
    {
        "handover_id": pl.Int64,
        "document_no": pl.String,
        "as_of": pl.Date,
        "format": pl.String,
        "mapping_name": pl.String,
        "actor": pl.String,
        "currency": pl.String,
        "postings": pl.Int64,
        "debit_minor": pl.Int64,
        "settlements": pl.Int64,
        "refunds": pl.Int64,
        "things": pl.Int64,
        "booked": pl.Int64,
        "state": pl.String,
        "age_days": pl.Int64,
    }
)

#: One row per voucher and currency of a delivery.
VOUCHERS_OF_DELIVERY = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "document_no": pl.String,
        "posting_date": pl.Date,
        "text": pl.String,
        "currency": pl.String,
        "postings": pl.Int64,
        "debit_minor": pl.Int64,
        "booked": pl.Boolean,
        "how": pl.String,
        "reason": pl.String,
        "actor": pl.String,
    }
)

_HANDOVERS = """
SELECT h.handover_id, h.document_no, h.as_of, h.format, h.mapping_name, h.actor, t.currency,
       ifnull(t.postings, 0), ifnull(t.debit_minor, 0),
       (SELECT ifnull(sum(f.lines), 0) FROM handover_file AS f
        WHERE f.handover_id = h.handover_id AND f.role = 'settlements'),
       (SELECT ifnull(sum(f.lines), 0) FROM handover_file AS f
        WHERE f.handover_id = h.handover_id AND f.role = 'refunds'),
       0, 0, '', CAST(julianday(:as_of) - julianday(h.as_of) AS INTEGER)
FROM handover AS h LEFT JOIN handover_total AS t USING (handover_id)
ORDER BY h.number, t.currency
"""

#: What can be booked: the vouchers of the deliveries, and settlements outside of them.
_THINGS = """
WITH thing AS (
    SELECT DISTINCT h.handover_id, p.voucher_id, NULL AS application_id
    FROM handover_posting AS h JOIN posting AS p USING (posting_id)
    WHERE h.handover_id IN (SELECT value FROM json_each(?1))
    UNION ALL
    SELECT h.handover_id, NULL, a.application_id
    FROM handover_application AS h JOIN application AS a USING (application_id)
    WHERE h.handover_id IN (SELECT value FROM json_each(?1))
      AND NOT EXISTS (SELECT 1 FROM posting AS p JOIN handover_posting AS o USING (posting_id)
                      WHERE p.voucher_id = a.voucher_id AND o.handover_id = h.handover_id)
)
SELECT handover_id, count(*), sum(ifnull((
    SELECT m.booked FROM handover_mark AS m
    WHERE m.handover_id = thing.handover_id
      AND ((m.voucher_id IS NULL AND m.application_id IS NULL)
           OR m.voucher_id = thing.voucher_id OR m.application_id = thing.application_id)
    ORDER BY m.mark_id DESC LIMIT 1), 0))
FROM thing GROUP BY handover_id
"""
_THING = pl.Schema({"handover_id": pl.Int64, "things": pl.Int64, "booked": pl.Int64})

_VOUCHERS = """
SELECT v.voucher_id, v.document_no, v.posting_date, v.text, p.currency, count(*),
       sum(max(p.amount_minor, 0)), ifnull(m.booked, 0), m.how, m.reason, m.actor
FROM handover_posting AS h JOIN posting AS p USING (posting_id)
JOIN voucher AS v ON v.voucher_id = p.voucher_id
LEFT JOIN handover_mark AS m ON m.mark_id = (
    SELECT max(l.mark_id) FROM handover_mark AS l
    WHERE l.handover_id = h.handover_id AND l.application_id IS NULL
      AND (l.voucher_id IS NULL OR l.voucher_id = v.voucher_id))
WHERE h.handover_id = (SELECT handover_id FROM handover WHERE document_no = ?)
GROUP BY v.voucher_id, p.currency ORDER BY v.posting_date, v.journal, v.number, p.currency
"""


def deliveries(reader: Reader, *, as_of: dt.date) -> pl.DataFrame:
    """Every delivery and where it stands, the oldest first: rows of `DELIVERIES`.

    Args:
        reader: The view to ask.
        as_of: The day on which their age is told.
    """
    rows = reader.frame(_HANDOVERS, {"as_of": as_of.isoformat()}, schema=DELIVERIES)
    ids = json.dumps(rows["handover_id"].unique().to_list())
    things = reader.frame(_THINGS, [ids], schema=_THING)
    booked, count = pl.col("booked"), pl.col("things")
    state = (
        pl.when((booked == count) & (count > 0))
        .then(pl.lit("booked"))
        .when(booked > 0)
        .then(pl.lit("partly_booked"))
        .otherwise(pl.lit("handed_over"))
    )
    return (
        rows.drop("things", "booked", "state")
        .join(things, on="handover_id", how="left", maintain_order="left")
        .with_columns(pl.col("things", "booked").fill_null(0))
        .with_columns(state=state)
        .select(DELIVERIES.names())
    )


def vouchers_of(reader: Reader, number: str) -> pl.DataFrame:
    """The vouchers of a delivery and what the ERP did with them: `VOUCHERS_OF_DELIVERY`."""
    return reader.frame(_VOUCHERS, [number], schema=VOUCHERS_OF_DELIVERY)
