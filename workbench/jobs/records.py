"""How a run is recorded: before it starts, and exactly one end."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.jobs.definition import Job
from workbench.jobs.history import RunState
from workbench.jobs.lease import Terms, is_dead, lease, machine
from workbench.jobs.outcome import Report
from workbench.jobs.parameters import Value
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Ending:
    """How a run ends, and what it leaves; digests of the files by their name."""

    state: RunState
    message: str = ""
    failed_cell: int | None = None
    report: Report | None = None
    notebook: Path | None = None
    html: Path | None = None
    digests: Mapping[str, str] | None = None


class JobRunningError(Exception):
    """The job runs already; two runs of one job never overlap."""

    def __init__(self, job: str, *, run_id: int, actor: str, started_at: str) -> None:
        super().__init__(f"{job} runs already: run {run_id}, {actor}, since {started_at}")
        self.run_id = run_id


class AliveError(Exception):
    """A run that seemed dead has ended or renewed its lease in the meantime."""


class LeaseLostError(Exception):
    """The run was declared interrupted while it still worked."""


def start_run(
    workspace: Workspace,
    job: Job,
    parameters: Mapping[str, Value],
    *,
    actor: str,
    queue_entry_id: int | None,
    terms: Terms,
) -> int:
    """Record a run that is about to start; its id.

    Raises:
        JobRunningError: Another run of the job holds its lease.
    """
    run_id = workspace.draw_ids(1)
    heartbeat_at, lease_until = lease(terms)
    with workspace.transaction(
        "run_started",
        run_id=run_id,
        actor=actor,
        job=job.name,
        parameters=dict(parameters),
        notebook_sha256=job.sha256,
        machine=machine(),
        process_id=os.getpid(),
    ) as transaction:
        other = transaction.records(
            "SELECT run_id, actor, started_at FROM run WHERE job = ? AND state = 'running'",
            [job.name],
        )
        if other:
            raise JobRunningError(job.name, **other[0])
        transaction.execute(
            "INSERT INTO run (run_id, job, parameters, actor, queue_entry_id, state, "
            "started_at, heartbeat_at, lease_until, process_id, notebook_sha256) "
            "VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)",
            [
                run_id,
                job.name,
                _json(parameters),
                actor,
                queue_entry_id,
                transaction.step.at,
                heartbeat_at,
                lease_until,
                os.getpid(),
                job.sha256,
            ],
        )
    return run_id


def end_run(workspace: Workspace, run_id: int, ending: Ending, *, actor: str) -> None:
    """Record how a run ended.

    Raises:
        LeaseLostError: It has ended already: somebody took it for dead.
    """
    with workspace.transaction("run_ended", run_id=run_id, actor=actor) as transaction:
        transaction.note(
            state=ending.state,
            message=ending.message,
            failed_cell=ending.failed_cell,
            files=dict(ending.digests or {}),
        )
        changed = transaction.execute(
            "UPDATE run SET state = ?, ended_at = ?, message = ?, failed_cell = ?, "
            "result = ?, notebook_path = ?, html_path = ? "
            "WHERE run_id = ? AND state = 'running'",
            [
                ending.state,
                transaction.step.at,
                ending.message,
                ending.failed_cell,
                _result(ending.report),
                _inside(workspace, ending.notebook),
                _inside(workspace, ending.html),
                run_id,
            ],
        )
        if not changed:
            raise LeaseLostError(f"run {run_id}")


def refuse_run(
    workspace: Workspace,
    job: str,
    parameters: Mapping[str, Value],
    *,
    queue_entry_id: int,
    message: str,
) -> int:
    """Record that a queue entry could not be started at all, so that history shows it."""
    run_id = workspace.draw_ids(1)
    with workspace.transaction(
        "run_refused", run_id=run_id, job=job, message=message
    ) as transaction:
        at = transaction.step.at
        transaction.execute(
            "INSERT INTO run (run_id, job, parameters, actor, queue_entry_id, state, "
            "started_at, heartbeat_at, lease_until, ended_at, notebook_sha256, message) "
            "VALUES (?, ?, ?, ?, ?, 'failed', ?, ?, ?, ?, '', ?)",
            [
                run_id,
                job,
                _json(parameters),
                transaction.step.actor,
                queue_entry_id,
                at,
                at,
                at,
                at,
                message,
            ],
        )
    return run_id


def recover(workspace: Workspace) -> tuple[int, ...]:
    """Declare every run interrupted that nobody works on any more; their ids.

    A run is dead when its lease is past or its process no longer lives on this machine.
    """
    with workspace.read() as reader:
        running = reader.records(
            "SELECT run_id, job, process_id, heartbeat_at, lease_until, "
            "ifnull((SELECT subject ->> 'machine' FROM audit_event e "
            "WHERE e.run_id = run.run_id AND e.step = 'run_started'), '') AS machine_name "
            "FROM run WHERE state = 'running' ORDER BY run_id"
        )
    dead = []
    for row in running:
        run_id, job = row.pop("run_id"), row.pop("job")
        if is_dead(**row):
            with suppress(AliveError):
                _interrupt(workspace, run_id, job=job, seen=row["heartbeat_at"])
                dead.append(run_id)
    return tuple(dead)


def unfinished_copy(folder: Path, job: str) -> Path:
    """Where papermill writes while a run works; it gets its final name at the end."""
    return folder / f"{job}.unfinished.ipynb"


def run_folder(workspace: Workspace, run_id: int, job: str) -> Path:
    """Where the files of a run lie."""
    return workspace.folder.resolve() / "runs" / f"{run_id}-{job}"


def _interrupt(workspace: Workspace, run_id: int, *, job: str, seen: str) -> None:
    """Declare a run interrupted unless its heart has beaten since it was looked at.

    Raises:
        AliveError: It has; nothing is recorded.
    """
    left = unfinished_copy(run_folder(workspace, run_id, job), job)
    message = "the process ended before the run did"
    with workspace.transaction("run_ended", run_id=run_id) as transaction:
        transaction.note(state=RunState.INTERRUPTED, message=message)
        changed = transaction.execute(
            "UPDATE run SET state = 'interrupted', ended_at = ?, message = ?, "
            "notebook_path = ? WHERE run_id = ? AND state = 'running' AND heartbeat_at = ?",
            [
                transaction.step.at,
                message,
                _inside(workspace, left if left.exists() else None),
                run_id,
                seen,
            ],
        )
        if not changed:
            raise AliveError


def _result(report: Report | None) -> str | None:
    if report is None:
        return None
    return _json(
        {"state": report.outcome, "summary": report.summary, "facts": dict(report.facts)}
    )


def _inside(workspace: Workspace, path: Path | None) -> str | None:
    """A path as the history keeps it: the workspace may be moved."""
    return path.relative_to(workspace.folder.resolve()).as_posix() if path else None


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, sort_keys=True)
