"""A file of entries beside what is known: its rows, and which of them are our own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports.entry_facts import with_differing
from workbench.ledger.imports.entry_rows import STOPS, in_ledger_view
from workbench.ledger.imports.known_entries import customers, known_entries
from workbench.ledger.imports.own_postings import OwnPostings, own_postings
from workbench.store.connection import Reader

_KNOWN = ".known"

#: What is known that every row needs; a million rows of all of it would be memory wasted.
_NEEDED = frozenset({*STOPS, "amount", "currency", "promised_on"})


@dataclass(frozen=True, slots=True)
class FileBeside:
    """A file of entries beside what is known.

    Attributes:
        rows: Every row in ledger view, with what is known under its number as far as every
            row needs it.
        differing: Those that tell a known entry's facts otherwise, with all that is known.
        known: What is known under its numbers, or everything for a full file.
        own: Which rows are postings of ours.
    """

    reader: Reader
    table: ErpTable
    as_of: dt.date
    full: bool
    rows: pl.DataFrame
    differing: pl.DataFrame
    known: pl.DataFrame
    own: OwnPostings


def beside_known(
    reader: Reader, table: ErpTable, mapping: FileMapping, *, as_of: dt.date, full: bool
) -> FileBeside:
    """Put a file's rows beside the entries and the postings that they may mean."""
    values = in_ledger_view(table.values, mapping).with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    rows = values.join(
        customers(reader, values["customer_no"]),
        on="customer_no",
        how="left",
        maintain_order="left",
    )
    known = known_entries(reader, rows["erp_entry_no"], everything=full)
    live = known.filter(~pl.col("withdrawn")).drop("withdrawn", "recorded")
    joined = rows.join(
        live, on="erp_entry_no", how="left", suffix=_KNOWN, maintain_order="left"
    )
    unknown = joined.filter(pl.col("entry_id").is_null(), pl.col("customer_id").is_not_null())
    own = own_postings(
        reader, unknown.select("row", "document_no", "customer_id", "currency", "amount")
    )
    compared = with_differing(joined, table)
    differing = compared.filter(pl.col("differing").list.len() > 0)
    facts = [name for name in compared.columns if name.endswith(_KNOWN)]
    rest = [name for name in facts if name.removesuffix(_KNOWN) not in _NEEDED]
    return FileBeside(reader, table, as_of, full, compared.drop(rest), differing, known, own)


def own_rows(file: FileBeside) -> pl.DataFrame:
    """Rows that are entries of ours come back."""
    fitting = file.own.rows.drop_nulls("entry_id")
    return file.rows.drop("entry_id").join(fitting, on="row", maintain_order="left")
