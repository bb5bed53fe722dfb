"""A mapping: how one company's files say what the workbench wants to know.

A TOML text with up to five tables:

    [file]        encoding, delimiter, quote, decimal, thousands, date, header, header_row,
                  sheet, credit_sign, totals_row
    [columns]     our field = their column, by its heading or its number counted from 1
    [dimensions]  a dimension = their column (entries only)
    [values.kind] their code = ours, for any field
    [defaults]    our field = the text that an empty or absent cell stands for
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workbench.ledger.files.fields import DIMENSION, Field

#: What a mapping may declare; an encoding is never guessed.
ENCODINGS = ("utf-8-sig", "utf-8", "iso-8859-1", "cp1252")
_DECIMAL_MARKS = (",", ".")
_THOUSANDS_MARKS = ("", ".", ",", " ", "\N{NO-BREAK SPACE}", "'")
_TABLES = ("file", "columns", "dimensions", "values", "defaults")
_PROBE = dt.date(2026, 10, 31)


class BadMappingError(Exception):
    """A mapping cannot be used; its faults say why."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        super().__init__(f"{name}: {'; '.join(faults)}")
        self.name = name
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class MappingText:
    """A mapping as somebody wrote, saved or confirmed it: TOML under a name."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Notation:
    """How the file writes its cells: the table `[file]`.

    Encoding, delimiter and quote are of CSV files alone, the sheet of workbooks alone.

    Attributes:
        encoding: One of `ENCODINGS`.
        date: As `datetime.strptime` wants it.
        header: Whether a row holds the headings.
        header_row: Its physical row, from 1; 0 is the first that is not blank.
        sheet: Its name; "" is the first that is not hidden.
        totals_row: Whether to "refuse" a row of totals at the end, or to "skip" it.
        credit_sign: Whether a credit note's amount stands there "negative" or "positive".
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    quote: str = '"'
    decimal: str = ","
    thousands: str = "."
    date: str = "%d-%m-%Y"
    header: bool = True
    header_row: int = 0
    sheet: str = ""
    totals_row: str = "refuse"
    credit_sign: str = "negative"


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A mapping that was checked against the fields of its purpose.

    Attributes:
        columns: Heading, or number from 1, by field; dimensions as `dimension.NAME`.
        values: By field, our code for theirs.
        defaults: By field, the text that stands for an empty cell.
        text: The TOML that said so.
    """

    notation: Notation
    columns: Mapping[str, str | int]
    values: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, str]
    text: str = ""


def of(
    source: Path | MappingText, *, known: Sequence[Field], dimensions: bool = False
) -> FileMapping:
    """The mapping in a file, or one that was saved.

    Args:
        known: The fields of the purpose.
        dimensions: Whether the purpose has dimensions.

    Raises:
        BadMappingError: It is not TOML, or says what cannot be; every fault is named.
    """
    if isinstance(source, Path):
        return load(source, known=known, dimensions=dimensions)
    try:
        tables = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as cause:
        raise BadMappingError(source.name, [str(cause)]) from cause
    faults = list(_faults(tables, known=known, dimensions=dimensions))
    if faults:
        raise BadMappingError(source.name, faults)
    named = {DIMENSION + key: value for key, value in tables.get("dimensions", {}).items()}
    return FileMapping(
        notation=Notation(**tables.get("file", {})),
        columns={**tables.get("columns", {}), **named},
        values=tables.get("values", {}),
        defaults=tables.get("defaults", {}),
        text=source.text,
    )


def load(path: Path, *, known: Sequence[Field], dimensions: bool = False) -> FileMapping:
    """The mapping in a file; as `of`."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors begin with a mark
    except UnicodeDecodeError as cause:
        raise BadMappingError(path.name, [str(cause)]) from cause
    return of(MappingText(path.name, text), known=known, dimensions=dimensions)


def _faults(
    tables: dict[str, Any], *, known: Sequence[Field], dimensions: bool
) -> Iterator[str]:
    allowed = [name for name in _TABLES if dimensions or name != "dimensions"]
    for name, table in tables.items():
        if name not in allowed:
            yield f"unknown table [{name}]; known: {', '.join(allowed)}"
        elif not isinstance(table, dict):
            yield f"[{name}] must be a table"
    if not all(isinstance(table, dict) for table in tables.values()):
        return
    yield from _notation_faults(tables.get("file", {}))
    yield from _field_faults(tables, known=known)
    header = tables.get("file", {}).get("header", True)
    for table in ("columns", "dimensions"):
        for name, column in tables.get(table, {}).items():
            if not _is_column(column, header=header):
                words = "a heading or a number from 1" if header else "a number from 1"
                yield f"[{table}] {name} must be {words}, not {column!r}"


def _notation_faults(table: dict[str, Any]) -> Iterator[str]:
    default = Notation()
    known = {field.name: type(getattr(default, field.name)) for field in fields(Notation)}
    for name, value in table.items():
        if name not in known:
            yield f"[file] has no {name}; known: {', '.join(known)}"
        elif type(value) is not known[name]:
            yield f"[file] {name} must be a {known[name].__name__}, not {value!r}"
    choices = {
        "encoding": ENCODINGS,
        "decimal": _DECIMAL_MARKS,
        "thousands": _THOUSANDS_MARKS,
        "credit_sign": ("negative", "positive"),
        "totals_row": ("refuse", "skip"),
    }
    for name, choice in choices.items():
        if table.get(name, choice[0]) not in choice:
            words = ", ".join(repr(one) for one in choice)
            yield f"[file] {name} must be one of {words}, not {table[name]!r}"
    yield from _sign_faults(table)


def _sign_faults(table: dict[str, Any]) -> Iterator[str]:
    default = Notation()
    for name in ("delimiter", "quote"):
        if len(str(table.get(name, "x"))) != 1:
            yield f"[file] {name} must be one character, not {table[name]!r}"
    row = table.get("header_row", 1)
    if isinstance(row, int) and row < 1:
        yield f"[file] header_row must be a number from 1, not {row!r}"
    if table.get("decimal", default.decimal) == table.get("thousands", default.thousands):
        yield "[file] decimal and thousands must differ"
    if not _names_a_day(str(table.get("date", default.date))):
        yield f"[file] date {table['date']!r} does not give day, month and year"


def _field_faults(tables: dict[str, Any], *, known: Sequence[Field]) -> Iterator[str]:
    by_name = {field.name: field for field in known}
    for table in ("columns", "values", "defaults"):
        for name in tables.get(table, {}):
            if name not in by_name:
                yield f"[{table}] unknown field {name}; known: {', '.join(by_name)}"
    for name, text in tables.get("defaults", {}).items():
        if not isinstance(text, str):
            yield f"[defaults] {name} must be a text, not {text!r}"
    given = {*tables.get("columns", {}), *tables.get("defaults", {})}
    for field in known:
        if field.required and field.name not in given:
            yield f"[columns] {field.name} is required and missing"
    for name, codes in tables.get("values", {}).items():
        yield from _code_faults(name, codes, by_name.get(name))


def _code_faults(name: str, codes: object, field: Field | None) -> Iterator[str]:
    if not isinstance(codes, dict):
        yield f"[values] {name} must be a table of their code = our code"
        return
    for theirs, ours in codes.items():
        if not isinstance(ours, str):
            yield f"[values.{name}] {theirs} must be a text, not {ours!r}"
        elif field is not None and field.codes and ours not in field.codes:
            yield f"[values.{name}] {theirs} = {ours!r}; known: {', '.join(field.codes)}"


def _is_column(column: object, *, header: object) -> bool:
    if isinstance(column, int) and not isinstance(column, bool):
        return column >= 1
    return isinstance(column, str) and bool(header) and bool(column.strip())


def _names_a_day(date_format: str) -> bool:
    try:
        return dt.datetime.strptime(f"{_PROBE:{date_format}}", date_format).date() == _PROBE  # noqa: DTZ007  # a date
    except ValueError:
        return False
