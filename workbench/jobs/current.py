"""Which run a notebook is part of: told by the runner through the kernel's environment."""

from __future__ import annotations

import os
from dataclasses import dataclass

from workbench.store.workspace import Workspace, system_clock

_RUN = "WORKBENCH_RUN"
_ACTOR = "WORKBENCH_ACTOR"


@dataclass(frozen=True, slots=True)
class CurrentRun:
    """The run that this process works for, and who started it."""

    run_id: int
    actor: str


def current_run() -> CurrentRun | None:
    """The run that this kernel works for; None on a screen that a person opened."""
    run_id = os.environ.get(_RUN)
    return CurrentRun(int(run_id), os.environ[_ACTOR]) if run_id else None


def kernel_environment(workspace: Workspace, run_id: int, *, actor: str) -> dict[str, str]:
    """What a job's kernel has in its environment beyond that of its runner.

    An injected clock stands still at the moment of the run's start.
    """
    environment = {
        "WORKBENCH_HOME": str(workspace.folder.resolve()),
        _RUN: str(run_id),
        _ACTOR: actor,
        # The kernel's debugger would complain about frozen modules on standard error.
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    if workspace.clock is not system_clock:
        environment["WORKBENCH_CLOCK"] = workspace.now()
    return environment
