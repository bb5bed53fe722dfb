"""Backups whose copy was not only read again, but adds up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.reports.verification import identities
from workbench.store.backup import Backup
from workbench.store.backup import back_up as back_up_rows
from workbench.store.workspace import Workspace


def back_up(
    workspace: Workspace, *, to: Path | None = None, everything: bool = False
) -> Backup:
    """Make a backup; its restored copy is whole and every identity holds in it.

    Args:
        workspace: The company.
        to: The folder that holds the backups; the workspace's own when None.
        everything: Whether executed notebooks and reports are copied as well.

    Raises:
        BackupError: The copy is not what it should be; none is kept.
    """
    return back_up_rows(workspace, to=to, everything=everything, check=broken_identities)


def broken_identities(workspace: Workspace) -> Iterator[str]:
    """The identities that do not hold in a workspace, in words."""
    currency = workspace.settings.currency
    with workspace.read() as reader:
        for identity in identities(reader, as_of=None, currency=currency):
            if not identity.holds:
                yield (
                    f"{identity.name} {identity.currency or ''}: "
                    f"{identity.left} ≠ {identity.right}"
                )
