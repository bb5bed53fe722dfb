"""The archive: every file ever read or sent, under its hash, read-only."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from workbench.store.workspace import Workspace


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
    unfinished = path.with_name(f"{sha256}.{os.getpid()}.part")
    write_through(unfinished, content)
    unfinished.chmod(0o444)
    unfinished.rename(path)
    sync_folder(path.parent)
    return sha256


def fetch(workspace: Workspace, sha256: str) -> bytes:
    """The bytes under a hash; they are what the hash says.

    Raises:
        FileNotFoundError: The archive has no such file.
        DamagedArchiveError: The bytes are no longer those that were kept.
    """
    content = path_of(workspace, sha256).read_bytes()
    if digest(content) != sha256:
        raise DamagedArchiveError(sha256)
    return content


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
