"""When a collection must leave the house, may fall due, and is final.

One declaration per scheme; all else is counting banking days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import polars as pl

from workbench.model.banking_days import (
    add_banking_days,
    next_banking_day,
    nth_last_banking_day,
)


class Timeliness(StrEnum):
    """How a moment stands to the deadline of a payment month."""

    IN_TIME = "in_time"
    #: The deadline's day, in its last hours: sources name an earlier hour.
    WARNED = "warned"
    #: After the deadline, taken for an extra fee (kort frist).
    SHORT_NOTICE = "short_notice"
    TOO_LATE = "too_late"


@dataclass(frozen=True, slots=True)
class Finality:
    """When the scheme allows no reversal without cause any more.

    The later of a day of the payment month, moved to the next banking day, and some
    banking days after the payment. Without both it is the payment date.
    """

    day_of_month: int | None = None
    banking_days_after: int = 0


@dataclass(frozen=True, slots=True)
class SchemeRules:
    """The dates that a collection scheme keeps.

    Attributes:
        deadline_nth_last: Banking day, counted from the end of the month before the
            payment month, on which the deadline falls.
        short_notice_nth_last: The last banking day of the short notice, counted alike.
        deadline_time: The hour before which a delivery must be there, in `timezone`.
        warn_time: The hour from which a delivery on that day is warned.
        month_after: Sections whose due dates lie in the month after the delivery.
        days_ahead_max: How far ahead a due date may lie.
        finality: By kind of payment record.
    """

    country: str
    timezone: str
    deadline_nth_last: int
    short_notice_nth_last: int
    deadline_time: dt.time
    warn_time: dt.time
    month_after: frozenset[str]
    days_ahead_max: int
    finality: Mapping[str, Finality]


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a delivery for one payment month must be there.

    Attributes:
        time: Before this hour, local time of the scheme.
        warn_time: From this hour on, a delivery is warned.
        short_notice_until: The last day of the short notice.
    """

    date: dt.date
    time: dt.time
    warn_time: dt.time
    timezone: str
    short_notice_until: dt.date


#: Guidelines for Data Suppliers, Feb 2025, table 9; debtor rules of 1 Apr 2026. Other
#: sources name 09:00 for the deadline, so that hour warns.
BETALINGSSERVICE = SchemeRules(
    country="DK",
    timezone="Europe/Copenhagen",
    deadline_nth_last=6,
    short_notice_nth_last=3,
    deadline_time=dt.time(11),
    warn_time=dt.time(9),
    month_after=frozenset({"0112"}),
    days_ahead_max=90,
    finality={
        "payment_completed": Finality(day_of_month=7, banking_days_after=2),
        "slip_paid": Finality(),
    },
)


class UnknownKindError(ValueError):
    """The scheme declares no finality for this kind of record."""


def deadline(payment_month: dt.date, *, rules: SchemeRules = BETALINGSSERVICE) -> Deadline:
    """The deadline for collections due in the month that a date lies in."""
    before = payment_month.replace(day=1) - dt.timedelta(days=1)

    def nth_last(n: int) -> dt.date:
        return nth_last_banking_day(before.year, before.month, n, country=rules.country)

    return Deadline(
        date=nth_last(rules.deadline_nth_last),
        time=rules.deadline_time,
        warn_time=rules.warn_time,
        timezone=rules.timezone,
        short_notice_until=nth_last(rules.short_notice_nth_last),
    )


def timeliness(local: dt.datetime, *, deadline: Deadline) -> Timeliness:
    """How a moment, in the scheme's local time, stands to a deadline."""
    if local.date() > deadline.short_notice_until:
        return Timeliness.TOO_LATE
    hour = local.time().replace(tzinfo=None)
    if (local.date(), hour) >= (deadline.date, deadline.time):
        return Timeliness.SHORT_NOTICE
    if (local.date(), hour) >= (deadline.date, deadline.warn_time):
        return Timeliness.WARNED
    return Timeliness.IN_TIME


def due_window(
    delivered_on: dt.date, *, section_kind: str, rules: SchemeRules = BETALINGSSERVICE
) -> tuple[dt.date, dt.date]:
    """The first and the last due date that a delivery of this day may hold."""
    latest = delivered_on + dt.timedelta(days=rules.days_ahead_max)
    if section_kind not in rules.month_after:
        return delivered_on, latest
    first = _first_of_next_month(delivered_on)
    return first, min(_first_of_next_month(first) - dt.timedelta(days=1), latest)


def final_on(
    kind: str, payment_date: dt.date, *, rules: SchemeRules = BETALINGSSERVICE
) -> dt.date:
    """The day after which the scheme takes a payment back only for cause.

    Args:
        kind: Kind of the payment record: `payment_completed` or `slip_paid`.
        payment_date: The day on which the debtor's money moved.
        rules: The scheme.

    Raises:
        UnknownKindError: The scheme declares nothing for this kind.
    """
    try:
        finality = rules.finality[kind]
    except KeyError as cause:
        raise UnknownKindError(kind) from cause
    country, after = rules.country, finality.banking_days_after
    final = add_banking_days(payment_date, after, country=country)
    if finality.day_of_month is None:
        return final
    objection = payment_date.replace(day=finality.day_of_month)
    return max(final, next_banking_day(objection, country=country))


def final_dates(payments: pl.DataFrame, *, rules: SchemeRules = BETALINGSSERVICE) -> pl.Series:
    """`final_on` of every row, from its columns `kind` and `payment_date`.

    Null where a row has no payment date or the scheme declares nothing for its kind.
    """
    pairs = payments.select("kind", "payment_date")
    distinct = pairs.unique().filter(
        pl.col("payment_date").is_not_null() & pl.col("kind").is_in(list(rules.finality))
    )
    dates = [final_on(kind, date, rules=rules) for kind, date in distinct.iter_rows()]
    lookup = distinct.with_columns(pl.Series("final_on", dates, dtype=pl.Date))
    joined = pairs.join(lookup, on=["kind", "payment_date"], how="left", maintain_order="left")
    return joined["final_on"]


def _first_of_next_month(date: dt.date) -> dt.date:
    return (date.replace(day=1) + dt.timedelta(days=31)).replace(day=1)
