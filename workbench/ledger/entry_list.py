"""Entries as a person looks through them: open ones, settled ones, and what settled them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Literal

import polars as pl

from workbench.ledger.imports.known_rows import as_was
from workbench.ledger.open_entries import REMAINING
from workbench.store.connection import Reader

Which = Literal["open", "settled", "all"]

#: One row per entry. Ledger view: a claim +, what reduces one −.
LISTED = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "customer_no": pl.String,
        "name": pl.String,
        "kind": pl.String,
        "document_no": pl.String,
        "erp_entry_no": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "remaining_minor": pl.Int64,
        "currency": pl.String,
        "on_hold": pl.Boolean,
        "disputed": pl.Boolean,
        "promised_on": pl.Date,
    }
)

#: One row per settlement of an entry, and per row that takes one back. `amount_minor`: what
#: the entry had less; negative where it is open again.
SETTLEMENTS = pl.Schema(
    {
        "application_id": pl.Int64,
        "posting_date": pl.Date,
        "kind": pl.String,
        "other_kind": pl.String,
        "other_no": pl.String,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "taken_back": pl.Boolean,
        "actor": pl.String,
    }
)

_HAVING = {
    "open": "HAVING sum(amount_minor) <> 0",
    "settled": "HAVING sum(amount_minor) = 0",
    "all": "",
}

_NOW = ("max(e.on_hold, c.on_hold)", "e.disputed", "e.promised_on")

#: A promise as it was: what the first later edit replaced, which may be that there was none.
_LATER = """FROM row_version AS v WHERE v.table_name = 'entry' AND v.row_id = e.entry_id
    AND v.recorded > :known AND json_type(v.fields, '$.promised_on') IS NOT NULL"""
_PROMISED = f"""CASE WHEN EXISTS (SELECT 1 {_LATER})
    THEN (SELECT json_extract(v.fields, '$.promised_on') {_LATER} ORDER BY v.version LIMIT 1)
    ELSE e.promised_on END"""
_THEN = (
    f"max({as_was('entry', 'e', 'on_hold')}, {as_was('customer', 'c', 'on_hold')})",
    as_was("entry", "e", "disputed"),
    _PROMISED,
)

_SETTLEMENTS = """
SELECT a.application_id, a.posting_date, a.kind, o.kind AS other_kind,
       o.document_no AS other_no, a.amount_minor, a.currency,
       EXISTS (SELECT 1 FROM application AS r
               WHERE r.reverses_application_id = a.application_id) AS taken_back, a.actor
FROM application AS a
JOIN entry AS o ON o.entry_id = iif(a.from_entry_id = ?1, a.to_entry_id, a.from_entry_id)
WHERE a.from_entry_id = ?1 OR a.to_entry_id = ?1
ORDER BY a.application_id
"""

_CONTROL = """
SELECT currency, sum(amount_minor) FROM posting
WHERE purpose IN ('receivable', 'on_account') AND posting_date <= :as_of AND recorded <= :known
GROUP BY 1 ORDER BY 1
"""


def entries_listed(
    reader: Reader, *, as_of: dt.date, known: int | None = None, which: Which = "open"
) -> pl.DataFrame:
    """Entries as they stood at the end of a day, as known at a recorded time.

    Args:
        reader: The view to ask.
        as_of: The last day whose effects count.
        known: The last recorded number that counts; None for all.
        which: Those with something left, those without, or all.

    Returns:
        Rows of `LISTED`, by customer and due date.
    """
    known = reader.seq if known is None else known
    left = f"""
        SELECT entry_id, sum(amount_minor) AS remaining_minor FROM entry_effect
        WHERE posting_date <= :as_of AND recorded <= :known
        GROUP BY entry_id {_HAVING[which]}
    """  # noqa: S608  # our own text
    asked = {"as_of": as_of.isoformat(), "known": known}
    return _listed(reader, left, asked, flags=_NOW if known >= reader.seq else _THEN)


def open_of_customer(reader: Reader, customer_id: int) -> pl.DataFrame:
    """A customer's entries with something left, as all that is recorded says, of any day.

    Returns:
        Rows of `LISTED`, by due date.
    """
    left = f"""
        SELECT e.entry_id, {REMAINING} AS remaining_minor FROM entry AS e
        WHERE e.customer_id = :customer AND {REMAINING} <> 0
    """  # noqa: S608  # our own text
    return _listed(reader, left, {"customer": customer_id, "known": reader.seq}, flags=_NOW)


def _listed(
    reader: Reader, left: str, asked: Mapping[str, object], *, flags: tuple[str, str, str]
) -> pl.DataFrame:
    """What is known of the entries that a question names with what is left of them."""
    question = f"""
        SELECT e.entry_id, e.customer_id, c.customer_no, p.name, e.kind, e.document_no,
               ifnull(e.erp_entry_no, (SELECT max(k.erp_entry_no) FROM erp_entry_link AS k
                                       WHERE k.entry_id = e.entry_id
                                         AND k.recorded <= :known)),
               e.due_date, e.amount_minor, r.remaining_minor, e.currency, {", ".join(flags)}
        FROM ({left}) AS r
        JOIN entry AS e USING (entry_id) JOIN customer AS c USING (customer_id)
        LEFT JOIN person AS p USING (person_id)
    """  # noqa: S608  # our own text
    return reader.gathered(question, asked, schema=LISTED).sort(
        "customer_id", "due_date", "entry_id"
    )


def settlements_of(reader: Reader, entry_id: int) -> pl.DataFrame:
    """What settled an entry, or what it settled; rows of `SETTLEMENTS`, the oldest first."""
    return reader.frame(_SETTLEMENTS, [entry_id], schema=SETTLEMENTS)


def control_balances(reader: Reader, *, as_of: dt.date, known: int) -> dict[str, int]:
    """What the control accounts hold, by currency, at the end of a day and as known then."""
    asked = {"as_of": as_of.isoformat(), "known": known}
    return dict(reader.rows(_CONTROL, asked))
