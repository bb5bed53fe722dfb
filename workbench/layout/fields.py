"""Field types of fixed-width records: each reads, checks and writes one column of cells.

Positions are 1-based and inclusive, as specifications print them. A field is declared once,
in the body of its record; what it expects, and which problem a cell that breaks it becomes,
stand here.
"""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import polars as pl

from workbench.layout import digits, latin1
from workbench.layout.digits import Bytes, Flags

#: What a column of cells may hold; a single value stands for every row.
Value: TypeAlias = pl.Series | str | int | dt.date | None

_BLANK = 0x20
_ZERO = 0x30
_DIRECTIONS = np.array([0, 1, -1], np.int64)


class CannotWriteError(ValueError):
    """A value does not fit its field."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The values of one field in many rows.

    Attributes:
        values: The column, or what `finish` makes the column of.
        bad: Marks cells that broke the field; None where none did.
        finish: What remains to be done; a record does it for all its columns at once.
    """

    values: pl.Series
    bad: Flags | None = None
    finish: Callable[[pl.Expr], pl.Expr] | None = None


@dataclass(frozen=True)
class Field(ABC):
    """Positions first to last of a record.

    Attributes:
        first: First position, counted from 1.
        last: Last position, inclusive.
        meaning: What the specification says that it holds.
    """

    first: int
    last: int
    meaning: str = ""

    #: The problem that a bad cell becomes.
    problem = "bad_number"
    #: Whether the field is read into a column; constants and fillers are only written.
    is_read = True

    @property
    def width(self) -> int:
        """Number of positions."""
        return self.last - self.first + 1

    @property
    def label(self) -> str:
        """What it holds, as the beginning of a sentence."""
        return self.meaning[:1].upper() + self.meaning[1:]

    @property
    def expected(self) -> str:
        """What a good cell holds, in words."""
        return f"{self.width} digits"

    def cells(self, matrix: Bytes) -> Bytes:
        """The bytes of this field, one row per record."""
        return matrix[:, self.first - 1 : self.last]

    @abstractmethod
    def read(self, matrix: Bytes) -> Cells:
        """The typed values of all rows."""

    @abstractmethod
    def write(self, values: pl.Series) -> Bytes:
        """The bytes of all rows.

        Raises:
            CannotWriteError: A value does not fit.
        """


@dataclass(frozen=True)
class Constant(Field):
    """The same text in every record, such as a record type or a filler.

    It is written and not checked: readers of the real world meet blanks for zeros there.
    """

    text: str = ""
    is_read = False

    def read(self, matrix: Bytes) -> Cells:
        """Nothing: what stands there means nothing."""
        return Cells(pl.repeat(None, len(matrix), eager=True))

    def write(self, values: pl.Series) -> Bytes:
        """The constant, repeated over its positions."""
        cell = (self.text * self.width)[: self.width].encode("latin-1")
        return np.tile(np.frombuffer(cell, np.uint8), (len(values), 1))


def zeros(first: int, last: int) -> Constant:
    """Positions that hold zeros and mean nothing."""
    return Constant(first, last, "zeros", text="0")


@dataclass(frozen=True)
class Text(Field):
    """Characters (type X) in ISO-8859-1.

    Attributes:
        strip: Which blanks are not part of the value.
        fill: Left aligned and filled with blanks, or right aligned and filled with zeros.
    """

    strip: Literal["trailing", "both"] = "trailing"
    fill: Literal["blank", "zero"] = "blank"

    @property
    def expected(self) -> str:
        """What a good cell holds, in words."""
        return f"{self.width} characters"

    def read(self, matrix: Bytes) -> Cells:
        """The texts without blanks; null where nothing is left."""
        cells = self.cells(matrix)
        used = (cells != _BLANK).any(axis=0)
        if not used.any():
            nothing = pl.Series([None], dtype=pl.String)
            return Cells(nothing.new_from_index(0, len(cells)))
        # Only positions that some row uses are decoded; where all rows are equally long and
        # begin at once, as codes and references often are, nothing remains to be stripped.
        cells = cells[:, : len(used) - int(used[::-1].argmax())]
        ends = cells[:, -1] if self.strip == "trailing" else cells[:, [0, -1]]
        finished = bool((ends != _BLANK).all())
        return Cells(latin1.decode(cells), finish=None if finished else self._without_blanks)

    def _without_blanks(self, texts: pl.Expr) -> pl.Expr:
        kept = texts.str.strip_chars_end(" ")
        if self.strip == "both":
            kept = kept.str.strip_chars_start(" ")
        return pl.when(kept.str.len_bytes() > 0).then(kept)

    def write(self, values: pl.Series) -> Bytes:
        """The texts, aligned and filled; nothing is cut."""
        self._refuse_long(values)
        try:
            zero = self.fill == "zero"
            return latin1.encode(
                values, width=self.width, right=zero, fill="0" if zero else " "
            )
        except UnicodeEncodeError as cause:
            bad = cause.object[cause.start : cause.end]
            raise CannotWriteError(f"{self.meaning}: {bad!r} is not ISO-8859-1") from cause

    def _refuse_long(self, values: pl.Series) -> None:
        long = values.filter(values.str.len_chars() > self.width)
        if len(long):
            raise CannotWriteError(
                f"{self.meaning}: {long[0]!r} is longer than {self.width} characters"
            )


@dataclass(frozen=True)
class CustomerNumber(Text):
    """A customer number in its canonical form.

    Without blanks and leading zeros, in capitals; "0" where nothing but zeros was there,
    null where there was nothing.
    """

    def read(self, matrix: Bytes) -> Cells:
        """The canonical numbers."""
        cells = self.cells(matrix)
        if (cells >= ord("a")).any() or (cells == _BLANK).any():
            return Cells(latin1.decode(cells), finish=canonical_customer)
        cells = cells[:, int((cells != _ZERO).any(axis=0).argmax()) :]
        finished = bool((cells[:, 0] != _ZERO).all())
        return Cells(latin1.decode(cells), finish=None if finished else _without_zeros)


@dataclass(frozen=True)
class Repeated(Text):
    """A text that repeats what another record says: written, but not read into a column."""

    is_read = False


@dataclass(frozen=True)
class Number(Field):
    """Digits (type N) that are one whole number.

    Attributes:
        blank: Whether blanks are read as null instead of being a fault.
    """

    blank: bool = False

    def read(self, matrix: Bytes) -> Cells:
        """The numbers; null where the cell is bad or, if allowed, blank."""
        values, bad = digits.numbers(matrix, first=self.first, last=self.last)
        if not bad.any():
            return Cells(pl.Series(values))
        series = pl.Series(values).set(pl.Series(bad), None)
        return Cells(series, _unless_blank(bad, self.cells(matrix)) if self.blank else bad)

    def write(self, values: pl.Series) -> Bytes:
        """The numbers as zero-filled digits; null is zero."""
        filled = values.cast(pl.Int64).fill_null(0)
        for value in filled.filter((filled < 0) | (filled >= 10**self.width)).head(1):
            raise CannotWriteError(f"{self.meaning}: {value} is not {self.expected}")
        return digits.digits(filled.to_numpy(), width=self.width)


@dataclass(frozen=True)
class MinorUnits(Number):
    """An amount in whole minor units without its sign."""

    problem = "bad_amount"


@dataclass(frozen=True)
class Sign(Field):
    """A sign code: 0 no amount, 1 collection, 2 disbursement; read as 0, 1 and -1."""

    problem = "bad_sign"

    @property
    def expected(self) -> str:
        """What a good cell holds, in words."""
        return "0, 1 or 2"

    def read(self, matrix: Bytes) -> Cells:
        """The directions; null where the code is none of the three."""
        codes = self.cells(matrix)[:, 0]
        bad = (codes < ord("0")) | (codes > ord("2"))
        series = pl.Series(_DIRECTIONS[np.where(bad, 0, codes - ord("0"))])
        if not bad.any():
            return Cells(series)
        return Cells(series.set(pl.Series(bad), None), bad)

    def write(self, values: pl.Series) -> Bytes:
        """The codes of directions, or of signed amounts."""
        signs = np.sign(values.fill_null(0).to_numpy())
        return (np.where(signs < 0, 2, signs) + ord("0")).astype(np.uint8)[:, None]


@dataclass(frozen=True)
class Identifier(Field):
    """Digits that are a name, such as an agreement number; all zeros or blanks are null."""

    @property
    def expected(self) -> str:
        """What a good cell holds, in words."""
        return f"{self.width} digits, zeros for none"

    def read(self, matrix: Bytes) -> Cells:
        """The digits as text; null where the cell is bad or there is none."""
        values, bad = digits.numbers(matrix, first=self.first, last=self.last)
        texts = latin1.decode(self.cells(matrix))
        none = bad | (values == 0)
        if none.any():
            texts = texts.set(pl.Series(none), None)
        return Cells(texts, _unless_blank(bad, self.cells(matrix)) if bad.any() else None)

    def write(self, values: pl.Series) -> Bytes:
        """The digits, zero-filled on the left; null is zeros."""
        return Text(self.first, self.last, self.meaning, fill="zero").write(values)


@dataclass(frozen=True)
class Date(Field):
    """A day as ddmmyy (20yy) or, with 8 positions, ddmmyyyy; zeros or blanks are null."""

    problem = "bad_date"

    @property
    def expected(self) -> str:
        """What a good cell holds, in words."""
        form = "ddmmyy" if self.width == 6 else "ddmmyyyy"
        return f"a day as {form}, zeros for none"

    def read(self, matrix: Bytes) -> Cells:
        """The days; null where the cell is empty or no day of the calendar."""
        values, bad = digits.numbers(matrix, first=self.first, last=self.last)
        if bad.any():
            values = np.where(bad, 0, values)
            bad = _unless_blank(bad, self.cells(matrix))
        convert = digits.days_of_ddmmyy if self.width == 6 else digits.days_of_ddmmyyyy
        days = convert(values)
        bad = bad | (days == digits.NO_DATE)
        series = pl.Series(days)
        null = days <= digits.EMPTY_DATE
        if null.any():
            series = series.set(pl.Series(null), None)
        return Cells(series.cast(pl.Date), bad if bad.any() else None)

    def write(self, values: pl.Series) -> Bytes:
        """The days; null is zeros."""
        days = values.cast(pl.Date)
        year = days.dt.year().cast(pl.Int64)
        if self.width == 6:
            for value in days.filter((year < 2000) | (year > 2099)).head(1):
                raise CannotWriteError(f"{self.meaning}: {value} is not in 2000-2099")
            year = year % 100
        month, day = days.dt.month().cast(pl.Int64), days.dt.day().cast(pl.Int64)
        numbers = (day * 100 + month) * 10 ** (self.width - 4) + year
        return digits.digits(numbers.fill_null(0).to_numpy(), width=self.width)


def canonical_customer(texts: pl.Expr) -> pl.Expr:
    """Customer numbers without blanks and leading zeros, in capitals."""
    return _without_zeros(texts.str.replace_all(" ", "", literal=True).str.to_uppercase())


def _without_zeros(texts: pl.Expr) -> pl.Expr:
    """Texts without leading zeros; "0" where there were only zeros, null where nothing."""
    bare = texts.str.strip_chars_start("0")
    only_zeros = (bare.str.len_bytes() == 0) & (texts.str.len_bytes() > 0)
    return pl.when(only_zeros).then(pl.lit("0")).when(texts.str.len_bytes() > 0).then(bare)


def _unless_blank(bad: Flags, cells: Bytes) -> Flags:
    """The bad cells that are not blank all over."""
    rows = np.flatnonzero(bad)
    remaining = bad.copy()
    remaining[rows] = (cells[rows] != _BLANK).any(axis=1)
    return remaining
