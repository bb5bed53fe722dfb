"""Imports from the ERP, by what the file holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from workbench.collection.agreements import import_agreements
from workbench.ledger.customers import import_customers
from workbench.ledger.entries import import_entries
from workbench.ledger.erp_import import ErpImport
from workbench.ledger.erp_report import render
from workbench.store.workspace import Workspace

_IMPORTERS: dict[str, Callable[..., ErpImport]] = {
    "customers": import_customers,
    "entries": import_entries,
    "agreements": import_agreements,
}


def import_from_erp(
    workspace: Workspace,
    purpose: str,
    file: Path,
    *,
    mapping: Path,
    as_of: dt.date,
    dry_run: bool,
) -> tuple[str, int]:
    """Import a file; what to tell the user, and the exit code."""
    result = _IMPORTERS[purpose](workspace, file, mapping=mapping, as_of=as_of, dry_run=dry_run)
    return render(result, workspace.settings.language), 0 if result.clean else 1
