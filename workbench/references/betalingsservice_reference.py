"""Our reference in a Betalingsservice collection: 9 characters that come back whole.

Payment slips return only the first 9 of the creditor's reference. So ours is 8 of
`0-9A-Z`, a counter per creditor in base 36 that starts at 10000000 (no leading zero), and
the ISO 7064 Mod 37, 36 check character.

>>> from_counter(0)
'100000003'
>>> validate("1000 0000 3")
'100000003'
>>> is_valid("100000007")
False
"""

from __future__ import annotations

import polars as pl
from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError
from stdnum.iso7064 import mod_37_36

#: How many characters it has, the check character included.
LENGTH = 9

#: How many references a creditor can ever have.
CAPACITY = 35 * 36**7

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_BASE = 36
_START = _BASE**7
_DIGITS = LENGTH - 1


class CounterExhaustedError(ValueError):
    """The counter is negative, or beyond the last reference of a creditor."""


def compact(number: str) -> str:
    """The reference without blanks, in upper case."""
    return number.replace(" ", "").upper()


def validate(number: str) -> str:
    """The compact reference.

    Raises:
        stdnum.exceptions.ValidationError: Wrong length, character or check character.
    """
    reference = compact(number)
    if len(reference) != LENGTH:
        raise InvalidLength
    if reference.startswith("0") or not set(reference) <= set(_ALPHABET):
        raise InvalidFormat
    return str(mod_37_36.validate(reference))


def is_valid(number: str) -> bool:
    """Whether it is a reference of ours."""
    try:
        validate(number)
    except ValidationError:
        return False
    return True


def format(number: str) -> str:  # noqa: A001  # the four names of every reference module
    """The reference as it is printed: as it is sent, without blanks."""
    return compact(number)


def from_counter(n: int) -> str:
    """The n-th reference of a creditor, counted from 0.

    Raises:
        CounterExhaustedError: There is no such reference.
    """
    _check_range(n, 1)
    rest, digits = n + _START, ""
    for _ in range(_DIGITS):
        rest, digit = divmod(rest, _BASE)
        digits = _ALPHABET[digit] + digits
    return digits + str(mod_37_36.calc_check_digit(digits))


def to_counter(number: str) -> int:
    """The counter that a reference was made from.

    Raises:
        stdnum.exceptions.ValidationError: It is no reference of ours.

    >>> to_counter("100000003")
    0
    """
    return int(validate(number)[:_DIGITS], _BASE) - _START


def from_counters(first: int, count: int) -> pl.Series:
    """The references from the first-th on, counted from 0, as one column `reference`.

    Raises:
        CounterExhaustedError: There are not so many.
    """
    _check_range(first, count)
    number = pl.int_range(first + _START, first + _START + count, dtype=pl.Int64)
    powers = [_BASE**exponent for exponent in reversed(range(_DIGITS))]
    digits = [(number // power % _BASE).alias(f"{power}") for power in powers]
    frame = pl.select(digits)
    check = _check_value([pl.col(name) for name in frame.columns])
    alphabet = pl.Series(list(_ALPHABET))
    characters = [
        pl.lit(alphabet).gather(position.cast(pl.UInt32))
        for position in [*map(pl.col, frame.columns), check]
    ]
    return frame.select(pl.concat_str(characters).alias("reference"))["reference"]


def _check_value(digits: list[pl.Expr]) -> pl.Expr:
    """ISO 7064, hybrid system Mod 37, 36: the recursion of the standard, as columns."""
    product: pl.Expr = pl.lit(_BASE, dtype=pl.Int64)
    for digit in digits:
        total = (product + digit - 1) % _BASE + 1  # 1 to 36, where the standard has 36 for 0
        product = total * 2 % (_BASE + 1)
    return (_BASE + 1 - product) % _BASE


def _check_range(first: int, count: int) -> None:
    if first < 0 or count < 0 or first + count > CAPACITY:
        raise CounterExhaustedError(first, count)
