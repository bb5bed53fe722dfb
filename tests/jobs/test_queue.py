from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Event, Timer
from zoneinfo import ZoneInfo

import pytest

from workbench.jobs.definition import UnknownJobError, find_job
from workbench.jobs.history import RunState, history
from workbench.jobs.lease import Terms
from workbench.jobs.parameters import WrongParameterError
from workbench.jobs.queue import (
    ScheduleError,
    UnknownEntryError,
    activate,
    add_defaults,
    add_entry,
    deactivate,
    list_entries,
    run_pass,
    serve,
)
from workbench.jobs.records import start_run
from workbench.store import audit, users
from workbench.store.workspace import Workspace

Write = Callable[..., None]

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
SEVEN = dt.time(7)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=COPENHAGEN)


def clocked(workspace: Workspace, text: str) -> Workspace:
    return replace(workspace, clock=lambda: at(text))


def steps(workspace: Workspace) -> list[tuple[str, str]]:
    with workspace.read() as reader:
        assert audit.check(reader).holds
        rows = reader.rows(
            "SELECT step, actor FROM audit_event "
            "WHERE step NOT IN ('init', 'user_added') ORDER BY seq"
        )
    return [(step, actor) for step, actor in rows]


def test_an_entry_starts_inactive_and_is_switched_by_a_person(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("job", "1")
    for login in ("anna", "bo", "eva"):
        users.add(workspace, login, name=login.title(), roles=["administer"])
    entry = add_entry(
        workspace,
        "job",
        {"as_of": "2026-10-12"},
        start_time=SEVEN,
        minutes_between=120,
        end_time=dt.time(9),
        weekdays="51",
        actor="anna",
        notebooks=notebooks,
    )
    assert not entry.active
    assert entry.weekdays == {1, 5}
    assert entry.parameters == {"as_of": "2026-10-12"}
    assert list_entries(workspace) == (entry,)
    on = activate(clocked(workspace, "2026-10-12T06:00"), entry.queue_entry_id, actor="bo")
    assert on.active
    assert on.active_since == at("2026-10-12T06:00")
    assert on.version == 2
    assert activate(workspace, entry.queue_entry_id) == on
    assert not deactivate(workspace, entry.queue_entry_id, actor="eva").active
    assert steps(workspace) == [
        ("queue_entry_added", "anna"),
        ("queue_entry_activated", "bo"),
        ("queue_entry_deactivated", "eva"),
    ]
    with pytest.raises(UnknownEntryError):
        activate(workspace, 999)


@pytest.mark.parametrize(
    ("minutes", "end", "weekdays"),
    [
        (0, None, "1"),
        (None, dt.time(9), "1"),
        (30, dt.time(6, 59), "1"),
        (None, None, ""),
        (None, None, "18"),
        (None, None, "11"),
    ],
)
def test_times_that_make_no_sense_are_refused(
    workspace: Workspace,
    write: Write,
    notebooks: Path,
    *,
    minutes: int | None,
    end: dt.time | None,
    weekdays: str,
) -> None:
    write("job", "1")
    with pytest.raises(ScheduleError):
        add_entry(
            workspace,
            "job",
            start_time=SEVEN,
            minutes_between=minutes,
            end_time=end,
            weekdays=weekdays,
            notebooks=notebooks,
        )
    assert list_entries(workspace) == ()


def test_an_entry_that_could_never_run_is_refused(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("job", "1")
    with pytest.raises(WrongParameterError):
        add_entry(workspace, "job", {"as_of": "x"}, start_time=SEVEN, notebooks=notebooks)
    with pytest.raises(UnknownJobError):
        add_entry(workspace, "jab", start_time=SEVEN, notebooks=notebooks)
    assert steps(workspace) == []


def test_the_usual_entries_are_offered_once(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    for job in ("import_payments", "post_journal", "reconciliation_report"):
        write(job, "1")
    offered = add_defaults(workspace, notebooks=notebooks)
    assert [entry.job for entry in offered] == [
        "import_payments",
        "post_journal",
        "reconciliation_report",
    ]
    assert not any(entry.active for entry in offered)
    assert add_defaults(workspace, notebooks=notebooks) == ()


def test_a_pass_runs_what_is_due_and_only_once(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("fails", "assert as_of == '2026-10-13', as_of")
    write("gone", "1")
    early = clocked(workspace, "2026-10-12T06:00")
    for job in ("gone", "fails"):
        entry = add_entry(early, job, start_time=SEVEN, notebooks=notebooks)
        activate(early, entry.queue_entry_id)
    resting = add_entry(early, "fails", start_time=SEVEN, notebooks=notebooks)
    (notebooks / "jobs" / "gone.ipynb").unlink()

    def make_pass(time: str) -> list[tuple[str, RunState]]:
        found = run_pass(
            clocked(workspace, time), now=at(time), timezone=COPENHAGEN, notebooks=notebooks
        )
        assert found.interrupted == ()
        assert found.postponed == ()
        return [(result.job, result.state) for result in found.runs]

    assert make_pass("2026-10-12T06:59") == []
    # A job that is gone or fails does not keep the others waiting.
    failed = [("gone", RunState.FAILED), ("fails", RunState.FAILED)]
    assert make_pass("2026-10-12T07:01") == failed
    assert make_pass("2026-10-12T07:02") == []
    messages = {result.job: result.message for result in history(workspace)}
    assert messages["gone"] == "no job is called 'gone'; known jobs: fails"
    assert messages["fails"].endswith("cell 3: AssertionError: 2026-10-12")
    assert make_pass("2026-10-13T07:00") == [failed[0], ("fails", RunState.DONE)]
    assert resting.queue_entry_id not in {r.queue_entry_id for r in history(workspace)}


def test_a_job_that_runs_already_is_postponed_not_refused(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("job", "1")
    early = clocked(workspace, "2026-10-12T06:00")
    entry = add_entry(early, "job", start_time=SEVEN, notebooks=notebooks)
    activate(early, entry.queue_entry_id)
    job = find_job("job", notebooks=notebooks)
    terms = Terms(lease=60)
    running = start_run(early, job, {}, actor="anna", queue_entry_id=None, terms=terms)
    now = at("2026-10-12T07:00")
    found = run_pass(workspace, now=now, timezone=COPENHAGEN, notebooks=notebooks)
    assert [entry.job for entry in found.postponed] == ["job"]
    assert found.runs == ()
    assert [result.run_id for result in history(workspace)] == [running]


def test_an_interrupted_run_is_taken_up_again_by_the_next_pass(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("job", "1")
    early = clocked(workspace, "2026-10-12T06:00")
    entry = add_entry(early, "job", start_time=SEVEN, notebooks=notebooks)
    activate(early, entry.queue_entry_id)
    job = find_job("job", notebooks=notebooks)
    late = clocked(workspace, "2026-10-12T07:00:30")
    number, terms = entry.queue_entry_id, Terms(lease=-1)
    start_run(late, job, {}, actor="anna", queue_entry_id=number, terms=terms)
    now = at("2026-10-12T07:01")
    found = run_pass(late, now=now, timezone=COPENHAGEN, notebooks=notebooks)
    assert len(found.interrupted) == 1
    assert [result.state for result in found.runs] == [RunState.DONE]
    assert [result.state for result in history(workspace)] == [
        RunState.DONE,
        RunState.INTERRUPTED,
    ]


def test_serving_makes_passes_until_it_is_stopped(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("job", "1")
    entry = add_entry(workspace, "job", start_time=SEVEN, notebooks=notebooks)
    activate(clocked(workspace, "2026-10-12T06:00"), entry.queue_entry_id)
    stop = Event()
    timer = Timer(0.5, stop.set)
    timer.start()
    serve(
        clocked(workspace, "2026-10-12T07:00"),
        stop=stop,
        poll_seconds=0.1,
        timezone=COPENHAGEN,
        notebooks=notebooks,
    )
    timer.join()
    assert [result.job for result in history(workspace)] == ["job"]
