"""The words of an import name every problem with its row and column."""

from __future__ import annotations

import datetime as dt

from workbench.ledger.erp_import import ErpImport
from workbench.ledger.erp_report import render
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
