"""The sums of the ledger that must be equal."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.ledger.handover.identity import handed_over
from workbench.ledger.open_entries import open_entries
from workbench.matching.aging import age
from workbench.model.identities import Identity, per_currency
from workbench.store.connection import Reader

#: What the ERP told us: entries under its numbers, withdrawn ones too, and what it settled
#: itself. An entry of ours that only got a number of the ERP is no claim of the ERP's.
_FROM_ERP = (
    "SELECT currency, sum(amount_minor) FROM entry "
    "WHERE erp_entry_no IS NOT NULL OR kind = 'erp_settlement' GROUP BY 1"
)
_TRANSFER = (
    "SELECT currency, -sum(amount_minor) FROM posting WHERE purpose = 'erp_transfer' GROUP BY 1"
)
_CONTROL = (
    "SELECT currency, sum(amount_minor) FROM posting "
    "WHERE purpose IN ('receivable', 'on_account') GROUP BY 1"
)
_REMAINING = "SELECT currency, sum(amount_minor) FROM entry_effect GROUP BY 1"


def identities(reader: Reader, *, as_of: dt.date, currencies: list[str]) -> list[Identity]:
    """`import_balance`, `control_account`, `aged_balance`, `handed_over`, per currency."""
    return [
        *per_currency(
            "import_balance",
            reader.rows(_TRANSFER),
            reader.rows(_FROM_ERP),
            currencies=currencies,
        ),
        *per_currency(
            "control_account",
            reader.rows(_CONTROL),
            reader.rows(_REMAINING),
            currencies=currencies,
        ),
        *_aged(reader, as_of=as_of, currencies=currencies),
        *handed_over(reader, currencies=currencies),
    ]


def _aged(reader: Reader, *, as_of: dt.date, currencies: list[str]) -> list[Identity]:
    entries = open_entries(reader, as_of=as_of)
    aged = age(entries, as_of=as_of)
    amounts = [name for name, kind in aged.schema.items() if kind == pl.Int64]
    buckets = aged.select("currency", pl.sum_horizontal(set(amounts) - {"remaining_minor"}))
    remaining = reader.rows(
        "SELECT currency, sum(amount_minor) FROM entry_effect "
        "WHERE posting_date <= ? GROUP BY 1",
        [as_of.isoformat()],
    )
    return per_currency("aged_balance", buckets.iter_rows(), remaining, currencies=currencies)
