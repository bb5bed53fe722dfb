"""The type family of the documents: DejaVu Sans, from the fonts that matplotlib carries.

It is free (its license lies beside the files) and has – € ✓ ✗ and every Nordic letter.
Nothing of matplotlib is imported: only its folder is looked up.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # comes with fpdf2

#: The family's name in a document.
FAMILY = "DejaVuSans"

#: Printed for every character that the family lacks.
MISSING = "□"

#: "" is upright, "B" is bold.
Style = Literal["", "B"]

_FILES: Mapping[Style, str] = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}

_MILLIMETERS_PER_POINT = 25.4 / 72

#: Characters that are only space, whatever they are called.
_SPACES = {ord(space): " " for space in "\t\n\r\v\f"}


class MissingFontsError(RuntimeError):
    """The fonts of the documents are not installed: matplotlib's folder lacks them."""


def font_file(style: Style) -> Path:
    """The font file of a style.

    Raises:
        MissingFontsError: matplotlib is not installed, or without its fonts.
    """
    spec = importlib.util.find_spec("matplotlib")
    if spec is None or not spec.submodule_search_locations:
        raise MissingFontsError
    folder = Path(next(iter(spec.submodule_search_locations)), "mpl-data", "fonts", "ttf")
    if not (folder / _FILES[style]).is_file():
        raise MissingFontsError
    return folder / _FILES[style]


@dataclass(frozen=True, slots=True)
class Face:
    """What can be known of one style without drawing it.

    Attributes:
        advances: Width of a character in thousandths of the type size, by code point.
    """

    advances: Mapping[int, float]

    def width(self, text: str, *, size: float) -> float:
        """The width of a text in millimeters, at a type size in points."""
        advances = self.advances
        total = sum(advances.get(ord(letter), 0.0) for letter in text)
        return total / 1000 * size * _MILLIMETERS_PER_POINT


@cache
def face(style: Style) -> Face:
    """The widths of one style, read once."""
    with TTFont(font_file(style), lazy=True) as font:
        scale = 1000 / font["head"].unitsPerEm
        widths = font["hmtx"]
        return Face(
            {code: widths[name][0] * scale for code, name in font.getBestCmap().items()}
        )


@cache
def printable_codes() -> frozenset[int]:
    """The code points that the family has in every style."""
    return frozenset(face("").advances) & frozenset(face("B").advances)


def printable(text: str) -> str:
    """The text on one line, with □ for every character that the family lacks."""
    if text.isascii() and text.isprintable():
        return text
    codes = printable_codes()
    spaced = text.translate(_SPACES)
    return "".join(letter if ord(letter) in codes else MISSING for letter in spaced)


def missing_characters(text: str) -> tuple[str, ...]:
    """The different characters of a text that print as □, in order of code point."""
    codes = printable_codes()
    spaced = text.translate(_SPACES)
    return tuple(sorted({letter for letter in spaced if ord(letter) not in codes}))
