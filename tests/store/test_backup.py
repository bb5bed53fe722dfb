"""A backup was restored and checked before it has its name; a damaged one is not kept."""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from workbench.reports.backups import back_up as back_up_and_add_up
from workbench.reports.verification import verify
from workbench.store import archive, users
from workbench.store.backup import MANIFEST, BackupError, back_up, last_backup
from workbench.store.people import MissingRoleError
from workbench.store.restore import WorkspaceInTheWayError, restore
from workbench.store.soundness import faults_of
from workbench.store.workspace import Workspace, open_workspace


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def company(month: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(month / "read", tmp_path / "company")
    return open_workspace(tmp_path / "company")


def test_a_backup_holds_everything_and_says_so(company: Workspace, tmp_path: Path) -> None:
    before = files(company.folder / "archive")
    made = back_up_and_add_up(company)
    assert made.folder.parent == company.folder / "backups"
    assert {f"archive/{name}" for name in before} | {
        "workbench.db", "workbench.toml", MANIFEST
    } == files(made.folder)  # fmt: skip
    assert made.files == len(before)
    assert json.loads((made.folder / MANIFEST).read_text())["verified"] is True
    with company.read() as reader:
        noted = last_backup(reader)
        steps = reader.rows("SELECT step FROM audit_event WHERE seq = ?", [reader.seq])
    assert noted is not None
    assert (noted["name"], noted["head"]) == (made.name, made.head)
    assert steps == [("backup_made",)]
    assert [path.name for path in made.folder.parent.iterdir()] == [made.name]
    assert list((company.folder / "staging").iterdir()) == []
    restored = restore(made.folder, tmp_path / "again")
    assert verify(restored, against=made.head).holds
    assert files(restored.folder / "archive") == before


def test_no_backup_before_the_first(workspace: Workspace) -> None:
    with workspace.read() as reader:
        assert last_backup(reader) is None


def test_the_second_backup_shares_what_did_not_change(
    company: Workspace, tmp_path: Path
) -> None:
    first = back_up(company, to=tmp_path / "safe")
    second = back_up(company, to=tmp_path / "safe")
    assert (first.linked, second.linked) == (0, first.files)
    (sample,) = list((second.folder / "archive").glob("*/*"))[:1]
    inside = sample.relative_to(second.folder)
    assert sample.samefile(first.folder / inside)
    assert not sample.samefile(company.folder / inside)


def test_a_copy_that_is_not_right_is_not_kept(company: Workspace) -> None:
    (sample,) = list((company.folder / "archive").glob("*/*"))[:1]
    content = sample.read_bytes()
    sample.chmod(0o644)
    sample.write_bytes(b"?" + content[1:])
    with pytest.raises(BackupError, match=f"was changed: {sample.name}"):
        back_up(company)
    sample.unlink()
    with pytest.raises(BackupError, match="the archive lacks"):
        back_up(company)
    assert list((company.folder / "backups").iterdir()) == []
    with company.read() as reader:
        assert last_backup(reader) is None


def test_a_sum_that_does_not_hold_is_found_in_the_copy(company: Workspace) -> None:
    with company.transaction("spoil", role="administer") as transaction:
        transaction.execute("DROP TRIGGER posting_fixed")
        transaction.execute("UPDATE posting SET amount_minor = amount_minor + 1 WHERE number=1")
    with pytest.raises(BackupError, match=r"rows of posting .* were changed.*≠"):
        back_up_and_add_up(company)


def test_a_damaged_backup_is_not_restored(company: Workspace, tmp_path: Path) -> None:
    made = back_up(company)
    with (made.folder / "workbench.db").open("r+b") as database:
        database.seek(5000)
        database.write(b"\xff" * 100)
    with pytest.raises(BackupError, match="not the one that was backed up"):
        restore(made.folder, tmp_path / "again")
    with pytest.raises(BackupError, match="is no backup"):
        restore(tmp_path, tmp_path / "again")
    assert not (tmp_path / "again").exists()


def test_a_backup_that_lost_a_file_is_not_restored(company: Workspace, tmp_path: Path) -> None:
    made = back_up(company)
    next((made.folder / "archive").glob("*/*")).unlink()
    with pytest.raises(BackupError, match="the archive lacks"):
        restore(made.folder, tmp_path / "again")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["company"]


def test_what_is_there_is_replaced_only_when_told_so(
    company: Workspace, tmp_path: Path
) -> None:
    made = back_up(company)
    with company.read() as reader:
        assert reader.value("SELECT count(*) FROM audit_event WHERE step = 'later'") == 0
    with company.transaction("later", role="post"):
        pass
    with pytest.raises(WorkspaceInTheWayError):
        restore(made.folder, company.folder)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").touch()
    with pytest.raises(WorkspaceInTheWayError):
        restore(made.folder, tmp_path / "full", replace=True)
    restored = restore(made.folder, company.folder, replace=True)
    (aside,) = tmp_path.glob("company.before-restore-*")
    for folder, count in ((restored.folder, 0), (aside, 1)):
        opened = open_workspace(folder)
        assert faults_of(opened) == ()
        with opened.read() as reader:
            found = reader.value("SELECT count(*) FROM audit_event WHERE step = 'later'")
            assert found == count
            assert reader.value("PRAGMA journal_mode") == "wal"


def test_replacing_needs_the_role(company: Workspace) -> None:
    made = back_up(company)
    users.add(company, "bo", name="Bo", roles=["prepare", "approve", "post"])
    bo = Workspace(company.folder, clock=company.clock, actor="bo")
    with pytest.raises(MissingRoleError, match="'bo' does not have the role 'administer'"):
        restore(made.folder, company.folder, replace=True, workspace=bo)
    with company.read() as reader:
        assert reader.value("SELECT count(*) FROM user_account WHERE login = 'bo'") == 1


def test_a_workspace_in_use_is_not_put_aside(
    company: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = back_up(company)
    monkeypatch.setattr("workbench.store.restore._PATIENCE_MS", 200)
    with company.read() as reader:
        assert reader.seq
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            restore(made.folder, company.folder, replace=True)
    assert faults_of(open_workspace(company.folder)) == ()


def test_what_a_killed_process_left_is_removed(company: Workspace) -> None:
    for home in ("backups", "staging"):
        (company.folder / home / ".unfinished-999999999-ab" / "archive").mkdir(parents=True)
    back_up(open_workspace(company.folder))
    assert list((company.folder / "staging").iterdir()) == []
    assert len(list((company.folder / "backups").iterdir())) == 1


def test_a_restore_killed_between_two_names_is_finished(
    company: Workspace, tmp_path: Path
) -> None:
    made = back_up(company)
    restore(made.folder, tmp_path / "company.restored")
    company.folder.rename(tmp_path / "company.before-restore-x")
    opened = open_workspace(company.folder)
    assert opened.folder == company.folder
    assert not (tmp_path / "company.restored").exists()
    assert faults_of(opened) == ()


def test_archive_bytes_that_no_event_knows_are_kept_too(company: Workspace) -> None:
    sha256 = archive.keep(company, b"a file that was refused")
    made = back_up(company)
    assert (made.folder / "archive" / sha256[:2] / sha256).exists()


def test_reports_and_runs_are_copied_when_asked_for(company: Workspace, tmp_path: Path) -> None:
    (company.folder / "reports" / "month.html").write_text("proven")
    assert not (back_up(company, to=tmp_path / "plain").folder / "reports").exists()
    made = back_up(company, to=tmp_path / "all", everything=True)
    restored = restore(made.folder, tmp_path / "again")
    assert (restored.folder / "reports" / "month.html").read_text() == "proven"
