"""Cells that have a type of their own, written as a text file would write them.

A number or a date in a workbook or a Parquet file is put into the mapping's own notation, so
that one reading of texts serves every kind of file and a problem quotes what a person knows.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl

from workbench.ledger.files.cells import EPOCH, date_of_serial
from workbench.ledger.files.mapping import Notation

#: Binary fractions are read to so many decimals: 0.30000000000000004 is 0.3.
_DECIMALS = 6
_STEP = Decimal(1).scaleb(-_DECIMALS)
#: A longer whole number has lost digits where it was kept as a binary fraction.
FLOAT_MAX = 10**15


def as_texts(
    column: pl.Series, *, notation: Notation, dates: bool = False, epoch: dt.date = EPOCH
) -> pl.Series | None:
    """The texts of a typed column, "" where empty; None for a type without a text.

    Args:
        dates: The field is a date, so that a number counts days, as Excel does.
        epoch: Day 0 of that count.
    """
    kind = column.dtype
    if kind == pl.String:
        texts = column
    elif kind in (pl.Boolean, pl.Null) or isinstance(kind, (pl.Categorical, pl.Enum)):
        texts = column.cast(pl.String)
    elif kind == pl.Date or isinstance(kind, pl.Datetime):
        texts = column.cast(pl.Date).dt.strftime(notation.date)
    elif kind.is_numeric():
        texts = _numbers(column, notation=notation, dates=dates, epoch=epoch)
    else:
        return None
    return texts.fill_null("")


def number_text(
    printed: str, *, notation: Notation, dates: bool = False, epoch: dt.date = EPOCH
) -> str:
    """A number, printed with a point, in the notation of the mapping."""
    whole, _, decimals = printed.partition(".")
    if dates and not decimals.strip("0"):
        day = date_of_serial(whole, epoch=epoch)
        return f"{day:{notation.date}}" if day else whole
    number = Decimal(printed)
    if not number.is_finite():
        return printed
    if (len(decimals) > _DECIMALS or "e" in printed.lower()) and abs(number) < FLOAT_MAX:
        number = number.quantize(_STEP)
    whole, _, decimals = f"{number:f}".partition(".")
    decimals = decimals.rstrip("0")
    return f"{whole}{notation.decimal}{decimals}" if decimals else whole


def _numbers(
    column: pl.Series, *, notation: Notation, dates: bool, epoch: dt.date
) -> pl.Series:
    printed = column.cast(pl.String)
    distinct = printed.drop_nulls().unique()
    written = [
        number_text(text, notation=notation, dates=dates, epoch=epoch) for text in distinct
    ]
    return printed.replace_strict(
        distinct, pl.Series(written, dtype=pl.String), default=None, return_dtype=pl.String
    )
