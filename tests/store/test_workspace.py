"""A workspace is made once, brought up to date with a backup, and never opened by the old."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from workbench.store import archive, migrations, staging
from workbench.store.backup import BackupError
from workbench.store.workspace import (
    FOLDERS,
    NewerWorkspaceError,
    NoWorkspaceError,
    Workspace,
    WorkspaceExistsError,
    clock_from_environment,
    init,
    open_workspace,
)

NOW = dt.datetime(2026, 10, 12, 8, tzinfo=dt.UTC)


def raw(workspace: Workspace, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(workspace.database)
    try:
        rows = connection.execute(sql).fetchall()
        connection.commit()
        return rows
    finally:
        connection.close()


def test_a_new_workspace_has_everything(workspace: Workspace) -> None:
    assert {path.name for path in workspace.folder.iterdir() if path.is_dir()} == set(FOLDERS)
    assert workspace.settings.company == "Nordvand"
    assert raw(workspace, "PRAGMA journal_mode") == [("wal",)]
    roles = raw(workspace, "SELECT role FROM user_role JOIN user_account USING (user_id)")
    assert len(roles) == 4
    assert list((workspace.folder / "staging").iterdir()) == []


def test_a_name_may_hold_quotes(tmp_path: Path) -> None:
    made = init(tmp_path / "ws", company='A/S "Vand\\Varme"', clock=lambda: NOW)
    assert made.settings.company == 'A/S "Vand\\Varme"'


def test_a_workspace_is_made_once(workspace: Workspace) -> None:
    content = workspace.database.read_bytes()
    with pytest.raises(WorkspaceExistsError):
        init(workspace.folder, company="Other")
    assert workspace.database.read_bytes() == content
    assert workspace.settings.company == "Nordvand"


def test_a_folder_without_a_workspace(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspaceError):
        open_workspace(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_every_table_is_strict(workspace: Workspace) -> None:
    tables = raw(
        workspace,
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table' "
        "AND name NOT LIKE 'sqlite%' AND name <> '_sqlite_migrations'",
    )
    assert len(tables) > 30
    assert [name for name, strict in tables if not strict] == []


def test_keys_and_checks_are_kept(workspace: Workspace) -> None:
    for sql in (
        "INSERT INTO user_role VALUES (999, 'post')",
        "INSERT INTO user_role VALUES (1, 'rule the world')",
        "INSERT INTO id_sequence VALUES (2, 1)",
    ):
        with (
            pytest.raises(sqlite3.IntegrityError),
            workspace.transaction("wrong") as transaction,
        ):
            transaction.execute(sql)


# -- migrations ------------------------------------------------------------------------------


@pytest.fixture
def old(tmp_path: Path, samples: Path) -> Workspace:
    """A workspace that an earlier version made."""
    folder = tmp_path / "old"
    shutil.copytree(samples / "schemas" / "0004", folder)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "workbench.db")) as connection:
        connection.executescript((folder / "workbench.sql").read_text("utf-8"))
    (folder / "workbench.sql").unlink()
    return Workspace(folder, clock=lambda: NOW, actor="ida")


def test_opening_again_changes_nothing(workspace: Workspace) -> None:
    open_workspace(workspace.folder)
    assert list((workspace.folder / "backups").iterdir()) == []
    assert migrations.apply(workspace.database) == []


def test_a_backup_is_made_before_a_migration(old: Workspace) -> None:
    open_workspace(old.folder, clock=lambda: NOW)
    (backup,) = (old.folder / "backups").iterdir()
    assert backup.name == "20261012T080000Z-before-0005_exchange"
    with closing(sqlite3.connect(backup / "workbench.db")) as connection:
        assert migrations.applied(connection)[-1] == "0004_totals"
    with closing(sqlite3.connect(old.database)) as connection:
        assert migrations.applied(connection) == migrations.names()
    open_workspace(old.folder)
    assert len(list((old.folder / "backups").iterdir())) == 1


def test_no_migration_without_a_backup_that_verifies(old: Workspace) -> None:
    (lost, *_) = sorted((old.folder / "archive").glob("*/*"))
    lost.unlink()
    with pytest.raises(BackupError, match=f"the archive lacks .*{lost.name}"):
        open_workspace(old.folder, clock=lambda: NOW)
    with closing(sqlite3.connect(old.database)) as connection:
        assert migrations.applied(connection)[-1] == "0004_totals"


def test_a_migration_that_fails_leaves_nothing(
    old: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scripts = tmp_path / "scripts"
    shutil.copytree(Path(migrations.__file__).parent, scripts)
    (scripts / "0005_exchange.sql").write_text(
        "CREATE TABLE half (one INTEGER) STRICT;\nCREATE TABLE half (one INTEGER) STRICT;\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(migrations, "_FOLDER", scripts)
    with pytest.raises(sqlite3.OperationalError):
        open_workspace(old.folder, clock=lambda: NOW)
    assert raw(old, "SELECT name FROM sqlite_master WHERE name = 'half'") == []
    with closing(sqlite3.connect(old.database)) as current:
        assert migrations.applied(current)[-1] == "0004_totals"


def test_a_newer_workspace_is_refused(workspace: Workspace) -> None:
    raw(
        workspace,
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
        "VALUES ('workbench', '9999_future', '2030-01-01')",
    )
    with pytest.raises(NewerWorkspaceError, match="9999_future"):
        open_workspace(workspace.folder)
    assert list((workspace.folder / "backups").iterdir()) == []


# -- staging files ---------------------------------------------------------------------------


def dead_process() -> int:
    process = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"],
                             check=True, capture_output=True, text=True)  # fmt: skip
    return int(process.stdout)


def test_what_a_crash_left_is_removed_at_start(workspace: Workspace) -> None:
    folder = workspace.folder / "staging"
    leftovers = [folder / f"{dead_process()}-ab.db", folder / "workbench.db-wal"]
    mine, parents = folder / f"{os.getpid()}-ab.db", folder / f"{os.getppid()}-ab.db"
    for path in (*leftovers, mine, parents):
        path.touch()
    open_workspace(workspace.folder)
    assert set(folder.iterdir()) == {mine, parents}


def test_a_copy_without_empty_folders_is_whole_again(workspace: Workspace) -> None:
    (workspace.folder / "staging").rmdir()
    (workspace.folder / "inbox").rmdir()
    opened = open_workspace(workspace.folder)
    assert opened.inbox.is_dir()
    assert (opened.folder / "staging").is_dir()


def test_a_staging_file_lives_as_long_as_its_step(workspace: Workspace) -> None:
    rows = pl.DataFrame({"attempt_id": [workspace.draw_ids(1)], "sha256": ["ab"], "name": ["f"],
                         "purpose": ["p"], "outcome": ["refused"], "reason": ["r"],
                         "problems": ["[]"]})  # fmt: skip
    folder = workspace.folder / "staging"
    with workspace.transaction("bulk", staged={"file_attempt": rows}) as transaction:
        (path,) = folder.iterdir()
        assert path.name.startswith(f"{os.getpid()}-")
        transaction.append_staged("file_attempt")
    assert list(folder.iterdir()) == []
    assert raw(workspace, "SELECT name FROM file_attempt") == [("f",)]

    def fail() -> None:
        again = rows.with_columns(attempt_id=pl.lit(workspace.draw_ids(1)))
        with workspace.transaction("bulk", staged={"file_attempt": again}) as transaction:
            transaction.append_staged("file_attempt")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(folder.iterdir()) == []
    assert len(raw(workspace, "SELECT name FROM file_attempt")) == 1


def test_two_staging_files_have_two_names(tmp_path: Path) -> None:
    assert staging.new_path(tmp_path) != staging.new_path(tmp_path)


# -- archive and clock -----------------------------------------------------------------------


def test_the_archive_keeps_bytes_under_their_hash(workspace: Workspace) -> None:
    sha256 = archive.keep(workspace, b"hello")
    assert archive.keep(workspace, b"hello") == sha256
    path = archive.path_of(workspace, sha256)
    assert path.stat().st_mode & 0o222 == 0
    assert archive.fetch(workspace, sha256) == b"hello"
    assert [p.name for p in path.parent.iterdir()] == [sha256]
    path.chmod(0o644)
    path.write_bytes(b"hellO")
    with pytest.raises(archive.DamagedArchiveError):
        archive.fetch(workspace, sha256)
    with pytest.raises(FileNotFoundError):
        archive.fetch(workspace, "0" * 64)


def test_the_clock_may_be_fixed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WORKBENCH_CLOCK", "2026-10-12T08:00:00+02:00")
    made = Workspace(tmp_path, clock=clock_from_environment())
    assert made.now() == "2026-10-12T06:00:00.000000Z"
    monkeypatch.delenv("WORKBENCH_CLOCK")
    assert abs(clock_from_environment()() - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)


def test_a_workspace_made_under_a_relative_name_stands_wherever_the_process_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    workspace = init(Path("company"), company="Nordvand")
    monkeypatch.chdir("/")
    assert workspace.folder == tmp_path.resolve() / "company"
    with workspace.read() as reader:
        assert reader.seq > 0
