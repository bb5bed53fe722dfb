"""Rows and their physical lines, whatever stands between the quotes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.ledger.files.csv_table import read_csv
from workbench.ledger.files.mapping import Notation

LATIN = Notation(encoding="iso-8859-1")
UTF8 = Notation(encoding="utf-8-sig")

cells = st.text(st.characters(codec="iso-8859-1", exclude_characters="\0"), max_size=12)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8))
def test_rows_come_back_with_the_line_they_begin_in(rows: list[tuple[str, str, str]]) -> None:
    text, starts, line = "h1;h2;h3\r\n", [], 2
    for row in rows:
        quoted = [cell.replace('"', '""') for cell in row]
        written = ";".join(f'"{cell}"' for cell in quoted) + "\r\n"
        if any(cell.strip() for cell in row):
            starts.append(line)
        text += written
        line += written.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    read = read_csv(text.encode("iso-8859-1"), name="f.csv", notation=LATIN)
    assert read.problems == ()
    assert read.heading == ("h1", "h2", "h3")
    assert read.cells.rows() == [
        tuple(cell.strip() for cell in row) for row in rows if any(cell.strip() for cell in row)
    ]
    assert list(read.starts) == starts
    assert read.lines == line - 1


def test_a_byte_that_does_not_decode_is_found_in_its_cell() -> None:
    content = "no;name\n1;Søren\n2;Bo\n3;Åse\n".encode("iso-8859-1")
    read = read_csv(content, name="f.csv", notation=UTF8)
    assert [(p.code, p.line, p.column) for p in read.problems] == [
        ("erp_unreadable", 2, 2),
        ("erp_unreadable", 4, 2),
    ]
    assert read_csv(content, name="f.csv", notation=LATIN).problems == ()


def test_a_byte_order_mark_is_no_part_of_the_heading() -> None:
    read = read_csv(b"\xef\xbb\xbfno;name\r\n1;A\r\n", name="f.csv", notation=UTF8)
    assert read.heading == ("no", "name")


def test_an_open_quote_is_a_problem_and_swallows_nothing_unseen() -> None:
    read = read_csv(b'a;b\n1;"x\n2;y\n', name="f.csv", notation=LATIN)
    assert [(p.code, p.line) for p in read.problems] == [("erp_broken_row", 2)]
    assert read.cells.height == 0


def test_rows_after_a_broken_one_are_still_read() -> None:
    read = read_csv(b'a;b\n1;"x"y\n2;z\n3;4;5\n6\n7;8;;\n', name="f.csv", notation=LATIN)
    assert [(p.code, p.line, p.column) for p in read.problems] == [
        ("erp_broken_row", 2, None),
        ("erp_uneven_row", 4, 3),
        ("erp_uneven_row", 5, 2),
    ]
    assert read.cells.rows() == [("2", "z"), ("7", "8")]
    assert read.starts.to_list() == [3, 6]


def test_an_empty_file_is_a_problem_and_a_heading_alone_is_none() -> None:
    for content in (b"", b"\r\n\r\n", b"  \n"):
        read = read_csv(content, name="f.csv", notation=LATIN)
        assert [p.code for p in read.problems] == ["empty_file"]
    read = read_csv(b"a;b\n", name="f.csv", notation=LATIN)
    assert (read.problems, read.cells.height) == ((), 0)


def test_a_file_without_headings() -> None:
    read = read_csv(b"1,2\n3,4\n", name="f", notation=Notation(header=False, delimiter=","))
    assert read.heading == ()
    assert read.cells.rows() == [("1", "2"), ("3", "4")]
    assert read.starts.to_list() == [1, 2]
