"""Each fault of a file from the ERP is found where it is, by one sample each."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from workbench.ledger.files.mapping import MappingText, of
from workbench.ledger.files.rows import read_rows
from workbench.ledger.files.table import SHOWN_MAX, ErpTable
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.entry_rows import FIELDS
from workbench.ledger.imports.importing import ErpImport
from workbench.store.workspace import Workspace

FAULTS = Path(__file__).parents[1] / "samples" / "erp" / "faults"
AS_OF = dt.date(2026, 10, 12)
NUMBERS = ["1", "2"]

#: By sample: what is found (code, line, column), and the numbers of the rows that are read.
FOUND: dict[str, tuple[list[tuple[str, int | None, int | None]], list[str]]] = {
    "encoding_cp1252": ([("erp_unreadable", 3, 5)], NUMBERS),
    "encoding_mojibake": ([("erp_mojibake", 3, 5)], NUMBERS),
    "utf16": ([("erp_other_encoding", 1, None)], []),
    "decimal_point": ([("erp_other_notation", 2, 8), ("erp_other_notation", 3, 8)], NUMBERS),
    "decimal_ambiguous": ([("erp_ambiguous_number", 2, 8)], NUMBERS),
    "excel_serial": ([("erp_excel_serial", 3, 7)], NUMBERS),
    "totals_row": ([("erp_totals_row", 4, 5)], NUMBERS),
    "totals_row_short": ([("erp_totals_row", 4, 1)], NUMBERS),
    "bom": ([], NUMBERS),
    "no_bom": ([], NUMBERS),
    "columns_200": ([], NUMBERS),
    "formulas": (
        [
            ("erp_formula", 4, 2),
            ("erp_formula", 4, 6),
            ("erp_formula", 2, 8),
            ("erp_formula_text", 4, 1),
            ("erp_formula_text", 3, 5),
        ],
        ["1", "2", '="3"'],
    ),
    "empty": ([("empty_file", None, None)], []),
    "heading_only": ([("erp_no_rows", 1, None)], []),
    "headings_alike": ([("erp_column_twice", 1, None), ("erp_column_missing", 1, None)], []),
    "nul": ([("erp_nul", 3, 5)], NUMBERS),
    "delimiter_comma": ([("erp_other_delimiter", 1, 1)], []),
    "trailing_delimiter": ([], NUMBERS),
    "open_quote": ([("erp_broken_row", 3, None)], ["1"]),
    "unix_lines": ([], NUMBERS),
    "mac_lines": ([], NUMBERS),
    "windows_lines": ([], NUMBERS),
    "uneven": ([("erp_uneven_row", 3, 10)], ["1"]),
}
#: What the workspace, or the rows together, have against a file is judged by its purpose.
JUDGED = {"duplicate_number", "unknown_customer", "currency_change"}


def read(name: str, *changes: tuple[str, str]) -> ErpTable:
    text = (FAULTS / "mapping.toml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    mapping = of(MappingText("mapping.toml", text), known=FIELDS, dimensions=True)
    content = (FAULTS / f"{name}.csv").read_bytes()
    return read_rows(
        content, name=f"{name}.csv", mapping=mapping, known=FIELDS, base_currency="DKK"
    )


def test_every_sample_has_its_expectation() -> None:
    others = {"encoding_utf8_read_as_cp1252", *JUDGED}
    assert {path.stem for path in FAULTS.glob("*.csv")} == {*FOUND, *others}


@pytest.mark.parametrize("name", FOUND)
def test_a_fault_is_found_where_it_is(name: str) -> None:
    table = read(name)
    expected, numbers = FOUND[name]
    assert [(one.code, one.line, one.column) for one in table.problems] == expected
    assert table.values["erp_entry_no"].to_list() == numbers
    assert all(one.source == f"{name}.csv" for one in table.problems)


def test_utf8_that_is_called_cp1252_is_warned_of() -> None:
    table = read("encoding_utf8_read_as_cp1252", ('"utf-8"', '"cp1252"'))
    assert [(one.code, one.line, one.column) for one in table.problems] == [
        ("erp_mojibake", 3, 5)
    ]
    marked = read("bom", ('"utf-8"', '"cp1252"'))
    assert [(one.code, one.line) for one in marked.problems] == [("erp_other_encoding", 1)]


def test_a_totals_row_is_skipped_only_where_the_mapping_says_so() -> None:
    skip = ('encoding = "utf-8"', 'encoding = "utf-8"\ntotals_row = "skip"')
    table = read("totals_row", skip)
    assert [(one.code, one.severity, one.line) for one in table.problems] == [
        ("erp_totals_skipped", "warning", 4)
    ]
    assert table.values["erp_entry_no"].to_list() == NUMBERS


def test_a_customer_may_be_called_total() -> None:
    content = (FAULTS / "no_bom.csv").read_text("utf-8").replace("Grønne dage", "Total")
    mapping = of(FAULTS / "mapping.toml", known=FIELDS)
    table = read_rows(content.encode(), name="f.csv", mapping=mapping, known=FIELDS)
    assert table.problems == ()
    assert table.values["text"].to_list() == ["Vand", "Total"]


def test_a_serial_number_is_told_with_the_date_that_it_would_be() -> None:
    problem = read("excel_serial").problems[0]
    assert problem.params["expected"] == "01-12-2025"
    assert read("excel_serial").values["due_date"].to_list()[1] is None


def test_the_delimiter_that_seems_used_is_named() -> None:
    problem = read("delimiter_comma").problems[0]
    assert (problem.params["found"], problem.params["expected"]) == (",", ";")


def test_titles_above_the_headings_are_passed_over() -> None:
    mapping = (FAULTS / "mapping.toml").read_text("utf-8")
    content = b'Open entries\r\n"Nordvand; as of 31-10"\r\n' + (
        FAULTS / "unix_lines.csv"
    ).read_bytes().replace(b"\n", b"\r\n")
    named = of(
        MappingText("m", mapping.replace("[file]", "[file]\nheader_row = 3")), known=FIELDS
    )
    table = read_rows(content, name="f.csv", mapping=named, known=FIELDS)
    assert table.problems == ()
    assert table.values["line"].to_list() == [4, 5]
    assert table.lines == 5


def test_a_column_that_is_bad_throughout_is_not_told_a_million_times() -> None:
    content = (FAULTS / "no_bom.csv").read_bytes().splitlines(keepends=True)
    row = content[1].replace(b"1.250,00", b"x")
    mapping = of(FAULTS / "mapping.toml", known=FIELDS)
    rows = content[0] + row * (SHOWN_MAX + 7)
    table = read_rows(rows, name="f.csv", mapping=mapping, known=FIELDS)
    assert len(table.problems) == SHOWN_MAX + 1
    last = table.problems[-1]
    assert (last.code, last.params["more"], last.line) == ("erp_more_faults", 7, SHOWN_MAX + 2)
    again = table.duplicates("erp_entry_no")
    assert len(again) == SHOWN_MAX + 1
    assert (again[0].line, again[0].params["first_line"]) == (3, 2)
    assert (again[-1].code, again[-1].params["more"]) == ("erp_more_faults", 6)


@pytest.fixture
def company(workspace: Workspace, tmp_path: Path) -> Workspace:
    """A company that knows the customer of the samples."""
    customers = tmp_path / "customers.csv"
    customers.write_text("Nr;Navn\n1042;Anne\n", encoding="utf-8")
    mapping = MappingText("m", '[columns]\ncustomer_no = "Nr"\nname = "Navn"\n')
    import_customers(workspace, customers, mapping=mapping, as_of=AS_OF)
    return workspace


def take(workspace: Workspace, name: str) -> ErpImport:
    path, mapping = FAULTS / f"{name}.csv", FAULTS / "mapping.toml"
    return import_entries(workspace, path, mapping=mapping, as_of=AS_OF)


@pytest.mark.parametrize(
    ("name", "code", "line", "column"),
    [
        ("duplicate_number", "erp_duplicate", 4, 1),
        ("unknown_customer", "erp_unknown_customer", 3, 2),
        ("excel_serial", "erp_excel_serial", 3, 7),
        ("totals_row", "erp_totals_row", 4, 5),
    ],
)
def test_a_file_with_such_a_fault_is_refused(
    company: Workspace, name: str, code: str, line: int, column: int
) -> None:
    refused = take(company, name)
    assert refused.outcome == "refused"
    assert [(one.code, one.line, one.column) for one in refused.problems] == [
        (code, line, column)
    ]
    with company.read() as reader:
        assert reader.value("SELECT count(*) FROM entry") == 0


def test_an_entry_in_another_currency_is_told(company: Workspace) -> None:
    assert take(company, "no_bom").outcome == "accepted"
    changed = take(company, "currency_change")
    effects = changed.effects.select("line", "erp_entry_no", "effect").rows()
    # Not collected yet: another revision takes its place, and the preview says so.
    assert sorted(effects) == [(2, "1", "replaced"), (3, "2", "equal")]
    assert changed.sums == {"EUR": 125_000}
