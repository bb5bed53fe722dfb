"""Setting text in a given width: shortening, wrapping, and the widths of columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.documents.fonts import Face
from workbench.documents.tables import Kind, Table

_ELLIPSIS = "…"

#: A column of words is never narrower than this, in millimeters, unless its words are.
_WORDS_MIN = 11.0

#: Type shrinks to this many points before words are shortened.
_SIZE_MIN = 6.5


@dataclass(frozen=True, slots=True)
class Grid:
    """The widths of a table's columns in millimeters, and the type size that they need."""

    widths: tuple[float, ...]
    size: float


def shorten(text: str, *, width: float, size: float, face: Face) -> str:
    """The text, cut and ended with … where it is wider than a width in millimeters."""
    if face.width(text, size=size) <= width:
        return text
    room = width - face.width(_ELLIPSIS, size=size)
    used = 0.0
    for index, letter in enumerate(text):
        used += face.width(letter, size=size)
        if used > room:
            return text[:index].rstrip() + _ELLIPSIS
    return text


def wrap(text: str, *, width: float, size: float, face: Face) -> list[str]:
    """The text in lines no wider than a width; a word too long is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if face.width(longer, size=size) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, width=width, size=size, face=face)
        lines.extend(whole)
    return [*lines, line]


def grid(
    table: Table, *, width: float, size: float, gap: float, faces: tuple[Face, Face]
) -> Grid:
    """Column widths that fill a width: numbers whole, words by what they need and weigh.

    Args:
        table: Its texts must be printable already.
        width: Of the whole table, in millimeters.
        size: The type size to use. Where the texts do not fit, it shrinks a little, then words
            are shortened; where the numbers alone do not fit, it shrinks until they do.
        gap: Space that each column keeps free, both sides together.
        faces: Of the rows and of the headings.
    """
    columns = range(len(table.columns))
    weights = [column.weight for column in table.columns]
    room = width - gap * len(columns)
    for unbroken in (True, False):
        needs = [
            _natural(table, index, size=size, faces=faces, unbroken=unbroken)
            for index in columns
        ]
        slack = room - sum(needs)
        if slack >= 0:
            unit = slack / sum(weights)
            return Grid(tuple(needs[i] + unit * weights[i] + gap for i in columns), size)
    smaller = max(room / sum(needs), _SIZE_MIN / size)
    needs = [need * smaller for need in needs]
    words = [index for index in columns if table.columns[index].kind is Kind.TEXT]
    least = [min(needs[i], _WORDS_MIN) if i in words else needs[i] for i in columns]
    tiny = min(1.0, room / sum(least))
    widths = {index: needs[index] * tiny for index in columns}
    left = room - sum(widths[index] for index in columns if index not in words)
    widths |= _divided({index: widths[index] for index in words}, weights, room=left)
    return Grid(tuple(widths[index] + gap for index in columns), size * smaller * tiny)


def _natural(
    table: Table, index: int, *, size: float, faces: tuple[Face, Face], unbroken: bool
) -> float:
    """The width of the widest cell, or of the heading: whole, or its widest word."""
    rows, headings = faces
    heading = table.columns[index].heading
    texts = {row.cells[index] for row in table.rows}
    widths = [rows.width(text, size=size) for text in texts]
    words = [heading] if unbroken else heading.split(" ")
    return max([*widths, *(headings.width(word, size=size) for word in words)])


def _divided(
    needs: dict[int, float], weights: Sequence[float], *, room: float
) -> dict[int, float]:
    """Divide too little room by weight; who needs less than a share gets the need, first."""
    shares: dict[int, float] = {}
    left = list(needs)
    while left:
        unit = room / sum(weights[index] for index in left)
        content = [index for index in left if needs[index] <= unit * weights[index]]
        if not content:
            return shares | {index: unit * weights[index] for index in left}
        shares |= {index: needs[index] for index in content}
        room -= sum(needs[index] for index in content)
        left = [index for index in left if index not in shares]
    return shares


def _broken(word: str, *, width: float, size: float, face: Face) -> list[str]:
    """A word in pieces no wider than a width."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and face.width(pieces[-1] + letter, size=size) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces
