"""Killed just before any change of a file's name or place, a workspace is old or new, whole."""

from __future__ import annotations

import datetime as dt
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.store import archive
from workbench.store.backup import MANIFEST, back_up, read_manifest
from workbench.store.restore import restore
from workbench.store.soundness import faults_of
from workbench.store.workspace import Workspace, open_workspace

#: Ends itself before the n-th event of the kinds that it is told; prints how many there were.
PROGRAM = """
import os, signal, sys
from pathlib import Path
from workbench.store.backup import back_up
from workbench.store.restore import restore
from workbench.store.workspace import open_workspace

step, source, folder, kinds, stop = sys.argv[1:]
count = 0

def watch(event, arguments):
    global count
    if event in kinds.split():
        count += 1
        if count == int(stop):
            os.kill(os.getpid(), signal.SIGKILL)

if step == "restore":
    sys.addaudithook(watch)
    restore(Path(source), Path(folder), replace=True)
else:
    workspace = open_workspace(Path(folder))
    sys.addaudithook(watch)
    back_up(workspace)
print(count)
"""

#: A workspace changes its name, or parts of it vanish: every one of these is tried.
NAMES = "os.rename os.rmdir"

#: Files are made; some of these are tried.
FILES = "os.mkdir shutil.copyfile sqlite3.connect os.link"


def run(step: str, source: Path, folder: Path, *, kinds: str, stop: int) -> int | None:
    """Run a step that is killed at an event; how many events there were when it was not."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, step, source, folder, kinds, str(stop)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == -signal.SIGKILL:
        return None
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.fixture
def company(month: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(month / "open", tmp_path / "company")
    return open_workspace(tmp_path / "company")


def steps_of(workspace: Workspace) -> list[str]:
    with workspace.read() as reader:
        return [step for (step,) in reader.rows("SELECT step FROM audit_event ORDER BY seq")]


@pytest.mark.parametrize(("kinds", "each"), [(NAMES, 1), (FILES, 5)])
def test_a_killed_restore_leaves_the_old_or_the_new(
    company: Workspace, kinds: str, each: int
) -> None:
    made = back_up(company)
    kept = shutil.copytree(made.folder, company.folder.with_name("kept"))
    old = steps_of(company)
    new = steps_of(restore(kept, company.folder.with_name("as-new")))[:-1]
    stop, whole = 1, None
    seen = set()
    while whole is None:
        whole = run("restore", kept, company.folder, kinds=kinds, stop=stop)
        stop += each
        workspace = open_workspace(company.folder)
        assert faults_of(workspace) == ()
        found = steps_of(workspace)
        assert found in (old, new, [*new, "restored"])
        seen.add(len(found))
        for aside in company.folder.parent.glob("company.before-restore-*"):
            assert faults_of(open_workspace(aside)) == ()
            shutil.rmtree(company.folder)  # the old one again, for the next round
            aside.rename(company.folder)
    assert stop > 2 * each, "nothing was interrupted"
    assert {len(old), len(new) + 1} <= seen


def test_a_killed_backup_has_no_name(company: Workspace) -> None:
    stop, whole = 1, None
    while whole is None:
        whole = run("backup", Path(), company.folder, kinds=f"{NAMES} {FILES}", stop=stop)
        stop += 3
        home = company.folder / "backups"
        for folder in home.glob(f"[!.]*/{MANIFEST}"):
            made = read_manifest(folder.parent)
            assert archive.file_digest(folder.parent / "workbench.db") == made.database_sha256
        assert len(list(home.glob("[!.]*"))) == len(list(home.glob(f"[!.]*/{MANIFEST}")))
    assert stop > 6, "nothing was interrupted"
    moment = dt.datetime(2026, 12, 2, 8, tzinfo=dt.UTC)
    back_up(open_workspace(company.folder, clock=lambda: moment))
    assert not list(company.folder.glob("*/.unfinished-*"))
    assert faults_of(company) == ()
