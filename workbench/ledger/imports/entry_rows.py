"""What the rows of a file of entries hold, and what they may not say whoever reads them."""

from __future__ import annotations

import json

import polars as pl

from workbench.ledger.files.fields import DIMENSION, Field, Kind
from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.table import ErpTable
from workbench.model.problems import Problem

#: Claims are positive in ledger view, credit notes negative; the others may be either.
CLAIMS = ("invoice", "reminder", "interest", "fee")
KINDS = (*CLAIMS, "credit_note", "refund", "other")

VAT = ("vat_code", "vat_rate", "vat_base", "vat_amount")
#: A credit note's, where the file shows them positive, are turned in ledger view.
AMOUNTS = ("amount", "remaining", "base_amount", "vat_base", "vat_amount")
STOPS = ("on_hold", "disputed")

FIELDS = (
    Field("erp_entry_no", required=True),
    Field("customer_no", Kind.CUSTOMER_NO, required=True),
    Field("kind", required=True, codes=KINDS),
    Field("document_no", required=True),
    Field("text"),
    Field("document_date", Kind.DATE, required=True),
    Field("due_date", Kind.DATE, required=True),
    Field("amount", Kind.AMOUNT, required=True),
    Field("remaining", Kind.AMOUNT),
    Field("currency", Kind.CURRENCY, required=True),
    Field("base_amount", Kind.BASE_AMOUNT),
    Field("rate", Kind.EXCHANGE_RATE),
    Field("rate_date", Kind.DATE),
    Field("promised_on", Kind.DATE),
    Field("on_hold", Kind.FLAG),
    Field("disputed", Kind.FLAG),
    Field("vat_code"),
    Field("vat_rate", Kind.RATE),
    Field("vat_base", Kind.AMOUNT),
    Field("vat_amount", Kind.AMOUNT),
)


def row_problems(table: ErpTable, mapping: FileMapping, *, full: bool) -> list[Problem]:
    """What is wrong with the rows as they stand in the file."""
    return [
        *table.duplicates("erp_entry_no"),
        *_wrong_amounts(table, mapping),
        *_wrong_remaining(table, full=full),
        *_wrong_vat(table),
        *_reversed_dates(table),
    ]


def in_ledger_view(values: pl.DataFrame, mapping: FileMapping) -> pl.DataFrame:
    """The rows with a credit note's amounts negative, and no stop where a cell is empty."""
    stops = [pl.col(name).fill_null(value=False) for name in STOPS]
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


def with_dimensions(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their dimensions as one JSON object, `dimensions`."""
    names = [name for name in rows.columns if name.startswith(DIMENSION)]
    if not names:
        return rows.with_columns(dimensions=pl.lit("{}"))
    distinct = rows.select(names).unique()
    texts = [
        json.dumps(
            {name.removeprefix(DIMENSION): value for name, value in row.items() if value},
            ensure_ascii=False,
            sort_keys=True,
        )
        for row in distinct.iter_rows(named=True)
    ]
    said = distinct.with_columns(pl.Series("dimensions", texts, pl.String))
    return rows.join(said, on=names, how="left", nulls_equal=True, maintain_order="left")


def _wrong_amounts(table: ErpTable, mapping: FileMapping) -> list[Problem]:
    amount, kind = pl.col("amount"), pl.col("kind")
    shown_negative = mapping.notation.credit_sign == "negative"
    claim = kind.is_in(CLAIMS) & (amount < 0)
    credit = (kind == "credit_note") & ((amount > 0) if shown_negative else (amount < 0))
    credit_expected = "a negative amount" if shown_negative else "a positive amount"
    return [
        *table.faults("erp_zero_amount", "amount", where=amount == 0),
        *table.faults("erp_wrong_sign", "amount", where=claim, expected="a positive amount"),
        *table.faults("erp_wrong_sign", "amount", where=credit, expected=credit_expected),
    ]


def _wrong_remaining(table: ErpTable, *, full: bool) -> list[Problem]:
    """What remains lies between nothing and the amount; a full file always tells it."""
    if "remaining" not in table.mapped:
        missing = Problem("erp_remaining_needed", {"name": table.name}, source=table.name)
        return [missing] if full else []
    amount, remaining = pl.col("amount"), pl.col("remaining")
    beyond = remaining.abs() > amount.abs()
    other_side = remaining.sign() * amount.sign() < 0
    problems = table.faults("erp_remaining_wrong", "remaining", where=beyond | other_side)
    if full:
        empty = remaining.is_null() & (table.texts["remaining"] == "")
        problems += table.faults("erp_value_missing", "remaining", where=empty)
    return problems


def _wrong_vat(table: ErpTable) -> list[Problem]:
    """VAT is told whole, with code, rate, base and amount, or not at all."""
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in VAT)
    problems = []
    for name in VAT:
        lacking = some & pl.col(name).is_null() & (table.texts[name] == "")
        problems += table.faults("erp_value_missing", name, where=lacking)
    return problems


def _reversed_dates(table: ErpTable) -> list[Problem]:
    early = pl.col("due_date") < pl.col("document_date")
    return table.faults("erp_due_before_document", "due_date", where=early)
