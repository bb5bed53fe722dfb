"""A disk that fills up during an import: a failure that says so, and nothing changed."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from workbench.collection.inbox import import_inbox
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

LINES = "SELECT count(*) FROM payment_line"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own with 16 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("mounting a small disk is not permitted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.parametrize("free_kib", [0, 64, 256])
def test_a_full_disk_changes_nothing(
    at_stage: Callable[[str], Workspace], small_disk: Path, free_kib: int
) -> None:
    waiting = at_stage("inbox")
    shutil.copytree(waiting.folder, small_disk / "company")
    workspace = open_workspace(small_disk / "company", clock=waiting.clock)
    as_of = workspace.clock().date()
    with workspace.read() as reader:
        before = (reader.value(LINES), len(list(workspace.inbox.iterdir())))
    fill = small_disk / "fill"
    fill.write_bytes(bytes(max(shutil.disk_usage(small_disk).free - free_kib * 1024, 0)))

    with pytest.raises((OSError, sqlite3.OperationalError), match=r"full|space|I/O"):
        import_inbox(workspace, as_of=as_of)

    fill.unlink()
    assert verify(workspace).holds
    with workspace.read() as reader:
        assert (reader.value(LINES), len(list(workspace.inbox.iterdir()))) == before
    results = import_inbox(open_workspace(workspace.folder, clock=workspace.clock), as_of=as_of)
    assert {result.outcome for result in results} == {"accepted"}
    assert verify(workspace).holds
    assert list((workspace.folder / "staging").iterdir()) == []
