"""The parts of a workbook that say what a cell is: its sheets, formulas and error values.

An .xlsx file is a zip archive of XML parts (ECMA-376, part 1, section 18). Fastexcel reads
the values; what it does not tell is found here, by looking at the text of the parts.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Unpacked, no workbook of a million rows is larger.
_UNPACKED_MAX = 8 << 30
_PIECE = 1 << 22

_TAG = rb"<(?:\w+:)?"
_ERROR = re.compile(
    _TAG + rb'c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?" + _TAG + rb"v>([^<]*)<",
    re.DOTALL,
)
_FORMULA = re.compile(
    _TAG
    + rb"c\b([^>]*)>\s*"
    + _TAG
    + rb"f\b(?:[^>]*/>|[^>]*>([^<]*)</(?:\w+:)?f>)\s*(<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>))?"
    rb"\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_TEXT_TYPES = re.compile(rb'\bt="(?:s|str|inlineStr)"')


class BadWorkbookError(Exception):
    """The file is no workbook that can be read; says why."""


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet: its name, its place among all sheets from 0, and where its cells are."""

    name: str
    index: int
    hidden: bool
    path: str


@dataclass(frozen=True, slots=True)
class Oddities:
    """Cells, as (row, column) from 1, whose value alone would mislead.

    Attributes:
        errors: What the cell shows, such as "#N/A".
        unvalued: The formula of a cell without a stored value.
        numbers: Rows of the cells that are no texts, by column, of the columns asked for.
    """

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unvalued: dict[tuple[int, int], str] = field(default_factory=dict)
    numbers: dict[int, set[int]] = field(default_factory=dict)


class Parts:
    """The parts of a workbook.

    Raises:
        BadWorkbookError: It is no zip archive, or lacks what a workbook has.
    """

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            if sum(info.file_size for info in self._archive.infolist()) > _UNPACKED_MAX:
                raise BadWorkbookError("it is too large")
            book = self._tree("xl/workbook.xml")
            relations = self._tree("xl/_rels/workbook.xml.rels")
        except (zipfile.BadZipFile, KeyError, ET.ParseError, EOFError, OSError) as cause:
            raise BadWorkbookError(str(cause).strip("'\"") or "it is damaged") from cause
        targets = {one.get("Id"): one.get("Target", "") for one in relations}
        properties = book.find("{*}workbookPr")
        flag = "" if properties is None else properties.get("date1904", "")
        self.from_1904 = flag in ("1", "true", "on")
        self.sheets = [
            SheetPart(
                name=sheet.get("name", ""),
                index=index,
                hidden=sheet.get("state", "visible") != "visible",
                path=posixpath.normpath(
                    posixpath.join("/xl", targets.get(sheet.get(_RELATION), ""))
                ).lstrip("/"),
            )
            for index, sheet in enumerate(book.iterfind("{*}sheets/{*}sheet"))
        ]

    def first_column(self, sheet: SheetPart, *, row: int) -> int:
        """The first column with a value in a row, from 1.

        Raises:
            BadWorkbookError: No cell says that it stands in this row.
        """
        cell = re.compile(_TAG + rb'c\b[^>]*?\br="([A-Z]+)%d"[^>/]*>\s*(?!</)' % row, re.DOTALL)
        for piece in self._pieces(sheet):
            found = [column_number(one) for one in cell.findall(piece)]
            if found:
                return min(found)
        raise BadWorkbookError("its cells do not say where they stand")

    def oddities(self, sheet: SheetPart, *, mixed: list[int]) -> Oddities:
        """What is odd about a sheet's cells.

        Args:
            mixed: Columns, from 1, that hold texts and perhaps numbers among them.
        """
        found = Oddities(numbers={column: set() for column in mixed})
        cells = {
            column: re.compile(
                _TAG + rb'c\b[^>]*?\br="%s([0-9]+)"[^>]*>' % column_letters(column)
            )
            for column in mixed
        }
        for piece in self._pieces(sheet):
            if b't="e"' in piece:
                for letters, row, text in _ERROR.findall(piece):
                    found.errors[int(row), column_number(letters)] = text.decode()
            if b"<f" in piece or b":f" in piece:
                found.unvalued.update(_unvalued(piece))
            for column, pattern in cells.items():
                found.numbers[column].update(
                    int(match[1])
                    for match in pattern.finditer(piece)
                    if not _TEXT_TYPES.search(match[0])
                )
        return found

    def _pieces(self, sheet: SheetPart) -> Iterator[bytes]:
        """The XML of a sheet, cut between rows."""
        rest = b""
        with self._archive.open(sheet.path) as part:
            while piece := part.read(_PIECE):
                rest += piece
                cut = rest.rfind(b"row>") + 4
                if cut >= 4:
                    yield rest[:cut]
                    rest = rest[cut:]
        yield rest

    def _tree(self, path: str) -> ET.Element:
        text = self._archive.read(path)
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise BadWorkbookError("its XML declares entities")
        return ET.fromstring(text)  # noqa: S314  # entities were refused above


def shown_sheets(content: bytes) -> list[str]:
    """The names of the sheets that are not hidden; none where the file is no workbook."""
    try:
        return [sheet.name for sheet in Parts(content).sheets if not sheet.hidden]
    except BadWorkbookError:
        return []


def _unvalued(piece: bytes) -> Iterator[tuple[tuple[int, int], str]]:
    for attributes, formula, value in _FORMULA.findall(piece):
        place = _PLACE.search(attributes)
        if place is None or (value and b't="str"' in attributes):  # "" is the formula's text
            continue
        yield (int(place[2]), column_number(place[1])), f"={formula.decode()}"


def column_number(letters: bytes) -> int:
    """The number of a column from its letters: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def column_letters(number: int) -> bytes:
    """The letters of a column."""
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = bytes([ord("A") + rest]) + letters
    return letters
