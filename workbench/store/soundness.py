"""Whether a workspace is whole: its database, its rows, its audit log, its archive."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from workbench.store import archive, audit
from workbench.store.connection import Reader, connect

if TYPE_CHECKING:
    from workbench.store.workspace import Workspace


def faults_of(workspace: Workspace) -> tuple[str, ...]:
    """What is wrong, in words; nothing when it is whole.

    Every row that the audit log vouches for and every byte of the archive is read. An older
    schema is checked as far as it goes.
    """
    with closing(connect(workspace.database)) as connection:
        try:
            connection.execute("BEGIN")
            return (
                *_database_faults(connection),
                *audit.check(Reader(connection)).faults,
                *_archive_faults(workspace, Reader(connection)),
            )
        except sqlite3.DatabaseError as error:
            return (f"the database cannot be read: {error}",)


def _database_faults(connection: sqlite3.Connection) -> Iterator[str]:
    for (said,) in connection.execute("PRAGMA integrity_check(10)"):
        if said != "ok":
            yield f"the database is damaged: {said}"
    for table, row, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"row {row} of {table} lacks its {parent}"


def _archive_faults(workspace: Workspace, reader: Reader) -> Iterator[str]:
    """Files that should lie in the archive and do not, or not as they were kept."""
    removed = set(archive.removals(reader))
    for sha256, name in reader.rows("SELECT sha256, name FROM source_file ORDER BY file_id"):
        path = archive.path_of(workspace, sha256)
        if sha256 in removed:
            continue
        if not path.exists():
            yield f"the archive lacks {name} ({sha256})"
    for path in archive.kept(workspace.folder / "archive"):
        if archive.file_digest(path) != path.name:
            yield f"a file of the archive was changed: {path.name}"
