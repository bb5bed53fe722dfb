from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.collection.calendar import (
    Timeliness,
    UnknownKindError,
    deadline,
    due_window,
    final_dates,
    final_on,
    timeliness,
)
from workbench.model.banking_days import is_banking_day

DATES = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2039, 12, 31))
NOVEMBER = dt.date(2026, 11, 2)


def test_the_deadline_of_a_payment_month() -> None:
    found = deadline(NOVEMBER)
    assert found.date == dt.date(2026, 10, 23)
    assert (found.time, found.warn_time) == (dt.time(11), dt.time(9))
    assert found.timezone == "Europe/Copenhagen"
    assert found.short_notice_until == dt.date(2026, 10, 28)


def test_the_deadline_of_january_lies_in_the_year_before() -> None:
    assert deadline(dt.date(2027, 1, 31)).date == dt.date(2026, 12, 21)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-10-12T12:00:00", Timeliness.IN_TIME),
        ("2026-10-22T23:59:59", Timeliness.IN_TIME),
        ("2026-10-23T08:59:59", Timeliness.IN_TIME),
        ("2026-10-23T09:00:00", Timeliness.WARNED),
        ("2026-10-23T10:59:59", Timeliness.WARNED),
        ("2026-10-23T11:00:00", Timeliness.SHORT_NOTICE),
        ("2026-10-24T01:00:00", Timeliness.SHORT_NOTICE),
        ("2026-10-28T23:59:59", Timeliness.SHORT_NOTICE),
        ("2026-10-29T00:00:00", Timeliness.TOO_LATE),
    ],
)
def test_timeliness(moment: str, expected: Timeliness) -> None:
    local = dt.datetime.fromisoformat(moment)
    assert timeliness(local, deadline=deadline(NOVEMBER)) is expected


@pytest.mark.parametrize(
    ("delivered_on", "section_kind", "first", "last"),
    [
        ("2026-10-12", "0112", "2026-11-01", "2026-11-30"),
        ("2026-10-31", "0112", "2026-11-01", "2026-11-30"),
        ("2026-12-01", "0112", "2027-01-01", "2027-01-31"),
        ("2027-01-31", "0112", "2027-02-01", "2027-02-28"),
        ("2026-10-12", "0117", "2026-10-12", "2027-01-10"),
    ],
)
def test_the_due_window(delivered_on: str, section_kind: str, first: str, last: str) -> None:
    found = due_window(dt.date.fromisoformat(delivered_on), section_kind=section_kind)
    assert found == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    ("kind", "payment_date", "expected"),
    [
        ("payment_completed", "2026-11-02", "2026-11-09"),
        ("payment_completed", "2026-11-20", "2026-11-24"),
        ("payment_completed", "2026-12-01", "2026-12-07"),
        ("payment_completed", "2026-12-23", "2026-12-29"),
        ("payment_completed", "2027-05-03", "2027-05-10"),
        ("slip_paid", "2026-11-02", "2026-11-02"),
        ("slip_paid", "2026-11-21", "2026-11-21"),
    ],
)
def test_final_on(kind: str, payment_date: str, expected: str) -> None:
    found = final_on(kind, dt.date.fromisoformat(payment_date))
    assert found == dt.date.fromisoformat(expected)


def test_a_kind_without_finality_is_refused() -> None:
    with pytest.raises(UnknownKindError):
        final_on("payment_reversed", NOVEMBER)


@given(DATES)
def test_an_automatic_payment_is_final_after_its_objection_day(
    payment_date: dt.date,
) -> None:
    found = final_on("payment_completed", payment_date)
    assert is_banking_day(found)
    assert found > payment_date
    assert found >= payment_date.replace(day=7)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["payment_completed", "slip_paid", "payment_reversed"]),
            st.none() | DATES,
        )
    )
)
def test_a_column_of_dates_is_the_same_as_one_by_one(
    rows: list[tuple[str, dt.date | None]],
) -> None:
    schema = {"kind": pl.String, "payment_date": pl.Date}
    found = final_dates(pl.DataFrame(rows, schema=schema, orient="row")).to_list()
    assert found == [
        None if date is None or kind == "payment_reversed" else final_on(kind, date)
        for kind, date in rows
    ]
