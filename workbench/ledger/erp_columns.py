"""One column of a file from the ERP: its texts into its values.

Each distinct text is parsed once, so that a hundred thousand rows cost little more than the
dates and amounts that really differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.erp_cells import BadCellError, Value, parse, parse_number
from workbench.ledger.erp_fields import Field, Kind
from workbench.ledger.mapping import FileMapping

_MISSING = BadCellError("erp_value_missing", "")


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
        return _plain(translated, field)
    cells = pl.DataFrame([translated.alias("text")])
    if field.kind in (Kind.AMOUNT, Kind.BASE_AMOUNT):
        assert currencies is not None, field.name
        cells = cells.with_columns(currencies.alias("currency"))
    distinct = cells.unique(maintain_order=True)
    parsed = [_parsed(key, field, mapping) for key in distinct.iter_rows()]
    values = [value for value, _ in parsed]
    outcomes = distinct.with_columns(
        pl.Series("value", values, field.dtype), place=pl.int_range(pl.len())
    )
    found = cells.join(
        outcomes, on=distinct.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    bad = {place: fault for place, (_, fault) in enumerate(parsed) if fault is not None}
    faults = [(row, bad[place]) for row, place in enumerate(found["place"]) if place in bad]
    return Column(found["value"].alias(field.name), faults)


def _plain(texts: pl.Series, field: Field) -> Column:
    """A column in which every text is good, and empty cells perhaps are not."""
    missing = (texts == "").arg_true() if field.required else ()
    return Column(texts.replace({"": None}), [(row, _MISSING) for row in missing])


def _translated(texts: pl.Series, field: Field, mapping: FileMapping) -> pl.Series:
    codes = mapping.values.get(field.name, {})
    translated = texts.replace(dict(codes)) if codes else texts
    default = mapping.defaults.get(field.name, "").strip()
    return translated.replace({"": default}) if default else translated


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
