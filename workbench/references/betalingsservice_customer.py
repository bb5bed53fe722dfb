"""Customer number (kundenr) in Betalingsservice: up to 15 digits and upper-case letters.

It is sent left aligned and comes back right aligned with leading zeros, so numbers are
compared in one canonical form: no blanks, no leading zeros, upper case, "0" if nothing is
left. (Guidelines for Data Suppliers, Feb 2025: customer number.)

>>> compact(" 00000000nv00012")
'NV00012'
>>> compact("000")
'0'
>>> validate("0001042")
'1042'
>>> format("nv00012")
'00000000NV00012'
"""

from __future__ import annotations

import re

import polars as pl
from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

#: The most characters that the file's field holds.
LENGTH_MAX = 15

#: What counts as a blank, alike in Python's and in Polars' regular expressions.
_BLANKS = "[ \t\u00a0]"
_BLANK = re.compile(_BLANKS)


def compact(number: str) -> str:
    """The canonical form, whatever the text is."""
    return _BLANK.sub("", number).lstrip("0").upper() or "0"


def validate(number: str) -> str:
    """The canonical form.

    Raises:
        stdnum.exceptions.ValidationError: Empty, too long, or a character that the
            center does not take.
    """
    if not _BLANK.sub("", number):
        raise InvalidFormat
    customer_no = compact(number)
    if len(customer_no) > LENGTH_MAX:
        raise InvalidLength
    if not customer_no.isalnum():
        raise InvalidFormat
    return customer_no


def is_valid(number: str) -> bool:
    """Whether the center takes it as a customer number."""
    try:
        validate(number)
    except ValidationError:
        return False
    return True


def format(number: str) -> str:  # noqa: A001  # the four names of every reference module
    """The number as it comes back from the center: right aligned, zero-filled."""
    return compact(number).zfill(LENGTH_MAX)


def canonical(column: pl.Expr) -> pl.Expr:
    """The canonical form of a String column; null stays null."""
    bare = column.str.replace_all(_BLANKS, "").str.strip_chars_start("0").str.to_uppercase()
    return pl.when(bare == "").then(pl.lit("0")).otherwise(bare).name.keep()
