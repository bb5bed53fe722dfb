"""A run whose process is killed, and the leases that tell who is dead."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from workbench.jobs.definition import find_job
from workbench.jobs.history import RunState, run
from workbench.jobs.lease import Terms, is_dead, machine
from workbench.jobs.records import (
    AliveError,
    Ending,
    JobRunningError,
    LeaseLostError,
    _interrupt,
    end_run,
    recover,
    start_run,
)
from workbench.jobs.runner import run_job
from workbench.store import audit
from workbench.store.people import ROLES
from workbench.store.runs import renew_lease
from workbench.store.workspace import Workspace

Write = Callable[..., None]

#: The first run in a new workspace: its user and their roles have the numbers before.
FIRST = 2 + len(ROLES)
PARAMETERS = (
    'as_of: str = ""  # date: d\nworkspace: str = ""\nseconds: int = 0  # how long it works\n'
)
CELL = (
    "import os, pathlib, time\n"
    "pathlib.Path(workspace, 'kernel').write_text(str(os.getpid()))\n"
    "time.sleep(seconds)"
)
PROGRAM = """
import sys
from pathlib import Path
from workbench.jobs.lease import Terms
from workbench.jobs.runner import run_job
from workbench.store.workspace import open_workspace
terms = Terms(lease=60, heartbeat=0.1)
run_job(open_workspace(Path(sys.argv[1])), "slow", {"seconds": "60"},
        notebooks=Path(sys.argv[2]), terms=terms)
"""


def wait_for(happens: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not happens():
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def working_elsewhere(
    workspace: Workspace, notebooks: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """The job at work in another process, which is killed at the end at the latest."""
    mark = workspace.folder / "kernel"
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, workspace.folder, notebooks]
    ) as process:
        try:
            wait_for(lambda: mark.exists() and bool(mark.read_text()))
            yield process
        finally:
            process.kill()


def heartbeat(workspace: Workspace) -> str:
    with workspace.read() as reader:
        return str(reader.value("SELECT heartbeat_at FROM run WHERE state = 'running'"))


def test_killed_in_the_middle_then_taken_up_again(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("slow", CELL, parameters=PARAMETERS)
    with working_elsewhere(workspace, notebooks) as process:
        with workspace.read() as reader:
            seq = reader.seq
        first = heartbeat(workspace)
        wait_for(lambda: heartbeat(workspace) > first)
        assert recover(workspace) == ()
        with pytest.raises(JobRunningError, match=f"slow runs already: run {FIRST}"):
            run_job(workspace, "slow", notebooks=notebooks)
        with workspace.read() as reader:
            assert reader.seq == seq, "a heartbeat or a refusal is no step"
        process.kill()
    assert recover(workspace) == (FIRST,)
    assert recover(workspace) == ()
    dead = run(workspace, FIRST)
    assert dead.state is RunState.INTERRUPTED
    assert dead.ended_at is not None
    assert dead.message == "the process ended before the run did"
    assert dead.html is None
    assert dead.notebook is not None
    assert [path.name for path in dead.notebook.parent.iterdir()] == ["slow.unfinished.ipynb"]
    kernel = int((workspace.folder / "kernel").read_text())
    wait_for(lambda: not psutil.pid_exists(kernel) or _is_zombie(kernel))
    again = run_job(workspace, "slow", notebooks=notebooks)
    assert again.state is RunState.DONE
    with workspace.read() as reader:
        assert audit.check(reader).holds


def test_the_next_run_finds_the_dead_one_by_itself(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("slow", CELL, parameters=PARAMETERS)
    with working_elsewhere(workspace, notebooks):
        pass
    again = run_job(workspace, "slow", notebooks=notebooks)
    assert again.state is RunState.DONE
    assert run(workspace, FIRST).state is RunState.INTERRUPTED
    assert not renew_lease(workspace, FIRST, heartbeat_at="x", until="x")
    with workspace.read() as reader:
        assert reader.value("SELECT lease_until FROM run WHERE run_id = ?", [FIRST]) != "x"


def test_a_heartbeat_in_the_last_moment_saves_the_run(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("slow", CELL, parameters=PARAMETERS)
    job = find_job("slow", notebooks=notebooks)
    terms = Terms(lease=60)
    run_id = start_run(workspace, job, {}, actor="a", queue_entry_id=None, terms=terms)
    seen = heartbeat(workspace)
    now = label(minutes=1)
    assert renew_lease(workspace, run_id, heartbeat_at=now, until=label(minutes=2))
    with workspace.read() as reader:
        seq = reader.seq
    with pytest.raises(AliveError):
        _interrupt(workspace, run_id, job="slow", seen=seen)
    assert run(workspace, run_id).state is RunState.RUNNING
    with workspace.read() as reader:
        assert reader.seq == seq
    _interrupt(workspace, run_id, job="slow", seen=now)
    with pytest.raises(LeaseLostError):
        end_run(workspace, run_id, Ending(RunState.DONE), actor="a")
    assert run(workspace, run_id).state is RunState.INTERRUPTED


@pytest.mark.skipif(os.name != "posix", reason="a console's interruption needs POSIX")
def test_a_person_who_interrupts_a_run_ends_it(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("slow", CELL, parameters=PARAMETERS)
    with working_elsewhere(workspace, notebooks) as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(60) != 0
    found = run(workspace, FIRST)
    assert found.state is RunState.INTERRUPTED
    assert found.message.startswith("KeyboardInterrupt")
    kernel = int((workspace.folder / "kernel").read_text())
    wait_for(lambda: not psutil.pid_exists(kernel) or _is_zombie(kernel))


def label(*, minutes: int) -> str:
    """A moment from now; the tests before this one may have taken long."""
    moment = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@pytest.fixture(scope="module")
def gone() -> int:
    """The number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.mark.parametrize(
    ("who", "where", "heartbeat_minutes", "lease_minutes", "dead"),
    [
        ("us", "here", 0, 5, False),
        ("us", "here", 0, -1, True),
        ("gone", "here", 0, 5, True),
        ("gone", "elsewhere", 0, 5, False),
        ("gone", "elsewhere", -10, -5, True),
        # A number that another process got after the last heartbeat.
        ("us", "here", -60 * 24 * 365, 5, True),
    ],
)
def test_who_is_dead(
    gone: int,
    *,
    who: str,
    where: str,
    heartbeat_minutes: int,
    lease_minutes: int,
    dead: bool,
) -> None:
    found = is_dead(
        process_id=os.getpid() if who == "us" else gone,
        machine_name=machine() if where == "here" else "another-machine",
        heartbeat_at=label(minutes=heartbeat_minutes),
        lease_until=label(minutes=lease_minutes),
    )
    assert found is dead


def _is_zombie(process_id: int) -> bool:
    return bool(psutil.Process(process_id).status() == psutil.STATUS_ZOMBIE)
