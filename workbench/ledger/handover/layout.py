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

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover.fields import FIELDS, Role
from workbench.ledger.handover.layout_checks import faults_of
from workbench.ledger.handover.notation import (
    SOURCES,
    TABLES,
    Column,
    Notation,
    SieSettings,
)

Format = Literal["csv", "xlsx", "sie"]

_SIE_FIELDS = frozenset(
    {
        "document_no", "posting_date", "voucher_text", "ledger_account", "text", "currency",
        "base_amount", "dimensions",
    }
)  # fmt: skip


class BadLayoutError(Exception):
    """The layout of a hand-over cannot be used; its faults say why."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        super().__init__(f"{name}: {'; '.join(faults)}")
        self.faults = tuple(faults)


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
    faults = [*faults_of(tables)]
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
            for table, role in TABLES.items()
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
    kind = next(kind for kind in SOURCES if kind in row)
    return Column(row["heading"], kind, str(row[kind]), row.get("max"))
