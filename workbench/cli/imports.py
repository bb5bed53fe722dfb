"""Imports from the ERP, by what the file holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.collection.agreements import import_agreements
from workbench.collection.erp_exchange import import_entries
from workbench.ledger.customers import import_customers
from workbench.ledger.erp_import import ErpImport
from workbench.ledger.erp_report import render
from workbench.store.workspace import Workspace

_IMPORTERS: dict[str, Callable[..., ErpImport]] = {
    "customers": import_customers,
    "entries": import_entries,
    "agreements": import_agreements,
}


@dataclass(frozen=True, slots=True)
class Told:
    """An import as words, as a document, and as an exit code."""

    words: str
    document: dict[str, object]
    code: int


def import_from_erp(
    workspace: Workspace,
    purpose: str,
    file: Path,
    *,
    mapping: Path,
    as_of: dt.date,
    dry_run: bool,
) -> Told:
    """Import a file of the ERP; what to tell the user."""
    result = _IMPORTERS[purpose](workspace, file, mapping=mapping, as_of=as_of, dry_run=dry_run)
    language = workspace.settings.language
    document: dict[str, object] = {
        "name": result.name,
        "sha256": result.sha256,
        "purpose": result.purpose,
        "outcome": str(result.outcome),
        "counts": dict(result.counts),
        "sums": dict(result.sums),
        "document_no": result.document_no,
        "problems": [problem.as_json(language=language) for problem in result.problems],
    }
    return Told(render(result, language), document, 0 if result.clean else 1)
