"""What exports carry beside their rows: totals at the end, formulas, garbled letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.sheet import Sheet, places, totals_place
from workbench.ledger.files.table import ErpTable
from workbench.model.problems import Problem

#: "Ã" and what follows it when the UTF-8 of a Nordic letter is read in another encoding.
_MOJIBAKE = (
    "\N{LATIN CAPITAL LETTER A WITH TILDE}[\u0080-\u00bf\u02dc\u2020\u2026\u2013\u201e\u2030]"
)


def without_totals(
    sheet: Sheet, *, name: str, mapping: FileMapping, known: Sequence[Field]
) -> Sheet:
    """The rows without a last one of totals, refused or skipped as the mapping says."""
    place = totals_place(sheet.last)
    if place is None or sheet.starts.is_empty() or not _lacks(sheet, mapping, known, place):
        return sheet
    skip = mapping.notation.totals_row == "skip"
    found = sheet.last[place - 1].strip()
    problem = Problem(
        "erp_totals_skipped" if skip else "erp_totals_row",
        {"found": found},
        source=name,
        line=sheet.starts[-1],
        column=place,
        excerpt=found,
    )
    rows = sheet.starts.len() - 1
    return replace(
        sheet,
        cells=sheet.cells.head(rows),
        starts=sheet.starts.head(rows),
        faults=tuple(fault for fault in sheet.faults if fault.row < rows),
        problems=(*sheet.problems, problem),
    )


def _lacks(sheet: Sheet, mapping: FileMapping, known: Sequence[Field], place: int) -> bool:
    """Whether a required cell is empty or says so: a customer may be called Total."""
    for field in known:
        wanted = mapping.columns.get(field.name)
        if not field.required or wanted is None:
            continue
        for found in places(wanted, sheet.heading, width=sheet.width):
            cell = sheet.last[found - 1].strip() if found <= len(sheet.last) else ""
            if not cell or (found == place and field.name.endswith("_no")):
                return True
    return False


def odd_texts(table: ErpTable, fields: Sequence[Field]) -> Iterator[Problem]:
    """A warning for each column with texts that are kept and look wrong, at the first."""
    for field in fields:
        if field.name not in table.columns:
            continue
        texts = table.texts[field.name]
        if field.kind is Kind.TEXT and not field.codes:
            yield from _first(table, field.name, texts.str.starts_with("="), "erp_formula_text")
        if field.kind is Kind.TEXT:
            yield from _first(table, field.name, texts.str.contains(_MOJIBAKE), "erp_mojibake")


def _first(table: ErpTable, field: str, where: pl.Series, code: str) -> Iterator[Problem]:
    rows = where.sum()
    if rows:
        yield table.fault(code, field, row=int(where.arg_max() or 0), rows=int(rows))
