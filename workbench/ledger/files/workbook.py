"""The workbook itself: one sheet of an .xlsx file into rows of text.

A formula counts as the value that Excel stored with it. Numbers and dates come out in the
notation of the mapping, as `erp_typed_cells` writes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace

import fastexcel
import polars as pl

from workbench.ledger.files.cells import EPOCH, EPOCH_1904
from workbench.ledger.files.mapping import Notation
from workbench.ledger.files.sheet import BLANKS, CellFault, Sheet, empty_sheet, wanted_places
from workbench.ledger.files.typed_cells import FLOAT_MAX, as_texts, number_text
from workbench.ledger.files.workbook_parts import BadWorkbookError, Oddities, Parts, SheetPart
from workbench.model.problems import Problem

#: Rows in which the headings are looked for first.
_HEAD = 100


def read_workbook(
    content: bytes,
    *,
    name: str,
    notation: Notation,
    wanted: Collection[str | int] | None = None,
    typed: Collection[str | int] = (),
    dates: Collection[str | int] = (),
    rows: int | None = None,
) -> Sheet:
    """The rows of one sheet, the columns that are wanted.

    Args:
        name: The file, as its problems call it.
        wanted: Headings or numbers of columns; all when None.
        typed: Those of them that hold numbers or dates, where a text differs from a number.
        dates: Those of them in which a number counts days.
        rows: The most rows below the headings to read; all when None.
    """
    try:
        parts = Parts(content)
        book = fastexcel.read_excel(content)
        part = choose_sheet(parts, notation)
        if part is None:
            shown = ", ".join(sheet.name for sheet in parts.sheets if not sheet.hidden)
            params = {"found": notation.sheet, "expected": shown}
            return empty_sheet(Problem("erp_no_sheet", params, source=name))
        top = heading_row(book, part, notation)
        if top is None:
            return empty_sheet(Problem("empty_file", {"name": name}, source=name))
        shift = parts.first_column(part, row=top[0]) - 1 - _first_filled(top[1])
        skipped = top[0] - (0 if notation.header else 1)
        data = _load(book, part, skipped=skipped, rows=rows)
    except (BadWorkbookError, fastexcel.FastExcelError) as fault:
        params = {"name": name, "fault": str(fault).partition("\n")[0]}
        return empty_sheet(Problem("erp_bad_workbook", params, source=name))
    heading = ("",) * shift + tuple(cell.strip() for cell in top[1])
    page = _Page(
        data,
        heading=heading if notation.header else (),
        shift=shift,
        skipped=skipped,
        notation=notation,
        epoch=EPOCH_1904 if parts.from_1904 else EPOCH,
    )
    mixed = [place for place in page.places(typed) if page.column(place).dtype == pl.String]
    return page.sheet(
        wanted,
        dates=page.places(dates),
        odd=parts.oddities(part, mixed=mixed),
        name=name,
    )


def choose_sheet(parts: Parts, notation: Notation) -> SheetPart | None:
    """The sheet that the mapping names, else the first that is not hidden."""
    for sheet in parts.sheets:
        if sheet.name == notation.sheet if notation.sheet else not sheet.hidden:
            return sheet
    return None


def heading_row(
    book: fastexcel.ExcelReader, part: SheetPart, notation: Notation
) -> tuple[int, list[str]] | None:
    """The row, from 1, of the headings, or of the first values, and its texts."""
    for rows in (max(_HEAD, notation.header_row), None):
        head = _load(book, part, skipped=0, rows=rows, texts=True)
        for number, row in enumerate(head.iter_rows(), start=1):
            filled = any(cell and cell.strip() for cell in row)
            if filled and number >= notation.header_row:
                return number, [cell or "" for cell in row]
    return None


def _load(
    book: fastexcel.ExcelReader,
    part: SheetPart,
    *,
    skipped: int,
    rows: int | None = None,
    texts: bool = False,
) -> pl.DataFrame:
    sheet = book.load_sheet(
        part.index,
        header_row=None,
        skip_rows=skipped,
        n_rows=rows,
        schema_sample_rows=None,
        dtypes="string" if texts else None,
    )
    frame: pl.DataFrame = sheet.to_polars()
    return frame


def _first_filled(row: list[str]) -> int:
    return next(place for place, cell in enumerate(row) if cell.strip())


@dataclass(frozen=True, slots=True)
class _Page:
    """The rows below the headings, and where they stand in the sheet."""

    data: pl.DataFrame
    heading: tuple[str, ...]
    #: Columns and rows of the sheet that lie before the data.
    shift: int
    skipped: int
    notation: Notation
    epoch: dt.date

    @property
    def width(self) -> int:
        return max(len(self.heading), self.shift + self.data.width)

    def places(self, wanted: Collection[str | int] | None) -> list[int]:
        return wanted_places(wanted, self.heading, width=self.width)

    def column(self, place: int) -> pl.Series:
        """The cells of a column of the sheet; null where it lies beside the data."""
        if self.shift < place <= self.shift + self.data.width:
            return self.data.to_series(place - self.shift - 1)
        return pl.Series([None], dtype=pl.Null).new_from_index(0, self.data.height)

    def sheet(
        self,
        wanted: Collection[str | int] | None,
        *,
        dates: Collection[int],
        odd: Oddities,
        name: str,
    ) -> Sheet:
        cells, faults, problems = [], [], []
        for place in self.places(wanted):
            texts = self._texts(place, odd, days=place in dates)
            if texts is None:
                kind = str(self.column(place).dtype)
                params = {"column": str(place), "found": kind, "field": str(place)}
                problems.append(Problem("erp_column_type", params, name, column=place))
                texts = pl.Series([""], dtype=pl.String).new_from_index(0, self.data.height)
            texts, found = self._marked(texts, place, odd)
            faults += found
            cells.append(texts.str.strip_chars(BLANKS).rename(str(place)))
        filled = self._filled(odd)
        kept = filled.arg_true().to_list()
        row_of = {row: number for number, row in enumerate(kept)}
        lines = pl.Series("line", range(self.data.height), pl.Int64) + self.skipped + 1
        return Sheet(
            heading=self.heading,
            width=self.width,
            cells=pl.DataFrame(cells).filter(filled) if cells else pl.DataFrame(),
            starts=lines.filter(filled),
            lines=self.skipped + self.data.height,
            top=self.skipped if self.heading else self.skipped + 1,
            last=self._row(kept[-1]) if kept else (),
            faults=tuple(replace(fault, row=row_of[fault.row]) for fault in faults),
            problems=tuple(problems),
        )

    def _texts(self, place: int, odd: Oddities, *, days: bool) -> pl.Series | None:
        texts = as_texts(
            self.column(place), notation=self.notation, dates=days, epoch=self.epoch
        )
        rows = [row - self.skipped - 1 for row in odd.numbers.get(place, ())]
        rows = sorted(row for row in rows if 0 <= row < self.data.height)
        if texts is None or not rows:
            return texts
        written = [self._typed_text(text, days=days) for text in texts[rows]]
        return texts.scatter(rows, written)

    def _typed_text(self, printed: str, *, days: bool) -> str:
        """A number or date among texts, as fastexcel prints it, in the file's notation."""
        try:
            day = dt.datetime.fromisoformat(printed).date() if "-" in printed[1:] else None
        except ValueError:
            day = None
        if day is not None:
            return f"{day:{self.notation.date}}"
        try:
            return number_text(printed, notation=self.notation, dates=days, epoch=self.epoch)
        except ArithmeticError:  # a Boolean, or nothing
            return printed

    def _marked(
        self, texts: pl.Series, place: int, odd: Oddities
    ) -> tuple[pl.Series, list[CellFault]]:
        """The texts with what the odd cells show, and the fault of each of these."""
        found: dict[int, tuple[str, str]] = {}
        for code, odd_cells in (
            ("erp_error_value", odd.errors),
            ("erp_formula_without_value", odd.unvalued),
        ):
            for (row, where), text in odd_cells.items():
                if where == place and 0 < row - self.skipped <= self.data.height:
                    found[row - self.skipped - 1] = code, text
        cells = self.column(place)
        if cells.dtype.is_float():
            for row in (cells.abs() >= FLOAT_MAX).arg_true():
                found[row] = "erp_lost_digits", texts[row]
        if found:
            texts = texts.scatter(list(found), [text for _, text in found.values()])
        return texts, [CellFault(row, place, code) for row, (code, _) in found.items()]

    def _filled(self, odd: Oddities) -> pl.Series:
        """Rows in which some cell holds something."""
        blank = [
            pl.col(name).str.strip_chars(BLANKS).fill_null("") == ""
            if kind == pl.String
            else pl.col(name).is_null()
            for name, kind in self.data.schema.items()
        ]
        filled = self.data.select(~pl.all_horizontal(blank).alias("filled"))["filled"]
        rows = {row - self.skipped - 1 for row, _ in (*odd.errors, *odd.unvalued)}
        marked = [row for row in rows if 0 <= row < self.data.height]
        return filled.scatter(marked, True) if marked else filled

    def _row(self, number: int) -> tuple[str, ...]:
        row = _Page(
            self.data.slice(number, 1),
            heading=self.heading,
            shift=self.shift,
            skipped=self.skipped,
            notation=self.notation,
            epoch=self.epoch,
        )
        texts = (
            as_texts(row.column(place), notation=self.notation)
            for place in range(1, self.width + 1)
        )
        return tuple("" if text is None else str(text[0]) for text in texts)
