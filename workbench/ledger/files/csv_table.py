"""The CSV file itself: bytes into rows of text, each with its physical line.

A regular file is split by Polars, any other by the `csv` module; both come to the same.
"""

from __future__ import annotations

import codecs
from collections.abc import Collection

import polars as pl

from workbench.ledger.files.csv_rows import UNICODE, bare, read_by_row, records
from workbench.ledger.files.csv_scan import Layout, scan
from workbench.ledger.files.mapping import Notation
from workbench.ledger.files.sheet import BLANKS, Sheet, empty_sheet, wanted_places
from workbench.model.problems import Problem

_PIECE = 1 << 22


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
    sheet = None if slow else _read_regular(content, notation, wanted=wanted)
    if sheet is not None:
        return sheet
    return read_by_row(content, name=name, notation=notation, wanted=wanted)


def _other_encoding(content: bytes, *, name: str, notation: Notation) -> Problem | None:
    """A file in another encoding than any that a mapping may declare, or than this one."""
    found = ""
    head = content[:4096]
    every_second = len(head) > 3 and head.count(0) * 3 > len(head)
    if every_second or content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        found = "UTF-16"
    elif content.startswith(codecs.BOM_UTF8) and notation.encoding not in UNICODE:
        found = "UTF-8"
    if not found:
        return None
    params = {"found": found, "expected": notation.encoding}
    return Problem("erp_other_encoding", params, source=name, line=1)


def _read_regular(
    content: bytes, notation: Notation, *, wanted: Collection[str | int] | None
) -> Sheet | None:
    """The rows of a regular file; None when it is not regular."""
    text = _utf8(content, notation.encoding)
    if text is None or b"\0" in text:
        return None
    skipped = max(notation.header_row - 1, 0)
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
        top=skipped + 1,
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
    return next((row for _, row in records(text, notation, name="", problems=[])), ())


def _utf8(content: bytes, encoding: str) -> bytes | None:
    """The text as UTF-8 without a byte order mark; None where a byte does not decode."""
    content = bare(content, encoding)
    if content.isascii():
        return content
    decoder = codecs.getincrementaldecoder("utf-8" if encoding in UNICODE else encoding)()
    written = []
    try:
        for start in range(0, len(content), _PIECE):
            piece = content[start : start + _PIECE]
            text = decoder.decode(piece, final=start + _PIECE >= len(content))
            if encoding not in UNICODE:
                written.append(text.encode())
    except UnicodeDecodeError:
        return None
    return content if encoding in UNICODE else b"".join(written)


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
