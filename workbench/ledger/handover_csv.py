"""A delivery's file as CSV (RFC 4180), in the notation that the layout declares."""

from __future__ import annotations

import polars as pl

from workbench.ledger.handover_layout import Column, Notation


def csv_bytes(cells: pl.DataFrame, columns: tuple[Column, ...], *, notation: Notation) -> bytes:
    """The file.

    Args:
        cells: Texts that the encoding can write; null is an empty cell.
        columns: Their headings.
        notation: How the cells are written.
    """
    names = [str(n) for n in range(len(columns))]
    row = pl.DataFrame([[column.heading for column in columns]], schema=names, orient="row")
    parts = [row, cells] if notation.header else [cells]
    return "".join(_text(part, notation) for part in parts).encode(notation.encoding)


def _text(rows: pl.DataFrame, notation: Notation) -> str:
    return rows.write_csv(
        separator=notation.delimiter,
        include_header=False,
        line_terminator=notation.line_end,
        quote_style="always" if notation.quoting == "all" else "necessary",
    )
