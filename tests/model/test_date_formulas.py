from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.date_formulas import (
    BadDateFormulaError,
    Dialect,
    Formula,
    Term,
    Unit,
    parse,
    resolve,
)

DATES = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2099, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("formula", "anchor", "expected"),
    [
        ("LM", "2026-11-21", "2026-11-30"),
        ("lm", "2026-11-30", "2026-11-30"),
        ("+1LM", "2026-11-01", "2026-11-30"),
        ("+2LM", "2026-11-21", "2026-12-31"),
        ("+3LM", "2026-11-30", "2027-01-31"),
        ("+2LM", "2027-01-31", "2027-02-28"),
        ("-LM", "2026-11-21", "2026-10-31"),
        ("-1LM", "2026-01-01", "2025-12-31"),
        ("-2LM", "2026-11-21", "2026-09-30"),
        ("-LM+1", "2026-11-21", "2026-11-01"),
        ("-LM + 1", "2026-11-01", "2026-11-01"),
        ("-LM+1D", "2026-03-31", "2026-03-01"),
        ("LM-1", "2026-11-21", "2026-11-29"),
        ("LM+1B", "2026-10-05", "2026-11-02"),
        ("14D", "2026-11-21", "2026-12-05"),
        ("-14D", "2026-11-21", "2026-11-07"),
        ("14", "2026-11-21", "2026-12-05"),
        ("-3", "2026-11-01", "2026-10-29"),
        ("0", "2026-11-01", "2026-11-01"),
        ("1M", "2026-01-31", "2026-02-28"),
        ("1M", "2028-01-31", "2028-02-29"),
        ("-1M", "2026-03-31", "2026-02-28"),
        ("13M", "2026-12-15", "2028-01-15"),
        ("3B", "2026-11-20", "2026-11-25"),
        ("-3B", "2026-11-21", "2026-11-18"),
        ("+ 3 bankdage", "2026-12-23", "2026-12-30"),
        ("1 bankdag", "2026-12-30", "2027-01-04"),
        ("  2B ", "2026-11-19", "2026-11-23"),
    ],
)
def test_the_guide(formula: str, anchor: str, expected: str) -> None:
    assert resolve(formula, anchor=day(anchor)) == day(expected)


@pytest.mark.parametrize(
    ("formula", "anchor", "expected"),
    [
        ("CM", "2026-11-21", "2026-11-30"),
        ("-CM", "2026-11-21", "2026-11-01"),
        ("-LM", "2026-11-21", "2026-11-01"),
        ("CM+1D", "2026-11-21", "2026-12-01"),
        ("-CM-1D", "2026-11-21", "2026-10-31"),
        ("2W", "2026-11-21", "2026-12-05"),
        ("1Q", "2026-11-30", "2027-02-28"),
        ("-1Y", "2028-02-29", "2027-02-28"),
    ],
)
def test_business_central(formula: str, anchor: str, expected: str) -> None:
    found = resolve(formula, anchor=day(anchor), dialect=Dialect.BUSINESS_CENTRAL)
    assert found == day(expected)


@pytest.mark.parametrize(
    ("text", "position"),
    [("", 1), ("   ", 4), ("D", 1), ("M", 1), ("0LM", 1), ("X", 1), ("3X", 1), ("-LM1", 4),
     ("-LM+", 4), ("-LM + ", 5), ("3B 4D", 4), ("14D;", 4), ("LM+1Æ", 5), ("++1", 1),
     ("12345", 5)],
)  # fmt: skip
def test_a_bad_formula_says_where(text: str, position: int) -> None:
    with pytest.raises(BadDateFormulaError) as refusal:
        parse(text)
    assert refusal.value.position == position


@pytest.mark.parametrize("text", ["14", "3B", "2CM", "CW"])
def test_what_business_central_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(BadDateFormulaError):
        parse(text, dialect=Dialect.BUSINESS_CENTRAL)


def test_a_formula_is_parsed_once() -> None:
    formula = parse("-LM+1")
    assert formula == Formula((Term(-1, Unit.MONTH_END), Term(1, Unit.DAY)))
    assert resolve(formula, anchor=day("2026-11-21")) == day("2026-11-01")


@given(DATES)
def test_the_pair_of_the_month_procedure_is_the_whole_month(anchor: dt.date) -> None:
    first, last = resolve("-LM+1", anchor=anchor), resolve("+1LM", anchor=anchor)
    assert first == anchor.replace(day=1)
    assert (last + dt.timedelta(days=1)).day == 1
    assert (last.year, last.month) == (anchor.year, anchor.month)


def test_a_date_beyond_the_calendar_is_an_overflow() -> None:
    with pytest.raises(OverflowError):
        resolve("9999M", anchor=day("9998-01-01"))
