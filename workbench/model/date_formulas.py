"""Date formulas: short texts such as `-LM+1` or `3B` that move a date.

LM is *løbende måned*, the running month. In the dialect of the collection guide `LM` and
`+1LM` go to its last day, `+2LM` to the last day of the month after, `-LM` to the last day
of the month before; `D` is days, `M` months, `B` banking days, a bare number days.
Business Central's dialect differs: there `-LM` (`-CM`) is the first day of the month.

>>> resolve("-LM+1", anchor=dt.date(2026, 11, 21))
datetime.date(2026, 11, 1)
>>> resolve("+1LM", anchor=dt.date(2026, 11, 21))
datetime.date(2026, 11, 30)
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from workbench.model.banking_days import add_banking_days


class Dialect(Enum):
    """Whose notation a field is written in."""

    GUIDE = "guide"
    BUSINESS_CENTRAL = "business_central"


class Unit(StrEnum):
    """What a term of a formula counts."""

    DAY = "day"
    BANKING_DAY = "banking_day"
    MONTH = "month"
    #: To the last day of a month: 1 the running one, 2 the next, −1 the one before.
    MONTH_END = "month_end"
    #: To the first day of the running month.
    MONTH_START = "month_start"


class BadDateFormulaError(ValueError):
    """The text is not a date formula of its dialect.

    Attributes:
        position: Where it ceases to be one, counted from 1.
    """

    def __init__(self, text: str, *, position: int) -> None:
        super().__init__(f"{text!r}, position {position}")
        self.text = text
        self.position = position


@dataclass(frozen=True, slots=True)
class Term:
    """One move: a count, negative backwards, of a unit."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Formula:
    """Moves that are made one after the other."""

    terms: tuple[Term, ...]


_TERM = re.compile(r"\s*(?P<sign>[-+])?\s*(?P<count>\d{1,4})?\s*(?P<unit>[A-Za-z]+)?\s*")

_GUIDE_UNITS: Mapping[str, tuple[Unit, int]] = {
    "": (Unit.DAY, 1),
    "D": (Unit.DAY, 1),
    "B": (Unit.BANKING_DAY, 1),
    "BANKDAG": (Unit.BANKING_DAY, 1),
    "BANKDAGE": (Unit.BANKING_DAY, 1),
    "M": (Unit.MONTH, 1),
    "LM": (Unit.MONTH_END, 1),
}
_BUSINESS_CENTRAL_UNITS: Mapping[str, tuple[Unit, int]] = {
    "D": (Unit.DAY, 1),
    "W": (Unit.DAY, 7),
    "M": (Unit.MONTH, 1),
    "Q": (Unit.MONTH, 3),
    "Y": (Unit.MONTH, 12),
}


def parse(text: str, *, dialect: Dialect = Dialect.GUIDE) -> Formula:
    """The formula that a text says; case and blanks do not matter.

    Raises:
        BadDateFormulaError: The text is none; its position says where.
    """
    terms: list[Term] = []
    position = 0
    while position < len(text) or not terms:
        found = _TERM.match(text, position)
        term = None if found is None else _TERM_READERS[dialect](found)
        unsigned_follower = bool(terms) and found is not None and not found["sign"]
        if found is None or term is None or unsigned_follower:
            raise BadDateFormulaError(text, position=_fault(text, position))
        terms.append(term)
        position = found.end()
    return Formula(tuple(terms))


def resolve(
    formula: str | Formula,
    *,
    anchor: dt.date,
    dialect: Dialect = Dialect.GUIDE,
    country: str = "DK",
) -> dt.date:
    """The date that a formula gives from its anchor.

    Args:
        formula: A formula, or its text in the dialect.
        anchor: The date that the field moves from.
        dialect: Notation of a text; a parsed formula has none.
        country: Whose banking days count.

    Raises:
        BadDateFormulaError: The text is no formula.
        OverflowError: The date would leave the calendar.
    """
    parsed = parse(formula, dialect=dialect) if isinstance(formula, str) else formula
    date = anchor
    for term in parsed.terms:
        date = _move(date, term, country=country)
    return date


def _guide_term(found: re.Match[str]) -> Term | None:
    sign, count, name = _parts(found)
    unit = _GUIDE_UNITS.get(name)
    if unit is None or (count is None and unit[0] is not Unit.MONTH_END):
        return None
    if count == 0 and unit[0] is Unit.MONTH_END:
        return None
    return Term(sign * (1 if count is None else count), unit[0])


def _business_central_term(found: re.Match[str]) -> Term | None:
    sign, count, name = _parts(found)
    if count is None and name in {"CM", "LM"}:
        return Term(1, Unit.MONTH_END) if sign > 0 else Term(1, Unit.MONTH_START)
    unit = _BUSINESS_CENTRAL_UNITS.get(name)
    return None if count is None or unit is None else Term(sign * count * unit[1], unit[0])


_TERM_READERS: Mapping[Dialect, Callable[[re.Match[str]], Term | None]] = {
    Dialect.GUIDE: _guide_term,
    Dialect.BUSINESS_CENTRAL: _business_central_term,
}


def _parts(found: re.Match[str]) -> tuple[int, int | None, str]:
    count = found["count"]
    sign = -1 if found["sign"] == "-" else 1
    return sign, None if count is None else int(count), (found["unit"] or "").upper()


def _fault(text: str, position: int) -> int:
    return position + len(text[position:]) - len(text[position:].lstrip()) + 1


def _move(date: dt.date, term: Term, *, country: str) -> dt.date:
    match term.unit:
        case Unit.DAY:
            return date + dt.timedelta(days=term.count)
        case Unit.BANKING_DAY:
            return add_banking_days(date, term.count, country=country)
        case Unit.MONTH:
            return _add_months(date, term.count)
        case Unit.MONTH_END:
            months = term.count - 1 if term.count > 0 else term.count
            return _add_months(date.replace(day=1), months, day=31)
        case Unit.MONTH_START:
            return date.replace(day=1)


def _add_months(date: dt.date, months: int, *, day: int | None = None) -> dt.date:
    """The same day months later, or the month's last day where it has no such day."""
    year, month = divmod(date.year * 12 + date.month - 1 + months, 12)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError(date, months)
    last = calendar.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(day or date.day, last))
