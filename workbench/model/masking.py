"""Masking: personal and account numbers never appear whole unless asked for.

Two measures. `mask` is for free text, where any long number may be somebody's: excerpts,
error texts, names. `mask_personal` is for the cells that a problem quotes: totals, counts,
agreement numbers and dates stay readable there, what looks like a person's or an account's
number does not.
"""

from __future__ import annotations

import re

#: A Danish CPR or Swedish/Norwegian person number, or any number as long as an account's.
_LONG = re.compile(r"(?<!\d)(\d{6}[-+ ]?\d{4}|\d{9,})(?!\d)")

_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_PERSONAL = re.compile(
    r"(?<!\d)(?:"
    r"\d{6}[-+]\d{4}"  # with its own sign
    rf"|{_DAY}{_MONTH}\d\d ?\d{{4,5}}"  # Danish, Norwegian: the day of birth first
    rf"|(?:19|20)?\d\d{_MONTH}{_DAY} ?\d{{4}}"  # Swedish: the year first
    r"|\d{4}[- ]?\d{10}"  # registration and account number
    r")(?!\d)"
    r"|\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b"  # IBAN
)


def mask(text: str) -> str:
    """Keep the last two digits of every long number; hide the rest.

    >>> mask("CPR 010203-1234, amount 15000")
    'CPR •••••••••34, amount 15000'
    """
    return _LONG.sub(_hidden, text)


def mask_personal(text: str) -> str:
    """Hide what has the form of a person's or an account's number, and nothing else.

    >>> mask_personal("0102031234 of 4800000000")
    '••••••••34 of 4800000000'
    """
    return _PERSONAL.sub(_hidden, text)


def _hidden(found: re.Match[str]) -> str:
    return "•" * (len(found[0]) - 2) + found[0][-2:]
