"""Accounting periods: a posting date lies in an open one, or is rolled forward visibly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_date, format_skeleton

from workbench.model.texts import marked, translate
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction

_ROLLED = marked("Dated {day}, since {month} is closed.")


class NoOpenPeriodError(Exception):
    """No period is open on or after the day; an administrator must open one."""


@dataclass(frozen=True, slots=True, order=True)
class Rolled:
    """A day on which something was to be posted, and the later one on which it was.

    Attributes:
        asked: The day of the bank, of the file, or today; its period takes no postings.
        day: The first day of the next open period.
    """

    asked: dt.date
    day: dt.date

    def words(self, language: str) -> str:
        """One sentence for the person whose posting it is."""
        return translate(_ROLLED, language=language).format(
            day=format_date(self.day, format="long", locale=language),
            month=format_skeleton("yMMMM", self.asked, locale=language),
        )


def rolled(days: Iterable[tuple[dt.date, dt.date]]) -> tuple[Rolled, ...]:
    """Of days asked for and days posted on, those that differ, each once and in order."""
    return tuple(sorted({Rolled(asked, day) for asked, day in days if asked != day}))


def rolled_words(found: Iterable[Rolled], language: str) -> str:
    """A sentence for each closed month and the day that stands for it; empty for none."""
    return " ".join(dict.fromkeys(one.words(language) for one in found))


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
    """Give the period that begins on a day a state, for all journals.

    The bare edit; `period_states` asks who may do it and why, and keeps that.

    Raises:
        NoOpenPeriodError: No period begins on that day.
    """
    row = transaction.record(
        "SELECT period_id, version FROM period WHERE journal IS NULL AND first_day = ?",
        [first_day.isoformat()],
    )
    if row is None:
        raise NoOpenPeriodError(first_day.isoformat())
    transaction.edit(
        "period", row["period_id"], version=row["version"], changes={"state": state}
    )
