"""Mappings from the command line: proposed, saved, shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from workbench.cli import hoisted
from workbench.cli.command_list import app

EXPORTS = Path(__file__).parents[1] / "samples" / "erp" / "exports"
FILE = EXPORTS / "business_central_da.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "company"
    assert run("init", made).exit_code == 0
    return made


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, hoisted([str(argument) for argument in arguments]))


def test_a_proposal_is_saved_and_shown(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "bc.toml"
    told = run("mapping", "propose", "entries", FILE, "--out", out)
    assert (told.exit_code, "Read it, then save it" in told.output) == (0, True)
    assert run("mapping", "propose", "entries", FILE, "--out", out).exit_code == 2
    saved = run("mapping", "save", "entries", "bc", out, "--workspace", folder)
    assert saved.exit_code == 0, saved.output
    shown = run("mapping", "show", "entries", "bc", "--workspace", folder)
    assert shown.output == out.read_text("utf-8")
    rows = json.loads(run("mapping", "list", "--json", "--workspace", folder).output)
    assert [(row["purpose"], row["name"], row["versions"]) for row in rows] == [
        ("entries", "bc", 1)
    ]
    assert "bc" in run("mapping", "list", "--workspace", folder).output


def test_a_proposal_as_a_document(tmp_path: Path) -> None:
    document = json.loads(run("mapping", "propose", "entries", FILE, "--json").output)
    assert document["questions"] == []
    assert document["fingerprint"] in document["text"]
    broken = tmp_path / "broken.csv"
    broken.write_bytes(b"")
    assert run("mapping", "propose", "entries", broken).exit_code == 1


def test_a_mapping_that_cannot_be_used_is_not_saved(folder: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[columns]\n", encoding="utf-8")
    told = run("mapping", "save", "customers", "bad", bad, "--workspace", folder)
    assert told.exit_code == 1
    assert "customer_no is required" in told.output
    unknown = run("mapping", "show", "customers", "bad", "--workspace", folder)
    assert unknown.exit_code == 2
    assert "no such mapping" in unknown.output
