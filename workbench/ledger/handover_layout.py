"""A layout: how one company's ERP wants the postings that go back to it.

A TOML file:

    format        csv, xlsx or sie
    [file]        encoding, delimiter, decimal, date, header, line_end, quoting, formulas
    [[column]]    heading, and one of field, dimension, constant; at most `max` characters
    [[settlement]], [[refund]]
                  the same for the settlements and for the money to be paid back
    [values.NAME] our code = theirs, for any field of text
    [sie]         series, dimensions (ours = their number), organization_no
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from workbench.ledger.handover_fields import FIELDS, ROLES, Role
from workbench.ledger.mapping import MappingText

Format = Literal["csv", "xlsx", "sie"]

_FORMATS = ("csv", "xlsx", "sie")
_SOURCES: tuple[Literal["field", "dimension", "constant"], ...] = (
    "field",
    "dimension",
    "constant",
)
_TABLES: dict[str, Role] = {
    "column": "postings",
    "settlement": "settlements",
    "refund": "refunds",
}
_CHOICES = {
    "encoding": ("utf-8-sig", "utf-8", "iso-8859-1", "cp1252", "cp437", "cp865"),
    "decimal": (",", "."),
    "line_end": ("\r\n", "\n"),
    "quoting": ("needed", "all"),
    "formulas": ("apostrophe", "space", "keep"),
}
_SIE_FIELDS = frozenset(
    {
        "document_no", "posting_date", "voucher_text", "ledger_account", "text", "currency",
        "base_amount", "dimensions",
    }
)  # fmt: skip
_PROBE = dt.date(2026, 10, 31)


class BadLayoutError(Exception):
    """The layout of a hand-over cannot be used; its faults say why."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        super().__init__(f"{name}: {'; '.join(faults)}")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Notation:
    """How the file writes its cells: the table `[file]`.

    Attributes:
        date: As `strftime` wants it.
        quoting: Every cell in quotes, or those that need them.
        formulas: What stands before a text that a spreadsheet would take for a formula: an
            apostrophe, a space, or nothing, where no person opens the file.
    """

    encoding: str = "utf-8-sig"
    delimiter: str = ";"
    decimal: str = ","
    date: str = "%Y-%m-%d"
    header: bool = True
    line_end: str = "\r\n"
    quoting: str = "needed"
    formulas: str = "apostrophe"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading and where its cells come from.

    Attributes:
        source: The name of a field or a dimension, or the text that every cell holds.
        longest: The most characters that the ERP takes; free text is cut, a number is not.
    """

    heading: str
    kind: Literal["field", "dimension", "constant"]
    source: str
    longest: int | None = None


@dataclass(frozen=True, slots=True)
class SieSettings:
    """What a SIE file needs beyond the postings: the table `[sie]`.

    Attributes:
        series: The series of their vouchers.
        dimensions: Our dimension and their number of it (1 cost center, 6 project).
        organization_no: As the company is registered; may be empty.
    """

    series: str = "A"
    dimensions: Mapping[str, int] = field(default_factory=dict)
    organization_no: str = ""


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout that was read and found without fault.

    Attributes:
        text: The TOML that it came from, kept with every delivery.
        columns: By what the file holds: postings, settlements, refunds.
        values: By field: our code to theirs.
    """

    name: str
    text: str
    format: Format
    notation: Notation
    columns: Mapping[Role, tuple[Column, ...]]
    values: Mapping[str, Mapping[str, str]]
    sie: SieSettings

    def asks_for(self, name: str) -> bool:
        """Whether a column of any file holds a field."""
        return any(
            column.kind == "field" and column.source == name
            for columns in self.columns.values()
            for column in columns
        )

    @property
    def applies(self) -> bool:
        """Whether a posting's line can say which entry it settles; else an instruction does."""
        return self.format != "sie" and any(
            column.source in {"applied_document_no", "applied_erp_entry_no"}
            for column in self.columns["postings"]
            if column.kind == "field"
        )

    @property
    def needed(self) -> frozenset[str]:
        """The fields of a posting's line that the file looks at."""
        if self.format == "sie":
            return _SIE_FIELDS
        columns = self.columns["postings"]
        named = {column.source for column in columns if column.kind == "field"}
        currencies = {FIELDS["postings"][name].currency for name in named}
        dimensions = {"dimensions"} if any(c.kind == "dimension" for c in columns) else set()
        return frozenset(named | currencies | dimensions)


def layout_of(source: Path | MappingText) -> Layout:
    """Read a layout.

    Raises:
        BadLayoutError: It cannot be used; says everything that is wrong with it.
    """
    if isinstance(source, Path):
        source = MappingText(source.stem, source.read_text(encoding="utf-8"))
    try:
        tables = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as cause:
        raise BadLayoutError(source.name, [str(cause)]) from cause
    faults = [*_faults(tables)]
    if faults:
        raise BadLayoutError(source.name, faults)
    return Layout(
        name=source.name,
        text=source.text,
        format=tables.get("format", "csv"),
        notation=Notation(**tables.get("file", {})),
        columns={
            role: tuple(_column(row) for row in tables[table])
            if table in tables
            else _usual(role)
            for table, role in _TABLES.items()
        },
        values=tables.get("values", {}),
        sie=SieSettings(**tables.get("sie", {})),
    )


def _usual(role: Role) -> tuple[Column, ...]:
    """The columns of a file for which the layout names none."""
    return tuple(
        Column(name, "field", name) for name, known in FIELDS[role].items() if known.usual
    )


def _column(row: Mapping[str, Any]) -> Column:
    kind = next(kind for kind in _SOURCES if kind in row)
    return Column(row["heading"], kind, str(row[kind]), row.get("max"))


def _faults(tables: Mapping[str, Any]) -> Iterator[str]:
    known = {"format", "file", "values", "sie", *_TABLES}
    for name in tables.keys() - known:
        yield f"unknown table {name}; known: {', '.join(sorted(known))}"
    if tables.get("format", "csv") not in _FORMATS:
        yield f"format must be one of {', '.join(_FORMATS)}, not {tables['format']!r}"
    yield from _file_faults(tables.get("file", {}))
    for table, role in _TABLES.items():
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
    kinds = [kind for kind in _SOURCES if kind in row]
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
