"""The facts of known entries that a file tells otherwise."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports.entry_rows import VAT
from workbench.ledger.imports.known_entries import customer_numbers
from workbench.store.connection import Reader

#: The facts of an entry that no later file changes. Text and dimensions stay as imported.
FACTS = (
    "customer_no",
    "kind",
    "document_no",
    "document_date",
    "due_date",
    "amount",
    "currency",
    *VAT,
)

#: Of an entry of ours under a number of the ERP, what the ERP must tell as we do.
_OF_OURS = ("customer_no", "amount", "currency")


def with_differing(rows: pl.DataFrame, table: ErpTable) -> pl.DataFrame:
    """The rows with `differing`, the names of the facts that a known entry has otherwise.

    Args:
        rows: As the file has them, each joined with what is known under its number, whose
            columns end in `.known`; `entry_id` is null where nothing is.
        table: The file.
    """
    known = pl.col("entry_id").is_not_null()
    told = []
    for name in FACTS:
        if name not in table.mapped:
            continue
        key = "customer_id" if name == "customer_no" else name
        # A bad cell is null and has its problem already; an empty one differs from a value.
        readable = pl.col(name).is_not_null() | (table.texts[name] == "")
        differs = known & readable & pl.col(key).ne_missing(pl.col(f"{key}.known"))
        if name not in _OF_OURS:
            differs &= ~pl.col("linked")
        told.append(differs.alias(name))
    if not told:  # nothing of the file could be read; its problem says so
        return rows.with_columns(differing=pl.lit([], pl.List(pl.String)))
    return rows.with_columns(_names(rows.select(told)).alias("differing"))


def _names(told: pl.DataFrame) -> pl.Series:
    """The names of the columns that are true, row by row; few rows have any."""
    some = told.select(pl.any_horizontal(pl.all()).alias("some"))["some"].fill_null(value=False)
    named = [pl.when(name).then(pl.lit(name)) for name in told.columns]
    few = told.filter(some).select(names=pl.concat_list(named).list.drop_nulls())["names"]
    lists = pl.concat([pl.Series("names", [[]], pl.List(pl.String)), few])
    return lists.gather(pl.select(pl.when(some).then(some.cum_sum()).otherwise(0)).to_series())


def with_changes(reader: Reader, differing: pl.DataFrame) -> pl.DataFrame:
    """Rows that differ, with `changed`: a JSON object of what we have and what the file has.

    Money in it is in minor units, ledger view; a day in ISO 8601.
    """
    numbers = dict(customer_numbers(reader, differing["customer_id.known"]).iter_rows())
    texts = []
    for row in differing.iter_rows(named=True):
        row["customer_no.known"] = numbers.get(row["customer_id.known"])
        changes = {name: [row[f"{name}.known"], row[name]] for name in row["differing"]}
        texts.append(json.dumps(changes, ensure_ascii=False, default=dt.date.isoformat))
    return differing.with_columns(pl.Series("changed", texts, pl.String))
