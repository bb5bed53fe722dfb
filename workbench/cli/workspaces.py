"""A new workspace with everything that the rooms need from the first day."""

from __future__ import annotations

import tomllib
from pathlib import Path

from workbench.collection import setup as collection_setup
from workbench.collection.systems import active_systems as systems
from workbench.ledger import setup as ledger_setup
from workbench.ledger.journals import listing as journals
from workbench.store.workspace import (
    Clock,
    Workspace,
    clock_from_environment,
    init,
    open_workspace,
)


def make(
    folder: Path,
    *,
    company: str,
    language: str,
    currency: str,
    setup: Path | None = None,
    clock: Clock | None = None,
) -> Workspace:
    """Make a workspace with chart, journals, open periods, and a collection system if given.

    One whose making was interrupted is finished.

    Args:
        folder: Must hold no finished workspace.
        company: Its name; the set-up file's when empty.
        language: The language that its people read.
        currency: Its own currency.
        setup: A set-up file; what it says of the company counts where nothing else does.
        clock: Tells the recorded time.

    Raises:
        WorkspaceExistsError: There is a workspace already.
        SetupError: The set-up file cannot be used; the workspace is there without it.
    """
    named = _company(setup)
    clock = clock or clock_from_environment()
    workspace = _unfinished(folder, clock) or init(
        folder,
        company=company or named.get("name", folder.resolve().name),
        language=named.get("language", language) if language == "en" else language,
        currency=named.get("currency", currency),
        clock=clock,
    )
    finish(workspace, setup=setup)
    return workspace


def finish(workspace: Workspace, *, setup: Path | None) -> None:
    """Do what is left of making a workspace; what was done before stays as it is.

    Raises:
        SetupError: The set-up file cannot be used.
    """
    with workspace.read() as reader:
        has_ledger = bool(journals(reader))
        has_system = bool(systems(reader))
    if not has_ledger:
        year = workspace.clock().year
        ledger_setup.install(workspace, first_year=year - 1, last_year=year + 1)
    if setup is not None and not has_system:
        collection_setup.install(workspace, setup)


def _unfinished(folder: Path, clock: Clock) -> Workspace | None:
    """The workspace of a folder that was never given a ledger."""
    if not (folder / "workbench.db").exists():
        return None
    workspace = open_workspace(folder, clock=clock)
    with workspace.read() as reader:
        return None if journals(reader) else workspace


def _company(setup: Path | None) -> dict[str, str]:
    if setup is None:
        return {}
    try:
        found: dict[str, str] = tomllib.loads(setup.read_text("utf-8")).get("company", {})
    except tomllib.TOMLDecodeError as cause:
        raise collection_setup.SetupError(f"{setup.name}: {cause}") from cause
    return found
