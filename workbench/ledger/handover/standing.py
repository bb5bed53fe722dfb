"""Where each delivery stands: what the ERP booked of it; the last word on a thing counts."""

from __future__ import annotations

import datetime as dt

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

#: One row per voucher and currency of a delivery; `state` as of a delivery. What was said of
#: the voucher last, and by whom, where anybody said it.
VOUCHERS_OF_DELIVERY = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "document_no": pl.String,
        "posting_date": pl.Date,
        "text": pl.String,
        "currency": pl.String,
        "postings": pl.Int64,
        "debit_minor": pl.Int64,
        "state": pl.String,
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

#: The last word on each settlement and on each posting that went out. What is said of a
#: delivery or a voucher holds for all of it; a payment whose settlements all show in the ERP
#: is booked there itself.
STANDING = """
whole AS (
    SELECT handover_id, max(mark_id) AS mark_id FROM handover_mark
    WHERE voucher_id IS NULL AND application_id IS NULL GROUP BY handover_id
),
of_voucher AS (
    SELECT handover_id, voucher_id, max(mark_id) AS mark_id FROM handover_mark
    WHERE voucher_id IS NOT NULL GROUP BY handover_id, voucher_id
),
of_settlement AS (
    SELECT application_id, max(mark_id) AS mark_id FROM handover_mark
    WHERE application_id IS NOT NULL GROUP BY application_id
),
settlement AS (
    SELECT h.handover_id, a.voucher_id, ifnull(a.payment_line_id, 0) AS payment_line_id,
           ifnull(m.booked, 0) AS booked
    FROM handover_application AS h JOIN application AS a USING (application_id)
    LEFT JOIN whole AS w ON w.handover_id = h.handover_id
    LEFT JOIN of_voucher AS v
        ON v.handover_id = h.handover_id AND v.voucher_id = a.voucher_id
    LEFT JOIN of_settlement AS s ON s.application_id = h.application_id
    LEFT JOIN handover_mark AS m ON m.mark_id =
        max(ifnull(w.mark_id, 0), ifnull(v.mark_id, 0), ifnull(s.mark_id, 0))
),
payment AS (
    SELECT handover_id, voucher_id, payment_line_id, min(booked) AS booked FROM settlement
    WHERE voucher_id IS NOT NULL GROUP BY handover_id, voucher_id, payment_line_id
),
standing AS (
    SELECT h.handover_id, h.posting_id, p.voucher_id, p.posting_date, p.currency,
           p.amount_minor, coalesce(y.booked, m.booked, 0) AS booked, m.mark_id
    FROM handover_posting AS h JOIN posting AS p USING (posting_id)
    LEFT JOIN payment AS y ON y.handover_id = h.handover_id
        AND y.voucher_id = p.voucher_id AND y.payment_line_id = ifnull(p.payment_line_id, 0)
    LEFT JOIN whole AS w ON w.handover_id = h.handover_id
    LEFT JOIN of_voucher AS v
        ON v.handover_id = h.handover_id AND v.voucher_id = p.voucher_id
    LEFT JOIN handover_mark AS m ON m.mark_id =
        max(ifnull(w.mark_id, 0), ifnull(v.mark_id, 0))
)
"""

#: How much of each delivery is booked: its postings, and settlements that go out alone.
_THINGS = f"""
WITH {STANDING}
SELECT handover_id, sum(things), sum(booked) FROM (
    SELECT handover_id, count(*) AS things, sum(booked) AS booked
    FROM standing GROUP BY handover_id
    UNION ALL
    SELECT s.handover_id, count(*), sum(s.booked) FROM settlement AS s
    WHERE NOT EXISTS (SELECT 1 FROM posting AS p JOIN handover_posting AS o USING (posting_id)
                      WHERE p.voucher_id = s.voucher_id AND o.handover_id = s.handover_id)
    GROUP BY s.handover_id
) GROUP BY handover_id
"""  # noqa: S608  # our own text
_THING = pl.Schema({"handover_id": pl.Int64, "things": pl.Int64, "booked": pl.Int64})

_VOUCHERS = f"""
WITH {STANDING}
SELECT v.voucher_id, v.document_no, v.posting_date, v.text, t.currency, count(*),
       sum(max(t.amount_minor, 0)),
       CASE sum(t.booked) WHEN count(*) THEN 'booked' WHEN 0 THEN 'handed_over'
            ELSE 'partly_booked' END,
       m.how, m.reason, m.actor
FROM standing AS t JOIN voucher AS v USING (voucher_id)
LEFT JOIN handover_mark AS m ON m.mark_id = t.mark_id
WHERE t.handover_id = (SELECT handover_id FROM handover WHERE document_no = ?)
GROUP BY v.voucher_id, t.currency ORDER BY v.posting_date, v.journal, v.number, t.currency
"""  # noqa: S608  # our own text


def deliveries(reader: Reader, *, as_of: dt.date) -> pl.DataFrame:
    """Every delivery and where it stands, the oldest first: rows of `DELIVERIES`.

    Args:
        reader: The view to ask.
        as_of: The day on which their age is told.
    """
    rows = reader.frame(_HANDOVERS, {"as_of": as_of.isoformat()}, schema=DELIVERIES)
    things = reader.frame(_THINGS, schema=_THING)
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


def booked_of(reader: Reader, handover_id: int) -> tuple[int, int]:
    """How many postings and lone settlements a delivery has, and how many are booked."""
    things = reader.frame(_THINGS, schema=_THING).filter(pl.col("handover_id") == handover_id)
    return (things["things"][0], things["booked"][0]) if things.height else (0, 0)


def vouchers_of(reader: Reader, number: str) -> pl.DataFrame:
    """The vouchers of a delivery and what the ERP did with them: `VOUCHERS_OF_DELIVERY`."""
    return reader.frame(_VOUCHERS, [number], schema=VOUCHERS_OF_DELIVERY)
