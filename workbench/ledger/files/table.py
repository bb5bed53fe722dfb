"""What a file from the ERP says, and where: typed columns beside the texts they came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from workbench.model.problems import Problem

#: Bad cells of one column that are shown one by one; nobody reads a million.
SHOWN_MAX = 1_000


@dataclass(frozen=True, slots=True)
class ErpTable:
    """What a file from the ERP says.

    Attributes:
        name: The file, without folders.
        values: `line` (physical, from 1) and one typed column per field; null where the
            cell is empty or bad. Fields that the mapping does not name are null throughout.
        texts: The same rows and columns as the file has them, stripped; "" where empty.
        columns: Column of the file, from 1, by mapped field.
        mapped: Fields that have a column or a default.
        lines: Physical lines of the file.
    """

    name: str
    values: pl.DataFrame
    texts: pl.DataFrame
    columns: dict[str, int]
    mapped: frozenset[str]
    lines: int
    problems: tuple[Problem, ...]

    def faults(
        self, code: str, field: str, *, where: pl.Expr | pl.Series, **params: str | int
    ) -> list[Problem]:
        """A problem for every row of a condition over `values`, at the field's cell."""
        rows = self.values.with_row_index("row").filter(where)["row"].to_list()
        found = [self.fault(code, field, row=row, **params) for row in rows[:SHOWN_MAX]]
        return found + self.more(field, rows)

    def more(self, field: str, rows: Sequence[int]) -> list[Problem]:
        """One problem for all bad rows beyond those that are shown one by one."""
        if len(rows) <= SHOWN_MAX:
            return []
        more = len(rows) - SHOWN_MAX
        return [self.fault("erp_more_faults", field, row=rows[SHOWN_MAX], more=more)]

    def fault(self, code: str, field: str, *, row: int, **params: str | int) -> Problem:
        """A problem at one cell; the params `field` and `found` are added."""
        found = str(self.texts[field][row])
        return Problem(
            code,
            {"field": field, "found": found, **params},
            source=self.name,
            line=self.values["line"][row],
            column=self.columns.get(field),
            excerpt=found,
        )

    def duplicates(self, field: str) -> list[Problem]:
        """A problem for every later row with a number that an earlier row has."""
        lines = pl.col("line").first().over(field)
        repeated = (
            self.values.with_row_index("row")
            .with_columns(first_line=lines)
            .filter(pl.col(field).is_not_null(), pl.col("line") > pl.col("first_line"))
        )
        shown = repeated.select("row", "first_line").head(SHOWN_MAX).iter_rows()
        found = [
            self.fault("erp_duplicate", field, row=row, first_line=first_line)
            for row, first_line in shown
        ]
        return found + self.more(field, repeated["row"].to_list())
