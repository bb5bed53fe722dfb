"""The archive: every file ever read or sent, under its hash, read-only."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.store.connection import Reader, has_table

if TYPE_CHECKING:
    from workbench.store.workspace import Workspace

#: Length of a SHA-256 in hexadecimal.
_HEX_DIGITS = 64


def digest(content: bytes) -> str:
    """SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def path_of(workspace: Workspace, sha256: str) -> Path:
    """Where a file lies in the archive."""
    return workspace.folder / "archive" / sha256[:2] / sha256


def keep(workspace: Workspace, content: bytes) -> str:
    """Keep bytes in the archive, written through to the disk; their hash.

    Keeping the same bytes again changes nothing.
    """
    sha256 = digest(content)
    path = path_of(workspace, sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = f"{os.getpid()}-{threading.get_ident()}"
    unfinished = path.with_name(f"{sha256}.{writer}.part")
    write_through(unfinished, content)
    unfinished.chmod(0o444)
    unfinished.rename(path)
    sync_folder(path.parent)
    return sha256


def kept(folder: Path) -> Iterator[Path]:
    """Every file of an archive's folder, in order; what is being written is none."""
    for path in sorted(folder.glob("[0-9a-f][0-9a-f]/*")):
        if len(path.name) == _HEX_DIGITS:
            yield path


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal, read piece by piece."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def removals(reader: Reader) -> dict[str, str]:
    """The files whose bytes were removed under retention, and the day."""
    if not has_table(reader, "archive_removal"):  # an older schema
        return {}
    return dict(
        reader.rows(
            "SELECT a.sha256, substr(e.at, 1, 10) FROM archive_removal AS a "
            "JOIN audit_event AS e ON e.seq = a.recorded"
        )
    )


def fetch(workspace: Workspace, sha256: str) -> bytes:
    """The bytes under a hash; they are what the hash says.

    Raises:
        RemovedFromArchiveError: Its time was past.
        FileNotFoundError: The archive has no such file.
        DamagedArchiveError: The bytes are no longer those that were kept.
    """
    try:
        content = path_of(workspace, sha256).read_bytes()
    except FileNotFoundError:
        with workspace.read() as reader:
            removed_on = removals(reader).get(sha256)
        if removed_on is None:
            raise
        raise RemovedFromArchiveError(sha256, removed_on) from None
    if digest(content) != sha256:
        raise DamagedArchiveError(sha256)
    return content


class RemovedFromArchiveError(Exception):
    """A file of the archive was removed since its time was past; the day says when."""

    def __init__(self, sha256: str, removed_on: str) -> None:
        super().__init__(f"{sha256}: removed on {removed_on} under retention")
        self.sha256 = sha256
        self.removed_on = removed_on


class DamagedArchiveError(Exception):
    """A file of the archive was changed."""


def write_through(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has the folder's names; where the system offers that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
