"""The rows of a file from the ERP as typed columns, with every problem found on the way.

Each distinct text of a column is parsed once, so that a hundred thousand rows cost little
more than the dates and amounts that really differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.erp_cells import BadCellError, Value, parse
from workbench.ledger.erp_csv import CsvRows, read_csv
from workbench.ledger.erp_fields import DIMENSION, Field, Kind
from workbench.ledger.mapping import FileMapping
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


def read_rows(
    content: bytes, *, name: str, mapping: FileMapping, known: Sequence[Field]
) -> ErpTable:
    """Read a CSV file as its mapping says.

    Args:
        name: The file, as its problems call it.
        known: The fields of the purpose, in the order in which problems are looked for.
    """
    rows = read_csv(content, name=name, notation=mapping.notation)
    problems = list(rows.problems)
    columns, misfits = _locate(rows, mapping, name=name)
    problems += misfits
    fields = [*known, *_dimension_fields(mapping)]
    lines = pl.Series("line", rows.starts if not misfits else (), pl.Int64)
    texts = pl.DataFrame(
        [lines, *(_texts(field.name, rows, columns, usable=not misfits) for field in fields)]
    )
    table = ErpTable(
        name=name,
        values=texts.select("line"),
        texts=texts,
        columns=columns,
        mapped=frozenset({*columns, *mapping.defaults}),
        lines=rows.lines,
        problems=(),
    )
    values = table.values
    for field in sorted(fields, key=lambda field: field.kind is Kind.AMOUNT):
        column, faults = _convert(field, table=table, values=values, mapping=mapping)
        values = values.with_columns(column)
        problems += faults
    problems.sort(key=_position)
    return ErpTable(
        name=name,
        values=values.select("line", *(field.name for field in fields)),
        texts=texts,
        columns=columns,
        mapped=table.mapped,
        lines=rows.lines,
        problems=tuple(problems),
    )


def _position(problem: Problem) -> tuple[int, int]:
    return (problem.line or 0, problem.column or 0)


def _dimension_fields(mapping: FileMapping) -> Iterator[Field]:
    return (Field(name) for name in mapping.columns if name.startswith(DIMENSION))


def _locate(
    rows: CsvRows, mapping: FileMapping, *, name: str
) -> tuple[dict[str, int], list[Problem]]:
    """The number of each mapped column; a problem for each that the file has not."""
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    width = len(rows.heading) or (len(rows.cells[0]) if rows.cells else 0)
    if width == 0:
        return columns, problems
    for field, wanted in mapping.columns.items():
        found = _places(wanted, rows.heading, width=width)
        if len(found) == 1:
            columns[field] = found[0]
            continue
        code = "erp_column_missing" if not found else "erp_column_twice"
        params: dict[str, str | int] = {"column": str(wanted), "field": field}
        params["expected"] = ", ".join(rows.heading) or str(width)
        problems.append(Problem(code, params, source=name, line=1))
    return columns, problems


def _places(wanted: str | int, heading: Sequence[str], *, width: int) -> list[int]:
    if isinstance(wanted, int):
        return [wanted] if wanted <= width else []
    return [place for place, cell in enumerate(heading, start=1) if cell == wanted.strip()]


def _texts(field: str, rows: CsvRows, columns: dict[str, int], *, usable: bool) -> pl.Series:
    if not usable:
        return pl.Series(field, [], pl.String)
    if field not in columns:
        return pl.Series(field, [""], pl.String).new_from_index(0, len(rows.cells))
    place = columns[field] - 1
    return pl.Series(field, [row[place].strip() for row in rows.cells], pl.String)


def _convert(
    field: Field, *, table: ErpTable, values: pl.DataFrame, mapping: FileMapping
) -> tuple[pl.Series, list[Problem]]:
    """A field's column of values, and a problem for every cell that holds none."""
    if field.name not in table.mapped:
        return pl.Series(field.name, [None], field.dtype).new_from_index(0, values.height), []
    translated = _translated(table.texts[field.name], field, mapping)
    keys = [translated]
    if field.kind is Kind.AMOUNT:
        keys.append(values["currency"].alias(".currency"))
    cells = pl.DataFrame(keys)
    distinct = cells.unique(maintain_order=True)
    parsed: list[Value | None] = []
    bad: list[BadCellError | None] = []
    for key in distinct.iter_rows():
        value, fault = _parsed(key, field, mapping)
        parsed.append(value)
        bad.append(fault)
    outcome = distinct.with_columns(
        pl.Series(".value", parsed, field.dtype), pl.Series(".bad", range(len(bad)))
    )
    found = cells.join(
        outcome, on=distinct.columns, how="left", nulls_equal=True, maintain_order="left"
    )
    faults: list[Problem] = []
    if any(bad):
        for row, place in enumerate(found[".bad"]):
            fault = bad[place]
            if fault is not None:
                found_expected = {"expected": fault.expected} if fault.expected else {}
                faults.append(table.fault(fault.code, field.name, row=row, **found_expected))
    return found[".value"].alias(field.name), faults


def _translated(texts: pl.Series, field: Field, mapping: FileMapping) -> pl.Series:
    codes = mapping.values.get(field.name, {})
    translated = texts.replace(dict(codes)) if codes else texts
    default = mapping.defaults.get(field.name, "").strip()
    return translated.replace({"": default}) if default else translated


def _parsed(
    key: tuple[Any, ...], field: Field, mapping: FileMapping
) -> tuple[Value | None, BadCellError | None]:
    text, *currency = key
    if not text and field.kind is not Kind.FLAG:
        missing = BadCellError("erp_value_missing", "") if field.required else None
        return None, missing
    if currency == [None]:  # the currency is the problem, and said already
        return None, None
    try:
        notation = mapping.notation
        return parse(text, field, notation=notation, currency="".join(currency)), None
    except BadCellError as fault:
        return None, fault
