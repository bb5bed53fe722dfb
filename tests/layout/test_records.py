"""The record machine: what is declared is read, written and checked."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.layout import digits, latin1
from workbench.layout.fields import (
    CannotWriteError,
    Constant,
    CustomerNumber,
    Date,
    Field,
    Identifier,
    MinorUnits,
    Number,
    Sign,
    Text,
)
from workbench.layout.lines import split
from workbench.layout.raw_key import raw_keys
from workbench.layout.records import FixedRecord, joined_lines


class Sample(FixedRecord):
    """One field of each type."""

    tag = Constant(1, 3, text="TAG")
    short = Number(4, 5, "short")
    text = Text(10, 20, "text")
    long = Number(30, 47, "long")
    amount = MinorUnits(50, 62, "amount")
    sign = Sign(63, 63, "sign")
    day = Date(64, 69, "day")
    long_day = Date(70, 77, "long day")
    agreement = Identifier(80, 88, "agreement")
    customer = CustomerNumber(90, 104, "customer", fill="zero")


LATIN = st.characters(codec="latin-1", exclude_categories=("Cc", "Zs"))


def strategy(field: Field) -> st.SearchStrategy[object]:
    """Good values of a field, from its declaration."""
    match field:
        case CustomerNumber():
            return st.from_regex(r"[1-9A-ZÆØÅ][0-9A-ZÆØÅ]{0,14}", fullmatch=True)
        case Text():
            return st.none() | st.text(LATIN, min_size=1, max_size=field.width)
        case Identifier():
            return st.none() | st.from_regex(
                rf"[1-9][0-9]{{{field.width - 1}}}", fullmatch=True
            )
        case Sign():
            return st.sampled_from([-1, 0, 1])
        case Number():
            return st.integers(0, 10**field.width - 1)
        case Date():
            first, last = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
            return st.none() | st.dates(first, last)
    raise AssertionError(field)


ROWS = st.lists(
    st.fixed_dictionaries({name: strategy(f) for name, f in Sample.read_fields().items()}),
    min_size=1,
    max_size=5,
)


@settings(max_examples=100, deadline=None)
@given(ROWS)
def test_what_is_written_is_read(rows: list[dict[str, object]]) -> None:
    columns = {name: [row[name] for row in rows] for name in Sample.read_fields()}
    text = {
        name: pl.String
        for name, f in Sample.read_fields().items()
        if isinstance(f, (Text, Identifier))
    }
    frame = pl.DataFrame(columns, schema_overrides=text)
    content = joined_lines(Sample.write(frame.to_dict(), height=len(rows)))
    lines = split(content)
    matrix = lines.rows(np.arange(len(lines)), width=128)
    found = Sample.read(matrix)
    assert not found.faults.any()
    assert found.values.select(frame.columns).to_dicts() == rows


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("short", "1 ", "bad_number"),
        ("long", "00000000000000000A", "bad_number"),
        ("amount", "             ", "bad_amount"),
        ("sign", "3", "bad_sign"),
        ("day", "310226", "bad_date"),
        ("long_day", "29022027", "bad_date"),
        ("long_day", "2902202x", "bad_date"),
        ("agreement", "12345678 ", "bad_number"),
    ],
)
def test_broken_cell_is_null_and_tells_place_found_and_expected(
    field: str, cell: str, code: str
) -> None:
    values = {"short": 1, "long": 1, "amount": 1, "sign": 1}
    matrix = Sample.write(values, height=2)
    declared = Sample.fields[field]
    matrix[1, declared.first - 1 : declared.last] = list(cell.encode())
    columns = Sample.read(matrix)
    assert columns.values[field][1] is None
    assert columns.faults[0] == 0
    (problem,) = Sample.problems(matrix, columns.faults, lines=np.array([7, 8]), source="file")
    assert (problem.code, problem.line, problem.column) == (code, 8, declared.first)
    assert problem.params == {
        "field": declared.label or field,
        "found": cell,
        "expected": declared.expected,
    }


def test_empty_days_and_names_are_null_and_no_fault() -> None:
    matrix = Sample.write({"short": 1, "long": 1, "amount": 1, "sign": 0}, height=1)
    for name in ("day", "long_day", "agreement"):
        declared = Sample.fields[name]
        for filler in (b"0", b" "):
            matrix[:, declared.first - 1 : declared.last] = ord(filler)
            columns = Sample.read(matrix)
            assert columns.values[name][0] is None
            assert not columns.faults.any()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("short", 100),
        ("short", -1),
        ("text", "x" * 12),
        ("text", "€"),
        ("day", dt.date(1999, 1, 1)),
    ],
)
def test_what_does_not_fit_is_refused(name: str, value: object) -> None:
    with pytest.raises(CannotWriteError):
        Sample.write({name: pl.Series([value])}, height=1)


def test_overlapping_fields_are_refused() -> None:
    with pytest.raises(AssertionError):
        type("Bad", (FixedRecord,), {"a": Text(1, 5), "b": Text(5, 6)})


@given(st.lists(st.binary(max_size=8).map(lambda b: b.replace(b"\n", b"").replace(b"\r", b""))))
def test_lines_are_counted_and_padded(parts: list[bytes]) -> None:
    for end in (b"\r\n", b"\n"):
        lines = split(b"".join(part + end for part in parts))
        assert len(lines) == len(parts)
        assert [lines.raw(at) for at in range(len(lines))] == parts
        matrix = lines.rows(np.arange(len(lines)), width=6)
        assert [row.tobytes() for row in matrix] == [part[:6].ljust(6) for part in parts]
        heads = [int(head).to_bytes(8, "little") for head in lines.heads()]
        assert heads == [part.ljust(8) for part in parts]


@given(st.lists(st.text(st.characters(codec="latin-1"), min_size=7, max_size=7), min_size=1))
def test_latin_letters_survive(texts: list[str]) -> None:
    cells = np.frombuffer("".join(texts).encode("latin-1"), np.uint8).reshape(-1, 7)
    series = latin1.decode(cells)
    assert series.to_list() == texts
    assert (latin1.encode(series, width=7) == cells).all()


def test_every_ddmmyy_is_a_day_or_refused() -> None:
    days = digits.days_of_ddmmyy(np.arange(1_000_000))
    first, last = dt.date(2000, 1, 1).toordinal(), dt.date(2100, 1, 1).toordinal()
    assert np.count_nonzero(days > digits.EMPTY_DATE) == last - first
    assert days[0] == digits.EMPTY_DATE
    assert days[290224] == (dt.date(2024, 2, 29) - dt.date(1970, 1, 1)).days
    assert days[290223] == digits.NO_DATE


def test_raw_keys_never_change() -> None:
    rows = np.full((3, 128), 0x20, np.uint8)
    rows[1, 7] = ord("1")
    rows[2, 15] = ord("1")
    keys = raw_keys(rows).tolist()
    assert len(set(keys)) == 3
    assert keys == [_slow_key(row.tobytes()) for row in rows]
    assert keys[0] == BLANK_KEY


#: The raw key of a blank record, computed once and kept.
BLANK_KEY = 0xD73253981846C44A


def _slow_key(record: bytes) -> int:
    """The documented algorithm in plain integers."""
    key = 0xCBF29CE484222325
    for at in range(0, 136, 8):
        word = int.from_bytes(record[at : at + 8], "little") if at < 128 else 0
        key = (key ^ word) * 0x9E3779B97F4A7C15 % 2**64
        key ^= key >> 32
    return key
