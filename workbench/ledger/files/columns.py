"""One column of a file from the ERP: its texts into its values.

Plain amounts and customer numbers are converted as whole columns. Of all else each distinct
text is parsed once, so that a million rows cost little more than the dates that differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.files.amounts import ambiguous, plain_amounts, shows_its_notation
from workbench.ledger.files.cells import BadCellError, Value, parse, parse_number
from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import FileMapping, Notation
from workbench.ledger.files.sheet import CellFault
from workbench.references import betalingsservice_customer

_MISSING = BadCellError("erp_value_missing", "")
_FORMULA = BadCellError("erp_formula", "1042")
_AMOUNTS = (Kind.AMOUNT, Kind.BASE_AMOUNT)
_NUMBERS = (*_AMOUNTS, Kind.RATE, Kind.EXCHANGE_RATE)


@dataclass(frozen=True, slots=True)
class Column:
    """A field's values, null where a cell is empty or bad, and the fault of each bad row."""

    values: pl.Series
    faults: list[tuple[int, BadCellError]]


def convert(
    texts: pl.Series, field: Field, *, mapping: FileMapping, currencies: pl.Series | None
) -> Column:
    """The values of a column.

    Args:
        texts: Stripped cells, "" where empty, of a field that the mapping names.
        currencies: The rows' currencies, null where unreadable, or the company's own in
            every row; for an amount.
    """
    translated = _translated(texts, field, mapping)
    if field.kind is Kind.TEXT and not field.codes and not field.pattern:
        return _plain(translated, translated.replace({"": None}), field)
    if field.kind is Kind.CUSTOMER_NO:
        return _plain(translated, _customer_numbers(translated), field)
    doubtful = field.kind in _NUMBERS and not shows_its_notation(
        translated, notation=mapping.notation
    )
    if field.kind not in _AMOUNTS:
        return _one_by_one(translated, field, mapping, currencies=None, doubtful=doubtful)
    assert currencies is not None, field.name
    values = plain_amounts(translated, currencies, notation=mapping.notation)
    if doubtful:
        values = values.set(ambiguous(translated, notation=mapping.notation), None)
    rest = pl.int_range(translated.len(), eager=True).filter(values.is_null())
    if rest.is_empty():
        return Column(values.alias(field.name), [])
    found = _one_by_one(
        translated[rest], field, mapping, currencies=currencies[rest], doubtful=doubtful
    )
    values = values.scatter(rest, found.values)
    faults = [(rest[row], fault) for row, fault in found.faults]
    return Column(values.alias(field.name), faults)


def without_marked(column: Column, marks: Sequence[CellFault]) -> Column:
    """The column in which cells that were found bad before have that fault alone."""
    if not marks:
        return column
    rows = {mark.row: BadCellError(mark.code, "") for mark in marks}
    faults = {**dict(column.faults), **rows}
    return Column(
        column.values.scatter(list(rows), None),
        sorted(faults.items(), key=lambda fault: fault[0]),
    )


def _plain(texts: pl.Series, values: pl.Series, field: Field) -> Column:
    """A column in which every text is good, and empty cells perhaps are not."""
    missing = (texts == "").arg_true() if field.required else ()
    faults = [(row, _MISSING) for row in missing]
    if field.kind is Kind.CUSTOMER_NO:
        formulas = texts.str.starts_with("=")
        faults += [(row, _FORMULA) for row in formulas.arg_true()]
        values = values.set(formulas, None)
    return Column(values.alias(field.name), sorted(faults, key=lambda fault: fault[0]))


def _customer_numbers(texts: pl.Series) -> pl.Series:
    number = betalingsservice_customer.canonical(pl.col("no"))
    return pl.DataFrame([texts.replace({"": None}).alias("no")]).select(number)["no"]


def _translated(texts: pl.Series, field: Field, mapping: FileMapping) -> pl.Series:
    codes = mapping.values.get(field.name, {})
    translated = texts.replace(dict(codes)) if codes else texts
    default = mapping.defaults.get(field.name, "").strip()
    return translated.replace({"": default}) if default else translated


def _one_by_one(
    texts: pl.Series,
    field: Field,
    mapping: FileMapping,
    *,
    currencies: pl.Series | None,
    doubtful: bool,
) -> Column:
    cells = pl.DataFrame([texts.alias("text")])
    if currencies is not None:
        cells = cells.with_columns(currencies.alias("currency"))
    distinct = cells.unique(maintain_order=True)
    parsed = [_parsed(key, field, mapping) for key in distinct.iter_rows()]
    bad = {place: fault for place, (_, fault) in enumerate(parsed) if fault is not None}
    if doubtful:
        bad.update(_doubts(distinct["text"], notation=mapping.notation))
    values = [None if place in bad else value for place, (value, _) in enumerate(parsed)]
    outcomes = distinct.with_columns(
        pl.Series("value", values, field.dtype), place=pl.int_range(pl.len())
    )
    found = cells.join(
        outcomes, on=distinct.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    rows = found["place"].is_in(list(bad)).arg_true() if bad else ()
    faults = [(row, bad[found["place"][row]]) for row in rows]
    return Column(found["value"].alias(field.name), faults)


def _doubts(distinct: pl.Series, *, notation: Notation) -> dict[int, BadCellError]:
    """Numbers that could be read two ways, in a column that does not show which is meant."""
    fault = BadCellError("erp_ambiguous_number", notation.thousands)
    return dict.fromkeys(ambiguous(distinct, notation=notation).arg_true(), fault)


def _parsed(
    key: tuple[Any, ...], field: Field, mapping: FileMapping
) -> tuple[Value | None, BadCellError | None]:
    text, *currency = key
    if not text and field.kind is not Kind.FLAG:
        return None, _MISSING if field.required else None
    try:
        if currency == [None]:  # without its currency a number has no minor units
            parse_number(text, notation=mapping.notation)
            return None, None
        value = parse(text, field, notation=mapping.notation, currency="".join(currency))
    except BadCellError as fault:
        return None, fault
    return value, None
