"""A document before it is drawn: what it says, in order, in finished words.

A report fills one `Document`; `paper` prints it as PDF and `page` as HTML, so that both
always say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass

from workbench.documents.tables import Table


@dataclass(frozen=True, slots=True)
class Fact:
    """One labelled value of the title block."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the document concludes: one sentence, and what speaks against it."""

    holds: bool
    headline: str
    objections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """A box to sign: the role, and the name where it is known."""

    role: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A document in one language.

    Attributes:
        subtitle: The line below the title: as of when, for which period.
        footer: What every page repeats beside its number: the run, and the audit head.
        notes: Sentences at the end.
    """

    language: str
    company: str
    title: str
    subtitle: str
    as_of: str
    facts: tuple[Fact, ...]
    verdict: Verdict
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    signatures: tuple[Signature, ...]
    footer: tuple[str, str]


def strings(value: object) -> Iterator[str]:
    """Every text inside a value made of dataclasses and sequences."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from strings(part)
