"""The CSV file itself: bytes into rows of text, each with its physical line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.ledger.mapping import Notation
from workbench.model.problems import Problem

#: What a byte that does not decode becomes.
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class CsvRows:
    """The rows of a file; blank lines and broken rows are left out.

    Attributes:
        heading: The cells of the first row; empty when the file has no headings.
        cells: Rows that are all as wide as the first.
        starts: The physical line, from 1, in which each row begins.
        lines: Physical lines of the whole file.
    """

    heading: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    starts: tuple[int, ...]
    lines: int
    problems: tuple[Problem, ...]


def read_csv(content: bytes, *, name: str, notation: Notation) -> CsvRows:
    """Every row that the file holds, and what is wrong with the others.

    Args:
        name: The file, as its problems call it.
    """
    text = content.decode(notation.encoding, errors="replace")
    garbled = _does_not_decode(content, notation.encoding)
    problems: list[Problem] = []
    cells: list[tuple[str, ...]] = []
    starts: list[int] = []
    width = 0
    for line, row in _records(text, notation, name=name, problems=problems):
        if garbled:
            problems += _unreadable(row, name=name, line=line, encoding=notation.encoding)
        width = width or len(row)
        fitting = row[:width]
        if len(row) < width or any(row[width:]):
            problems.append(_uneven(name=name, line=line, found=len(row), expected=width))
            continue
        cells.append(fitting)
        starts.append(line)
    heading = cells.pop(0) if notation.header and cells else ()
    first = 1 if heading else 0
    if not cells and not heading and not problems:
        problems.append(Problem("empty_file", {"name": name}, source=name))
    return CsvRows(
        heading=tuple(cell.strip() for cell in heading),
        cells=tuple(cells),
        starts=tuple(starts[first:]),
        lines=sum(1 for _ in io.StringIO(text, newline="")),
        problems=tuple(problems),
    )


def _records(
    text: str, notation: Notation, *, name: str, problems: list[Problem]
) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows that are not blank, with the line in which they begin; broken ones reported."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=notation.delimiter,
        quotechar=notation.quote,
        strict=True,  # else a quote that is never closed swallows the rest unseen
    )
    while True:
        line = reader.line_num + 1
        try:
            row = tuple(next(reader))
        except StopIteration:
            return
        except csv.Error as fault:
            problems.append(
                Problem("erp_broken_row", {"fault": str(fault)}, source=name, line=line)
            )
            continue
        if any(cell.strip() for cell in row):
            yield line, row


def _does_not_decode(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return True
    return False


def _unreadable(
    row: tuple[str, ...], *, name: str, line: int, encoding: str
) -> Iterator[Problem]:
    for column, cell in enumerate(row, start=1):
        if _UNREADABLE in cell:
            params = {"found": cell, "expected": encoding}
            yield Problem("erp_unreadable", params, name, line, column, excerpt=cell)


def _uneven(*, name: str, line: int, found: int, expected: int) -> Problem:
    params = {"found": found, "expected": expected}
    return Problem("erp_uneven_row", params, name, line, min(found, expected) + 1)
