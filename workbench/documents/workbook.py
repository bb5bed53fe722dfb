"""A workbook (XLSX) of plain tables: the same tables make the same bytes.

A text is written as a text whatever it begins with, so that no cell becomes a formula or a
link. Numbers are written as such only where their digits fit a spreadsheet's.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter  # type: ignore[import-untyped]  # it has no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # nor here

#: Rows of a worksheet, headings included (ECMA-376; Excel's specifications and limits).
ROWS_MAX = 1_048_576

#: A workbook says when it was made; this one always says the same.
_MADE = dt.datetime(2000, 1, 1)  # noqa: DTZ001  # the file holds no time zone

#: Significant digits that every spreadsheet keeps.
_DIGITS_MAX = 15

Cell = str | int | Decimal | dt.date | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: its headings and rows of as many cells."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[Cell]]


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The tables as one workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    book.set_properties({"created": _MADE})
    bold = book.add_format({"bold": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    amount = book.add_format({"num_format": "0.00"})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, 0)
        for column, heading in enumerate(sheet.headings):
            page.write_string(0, column, heading, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                _write(page, number, column, cell, day=day, amount=amount)
    book.close()
    return target.getvalue()


def _write(
    page: Worksheet,
    row: int,
    column: int,
    cell: Cell,
    *,
    day: xlsxwriter.format.Format,
    amount: xlsxwriter.format.Format,
) -> None:
    match cell:
        case None | "":
            pass
        case dt.date():
            page.write_datetime(row, column, dt.datetime.combine(cell, dt.time()), day)
        case int() | Decimal() if len(str(cell).strip("-").replace(".", "")) > _DIGITS_MAX:
            page.write_string(row, column, str(cell))
        case Decimal():
            page.write_number(row, column, cell, amount if cell.as_tuple().exponent else None)
        case int():
            page.write_number(row, column, cell)
        case _:
            page.write_string(row, column, str(cell))
