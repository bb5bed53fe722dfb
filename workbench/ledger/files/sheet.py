"""The rows of a file from the ERP as texts, whichever kind of file they stood in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from workbench.model.problems import Problem

#: What `str.strip` takes away, for Polars.
BLANKS = "".join(sign for sign in map(chr, range(0x3001)) if sign.isspace())

_TOTALS = frozenset(
    ("i alt", "ialt", "total", "totalt", "totals", "grand total", "sum", "summa", "sum i alt")
)


@dataclass(frozen=True, slots=True)
class CellFault:
    """A cell that is bad whatever its field wants: its row, from 0, and its column, from 1."""

    row: int
    place: int
    code: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a file; blank and broken ones are left out.

    Attributes:
        heading: The cells of the row of headings, stripped; empty when there is none.
        width: Columns of the file.
        cells: String columns named "1", "2", … by their place, those that are wanted;
            stripped, "" where empty.
        starts: The physical line, from 1, in which each row begins.
        lines: Physical lines of the whole file.
        top: The line of the headings, or of the first row.
        last: All cells of the last row, wanted or not; empty when there is none.
    """

    heading: tuple[str, ...]
    width: int
    cells: pl.DataFrame
    starts: pl.Series
    lines: int
    top: int = 1
    last: tuple[str, ...] = ()
    faults: tuple[CellFault, ...] = ()
    problems: tuple[Problem, ...] = ()


def empty_sheet(*problems: Problem, lines: int = 0) -> Sheet:
    """No rows, and why."""
    starts = pl.Series([], dtype=pl.Int64)
    return Sheet((), 0, pl.DataFrame(), starts, lines, problems=problems)


def places(wanted: str | int, heading: Sequence[str], *, width: int) -> list[int]:
    """Where a column stands, from 1, that a mapping names by its heading or number."""
    if isinstance(wanted, int):
        return [wanted] if wanted <= width else []
    return [place for place, cell in enumerate(heading, start=1) if cell == wanted.strip()]


def wanted_places(
    wanted: Collection[str | int] | None, heading: Sequence[str], *, width: int
) -> list[int]:
    """Every place that is wanted, in order; all of them when nothing is said."""
    if wanted is None:
        return list(range(1, width + 1))
    return sorted({place for one in wanted for place in places(one, heading, width=width)})


def totals_place(row: Sequence[str]) -> int | None:
    """Where a row says that it is a total, from 1; None when it does not."""
    for place, cell in enumerate(row, start=1):
        if " ".join(cell.casefold().rstrip(": ").split()) in _TOTALS:
            return place
    return None
