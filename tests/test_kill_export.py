"""A hand-over that is killed, raced, or finds a full disk: each posting goes out once."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.ledger.handover import handing_over as handover
from workbench.ledger.handover.handing_over import HandedOver
from workbench.reports.hand_over import export_again, export_postings
from workbench.reports.verification import verify
from workbench.store import archive
from workbench.store.transaction import StaleViewError
from workbench.store.workspace import Workspace, open_workspace
from workbench.transport import folder

TODAY = dt.date(2026, 12, 2)
KILLS = 6


@pytest.fixture
def posted(at_stage: Callable[[str], Workspace]) -> Workspace:
    workspace = at_stage("read")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=TODAY)
    return workspace


def export(workspace: Workspace) -> HandedOver:
    return export_postings(workspace, mapping="plain_csv", as_of=TODAY)


def copied(workspace: Workspace, target: Path) -> Workspace:
    shutil.copytree(workspace.folder, target)
    return open_workspace(target, clock=workspace.clock)


def count(workspace: Workspace, sql: str) -> int:
    with workspace.read() as reader:
        return int(reader.value(sql))


def require_whole(workspace: Workspace) -> None:
    """Every posting is in one delivery, whose files lie in the outbox as they were kept."""
    assert count(workspace, "SELECT count(*) FROM handover_posting") == count(
        workspace,
        "SELECT count(*) FROM posting JOIN voucher USING (voucher_id) WHERE journal <> 'ERP'",
    )
    with workspace.read() as reader:
        files = reader.rows(
            "SELECT document_no, h.file_name, sha256 FROM handover_file AS h "
            "JOIN source_file USING (file_id) JOIN handover USING (handover_id)"
        )
    place = workspace.outbox / "erp"
    assert sorted(path.name for path in place.iterdir()) == sorted(name for _, name, _ in files)
    for number, name, sha256 in files:
        assert archive.digest((place / name).read_bytes()) == sha256
        assert name in {file.name for file in export_again(workspace, number).files}
    assert verify(workspace).holds


def test_kills_at_random_moments_lose_and_double_nothing(
    posted: Workspace, tmp_path: Path
) -> None:
    chance, caught = random.Random(20261121), 0
    for kill in range(KILLS):
        workspace = copied(posted, tmp_path / f"killed{kill}")
        command = [
            sys.executable, "-c", "from workbench.cli import main; main()",
            "export", "postings", "--map", "plain_csv", "--as-of", TODAY.isoformat(),
            "--workspace", str(workspace.folder),
        ]  # fmt: skip
        environment = os.environ | {"WORKBENCH_CLOCK": f"{TODAY}T08:00:00+00:00"}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        try:
            process.wait(chance.uniform(0.5, 3.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            caught += 1
        assert verify(open_workspace(workspace.folder)).holds
        export(workspace)
        require_whole(workspace)
    assert caught, "no export was at work when it was to be killed"


def test_stopped_after_it_was_recorded_the_files_appear_with_the_next(
    posted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(handover, "finish_interrupted", lambda _: [])
        assert export(posted).number == "HO-000001"
    assert all(path.name.startswith(".") for path in (posted.outbox / "erp").iterdir())
    assert export(posted).nothing
    require_whole(posted)


def test_stopped_before_it_was_recorded_nothing_went_out(
    posted: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(folder, "prepare", _Stopped(folder.prepare))
        with pytest.raises(KeyboardInterrupt):
            export(posted)
    assert count(posted, "SELECT count(*) FROM handover") == 0
    assert list((posted.outbox / "erp").iterdir())
    assert export(posted).number == "HO-000001"
    require_whole(posted)


class _Stopped:
    """Writes the file, and then the machine stops."""

    def __init__(self, prepare: Callable[[Path, str, bytes], object]) -> None:
        self.prepare = prepare

    def __call__(self, place: Path, name: str, content: bytes) -> None:
        self.prepare(place, name, content)
        raise KeyboardInterrupt


def test_a_file_that_was_fetched_does_not_come_back(posted: Workspace) -> None:
    done = export(posted)
    for file in done.files:
        assert file.path is not None
        file.path.unlink()
    assert export(posted).nothing
    assert not list((posted.outbox / "erp").iterdir())


def test_two_at_once_hand_nothing_over_twice(posted: Workspace) -> None:
    def attempt(_: int) -> str | None:
        try:
            return export(posted).number
        except StaleViewError:
            return "stale"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(str(one) for one in pool.map(attempt, range(2)))
    assert "HO-000001" in told
    assert set(told) <= {"HO-000001", "None", "stale"}
    require_whole(posted)


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
    posted: Workspace, small_disk: Path, free_kib: int
) -> None:
    workspace = copied(posted, small_disk / "company")
    fill = small_disk / "fill"
    fill.write_bytes(bytes(max(shutil.disk_usage(small_disk).free - free_kib * 1024, 0)))
    with pytest.raises((OSError, sqlite3.OperationalError), match=r"full|space|I/O"):
        export(workspace)
    fill.unlink()
    assert count(workspace, "SELECT count(*) FROM handover") == 0
    assert export(workspace).number == "HO-000001"
    require_whole(workspace)
