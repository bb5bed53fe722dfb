from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from workbench.jobs.schedule import QueueEntry, Started, due_entries, moments

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = dt.date(2026, 10, 12)
LONG_AGO = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def entry(
    start: str,
    minutes: int | None = None,
    end: str | None = None,
    *,
    weekdays: str = "1234567",
    active: bool = True,
    since: dt.datetime = LONG_AGO,
    number: int = 1,
) -> QueueEntry:
    return QueueEntry(
        queue_entry_id=number,
        job="import_payments",
        parameters={},
        start_time=dt.time.fromisoformat(start),
        minutes_between=minutes,
        end_time=dt.time.fromisoformat(end) if end else None,
        weekdays=frozenset(map(int, weekdays)),
        active=active,
        version=1,
        active_since=since,
    )


def local(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def due(one: QueueEntry, *runs: str, now: str) -> list[str]:
    started = [Started(one.queue_entry_id, local(run)) for run in runs]
    found = due_entries([one], started, now=local(now), timezone=COPENHAGEN)
    return [item.moment.astimezone(COPENHAGEN).strftime("%Y-%m-%dT%H:%M") for item in found]


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (entry("07:00", 120, "09:00"), ["07:00", "09:00"]),
        (entry("07:00", 120, "08:59"), ["07:00"]),
        (entry("07:00", 50, "09:00"), ["07:00", "07:50", "08:40"]),
        (entry("07:00", 120, "07:00"), ["07:00"]),
        (entry("07:00"), ["07:00"]),
        (entry("20:00", 90), ["20:00", "21:30", "23:00"]),
        (entry("23:59", 1), ["23:59"]),
        (entry("07:00", weekdays="67"), []),
    ],
)
def test_the_times_of_a_day(one: QueueEntry, expected: list[str]) -> None:
    assert [time.strftime("%H:%M") for time in moments(one, MONDAY)] == expected


TWICE = entry("07:00", 120, "09:00")


@pytest.mark.parametrize(
    ("runs", "now", "expected"),
    [
        (["2026-10-11T09:00"], "2026-10-12T06:59:59", []),
        (["2026-10-11T09:00"], "2026-10-12T07:00:00", ["2026-10-12T07:00"]),
        (["2026-10-12T07:00"], "2026-10-12T07:00:30", []),
        (["2026-10-12T07:00:05"], "2026-10-12T08:59:59", []),
        (["2026-10-12T07:00:05"], "2026-10-12T09:00:00", ["2026-10-12T09:00"]),
        (["2026-10-12T07:00", "2026-10-12T09:00"], "2026-10-12T23:59", []),
        # The machine was off: the missed moments make one run, the latest.
        (["2026-10-11T09:00"], "2026-10-12T14:00", ["2026-10-12T09:00"]),
        (["2026-10-11T07:00"], "2026-10-12T06:00", ["2026-10-11T09:00"]),
        ([], "2026-10-12T09:01", ["2026-10-12T09:00"]),
    ],
)
def test_when_an_entry_is_due(runs: list[str], now: str, expected: list[str]) -> None:
    assert due(TWICE, *runs, now=now) == expected


def test_an_inactive_entry_is_never_due() -> None:
    assert due(entry("07:00", active=False), now="2026-10-12T08:00") == []


def test_activating_makes_up_for_nothing() -> None:
    late = entry("07:00", since=local("2026-10-12T07:30"))
    assert due(late, now="2026-10-12T08:00") == []
    assert due(late, now="2026-10-13T07:00") == ["2026-10-13T07:00"]


def test_a_missed_moment_is_forgotten_after_a_day() -> None:
    weekly = entry("07:00", weekdays="1")
    assert due(weekly, now="2026-10-13T06:59") == ["2026-10-12T07:00"]
    assert due(weekly, now="2026-10-13T07:00") == []


def test_a_run_after_midnight_is_for_the_day_it_was_meant_for() -> None:
    (found,) = due_entries(
        [entry("23:55")], [], now=local("2026-10-13T00:20"), timezone=COPENHAGEN
    )
    assert found.day == MONDAY


def test_runs_of_other_entries_do_not_matter() -> None:
    both = [entry("07:00", number=1), entry("06:30", number=2)]
    runs = [Started(1, local("2026-10-12T07:00"))]
    now = local("2026-10-12T07:10")
    found = due_entries(both, runs, now=now, timezone=COPENHAGEN)
    assert [item.entry.queue_entry_id for item in found] == [2]
    found = due_entries(both, [], now=now, timezone=COPENHAGEN)
    assert [item.entry.queue_entry_id for item in found] == [2, 1]


@pytest.mark.parametrize(("interruptions", "again"), [(0, True), (2, True), (3, False)])
def test_an_interrupted_run_is_taken_up_again_but_not_for_ever(
    *, interruptions: int, again: bool
) -> None:
    started = Started(1, local("2026-10-12T07:00"), interrupted=True)
    found = due_entries(
        [entry("07:00")],
        [started] * interruptions,
        now=local("2026-10-12T07:10"),
        timezone=COPENHAGEN,
    )
    assert bool(found) is again


def test_a_finished_run_after_an_interrupted_one_ends_it() -> None:
    at = local("2026-10-12T07:00")
    runs = [Started(1, at, interrupted=True), Started(1, at)]
    now = local("2026-10-12T07:10")
    assert not due_entries([entry("07:00")], runs, now=now, timezone=COPENHAGEN)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_changing_the_clocks_neither_skips_nor_repeats(day: str) -> None:
    one = entry("01:30", 60, "04:30")
    now, runs, days = local(f"{day}T00:00").astimezone(dt.UTC), list[Started](), []
    runs.append(Started(1, now))
    for _ in range(24 * 12):
        now += dt.timedelta(minutes=5)
        for item in due_entries([one], runs, now=now, timezone=COPENHAGEN):
            runs.append(Started(1, now))
            days.append(item.moment)
    assert len(days) == len(set(days))
    assert len(days) in {3, 4}
    assert days == sorted(days)
