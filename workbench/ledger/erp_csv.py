"""The CSV file itself: bytes into rows of text, each with its physical line.

A regular file is split by Polars, any other by the `csv` module; both come to the same.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection, Iterator, Sequence

import polars as pl

from workbench.ledger.erp_csv_scan import Layout, scan
from workbench.ledger.erp_sheet import BLANKS, Sheet, empty_sheet, totals_place, wanted_places
from workbench.ledger.mapping import Notation
from workbench.model.problems import Problem

#: What a byte that does not decode becomes.
_UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_DELIMITERS = (";", ",", "\t", "|")
_PIECE = 1 << 22
_UNICODE = ("utf-8", "utf-8-sig")


def read_csv(
    content: bytes,
    *,
    name: str,
    notation: Notation,
    wanted: Collection[str | int] | None = None,
    slow: bool = False,
) -> Sheet:
    """Every row that the file holds, and what is wrong with the others.

    Args:
        name: The file, as its problems call it.
        wanted: Headings or numbers of the columns to read; all when None.
        slow: Use the `csv` module even for a regular file.
    """
    fault = _other_encoding(content, name=name, notation=notation)
    if fault:
        return empty_sheet(fault)
    skipped = max(notation.header_row - 1, 0)
    if not slow:
        sheet = _read_regular(content, notation, wanted=wanted, skipped=skipped)
        if sheet is not None:
            return sheet
    return _read_any(content, name=name, notation=notation, wanted=wanted, skipped=skipped)


def _other_encoding(content: bytes, *, name: str, notation: Notation) -> Problem | None:
    """A file in another encoding than any that a mapping may declare, or than this one."""
    found = ""
    head = content[:4096]
    every_second = len(head) > 3 and head.count(0) * 3 > len(head)
    if every_second or content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "UTF-16"
    elif content.startswith(codecs.BOM_UTF8) and notation.encoding not in _UNICODE:
        found = "UTF-8"
    if not found:
        return None
    params = {"found": found, "expected": notation.encoding}
    return Problem("erp_other_encoding", params, source=name, line=1)


def _read_regular(
    content: bytes, notation: Notation, *, wanted: Collection[str | int] | None, skipped: int
) -> Sheet | None:
    """The rows of a regular file; None when it is not regular."""
    text = _utf8(content, notation.encoding)
    if text is None or b"\0" in text:
        return None
    begin = _offset(text, skipped)
    end = len(text)
    while end > begin and text[end - 1] in b"\r\n":
        end -= 1
    view = memoryview(text)[begin:end]
    layout = scan(view, delimiter=notation.delimiter, quote=notation.quote)
    if layout is None:
        return None
    first = _row(view, layout, 0, notation)
    if not first or _lone_return(text[:begin]):
        return None
    heading = tuple(cell.strip() for cell in first) if notation.header else ()
    cells = _split(view, layout, heading, notation=notation, wanted=wanted)
    if cells is None:
        return None
    starts = pl.Series("line", layout.lines).cast(pl.Int64) + skipped
    starts = starts.slice(1 if heading else 0)
    kept = ~_blank(cells, view, layout, notation, behind=1 if heading else 0)
    cells, starts = cells.filter(kept), starts.filter(kept)
    number = kept.arg_true().max()
    last: tuple[str, ...] = ()
    if isinstance(number, int):
        last = _row(view, layout, number + (1 if heading else 0), notation)
    return Sheet(
        heading=heading,
        width=layout.width,
        cells=cells,
        starts=starts,
        lines=_lines(text),
        last=last,
    )


def _split(
    view: memoryview,
    layout: Layout,
    heading: tuple[str, ...],
    *,
    notation: Notation,
    wanted: Collection[str | int] | None,
) -> pl.DataFrame | None:
    numbers = wanted_places(wanted, heading, width=layout.width)
    # A file without its wanted columns still has rows, and the first may be blank.
    read = numbers or [1]
    try:
        cells = pl.read_csv(
            bytes(view),
            has_header=False,
            columns=[place - 1 for place in read],
            new_columns=[str(place) for place in read],
            separator=notation.delimiter,
            quote_char=notation.quote,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        return None
    if cells.height != layout.ends.size:
        return None
    cells = cells.slice(1 if heading else 0)
    return cells.with_columns(pl.all().fill_null("").str.strip_chars(BLANKS))


def _blank(
    cells: pl.DataFrame, view: memoryview, layout: Layout, notation: Notation, *, behind: int
) -> pl.Series:
    """Rows in which no cell holds anything, wanted or not."""
    empty = cells.select(pl.all_horizontal(pl.all() == "").alias("blank"))["blank"]
    for row in empty.arg_true().to_list():
        if _row(view, layout, row + behind, notation):
            empty[row] = False
    return empty


def _row(view: memoryview, layout: Layout, number: int, notation: Notation) -> tuple[str, ...]:
    """All cells of one row; none when it is blank."""
    start = int(layout.ends[number - 1]) + 1 if number else 0
    text = str(view[start : int(layout.ends[number])], "utf-8")
    return next((row for _, row in _records(text, notation, name="", problems=[])), ())


def _utf8(content: bytes, encoding: str) -> bytes | None:
    """The text as UTF-8 without a byte order mark; None where a byte does not decode."""
    content = _bare(content, encoding)
    if content.isascii():
        return content
    decoder = codecs.getincrementaldecoder("utf-8" if encoding in _UNICODE else encoding)()
    written = []
    try:
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            text = decoder.decode(piece, final=start + _PIECE >= len(content))
            if encoding not in _UNICODE:
                written.append(text.encode())
    except UnicodeDecodeError:
        return None
    return content if encoding in _UNICODE else b"".join(written)


def _bare(content: bytes, encoding: str) -> bytes:
    """The bytes behind a byte order mark, whether one was declared or not."""
    return content.removeprefix(codecs.BOM_UTF8) if encoding in _UNICODE else content


def _offset(text: bytes, lines: int) -> int:
    """Where the text goes on behind so many lines."""
    place = 0
    for _ in range(lines):
        found = text.find(b"\n", place)
        if found < 0:
            return len(text)
        place = found + 1
    return place


def _lone_return(text: bytes) -> bool:
    return text.count(b"\r") != text.count(b"\r\n")


def _lines(text: bytes) -> int:
    return text.count(b"\n") + (0 if text.endswith(b"\n") or not text else 1)


def _read_any(
    content: bytes,
    *,
    name: str,
    notation: Notation,
    wanted: Collection[str | int] | None,
    skipped: int,
) -> Sheet:
    text = _bare(content, notation.encoding).decode(
        "utf-8" if notation.encoding in _UNICODE else notation.encoding, errors="replace"
    )
    problems: list[Problem] = []
    cells: list[tuple[str, ...]] = []
    starts: list[int] = []
    garbled = _UNREADABLE in text and not _decodes(content, notation.encoding)
    physical = list(io.StringIO(text, newline=""))
    rest = "".join(physical[skipped:])
    width = 0
    heading: tuple[str, ...] = ()
    found = list(_records(rest, notation, name=name, problems=problems, skipped=skipped))
    for number, (line, given) in enumerate(found):
        row = given
        if garbled or "\0" in text:
            problems += _unreadable(
                row, name=name, line=line, encoding=notation.encoding, garbled=garbled
            )
        if not width:
            width = len(row)
            if notation.header:
                heading = tuple(cell.strip() for cell in row)
                fault = _other_delimiter(row, found, notation, name=name, line=line)
                if fault:
                    return empty_sheet(fault, lines=len(physical))
                continue
        is_total = number == len(found) - 1 and totals_place(row) is not None
        if len(row) < width and (is_total or (len(row) == width - 1 and heading[-1:] == ("",))):
            row = (*row, *[""] * (width - len(row)))
        if len(row) < width or any(row[width:]):
            problems.append(_uneven(name=name, line=line, found=len(row), expected=width))
            continue
        cells.append(row[:width])
        starts.append(line)
    if not found and not problems:
        problems.append(Problem("empty_file", {"name": name}, source=name))
    return Sheet(
        heading=heading,
        width=width,
        cells=_columns(cells, wanted_places(wanted, heading, width=width) or [1][:width]),
        starts=pl.Series("line", starts, pl.Int64),
        lines=len(physical),
        last=cells[-1] if cells else (),
        problems=tuple(problems),
    )


def _columns(cells: Sequence[tuple[str, ...]], numbers: Sequence[int]) -> pl.DataFrame:
    columns = [pl.Series(str(n), [row[n - 1] for row in cells], pl.String) for n in numbers]
    return pl.DataFrame(columns).with_columns(pl.all().str.strip_chars(BLANKS))


def _records(
    text: str,
    notation: Notation,
    *,
    name: str,
    problems: list[Problem],
    skipped: int = 0,
) -> Iterator[tuple[int, tuple[str, ...]]]:
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


def _other_delimiter(
    heading: tuple[str, ...],
    found: Sequence[tuple[int, tuple[str, ...]]],
    notation: Notation,
    *,
    name: str,
    line: int,
) -> Problem | None:
    """A heading of one cell that another delimiter would split, as it would other rows."""
    if len(heading) > 1:
        return None
    others = [sign for sign in _DELIMITERS if sign != notation.delimiter]
    used = max(others, key=heading[0].count)
    if not heading[0].count(used) or not all(used in "".join(row) for _, row in found[:20]):
        return None
    params = {"found": _called(used), "expected": _called(notation.delimiter)}
    return Problem("erp_other_delimiter", params, name, line, 1, excerpt=heading[0])


def _called(delimiter: str) -> str:
    return "tab" if delimiter == "\t" else delimiter


def _uneven(*, name: str, line: int, found: int, expected: int) -> Problem:
    params = {"found": found, "expected": expected}
    return Problem("erp_uneven_row", params, name, line, min(found, expected) + 1)
