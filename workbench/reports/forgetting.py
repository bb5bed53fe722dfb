"""Retention: what is past its time, listed first and removed once it is approved."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.collection.past_time import PastTime, first_day_kept, past_time
from workbench.reports.backups import back_up
from workbench.store.backup import MANIFEST, Backup
from workbench.store.personal_data import masked_name
from workbench.store.retention import Removal, old_paths, remove
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Listed:
    """What may be removed, as of a moment.

    Attributes:
        as_of: Today.
        found: Rows and files of the archive.
        paths: Executed notebooks, reports and exchanged files, relative to the workspace.
        backups: Backups in the workspace's folder; they hold all of it, and are replaced.
        seq: The recorded time at which this was listed.
    """

    as_of: dt.date
    found: PastTime
    paths: list[str]
    backups: list[str]
    seq: int

    @property
    def removal(self) -> Removal:
        """What is removed when it is approved."""
        return Removal(
            before=self.found.before,
            person_ids=self.found.people["person_id"].to_list(),
            payment_line_ids=self.found.payment_line_ids,
            archived=self.found.files["sha256"].to_list(),
            paths=self.paths,
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `workbench retention --json`; names are masked."""
        return {
            "as_of": self.as_of,
            "kept_from": self.found.before,
            "counts": self.removal.counts,
            "people": [
                {
                    "customer_no": row["customer_no"],
                    "name": masked_name(row["name"]),
                    "last_business": row["last_business"],
                }
                for row in self.found.people.iter_rows(named=True)
            ],
            "files": self.found.files.to_dicts(),
            "runs_and_reports": self.paths,
            "backups": self.backups,
        }


def listed(workspace: Workspace, *, as_of: dt.date, years: int | None = None) -> Listed:
    """What is past its time.

    Args:
        workspace: The company.
        as_of: Today.
        years: How long things are kept beyond their financial year; the settings' when None.
    """
    settings = workspace.settings
    before = first_day_kept(
        as_of,
        years=settings.retention_years if years is None else years,
        first_month=settings.first_month,
    )
    with workspace.read() as reader:
        return Listed(
            as_of,
            past_time(reader, before=before),
            old_paths(workspace, reader, before=before),
            [path.name for path in _backups(workspace)],
            reader.seq,
        )


def approve(workspace: Workspace, list_: Listed, *, reason: str) -> Backup | None:
    """Remove what was listed; the backups that still hold it are replaced by a new one.

    Returns:
        The new backup; None when there was none to replace.

    Raises:
        StaleViewError: Something was written since it was listed; nothing was removed.
        MissingRoleError: The user does not administer.
        BackupError: The new backup does not verify; the old ones stay. The rows are removed.
    """
    remove(workspace, list_.removal, as_of=list_.as_of, reason=reason, as_seen=list_.seq)
    old = _backups(workspace)
    if not old:
        return None
    made = back_up(workspace)
    for path in old:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    return made


def _backups(workspace: Workspace) -> list[Path]:
    """Every backup in the workspace's own folder, whatever version made it."""
    home = workspace.folder / "backups"
    found = {path.parent for path in home.glob(f"*/{MANIFEST}")} | set(home.glob("*.db"))
    return sorted(path for path in found if not path.name.startswith("."))
