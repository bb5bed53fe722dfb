"""Aging: open entries by the days since they fell due, one declaration of the periods.

Amounts are in the ledger view: a claim is positive. What is negative, a credit note or
money on account, stands in a column of its own and lowers no period.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from workbench.matching.schemas import checked
from workbench.model.texts import marked

#: One row per open entry.
ENTRIES = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "due_date": pl.Date,  # null counts as not due
        "remaining_minor": pl.Int64,  # ledger view: claim +, credit −
        "currency": pl.String,
    }
)


@dataclass(frozen=True, slots=True)
class Period:
    """A range of days overdue (aldersfordeling).

    Attributes:
        id: Name of its column.
        first_day: The fewest days overdue; None: everything up to the last.
        last_day: The most days overdue; None: everything from the first on.
    """

    id: str
    label: str
    first_day: int | None
    last_day: int | None


#: The periods that ship. They touch and cover all days.
PERIODS = (
    Period("not_due", marked("Not due"), None, 0),
    Period("days_1_30", marked("1–30 days"), 1, 30),
    Period("days_31_60", marked("31–60 days"), 31, 60),
    Period("days_61_90", marked("61–90 days"), 61, 90),
    Period("days_over_90", marked("Over 90 days"), 91, None),
)

#: The column of credits and money on account: zero or negative.
CREDITS = "credits"


class BrokenPeriodsError(ValueError):
    """The periods do not cover every day exactly once."""


def age(
    entries: pl.DataFrame, *, as_of: dt.date, periods: tuple[Period, ...] = PERIODS
) -> pl.DataFrame:
    """One row per currency, sorted: a column per period, `credits` and `remaining_minor`.

    Args:
        entries: `ENTRIES`, of one moment.
        as_of: The day that the age is counted to.
        periods: Adjoining ranges of days overdue, the youngest first.

    Raises:
        BrokenPeriodsError: The periods leave a gap or overlap.
        WrongFrameError: A column is missing or of another type.
    """
    return _aged(entries, by=[], as_of=as_of, periods=periods)


def age_by_customer(
    entries: pl.DataFrame, *, as_of: dt.date, periods: tuple[Period, ...] = PERIODS
) -> pl.DataFrame:
    """As `age`, with one row per `currency` and `customer_id`, sorted by both."""
    return _aged(entries, by=["customer_id"], as_of=as_of, periods=periods)


def _aged(
    entries: pl.DataFrame,
    *,
    by: list[str],
    as_of: dt.date,
    periods: tuple[Period, ...],
) -> pl.DataFrame:
    _check(periods)
    entries = checked(entries, ENTRIES, name="entries")
    currencies = entries["currency"].unique().sort().to_list()
    aged = [_aged_in(c, entries, by=by, as_of=as_of, periods=periods) for c in currencies]
    if not aged:
        return _aged_in("", entries, by=by, as_of=as_of, periods=periods).clear()
    result = pl.concat(aged)
    parts = result.select(parts=pl.sum_horizontal(*(p.id for p in periods), CREDITS))
    assert parts["parts"].equals(result["remaining_minor"])
    assert result["remaining_minor"].sum() == entries["remaining_minor"].sum()
    return result


def _aged_in(
    currency: str,
    entries: pl.DataFrame,
    *,
    by: list[str],
    as_of: dt.date,
    periods: tuple[Period, ...],
) -> pl.DataFrame:
    """The entries of one currency; grouped apart, as a text in the key costs half the time."""
    remaining, claim = pl.col("remaining_minor"), pl.col("claim")
    open_entries = (
        entries.lazy()
        .filter(pl.col("currency") == currency)
        .select(
            *by,
            remaining,
            pl.when(remaining > 0).then(remaining).otherwise(0).alias("claim"),
            _position(periods, as_of=as_of).alias("position"),
        )
    )
    sums = [
        *(
            pl.when(pl.col("position") == n).then(claim).otherwise(0).sum().alias(period.id)
            for n, period in enumerate(periods)
        ),
        pl.when(remaining < 0).then(remaining).otherwise(0).sum().alias(CREDITS),
        remaining.sum(),
    ]
    aged = open_entries.group_by(by).agg(sums).sort(by) if by else open_entries.select(sums)
    return aged.select(pl.lit(currency).alias("currency"), pl.all()).collect(engine="streaming")


def _position(periods: tuple[Period, ...], *, as_of: dt.date) -> pl.Expr:
    """Which period a due date lies in: how many periods it has passed."""
    ends = [as_of - dt.timedelta(days=period.last_day or 0) for period in periods[:-1]]
    passed = [(pl.col("due_date") < end).cast(pl.UInt8) for end in ends]
    return pl.sum_horizontal(pl.lit(0, dtype=pl.UInt8), *passed).fill_null(0)


def _check(periods: tuple[Period, ...]) -> None:
    covers_all = bool(periods) and periods[0].first_day is periods[-1].last_day is None
    adjoining = all(
        younger.last_day is not None and older.first_day == younger.last_day + 1
        for younger, older in pairwise(periods)
    )
    if not covers_all or not adjoining:
        raise BrokenPeriodsError([period.id for period in periods])
