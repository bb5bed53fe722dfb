"""Whole columns of amounts into minor units at once.

Only plain texts are taken here, such as "1.234,50" or "-99"; every other text is null and
goes the way of single cells, which knows more and says what is wrong.
"""

from __future__ import annotations

import re

import polars as pl

from workbench.ledger.files.mapping import Notation
from workbench.model.money import EXPONENTS

#: Digits before the decimals: with two decimals still below the most that an amount may be.
_WHOLE_MAX = 13


def plain_amounts(texts: pl.Series, currencies: pl.Series, *, notation: Notation) -> pl.Series:
    """Minor units of the texts that are plain amounts of their row's currency."""
    frame = pl.DataFrame([texts.alias("text"), currencies.alias("currency")])
    decimals_max = pl.col("currency").replace_strict(
        EXPONENTS, default=None, return_dtype=pl.Int64
    )
    text = pl.col("text")
    parts = text.str.splitn(notation.decimal, 2)
    whole = parts.struct.field("field_0")
    if notation.thousands:
        whole = whole.str.replace_all(notation.thousands, "", literal=True)
    decimals = parts.struct.field("field_1").fill_null("")
    minor = pl.lit(None, pl.Int64)
    for places in sorted(set(EXPONENTS.values())):
        fitting = (decimals_max == places) & (decimals.str.len_bytes() <= places)
        digits = whole + decimals.str.pad_end(places, "0")
        value = digits.cast(pl.Int64, strict=False)
        minor = pl.when(fitting).then(value).otherwise(minor)
    plain = text.str.contains(_plain(notation))
    return frame.select(pl.when(plain).then(minor).alias("value"))["value"]


def _plain(notation: Notation) -> str:
    decimal = f"(?:{re.escape(notation.decimal)}[0-9]+)?"
    plain = rf"-?[0-9]{{1,{_WHOLE_MAX}}}{decimal}"
    if not notation.thousands:
        return rf"\A{plain}\z"
    mark = re.escape(notation.thousands)
    grouped = rf"-?[0-9]{{1,3}}(?:{mark}[0-9]{{3}}){{1,3}}{decimal}"
    return rf"\A(?:{plain}|{grouped})\z"


def shows_its_notation(texts: pl.Series, *, notation: Notation) -> bool:
    """Whether some number of a column can be read in the declared notation alone."""
    mark, decimal = re.escape(notation.thousands), re.escape(notation.decimal)
    grouped = rf"\A[+-]?[0-9]{{1,3}}(?:{mark}[0-9]{{3}})"
    sure = rf"{grouped}{{2,}}|{grouped}*{decimal}[0-9]|\A[+-]?[0-9]+{decimal}[0-9]"
    return bool(texts.str.contains(sure).any())


def ambiguous(texts: pl.Series, *, notation: Notation) -> pl.Series:
    """Texts such as "1.234", which is a thousand here and a little above one elsewhere."""
    if notation.thousands not in (".", ","):
        return pl.Series([False], dtype=pl.Boolean).new_from_index(0, texts.len())
    mark = re.escape(notation.thousands)
    return texts.str.contains(rf"\A[+-]?[1-9][0-9]{{0,2}}{mark}[0-9]{{3}}-?\z")
