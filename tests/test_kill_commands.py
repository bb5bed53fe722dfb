"""The command itself is killed at random moments, as a person or an operator runs it."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.inbox import import_inbox
from workbench.collection.settlement import post_payments
from workbench.jobs.records import recover
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

TODAY = dt.date(2026, 12, 2)
KILLS = 5

#: What must be as in a month that nobody interrupted.
QUESTIONS = (
    """SELECT outcome, class, count(*), sum(residual_minor) FROM current_outcome
    GROUP BY 1, 2 ORDER BY 1, 2""",
    "SELECT status, count(*), sum(amount_minor) FROM collection_line GROUP BY 1 ORDER BY 1",
    "SELECT account_no, bank_date, sum(amount_minor) FROM posting GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT kind, count(*), sum(amount_minor) FROM application GROUP BY 1 ORDER BY 1",
    "SELECT journal, max(number), count(*) FROM voucher GROUP BY 1 ORDER BY 1",
    "SELECT name, sha256 FROM source_file ORDER BY 2",
)


def command(workspace: Path, job: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {"WORKBENCH_CLOCK": f"{TODAY}T08:00:00+00:00"}
    return subprocess.Popen(
        [
            sys.executable, "-c", "from workbench.cli import main; main()",
            "jobs", "run", job, "--as-of", TODAY.isoformat(), "--workspace", str(workspace),
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip


def interrupted(folder: Path, job: str, *, chance: random.Random) -> int:
    """Kill a job so many times, each at another moment; how often it was still at work."""
    caught = 0
    for _ in range(KILLS):
        process = command(folder, job)
        try:
            process.wait(chance.uniform(0.3, 4.5))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            caught += 1
        assert verify(open_workspace(folder)).holds
    return caught


def facts(workspace: Workspace) -> list[list[tuple[Any, ...]]]:
    with workspace.read() as reader:
        return [reader.rows(question) for question in QUESTIONS]


def test_ten_kills_of_the_commands_lose_and_double_nothing(
    at_stage: Callable[[str], Workspace], tmp_path: Path
) -> None:
    workspace = at_stage("inbox")
    undisturbed = open_workspace(
        Path(shutil.copytree(workspace.folder, tmp_path / "undisturbed")),
        clock=workspace.clock,
    )
    import_inbox(undisturbed, as_of=TODAY)
    allow_by_rule(undisturbed)
    post_payments(undisturbed, as_of=TODAY)
    chance = random.Random(20261202)
    caught = 0
    for job in ("import_payments", "post_journal"):
        caught += interrupted(workspace.folder, job, chance=chance)
        assert command(workspace.folder, job).wait(120) == 0
    if caught == 0:
        pytest.fail("no command was at work when it was to be killed")
    assert facts(workspace) == facts(undisturbed)
    assert verify(workspace).holds
    recover(workspace)
    with workspace.read() as reader:
        assert reader.value("SELECT count(*) FROM run WHERE state = 'running'") == 0
    assert not list(workspace.inbox.iterdir())
    assert not list((workspace.folder / "staging").iterdir())
