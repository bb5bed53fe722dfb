"""A workspace of every released schema opens, still adds up, and work goes on in it."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.ledger.imports.entries import import_entries
from workbench.reports.verification import verify
from workbench.store import audit, migrations
from workbench.store.restore import restore
from workbench.store.workspace import FOLDERS, Workspace, open_workspace

SCHEMAS = Path(__file__).parent / "samples" / "schemas"
RELEASED = sorted(path.name for path in SCHEMAS.iterdir() if path.is_dir())
TODAY = dt.date(2026, 12, 2)

MAPPING = """
[file]
delimiter = ","
decimal = "."
thousands = " "
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
currency = "currency"
"""


@pytest.fixture(params=RELEASED)
def released(request: pytest.FixtureRequest, tmp_path: Path) -> Workspace:
    """A workspace as a released version left it."""
    folder = tmp_path / "ws"
    shutil.copytree(SCHEMAS / request.param, folder)
    for name in FOLDERS:
        (folder / name).mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "workbench.db")) as connection:
        connection.executescript((folder / "workbench.sql").read_text("utf-8"))
    (folder / "workbench.sql").unlink()
    return Workspace(folder)


def opened(folder: Path) -> Workspace:
    """The workspace in the hands of the user who made it."""
    moment = dt.datetime.combine(TODAY, dt.time(8), dt.UTC)
    return replace(open_workspace(folder, clock=lambda: moment), actor="ida")


def facts(workspace: Workspace) -> list[object]:
    with workspace.read() as reader:
        return [
            reader.rows("SELECT * FROM voucher"),
            reader.rows("SELECT * FROM posting"),
            reader.rows("SELECT * FROM payment_line"),
            reader.rows("SELECT * FROM line_outcome"),
            reader.rows("SELECT name FROM person ORDER BY person_id"),
        ]


def test_there_is_a_sample_of_an_earlier_schema() -> None:
    assert RELEASED
    assert all(any(name.startswith(r) for name in migrations.names()) for r in RELEASED)


def test_a_released_workspace_opens_and_nothing_is_lost(released: Workspace) -> None:
    before = facts(released)
    with released.read() as reader:
        head = audit.head(reader)
    workspace = opened(released.folder)
    assert facts(workspace) == before
    verify(workspace, against=head).require()


def test_the_backup_before_the_migration_can_be_restored(
    released: Workspace, tmp_path: Path
) -> None:
    workspace = opened(released.folder)
    (backup,) = (workspace.folder / "backups").iterdir()
    again = restore(backup, tmp_path / "again")
    assert facts(again) == facts(workspace)
    assert verify(again).holds


def test_work_goes_on_in_a_migrated_workspace(released: Workspace, tmp_path: Path) -> None:
    workspace = opened(released.folder)
    with workspace.read() as reader:
        customer_no = reader.value("SELECT min(customer_no) FROM customer")
        posted = reader.value("SELECT count(*) FROM posting")
    (tmp_path / "entries.toml").write_text(MAPPING)
    (tmp_path / "entries.csv").write_text(
        "entry,no,kind,document,date,due,amount,currency\n"
        f"990001,{customer_no},invoice,NEW-1,2026-12-01,2027-01-02,125.00,DKK\n"
    )
    taken = import_entries(
        workspace, tmp_path / "entries.csv", mapping=tmp_path / "entries.toml", as_of=TODAY
    )
    assert taken.outcome == "accepted", taken.problems
    assert allow_by_rule(workspace) > 0
    assert post_payments(workspace, as_of=TODAY).documents
    with workspace.read() as reader:
        assert reader.value("SELECT count(*) FROM posting") > posted + 2
    verify(workspace).require()
