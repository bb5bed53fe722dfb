"""The command line: where the workspace is, what is printed, and how a command ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner, Result

from workbench.cli import hoisted
from workbench.cli.app import app
from workbench.cli.refusals import _REFUSALS, refusal_of
from workbench.store.workspace import NoWorkspaceError, Workspace

SAMPLES = Path(__file__).parents[1] / "samples"
PAYMENTS = SAMPLES / "betalingsservice" / "payments.0602"

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command as `main` does; the terminal is wide and of no color."""
    monkeypatch.delenv("WORKBENCH_HOME", raising=False)
    monkeypatch.setenv("NO_COLOR", "1")

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, hoisted([str(argument) for argument in arguments]))

    return invoke


@pytest.fixture
def workspace(at_stage: Callable[[str], Workspace]) -> Workspace:
    return at_stage("read")


# -- the workspace ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        (["read", "f", "--workspace", "w"], ["--workspace", "w", "read", "f"]),
        (["--workspace", "w", "read"], ["--workspace", "w", "read"]),
        (["jobs", "--workspace=w", "list"], ["--workspace=w", "jobs", "list"]),
        (["read", "--", "--workspace"], ["read", "--", "--workspace"]),
        (["read", "--workspace"], ["--workspace", "read"]),
    ],
)
def test_the_workspace_may_be_named_anywhere(given: list[str], expected: list[str]) -> None:
    assert hoisted(given) == expected


def test_before_after_from_the_environment_and_here(
    run: Run, workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = workspace.folder
    assert run("--workspace", folder, "verify").exit_code == 0
    assert run("verify", "--workspace", folder).exit_code == 0
    assert run("verify", f"--workspace={folder}").exit_code == 0
    nowhere = tmp_path / "nowhere"
    nowhere.mkdir()
    monkeypatch.chdir(nowhere)
    assert run("verify").exit_code == 2
    monkeypatch.setenv("WORKBENCH_HOME", str(folder))
    assert run("verify").exit_code == 0
    assert run("verify", "--workspace", nowhere).exit_code == 2
    monkeypatch.delenv("WORKBENCH_HOME")
    monkeypatch.chdir(folder)
    assert run("verify").exit_code == 0
    assert list(nowhere.iterdir()) == []


def test_a_workspace_is_made_once(run: Run, tmp_path: Path) -> None:
    made = run("init", tmp_path / "ws", "--company", "Nordvand")
    assert (made.exit_code, made.stderr) == (0, "")
    assert "Nordvand" in made.stdout
    again = run("init", tmp_path / "ws")
    assert (again.exit_code, again.stdout) == (1, "")
    assert "holds a workspace already" in again.stderr
    assert run("verify", "--workspace", tmp_path / "ws").exit_code == 0


# -- what is printed -------------------------------------------------------------------------


def test_json_is_one_document_and_nothing_else(run: Run) -> None:
    result = run("read", PAYMENTS, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert document["format"] == "betalingsservice_0602"
    assert len(document["records"]) == 8


def test_jsonl_is_a_document_a_line(run: Run) -> None:
    result = run("read", PAYMENTS, "--jsonl")
    assert (result.exit_code, result.stderr) == (0, "")
    assert len([json.loads(line) for line in result.stdout.splitlines()]) > 8


def test_a_summary_is_for_people(run: Run) -> None:
    result = run("read", PAYMENTS)
    assert result.exit_code == 0
    with pytest.raises(json.JSONDecodeError):
        json.loads(result.stdout)
    broken = run("read", SAMPLES / "problems" / "wrong_total.0602")
    assert broken.exit_code == 1
    assert "Ask the payment center" in broken.stdout


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("betalingsservice/payments.0602", 0),
        ("problems/line_too_long.0602", 0),
        ("problems/wrong_total.0602", 1),
        ("problems/truncated.0602", 1),
        ("problems/unknown_format.txt", 3),
        ("problems/empty_file.0602", 3),
        ("problems/no_such_file", 2),
    ],
)
def test_how_reading_ends(run: Run, name: str, code: int) -> None:
    result = run("read", SAMPLES / name, "--json")
    assert result.exit_code == code
    if code != 2:
        document = json.loads(result.stdout)
        assert (document["format"] is None) == (code == 3)
        severities = {problem["severity"] for problem in document["problems"]}
        assert bool(severities & {"error", "fatal"}) == (code != 0)


@pytest.mark.parametrize(
    "arguments",
    [
        ["read"],
        ["no-such-command"],
        ["verify", "--no-such-option"],
        ["jobs", "activate", "seven"],
        ["import", "customers", "f.csv", "--map", "m.toml", "--as-of", "yesterday"],
    ],
)
def test_wrong_usage_is_2(run: Run, arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr


def test_verify_as_a_document(run: Run, workspace: Workspace) -> None:
    result = run("verify", "--json", "--workspace", workspace.folder)
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert set(document) == {"identities", "audit"}
    assert set(document["audit"]) == {"events", "head", "holds"}
    for identity in document["identities"]:
        assert set(identity) == {"name", "currency", "unit", "left", "right", "holds"}
    head = document["audit"]["head"]
    assert run("verify", "--against", head, "--workspace", workspace.folder).exit_code == 0
    other = run("verify", "--json", "--against", "1:00", "--workspace", workspace.folder)
    assert other.exit_code == 1
    assert json.loads(other.stdout)["audit"]["holds"] is False


def test_verify_ends_with_1_when_an_identity_does_not_hold(
    run: Run, workspace: Workspace
) -> None:
    with workspace.transaction("spoil") as transaction:
        transaction.execute("UPDATE difference SET amount_minor = amount_minor + 1")
    result = run("verify", "--workspace", workspace.folder)
    assert result.exit_code == 1
    assert "✗" in result.stdout


def test_one_pass_over_an_empty_queue_is_a_document(run: Run, workspace: Workspace) -> None:
    result = run("jobs", "run", "--json", "--workspace", workspace.folder)
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


# -- refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        "jobs run no_such_job",
        "jobs run import_payments -p no-equals-sign",
        "jobs run import_payments -p nonsense=1",
        "jobs add import_payments --start 25:00",
        "jobs activate 999",
        "import customers missing.csv --map missing.toml --as-of 2026-10-12",
        "setup missing.toml",
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(
    run: Run, workspace: Workspace, arguments: str
) -> None:
    with workspace.read() as reader:
        before = reader.seq
    result = run(*arguments.split(), "--workspace", workspace.folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("workbench: ")
    assert "Traceback" not in result.stderr
    with workspace.read() as reader:
        assert reader.seq == before


_PYTHONS = ("FileNotFoundError", "BrokenPipeError", "OSError", "OperationalError")


def test_every_refusal_names_an_exception_of_the_house() -> None:
    sources = [p.read_text("utf-8") for p in Path(app_folder()).rglob("*.py")]
    classes = "\n".join(sources)
    for name in set(_REFUSALS) - {*_PYTHONS}:
        assert f"class {name}(" in classes, name


def test_what_is_no_refusal_is_a_fault_of_ours() -> None:
    found = refusal_of(NoWorkspaceError("here"))
    assert found is not None
    assert "here" in found.words.format("here")
    assert refusal_of(ZeroDivisionError()) is None


def app_folder() -> Path:
    return Path(str(sys.modules["workbench"].__file__)).parent


# -- help ------------------------------------------------------------------------------------


def commands(group: Any, *path: str) -> dict[tuple[str, ...], Any]:
    found = {path: group}
    for name, command in getattr(group, "commands", {}).items():
        found |= commands(command, *path, name)
    return found


def test_every_command_and_option_says_what_it_is() -> None:
    for path, command in commands(typer.main.get_command(app)).items():
        assert command.help, path
        for parameter in command.params:
            if parameter.name != "help":
                assert getattr(parameter, "help", None), (path, parameter.name)


def test_the_first_commands_are_there() -> None:
    names = {" ".join(path) for path in commands(typer.main.get_command(app))}
    expected = {
        "init", "demo", "import customers", "import entries", "import agreements", "read",
        "verify", "jobs run", "lab", "practice answer",
    }  # fmt: skip
    assert expected <= names


@pytest.mark.parametrize("command", [["--help"], ["verify", "--help"]])
def test_help_is_there_at_once(command: list[str]) -> None:
    """Nothing heavy is loaded to say what a command does."""
    code = (
        "import sys; from workbench.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "heavy = {'polars', 'numpy', 'sqlite3', 'papermill', 'ipywidgets', 'fpdf'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *command],
        capture_output=True, text=True, check=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert "Usage" in done.stdout
    assert done.stderr.strip() == "[]"
