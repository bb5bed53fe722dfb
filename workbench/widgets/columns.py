"""The columns of a table: what a value is decides how it is written and masked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum

from workbench.documents.locale_format import NOTHING
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.markup import Cell
from workbench.widgets.screen import Screen
from workbench.widgets.words import Words

#: A reference of ours is this long; anything longer may hold what must be masked.
_OWN_REFERENCE = 9


#: What stands for a person who was removed when their time was past.
REMOVED = marked("removed")


def name_of(value: object, screen: Screen) -> str:
    """A person's name as a screen shows it."""
    return mask(str(value)) if value else screen.say(REMOVED)


class Kind(Enum):
    """What the values of a column are."""

    TEXT = "text"
    #: A person's name; without one the person was removed.
    PERSON = "person"
    #: A reference: ours whole, longer ones masked.
    REFERENCE = "reference"
    #: An identifier of ours, or the name of a file: always whole.
    CODE = "code"
    AMOUNT = "amount"
    INTEGER = "integer"
    DATE = "date"
    #: A stable key that has words.
    WORD = "word"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: The frame's column.
        label: Marked words above it.
        width: In pixels.
        words: For stable keys.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    width: int = 110
    words: Words | None = None

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.kind in {Kind.AMOUNT, Kind.INTEGER}

    def cell(self, value: object, screen: Screen, *, currency: str) -> Cell:
        """A value as it is shown."""
        if self.kind is Kind.WORD:
            return self._word(value, screen)
        if self.kind is Kind.PERSON:
            return Cell(name_of(value, screen), tone="" if value else "dim")
        return Cell(self._text(value, screen, currency), number=self.is_number)

    def _word(self, value: object, screen: Screen) -> Cell:
        assert self.words is not None, self.name
        key = str(value).lower() if isinstance(value, bool) else str(value)
        if value is None:
            return Cell(NOTHING, tone="dim")
        text = screen.say(self.words.texts.get(key, key))
        return Cell(text, tone=self.words.tones.get(key, ""))

    def _text(self, value: object, screen: Screen, currency: str) -> str:
        if value is None:
            return NOTHING
        if self.kind is Kind.AMOUNT:
            assert isinstance(value, int)
            return screen.numbers.amount(value, currency)
        if self.kind is Kind.INTEGER:
            assert isinstance(value, int)
            return screen.numbers.integer(value)
        if self.kind is Kind.DATE:
            assert isinstance(value, dt.date)
            return screen.numbers.date(value)
        text = str(value)
        own = self.kind is Kind.REFERENCE and len(text) <= _OWN_REFERENCE
        return text if own or self.kind is Kind.CODE else mask(text)
