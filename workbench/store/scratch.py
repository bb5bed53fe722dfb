"""A scratch copy of a workspace: what is tried there happens to nobody."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from workbench.store.connection import connect
from workbench.store.workspace import FOLDERS, Workspace


@contextmanager
def scratch_copy(workspace: Workspace) -> Iterator[Workspace]:
    """The workspace as it stands now, in a folder that lasts as long as the block.

    The archive is not copied: a file that is kept there is kept in the copy alone.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-") as name:
        folder = Path(name)
        for part in FOLDERS:
            (folder / part).mkdir()
        shutil.copyfile(workspace.folder / "workbench.toml", folder / "workbench.toml")
        copied = replace(workspace, folder=folder)
        with (
            closing(connect(workspace.database)) as source,
            closing(sqlite3.connect(copied.database)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = WAL")
        try:
            yield copied
        finally:
            _make_writable(folder / "archive")


def _make_writable(folder: Path) -> None:
    """Files of an archive cannot be written, nor deleted on every system."""
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
