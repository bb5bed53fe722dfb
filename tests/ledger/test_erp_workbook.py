"""Workbooks and Parquet files say what the same rows would say as CSV."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal

import polars as pl
import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types
from hypothesis import given
from hypothesis import strategies as st

from workbench.ledger.files.cells import parse_number
from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import MappingText, Notation, of
from workbench.ledger.files.rows import read_rows
from workbench.ledger.files.table import ErpTable
from workbench.ledger.files.typed_cells import number_text

FIELDS = (
    Field("no", required=True),
    Field("date", Kind.DATE),
    Field("amount", Kind.AMOUNT),
    Field("currency", Kind.CURRENCY),
    Field("hold", Kind.FLAG),
    Field("rate", Kind.EXCHANGE_RATE),
)
MAPPING = """
[columns]
no = "No"
date = "Date"
amount = "Amount"
hold = "Hold"
rate = "Rate"
[defaults]
currency = "DKK"
"""
HEADING = ["No", "Date", "Amount", "Hold", "Rate", "Note"]
OCTOBER = dt.date(2026, 10, 1)


def book(
    fill: Callable[[xlsxwriter.Workbook], None], options: dict[str, object] | None = None
) -> bytes:
    written = io.BytesIO()
    workbook = xlsxwriter.Workbook(written, {"in_memory": True, **(options or {})})
    fill(workbook)
    workbook.close()
    return written.getvalue()


def read(content: bytes, mapping: str = MAPPING) -> ErpTable:
    found = of(MappingText("m", mapping), known=FIELDS)
    return read_rows(content, name="f.xlsx", mapping=found, known=FIELDS)


def located(table: ErpTable) -> list[tuple[str, int | None, int | None]]:
    return [(problem.code, problem.line, problem.column) for problem in table.problems]


def write_entries(workbook: xlsxwriter.Workbook) -> None:
    """Title rows, headings in row 4 from column B, a blank row between the entries."""
    day = workbook.add_format({"num_format": "dd-mm-yyyy"})
    sheet = workbook.add_worksheet("Poster")
    sheet.write_string(1, 1, "Open entries")
    sheet.write_row(3, 1, HEADING)
    sheet.write_row(4, 1, [1001, None, 1234.56, True, 7.4605, "x"])
    sheet.write_datetime(4, 2, dt.datetime(2026, 10, 1, 13, 30), day)  # noqa: DTZ001  # cells have no zone
    sheet.write_row(6, 1, ["A7", 46296, "1.234,5", None, "7,46"])
    sheet.write_row(7, 1, ["8", None, 1.234, "nej"])
    sheet.write_string(7, 2, "01-10-2026")


def test_a_sheet_with_titles_above_it_is_read_by_its_cells() -> None:
    table = read(book(write_entries), f"[file]\nheader_row = 4\n{MAPPING}")
    assert table.values["line"].to_list() == [5, 7, 8]
    assert table.values["no"].to_list() == ["1001", "A7", "8"]
    assert table.values["date"].to_list() == [OCTOBER] * 3
    assert table.values["amount"].to_list() == [123456, 123450, None]
    assert table.values["hold"].to_list() == [True, False, False]
    assert table.values["rate"].to_list() == ["7.4605", "7.46", None]
    # The number 1.234 has three decimals, whatever a text "1.234" would mean.
    assert located(table) == [("erp_too_many_decimals", 8, 4)]


def test_a_column_that_lacks_is_told_in_the_row_of_the_headings() -> None:
    mapping = MAPPING.replace('"Rate"', '"Price"')
    table = read(book(write_entries), f"[file]\nheader_row = 4\n{mapping}")
    assert located(table) == [("erp_column_missing", 4, None)]


@given(st.floats(-1e12, 1e12), st.sampled_from([Notation(), Notation(decimal=".")]))
def test_a_number_comes_out_in_the_notation_to_six_decimals(
    number: float, notation: Notation
) -> None:
    text = number_text(str(pl.Series([number]).cast(pl.String)[0]), notation=notation)
    read_back = parse_number(text, notation=notation)
    assert abs(read_back - Decimal(number)) <= Decimal("0.0000006") + abs(read_back) / 10**14


def test_dates_count_from_1904_where_the_workbook_says_so() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ["1", 46296 - 1462, 1])

    table = read(book(fill, {"date_1904": True}))
    assert table.problems == ()
    assert table.values["date"].to_list() == [OCTOBER]


def test_formulas_count_by_their_values_and_lacking_ones_are_found() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ["1", 46296, 1])
        sheet.write_formula(1, 2, "=1+2", None, 3)
        sheet.write_row(2, 0, ["2", 46296])
        sheet.write_formula(2, 2, "=1+2", None, "")
        sheet.write_row(3, 0, ["3"])
        sheet.write_formula(3, 1, "=NA()", None, "#N/A")
        sheet.write_formula(4, 0, '="a"&"b"', None, "#REF!")
        sheet.write_row(4, 1, [46296, 12345678.9])

    table = read(book(fill))
    assert table.values["amount"].to_list() == [300, None, None, 1234567890]
    assert located(table) == [
        ("erp_error_value", 5, 1),
        ("erp_error_value", 4, 2),
        ("erp_formula_without_value", 3, 3),
    ]
    assert table.problems[0].excerpt == "#REF!"


@pytest.mark.parametrize(
    ("number", "minor", "code"),
    [
        (0.1 + 0.2, 30, None),
        (1234.5600000001, 123456, None),
        (99999999.99, 9999999999, None),
        (-12.5, -1250, None),
        (1234.565, None, "erp_too_many_decimals"),
        (1234.56001, None, "erp_too_many_decimals"),
        (1e16, None, "erp_lost_digits"),
    ],
)
def test_an_amount_is_taken_only_where_it_is_exact(
    number: float, minor: int | None, code: str | None
) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ["1", None, number])

    table = read(book(fill))
    assert table.values["amount"].to_list() == [minor]
    assert [problem.code for problem in table.problems] == ([code] if code else [])


def test_a_hidden_sheet_is_read_only_when_it_is_named() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        shown = workbook.add_worksheet("Front")
        hidden = workbook.add_worksheet("Hidden")
        for sheet, number in ((shown, "1"), (hidden, "2")):
            sheet.write_row(0, 0, HEADING)
            sheet.write_row(1, 0, [number])
        hidden.activate()
        shown.hide()

    content = book(fill)
    assert read(content).values["no"].to_list() == ["2"]
    assert read(content, f'[file]\nsheet = "Front"\n{MAPPING}').values["no"].to_list() == ["1"]
    other = read(content, f'[file]\nsheet = "Other"\n{MAPPING}')
    assert located(other) == [("erp_no_sheet", None, None)]
    assert other.problems[0].params["expected"] == "Hidden"


def test_a_totals_row_of_a_sheet_is_named() -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, HEADING)
        sheet.write_row(1, 0, ["1", 46296, 5])
        sheet.write_row(2, 1, ["I alt:", 5])

    assert located(read(book(fill))) == [("erp_totals_row", 3, 2)]


def test_what_is_no_workbook_is_said() -> None:
    for content, code in (
        (b"PK\x03\x04 not a zip", "erp_bad_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "erp_old_workbook"),
        (b"PAR1 not parquet", "erp_bad_parquet"),
        (book(lambda workbook: workbook.add_worksheet() and None), "empty_file"),
    ):
        assert [problem.code for problem in read(content).problems] == [code]


def test_parquet_is_read_by_its_types() -> None:
    frame = pl.DataFrame(
        {
            "No": [1, 2],
            "Date": [OCTOBER, None],
            "Amount": pl.Series(
                [Decimal("1234.50"), Decimal("-0.05")], dtype=pl.Decimal(18, 2)
            ),
            "Hold": [True, None],
            "Rate": [7.4605, 1.0],
            "Tags": [["a"], ["b"]],
        }
    )
    written = io.BytesIO()
    frame.write_parquet(written)
    table = read(written.getvalue())
    assert table.problems == ()
    assert table.values.select("line", "no", "date", "amount", "hold", "rate").rows() == [
        (2, "1", OCTOBER, 123450, True, "7.4605"),
        (3, "2", None, -5, False, "1"),
    ]
    nested = read(written.getvalue(), MAPPING.replace('"Rate"', '"Tags"'))
    assert [problem.code for problem in nested.problems] == ["erp_column_type"]
