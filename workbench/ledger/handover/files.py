"""The files of a hand-over in the outbox: they appear whole, and once.

A file that the ERP fetched is never put there again by itself: only one that lies prepared,
and that nobody can have seen, appears later.
"""

from __future__ import annotations

from pathlib import Path

from workbench.store.connection import Reader
from workbench.store.workspace import Workspace
from workbench.transport import folder


class FileInTheWayError(Exception):
    """The outbox has a file of that name that holds something else."""


def outbox(workspace: Workspace) -> Path:
    """The folder from which the ERP fetches."""
    return workspace.outbox / "erp"


def put(workspace: Workspace, name: str, content: bytes) -> Path:
    """Put a file there, unless it lies there already.

    Raises:
        FileInTheWayError: Another one has its name.
    """
    path = outbox(workspace) / name
    if not path.exists():
        folder.release(folder.prepare(outbox(workspace), name, content))
    elif path.read_bytes() != content:
        raise FileInTheWayError(name)
    return path


def finish_interrupted(workspace: Workspace) -> list[str]:
    """Let recorded files appear that a crash kept back, and delete unrecorded ones.

    Returns:
        The names of those that appeared.
    """
    place = outbox(workspace)
    if not place.is_dir():
        return []
    prepared = folder.unrecorded(place, known=set())
    if not prepared:
        return []
    with workspace.read() as reader:
        known = _names(reader)
    if folder.unrecorded(place, known=known):
        # Files are prepared under the write lock, so under it none of them is on its way.
        with workspace.transaction("unrecorded_file_discarded") as transaction:
            known = _names(transaction)
            folder.discard_unrecorded(place, known=known)
    appeared = []
    for name in sorted(known):
        if (place / f".{name}.part").exists():
            folder.settle(place, name)
            appeared.append(name)
    return appeared


def _names(reader: Reader) -> set[str]:
    return {name for (name,) in reader.rows("SELECT file_name FROM handover_file")}
