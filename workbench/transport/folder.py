"""A folder as transport: files appear in it whole, and only when they are meant to."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_UNFINISHED = ".part"


class Placement(Enum):
    """What became of a file that was about to be placed when the machine stopped."""

    PLACED = "placed"
    #: Neither there nor waiting: somebody may have fetched it.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A file that lies written beside its destination, not visible under its name yet."""

    unfinished: Path
    destination: Path


def prepare(folder: Path, name: str, content: bytes) -> Prepared:
    """Write a file beside its destination and wait until the disk has it."""
    folder.mkdir(parents=True, exist_ok=True)
    prepared = Prepared(folder / f".{name}{_UNFINISHED}", folder / name)
    with prepared.unfinished.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    return prepared


def release(prepared: Prepared) -> None:
    """Let a prepared file appear under its name, in one step.

    Somebody else may have settled it already: then it stands there.
    """
    try:
        prepared.unfinished.rename(prepared.destination)
    except FileNotFoundError:
        if not prepared.destination.exists():
            raise
    _sync(prepared.destination.parent)


def settle(folder: Path, name: str) -> Placement:
    """Finish what was interrupted between prepare and release.

    A file that still waits was never seen by anybody, so it is released now.
    """
    prepared = Prepared(folder / f".{name}{_UNFINISHED}", folder / name)
    if prepared.unfinished.exists():
        release(prepared)
        return Placement.PLACED
    return Placement.PLACED if prepared.destination.exists() else Placement.UNKNOWN


def discard_unrecorded(folder: Path, *, known: set[str]) -> None:
    """Delete prepared files that were never recorded: nobody has seen them."""
    for path in unrecorded(folder, known=known):
        path.unlink(missing_ok=True)


def unrecorded(folder: Path, *, known: set[str]) -> list[Path]:
    """Prepared files of other names than the known ones."""
    prepared = sorted(folder.glob(f".*{_UNFINISHED}"))
    return [path for path in prepared if path.name[1 : -len(_UNFINISHED)] not in known]


def waiting(folder: Path) -> list[Path]:
    """The files of a folder, by name; unfinished ones are not seen."""
    return sorted(p for p in folder.iterdir() if p.is_file() and not p.name.startswith("."))


def _sync(folder: Path) -> None:
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
