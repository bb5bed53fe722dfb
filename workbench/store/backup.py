"""Backups: a copy of the workspace that was restored and checked before it got its name.

A backup is a folder: the database as SQLite's online backup wrote it, the archive, the
settings, and a manifest. It is made under a name that begins with a dot, restored from there
into a scratch folder, checked, and only then renamed. So what lies in `backups` under a name
was whole on that day.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.store import archive, audit, leftovers, migrations
from workbench.store.connection import Reader, connect
from workbench.store.soundness import faults_of

if TYPE_CHECKING:
    from workbench.store.workspace import Workspace

#: What a backup says of itself.
MANIFEST = "manifest.json"

#: What the month close and the home screen ask for.
_LAST = "last_backup"

#: Folders that are copied only when asked for: what they show can be made again.
_OPTIONAL = ("runs", "reports")

#: More that is wrong with a restored copy, in words; the rooms above know more sums.
Check = Callable[["Workspace"], Iterable[str]]


class BackupError(Exception):
    """The backup does not hold what it should; says what. Nothing of it was kept."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was verified.

    Attributes:
        name: UTC time, and what it was made before.
        folder: Where it lies.
        made_at: UTC label of the workspace's clock.
        head: The audit head of the copy.
        schema: The last migration that the copy has had.
        files: How many files of the archive it holds.
        linked: How many of these share their bytes with an earlier backup.
        database_sha256: Of the copy of the database.
    """

    name: str
    folder: Path
    made_at: str
    head: str
    schema: str
    files: int
    linked: int = 0
    database_sha256: str = ""

    def as_json(self) -> dict[str, object]:
        """The document of `workbench backup --json`."""
        return {
            "name": self.name, "folder": str(self.folder), "made_at": self.made_at,
            "head": self.head, "schema": self.schema, "files": self.files,
            "linked": self.linked, "database_sha256": self.database_sha256,
            "verified": True,
        }  # fmt: skip


def back_up(
    workspace: Workspace,
    *,
    to: Path | None = None,
    before: str = "",
    everything: bool = False,
    check: Check = lambda _: (),
) -> Backup:
    """Make a backup, restore it into a scratch folder, check it there, and name it.

    Args:
        workspace: The company; others may write to it meanwhile.
        to: The folder that holds the backups; the workspace's own when None.
        before: What it is made before, as part of its name.
        everything: Whether executed notebooks and reports are copied as well.
        check: What must hold beyond rows, audit log and archive.

    Raises:
        BackupError: The copy is not what it should be; none is kept.
    """
    own = workspace.folder / "backups"
    home = (to or own).resolve()
    if home.is_relative_to(workspace.folder) and not home.is_relative_to(own):
        raise BackupError(f"{home} lies within the workspace, which keeps its own in {own}")
    home.mkdir(parents=True, exist_ok=True)
    leftovers.remove(home)
    unfinished = leftovers.new_path(home)
    unfinished.mkdir()
    try:
        made = _copy(workspace, unfinished, home=home, everything=everything)
        faults = _tried(workspace, unfinished, check=check)
        if faults:
            raise BackupError("; ".join(faults))
        named = _name(home, workspace, before)
        digest = archive.file_digest(unfinished / "workbench.db")
        made = replace(made, name=named.name, folder=named, database_sha256=digest)
        _write_manifest(unfinished, made)
        unfinished.rename(named)
        archive.sync_folder(home)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _note(workspace, made)
    return made


def read_manifest(folder: Path) -> Backup:
    """What a backup says of itself.

    Raises:
        BackupError: The folder is no backup.
    """
    try:
        said = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BackupError(f"{folder} is no backup") from error
    return Backup(
        said["name"], folder, said["made_at"], said["head"], said["schema"], said["files"],
        database_sha256=said["database_sha256"],
    )  # fmt: skip


def last_backup(reader: Reader) -> dict[str, str] | None:
    """The last verified backup: `made_at`, `name`, `folder`, `head`; None before the first."""
    stored = reader.value("SELECT value FROM setting WHERE key = ?", [_LAST])
    return None if stored is None else dict(json.loads(stored))


def restore_into(backup: Path, folder: Path) -> None:
    """Copy a backup's files into a new folder, written through; that is a workspace."""
    folder.mkdir(exist_ok=True)
    for path in sorted(backup.rglob("*")):
        inside = path.relative_to(backup)
        if path.is_dir() or inside == Path(MANIFEST):
            continue
        (folder / inside).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, folder / inside)
        _sync(folder / inside)
    _sync_folders(folder)


def _copy(workspace: Workspace, folder: Path, *, home: Path, everything: bool) -> Backup:
    database = folder / "workbench.db"
    with (
        closing(connect(workspace.database)) as source,
        closing(sqlite3.connect(database)) as target,
    ):
        source.backup(target)
        schema = migrations.applied(target)[-1]
        head = audit.head(Reader(target))
    _sync(database)
    shutil.copyfile(workspace.folder / "workbench.toml", folder / "workbench.toml")
    files, linked = _copy_archive(workspace.folder / "archive", folder, home=home)
    for name in _OPTIONAL if everything else ():
        shutil.copytree(workspace.folder / name, folder / name)
    return Backup("", folder, workspace.now(), head, schema, files, linked)


def _copy_archive(source: Path, folder: Path, *, home: Path) -> tuple[int, int]:
    """Copy the archive; what an earlier backup holds is linked, so that it lies there once."""
    earlier = sorted(path.parent for path in home.glob(f"*/{MANIFEST}"))
    files = linked = 0
    for path in archive.kept(source):
        target = folder / "archive" / path.parent.name / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        twin = earlier[-1] / "archive" / path.parent.name / path.name if earlier else None
        if twin is not None and _link(twin, target):
            linked += 1
        else:
            shutil.copy2(path, target)
            _sync(target)
        files += 1
    return files, linked


def _link(twin: Path, target: Path) -> bool:
    """Share an earlier copy's bytes; not every file system can."""
    try:
        os.link(twin, target)
    except OSError:
        return False
    return True


def _tried(workspace: Workspace, backup: Path, *, check: Check) -> tuple[str, ...]:
    """What is wrong with the copy once it is restored."""
    scratch = leftovers.new_path(workspace.folder / "staging")
    scratch.mkdir()
    try:
        restore_into(backup, scratch)
        restored = replace(workspace, folder=scratch)
        return (*faults_of(restored), *check(restored))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _write_manifest(folder: Path, made: Backup) -> None:
    text = json.dumps(made.as_json(), indent=1)
    archive.write_through(folder / MANIFEST, text.encode())
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_relative_to(folder / "archive"):
            _sync(path)
    _sync_folders(folder)


def _name(home: Path, workspace: Workspace, before: str) -> Path:
    stamp = workspace.now()[:19].replace("-", "").replace(":", "") + "Z"
    first = home / (f"{stamp}-before-{before}" if before else stamp)
    path, number = first, 1
    while path.exists():
        number += 1
        path = first.with_name(f"{first.name}-{number}")
    return path


def _note(workspace: Workspace, made: Backup) -> None:
    said = {
        "made_at": made.made_at, "name": made.name, "folder": str(made.folder),
        "head": made.head,
    }  # fmt: skip
    with workspace.transaction("backup_made") as transaction:
        transaction.note(**said)
        transaction.execute(
            "INSERT OR REPLACE INTO setting VALUES (?, ?)", [_LAST, json.dumps(said)]
        )


def _sync_folders(folder: Path) -> None:
    """Wait until the disk has the names in a folder and in all below it."""
    for path in (*folder.rglob("*"), folder):
        if path.is_dir():
            archive.sync_folder(path)


def _sync(path: Path) -> None:
    """Wait until the disk has a file that was copied."""
    with path.open("rb") as written:
        os.fsync(written.fileno())
