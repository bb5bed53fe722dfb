from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.documents.fonts import face
from workbench.documents.tables import Column, Kind, Row, Table
from workbench.documents.typesetting import grid, shorten, wrap

PLAIN = face("")
FACES = (PLAIN, face("B"))
WORDS = st.text(st.sampled_from("abcæøå 10.,-"), max_size=80)


@given(WORDS, st.floats(5, 60))
def test_shortened_text_fits_and_is_a_beginning(text: str, width: float) -> None:
    short = shorten(text, width=width, size=7.5, face=PLAIN)
    assert PLAIN.width(short, size=7.5) <= width
    if short != text:
        assert short.endswith("…")
        assert text.startswith(short.removesuffix("…"))
        assert PLAIN.width(text, size=7.5) > width


@given(WORDS, st.floats(5, 60))
def test_wrapped_lines_fit_and_lose_nothing(text: str, width: float) -> None:
    lines = wrap(text, width=width, size=7.5, face=PLAIN)
    assert all(PLAIN.width(line, size=7.5) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


def test_wrap_breaks_between_words() -> None:
    lines = wrap("Open balance by due date", width=25, size=7.5, face=PLAIN)
    assert lines == ["Open balance by", "due date"]


CELL = st.text(st.sampled_from("abcæøå10.,"), max_size=60)


@given(st.lists(st.tuples(CELL, CELL, st.integers(0, 10**18)), max_size=6))
def test_a_grid_fills_the_width_and_never_cuts_a_number(
    rows: list[tuple[str, str, int]],
) -> None:
    table = Table(
        "t",
        "T",
        (Column("First", weight=3), Column("Second one"), Column("Amount", Kind.NUMBER)),
        [Row((first, second, f"{number:,}")) for first, second, number in rows],
    )
    made = grid(table, width=90, size=7.5, gap=3, faces=FACES)
    assert sum(made.widths) == pytest.approx(90)
    for row in table.rows:
        assert PLAIN.width(row.cells[2], size=made.size) <= made.widths[2] - 3 + 1e-6


def test_type_shrinks_when_the_numbers_alone_are_too_wide() -> None:
    columns = tuple(Column(f"Amount {index}", Kind.NUMBER) for index in range(9))
    table = Table("t", "T", columns, [Row(("−1.234.567.890.123,45",) * 9)])
    made = grid(table, width=178, size=7.5, gap=3, faces=FACES)
    assert made.size < 7.5
    assert sum(made.widths) == pytest.approx(178)
    wide = PLAIN.width("−1.234.567.890.123,45", size=made.size)
    assert all(wide <= width - 3 + 1e-6 for width in made.widths)


def test_a_row_has_a_cell_for_every_column() -> None:
    with pytest.raises(AssertionError):
        Table("t", "T", (Column("A"), Column("B")), [Row(("only one",))])
