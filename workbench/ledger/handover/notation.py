"""How a layout writes: the notation of its cells, its columns, and what SIE needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.ledger.handover.fields import Role

#: Where a column's cells come from.
SOURCES: tuple[Literal["field", "dimension", "constant"], ...] = (
    "field",
    "dimension",
    "constant",
)
#: The table of each file's columns.
TABLES: dict[str, Role] = {
    "column": "postings",
    "settlement": "settlements",
    "refund": "refunds",
}


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
