"""Bulk frames on their way into the store: a staging file of their own, then one step.

The staging file is written by ADBC, which brings an SQLite library of its own. That library
never opens `workbench.db`: when it closes a file, the locks that our own library holds on it
are dropped. So the staging file is closed, and our connection attaches it.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from workbench.store import leftovers


def new_path(folder: Path) -> Path:
    """A name that no other staging file has; it begins with the process that writes it."""
    return folder / f"{os.getpid()}-{uuid.uuid4().hex}.db"


def write(path: Path, frames: Mapping[str, pl.DataFrame]) -> None:
    """Write frames of stored types as tables of a new SQLite file.

    Args:
        path: The staging file; it must not exist.
        frames: Table name to rows, sorted by primary key.
    """
    import adbc_driver_sqlite.dbapi as adbc  # noqa: PLC0415  # slow to import, bulk only

    assert not path.exists(), path
    with adbc.connect(path.as_uri()) as connection, connection.cursor() as cursor:
        for table, frame in frames.items():
            cursor.adbc_ingest(table, frame.to_arrow(), mode="create")
        connection.commit()


def remove_leftovers(folder: Path) -> None:
    """Delete what a crash left in the staging folder; none of it is a fact yet.

    A file of a process that still runs stays: it may be about to be attached.
    """
    for path in folder.glob("*.db*"):
        writer = path.name.partition("-")[0]
        if not (writer.isdigit() and leftovers.runs(int(writer))):
            path.unlink(missing_ok=True)
    leftovers.remove(folder)
