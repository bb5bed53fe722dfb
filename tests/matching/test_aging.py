from __future__ import annotations

import datetime as dt
from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.matching.aging import (
    CREDITS,
    ENTRIES,
    PERIODS,
    BrokenPeriodsError,
    Period,
    age,
    age_by_customer,
)
from workbench.matching.schemas import WrongFrameError

AS_OF = dt.date(2026, 12, 2)
COLUMNS = [*(period.id for period in PERIODS), CREDITS]

Entry = tuple[int, int | None, int, str]  # customer, days overdue, remaining, currency


def entries(rows: list[Entry]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (n, customer, None if days is None else AS_OF - dt.timedelta(days=days), minor, c)
            for n, (customer, days, minor, c) in enumerate(rows)
        ],
        schema=ENTRIES,
        orient="row",
    )


@pytest.mark.parametrize(
    ("days", "column"),
    [
        (-400, "not_due"), (-1, "not_due"), (0, "not_due"), (None, "not_due"),
        (1, "days_1_30"), (30, "days_1_30"), (31, "days_31_60"), (60, "days_31_60"),
        (61, "days_61_90"), (90, "days_61_90"), (91, "days_over_90"),
        (4_000, "days_over_90"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("minor", [1, 25_000])
def test_the_period_of_a_claim(days: int | None, column: str, minor: int) -> None:
    [row] = age(entries([(1, days, minor, "DKK")]), as_of=AS_OF).to_dicts()
    assert {name for name in COLUMNS if row[name]} == {column}
    assert row[column] == row["remaining_minor"] == minor


@pytest.mark.parametrize("days", [None, -5, 45, 500])
def test_a_credit_lowers_no_period(days: int | None) -> None:
    rows: list[Entry] = [(1, 45, 10_000, "DKK"), (1, days, -4_000, "DKK")]
    [row] = age(entries(rows), as_of=AS_OF).to_dicts()
    assert (row["days_31_60"], row[CREDITS], row["remaining_minor"]) == (10_000, -4_000, 6_000)


def test_currencies_stay_apart() -> None:
    rows: list[Entry] = [(1, 5, 100, "SEK"), (1, 5, 200, "DKK"), (2, 0, 7, "DKK")]
    found = age(entries(rows), as_of=AS_OF)
    assert found.columns == ["currency", *COLUMNS, "remaining_minor"]
    assert found["currency"].to_list() == ["DKK", "SEK"]
    assert found["days_1_30"].to_list() == [200, 100]
    assert found["not_due"].to_list() == [7, 0]


def test_one_row_per_customer_and_currency() -> None:
    rows: list[Entry] = [(2, 5, 100, "DKK"), (1, 5, 200, "DKK"), (2, 95, 50, "DKK"),
                         (2, 5, 1, "EUR")]  # fmt: skip
    found = age_by_customer(entries(rows), as_of=AS_OF)
    assert found.select("currency", "customer_id", "days_1_30", "days_over_90").rows() == [
        ("DKK", 1, 200, 0),
        ("DKK", 2, 100, 50),
        ("EUR", 2, 1, 0),
    ]


ROWS = st.lists(
    st.tuples(
        st.integers(1, 3),
        st.none() | st.integers(-40, 130),
        st.integers(-(10**9), 10**9),
        st.sampled_from(["DKK", "NOK"]),
    )
)


@given(ROWS)
def test_periods_and_credits_are_what_remains(rows: list[Entry]) -> None:
    frame = entries(rows)
    total, per_customer = age(frame, as_of=AS_OF), age_by_customer(frame, as_of=AS_OF)
    for found in (total, per_customer):
        assert all(found[name].dtype == pl.Int64 for name in COLUMNS)
        sums = [sum(row[name] for name in COLUMNS) for row in found.to_dicts()]
        assert sums == found["remaining_minor"].to_list()
        assert sum(sums) == sum(minor for _, _, minor, _ in rows)
        assert (found[CREDITS] <= 0).all()
    again = per_customer.group_by("currency").agg(pl.col(*COLUMNS, "remaining_minor").sum())
    assert again.sort("currency").equals(total)


def test_one_declaration_changes_the_columns() -> None:
    periods = (
        replace(PERIODS[0], last_day=14),
        Period("late", "Late", 15, None),
    )
    rows: list[Entry] = [(1, 14, 1, "DKK"), (1, 15, 2, "DKK")]
    [row] = age(entries(rows), as_of=AS_OF, periods=periods).to_dicts()
    assert (row["not_due"], row["late"]) == (1, 2)


@pytest.mark.parametrize(
    "periods",
    [(), PERIODS[:-1], PERIODS[1:], (PERIODS[0], PERIODS[2]), (PERIODS[0], *PERIODS)],
)
def test_periods_with_a_gap_or_an_overlap_are_refused(periods: tuple[Period, ...]) -> None:
    with pytest.raises(BrokenPeriodsError):
        age(entries([]), as_of=AS_OF, periods=periods)


def test_no_entries() -> None:
    assert age(entries([]), as_of=AS_OF).is_empty()


def test_a_float_is_no_money() -> None:
    with pytest.raises(WrongFrameError):
        age(entries([]).cast({"remaining_minor": pl.Float64}), as_of=AS_OF)
