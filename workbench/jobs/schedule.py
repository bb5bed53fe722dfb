"""When queue entries are due: a pure question of entries, runs and the time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: A moment that was missed, because the machine was off or busy, is made up for so long.
_CATCH_UP = dt.timedelta(hours=24)

#: An entry that was interrupted so often for one moment waits for its next one.
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A job that runs by itself at times of the day.

    Attributes:
        parameters: Texts by name, as typed.
        start_time: Its first run of a day, on the company's clock.
        minutes_between: From one run to the next; None when it runs once a day.
        end_time: No run of a day is later; a run at this very time takes place.
        weekdays: 1 is Monday, 7 Sunday.
        active_since: When it was last activated; moments before it are never made up for.
    """

    queue_entry_id: int
    job: str
    parameters: Mapping[str, str]
    start_time: dt.time
    minutes_between: int | None
    end_time: dt.time | None
    weekdays: frozenset[int]
    active: bool
    version: int
    active_since: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Started:
    """That a run of a queue entry started; an interrupted one is taken up again."""

    queue_entry_id: int
    at: dt.datetime
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """An entry whose moment has come.

    Attributes:
        day: The day on the company's calendar that the run is for.
        moment: When it should have started, in UTC.
    """

    entry: QueueEntry
    day: dt.date
    moment: dt.datetime


def due_entries(
    entries: Iterable[QueueEntry],
    runs: Iterable[Started],
    *,
    now: dt.datetime,
    timezone: dt.tzinfo | None,
) -> tuple[Due, ...]:
    """The active entries that should have started by now and have not, the oldest first.

    Several missed moments of one entry make one run: the latest of them.

    Args:
        runs: Every start since a day before now; the ones of other entries do not matter.
        now: With its time zone.
        timezone: The company's; None for the zone of this machine.
    """
    started: dict[int, list[Started]] = {}
    for run in runs:
        started.setdefault(run.queue_entry_id, []).append(run)
    found = (
        _due(entry, started.get(entry.queue_entry_id, []), now=now, timezone=timezone)
        for entry in entries
        if entry.active
    )
    return tuple(sorted(filter(None, found), key=_order))


def moments(entry: QueueEntry, day: dt.date) -> tuple[dt.time, ...]:
    """The times of a day at which an entry starts, the end time included."""
    if day.isoweekday() not in entry.weekdays:
        return ()
    if entry.minutes_between is None:
        return (entry.start_time,)
    first = _minutes(entry.start_time)
    last = _minutes(entry.end_time or dt.time(23, 59))
    return tuple(
        dt.time(minute // 60, minute % 60)
        for minute in range(first, last + 1, entry.minutes_between)
    )


def _due(
    entry: QueueEntry,
    runs: Iterable[Started],
    *,
    now: dt.datetime,
    timezone: dt.tzinfo | None,
) -> Due | None:
    today = now.astimezone(timezone).date()
    passed = [
        Due(entry, day, moment)
        for day in (today - dt.timedelta(days=1), today)
        for time in moments(entry, day)
        if now - _CATCH_UP < (moment := _utc(day, time, timezone=timezone)) <= now
    ]
    latest = max(passed, key=lambda due: due.moment, default=None)
    if latest is None or _is_served(latest.moment, runs):
        return None
    if entry.active_since is not None and entry.active_since > latest.moment:
        return None
    return latest


def _is_served(moment: dt.datetime, runs: Iterable[Started]) -> bool:
    since = [run.interrupted for run in runs if run.at >= moment]
    return not all(since) or len(since) >= _ATTEMPTS


def _utc(day: dt.date, time: dt.time, *, timezone: dt.tzinfo | None) -> dt.datetime:
    """A time of the company's clock; without a zone, this machine's rules for that day."""
    return dt.datetime.combine(day, time, tzinfo=timezone).astimezone(dt.UTC)


def _minutes(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _order(due: Due) -> tuple[dt.datetime, int]:
    return due.moment, due.entry.queue_entry_id
