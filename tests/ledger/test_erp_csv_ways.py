"""A regular file is split by Polars, any other by the `csv` module: to the same result."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from workbench.ledger.files import csv_table as erp_csv
from workbench.ledger.files.csv_table import read_csv
from workbench.ledger.files.mapping import MappingText, Notation, of
from workbench.ledger.files.rows import read_rows
from workbench.ledger.files.sheet import Sheet
from workbench.ledger.imports.entry_rows import FIELDS

#: Whatever makes splitting hard, and a few plain letters.
SIGNS = ';,"\n\r \t\N{NO-BREAK SPACE}\x1c\0\ufeffaø=1'
ENCODINGS = st.sampled_from(["utf-8", "utf-8-sig", "iso-8859-1", "cp1252"])
MAPPING = """
[file]
encoding = "utf-8"
totals_row = "skip"
[columns]
erp_entry_no = 1
customer_no = 2
kind = 3
document_no = 4
document_date = 5
due_date = 6
amount = 7
currency = 8
"""
CELLS = {
    "no": st.sampled_from(["1", "0012", "", "Total", "=1+2", "Å1"]),
    "kind": st.sampled_from(["invoice", "credit_note", "", "bill"]),
    "date": st.sampled_from(["01-10-2026", "", "31-09-2026", "45992", '"02-10-2026"']),
    "amount": st.sampled_from(
        ["1,00", "1.234", "1.234,50", "-7", "7-", "+3", "1.5", "", '"1\n2"', "9" * 15, "x"]
    ),
    "currency": st.sampled_from(["DKK", "isk", "XYZ", "", "EUR"]),
}


def both(
    content: bytes, notation: Notation, wanted: list[int] | None = None
) -> tuple[Sheet, Sheet]:
    fast = read_csv(content, name="f.csv", notation=notation, wanted=wanted)
    return fast, read_csv(content, name="f.csv", notation=notation, wanted=wanted, slow=True)


def assert_same(fast: Sheet, slow: Sheet) -> None:
    assert fast.problems == slow.problems
    assert fast.heading == slow.heading
    assert (fast.width, fast.lines, fast.top) == (slow.width, slow.lines, slow.top)
    assert fast.starts.to_list() == slow.starts.to_list()
    assert_frame_equal(fast.cells, slow.cells)
    assert [cell.strip() for cell in fast.last] == [cell.strip() for cell in slow.last]


@settings(deadline=None)  # reading a file takes as long as the machine is busy
@given(
    text=st.text(SIGNS, max_size=40),
    encoding=ENCODINGS,
    header=st.booleans(),
    row=st.integers(0, 3),
    delimiter=st.sampled_from([";", ","]),
)
@example(text="a;b\n;\n1;2\n\n", encoding="utf-8", header=True, row=0, delimiter=";")
@example(text='a;b\n"1";"2\n3"\n4;5', encoding="utf-8", header=True, row=0, delimiter=";")
@example(text="title\na;b\n1;2\n", encoding="utf-8", header=True, row=2, delimiter=";")
def test_both_ways_split_any_text_alike(
    text: str, encoding: str, *, header: bool, row: int, delimiter: str
) -> None:
    content = text.encode(encoding, errors="ignore")
    notation = Notation(encoding, delimiter=delimiter, header=header, header_row=row)
    assert_same(*both(content, notation))


@settings(deadline=None)  # reading a file takes as long as the machine is busy
@given(
    rows=st.lists(
        st.lists(st.text('aø ";\n=', max_size=4), min_size=3, max_size=3), min_size=1
    ),
    quoted=st.booleans(),
    wanted=st.sampled_from([None, [2], [1, 3], []]),
)
def test_both_ways_split_what_programs_write(
    rows: list[list[str]], *, quoted: bool, wanted: list[int] | None
) -> None:
    def cell(text: str) -> str:
        hard = quoted or any(sign in text for sign in '";\n')
        return '"' + text.replace('"', '""') + '"' if hard else text

    content = "\r\n".join(["a;b;c", *(";".join(map(cell, row)) for row in rows)]).encode()
    assert_same(*both(content, Notation("utf-8"), wanted))


def test_a_regular_file_takes_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    slow_way = monkeypatch
    slow_way.setattr(erp_csv, "read_by_row", None)
    content = '"no";"name"\r\n1;"Bo; ""B""\r\nHer"\r\n;\r\n2;Åse\r\n\r\n'.encode("cp1252")
    sheet = read_csv(content, name="f.csv", notation=Notation("cp1252"))
    assert sheet.cells.rows() == [("1", 'Bo; "B"\r\nHer'), ("2", "Åse")]
    assert sheet.starts.to_list() == [2, 5]
    assert (sheet.heading, sheet.lines) == (("no", "name"), 6)


@settings(deadline=None)  # reading a file takes as long as the machine is busy
@given(
    rows=st.lists(
        st.tuples(
            CELLS["no"], CELLS["no"], CELLS["kind"], CELLS["no"], CELLS["date"],
            CELLS["date"], CELLS["amount"], CELLS["currency"],
        ),
        max_size=6,
    )
)  # fmt: skip
def test_both_ways_come_to_the_same_values_and_problems(rows: list[tuple[str, ...]]) -> None:
    mapping = of(MappingText("m", MAPPING), known=FIELDS)
    content = "\n".join(["a;b;c;d;e;f;g;h", *(";".join(row) for row in rows)]).encode()
    fast = read_rows(content, name="f", mapping=mapping, known=FIELDS)
    slow = read_rows(content, name="f", mapping=mapping, known=FIELDS, slow=True)
    assert fast.problems == slow.problems
    assert_frame_equal(fast.values, slow.values)
    assert_frame_equal(fast.texts, slow.texts)
