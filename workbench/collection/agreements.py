"""Agreements from the ERP: which customers pay a creditor by direct debit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import FileMapping, MappingText
from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports import importing as erp_import
from workbench.ledger.imports.importing import ErpImport, Posted, Purpose, Source
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

FIELDS = (
    Field("customer_no", Kind.CUSTOMER_NO, required=True),
    Field("creditor_no", required=True, pattern="[0-9]{8}", pattern_words="8 digits"),
    Field("debtor_group", pattern="[0-9]{5}", pattern_words="5 digits"),
    Field(
        "agreement_no",
        required=True,
        pattern="(?!0{9})[0-9]{9}",
        pattern_words="9 digits, not all zeros",
    ),
    Field("status", codes=("ok", "pending", "error", "cancelled")),
    Field("valid_from", Kind.DATE),
    Field("valid_to", Kind.DATE),
)

#: What names an agreement; a customer may have several with one creditor.
_KEY = ("creditor_no", "debtor_group", "customer_no", "agreement_no")
_CHANGEABLE = ("status", "valid_from", "valid_to")

_CUSTOMERS = """
SELECT customer_no, customer_id
FROM json_each(?) AS wanted JOIN customer ON customer_no = wanted.value
"""
_GROUPS = "SELECT creditor_no, debtor_group, is_default FROM debtor_group"
_KNOWN = """
SELECT a.creditor_no, a.debtor_group, wanted.value AS customer_no, a.agreement_no,
       a.agreement_id, a.version, a.status, a.valid_from, a.valid_to
FROM json_each(?) AS wanted JOIN customer AS c ON c.customer_no = wanted.value
JOIN agreement AS a USING (customer_id)
"""
_CUSTOMERS_SCHEMA = pl.Schema({"customer_no": pl.String, "customer_id": pl.Int64})
_GROUPS_SCHEMA = pl.Schema(
    {"creditor_no": pl.String, "debtor_group": pl.String, "is_default": pl.Boolean}
)
_KNOWN_SCHEMA = pl.Schema(
    {
        **dict.fromkeys(_KEY, pl.String()),
        "agreement_id": pl.Int64(),
        "version": pl.Int64(),
        "status": pl.String(),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
    }
)


@dataclass(frozen=True, slots=True)
class AgreementPlan:
    """What a file of agreements would do.

    Attributes:
        new: Agreements to add, with `customer_id`.
        changes: Known agreements with `agreement_id`, `version` and their new values.
        changeable: Which values the file speaks about.
    """

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    new: pl.DataFrame
    changes: pl.DataFrame
    changeable: tuple[str, ...]
    sums: Mapping[str, int] = field(default_factory=dict)

    def write(self, transaction: Transaction, source: Source) -> Posted | None:
        """Add the new agreements and change the changed ones."""
        transaction.append("agreement", _stored(self.new, source))
        for row in self.changes.iter_rows(named=True):
            values = {name: row[name] for name in self.changeable}
            transaction.edit(
                "agreement",
                row["agreement_id"],
                version=row["version"],
                changes={
                    name: value.isoformat() if isinstance(value, dt.date) else value
                    for name, value in values.items()
                },
            )
        return None


def import_agreements(
    workspace: Workspace,
    path: Path,
    *,
    mapping: Path | MappingText,
    as_of: dt.date,
    dry_run: bool = False,
    run_id: int | None = None,
) -> ErpImport:
    """Import the agreements in a CSV file; the center knows them already.

    An agreement without a debtor group belongs to the creditor's default group, one without
    a status is *ok*. What the mapping does not name stays as it is.

    Raises:
        BadMappingError: The mapping cannot be used.
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


def plan(reader: Reader, table: ErpTable, _: FileMapping) -> AgreementPlan:
    """Judge the rows of a file against the customers, creditors and agreements known."""
    wanted = table.values["customer_no"].drop_nulls().unique(maintain_order=True).to_list()
    parameters = [json.dumps(wanted)]
    customers = reader.frame(_CUSTOMERS, parameters, schema=_CUSTOMERS_SCHEMA)
    groups = reader.frame(_GROUPS, schema=_GROUPS_SCHEMA)
    rows = _with_default_group(table.values, groups).join(
        customers, on="customer_no", how="left", maintain_order="left"
    )
    problems = _unknown(table, rows, groups) + _twice(table, rows)
    problems += table.faults(
        "erp_dates_reversed",
        "valid_to",
        where=pl.col("valid_to") < pl.col("valid_from"),
        expected="valid_from",
    )
    known = reader.frame(_KNOWN, parameters, schema=_KNOWN_SCHEMA)
    rows = rows.join(
        known, on=list(_KEY), how="left", suffix=".known", maintain_order="left"
    ).with_columns(pl.col("status").fill_null("ok"))
    changeable = tuple(name for name in _CHANGEABLE if name in table.mapped)
    is_known = pl.col("agreement_id").is_not_null()
    changed = pl.any_horizontal(
        pl.lit(value=False),
        *(pl.col(name).ne_missing(pl.col(f"{name}.known")) for name in changeable),
    )
    new, changes = rows.filter(~is_known), rows.filter(is_known & changed)
    counts = {
        "new": new.height,
        "equal": rows.height - new.height - changes.height,
        "changed": changes.height,
    }
    return AgreementPlan(tuple(problems), counts, new, changes, changeable)


PURPOSE = Purpose("erp_agreements", FIELDS, plan)


def _with_default_group(values: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    defaults = groups.filter("is_default").select("creditor_no", default="debtor_group")
    return (
        values.join(defaults, on="creditor_no", how="left", maintain_order="left")
        .with_columns(pl.col("debtor_group").fill_null(pl.col("default")))
        .drop("default")
    )


def _unknown(table: ErpTable, rows: pl.DataFrame, groups: pl.DataFrame) -> list[Problem]:
    pairs = (groups["creditor_no"] + groups["debtor_group"]).to_list()
    judged = rows.select(
        customer=pl.col("customer_no").is_not_null() & pl.col("customer_id").is_null(),
        creditor=~pl.col("creditor_no").is_in(groups["creditor_no"].to_list()),
        group=~pl.concat_str("creditor_no", "debtor_group").is_in(pairs),
    )
    wrong_group = judged["group"] & ~judged["creditor"]
    return [
        *table.faults("erp_unknown_customer", "customer_no", where=judged["customer"]),
        *table.faults("erp_unknown_creditor", "creditor_no", where=judged["creditor"]),
        *table.faults("erp_unknown_debtor_group", "debtor_group", where=wrong_group),
    ]


def _twice(table: ErpTable, rows: pl.DataFrame) -> list[Problem]:
    first_line = pl.col("line").first().over(_KEY)
    repeated = rows.with_row_index("row").filter(
        pl.all_horizontal(pl.col(name).is_not_null() for name in _KEY),
        pl.col("line") > first_line,
    )
    lines = rows.select(first_line)["line"]
    return [
        table.fault("erp_duplicate", "agreement_no", row=row, first_line=lines[row])
        for row in repeated["row"]
    ]


def _stored(new: pl.DataFrame, source: Source) -> pl.DataFrame:
    active = pl.col("status").is_in(["ok", "cancelled"])
    return new.select(
        "customer_id",
        "creditor_no",
        "debtor_group",
        "agreement_no",
        "status",
        "valid_from",
        "valid_to",
        agreement_id=pl.int_range(source.first_id, source.first_id + pl.len(), dtype=pl.Int64),
        transfer_status=pl.when(active).then(pl.lit("transferred")).otherwise(pl.lit("none")),
        file_id=pl.lit(source.file_id, pl.Int64),
        file_line="line",
    )
