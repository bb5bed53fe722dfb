"""Periods and the ledger's set-up from the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workbench.cli import hoisted
from workbench.cli.command_list import app
from workbench.store.workspace import Workspace

Run = Callable[..., Result]


@pytest.fixture
def run(at_stage: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands in a small company's workspace."""
    monkeypatch.setenv("WORKBENCH_HOME", str(at_stage("open").folder))
    monkeypatch.setenv("NO_COLOR", "1")

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, hoisted([str(argument) for argument in arguments]))

    return invoke


AS_OF = ("--as-of", "2026-12-02")


def test_a_month_is_closed_listed_and_reopened(run: Run) -> None:
    assert (
        run("period", "close", "2025-01", "--soft", "--reason", "seen", *AS_OF).exit_code == 0
    )
    listed = json.loads(run("period", "list", "--json").stdout)
    assert [(row["first_day"], row["state"]) for row in listed[:2]] == [
        ("2025-01-01", "soft_closed"),
        ("2025-02-01", "open"),
    ]
    said = run("period", "close", "2025-01", "--soft", "--reason", "seen", *AS_OF)
    assert said.stdout == "2025-01 was soft-closed already.\n"
    said = run("period", "reopen", "2025-01", "--reason", "late invoice")
    assert said.stdout == "2025-01 is open now.\n"
    said = run("period", "reopen", "2025-01", "--soft", "--reason", "again")
    assert said.stdout == "2025-01 was open already.\n"
    history = run("period", "list", "--history").stdout.splitlines()
    assert [line.partition("  ")[2].partition("  ")[0] for line in history] == [
        "open → soft_closed",
        "soft_closed → open",
    ]
    assert "late invoice" in history[1]


def test_what_is_in_the_way_closes_nothing_unless_forced(run: Run) -> None:
    close = ("period", "close", "2025-01", "--reason", "month end", *AS_OF, "--json")
    refused = run(*close)
    assert refused.exit_code == 1
    stopping = {i["name"] for i in json.loads(refused.stdout)["items"] if i["state"] == "stops"}
    assert stopping == {"full_import", "backup"}
    assert run("period", "checklist", "2025-01", *AS_OF).exit_code == 1
    assert "workbench backup" in run("period", "checklist", "2025-01", *AS_OF).stdout
    assert json.loads(run(*close, "--force").stdout)["changed"] is True


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("close", "2031-01", "--reason", "x", *AS_OF), 2, "open-year"),
        (("close", "2025-01", "--reason", " ", *AS_OF), 2, "say why"),
        (("close", "2025-01", "--reason", "x", "--journal", "NIL", *AS_OF), 2, "NIL"),
        (("close", "2025-3x", "--reason", "x", *AS_OF), 2, "2025-3x"),
        (("reopen", "2031-01", "--reason", "x"), 2, "open-year"),
    ],
)
def test_what_cannot_be_is_told(
    run: Run, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = run("period", *arguments)
    assert result.exit_code == code
    assert words in result.stderr


def test_a_year_is_opened_ahead(run: Run) -> None:
    assert run("period", "open-year", "2028").stdout == "2028: 12 months were opened.\n"
    assert json.loads(run("period", "open-year", "2028", "--json").stdout)["opened"] == 0


def test_the_ledger_is_shown_and_set_up_again(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "ledger.toml"
    file.write_text(run("ledger", "show", "--toml").stdout, encoding="utf-8")
    assert run("ledger", "setup", file).stdout == "Nothing changed.\n"
    text = file.read_text(encoding="utf-8").replace("Write-offs", "Afskrivninger")
    file.write_text(text, encoding="utf-8")
    assert run("ledger", "setup", file, "--dry-run").stdout == "Would change: account 1.\n"
    assert run("ledger", "setup", file).stdout == "Changed: account 1.\n"
    shown = json.loads(run("ledger", "show", "--json").stdout)
    assert {"number": "1280", "name": "Afskrivninger", "purpose": "write_off"} in shown[
        "account"
    ]
    assert "Afskrivninger" in run("ledger", "show").stdout
    file.write_text('[[account]]\nnumber = "1"\nname = "x"\npurpose = "?"\n', encoding="utf-8")
    refused = run("ledger", "setup", file)
    assert refused.exit_code == 1
    assert "ledger.toml:4: account[1].purpose holds '?'" in refused.stdout
    (problem,) = json.loads(run("ledger", "setup", file, "--json").stdout)["problems"]
    assert problem["code"] == "ledger_setup_bad_value"
    assert run("ledger", "setup", tmp_path / "none.toml").exit_code == 2
