"""A delivery's file as CSV (RFC 4180), in the notation that the layout declares."""

from __future__ import annotations

import codecs
import io

import polars as pl

from workbench.ledger.handover.notation import Column, Notation


def csv_bytes(cells: pl.DataFrame, columns: tuple[Column, ...], *, notation: Notation) -> bytes:
    """The file.

    Args:
        cells: Texts that the encoding can write; null is an empty cell.
        columns: Their headings.
        notation: How the cells are written.
    """
    if len(columns) == 1:  # an empty line would be none
        cells = cells.fill_null("")
    names = [str(n) for n in range(len(columns))]
    row = pl.DataFrame([[column.heading for column in columns]], schema=names, orient="row")
    parts = [row, cells] if notation.header else [cells]
    made = b"".join(_utf8(part, notation) for part in parts)
    if notation.encoding == "utf-8":
        return made
    if notation.encoding == "utf-8-sig":
        return codecs.BOM_UTF8 + made
    return made.decode().encode(notation.encoding)


def _utf8(rows: pl.DataFrame, notation: Notation) -> bytes:
    target = io.BytesIO()
    rows.write_csv(
        target,
        separator=notation.delimiter,
        include_header=False,
        line_terminator=notation.line_end,
        quote_style="always" if notation.quoting == "all" else "necessary",
    )
    return target.getvalue()
