"""The postings and settlements that a hand-over is made of: what waits, or a delivery's."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl

from workbench.ledger.handover.waiting import CHOSEN_APPLICATIONS, CHOSEN_WAITING, chosen
from workbench.store.connection import Reader

#: What a posting says: column, its type, and where it comes from.
_POSTING: dict[str, tuple[pl.DataType, str]] = {
    "posting_id": (pl.Int64(), "p.posting_id"),
    "voucher_id": (pl.Int64(), "p.voucher_id"),
    "number": (pl.Int64(), "p.number"),
    "ledger_account": (pl.String(), "p.account_no"),
    "purpose": (pl.String(), "p.purpose"),
    "profile": (pl.String(), "p.profile"),
    "amount_minor": (pl.Int64(), "p.amount_minor"),
    "currency": (pl.String(), "p.currency"),
    "base_amount_minor": (pl.Int64(), "p.base_amount_minor"),
    "rate": (pl.String(), "p.rate"),
    "entry_id": (pl.Int64(), "p.entry_id"),
    "customer_no": (
        pl.String(),
        "(SELECT customer_no FROM customer AS c WHERE c.customer_id = p.customer_id)",
    ),
    "vat_code": (pl.String(), "p.vat_code"),
    "dimensions": (pl.String(), "nullif(p.dimensions, '{}')"),
    "text": (pl.String(), "p.text"),
    "reference": (
        pl.String(),
        "(SELECT reference FROM payment_line AS l WHERE l.payment_line_id = p.payment_line_id)",
    ),
    "bank_reference": (
        pl.String(),
        """(SELECT bank_reference FROM payment_line AS l
            WHERE l.payment_line_id = p.payment_line_id)""",
    ),
    "reverses_posting_id": (pl.Int64(), "p.reverses_posting_id"),
}

#: What every delivery is made by, whatever its layout looks at.
_ALWAYS = frozenset(
    {
        "posting_id", "voucher_id", "number", "ledger_account", "purpose", "amount_minor",
        "currency", "base_amount_minor", "entry_id", "customer_no",
    }
)  # fmt: skip

#: Fields that are made of others.
_MADE_OF = {
    "external_document_no": {"reference", "bank_reference"},
    "reverses_document_no": {"reverses_posting_id"},
}

_VOUCHER = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "journal": pl.String,
        "voucher_number": pl.Int64,
        "document_no": pl.String,
        "posting_date": pl.Date,
        "bank_date": pl.Date,
        "voucher_text": pl.String,
    }
)

_VOUCHERS = """
SELECT v.voucher_id, v.journal, v.number, v.document_no, v.posting_date, v.bank_date, v.text
FROM voucher AS v WHERE v.voucher_id IN (SELECT p.voucher_id FROM {chosen})
"""

_REVERSAL = pl.Schema({"reverses_posting_id": pl.Int64, "reverses_document_no": pl.String})

_REVERSED = """
SELECT p.posting_id, v.document_no FROM posting AS p JOIN voucher AS v USING (voucher_id)
WHERE p.posting_id IN (SELECT value FROM json_each(?))
"""

_DELIVERED = """
    handover_posting AS h CROSS JOIN posting AS p ON p.posting_id = h.posting_id
    WHERE h.handover_id = :handover
"""

_DELIVERED_APPLICATIONS = """
    handover_application AS h CROSS JOIN application AS a
        ON a.application_id = h.application_id
    WHERE h.handover_id = :handover
"""

_APPLICATION = pl.Schema(
    {
        "application_id": pl.Int64,
        "from_entry_id": pl.Int64,
        "to_entry_id": pl.Int64,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "reverses_application_id": pl.Int64,
        "posting_date": pl.Date,
        "voucher_id": pl.Int64,
    }
)

_APPLICATIONS = """
SELECT a.application_id, a.from_entry_id, a.to_entry_id, a.amount_minor, a.currency,
       a.reverses_application_id, a.posting_date, a.voucher_id
FROM {chosen}
"""

#: As it was when the delivery was recorded: the first later edit says what stood there.
_NAMES = """
SELECT c.customer_no, ifnull(
    (SELECT json_extract(v.fields, '$.name') FROM person_version AS v
     WHERE v.person_id = p.person_id AND v.recorded > :known
       AND json_extract(v.fields, '$.name') IS NOT NULL ORDER BY v.version LIMIT 1), p.name)
FROM customer AS c JOIN person AS p ON p.person_id = c.person_id
"""
_NAME = pl.Schema({"customer_no": pl.String, "customer_name": pl.String})


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a delivery come from.

    Attributes:
        postings: The SQL that chooses postings `p`.
        applications: The SQL that chooses applications `a`.
        parameters: Of both.
    """

    postings: str
    applications: str
    parameters: dict[str, object]


def source_waiting(*, up_to: dt.date | None, journal: str | None) -> Source:
    """What waits, as far as it is wanted."""
    until = " AND (:up_to IS NULL OR a.posting_date <= :up_to)"
    parameters = chosen(up_to=up_to, journal=journal)
    return Source(CHOSEN_WAITING, CHOSEN_APPLICATIONS + until, parameters)


def source_delivery(handover_id: int) -> Source:
    """What a delivery holds."""
    return Source(_DELIVERED, _DELIVERED_APPLICATIONS, {"handover": handover_id})


def postings_of(reader: Reader, source: Source, *, needed: frozenset[str]) -> pl.DataFrame:
    """The postings with what their vouchers say, in no order.

    Args:
        reader: The view to ask.
        source: Which ones.
        needed: The fields that somebody will look at.
    """
    wanted = _ALWAYS.union(needed, *(_MADE_OF.get(name, ()) for name in needed))
    columns = {name: column for name, column in _POSTING.items() if name in wanted}
    cells = ", ".join(sql for _, sql in columns.values())
    rows = reader.gathered(
        f"SELECT {cells} FROM {source.postings}",  # noqa: S608  # our own text
        source.parameters,
        schema=pl.Schema({name: kind for name, (kind, _) in columns.items()}),
    )
    vouchers = reader.gathered(
        _VOUCHERS.format(chosen=source.postings), source.parameters, schema=_VOUCHER
    )
    whole = rows.join(vouchers, on="voucher_id")
    if "reverses_posting_id" not in columns:
        return whole
    mirrored = json.dumps(rows["reverses_posting_id"].drop_nulls().to_list())
    reversed_by = reader.gathered(_REVERSED, [mirrored], schema=_REVERSAL)
    return whole.join(reversed_by, on="reverses_posting_id", how="left")


def applications_of(reader: Reader, source: Source) -> pl.DataFrame:
    """The settlements, in no order."""
    return reader.gathered(
        _APPLICATIONS.format(chosen=source.applications), source.parameters, schema=_APPLICATION
    )


def names(reader: Reader, *, known: int) -> pl.DataFrame:
    """The names of all customers as they were at a recorded time."""
    return reader.gathered(_NAMES, {"known": known}, schema=_NAME)
