"""The Parquet file itself: typed columns into texts.

Rows have no lines there; the first row is called line 2, as if headings stood above it.
"""

from __future__ import annotations

import io
from collections.abc import Collection

import polars as pl

from workbench.ledger.files.mapping import Notation
from workbench.ledger.files.sheet import BLANKS, Sheet, empty_sheet, wanted_places
from workbench.ledger.files.typed_cells import as_texts
from workbench.model.problems import Problem


def read_parquet(
    content: bytes,
    *,
    name: str,
    notation: Notation,
    wanted: Collection[str | int] | None = None,
) -> Sheet:
    """The rows of a Parquet file, the columns that are wanted.

    Args:
        name: The file, as its problems call it.
        wanted: Headings or numbers of columns; all when None.
    """
    try:
        heading = tuple(pl.read_parquet_schema(io.BytesIO(content)))
        numbers = wanted_places(wanted, heading, width=len(heading))
        columns = [heading[number - 1] for number in numbers]
        frame = pl.read_parquet(io.BytesIO(content), columns=columns or list(heading[:1]))
        last = pl.scan_parquet(io.BytesIO(content)).tail(1).collect()
    except (pl.exceptions.PolarsError, OSError) as fault:
        params = {"name": name, "fault": str(fault).partition("\n")[0]}
        return empty_sheet(Problem("erp_bad_parquet", params, source=name))
    cells, problems = [], []
    for number, column in zip(numbers, columns, strict=True):
        texts = as_texts(frame[column], notation=notation)
        if texts is None:
            params = {"column": column, "found": str(frame[column].dtype), "field": column}
            problems.append(Problem("erp_column_type", params, name, 1, number))
            texts = pl.Series([""], dtype=pl.String).new_from_index(0, frame.height)
        cells.append(texts.str.strip_chars(BLANKS).rename(str(number)))
    lines = frame.height + 1
    return Sheet(
        heading=tuple(cell.strip() for cell in heading),
        width=len(heading),
        cells=pl.DataFrame(cells),
        starts=pl.Series("line", range(2, lines + 1), pl.Int64),
        lines=lines,
        last=tuple(str(cell or "") for row in last.iter_rows() for cell in row),
        problems=tuple(problems),
    )
