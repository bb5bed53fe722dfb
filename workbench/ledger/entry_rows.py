"""What the rows of a file of entries hold, and what they may not say whoever reads them."""

from __future__ import annotations

import polars as pl

from workbench.ledger.erp_fields import Field, Kind
from workbench.ledger.erp_table import ErpTable
from workbench.ledger.mapping import FileMapping
from workbench.model.problems import Problem

#: Claims are positive in ledger view, credit notes negative; the others may be either.
CLAIMS = ("invoice", "reminder", "interest", "fee")
KINDS = (*CLAIMS, "credit_note", "refund", "other")

VAT = ("vat_code", "vat_rate", "vat_base", "vat_amount")
AMOUNTS = ("amount", "vat_base", "vat_amount")

FIELDS = (
    Field("erp_entry_no", required=True),
    Field("customer_no", Kind.CUSTOMER_NO, required=True),
    Field("kind", required=True, codes=KINDS),
    Field("document_no", required=True),
    Field("text"),
    Field("document_date", Kind.DATE, required=True),
    Field("due_date", Kind.DATE, required=True),
    Field("amount", Kind.AMOUNT, required=True),
    Field("currency", Kind.CURRENCY, required=True),
    Field("on_hold", Kind.FLAG),
    Field("disputed", Kind.FLAG),
    Field("vat_code"),
    Field("vat_rate", Kind.RATE),
    Field("vat_base", Kind.AMOUNT),
    Field("vat_amount", Kind.AMOUNT),
)


def row_problems(table: ErpTable, mapping: FileMapping) -> list[Problem]:
    """What is wrong with the rows as they stand in the file."""
    return [
        *table.duplicates("erp_entry_no"),
        *_wrong_amounts(table, mapping),
        *_wrong_vat(table),
        *_reversed_dates(table),
    ]


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
