"""What the ledger has against a file of entries, whatever its rows say one by one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import polars as pl

from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports import effects
from workbench.ledger.imports.file_beside import FileBeside
from workbench.model.problems import Problem, Severity, worst
from workbench.store.connection import Reader

_LAST_FULL = """
SELECT max(as_of) FROM erp_import AS i WHERE purpose = 'erp_entries' AND mode = 'full'
  AND NOT EXISTS (SELECT 1 FROM erp_import_undo AS u WHERE u.import_id = i.import_id)
"""


def _last_full(reader: Reader) -> dt.date | None:
    found = reader.value(_LAST_FULL)
    return None if found is None else dt.date.fromisoformat(found)


def file_problems(file: FileBeside, told: pl.DataFrame) -> Iterator[Problem]:
    """What the ledger has against the file.

    Args:
        file: Its rows beside what is known.
        told: The known entries that it names or misses, each with its effect.
    """
    table, rows, last_full = file.table, file.rows, _last_full(file.reader)
    unknown = rows["customer_no"].is_not_null() & rows["customer_id"].is_null()
    yield from table.faults("erp_unknown_customer", "customer_no", where=unknown)
    for row in file.own.rows.filter(pl.col("entry_id").is_null())["row"]:
        yield table.fault("erp_voucher_unfit", "document_no", row=row)
    if not file.full:
        return
    if rows.is_empty() and worst(table.problems) in {None, Severity.WARNING}:
        yield Problem("erp_full_empty", {}, source=table.name)
    if last_full is not None and file.as_of < last_full:
        days = {"found": file.as_of.isoformat(), "last": last_full.isoformat()}
        yield Problem("erp_full_older", days, source=table.name)
    yield from _too_few(told, table)


#: So many entries a person looks at one by one in the preview.
_HANDFUL = 10


def _too_few(told: pl.DataFrame, table: ErpTable) -> Iterator[Problem]:
    """When a full file would close most of what is open here.

    A list that was filtered, also by currency, or another company's, looks so. More than a
    handful of entries stop the file until a person confirms it; fewer are a warning.
    """
    opened = told.filter(pl.col("remaining_minor") != 0)
    closed = (pl.col("effect") == effects.SETTLED) & (pl.col("shown_minor") == 0)
    of_currency = opened.group_by("currency").agg(
        known=pl.len(), gone=(closed | (pl.col("effect") == effects.REPLACED)).sum()
    )
    every = of_currency.select(pl.lit("*").alias("currency"), pl.col("known", "gone").sum())
    judged = pl.concat([every, of_currency.sort("currency")])
    few = judged.filter(2 * pl.col("gone") > pl.col("known"), pl.col("gone") >= _HANDFUL)
    missing = opened["row"].null_count()
    if few.height:
        currency, known, gone = few.row(0)
        where = ", ".join(of_currency["currency"].sort()) if currency == "*" else currency
        counts: dict[str, str | int] = {"found": gone, "known": known, "currency": where}
        yield Problem("erp_full_too_few", counts, source=table.name)
    elif 2 * missing > opened.height:
        counts = {"found": missing, "known": opened.height}
        yield Problem("erp_many_missing", counts, source=table.name)
