"""A file of entries beside what is known: its rows, and which of them are our own."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports.entry_facts import with_differing
from workbench.ledger.imports.entry_rows import in_ledger_view
from workbench.ledger.imports.known_entries import customers, known_entries
from workbench.ledger.imports.own_postings import OwnPostings, own_postings
from workbench.store.connection import Reader


@dataclass(frozen=True, slots=True)
class FileBeside:
    """A file of entries beside what is known.

    Attributes:
        rows: Every row in ledger view, with what is known under its number.
        known: What is known under its numbers, or everything for a full file.
        own: Which rows are postings of ours.
    """

    reader: Reader
    table: ErpTable
    as_of: dt.date
    full: bool
    rows: pl.DataFrame
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
        live, on="erp_entry_no", how="left", suffix=".known", maintain_order="left"
    )
    unknown = joined.filter(pl.col("entry_id").is_null(), pl.col("customer_id").is_not_null())
    own = own_postings(
        reader, unknown.select("row", "document_no", "customer_id", "currency", "amount")
    )
    return FileBeside(reader, table, as_of, full, with_differing(joined, table), known, own)


def own_rows(file: FileBeside) -> pl.DataFrame:
    """Rows that are entries of ours come back."""
    fitting = file.own.rows.drop_nulls("entry_id")
    return file.rows.drop("entry_id").join(fitting, on="row", maintain_order="left")
