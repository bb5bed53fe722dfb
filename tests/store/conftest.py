"""A workspace in which every table that events vouch for has rows."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.store import users
from workbench.store.connection import Reader
from workbench.store.people import ROLES
from workbench.store.workspace import Workspace, init

NOW = dt.datetime(2026, 10, 12, 8, tzinfo=dt.UTC)


def clock() -> dt.datetime:
    return NOW


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init(tmp_path / "ws", company="Nordvand", clock=clock)


@pytest.fixture(scope="session")
def posted(month: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posted") / "ws"
    shutil.copytree(month / "read", folder)
    users.add(Workspace(folder, clock=clock), "ida", name="Ida", roles=ROLES)
    workspace = Workspace(folder, clock=clock, actor="ida")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=dt.date(2026, 12, 2))
    with workspace.transaction("everything else", role="administer") as transaction:
        for table, row in seldom(transaction).items():
            if not transaction.value(f"SELECT 1 FROM {table}"):  # noqa: S608  # our names
                transaction.append(table, pl.DataFrame([row], infer_schema_length=None))
    return folder


def seldom(reader: Reader) -> dict[str, dict[str, object]]:
    """A row for each vouched table that a plain month leaves empty, parents first."""
    one = {
        name: reader.value(f"SELECT min({name}) FROM {table}")  # noqa: S608  # our names
        for name, table in {
            "file_id": "source_file", "entry_id": "entry", "posting_id": "posting",
            "application_id": "application", "customer_id": "customer",
            "period_id": "period", "voucher_id": "voucher",
        }.items()
    }  # fmt: skip
    entry, file_id = {"entry_id": one["entry_id"]}, {"file_id": one["file_id"]}
    who, why = {"actor": "ida"}, {"reason": "seen", "actor": "ida"}
    handed = {"handover_id": 900_002}
    taken = {"import_id": reader.value("SELECT min(import_id) FROM erp_import")}
    return {
        "problem_acceptance": {
            "acceptance_id": 900_000, "sha256": "00", "code": "wrong_total", **why
        },
        "total_adjustment": {
            "adjustment_id": 900_000, **file_id, "section": 1, "kind": "no_cash",
            "amount_minor": 1,
        },
        "erp_mapping": {
            "mapping_id": 900_001, "purpose": "entries", "name": "our ERP", "text": "", **who
        },
        "erp_import_undo": {**taken, **why},
        "entry_withdrawal": {**entry, "reason": "undone"},
        "erp_entry_link": {"erp_entry_no": "4711", **entry},
        "erp_difference": {
            "difference_id": 900_001, **taken, **entry, "class": "above",
            "currency": "DKK", "ours_minor": 1, "handed_over_minor": 0, "waiting_minor": 0,
            "shown_minor": 2,
        },
        "erp_difference_end": {"difference_id": 900_001, "decision": "ours_stands", **why},
        "handover": {
            **handed, "number": 900_002, "document_no": "HO-900002", "format": "csv",
            "mapping_name": "plain", "mapping": "", "as_of": "2026-12-02", **who,
        },
        "handover_file": {
            **handed, "role": "postings", **file_id, "file_name": "p.csv", "lines": 1
        },
        "handover_total": {
            **handed, "currency": "DKK", "postings": 2, "debit_minor": 1, "credit_minor": -1
        },
        "handover_posting": {"posting_id": one["posting_id"], **handed},
        "handover_application": {"application_id": one["application_id"], **handed},
        "handover_mark": {"mark_id": 900_003, **handed, "booked": 1, "how": "person", **why},
        "refund": {
            "refund_id": 900_004, "customer_id": one["customer_id"], **entry,
            "amount_minor": 1, "currency": "DKK", **why,
        },
        "handover_refund": {"refund_id": 900_004, **handed},
        "refund_withdrawal": {"refund_id": 900_004, **why},
        "tolerance": {
            "tolerance_id": 900_005, "kind": "penny", "currency": "DKK", "amount_minor": 1,
            **who,
        },
        "period_event": {
            "event_id": 900_006, "period_id": one["period_id"], "from_state": "open",
            "to_state": "soft_closed", **why,
        },
        "role_event": {
            "event_id": 900_007, "user_id": 1, "role": "post", "granted": 1, **who
        },
        "disclosure": {"disclosure_id": 900_008, "person_id": 1, **why},
        "retention": {
            "retention_id": 900_009, "as_of": "2033-01-01", "before": "2028-01-01",
            "removed": "{}", **why,
        },
        "archive_removal": {"sha256": "00", "retention_id": 900_009},
        "take_on": {"take_on_id": 900_010, "kind": "counters", "summary": "{}", **who},
    }  # fmt: skip


@pytest.fixture
def full(posted: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(posted, tmp_path / "full")
    return Workspace(tmp_path / "full", clock=clock, actor="ida")
