"""A named list as a table for people, as CSV for spreadsheets, as a document for programs."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.documents.locale_format import NOTHING, LocaleFormat, locale_format
from workbench.ledger.named_list import NamedList
from workbench.model.masking import mask_personal
from workbench.model.money import EXPONENTS
from workbench.model.texts import marked, translate

_MOMENT = marked("{title}, as of {day}, as known at step {known}. Rows: {rows}.")
_MINOR = "_minor"

#: Columns in which the number of a person may stand; people see it masked, programs do not.
_PERSONAL = ("customer_no", "text")

#: A spreadsheet takes a text that begins so for a formula.
_FORMULA = r"^[=+\-@\t\r]"


def document(
    named: NamedList, rows: pl.DataFrame, *, as_of: dt.date, known: int
) -> dict[str, object]:
    """One JSON document; amounts in minor units."""
    return {"list": named.name, "as_of": as_of, "known": known, "rows": rows.to_dicts()}


def csv(rows: pl.DataFrame) -> str:
    """CSV with a heading; amounts with a decimal point, texts that hold no formulas."""
    return (
        rows.with_columns(
            *(_decimal(name) for name in _amounts(rows)),
            *(
                pl.col(name).str.replace(_FORMULA, "'$0")
                for name, kind in rows.schema.items()
                if kind == pl.String
            ),
        )
        .rename({name: name.removesuffix(_MINOR) for name in _amounts(rows)})
        .write_csv()
    )


def table(
    named: NamedList, rows: pl.DataFrame, *, language: str, as_of: dt.date, known: int
) -> str:
    """Columns in line under their names, in the reader's notation."""
    notation = locale_format(language)
    head = translate(_MOMENT, language=language).format(
        title=translate(named.title, language=language),
        day=notation.date(as_of),
        known=known,
        rows=notation.integer(rows.height),
    )
    if rows.is_empty():
        return head
    columns = [_column(rows, name, notation) for name in rows.columns]
    return "\n".join(
        [head, *("  ".join(cells).rstrip() for cells in zip(*columns, strict=True))]
    )


def _column(rows: pl.DataFrame, name: str, notation: LocaleFormat) -> list[str]:
    """A heading and the cells of one column, all of one width."""
    cells = [name.removesuffix(_MINOR), *_cells(rows, name, notation)]
    width = max(map(len, cells))
    numbers = rows.schema[name] == pl.Int64
    return [cell.rjust(width) if numbers else cell.ljust(width) for cell in cells]


def _cells(rows: pl.DataFrame, name: str, notation: LocaleFormat) -> list[str]:
    if name in _amounts(rows):
        pairs = rows.select(name, "currency").iter_rows()
        return [notation.amount(amount, currency) for amount, currency in pairs]
    cells = [_cell(value, notation) for value in rows[name]]
    return [mask_personal(cell) for cell in cells] if name.endswith(_PERSONAL) else cells


def _cell(value: object, notation: LocaleFormat) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, dt.date):
        return notation.date(value)
    if isinstance(value, bool):
        return "✓" if value else ""
    return " ".join(str(value).split())


def _amounts(rows: pl.DataFrame) -> list[str]:
    return [name for name in rows.columns if name.endswith(_MINOR)]


def _decimal(name: str) -> pl.Expr:
    """Minor units as text with a point, by the decimals of the row's currency."""
    amount = pl.col(name)
    digits = amount.abs().cast(pl.String)
    sign = pl.when(amount < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    decimals = pl.col("currency").replace_strict(EXPONENTS, return_dtype=pl.Int64)
    padded = digits.str.zfill(decimals + 1)
    whole = padded.str.head(padded.str.len_chars().cast(pl.Int64) - decimals)
    rest = padded.str.tail(decimals)
    point = pl.when(decimals > 0).then(pl.lit(".")).otherwise(pl.lit(""))
    return pl.concat_str(sign, whole, point, rest).alias(name)
