"""The history of runs, as screens, reports and the queue read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from workbench.jobs.outcome import Outcome, Report
from workbench.jobs.parameters import Value
from workbench.store.workspace import Workspace


class RunState(StrEnum):
    """Where a run is."""

    RUNNING = "running"
    DONE = "done"
    NOTHING_TO_DO = "nothing_to_do"
    FAILED = "failed"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run, as the history knows it.

    Attributes:
        report: What the notebook said; None when it did not come to its end.
        failed_cell: The failing cell of the packaged notebook, counted from 1.
        message: Why it failed or was interrupted; empty otherwise.
        notebook: The executed copy; what there is of it when the run was interrupted.
    """

    run_id: int
    job: str
    state: RunState
    actor: str
    queue_entry_id: int | None
    parameters: Mapping[str, Value]
    started_at: str
    ended_at: str | None
    report: Report | None
    failed_cell: int | None
    message: str
    notebook: Path | None
    html: Path | None

    @property
    def is_clean(self) -> bool:
        """Whether it came to its end and waits for nobody."""
        ended = self.state in {RunState.DONE, RunState.NOTHING_TO_DO}
        return ended and (self.report is None or self.report.outcome is not Outcome.WAITING)


def run(workspace: Workspace, run_id: int) -> RunResult:
    """One run of the history."""
    with workspace.read() as reader:
        row = reader.record("SELECT * FROM run WHERE run_id = ?", [run_id])
    assert row is not None, run_id
    return _run(workspace, row)


def history(workspace: Workspace, *, limit: int = 100) -> tuple[RunResult, ...]:
    """The latest runs, the newest first."""
    with workspace.read() as reader:
        rows = reader.records("SELECT * FROM run ORDER BY run_id DESC LIMIT ?", [limit])
    return tuple(_run(workspace, row) for row in rows)


def _run(workspace: Workspace, row: dict[str, Any]) -> RunResult:
    result = json.loads(row["result"]) if row["result"] else None
    return RunResult(
        run_id=row["run_id"],
        job=row["job"],
        state=RunState(row["state"]),
        actor=row["actor"],
        queue_entry_id=row["queue_entry_id"],
        parameters=json.loads(row["parameters"]),
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        report=result and Report(Outcome(result["state"]), result["summary"], result["facts"]),
        failed_cell=row["failed_cell"],
        message=row["message"] or "",
        notebook=_outside(workspace, row["notebook_path"]),
        html=_outside(workspace, row["html_path"]),
    )


def _outside(workspace: Workspace, path: str | None) -> Path | None:
    return workspace.folder.resolve() / path if path else None
