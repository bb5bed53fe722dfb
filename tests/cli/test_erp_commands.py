"""Imports listed and undone, differences listed and decided, from the command line."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from workbench.cli import hoisted
from workbench.cli.command_list import app
from workbench.collection.erp_exchange import import_entries
from workbench.ledger.files.mapping import MappingText
from workbench.store.workspace import Workspace

DAY = dt.date(2026, 10, 12)
MAPPING = MappingText(
    "entries",
    """
[file]
delimiter = ","
decimal = "."
thousands = ""
date = "%Y-%m-%d"
credit_sign = "negative"

[columns]
erp_entry_no = "entry"
customer_no = "no"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
""",
)
HEADING = "entry,no,kind,document,date,due,amount,remaining,currency"

Run = Callable[..., Result]


@pytest.fixture
def told(at_stage: Callable[[str], Workspace], tmp_path: Path) -> Workspace:
    """A company that took two more files, and reads the last one otherwise."""
    workspace = at_stage("open")
    with workspace.read() as reader:
        customer = reader.value("SELECT customer_no FROM customer ORDER BY customer_id")
    for remaining in ("60.00", "80.00"):
        path = tmp_path / f"open{remaining}.csv"
        row = f"X1,{customer},invoice,X1,2026-10-01,2026-11-02,100.00,{remaining},DKK"
        path.write_text(f"{HEADING}\n{row}\n", encoding="utf-8")
        result = import_entries(workspace, path, mapping=MAPPING, as_of=DAY)
        assert result.outcome == "accepted", result.problems
    return workspace


@pytest.fixture
def run(told: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("WORKBENCH_HOME", str(told.folder))
    return lambda *given: CliRunner().invoke(app, hoisted([str(word) for word in given]))


def document(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_imports_and_differences_are_listed(run: Run) -> None:
    imports = document(run("erp", "imports", "--json"))
    assert [row["purpose"] for row in imports[:3]] == [
        "erp_entries", "erp_entries", "erp_entries"
    ]  # fmt: skip
    assert imports[1]["effects"]["counts"]["new"] == 1
    assert imports[0]["open_differences"] == 1
    (difference,) = document(run("erp", "differences", "--json"))
    assert (difference["class"], difference["shown_minor"]) == ("above", 8_000)
    assert "The ERP shows more than remains with us." in run("erp", "differences").stdout
    assert "open60.00.csv" in run("erp", "imports").stdout


def test_a_difference_is_decided_once(run: Run) -> None:
    (difference,) = document(run("erp", "differences", "--json"))
    words = (difference["difference_id"], "ours_stands", "--reason", "Asked", "--as-of", DAY)
    refused = run("erp", "decide", words[0], "booked", *words[2:])
    assert (refused.exit_code, "Nothing was changed" in refused.stderr) == (1, True)
    assert document(run("erp", "decide", *words, "--json"))["marks"] == 0
    assert run("erp", "differences").stdout == "No differences.\n"
    assert run("erp", "decide", *words).exit_code == 1
    assert run("erp", "decide", 1, *words[1:]).exit_code == 2


def test_an_import_is_undone_once_nothing_stands_against_it(run: Run) -> None:
    last, first = (row["import_id"] for row in document(run("erp", "imports", "--json"))[:2])
    words = ("--reason", "Wrong file", "--as-of", DAY)
    blocked = run("erp", "undo", first, *words)
    assert blocked.exit_code == 1
    assert "A later import rests on this one; undo that one first." in blocked.stderr
    told = run("erp", "undo", first, *words, "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["blockers"][0]["reason"] == "later_import"
    done = document(run("erp", "undo", last, *words, "--json"))
    assert (done["undone"], done["differences"], done["entries"]) == (True, 1, 0)
    found = run("erp", "undo", first, *words)
    assert found.exit_code == 0
    assert "Entries taken out: 1" in found.stdout
    assert "of 2026-10-12" in found.stdout
    assert run("erp", "undo", first, *words).exit_code == 1
    assert run("erp", "undo", 1, *words).exit_code == 2
    assert "undone" in run("erp", "imports").stdout
