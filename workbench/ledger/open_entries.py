"""What remains of each entry: the sum of its effects, as of a date, as known at a number."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.ledger.imports.known_rows import as_was
from workbench.store.connection import Reader

#: One row per entry with something left. Ledger view: a claim +, what reduces one −.
OPEN_ENTRIES = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "customer_no": pl.String,
        "kind": pl.String,
        "document_no": pl.String,
        "text": pl.String,
        "document_date": pl.Date,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "remaining_minor": pl.Int64,
        "currency": pl.String,
        "profile": pl.String,
        "on_hold": pl.Boolean,
        "disputed": pl.Boolean,
    }
)

#: What remains of an entry `e`, by its applications; for questions about few entries.
REMAINING = """(e.amount_minor
    - ifnull((SELECT sum(a.amount_minor) FROM application AS a
              WHERE a.to_entry_id = e.entry_id), 0)
    + ifnull((SELECT sum(a.amount_minor) FROM application AS a
              WHERE a.from_entry_id = e.entry_id), 0))"""

_STANDS = ("max(e.on_hold, c.on_hold)", "e.disputed")
_STOOD = (
    f"max({as_was('entry', 'e', 'on_hold')}, {as_was('customer', 'c', 'on_hold')})",
    as_was("entry", "e", "disputed"),
)


def open_entries(reader: Reader, *, as_of: dt.date, known: int | None = None) -> pl.DataFrame:
    """The entries that were open at the end of a day, as known at a recorded time.

    Args:
        reader: The view to ask.
        as_of: The last day whose effects count.
        known: The last recorded number that counts; None for all.

    Returns:
        Rows of `OPEN_ENTRIES`, by customer and due date.
    """
    present = reader.seq
    known = present if known is None else known
    on_hold, disputed = _STANDS if known >= present else _STOOD
    question = f"""
        SELECT e.entry_id, e.customer_id, c.customer_no, e.kind, e.document_no, e.text,
               e.document_date, e.due_date, e.amount_minor, r.remaining_minor, e.currency,
               e.profile, {on_hold}, {disputed}
        FROM (
            SELECT entry_id, sum(amount_minor) AS remaining_minor FROM entry_effect
            WHERE posting_date <= :as_of AND recorded <= :known
            GROUP BY entry_id HAVING sum(amount_minor) <> 0
        ) AS r
        JOIN entry AS e USING (entry_id) JOIN customer AS c USING (customer_id)
    """  # noqa: S608  # our own text
    parameters = {"as_of": as_of.isoformat(), "known": known}
    return reader.gathered(question, parameters, schema=OPEN_ENTRIES).sort(
        "customer_id", "due_date", "entry_id"
    )
