"""Accounting periods: a posting date lies in an open one, or is rolled forward visibly."""

from __future__ import annotations

import datetime as dt

from workbench.store.connection import Reader
from workbench.store.transaction import Transaction


class NoOpenPeriodError(Exception):
    """No period is open on or after the day; an administrator must open one."""


def open_posting_date(reader: Reader, day: dt.date, *, journal: str) -> dt.date:
    """The day itself when its period is open, else the first day of the next open period.

    Raises:
        NoOpenPeriodError: Nothing is open from that day on.
    """
    rows = reader.rows(
        "SELECT first_day FROM period AS p WHERE journal IS NULL AND last_day >= ?1 "
        "AND state = 'open' AND NOT EXISTS (SELECT 1 FROM period AS own "
        "WHERE own.journal = ?2 AND own.state <> 'open' "
        "AND own.first_day <= p.last_day AND own.last_day >= p.first_day) "
        "ORDER BY first_day LIMIT 1",
        [day.isoformat(), journal],
    )
    if not rows:
        raise NoOpenPeriodError(day.isoformat())
    return max(day, dt.date.fromisoformat(rows[0][0]))


def set_state(transaction: Transaction, *, first_day: dt.date, state: str) -> None:
    """Open, soft-close or close the period that begins on a day, for all journals."""
    row = transaction.record(
        "SELECT period_id, version FROM period WHERE journal IS NULL AND first_day = ?",
        [first_day.isoformat()],
    )
    if row is None:
        raise NoOpenPeriodError(first_day.isoformat())
    transaction.edit(
        "period", row["period_id"], version=row["version"], changes={"state": state}
    )
