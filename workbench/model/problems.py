"""A problem: one fault in what was given to us, located and explained.

Bad input is a value, never an exception. A reader returns what it understood beside
the problems that it found; the words of a problem come from one catalog, keyed by code.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

from workbench.model.catalog import CATALOG
from workbench.model.masking import mask, mask_personal
from workbench.model.texts import translate

T_co = TypeVar("T_co", covariant=True)


class Severity(StrEnum):
    """What a problem allows."""

    #: Nothing can be accepted: another format, truncated, read before.
    FATAL = "fatal"
    #: Stops the import until a person accepts it with a reason.
    ERROR = "error"
    #: Is shown and never stops.
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault in input: what, where, how bad.

    Attributes:
        code: Key of the catalog entry that holds the words.
        params: What the words mention, as text or whole numbers: found, expected, field.
        source: Name of the file, without folders.
        line: Physical line, counted from 1; None when the whole file is meant.
        column: First position or column, counted from 1; None when the whole line is meant.
        excerpt: The text that was found. Masked when shown; of the params only what looks like
            the number of a person or an account is.
    """

    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    source: str = ""
    line: int | None = None
    column: int | None = None
    excerpt: str = ""

    @property
    def severity(self) -> Severity:
        """How bad it is, by the catalog."""
        return Severity(CATALOG[self.code].severity)

    def message(self, *, language: str = "en") -> str:
        """What is wrong, in the reader's language."""
        return _fill(translate(CATALOG[self.code].message, language=language), self.params)

    def advice(self, *, language: str = "en") -> str:
        """What to do about it, in the reader's language."""
        return _fill(translate(CATALOG[self.code].advice, language=language), self.params)

    def place(self) -> str:
        """File, line and position as a person reads them: `name:12:70`."""
        parts = (self.source, self.line, self.column)
        return ":".join(str(part) for part in parts if part not in (None, ""))

    def as_json(self, *, language: str = "en") -> dict[str, object]:
        """The problem as the public JSON contract shows it."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "line": self.line,
            "column": self.column,
            "message": f"{self.message(language=language)} {self.advice(language=language)}",
            "excerpt": mask(self.excerpt),
            "params": _shown(self.params),
        }

    def as_stored(self) -> dict[str, object]:
        """The problem as the workspace keeps it for ever: its excerpt has no words.

        A record may hold a name; the record itself lies in the archive, which forgets it.
        """
        return {**self.as_json(), "excerpt": mask(_WORD.sub(_hidden, self.excerpt))}


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What a reader made of a source: a value, and the problems it found on the way."""

    value: T_co
    problems: tuple[Problem, ...] = ()

    @property
    def worst(self) -> Severity | None:
        """The gravest severity among the problems; None when there are none."""
        return worst(self.problems)


def worst(problems: Iterable[Problem]) -> Severity | None:
    """The gravest severity among problems; None when there are none."""
    found = {problem.severity for problem in problems}
    return next((severity for severity in Severity if severity in found), None)


#: A word of any language; single letters are marks and codes.
_WORD = re.compile(r"[^\W\d_]{2,}")


def _hidden(word: re.Match[str]) -> str:
    return "•" * len(word[0])


#: Params that quote what a file or a list holds; all others are counts, totals and names.
_QUOTED = frozenset({"found", "expected", "customer", "fault"})
#: Fields that hold nothing but numbers of persons and accounts.
_PRIVATE = frozenset({"legal_id", "CPR or CVR number"})


def _fill(template: str, params: Mapping[str, str | int]) -> str:
    return template.format_map(_shown(params))


def _shown(params: Mapping[str, str | int]) -> dict[str, str | int]:
    hide = mask if params.get("field") in _PRIVATE else mask_personal
    return {
        key: hide(value) if key in _QUOTED and isinstance(value, str) else value
        for key, value in params.items()
    }
