"""Reading a file from the ERP: every row, every column, every problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from workbench.ledger.files.cells import BadCellError
from workbench.ledger.files.columns import convert, without_marked
from workbench.ledger.files.fields import DIMENSION, Field, Kind
from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.oddities import odd_texts, without_totals
from workbench.ledger.files.sheet import CellFault, Sheet, places
from workbench.ledger.files.source import read_sheet
from workbench.ledger.files.table import SHOWN_MAX, ErpTable
from workbench.model.problems import Problem


def read_rows(
    content: bytes,
    *,
    name: str,
    mapping: FileMapping,
    known: Sequence[Field],
    base_currency: str | None = None,
    slow: bool = False,
) -> ErpTable:
    """Read a CSV file, a workbook or a Parquet file as its mapping says.

    Args:
        name: The file, as its problems call it.
        known: The fields of the purpose.
        base_currency: The company's own; a purpose with base amounts must give it.
        slow: Split even a regular CSV file row by row.
    """
    sheet = read_sheet(content, name=name, mapping=mapping, known=known, slow=slow)
    sheet = without_totals(sheet, name=name, mapping=mapping, known=known)
    columns, misfits = _locate(sheet, mapping, name=name)
    fields = [*known, *_dimension_fields(mapping)]
    lines = sheet.starts.rename("line").clear() if misfits else sheet.starts.rename("line")
    texts = [_texts(field.name, sheet, columns, rows=lines.len()) for field in fields]
    untyped = ErpTable(
        name=name,
        values=pl.DataFrame([lines]),
        texts=pl.DataFrame([lines, *texts]),
        columns=columns,
        mapped=frozenset({*columns, *mapping.defaults}),
        lines=sheet.lines,
        problems=(*sheet.problems, *misfits, *_no_rows(sheet, name=name)),
    )
    marks = () if misfits else sheet.faults
    table = _typed(
        untyped, mapping=mapping, fields=fields, base_currency=base_currency, marks=marks
    )
    return replace(table, problems=(*table.problems, *odd_texts(table, fields)))


def _typed(
    table: ErpTable,
    *,
    mapping: FileMapping,
    fields: Sequence[Field],
    base_currency: str | None,
    marks: Sequence[CellFault],
) -> ErpTable:
    values = table.values
    problems = list(table.problems)
    # Amounts come last, since they need their row's currency.
    for field in sorted(fields, key=lambda field: field.kind is Kind.AMOUNT):
        if field.name not in table.mapped:
            absent = pl.lit(None).cast(field.dtype).alias(field.name)
            values = values.with_columns(absent)
            continue
        column = convert(
            table.texts[field.name],
            field,
            mapping=mapping,
            currencies=_currencies(values, field, base_currency=base_currency),
        )
        place = table.columns.get(field.name)
        column = without_marked(column, [one for one in marks if one.place == place])
        values = values.with_columns(column.values)
        problems += _located(table, field, column.faults)
    return replace(
        table,
        values=values.select("line", *(field.name for field in fields)),
        problems=tuple(problems),
    )


def _currencies(
    values: pl.DataFrame, field: Field, *, base_currency: str | None
) -> pl.Series | None:
    if field.kind is Kind.AMOUNT:
        return values["currency"]
    if field.kind is Kind.BASE_AMOUNT and base_currency is not None:
        return pl.Series([base_currency], dtype=pl.String).new_from_index(0, values.height)
    return None


def _dimension_fields(mapping: FileMapping) -> Iterator[Field]:
    return (Field(name) for name in mapping.columns if name.startswith(DIMENSION))


def _located(
    table: ErpTable, field: Field, faults: Sequence[tuple[int, BadCellError]]
) -> Iterator[Problem]:
    """A problem for each bad cell; beyond a number that nobody reads, how many there are."""
    for row, fault in faults[:SHOWN_MAX]:
        params = {"expected": fault.expected} if fault.expected else {}
        yield table.fault(fault.code, field.name, row=row, **params)
    yield from table.more(field.name, [row for row, _ in faults])


def _locate(
    sheet: Sheet, mapping: FileMapping, *, name: str
) -> tuple[dict[str, int], list[Problem]]:
    """The number of each mapped column; a problem for each that the file has not."""
    columns: dict[str, int] = {}
    problems: list[Problem] = []
    if sheet.width == 0:
        return columns, problems
    for field, wanted in mapping.columns.items():
        found = places(wanted, sheet.heading, width=sheet.width)
        if len(found) == 1:
            columns[field] = found[0]
            continue
        code = "erp_column_missing" if not found else "erp_column_twice"
        params: dict[str, str | int] = {"column": str(wanted), "field": field}
        params["expected"] = ", ".join(sheet.heading) or str(sheet.width)
        problems.append(Problem(code, params, source=name, line=sheet.top))
    return columns, problems


def _no_rows(sheet: Sheet, *, name: str) -> Iterator[Problem]:
    if sheet.heading and sheet.starts.is_empty() and not sheet.problems:
        yield Problem("erp_no_rows", {"name": name}, source=name, line=sheet.lines)


def _texts(field: str, sheet: Sheet, columns: dict[str, int], *, rows: int) -> pl.Series:
    if field not in columns or not rows:
        return pl.Series(field, [""], pl.String).new_from_index(0, rows)
    return sheet.cells[str(columns[field])].rename(field)
