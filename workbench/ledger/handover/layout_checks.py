"""What is wrong with a layout, all of it at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from workbench.ledger.handover.fields import FIELDS, ROLES, Role
from workbench.ledger.handover.notation import SOURCES, TABLES, Notation, SieSettings

_FORMATS = ("csv", "xlsx", "sie")
_CHOICES = {
    "encoding": ("utf-8-sig", "utf-8", "iso-8859-1", "cp1252", "cp437", "cp865"),
    "decimal": (",", "."),
    "line_end": ("\r\n", "\n"),
    "quoting": ("needed", "all"),
    "formulas": ("apostrophe", "space", "keep"),
}
_PROBE = dt.date(2026, 10, 31)


def faults_of(tables: Mapping[str, Any]) -> Iterator[str]:
    """The faults of a layout's tables, as sentences."""
    known = {"format", "file", "values", "sie", *TABLES}
    for name in tables.keys() - known:
        yield f"unknown table {name}; known: {', '.join(sorted(known))}"
    if tables.get("format", "csv") not in _FORMATS:
        yield f"format must be one of {', '.join(_FORMATS)}, not {tables['format']!r}"
    yield from _file_faults(tables.get("file", {}))
    for table, role in TABLES.items():
        for number, row in enumerate(tables.get(table, []), start=1):
            yield from (f"[[{table}]] {number}: {fault}" for fault in _row_faults(row, role))
    yield from _value_faults(tables.get("values", {}))
    yield from _sie_faults(tables.get("sie", {}))


def _file_faults(table: Mapping[str, Any]) -> Iterator[str]:
    known = {each.name: type(each.default) for each in fields(Notation)}
    for name, value in table.items():
        if name not in known:
            yield f"[file] unknown setting {name}; known: {', '.join(known)}"
        elif type(value) is not known[name]:
            yield f"[file] {name} must be a {known[name].__name__}, not {value!r}"
        elif name in _CHOICES and value not in _CHOICES[name]:
            words = ", ".join(repr(one) for one in _CHOICES[name])
            yield f"[file] {name} must be one of {words}, not {value!r}"
    if len(str(table.get("delimiter", ";"))) != 1:
        yield f"[file] delimiter must be one character, not {table['delimiter']!r}"
    if not _names_a_day(str(table.get("date", "%Y-%m-%d"))):
        yield f"[file] date {table['date']!r} does not give day, month and year"


def _row_faults(row: Mapping[str, Any], role: Role) -> Iterator[str]:
    kinds = [kind for kind in SOURCES if kind in row]
    if len(kinds) != 1:
        yield "needs one of field, dimension, constant"
    elif "dimension" in kinds and role != "postings":
        yield "only postings have dimensions"
    if not isinstance(row.get("heading"), str):
        yield "needs a heading"
    if "field" in row and row["field"] not in FIELDS[role]:
        yield f"unknown field {row['field']}; known: {', '.join(FIELDS[role])}"
    if not isinstance(row.get("max", 1), int) or row.get("max", 1) < 1:
        yield f"max must be a whole number, not {row['max']!r}"
    for name in row.keys() - {"heading", "field", "dimension", "constant", "max"}:
        yield f"unknown setting {name}"


def _value_faults(values: Mapping[str, Any]) -> Iterator[str]:
    texts = {name for role in ROLES for name, known in FIELDS[role].items() if known.is_text}
    for name, codes in values.items():
        if name not in texts:
            yield f"[values] unknown field of text {name}"
        elif not isinstance(codes, dict) or not all(isinstance(c, str) for c in codes.values()):
            yield f"[values.{name}] must be a table of our code = their code"


def _sie_faults(table: Mapping[str, Any]) -> Iterator[str]:
    for name in table.keys() - {each.name for each in fields(SieSettings)}:
        yield f"[sie] unknown setting {name}"
    for name, number in table.get("dimensions", {}).items():
        if not isinstance(number, int) or number < 1:
            yield f"[sie] dimensions {name} must be a number, not {number!r}"


def _names_a_day(date_format: str) -> bool:
    try:
        shown = f"{_PROBE:{date_format}}"
        return dt.datetime.strptime(shown, date_format).date() == _PROBE  # noqa: DTZ007  # a date
    except ValueError:
        return False
