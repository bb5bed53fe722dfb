from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.banking_days import (
    NoSuchBankingDayError,
    UnknownCountryError,
    add_banking_days,
    easter_sunday,
    is_banking_day,
    next_banking_day,
    nth_last_banking_day,
)

# The closed days of Danmarks Nationalbank's calendar that do not fall on a weekend.
CLOSED = {
    2026: ["0101", "0402", "0403", "0406", "0514", "0515", "0525", "0605", "1224", "1225",
           "1231"],
    2027: ["0101", "0325", "0326", "0329", "0506", "0507", "0517", "1224", "1231"],
}  # fmt: skip

# Published dates for deliveries of collections: 24/1 is for payments in February.
DEADLINES = {
    2024: [24, 22, 20, 23, 24, 21, 24, 23, 23, 24, 22, 18],
    2026: [23, 20, 24, 23, 21, 23, 24, 24, 23, 23, 23, 21],
}

DATES = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2099, 12, 31))


@pytest.mark.parametrize("year", CLOSED)
def test_the_closed_weekdays_of_a_year_are_those_of_the_central_bank(year: int) -> None:
    days = [dt.date(year, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    closed = [f"{d:%m%d}" for d in days if d.weekday() < 5 and not is_banking_day(d)]
    assert closed == CLOSED[year]


@pytest.mark.parametrize("year", DEADLINES)
@pytest.mark.parametrize("month", range(1, 13))
def test_the_sixth_last_banking_day_is_the_published_deadline(year: int, month: int) -> None:
    expected = dt.date(year, month, DEADLINES[year][month - 1])
    assert nth_last_banking_day(year, month, 6) == expected


def test_general_prayer_day_is_closed_up_to_2023_only() -> None:
    assert not is_banking_day(dt.date(2023, 5, 5))
    assert is_banking_day(dt.date(2024, 4, 26))


@pytest.mark.parametrize(
    ("year", "date"),
    [(1961, "04-02"), (2000, "04-23"), (2008, "03-23"), (2019, "04-21"), (2026, "04-05"),
     (2038, "04-25"), (2049, "04-18"), (2076, "04-19")],
)  # fmt: skip
def test_easter(year: int, date: str) -> None:
    assert f"{easter_sunday(year):%m-%d}" == date


def test_the_first_of_may_is_a_banking_day() -> None:
    assert is_banking_day(dt.date(2026, 5, 1))


@given(DATES)
def test_the_next_banking_day_is_the_first_one_from_the_date_on(date: dt.date) -> None:
    found = next_banking_day(date)
    assert is_banking_day(found)
    between = [date + dt.timedelta(days=n) for n in range((found - date).days)]
    assert not any(is_banking_day(day) for day in between)


@given(DATES, st.integers(min_value=-30, max_value=30))
def test_adding_counts_exactly_the_banking_days_passed(date: dt.date, n: int) -> None:
    found = add_banking_days(date, n)
    step = 1 if n > 0 else -1
    passed = [
        date + dt.timedelta(days=k) for k in range(step, (found - date).days + step, step)
    ]
    assert sum(is_banking_day(day) for day in passed) == abs(n)
    assert n == 0 or is_banking_day(found)


@given(DATES, st.integers(min_value=0, max_value=30))
def test_from_a_banking_day_forth_and_back_is_no_move(date: dt.date, n: int) -> None:
    start = next_banking_day(date)
    assert add_banking_days(add_banking_days(start, n), -n) == start


@given(DATES, st.integers(min_value=1, max_value=15))
def test_the_nth_last_has_n_minus_one_behind_it_in_its_month(date: dt.date, n: int) -> None:
    found = nth_last_banking_day(date.year, date.month, n)
    behind = [found + dt.timedelta(days=k) for k in range(1, 32)]
    assert sum(is_banking_day(d) for d in behind if d.month == found.month) == n - 1


@pytest.mark.parametrize("n", [0, -1, 24])
def test_a_day_that_the_month_does_not_have_is_refused(n: int) -> None:
    with pytest.raises(NoSuchBankingDayError):
        nth_last_banking_day(2026, 11, n)


def test_an_unknown_country_is_refused() -> None:
    with pytest.raises(UnknownCountryError):
        is_banking_day(dt.date(2026, 1, 5), country="XX")
