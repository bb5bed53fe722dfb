"""Amounts, numbers and dates as the reader of a document writes them.

The marks come from the locale data of Babel. The digits come from whole minor units, so
that no number passes through a float, and ten thousand amounts cost no time. A negative
number carries a true minus, U+2212, in every language: it is as wide as a digit and is
not mistaken for a hyphen.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache

from babel import Locale

from workbench.model.money import exponent
from workbench.model.texts import LANGUAGES

#: Shown for a value that does not exist.
NOTHING = "–"

_MINUS = "\N{MINUS SIGN}"

#: Dates in tables: one width, one reading. English readers in the Nordics get ISO 8601.
_DATE_PATTERNS = {"en": "%Y-%m-%d", "da": "%d.%m.%Y", "nb": "%d.%m.%Y", "sv": "%Y-%m-%d"}


@dataclass(frozen=True, slots=True)
class LocaleFormat:
    """How one language writes numbers and dates."""

    language: str
    decimal_mark: str
    thousands_mark: str
    date_pattern: str

    def amount(self, amount_minor: int | None, currency: str) -> str:
        """Minor units of a currency as a number without the currency: `1.234,56`."""
        if amount_minor is None:
            return NOTHING
        decimals = exponent(currency)
        sign = _MINUS if amount_minor < 0 else ""
        whole, rest = divmod(abs(amount_minor), 10**decimals)
        mark = f"{self.decimal_mark}{rest:0{decimals}d}" if decimals else ""
        return f"{sign}{self._grouped(whole)}{mark}"

    def money(self, amount_minor: int | None, currency: str) -> str:
        """An amount with its currency behind it: `1.234,56 DKK`."""
        if amount_minor is None:
            return NOTHING
        return f"{self.amount(amount_minor, currency)}\N{NO-BREAK SPACE}{currency}"

    def integer(self, number: int | None) -> str:
        """A whole number with its thousands grouped."""
        if number is None:
            return NOTHING
        return f"{_MINUS if number < 0 else ''}{self._grouped(abs(number))}"

    def date(self, day: dt.date | None) -> str:
        """A date of fixed width, for tables and prose alike."""
        return NOTHING if day is None else day.strftime(self.date_pattern)

    def moment(self, moment: dt.datetime) -> str:
        """A date and time with the name of its zone."""
        zone = moment.tzname() or ""
        return f"{self.date(moment.date())} {moment:%H:%M} {zone}".rstrip()

    def _grouped(self, number: int) -> str:
        return f"{number:,}".replace(",", self.thousands_mark)


@cache
def locale_format(language: str) -> LocaleFormat:
    """The notation of a language."""
    assert language in LANGUAGES, language
    symbols = Locale.parse(language).number_symbols["latn"]
    return LocaleFormat(
        language=language,
        decimal_mark=symbols["decimal"],
        thousands_mark=symbols["group"],
        date_pattern=_DATE_PATTERNS[language],
    )
