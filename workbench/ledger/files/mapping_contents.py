"""What the texts of a column look like: marks of numbers, formats of dates, codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

import polars as pl

from workbench.ledger.files.cells import date_of_serial
from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping_words import Words, plain
from workbench.model.money import EXPONENTS

#: The share of a column's texts that must look right.
ENOUGH = 0.9
#: Distinct texts that are looked at.
_LOOKED_AT = 2_000

#: Day before month where both are possible: so it is in the Nordics.
DATE_FORMATS = (
    "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y-%m-%d", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%y",
    "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%Y%m%d", "%d%m%Y", "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%m/%d/%Y %I:%M:%S %p",
)  # fmt: skip
_BLANK_MARKS = (" ", "\N{NO-BREAK SPACE}")
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,' \u00a0]*-?%?")


@dataclass(frozen=True, slots=True)
class Marks:
    """Which marks numbers have, and whether the numbers show it."""

    decimal: str
    thousands: str
    sure: bool


def distinct(texts: pl.Series) -> list[str]:
    """The first distinct texts of a column that are not empty."""
    return texts.filter(texts != "").unique(maintain_order=True).head(_LOOKED_AT).to_list()


def fits(texts: Sequence[str], field: Field) -> bool:
    """Whether most texts of a column could be values of a field; so can no texts."""
    match field.kind:
        case Kind.AMOUNT | Kind.BASE_AMOUNT | Kind.RATE | Kind.EXCHANGE_RATE:
            return _most(texts, lambda text: _NUMBER.fullmatch(text) is not None)
        case Kind.DATE:
            return bool(date_formats(texts)) or _most(texts, is_serial)
        case Kind.CURRENCY:
            return _most(texts, lambda text: text.upper() in EXPONENTS)
        case _:
            return True


def is_serial(text: str) -> bool:
    """Whether a text looks like a date as Excel counts days."""
    return date_of_serial(text) is not None


def marks(texts: Iterable[str]) -> Marks:
    """The marks of the numbers in all columns of amounts."""
    votes = {",": 0, ".": 0}
    blanks = dict.fromkeys((*_BLANK_MARKS, "'"), 0)
    for text in texts:
        bare = text.strip("+-% ")
        found = [sign for sign in bare if sign in ".,"]
        for mark in blanks:
            blanks[mark] += mark in bare
        if not found:
            continue
        last = found[-1]
        behind = len(bare) - bare.rindex(last) - 1
        if len(set(found)) == 2:
            votes[last] += 1
        elif len(found) > 1:  # several alike stand between thousands
            votes["." if last == "," else ","] += 1
        elif behind != 3:
            votes[last] += 1
    decimal = "." if votes["."] > votes[","] else ","
    other = {",": ".", ".": ","}[decimal]
    blank = max(blanks, key=lambda mark: blanks[mark])
    sure = bool(votes[decimal]) and not votes[other]
    return Marks(decimal, blank if blanks[blank] else other, sure)


def date_formats(texts: Sequence[str]) -> list[str]:
    """The formats in which most of the texts are dates of these decades, the best first."""
    if not texts:
        return []
    return [form for form in DATE_FORMATS if _most(texts, partial(_is_date, form=form))]


def codes(texts: Sequence[str], words: Words) -> tuple[dict[str, str], list[str]]:
    """Our code for each text that is known and is not our code itself; and the unknown."""
    by_word = {plain(word): code for code, known in words.items() for word in known}
    found: dict[str, str] = {}
    unknown = []
    for text in texts:
        code = text if text in words else by_word.get(plain(text))
        if code is None:
            unknown.append(text)
        elif code != text:
            found[text] = code
    return found, unknown


def _is_date(text: str, *, form: str) -> bool:
    try:
        return 1980 <= dt.datetime.strptime(text, form).year <= 2100  # noqa: DTZ007  # a date
    except ValueError:
        return False


def _most(texts: Sequence[str], holds: Callable[[str], bool]) -> bool:
    return sum(map(holds, texts)) >= ENOUGH * len(texts)
