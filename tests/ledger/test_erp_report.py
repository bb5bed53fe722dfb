"""The words of an import name every problem with its row and column."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from workbench.ledger.imports.effects import EFFECTS
from workbench.ledger.imports.effects_file import UnknownEffectsFormatError, write_effects
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.imports.report import as_json, render
from workbench.ledger.periods import Rolled
from workbench.model.problems import Problem

RESULT = ErpImport(
    name="entries.csv",
    sha256="0" * 64,
    purpose="erp_entries",
    outcome="accepted",
    counts={"new": 2000, "equal": 1, "changed": 0},
    sums={"DKK": 123_456_789, "ISK": 5000},
    document_no="ERP-000001",
    posting_date=dt.date(2026, 10, 12),
)


def test_an_accepted_file() -> None:
    assert render(RESULT, "en").splitlines() == [
        "entries.csv: accepted.",
        "New 2,000, equal 1, changed 0.",
        "Sum of the new entries: 1,234,567.89 DKK.",
        "Sum of the new entries: 5,000 ISK.",
        "Voucher ERP-000001 of 2026-10-12.",
    ]
    assert "1.234.567,89 DKK" in render(RESULT, "da")


def test_a_refused_file_shows_all_its_problems() -> None:
    params = {"field": "amount", "found": "12a,00", "expected": "1.234,56"}
    problems = (
        Problem("empty_file", {"name": "x"}),
        Problem("erp_broken_row", {"fault": "quote"}, "x", 4),
        *(Problem("erp_bad_number", params, "x", line, 8) for line in range(5, 105)),
    )
    result = ErpImport("x", "0", "erp_entries", "refused", problems=problems)
    text = render(result, "en")
    assert "refused. Nothing changed" in text
    assert "Problems: 102." in text
    assert "row 4: The row cannot be split" in text
    for line in range(5, 105):
        assert f"row {line}, column 8: amount holds '12a,00'" in text


def test_personal_numbers_are_masked() -> None:
    params = {"field": "legal_id", "found": "2110625629"}
    problem = Problem("erp_unusual_legal_id", params, "x", 2, 7, excerpt="2110625629")
    result = ErpImport("x", "0", "erp_customers", "accepted", problems=(problem,))
    assert "2110625629" not in render(result, "en")


def test_what_became_of_entries() -> None:
    shared = {"currency": "DKK", "amount_minor": 10_000, "shown_minor": 4_000}
    rows = [
        shared | {"effect": "settled_in_erp", "settled_minor": 6_000},
        shared | {"effect": "settled_in_erp", "settled_minor": 1_000},
        shared | {"effect": "held", "class": "above", "document_no": "=1+1"},
        {"effect": "equal", "class": "closed", "currency": None, "shown_minor": 0},
    ]
    found = pl.DataFrame(rows, schema=EFFECTS)
    result = replace(
        RESULT,
        sums={},
        effects=found,
        rolled=Rolled(dt.date(2026, 9, 30), dt.date(2026, 10, 12)),
        stopped=2,
        import_id=7,
    )
    assert render(result, "en").splitlines() == [
        "entries.csv: accepted.",
        "As known: 1, remaining 0 ?. Closed in the ERP and never seen here: left out.",
        "Settled in the ERP: 2, by 70.00 DKK.",
        "Held for a person: 1, remaining 40.00 DKK. The ERP shows more than we know of.",
        "Voucher ERP-000001 of 2026-10-12.",
        "Dated October 12, 2026, since September 2026 is closed.",
        "Lines stopped that were not sent yet: 2.",
        "Import 7.",
    ]
    document = as_json(result, "en")
    assert (document["effects_total"], document["lines_stopped"]) == (4, 2)
    assert json.loads(json.dumps(document, default=str))["effects"] == found.to_dicts()


def test_the_effects_are_a_file_without_formulas(tmp_path: Path) -> None:
    found = pl.DataFrame([{"document_no": "=1+1", "settled_minor": -5}], schema=EFFECTS)
    write_effects(found, tmp_path / "effects.csv")
    again = pl.read_csv(tmp_path / "effects.csv")
    assert again.select("document_no", "settled_minor").rows() == [("'=1+1", -5)]
    write_effects(found, tmp_path / "effects.parquet")
    assert pl.read_parquet(tmp_path / "effects.parquet").equals(found)
    with pytest.raises(UnknownEffectsFormatError):
        write_effects(found, tmp_path / "effects.xls")
