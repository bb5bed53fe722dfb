"""Reading a file from the ERP: every row, every column, every problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from workbench.ledger.erp_columns import convert
from workbench.ledger.erp_csv import CsvRows, read_csv
from workbench.ledger.erp_fields import DIMENSION, Field, Kind
from workbench.ledger.erp_table import ErpTable
from workbench.ledger.mapping import FileMapping
from workbench.model.problems import Problem


def read_rows(
    content: bytes,
    *,
    name: str,
    mapping: FileMapping,
    known: Sequence[Field],
    base_currency: str | None = None,
) -> ErpTable:
    """Read a CSV file as its mapping says.

    Args:
        name: The file, as its problems call it.
        known: The fields of the purpose.
        base_currency: The company's own; a purpose with base amounts must give it.
    """
    rows = read_csv(content, name=name, notation=mapping.notation)
    columns, misfits = _locate(rows, mapping, name=name)
    fields = [*known, *_dimension_fields(mapping)]
    usable = not misfits
    lines = pl.Series("line", rows.starts if usable else (), pl.Int64)
    texts = [_texts(field.name, rows, columns, usable=usable) for field in fields]
    untyped = ErpTable(
        name=name,
        values=pl.DataFrame([lines]),
        texts=pl.DataFrame([lines, *texts]),
        columns=columns,
        mapped=frozenset({*columns, *mapping.defaults}),
        lines=rows.lines,
        problems=(*rows.problems, *misfits),
    )
    return _typed(untyped, mapping=mapping, fields=fields, base_currency=base_currency)


def _typed(
    table: ErpTable, *, mapping: FileMapping, fields: Sequence[Field], base_currency: str | None
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
        values = values.with_columns(column.values)
        for row, fault in column.faults:
            params = {"expected": fault.expected} if fault.expected else {}
            problems.append(table.fault(fault.code, field.name, row=row, **params))
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
