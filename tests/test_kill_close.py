"""Closing, reopening and setting up are killed before statements that they write."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import os
import runpy
import shutil
import signal
import sqlite3
from collections.abc import Callable
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from workbench.ledger.ledger_setup import set_up
from workbench.ledger.period_states import open_year, reopen
from workbench.reports.month_close import close_month
from workbench.store import audit, connection
from workbench.store import workspace as workspaces
from workbench.store.workspace import Workspace

MONTH = dt.date(2025, 1, 1)
AS_OF = dt.date(2026, 12, 2)
NOW = dt.datetime(2026, 12, 2, 8, tzinfo=dt.UTC)

SETUP = """
[[account]]
number = "5601"
name = "Trade receivables, business"
purpose = "receivable"
[[vat]]
code = "S25"
name = "VAT"
rate = 25
account = "5710"
[[profile]]
name = "BUSINESS"
like = "STANDARD"
receivable = "5601"
[[group]]
customer_group = "E"
profile = "BUSINESS"
"""


def close(workspace: Workspace, **more: Any) -> object:
    return close_month(workspace, month=MONTH, as_of=AS_OF, reason="month end", **more)


STEPS: dict[str, Callable[[Workspace], object]] = {
    "close": lambda workspace: close(workspace, force=True),
    "soft close": lambda workspace: close(workspace, to_state="soft_closed"),
    "close of a journal": lambda workspace: close(workspace, force=True, journal="PAYMENTS"),
    "reopening": lambda workspace: reopen(workspace, first_day=MONTH, reason="late"),
    "a year ahead": lambda workspace: open_year(workspace, 2030),
    "set-up": lambda workspace: set_up(workspace, text=SETUP, name="ledger.toml"),
}

#: What a state of the books comes to.
FACTS = (
    "SELECT journal, first_day, last_day, state, version FROM period ORDER BY 2, 1",
    """SELECT from_state, to_state, reason, json_array_length(checklist) FROM period_event
       ORDER BY event_id""",
    "SELECT * FROM account",
    "SELECT * FROM profile_account",
    "SELECT * FROM group_profile",
    "SELECT * FROM vat_code",
    "SELECT seq, step FROM audit_event",
)

#: Before which statements a step is killed: every one of the first, then every fourth.
MOMENTS = (*range(1, 10), *range(13, 200, 4))

Facts = list[list[tuple[Any, ...]]]


def facts(folder: Path) -> Facts:
    """What the books say, with an audit log that holds."""
    with Workspace(folder).read() as reader:
        assert audit.check(reader).holds
        return [reader.rows(question) for question in FACTS]


def act(step: str, folder: str) -> None:
    STEPS[step](Workspace(Path(folder), clock=lambda: NOW))


def act_until(step: str, folder: str, number: int) -> None:
    """Do a step; the process ends itself before its n-th statement that may write."""
    seen = 0

    def look(sql: str) -> None:
        nonlocal seen
        if seen or sql.startswith("BEGIN IMMEDIATE"):
            seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(path: Path) -> sqlite3.Connection:
        made = connection.connect(path)
        made.set_trace_callback(look)
        return made

    workspaces.connect = watched  # type: ignore[attr-defined]  # where it is used
    act(step, folder)


@pytest.fixture(scope="module")
def context() -> ForkServerContext:
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["workbench.reports.month_close", "pytest"])
    return found


def killed(context: ForkServerContext, step: str, folder: Path, number: int) -> bool:
    """Whether the process was ended before it was done."""
    told = {"KILLED": (step, str(folder), number)}
    process = context.Process(target=runpy.run_path, args=(__file__, told, "__killed__"))
    process.start()
    process.join(60)
    assert process.exitcode in {0, -signal.SIGKILL}
    return process.exitcode != 0


@pytest.mark.slow
@pytest.mark.parametrize("step", STEPS)
def test_before_or_after_never_between(
    at_stage: Callable[[str], Workspace], tmp_path: Path, context: ForkServerContext, step: str
) -> None:
    start = at_stage("open").folder
    if step == "reopening":
        act("close", str(start))
    before = facts(start)
    shutil.copytree(start, tmp_path / "undisturbed")
    act(step, str(tmp_path / "undisturbed"))
    after = facts(tmp_path / "undisturbed")
    assert after != before
    for number in MOMENTS:
        folder = tmp_path / str(number)
        shutil.copytree(start, folder)
        ended = killed(context, step, folder, number)
        assert facts(folder) == (before if ended else after)
        act(step, str(folder))
        assert facts(folder) == after
        shutil.rmtree(folder)
        if not ended:
            break
    assert number > 5


if __name__ == "__killed__":
    act_until(*KILLED)  # type: ignore[name-defined]  # noqa: F821  # given by `killed`
