"""Restoring: a workspace from a backup, whole under its name or not there at all.

The workspace is built and checked beside the folder, and gets its name last. Where a
workspace stands already, it is renamed and stays beside it. A process that is killed leaves
the old workspace or the new one: between the two renames the new one waits, whole, under
`NAME.restored`, and whoever opens the folder next finishes the second.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from workbench.store import archive, leftovers
from workbench.store.backup import BackupError, read_manifest, restore_into
from workbench.store.connection import Reader, connect
from workbench.store.people import require_role
from workbench.store.soundness import faults_of
from workbench.store.workspace import Workspace, clock_from_environment, open_workspace

#: How long others may still read and write before a workspace is put aside.
_PATIENCE_MS = 10_000


class WorkspaceInTheWayError(Exception):
    """There is something in the folder; a workspace is replaced only when told so."""


def restore(
    source: Path, folder: Path, *, replace: bool = False, workspace: Workspace | None = None
) -> Workspace:
    """Make a workspace of a backup.

    Args:
        source: The backup's folder.
        folder: Empty or absent; with `replace`, it may hold a workspace.
        replace: Whether a workspace in the folder is put aside; needs the role administer
            there.
        workspace: Tells who acts and the clock; this machine's when None.

    Returns:
        The workspace, opened, and brought to this version's schema.

    Raises:
        BackupError: The backup is damaged; nothing was changed.
        WorkspaceInTheWayError: The folder is not empty, or holds no workspace to replace.
        MissingRoleError: The user may not replace the workspace.
        sqlite3.OperationalError: Somebody has the workspace open all the time.
    """
    folder, source = folder.resolve(), source.resolve()
    made = read_manifest(source)
    if folder.is_relative_to(source):
        raise BackupError(f"{folder} lies within the backup; name another folder")
    if archive.file_digest(source / "workbench.db") != made.database_sha256:
        raise BackupError(f"{source}: the database is not the one that was backed up")
    acting = workspace or Workspace(folder, clock=clock_from_environment())
    occupied = folder.exists() and any(folder.iterdir())
    if occupied and not (replace and (folder / "workbench.db").exists()):
        raise WorkspaceInTheWayError(str(folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    leftovers.remove(folder.parent)
    unfinished = leftovers.new_path(folder.parent)
    try:
        restore_into(source, unfinished)
        faults = faults_of(Workspace(unfinished))
        if faults:
            raise BackupError(f"{source}: {'; '.join(faults)}")
        if occupied:
            _replace(unfinished, folder, acting=acting)
        else:
            _place(unfinished, folder)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    restored = open_workspace(folder, clock=acting.clock)
    with restored.transaction("restored", backup=made.name, head=made.head):
        pass
    return restored


def finish(folder: Path) -> None:
    """Give a restored workspace the name that a killed process had just made free."""
    waiting = _waiting(folder)
    if not folder.exists() and (waiting / "workbench.db").exists():
        waiting.rename(folder)
        archive.sync_folder(folder.parent)


def _place(unfinished: Path, folder: Path) -> None:
    if folder.exists():
        folder.rmdir()
    unfinished.rename(folder)
    archive.sync_folder(folder.parent)


def _replace(unfinished: Path, folder: Path, *, acting: Workspace) -> None:
    """Put the workspace aside under a dated name, while nobody writes to it."""
    stamp = acting.now()[:19].replace("-", "").replace(":", "") + "Z"
    aside = folder.with_name(f"{folder.name}.before-restore-{stamp}")
    waiting = _waiting(folder)
    with _alone(folder / "workbench.db", acting):
        if aside.exists():
            raise WorkspaceInTheWayError(str(aside))
        if waiting.exists():  # an earlier one was killed before it put anything aside
            shutil.rmtree(waiting)
        unfinished.rename(waiting)
        archive.sync_folder(folder.parent)
        folder.rename(aside)
        waiting.rename(folder)
        archive.sync_folder(folder.parent)


def _waiting(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}.restored")


@contextmanager
def _alone(database: Path, acting: Workspace) -> Iterator[None]:
    """Keep everybody out of a workspace whose actor may replace it.

    The write-ahead log is folded in and gone first, which needs that nobody has the file
    open: a connection that closes later would delete a log of that name, perhaps the new
    workspace's.
    """
    with closing(connect(database)) as connection:
        require_role(Reader(connection), acting.actor, "administer")
        connection.execute(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        yield
