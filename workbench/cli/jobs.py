"""Jobs and the queue, as the command line shows them."""

from __future__ import annotations

import datetime as dt
import signal
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from workbench.jobs import queue
from workbench.jobs.history import RunResult, RunState, history
from workbench.jobs.runner import run_job
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Told:
    """A run as words, as a document, and as an exit code."""

    words: str
    document: dict[str, object]
    code: int


class BadPairError(Exception):
    """A parameter is not written as key=value."""


def run_named(
    workspace: Workspace, name: str, pairs: Sequence[str], *, as_of: dt.date | None
) -> Told:
    """Run one job with parameters as typed: `key=value`."""
    return _told(run_job(workspace, name, _parameters(pairs), as_of=as_of))


def run_due(workspace: Workspace) -> list[Told]:
    """One pass over the queue."""
    return [_told(r) for r in queue.run_pass(workspace, now=workspace.clock()).runs]


def listing(workspace: Workspace) -> str:
    """The queue and the last runs, as text."""
    lines = ["Queue:"]
    for entry in queue.list_entries(workspace):
        every = f" every {entry.minutes_between} min" if entry.minutes_between else ""
        until = f" until {entry.end_time:%H:%M}" if entry.end_time else ""
        days = "".join(str(day) for day in sorted(entry.weekdays))
        state = "active" if entry.active else "inactive"
        when = f"{entry.start_time:%H:%M}{every}{until}, days {days}"
        lines.append(f"  {entry.queue_entry_id:>5} {entry.job:<24} {when:<44} {state}")
    lines.append("Last runs:")
    lines += [f"  {_words(result)}" for result in history(workspace, limit=20)]
    return "\n".join(lines)


def add(
    workspace: Workspace,
    job: str,
    *,
    start: str,
    minutes: int | None,
    end: str | None,
    weekdays: str,
    parameters: Sequence[str],
) -> str:
    """Add an entry to the queue; what to tell the user."""
    entry = queue.add_entry(
        workspace,
        job,
        _parameters(parameters),
        start_time=_time(start),
        minutes_between=minutes,
        end_time=_time(end) if end else None,
        weekdays=weekdays,
    )
    number = entry.queue_entry_id
    return f"Entry {number} is inactive; start it with `workbench jobs activate {number}`."


def activate(workspace: Workspace, entry_id: int, *, active: bool) -> str:
    """Switch an entry on or off; what to tell the user."""
    switch = queue.activate if active else queue.deactivate
    entry = switch(workspace, entry_id)
    return (
        f"Entry {entry.queue_entry_id} ({entry.job}) is {'active' if active else 'inactive'}."
    )


def stay(workspace: Workspace, *, seconds: int) -> None:
    """Serve the queue until the process is told to end; a run that started is finished."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    queue.serve(workspace, stop=stop, poll_seconds=seconds)


def _time(text: str) -> dt.time:
    try:
        return dt.time.fromisoformat(text)
    except ValueError as cause:
        raise queue.ScheduleError(f"{text!r} is not a time such as 07:00") from cause


def _parameters(pairs: Sequence[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark or not key:
            raise BadPairError(f"expected key=value, found {pair!r}")
        found[key] = value
    return found


def _told(result: RunResult) -> Told:
    report = result.report
    document: dict[str, object] = {
        "run_id": result.run_id,
        "job": result.job,
        "state": str(result.state),
        "outcome": str(report.outcome) if report else None,
        "summary": report.summary if report else result.message,
        "facts": dict(report.facts) if report else {},
        "failed_cell": result.failed_cell,
        "notebook": str(result.notebook) if result.notebook else None,
        "html": str(result.html) if result.html else None,
    }
    return Told(_words(result), document, 0 if result.is_clean else 1)


def _words(result: RunResult) -> str:
    said = result.report.summary if result.report else result.message
    where = f" (cell {result.failed_cell})" if result.state is RunState.FAILED else ""
    return f"{result.started_at[:16]} {result.job}: {result.state}{where}. {said}".rstrip()
