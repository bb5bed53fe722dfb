"""Words, numbers and dates of one document, in its language and currency."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.documents.locale_format import LocaleFormat, locale_format
from workbench.model.texts import translate


@dataclass(frozen=True, slots=True)
class Wording:
    """How one document says things."""

    language: str
    currency: str

    @property
    def numbers(self) -> LocaleFormat:
        """The notation of the language."""
        return locale_format(self.language)

    def say(self, message: str) -> str:
        """An English message in the document's language."""
        return translate(message, language=self.language)

    def key(self, words: Mapping[str, str], key: str) -> str:
        """The words of a stable key; a key without words is taken as an English message."""
        return self.say(words.get(key, key))

    def amount(self, amount_minor: int | None, currency: str) -> str:
        """An amount, with its currency where that is not the document's."""
        if currency in ("", self.currency):
            return self.numbers.amount(amount_minor, self.currency)
        return self.numbers.money(amount_minor, currency)
