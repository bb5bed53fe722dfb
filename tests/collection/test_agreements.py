"""Agreements come in for customers and creditors that are known."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from workbench.collection import setup as collection_setup
from workbench.collection.agreements import import_agreements
from workbench.ledger import setup as ledger_setup
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.importing import ErpImport
from workbench.practice.company import CREDITOR_NO, CompanyFiles, write_company
from workbench.store import audit
from workbench.store.workspace import Workspace, init

AS_OF = dt.date(2026, 10, 12)
NOW = dt.datetime(2026, 10, 12, 8, tzinfo=dt.UTC)
MAPPING = """
[columns]
customer_no = "customer"
creditor_no = "creditor"
debtor_group = "group"
agreement_no = "agreement"
status = "status"
valid_from = "from"
valid_to = "to"
"""
HEADING = "customer;creditor;group;agreement;status;from;to\n"


@pytest.fixture
def company(tmp_path: Path) -> tuple[Workspace, CompanyFiles]:
    files = write_company(tmp_path / "erp", seed=1, customers=60)
    workspace = init(tmp_path / "company", company="Nordvand", clock=lambda: NOW)
    ledger_setup.install(workspace, first_year=2026, last_year=2026)
    collection_setup.install(workspace, files.setup)
    import_customers(workspace, files.customers, mapping=files.customer_mapping, as_of=AS_OF)
    return workspace, files


def stored(workspace: Workspace) -> list[dict[str, Any]]:
    with workspace.read() as reader:
        return reader.records("SELECT * FROM agreement ORDER BY agreement_id")


def first_customer(workspace: Workspace) -> str:
    with workspace.read() as reader:
        return str(reader.value("SELECT customer_no FROM customer ORDER BY customer_id"))


def take(workspace: Workspace, tmp_path: Path, *rows: str) -> ErpImport:
    path, mapping = tmp_path / "agreements.csv", tmp_path / "agreements.toml"
    path.write_text(HEADING + "\n".join(rows), encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    return import_agreements(workspace, path, mapping=mapping, as_of=AS_OF)


def test_the_demo_company_comes_in_whole(company: tuple[Workspace, CompanyFiles]) -> None:
    workspace, files = company
    entries = import_entries(workspace, files.entries, mapping=files.entry_mapping, as_of=AS_OF)
    result = import_agreements(
        workspace, files.agreements, mapping=files.agreement_mapping, as_of=AS_OF
    )
    assert (entries.outcome, entries.problems) == ("accepted", ())
    assert (result.outcome, result.problems) == ("accepted", ())
    agreements = stored(workspace)
    assert len(agreements) == result.counts["new"] > 30
    assert {row["debtor_group"] for row in agreements} == {"00001"}
    assert {row["transfer_status"] for row in agreements} == {"transferred"}
    again = import_agreements(
        workspace, files.agreements, mapping=files.agreement_mapping, as_of=AS_OF
    )
    assert again.outcome == "read_before"
    with workspace.read() as reader:
        assert audit.check(reader).holds


def test_a_known_agreement_is_changed_not_doubled(
    company: tuple[Workspace, CompanyFiles], tmp_path: Path
) -> None:
    workspace, _ = company
    customer = first_customer(workspace)
    take(workspace, tmp_path, f"{customer};{CREDITOR_NO};;123456789;;01-02-2020;")
    (agreement,) = stored(workspace)
    assert (agreement["status"], agreement["valid_from"]) == ("ok", "2020-02-01")
    assert agreement["valid_to"] is None
    row = f"00{customer};{CREDITOR_NO};00001;123456789;cancelled;01-02-2020;30-09-2026"
    assert take(workspace, tmp_path, row).counts == {"new": 0, "equal": 0, "changed": 1}
    (agreement,) = stored(workspace)
    assert (agreement["status"], agreement["valid_to"]) == ("cancelled", "2026-09-30")
    assert agreement["version"] == 2
    assert take(workspace, tmp_path, row, "").counts == {"new": 0, "equal": 1, "changed": 0}
    with workspace.read() as reader:
        assert audit.check(reader).holds


def test_every_fault_is_told_with_row_and_column(
    company: tuple[Workspace, CompanyFiles], tmp_path: Path
) -> None:
    workspace, _ = company
    customer = first_customer(workspace)
    result = take(
        workspace,
        tmp_path,
        f"{customer};{CREDITOR_NO};;123456789;;;",
        f"{customer};{CREDITOR_NO};00001;123456789;;;",
        f"unknown;{CREDITOR_NO};;123456780;;;",
        f"{customer};11111111;;123456781;;;",
        f"{customer};{CREDITOR_NO};00009;123456782;;;",
        f"{customer};{CREDITOR_NO};;12345678;;;",
        f"{customer};{CREDITOR_NO};;000000000;;;",
        f"{customer};{CREDITOR_NO};;123456783;gone;;",
        f"{customer};{CREDITOR_NO};;123456784;;02-01-2026;01-01-2026",
    )
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_duplicate", 3, 4),
        ("erp_unknown_customer", 4, 1),
        ("erp_unknown_creditor", 5, 2),
        ("erp_unknown_debtor_group", 6, 3),
        ("erp_bad_value", 7, 4),
        ("erp_bad_value", 8, 4),
        ("erp_bad_value", 9, 5),
        ("erp_dates_reversed", 10, 7),
    ]
    assert result.outcome == "refused"
    assert stored(workspace) == []
