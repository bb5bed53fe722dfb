"""Banking days (bankdage): the days on which a country's banks move money.

Denmark: the rule text of the creditor rules (21 Dec 2022): all days but Saturdays,
Sundays, public holidays, the Friday after Ascension, Constitution Day, Christmas Eve and
New Year's Eve. General Prayer Day (store bededag) counts up to 2023; 1 May is a banking
day. The public libraries miss some of these, so the days are declared here.

>>> next_banking_day(dt.date(2026, 11, 7))
datetime.date(2026, 11, 9)
>>> nth_last_banking_day(2026, 10, 6)
datetime.date(2026, 10, 23)
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

_DAY = dt.timedelta(days=1)
_SATURDAY = 5


class UnknownCountryError(ValueError):
    """The workbench has no banking calendar for this country."""


class NoSuchBankingDayError(ValueError):
    """The month has fewer banking days than asked for."""

    def __init__(self, year: int, month: int, n: int) -> None:
        super().__init__(f"{year}-{month:02}: {n}")


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A closed day with the same date every year."""

    month: int
    day: int
    label: str


@dataclass(frozen=True, slots=True)
class EasterDay:
    """A closed day that moves with Easter.

    Attributes:
        offset: Days after Easter Sunday; negative before it.
        last_year: The last year in which it is closed; None while the rule stands.
    """

    offset: int
    label: str
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class BankingCalendar:
    """The days on which a country's banks are closed, beside Saturdays and Sundays."""

    fixed: tuple[FixedDay, ...]
    easter: tuple[EasterDay, ...]


#: The calendars by country (ISO 3166 alpha-2). A new country is one entry.
CALENDARS = {
    "DK": BankingCalendar(
        fixed=(
            FixedDay(1, 1, "New Year's Day"),
            FixedDay(6, 5, "Constitution Day"),
            FixedDay(12, 24, "Christmas Eve"),
            FixedDay(12, 25, "Christmas Day"),
            FixedDay(12, 26, "Second Christmas Day"),
            FixedDay(12, 31, "New Year's Eve"),
        ),
        easter=(
            EasterDay(-3, "Maundy Thursday"),
            EasterDay(-2, "Good Friday"),
            EasterDay(1, "Easter Monday"),
            EasterDay(26, "General Prayer Day", last_year=2023),
            EasterDay(39, "Ascension Day"),
            EasterDay(40, "Friday after Ascension"),
            EasterDay(50, "Whit Monday"),
        ),
    ),
}


def is_banking_day(date: dt.date, *, country: str = "DK") -> bool:
    """Whether banks move money on this day.

    Raises:
        UnknownCountryError: There is no calendar for the country.
    """
    return date.weekday() < _SATURDAY and date not in closed_days(date.year, country=country)


def next_banking_day(date: dt.date, *, country: str = "DK") -> dt.date:
    """The first banking day from a date on: the date itself if it is one."""
    while not is_banking_day(date, country=country):
        date += _DAY
    return date


def add_banking_days(date: dt.date, n: int, *, country: str = "DK") -> dt.date:
    """The n-th banking day after a date, before it when n is negative.

    The date itself is not counted and need not be a banking day; 0 gives it back.
    """
    step = _DAY if n > 0 else -_DAY
    for _ in range(abs(n)):
        date += step
        while not is_banking_day(date, country=country):
            date += step
    return date


def nth_last_banking_day(year: int, month: int, n: int, *, country: str = "DK") -> dt.date:
    """The n-th last banking day of a month; 1 is the last.

    Raises:
        NoSuchBankingDayError: The month has fewer banking days, or n is not positive.
    """
    if n < 1:
        raise NoSuchBankingDayError(year, month, n)
    first_of_next = dt.date(year + month // 12, month % 12 + 1, 1)
    found = add_banking_days(first_of_next, -n, country=country)
    if (found.year, found.month) != (year, month):
        raise NoSuchBankingDayError(year, month, n)
    return found


@cache
def closed_days(year: int, *, country: str = "DK") -> frozenset[dt.date]:
    """The declared closed days of a year; Saturdays and Sundays are closed beside them."""
    try:
        calendar = CALENDARS[country]
    except KeyError as cause:
        raise UnknownCountryError(country) from cause
    sunday = easter_sunday(year)
    moving = {
        sunday + dt.timedelta(days=day.offset)
        for day in calendar.easter
        if day.last_year is None or year <= day.last_year
    }
    return frozenset(moving | {dt.date(year, d.month, d.day) for d in calendar.fixed})


def easter_sunday(year: int) -> dt.date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones, Butcher)."""
    golden = year % 19
    century, year_of_century = divmod(year, 100)
    leap_centuries, century_rest = divmod(century, 4)
    moon_correction = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap_centuries - moon_correction + 15) % 30
    leap_years, year_rest = divmod(year_of_century, 4)
    weekday = (32 + 2 * century_rest + 2 * leap_years - epact - year_rest) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
