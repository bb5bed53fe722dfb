"""Words in the reader's language: English in the code, the rest in gettext catalogs.

A catalog is a text file, `workbench/locale/<language>/LC_MESSAGES/workbench.po`, read
when its language is first asked for. English needs none. What a catalog lacks, or
marks as fuzzy, is shown in English.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

#: The languages that screens, reports and mails speak.
LANGUAGES = ("en", "da", "nb", "sv")

#: Where the catalogs lie.
LOCALE = Path(__file__).resolve().parent.parent / "locale"


@dataclass(frozen=True, slots=True)
class Words:
    """One language's catalog.

    Attributes:
        messages: Translation by English message.
        plurals: Plural forms by English singular.
        plural_form: Which plural form a number takes.
    """

    messages: Mapping[str, str]
    plurals: Mapping[str, tuple[str, ...]]
    plural_form: Callable[[int], int]


def translate(message: str, *, language: str) -> str:
    """The message in a language; English where no translation exists."""
    assert language in LANGUAGES, language
    if language == "en":
        return message
    return words(language).messages.get(message, message)


def translate_plural(singular: str, plural: str, *, number: int, language: str) -> str:
    """The form of a message that a number takes; English where no translation exists."""
    assert language in LANGUAGES, language
    if language != "en":
        catalog = words(language)
        forms = catalog.plurals.get(singular)
        if forms:
            return forms[catalog.plural_form(number)]
    return singular if number == 1 else plural


def marked(message: str) -> str:
    """The English message itself, marked for the catalogs where it is only declared."""
    return message


def catalog_path(language: str) -> Path:
    """The catalog file of a language."""
    return LOCALE / language / "LC_MESSAGES" / "workbench.po"


@cache
def words(language: str) -> Words:
    """The catalog of a language other than English, read once."""
    # Babel is loaded only by readers of another language than English.
    from babel.messages.pofile import read_po  # noqa: PLC0415  # see above

    with catalog_path(language).open("rb") as source:
        catalog = read_po(source, locale=language, abort_invalid=True)
    messages: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    for entry in catalog:
        if entry.fuzzy or not entry.id:
            continue
        if isinstance(entry.string, tuple) and all(entry.string):
            plurals[entry.id[0]] = entry.string
        elif isinstance(entry.id, str) and isinstance(entry.string, str) and entry.string:
            messages[entry.id] = entry.string
    return Words(messages, plurals, gettext.c2py(catalog.plural_expr))
