"""A table that every kind of document prints: columns, and rows of finished text.

What a table says is decided once, here and in the module of the document; paper and
page only draw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a column holds, and so how it is set."""

    #: Words, at the left; shortened with … where they are too long.
    TEXT = "text"
    #: Numbers, at the right; never shortened.
    NUMBER = "number"
    #: Dates, at the left; never shortened.
    DATE = "date"
    #: ✓ or ✗, in the middle.
    MARK = "mark"


class Tone(StrEnum):
    """How loud a row is."""

    PLAIN = "plain"
    TOTAL = "total"
    WARNING = "warning"


YES = "✓"
NO = "✗"


def mark(holds: bool) -> str:  # noqa: FBT001  # the one thing that is shown
    """✓ for what holds, ✗ for what does not."""
    return YES if holds else NO


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        heading: In the reader's language.
        weight: Share of the room that is left, or that words must divide.
    """

    heading: str
    kind: Kind = Kind.TEXT
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Row:
    """One row of finished text, a cell per column, and a note that stands below it."""

    cells: tuple[str, ...]
    tone: Tone = Tone.PLAIN
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table.

    Attributes:
        id: Its anchor on a page.
        caption: One sentence that says how to read it; may be empty.
        empty: What stands in its place when it has no rows.
    """

    id: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    caption: str = ""
    empty: str = ""

    def __post_init__(self) -> None:
        """A row has a cell for every column."""
        for row in self.rows:
            assert len(row.cells) == len(self.columns), (self.id, row)
