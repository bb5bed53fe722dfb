"""A CSV file row by row: whatever is irregular in it is read, or told with its line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import polars as pl

from workbench.ledger.files.mapping import Notation
from workbench.ledger.files.sheet import BLANKS, Sheet, empty_sheet, totals_place, wanted_places
from workbench.model.problems import Problem

UNICODE = ("utf-8", "utf-8-sig")
#: What a byte that does not decode becomes.
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_DELIMITERS = (";", ",", "\t", "|")

#: A row that is not blank, with the line in which it begins.
Row = tuple[int, tuple[str, ...]]


def read_by_row(
    content: bytes, *, name: str, notation: Notation, wanted: Collection[str | int] | None
) -> Sheet:
    """Every row that the file holds, and what is wrong with the others; as `read_csv`."""
    encoding = "utf-8" if notation.encoding in UNICODE else notation.encoding
    text = bare(content, notation.encoding).decode(encoding, errors="replace")
    physical = list(io.StringIO(text, newline=""))
    skipped = max(notation.header_row - 1, 0)
    problems: list[Problem] = []
    rest = "".join(physical[skipped:]) if skipped else text
    found = list(records(rest, notation, name=name, problems=problems, skipped=skipped))
    if not found and not problems:
        problems.append(Problem("empty_file", {"name": name}, source=name))
    garbled = _UNREADABLE in text and not _decodes(content, notation.encoding)
    if garbled or "\0" in text:
        for line, row in found:
            problems += _unreadable(
                row, name=name, line=line, encoding=notation.encoding, garbled=garbled
            )
    fault = _other_delimiter(found, notation, name=name)
    if fault:
        return empty_sheet(fault, lines=len(physical))
    heading: tuple[str, ...] = ()
    if notation.header and found:
        heading = tuple(cell.strip() for cell in found[0][1])
    width = len(found[0][1]) if found else 0
    even = _Even(name, heading, width)
    even.take(found[1:] if heading else found, problems=problems)
    numbers = wanted_places(wanted, heading, width=width) or [1][:width]
    return Sheet(
        heading=heading,
        width=width,
        cells=_columns(even.cells, numbers),
        starts=pl.Series("line", even.starts, pl.Int64),
        lines=len(physical),
        top=found[0][0] if found else 1,
        last=even.cells[-1] if even.cells else (),
        problems=tuple(problems),
    )


def bare(content: bytes, encoding: str) -> bytes:
    """The bytes behind a byte order mark, whether one was declared or not."""
    return content.removeprefix(codecs.BOM_UTF8) if encoding in UNICODE else content


@dataclass(slots=True)
class _Even:
    """Rows that are all as wide as the first."""

    name: str
    heading: tuple[str, ...]
    width: int
    cells: list[tuple[str, ...]] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)

    def take(self, rows: Sequence[Row], *, problems: list[Problem]) -> None:
        for number, (line, given) in enumerate(rows, start=1):
            row = given
            if len(row) < self.width and self._may_be_short(row, last=number == len(rows)):
                row = (*row, *[""] * (self.width - len(row)))
            if len(row) < self.width or any(row[self.width :]):
                params = {"found": len(row), "expected": self.width}
                column = min(len(row), self.width) + 1
                problems.append(Problem("erp_uneven_row", params, self.name, line, column))
                continue
            self.cells.append(row[: self.width])
            self.starts.append(line)

    def _may_be_short(self, row: tuple[str, ...], *, last: bool) -> bool:
        """A row of totals, or one without the delimiter that ends the headings."""
        if last and totals_place(row) is not None:
            return True
        return len(row) == self.width - 1 and self.heading[-1:] == ("",)


def _columns(cells: Sequence[tuple[str, ...]], numbers: Sequence[int]) -> pl.DataFrame:
    columns = [pl.Series(str(n), [row[n - 1] for row in cells], pl.String) for n in numbers]
    return pl.DataFrame(columns).with_columns(pl.all().str.strip_chars(BLANKS))


def records(
    text: str,
    notation: Notation,
    *,
    name: str,
    problems: list[Problem],
    skipped: int = 0,
) -> Iterator[Row]:
    """Rows that are not blank, with the line in which they begin; broken ones reported."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=notation.delimiter,
        quotechar=notation.quote,
        strict=True,  # else a quote that is never closed swallows the rest unseen
    )
    while True:
        line = reader.line_num + 1 + skipped
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


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _unreadable(
    row: tuple[str, ...], *, name: str, line: int, encoding: str, garbled: bool
) -> Iterator[Problem]:
    for column, cell in enumerate(row, start=1):
        if garbled and _UNREADABLE in cell:
            params = {"found": cell, "expected": encoding}
            yield Problem("erp_unreadable", params, name, line, column, excerpt=cell)
        if "\0" in cell:
            shown = cell.replace("\0", "\N{SYMBOL FOR NULL}")
            yield Problem("erp_nul", {"found": shown}, name, line, column, excerpt=shown)


def _other_delimiter(found: Sequence[Row], notation: Notation, *, name: str) -> Problem | None:
    """A heading of one cell that another delimiter would split, as it would other rows."""
    if not found or not notation.header or len(found[0][1]) > 1:
        return None
    line, (heading,) = found[0]
    others = [sign for sign in _DELIMITERS if sign != notation.delimiter]
    used = max(others, key=heading.count)
    if not all(used in "".join(row) for _, row in found[:20]):
        return None
    params = {"found": _called(used), "expected": _called(notation.delimiter)}
    return Problem("erp_other_delimiter", params, name, line, 1, excerpt=heading)


def _called(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter
