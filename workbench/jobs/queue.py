"""The job queue: entries that a person sets up and activates, and the passes over them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from workbench.jobs.definition import UnknownJobError, find_job
from workbench.jobs.history import RunResult, run
from workbench.jobs.parameters import (
    AS_OF,
    DeclarationError,
    ParameterError,
    accepted,
)
from workbench.jobs.records import JobRunningError, recover, refuse_run
from workbench.jobs.runner import run_job
from workbench.jobs.schedule import Due, QueueEntry, Started, due_entries
from workbench.store.workspace import Workspace

#: Every day of the week.
EVERY_DAY = "1234567"

#: Seconds after which a cell is stopped: a hung job must not hold up the queue for ever.
CELL_TIMEOUT = 4 * 60 * 60

#: What a company usually wants: job, first run, minutes between, last run, weekdays.
DEFAULTS = (
    ("import_payments", dt.time(7, 0), 60, dt.time(17, 0), "12345"),
    ("post_journal", dt.time(17, 30), None, None, "12345"),
    ("reconciliation_report", dt.time(18, 0), None, None, "12345"),
)


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass over the queue did.

    Attributes:
        interrupted: Runs that were found dead, by id.
        runs: What was run, in order.
        postponed: Entries whose job was running; the next pass comes back to them.
    """

    interrupted: tuple[int, ...]
    runs: tuple[RunResult, ...]
    postponed: tuple[QueueEntry, ...]


class ScheduleError(Exception):
    """The times of a queue entry make no sense."""


class UnknownEntryError(Exception):
    """There is no queue entry of that number."""


def add_entry(
    workspace: Workspace,
    job: str,
    parameters: Mapping[str, str] | None = None,
    *,
    start_time: dt.time,
    minutes_between: int | None = None,
    end_time: dt.time | None = None,
    weekdays: str = EVERY_DAY,
    actor: str | None = None,
    notebooks: Path | None = None,
) -> QueueEntry:
    """Set up an entry; it is inactive until a person activates it.

    Raises:
        UnknownJobError: There is no such job.
        ParameterError: A parameter was refused.
        ScheduleError: The times make no sense.
    """
    given = dict(parameters or {})
    accepted(find_job(job, notebooks=notebooks).parameters, given)
    _check(start_time, minutes_between, end_time, weekdays)
    entry_id = workspace.draw_ids(1)
    with workspace.transaction(
        "queue_entry_added",
        role="administer",
        actor=actor,
        queue_entry_id=entry_id,
        job=job,
        parameters=given,
    ) as transaction:
        transaction.execute(
            "INSERT INTO queue_entry (queue_entry_id, job, parameters, start_time, "
            "minutes_between, end_time, weekdays) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                entry_id,
                job,
                json.dumps(given, ensure_ascii=False, sort_keys=True),
                _text(start_time),
                minutes_between,
                end_time and _text(end_time),
                "".join(sorted(weekdays)),
            ],
        )
    return _entry(workspace, entry_id)


def add_defaults(
    workspace: Workspace, *, actor: str | None = None, notebooks: Path | None = None
) -> tuple[QueueEntry, ...]:
    """Offer the usual entries, inactive; a job that has an entry already gets none."""
    present = {entry.job for entry in list_entries(workspace)}
    return tuple(
        add_entry(
            workspace,
            job,
            start_time=start,
            minutes_between=minutes,
            end_time=end,
            weekdays=weekdays,
            actor=actor,
            notebooks=notebooks,
        )
        for job, start, minutes, end, weekdays in DEFAULTS
        if job not in present
    )


def list_entries(workspace: Workspace) -> tuple[QueueEntry, ...]:
    """Every entry, active or not."""
    with workspace.read() as reader:
        rows = reader.records(
            "SELECT q.*, (SELECT max(at) FROM audit_event WHERE step = 'queue_entry_activated' "
            "AND subject ->> 'queue_entry_id' = q.queue_entry_id) AS active_since "
            "FROM queue_entry q ORDER BY queue_entry_id"
        )
    return tuple(_read(row) for row in rows)


def activate(workspace: Workspace, entry_id: int, *, actor: str | None = None) -> QueueEntry:
    """Let an entry run from its next moment on."""
    return _switch(workspace, entry_id, active=True, actor=actor)


def deactivate(workspace: Workspace, entry_id: int, *, actor: str | None = None) -> QueueEntry:
    """Let an entry rest; a run that has started goes on."""
    return _switch(workspace, entry_id, active=False, actor=actor)


def run_pass(
    workspace: Workspace,
    *,
    now: dt.datetime,
    timezone: dt.tzinfo | None = None,
    notebooks: Path | None = None,
) -> Pass:
    """Run every entry that is due, one after the other.

    An entry that cannot be started at all is recorded as a failed run, so that history
    shows it and its next moment tries again.

    Args:
        now: With its time zone.
        timezone: The company's; None for the zone of this machine.
        notebooks: The folder that holds `jobs`; the packaged screens when None.
    """
    interrupted = recover(workspace)
    due = due_entries(list_entries(workspace), _starts(workspace), now=now, timezone=timezone)
    runs, postponed = [], []
    for item in due:
        try:
            runs.append(_run_entry(workspace, item, notebooks=notebooks))
        except JobRunningError:
            postponed.append(item.entry)
    return Pass(interrupted, tuple(runs), tuple(postponed))


def serve(
    workspace: Workspace,
    *,
    stop: Event,
    poll_seconds: float = 30,
    timezone: dt.tzinfo | None = None,
    notebooks: Path | None = None,
) -> None:
    """Make a pass every few seconds until told to stop; a run is always finished first."""
    while not stop.is_set():
        now = workspace.clock()
        run_pass(workspace, now=now, timezone=timezone, notebooks=notebooks)
        stop.wait(poll_seconds)


def _run_entry(workspace: Workspace, due: Due, *, notebooks: Path | None) -> RunResult:
    entry = due.entry
    given = {AS_OF: due.day.isoformat(), **entry.parameters}
    try:
        return run_job(
            workspace,
            entry.job,
            given,
            queue_entry_id=entry.queue_entry_id,
            notebooks=notebooks,
            cell_timeout=CELL_TIMEOUT,
        )
    except (UnknownJobError, DeclarationError, ParameterError) as error:
        run_id = refuse_run(
            workspace,
            entry.job,
            given,
            queue_entry_id=entry.queue_entry_id,
            message=str(error),
        )
        return run(workspace, run_id)


def _starts(workspace: Workspace) -> list[Started]:
    with workspace.read() as reader:
        rows = reader.rows(
            "SELECT queue_entry_id, started_at, state = 'interrupted' FROM run "
            "WHERE queue_entry_id IS NOT NULL"
        )
    return [
        Started(entry_id, dt.datetime.fromisoformat(at), bool(interrupted))
        for entry_id, at, interrupted in rows
    ]


def _switch(
    workspace: Workspace, entry_id: int, *, active: bool, actor: str | None
) -> QueueEntry:
    entry = _entry(workspace, entry_id)
    if entry.active == active:
        return entry
    step = "queue_entry_activated" if active else "queue_entry_deactivated"
    with workspace.transaction(
        step, role="administer", actor=actor, queue_entry_id=entry_id
    ) as transaction:
        transaction.edit(
            "queue_entry", entry_id, version=entry.version, changes={"active": int(active)}
        )
    return _entry(workspace, entry_id)


def _entry(workspace: Workspace, entry_id: int) -> QueueEntry:
    found = [e for e in list_entries(workspace) if e.queue_entry_id == entry_id]
    if not found:
        raise UnknownEntryError(str(entry_id))
    return found[0]


def _check(start: dt.time, minutes: int | None, end: dt.time | None, weekdays: str) -> None:
    if minutes is not None and minutes < 1:
        raise ScheduleError(f"minutes between runs: expected at least 1, found {minutes}")
    if end is not None and minutes is None:
        raise ScheduleError("an end time needs the minutes between runs")
    if end is not None and end < start:
        raise ScheduleError(f"the end time {_text(end)} is before the start {_text(start)}")
    if not weekdays or len(set(weekdays)) != len(weekdays) or set(weekdays) - set(EVERY_DAY):
        raise ScheduleError(f"weekdays: expected digits 1 to 7, found {weekdays!r}")


def _read(row: dict[str, Any]) -> QueueEntry:
    end, since = row["end_time"], row["active_since"]
    return QueueEntry(
        queue_entry_id=row["queue_entry_id"],
        job=row["job"],
        parameters=json.loads(row["parameters"]),
        start_time=dt.time.fromisoformat(row["start_time"]),
        minutes_between=row["minutes_between"],
        end_time=end and dt.time.fromisoformat(end),
        weekdays=frozenset(int(digit) for digit in row["weekdays"]),
        active=bool(row["active"]),
        version=row["version"],
        active_since=since and dt.datetime.fromisoformat(since),
    )


def _text(time: dt.time) -> str:
    return time.strftime("%H:%M")
