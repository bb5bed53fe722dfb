"""The head of a file that no mapping knows yet: how it is written, its headings, its texts."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from workbench.ledger.files.csv_table import read_csv
from workbench.ledger.files.mapping import Notation
from workbench.ledger.files.mapping_words import plain
from workbench.ledger.files.sheet import Sheet
from workbench.ledger.files.source import kind_of
from workbench.model.problems import Problem

#: How much of a CSV file is looked at, and how many lines to find the headings.
_BYTES = 8 << 20
_LINES = 60
#: Sheets of a workbook, and rows of a sheet, that are looked at.
_SHEETS = 5
_ROWS = 20_000
_DELIMITERS = (";", ",", "\t", "|")


@dataclass(frozen=True, slots=True)
class Sample:
    """What the head of a file shows.

    Attributes:
        kind: `csv`, `xlsx` or `parquet`.
        notation: Encoding, delimiter, header row and sheet as found; the rest is open yet.
        columns: Texts of each column, by its place from 1.
        sheets: The sheets of a workbook that are not hidden.
        problems: Why nothing could be read; empty when something was.
    """

    kind: str
    notation: Notation
    heading: tuple[str, ...] = ()
    columns: dict[int, pl.Series] = field(default_factory=dict)
    sheets: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def fingerprint(self) -> str:
        """What files with the same headings in the same order have in common."""
        words = "\x1f".join(map(plain, self.heading))
        return hashlib.sha256(words.encode()).hexdigest()[:16] if self.heading else ""


def sample(content: bytes, *, name: str) -> Sample:
    """The head of a file.

    Args:
        name: The file, as its problems call it.
    """
    kind = kind_of(content)
    if kind == "xlsx":
        return _workbook(content, name=name)
    if kind == "parquet":
        from workbench.ledger.files.parquet import read_parquet  # noqa: PLC0415  # seldom

        return _of(kind, Notation(), read_parquet(content, name=name, notation=Notation()))
    if kind == "xls":
        problem = Problem("erp_old_workbook", {"name": name}, source=name)
        return Sample(kind, Notation(), problems=(problem,))
    return _csv(content, name=name)


def _csv(content: bytes, *, name: str) -> Sample:
    head = content[:_BYTES]
    if len(content) > len(head):
        head = head[: head.rfind(b"\n") + 1]
    encoding = _encoding(head)
    if encoding is None:
        params = {"found": "UTF-16", "expected": "utf-8"}
        problem = Problem("erp_other_encoding", params, source=name, line=1)
        return Sample("csv", Notation(), problems=(problem,))
    text = head.decode(encoding, errors="replace")
    delimiter = _delimiter(text)
    row, headed = _heading_row(_rows(text, delimiter))
    notation = Notation(encoding, delimiter, header=headed, header_row=row)
    return _of("csv", notation, read_csv(head, name=name, notation=notation))


def _workbook(content: bytes, *, name: str) -> Sample:
    from workbench.ledger.files.workbook import read_workbook  # noqa: PLC0415  # heavy
    from workbench.ledger.files.workbook_parts import shown_sheets  # noqa: PLC0415  # heavy

    sheets = shown_sheets(content)
    found = Sample("xlsx", Notation())
    for sheet in sheets[:_SHEETS] or [""]:
        notation = Notation(header=False, sheet=sheet if len(sheets) > 1 else "")
        top = read_workbook(content, name=name, notation=notation, rows=_LINES)
        if not top.width:
            found = replace(found, problems=found.problems or top.problems)
            continue
        row, headed = _heading_row(list(zip(top.starts, top.cells.iter_rows(), strict=True)))
        notation = replace(notation, header=headed, header_row=row)
        head = read_workbook(content, name=name, notation=notation, rows=_ROWS)
        found = replace(_of("xlsx", notation, head), sheets=tuple(sheets))
        if sum(map(bool, head.heading)) > 1:
            break
    return found


def _of(kind: str, notation: Notation, sheet: Sheet) -> Sample:
    first = replace(notation, header_row=0) if notation.header_row == 1 else notation
    columns = {int(name): sheet.cells[name] for name in sheet.cells.columns}
    fatal = sheet.problems if not sheet.width else ()
    return Sample(kind, first, sheet.heading, columns, problems=fatal)


def _encoding(head: bytes) -> str | None:
    """The encoding that the bytes allow; None for UTF-16, which no mapping may declare."""
    if head.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)) or head[:99].count(0) > 9:
        return None
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    for encoding in ("utf-8", "cp1252"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as fault:
            if encoding == "utf-8" and fault.reason == "unexpected end of data":
                return encoding
            continue
        return encoding
    return "iso-8859-1"


def _delimiter(text: str) -> str:
    """The sign that cuts most of the first rows into the same number of cells."""

    def agreement(delimiter: str) -> tuple[int, int]:
        widths = Counter(len(row) for _, row in _rows(text, delimiter) if len(row) > 1)
        if not widths:
            return 0, 0
        width, rows = widths.most_common(1)[0]
        return rows, width

    return max(_DELIMITERS, key=agreement)


def _rows(text: str, delimiter: str) -> list[tuple[int, tuple[str, ...]]]:
    """The first rows that are not blank, with the line in which they begin."""
    reader = csv.reader(io.StringIO(text[: 1 << 20], newline=""), delimiter=delimiter)
    rows: list[tuple[int, tuple[str, ...]]] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, tuple(row)))
            line = reader.line_num + 1
            if len(rows) >= _LINES:
                break
    except csv.Error:  # what was read before it is enough to look at
        return rows
    return rows


def _heading_row(rows: Sequence[tuple[int, Sequence[str]]]) -> tuple[int, bool]:
    """The line of the headings, and whether there are any: words, in as many cells as most."""
    if not rows:
        return 0, True
    filled = [sum(1 for cell in row if cell.strip()) for _, row in rows]
    widths = Counter(len(row) for _, row in rows)
    width = widths.most_common(1)[0][0]
    usual = Counter(filled).most_common(1)[0][0]
    for (line, row), cells in zip(rows, filled, strict=True):
        if cells * 2 >= min(width, usual) and cells > 1 and len(row) >= width:
            return line, not any(_is_value(cell) for cell in row)
    return rows[0][0], True


def _is_value(cell: str) -> bool:
    """Whether a cell holds a number or a date, as no heading does."""
    bare = cell.strip().strip("-+")
    return bool(bare) and bare[0].isdigit() and not any(sign.isalpha() for sign in bare)
