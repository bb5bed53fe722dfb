"""The proof: named sums, found on two ways, and the audit log beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.reports.verification import BrokenIdentityError, Verification, table, verify
from workbench.store.workspace import Workspace

#: Every identity of the first month, in the order in which money flows.
NAMES = [
    "import_balance",
    "control_account",
    "aged_balance",
    "handed_over",
    "handed_over",
    "file_total",
    "line_outcomes",
    "cash_applied",
    "sent_by_status",
    "paid_differences",
    "journal_ledger",
]


@pytest.fixture
def workspace(at_stage: Callable[[str], Workspace]) -> Workspace:
    found = at_stage("read")
    allow_by_rule(found)
    post_payments(found, as_of=dt.date(2026, 12, 2))
    return found


def broken(verification: Verification) -> set[str]:
    return {identity.name for identity in verification.identities if not identity.holds}


def spoil(workspace: Workspace, sql: str) -> None:
    """Change what the triggers protect, as only somebody with another tool could."""
    with workspace.transaction("spoil") as transaction:
        names = transaction.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in names:
            transaction.execute(f"DROP TRIGGER {name}")
        transaction.execute(sql)


def test_a_whole_month_holds(workspace: Workspace) -> None:
    found = verify(workspace)
    found.require()
    assert [identity.name for identity in found.identities] == NAMES
    by_name = {identity.name: identity for identity in found.identities}
    assert by_name["line_outcomes"].unit == "count"
    assert by_name["line_outcomes"].currency is None
    for name in set(NAMES) - {"paid_differences"}:
        assert by_name[name].left > 0, name


def test_the_document_is_the_contract(workspace: Workspace) -> None:
    document = verify(workspace).as_json()
    assert set(document) == {"identities", "audit"}
    identities, audit = document["identities"], document["audit"]
    assert isinstance(identities, list)
    assert isinstance(audit, dict)
    for identity in identities:
        assert list(identity) == ["name", "currency", "unit", "left", "right", "holds"]
        assert identity["unit"] in {"minor", "count"}
        assert identity["holds"] is True
    assert list(audit) == ["events", "head", "holds"]
    assert audit["head"].startswith(f"{audit['events']}:")


#: What is spoiled, and which identities see it.
SPOILED = {
    "UPDATE posting SET amount_minor = amount_minor + 1 WHERE purpose = 'erp_transfer'": {
        "import_balance"
    },
    "UPDATE posting SET amount_minor = amount_minor + 1 WHERE purpose = 'bank_clearing'": {
        "journal_ledger"
    },
    "DELETE FROM line_outcome WHERE outcome_id = (SELECT max(outcome_id) FROM line_outcome "
    "WHERE outcome = 'matched')": {"line_outcomes", "cash_applied"},
    "UPDATE line_outcome SET applied_minor = applied_minor + 1 WHERE outcome = 'matched'": {
        "cash_applied"
    },
    "UPDATE payment_line SET amount_paid_minor = amount_paid_minor + 1 "
    "WHERE payment_line_id = (SELECT min(payment_line_id) FROM line_posting)": {
        "file_total", "cash_applied", "paid_differences", "journal_ledger",
    },
    "UPDATE collection_line SET amount_minor = amount_minor + 1 "
    "WHERE status = 'rejected'": {"sent_by_status"},
    "UPDATE collection_line SET status = 'approved' WHERE status = 'rejected'": {
        "sent_by_status"
    },
    "UPDATE difference SET amount_minor = amount_minor + 1": {"paid_differences"},
    "DELETE FROM application WHERE application_id = (SELECT min(application_id) "
    "FROM application WHERE to_entry_id IN (SELECT entry_id FROM entry "
    "WHERE due_date < '2026-12-01'))": set(),
    "UPDATE file_section SET declared = json_set(declared, '$.amount_minor', 1)": {
        "file_total"
    },
}  # fmt: skip


@pytest.mark.parametrize("sql", SPOILED)
def test_each_identity_sees_its_own_fault(workspace: Workspace, sql: str) -> None:
    spoil(workspace, sql)
    found = verify(workspace)
    assert broken(found) == SPOILED[sql]
    assert not found.holds or "collection_line" in sql or "difference" in sql
    if SPOILED[sql]:
        with pytest.raises(BrokenIdentityError, match=min(SPOILED[sql])):
            found.require()


def test_the_table_shows_what_holds(workspace: Workspace) -> None:
    assert "✗" not in table(verify(workspace))
    spoil(workspace, "UPDATE difference SET amount_minor = amount_minor + 1")
    lines = table(verify(workspace), language="da").splitlines()
    assert len([line for line in lines if line.startswith("✗")]) == 1
    assert len(lines) == len(NAMES) + 1


def test_an_old_head_is_looked_for(workspace: Workspace) -> None:
    head = verify(workspace).audit.head
    with workspace.transaction("later"):
        pass
    assert verify(workspace, against=head).holds
    assert not verify(workspace, against="3:" + "0" * 64).holds


def test_an_empty_company_holds(at_stage: Callable[[str], Workspace]) -> None:
    found = verify(at_stage("empty"))
    assert found.holds
    assert {i.left for i in found.identities} == {0}


def test_any_day_may_be_asked_for(workspace: Workspace) -> None:
    for day in (dt.date(2026, 1, 1), dt.date(2026, 11, 10), dt.date(2030, 1, 1)):
        assert verify(workspace, as_of=day).holds
