"""Dump a small workspace of this version, so that later versions prove that they open it.

Run at every release that changed the schema: `python tools/make_schema_sample.py`. It writes
the folder `tests/samples/schemas/NNNN`, named after the last migration: the database as SQL,
the archive and the settings. Samples of earlier releases are never written again.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from workbench.collection import journal
from workbench.collection import setup as collection
from workbench.collection.agreements import import_agreements
from workbench.collection.deliveries import export
from workbench.collection.inbox import import_inbox
from workbench.collection.suggest import suggest
from workbench.collection.validate import validate
from workbench.ledger import setup as ledger
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.practice.center import answer
from workbench.practice.company import write_company
from workbench.store import migrations
from workbench.store.workspace import Workspace, init

SAMPLES = Path(__file__).parents[1] / "tests" / "samples" / "schemas"

#: So few that the dump is small, so many that several kinds of payment occur.
CUSTOMERS = 20
DELIVERY = dt.date(2026, 10, 12)
ANSWERS = (dt.date(2026, 10, 13), dt.date(2026, 12, 2))


def month(folder: Path) -> Workspace:
    """A company that sent its collections and read the payments, with nothing posted yet."""
    moment = dt.datetime.combine(DELIVERY, dt.time(8), dt.UTC)
    workspace = init(folder / "ws", company="Nordvand", clock=lambda: moment)
    ledger.install(workspace, first_year=2025, last_year=2027)
    files = write_company(folder / "erp", seed=1, customers=CUSTOMERS)
    collection.install(workspace, files.setup)
    for take, file, mapping in (
        (import_customers, files.customers, files.customer_mapping),
        (import_agreements, files.agreements, files.agreement_mapping),
        (import_entries, files.entries, files.entry_mapping),
    ):
        assert take(workspace, file, mapping=mapping, as_of=DELIVERY).clean
    suggest(workspace, system="BS", as_of=DELIVERY)
    validate(workspace, as_of=DELIVERY)
    with workspace.read() as reader:
        lines = journal.lines(reader)
    valid = lines.filter(lines["status"] == "valid").select("collection_line_id", "version")
    journal.approve(workspace, valid.rows(), as_of=DELIVERY)
    export(workspace, system="BS", as_of=DELIVERY)
    for day in ANSWERS:
        answer(workspace.outbox, workspace.inbox, folder / "books", as_of=day, seed=3)
        import_inbox(workspace, as_of=day)
    return workspace


def main() -> None:
    """Write the sample; an earlier one of the same schema stays."""
    target = SAMPLES / migrations.names()[-1][:4]
    if target.exists():
        sys.exit(f"{target.name} is there already; it is never written again.")
    with tempfile.TemporaryDirectory() as name:
        workspace = month(Path(name))
        shutil.copytree(workspace.folder / "archive", target / "archive")
        shutil.copyfile(workspace.folder / "workbench.toml", target / "workbench.toml")
        with closing(sqlite3.connect(workspace.database)) as connection:
            script = "\n".join(connection.iterdump())
        (target / "workbench.sql").write_text(f"{script}\n", encoding="utf-8")
    sys.stdout.write(f"{target}\n")


if __name__ == "__main__":
    main()
