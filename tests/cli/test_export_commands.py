"""The commands of the hand-over: what they print, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from workbench.cli import hoisted
from workbench.cli.command_list import app
from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.store.workspace import Workspace

Run = Callable[..., Result]
DAY = "2026-12-02"


@pytest.fixture
def workspace(at_stage: Callable[[str], Workspace]) -> Workspace:
    found = at_stage("read")
    allow_by_rule(found)
    post_payments(found, as_of=found.clock().date())
    return found


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, workspace: Workspace) -> Run:
    """Run a command on the company."""
    monkeypatch.setenv("WORKBENCH_HOME", str(workspace.folder))
    monkeypatch.setenv("NO_COLOR", "1")

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, hoisted([str(argument) for argument in arguments]))

    return invoke


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_delivery_from_preview_to_booked(run: Run, tmp_path: Path) -> None:
    given = ("--map", "plain_csv", "--as-of", DAY)
    shown = document(run("export", "postings", *given, "--dry-run", "--json"))
    assert shown["dry_run"]
    done = document(run("export", "postings", *given, "--json"))
    assert done["number"] == "HO-000001"
    assert done["totals"] == shown["totals"]
    assert Path(done["files"][0]["path"]).read_bytes()

    nothing = run("export", "postings", *given)
    assert nothing.exit_code == 0
    assert "Nothing waits" in nothing.output or "afventer" in nothing.output

    again = document(run("export", "postings", "--again", "HO-000001", "--json"))
    assert again["files"][0]["sha256"] == done["files"][0]["sha256"]

    listed = document(run("export", "list", "--as-of", "2026-12-05", "--json"))
    assert [(d["state"], d["age_days"]) for d in listed["deliveries"]] == [("handed_over", 3)]
    assert listed["waiting"] == []

    assert run("export", "booked", "HO-000001", "--reason", "Seen").exit_code == 0
    listed = document(run("export", "list", "--as-of", DAY, "--json"))
    assert [d["state"] for d in listed["deliveries"]] == ["booked"]
    assert run("export", "booked", "HO-000001", "--not", "--reason", "Gone").exit_code == 0

    receipt = tmp_path / "receipt.csv"
    receipt.write_text("delivery;voucher;status\nHO-000001;;booked\n", encoding="utf-8")
    told = document(run("export", "receipt", receipt, "--json"))
    assert (told["outcome"], told["booked"]) == ("accepted", 1)
    assert "HO-000001" in run("export", "list", "--as-of", DAY).output


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["export", "postings"], 2, "--map"),
        (["export", "postings", "--map", "fish", "--as-of", DAY], 2, "plain_csv"),
        (["export", "postings", "--again", "HO-000009"], 2, "HO-000009"),
        (["export", "postings", "--map", "plain_csv", "--as-of", DAY, "--up-to", "x"], 2, "x"),
        (["export", "postings", "--map", "plain_csv", "--as-of", DAY, "--journal", "ERP"], 2,
         "ERP"),
        (["export", "booked", "HO-000009", "--reason", "x"], 2, "HO-000009"),
        (["refund", "ask", "1", "5.00", "--reason", "x"], 2, "entry 1"),
        (["refund", "withdraw", "1", "--reason", "x"], 2, "refund 1"),
    ],
)  # fmt: skip
def test_wrong_usage_is_a_sentence(
    run: Run, arguments: list[str], code: int, said: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_refund_from_asking_to_the_file(run: Run, workspace: Workspace) -> None:
    with workspace.read() as reader:
        entry, amount = reader.rows(
            "SELECT entry_id, sum(amount_minor) AS left FROM entry_effect "
            "GROUP BY 1 HAVING left < -100 ORDER BY left LIMIT 1"
        )[0]
    too_much = f"{-amount // 100 + 1}.00"
    assert run("refund", "ask", str(entry), too_much, "--reason", "x").exit_code == 1
    assert run("refund", "ask", str(entry), "1.000", "--reason", "x").exit_code == 2
    assert run("refund", "ask", str(entry), "1.00", "--reason", "Moved").exit_code == 0
    (asked,) = document(run("refund", "list", "--json"))["refunds"]
    assert (asked["amount"], asked["state"]) == (100, "waiting")
    assert "Moved" in run("refund", "list").output
    done = document(run("export", "postings", "--map", "plain_csv", "--as-of", DAY, "--json"))
    assert [file["role"] for file in done["files"]][-1] == "refunds"
    gone = run("refund", "withdraw", str(asked["refund_id"]), "--reason", "Late")
    assert gone.exit_code == 1
