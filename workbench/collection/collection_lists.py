"""The lists of collection, each as of a day and as known at a number."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.ledger.imports.known_rows import as_was
from workbench.ledger.named_list import NamedList
from workbench.model.texts import marked
from workbench.store.connection import Reader

#: Payment lines whose last outcome, as known then, was held.
HELD_PAYMENTS = pl.Schema(
    {
        "payment_line_id": pl.Int64,
        "file_name": pl.String,
        "line": pl.Int64,
        "kind": pl.String,
        "customer_no": pl.String,
        "booking_date": pl.Date,
        "payment_date": pl.Date,
        "amount_paid_minor": pl.Int64,
        "currency": pl.String,
        "class": pl.String,
        "reason": pl.String,
        "actor": pl.String,
        "recorded": pl.Int64,
    }
)
_HELD = """
SELECT p.payment_line_id, f.name, p.line, p.kind, p.customer_no, p.booking_date,
       p.payment_date, p.amount_paid_minor, p.currency, o.class, o.reason, o.actor, o.recorded
FROM (
    SELECT max(outcome_id) AS outcome_id FROM line_outcome WHERE recorded <= :known
    GROUP BY payment_line_id
) AS last JOIN line_outcome AS o USING (outcome_id)
JOIN payment_line AS p USING (payment_line_id) JOIN source_file AS f USING (file_id)
WHERE o.outcome = 'held' AND ifnull(p.booking_date, '') <= :as_of
"""

#: Collection lines with the status that the register gave them last, as known then.
COLLECTION_LINES = pl.Schema(
    {
        "collection_line_id": pl.Int64,
        "status": pl.String,
        "on_date": pl.Date,
        "customer_no": pl.String,
        "creditor_no": pl.String,
        "reference": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "recorded": pl.Int64,
    }
)
_LINES = f"""
SELECT l.collection_line_id, r.to_status, r.on_date, l.customer_no, l.creditor_no,
       l.reference, {as_was("collection_line", "l", "due_date")},
       {as_was("collection_line", "l", "amount_minor")}, l.currency, r.recorded
FROM (
    SELECT max(register_id) AS register_id FROM collection_register
    WHERE recorded <= :known AND on_date <= :as_of GROUP BY collection_line_id
) AS last JOIN collection_register AS r USING (register_id)
JOIN collection_line AS l USING (collection_line_id)
"""  # noqa: S608  # our own text


def _held(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    parameters = {"as_of": as_of.isoformat(), "known": known}
    found = reader.gathered(_HELD, parameters, schema=HELD_PAYMENTS)
    return found.sort("booking_date", "payment_line_id")


def _lines(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    parameters = {"as_of": as_of.isoformat(), "known": known}
    found = reader.gathered(_LINES, parameters, schema=COLLECTION_LINES)
    return found.sort("status", "due_date", "collection_line_id")


#: Every list of collection, in the order in which they are offered.
LISTS = (
    NamedList("held_payments", marked("Held payments"), HELD_PAYMENTS, _held),
    NamedList("collection_lines", marked("Collections by status"), COLLECTION_LINES, _lines),
)
