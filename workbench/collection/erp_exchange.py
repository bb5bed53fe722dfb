"""The exchange with the ERP, for those who know collections: import, undo, decide.

The same as the ledger does, with what it must know of collections: what was delivered is not
told anew, and unsent lines of what was settled stop.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from workbench.collection.erp_collected import COLLECTED
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.imports import decisions as erp_decisions
from workbench.ledger.imports import entries
from workbench.ledger.imports.decisions import Decided, Decision
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.undo import undoing as erp_undo
from workbench.ledger.undo.undoing import Undone
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace


def import_entries(
    workspace: Workspace,
    path: Path,
    *,
    mapping: Path | MappingText,
    as_of: dt.date,
    full: bool = False,
    dry_run: bool = False,
    run_id: int | None = None,
    as_seen: int | None = None,
    confirmed: str = "",
) -> ErpImport:
    """Import a file of open entries; see `workbench.ledger.entries.import_entries`."""
    return entries.import_entries(
        workspace,
        path,
        mapping=mapping,
        as_of=as_of,
        full=full,
        dry_run=dry_run,
        run_id=run_id,
        collections=COLLECTED,
        as_seen=as_seen,
        confirmed=confirmed,
    )


def undo_import(workspace: Workspace, import_id: int, *, reason: str, as_of: dt.date) -> Undone:
    """Take an import back; see `workbench.ledger.erp_undo.undo_import`."""
    return erp_undo.undo_import(
        workspace, import_id, reason=reason, as_of=as_of, collections=COLLECTED
    )


def blockers(reader: Reader, import_id: int) -> pl.DataFrame:
    """What stands against that; see `workbench.ledger.erp_undo_checks.blockers`."""
    return erp_undo.blockers(reader, import_id, collections=COLLECTED)


def decide(
    workspace: Workspace,
    difference_id: int,
    *,
    decision: Decision,
    reason: str,
    as_of: dt.date,
) -> Decided:
    """End a held difference; see `workbench.ledger.erp_decisions.decide`."""
    return erp_decisions.decide(
        workspace,
        difference_id,
        decision=decision,
        reason=reason,
        as_of=as_of,
        collections=COLLECTED,
    )
