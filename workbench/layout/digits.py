"""Digits in columns: whole numbers and dates of many rows at once, with their faults.

Eight digits lie in one 64-bit word, so that three multiplications turn them into a number
(SIMD within a register). A date is one look-up in a table of all values of ddmmyy, which
checks digits and calendar together.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Bytes: TypeAlias = npt.NDArray[np.uint8]
Words: TypeAlias = npt.NDArray[np.uint64]
Numbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

#: A day number that stands for "not a date of the calendar".
NO_DATE = -(2**31)
#: A day number that stands for the empty date, all zeros.
EMPTY_DATE = NO_DATE + 1

_ZEROS = np.uint64(0x3030303030303030)
_ABOVE_NINE = np.uint64(0x7676767676767676)
_HIGH_BITS = np.uint64(0x8080808080808080)


def words(matrix: Bytes, *, first: int, count: int = 8) -> Words:
    """The `count` bytes (at most 8) from a 1-based position as the high bytes of words.

    Bytes that belong to other positions are zero. Equal cells give equal words.
    """
    assert 1 <= count <= 8, count
    height, width = matrix.shape
    if height == 0:
        return np.empty(0, np.uint64)
    stop = first - 1 + count
    offset = max(stop - 8, 0)
    assert offset + 8 <= width, (first, count, width)
    view: Words = np.ndarray((height,), "<u8", matrix, offset, (matrix.strides[0],))
    result = view.copy()
    if stop < 8:
        result <<= np.uint64(8 * (8 - stop))
    if count < 8:
        result &= np.uint64((1 << 64) - (1 << (8 * (8 - count))))
    return result


def numbers(matrix: Bytes, *, first: int, last: int) -> tuple[Numbers, Flags]:
    """The whole numbers at 1-based positions, and which cells are not digits alone.

    The number of a faulty cell means nothing.
    """
    assert last - first < 18, (first, last)
    total: Numbers | None = None
    bad: Flags | None = None
    scale = 1
    stop = last
    while stop >= first:
        count = min(8, stop - first + 1)
        part, part_bad = _eight(words(matrix, first=stop - count + 1, count=count), count)
        total = part if total is None else total + part * scale
        bad = part_bad if bad is None else bad | part_bad
        scale *= 10**count
        stop -= count
    assert total is not None
    assert bad is not None
    return total, bad


def days_of_ddmmyy(values: Numbers) -> npt.NDArray[np.int32]:
    """Days since 1970-01-01 of ddmmyy in the years 2000-2099; NO_DATE, EMPTY_DATE."""
    return _table_ddmmyy()[values]


def days_of_ddmmyyyy(values: Numbers) -> npt.NDArray[np.int32]:
    """Days since 1970-01-01 of ddmmyyyy; NO_DATE where there is no such day, EMPTY_DATE."""
    year, month, day = values % 10_000, values // 10_000 % 100, values // 1_000_000
    valid = (month >= 1) & (month <= 12) & (day >= 1) & (year >= 1900)
    months = np.where(valid, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    start = months.astype("datetime64[D]").astype(np.int64)
    stop = (months + 1).astype("datetime64[D]").astype(np.int64)
    valid &= day <= stop - start
    days = np.where(valid, start + day - 1, NO_DATE)
    days[values == 0] = EMPTY_DATE
    return days.astype(np.int32)


def digits(values: Numbers, *, width: int) -> Bytes:
    """Whole numbers, none negative and none too long, as zero-filled digits."""
    assert (values >= 0).all()
    assert (values < 10**width).all()
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values[:, None] // powers % 10 + 48).astype(np.uint8)


def _eight(packed: Words, count: int) -> tuple[Numbers, Flags]:
    mask = np.uint64((1 << 64) - (1 << (8 * (8 - count))))
    packed ^= _ZEROS & mask
    bad = ((packed + (_ABOVE_NINE & mask)) | packed) & _HIGH_BITS != 0
    for factor, shift, keep in (
        (10, 8, 0x00FF00FF00FF00FF),
        (100, 16, 0x0000FFFF0000FFFF),
        (10_000, 32, 0x00000000FFFFFFFF),
    ):
        shifted = packed >> np.uint64(shift)
        packed *= np.uint64(factor)
        packed += shifted
        packed &= np.uint64(keep)
    return packed.view(np.int64), bad


@cache
def _table_ddmmyy() -> npt.NDArray[np.int32]:
    table = np.full(1_000_000, NO_DATE, np.int32)
    epoch = dt.date(1970, 1, 1).toordinal()
    for ordinal in range(dt.date(2000, 1, 1).toordinal(), dt.date(2100, 1, 1).toordinal()):
        day = dt.date.fromordinal(ordinal)
        table[day.day * 10_000 + day.month * 100 + day.year % 100] = ordinal - epoch
    table[0] = EMPTY_DATE
    return table
