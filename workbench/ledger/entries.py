"""Open entries from the ERP: each file's new entries post one voucher in the journal ERP.

The facts of an entry never change. A file that tells a known entry's facts otherwise is
refused. What a file may still do to a known entry is stop it: *on hold* and *disputed* are
taken over when they are set, and lifted by a person only.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.ledger import erp_import
from workbench.ledger.collected import Collections
from workbench.ledger.entry_posting import post_entries
from workbench.ledger.entry_rows import AMOUNTS, FIELDS, VAT, row_problems
from workbench.ledger.erp_fields import DIMENSION
from workbench.ledger.erp_import import ErpImport, Posted, Purpose, Source
from workbench.ledger.erp_table import ErpTable
from workbench.ledger.mapping import FileMapping
from workbench.ledger.setup import DEFAULT_PROFILE
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: The facts of an entry that no later file may tell otherwise.
_FACTS = (
    "customer_no",
    "kind",
    "document_no",
    "document_date",
    "due_date",
    "amount",
    "currency",
    *VAT,
)
_STOPS = ("on_hold", "disputed")

_KNOWN = """
SELECT e.erp_entry_no, e.entry_id, e.version, c.customer_no, e.kind, e.document_no,
       e.document_date, e.due_date, e.amount_minor AS amount, e.currency, e.on_hold,
       e.disputed, v.vat_code, v.rate_basis_points AS vat_rate, v.base_minor AS vat_base,
       v.vat_minor AS vat_amount
FROM json_each(?) AS wanted JOIN entry AS e ON e.erp_entry_no = wanted.value
JOIN customer AS c USING (customer_id)
LEFT JOIN entry_vat AS v ON v.entry_id = e.entry_id AND v.number = 1
"""
_KNOWN_SCHEMA = pl.Schema(
    {
        "erp_entry_no": pl.String(),
        "entry_id": pl.Int64(),
        "version": pl.Int64(),
        **{field.name: field.dtype for field in FIELDS if field.name in (*_FACTS, *_STOPS)},
    }
)
_CUSTOMERS = """
SELECT customer_no, customer_id, ifnull(profile, ?) AS profile
FROM json_each(?) AS wanted JOIN customer AS c ON c.customer_no = wanted.value
"""
_CUSTOMERS_SCHEMA = pl.Schema(
    {"customer_no": pl.String, "customer_id": pl.Int64, "profile": pl.String}
)


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """What a file of entries would do.

    Attributes:
        new: Entries to add, in ledger view, with `customer_id`, `profile`, `dimensions`.
        stops: `entry_id`, `version`, `on_hold`, `disputed` of the known entries to stop.
    """

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    sums: Mapping[str, int]
    new: pl.DataFrame
    stops: pl.DataFrame

    def write(self, transaction: Transaction, source: Source) -> Posted | None:
        """Post the new entries and stop known ones."""
        for row in self.stops.iter_rows(named=True):
            transaction.edit(
                "entry",
                row["entry_id"],
                version=row["version"],
                changes={name: int(row[name]) for name in _STOPS},
            )
        return post_entries(transaction, self.new, source=source) if self.new.height else None


def import_entries(
    workspace: Workspace,
    path: Path,
    *,
    mapping: Path,
    as_of: dt.date,
    full: bool = False,
    dry_run: bool = False,
    run_id: int | None = None,
    collections: Collections | None = None,
    as_seen: int | None = None,
) -> ErpImport:
    """Import the open entries in a CSV file; their voucher is dated `as_of`, rolled forward.

    Raises:
        BadMappingError: The mapping cannot be used.
        NoOpenPeriodError: No period is open from `as_of` on.
    """
    return erp_import.run(
        workspace,
        path,
        purpose=PURPOSE,
        mapping=mapping,
        as_of=as_of,
        dry_run=dry_run,
        run_id=run_id,
    )


def plan(reader: Reader, table: ErpTable, mapping: FileMapping) -> EntryPlan:
    """Judge the rows of a file against the entries and customers that are known."""
    problems = row_problems(table, mapping)
    rows = _in_ledger_view(table.values, mapping).join(
        _customers(reader, table), on="customer_no", how="left", maintain_order="left"
    )
    unknown = rows["customer_no"].is_not_null() & rows["customer_id"].is_null()
    problems += table.faults("erp_unknown_customer", "customer_no", where=unknown)
    rows = rows.join(
        _known(reader, table),
        on="erp_entry_no",
        how="left",
        suffix=".known",
        maintain_order="left",
    )
    compared = [name for name in _FACTS if name in table.mapped]
    problems += _changed_facts(table, rows, compared)
    is_known = pl.col("entry_id").is_not_null()
    stopped = is_known & pl.any_horizontal(
        pl.col(name) & ~pl.col(f"{name}.known") for name in _STOPS
    )
    new = rows.filter(~is_known)
    stops = rows.filter(stopped).select(
        "entry_id", "version", *(pl.col(name) | pl.col(f"{name}.known") for name in _STOPS)
    )
    counts = {
        "new": new.height,
        "equal": rows.height - new.height - stops.height,
        "changed": stops.height,
    }
    sums = new.drop_nulls(["currency"]).group_by("currency").agg(pl.col("amount").sum())
    return EntryPlan(
        problems=tuple(problems),
        counts=counts,
        sums=dict(sums.sort("currency").iter_rows()),
        new=_with_dimensions(new, table),
        stops=stops,
    )


PURPOSE = Purpose("erp_entries", FIELDS, plan, dimensions=True)


def _customers(reader: Reader, table: ErpTable) -> pl.DataFrame:
    wanted = table.values["customer_no"].drop_nulls().unique(maintain_order=True).to_list()
    parameters = [DEFAULT_PROFILE, json.dumps(wanted)]
    return reader.frame(_CUSTOMERS, parameters, schema=_CUSTOMERS_SCHEMA)


def _known(reader: Reader, table: ErpTable) -> pl.DataFrame:
    wanted = table.values["erp_entry_no"].drop_nulls().unique(maintain_order=True).to_list()
    return reader.frame(_KNOWN, [json.dumps(wanted)], schema=_KNOWN_SCHEMA)


def _in_ledger_view(values: pl.DataFrame, mapping: FileMapping) -> pl.DataFrame:
    stops = [pl.col(name).fill_null(value=False) for name in _STOPS]
    if mapping.notation.credit_sign == "negative":
        return values.with_columns(stops)
    turned = pl.col("kind") == "credit_note"
    return values.with_columns(
        *stops,
        *(
            pl.when(turned).then(-pl.col(name)).otherwise(pl.col(name)).alias(name)
            for name in AMOUNTS
        ),
    )


def _changed_facts(table: ErpTable, rows: pl.DataFrame, compared: list[str]) -> list[Problem]:
    problems = []
    for name in compared:
        known = pl.col(f"{name}.known")
        # A bad cell is null and has its problem already; an empty one differs from a value.
        readable = pl.col(name).is_not_null() | (table.texts[name] == "")
        differs = pl.col("entry_id").is_not_null() & readable & pl.col(name).ne_missing(known)
        for row, before in (
            rows.with_row_index("row").filter(differs).select("row", known).iter_rows()
        ):
            expected = "nothing" if before is None else str(before)
            problems.append(table.fault("entry_changed", name, row=row, expected=expected))
    return problems


def _with_dimensions(new: pl.DataFrame, table: ErpTable) -> pl.DataFrame:
    names = [name for name in table.values.columns if name.startswith(DIMENSION)]
    texts = [
        json.dumps(
            {name.removeprefix(DIMENSION): value for name, value in row.items() if value},
            ensure_ascii=False,
            sort_keys=True,
        )
        for row in new.select(names).iter_rows(named=True)
    ]
    dimensions = pl.Series("dimensions", texts or ["{}"], pl.String)
    return new.with_columns(dimensions if texts else pl.lit("{}").alias("dimensions"))
