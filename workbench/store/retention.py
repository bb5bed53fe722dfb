"""Removing what is past its time, so that it is gone from the disk and every sum still holds.

Personal data lies in rows that the audit log does not vouch for, and in files. One step
removes the rows and writes down which files go with them; then the files are unlinked and
the database is rewritten without the freed pages. A process that is killed in between leaves
the list behind, and whoever opens the workspace next finishes it.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from workbench.store import archive
from workbench.store.connection import Reader, connect
from workbench.store.migrations import statements

if TYPE_CHECKING:
    from workbench.store.transaction import Transaction
    from workbench.store.workspace import Workspace

#: Where the files stand that are still to be unlinked.
_PENDING = "retention_pending"


#: Free texts of the customers that go, in which a name may stand; and their people.
_FORGET = """
UPDATE row_version SET fields = json_remove(fields, '$.text')
WHERE table_name = 'entry' AND row_id IN
    (SELECT entry_id FROM entry JOIN temp.gone USING (customer_id));
UPDATE row_version SET fields = json_remove(fields, '$.text')
WHERE table_name = 'collection_line' AND row_id IN
    (SELECT collection_line_id FROM collection_line JOIN temp.gone USING (customer_id));
UPDATE entry SET text = '' WHERE customer_id IN (SELECT customer_id FROM temp.gone);
UPDATE collection_line SET text = '' WHERE customer_id IN (SELECT customer_id FROM temp.gone);
UPDATE customer SET person_id = NULL, version = version + 1
WHERE customer_id IN (SELECT customer_id FROM temp.gone);
"""


@dataclass(frozen=True, slots=True)
class Removal:
    """What is to be removed.

    Attributes:
        before: The first day that is kept.
        person_ids: People whose customers had their last business before it.
        payment_line_ids: Payments before it, for what their payers said.
        archived: Hashes of archived files that speak of nothing later.
        paths: Executed notebooks and reports, relative to the workspace.
    """

    before: dt.date
    person_ids: list[int]
    payment_line_ids: list[int]
    archived: list[str]
    paths: list[str]

    @property
    def counts(self) -> dict[str, int]:
        """How much of each, as the audit log keeps it."""
        return {
            "people": len(self.person_ids),
            "payments": len(self.payment_line_ids),
            "files": len(self.archived),
            "runs and reports": len(self.paths),
        }


def old_paths(workspace: Workspace, reader: Reader, *, before: dt.date) -> list[str]:
    """Executed notebooks, reports and exchanged files that were last written before a day."""
    ended = reader.rows(
        "SELECT notebook_path, html_path FROM run WHERE ended_at < ? "
        "AND (notebook_path IS NOT NULL OR html_path IS NOT NULL)",
        [before.isoformat()],
    )
    runs = {Path(path).parent.as_posix() for pair in ended for path in pair if path}
    left = {
        path.relative_to(workspace.folder).as_posix()
        for home in (workspace.folder / "reports", workspace.inbox, workspace.outbox)
        if home.is_relative_to(workspace.folder)
        for path in home.rglob("*")
        if path.is_file() and _written(path) < before
    }
    return sorted({path for path in runs if (workspace.folder / path).exists()} | left)


def remove(
    workspace: Workspace, removal: Removal, *, as_of: dt.date, reason: str, as_seen: int
) -> int:
    """Remove it, for good; the number of the retention.

    Args:
        workspace: The company.
        removal: What a person approved.
        as_of: Today.
        reason: Why, in the person's words.
        as_seen: The recorded time at which it was listed.

    Raises:
        StaleViewError: Something was written since it was listed; nothing was removed.
        MissingRoleError: The user does not administer.
    """
    with workspace.transaction("retention", role="administer", as_seen=as_seen) as transaction:
        retention_id = transaction.draw_ids(1)
        row = {
            "retention_id": retention_id, "as_of": as_of, "before": removal.before,
            "removed": json.dumps(removal.counts), "reason": reason,
            "actor": transaction.step.actor,
        }  # fmt: skip
        transaction.append("retention", pl.DataFrame([row]))
        _remove_rows(transaction, removal)
        sha256 = pl.Series("sha256", sorted(removal.archived), pl.String)
        removals = sha256.to_frame().with_columns(retention_id=pl.lit(retention_id))
        transaction.append("archive_removal", removals)
        archived = [_inside(workspace, digest) for digest in sorted(removal.archived)]
        transaction.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)",
            [_PENDING, json.dumps([*archived, *removal.paths])],
        )
        transaction.note(retention_id=retention_id, **removal.counts)
    finish(workspace)
    return retention_id


def finish(workspace: Workspace) -> None:
    """Unlink what a retention named and has not unlinked yet; nothing when all is done."""
    with workspace.read() as reader:
        pending = reader.value("SELECT value FROM setting WHERE key = ?", [_PENDING])
    if pending is None:
        return
    for inside in json.loads(pending):
        path = workspace.folder / inside
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        if path.parent.exists():
            archive.sync_folder(path.parent)
    _rewrite(workspace)
    with workspace.transaction("retention_finished") as transaction:
        transaction.execute("DELETE FROM setting WHERE key = ?", [_PENDING])


def _remove_rows(transaction: Transaction, removal: Removal) -> None:
    """Delete people and what was said of them; their customers keep their numbers."""
    transaction.execute(
        "CREATE TEMP TABLE gone AS SELECT customer_id FROM customer "
        "WHERE person_id IN (SELECT value FROM json_each(?))",
        [json.dumps(removal.person_ids)],
    )
    for statement in statements(_FORGET):
        transaction.execute(statement)
    for table, key, ids in (
        ("person", "person_id", removal.person_ids),
        ("payment_person", "payment_line_id", removal.payment_line_ids),
    ):
        transaction.execute(
            f"DELETE FROM {table} "  # noqa: S608  # our own names
            f"WHERE {key} IN (SELECT value FROM json_each(?))",
            [json.dumps(ids)],
        )


def _rewrite(workspace: Workspace) -> None:
    """Write the database anew: deleted rows stay readable in freed pages until then."""
    with closing(connect(workspace.database)) as connection:
        connection.execute("VACUUM")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _inside(workspace: Workspace, sha256: str) -> str:
    return archive.path_of(workspace, sha256).relative_to(workspace.folder).as_posix()


def _written(path: Path) -> dt.date:
    return dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC).date()
