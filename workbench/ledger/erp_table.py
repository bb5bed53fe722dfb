"""What a file from the ERP says, and where: typed columns beside the texts they came from."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from workbench.model.problems import Problem


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
        """One problem for every row of a condition over `values`, at the field's cell."""
        rows = self.values.with_row_index("row").filter(where)["row"].to_list()
        return [self.fault(code, field, row=row, **params) for row in rows]

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
        return [
            self.fault("erp_duplicate", field, row=row, first_line=first_line)
            for row, first_line in repeated.select("row", "first_line").iter_rows()
        ]
