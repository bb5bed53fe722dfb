"""The heartbeat of a run: the one write that is not a step.

It says only that a process still works, so it leaves no audit event.
"""

from __future__ import annotations

import sqlite3

from workbench.store.connection import connect
from workbench.store.workspace import Workspace


def renew_lease(workspace: Workspace, run_id: int, *, heartbeat_at: str, until: str) -> bool:
    """Extend the lease of a running run.

    A workspace that another writer keeps locked is not waited for beyond the store's own
    patience; the lease then stands as it was until the next heartbeat.

    Returns:
        Whether the run is still ours: False once somebody declared it interrupted.
    """
    connection = connect(workspace.database)
    try:
        changed = connection.execute(
            "UPDATE run SET heartbeat_at = ?, lease_until = ? "
            "WHERE run_id = ? AND state = 'running'",
            [heartbeat_at, until, run_id],
        ).rowcount
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return True
    finally:
        connection.close()
    return changed == 1
