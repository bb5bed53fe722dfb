"""Users, a person's data, backups and their return, from the command line."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workbench.cli import main
from workbench.cli.command_list import app
from workbench.store.workspace import Workspace, open_workspace

Run = Callable[..., Result]


@pytest.fixture
def workspace(at_stage: Callable[[str], Workspace]) -> Workspace:
    return at_stage("open")


@pytest.fixture
def run(workspace: Workspace) -> Run:
    def command(*words: str, code: int = 0) -> Result:
        found = CliRunner().invoke(app, ["--workspace", str(workspace.folder), *words])
        assert found.exit_code == code, found.output
        return found

    return command


def test_users_come_and_go(run: Run, workspace: Workspace) -> None:
    run("user", "add", "bo", "Bo Berg", "--role", "prepare", "--role", "post")
    run("user", "revoke", "bo", "post")
    run("user", "grant", "bo", "approve")
    listed = json.loads(run("user", "list", "--json").output)
    assert [(user["login"], user["roles"]) for user in listed] == [
        ("bo", ["prepare", "approve"]),
        (workspace.actor, ["prepare", "approve", "post", "administer"]),
    ]
    run("user", "deactivate", "bo")
    assert "bo  Bo Berg  not active" in run("user", "list").output


def test_what_cannot_be_is_told_in_a_sentence(run: Run, workspace: Workspace) -> None:
    maker = workspace.actor
    assert "last who administers" in run("user", "deactivate", maker, code=1).output
    assert "no user 'eva'" in run("user", "grant", "eva", "post", code=2).output
    assert "already" in run("user", "add", maker, "Me", code=1).output
    assert "no such role: rule" in run("user", "grant", maker, "rule", code=2).output
    assert "nothing personal" in run("person", "show", "0", "--reason", "x", code=1).output
    assert "is no backup" in run("restore", "/", "/nowhere-at-all", code=1).output


def test_a_person_is_shown_with_a_reason(run: Run, workspace: Workspace) -> None:
    with workspace.read() as reader:
        number, name = reader.rows(
            "SELECT customer_no, name FROM customer JOIN person USING (person_id) LIMIT 1"
        )[0]
    run("person", "show", number, code=2)
    shown = json.loads(run("person", "show", number, "--reason", "asked", "--json").output)
    assert (shown["customer_no"], shown["name"]) == (number, name)
    assert f"name: {name}" in run("person", "show", number, "--reason", "asked").output
    with workspace.read() as reader:
        assert reader.value("SELECT count(*) FROM disclosure WHERE reason = 'asked'") == 2


def test_a_backup_comes_back(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--to", str(tmp_path / "safe"), "--json").output)
    assert made["verified"] is True
    told = run("restore", made["folder"], str(tmp_path / "again")).output
    assert workspace.settings.company in told
    assert open_workspace(tmp_path / "again").settings == workspace.settings
    in_the_way = run("restore", made["folder"], str(workspace.folder), code=1).output
    assert "--replace" in in_the_way
    run("restore", made["folder"], str(workspace.folder), "--replace")
    assert len(list(tmp_path.glob("open.before-restore-*"))) == 1


def test_a_damaged_workspace_has_no_backup(run: Run, workspace: Workspace) -> None:
    lost = next((workspace.folder / "archive").glob("*/*"))
    lost.unlink()
    assert "the archive lacks" in run("backup", code=1).output


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="gives files away")
def test_only_the_owner_recovers(run: Run, workspace: Workspace) -> None:
    assert "has every role" in run("user", "recover", "--reason", "moved").output
    os.chown(workspace.database, 12345, -1)
    told = run("user", "recover", "--reason", "moved", code=1).output
    assert "belongs to another user" in told


def test_the_whole_command_line_knows_these_commands() -> None:
    assert callable(main)
    listed = CliRunner().invoke(app, ["--help"]).output
    for name in ("user", "person", "backup", "restore", "retention"):
        assert f"  {name} " in listed
