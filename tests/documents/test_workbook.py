"""Workbooks hold texts as texts, and the same tables make the same bytes."""

from __future__ import annotations

import datetime as dt
import io
import time
import zipfile
from decimal import Decimal

import polars as pl
import pytest

from workbench.documents.workbook import Cell, Sheet, workbook

ROWS: list[list[Cell]] = [
    ["=1+1", Decimal("-1.50"), dt.date(2026, 11, 3), 7],
    ["+45 12", Decimal("12345678901234.56"), None, None],
    ["https://example.org", Decimal(3), dt.date(2026, 1, 1), 10**16],
    ["", None, None, 0],
]


@pytest.fixture
def made() -> bytes:
    return workbook([Sheet("Postings", ["Text", "Amount", "Day", "No"], ROWS)])


def test_no_cell_is_a_formula_or_a_link(made: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.namelist()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert not [name for name in names if "rels/sheet" in name]


def test_what_was_written_is_read(made: bytes) -> None:
    found = pl.read_excel(io.BytesIO(made), infer_schema_length=0)
    assert found["Text"].to_list()[:3] == ["=1+1", "+45 12", "https://example.org"]
    assert found["Amount"].to_list()[:2] == ["-1.5", "12345678901234.56"]
    assert found["No"].to_list() == ["7", None, str(10**16), "0"]
    assert found["Day"][0].startswith("2026-11-03")


def test_the_same_tables_make_the_same_bytes(made: bytes) -> None:
    time.sleep(2.1)  # the clock of a ZIP file counts in twos
    again = workbook([Sheet("Postings", ["Text", "Amount", "Day", "No"], ROWS)])
    assert again == made
