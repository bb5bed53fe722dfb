"""Imports from the ERP, by what the file holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from workbench.collection.agreements import import_agreements
from workbench.collection.erp_exchange import import_entries
from workbench.ledger.files import saved_mappings
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.effects_file import check_name, write_effects
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.imports.report import as_json, render
from workbench.store.workspace import Workspace

_IMPORTERS: dict[str, Callable[..., ErpImport]] = {
    "customers": import_customers,
    "entries": import_entries,
    "agreements": import_agreements,
}


class NoMappingFitsError(Exception):
    """No saved mapping has the headings of the file, and none was named."""


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
    mapping: Path | None,
    as_of: dt.date,
    dry_run: bool,
    full: bool | None = None,
    effects: Path | None = None,
    confirmed: str = "",
) -> Told:
    """Import a file of the ERP; what to tell the user.

    Args:
        workspace: The company.
        purpose: `customers`, `entries` or `agreements`.
        file: The ERP's file.
        mapping: A mapping's file, or the name of a saved one; None finds a saved one by the
            headings of the file.
        as_of: Today, or the day whose state the file tells.
        dry_run: Whether to change nothing.
        full: Whether the file holds all open entries; None where it is not about entries.
        effects: Where to write what becomes of every entry.
        confirmed: Why the file is taken although it would close most of what is open.

    Raises:
        NoMappingFitsError: None was named, and none fits.
    """
    if effects is not None:
        check_name(effects)
    take = _IMPORTERS[purpose]
    if full is not None:
        take = partial(take, full=full, confirmed=confirmed)
    result = take(
        workspace,
        file,
        mapping=_mapping(workspace, purpose, file, mapping),
        as_of=as_of,
        dry_run=dry_run,
    )
    if effects is not None:
        write_effects(result.effects, effects)
    language = workspace.settings.language
    return Told(render(result, language), as_json(result, language), 0 if result.clean else 1)


def _mapping(
    workspace: Workspace, purpose: str, file: Path, named: Path | None
) -> Path | MappingText:
    if named is not None:
        return saved_mappings.source(workspace, purpose=purpose, mapping=named)
    with workspace.read() as reader:
        found = saved_mappings.detect(
            reader, purpose=purpose, content=file.read_bytes(), name=file.name
        )
    if found is None:
        raise NoMappingFitsError(file.name)
    return found
