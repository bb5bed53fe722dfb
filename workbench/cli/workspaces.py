"""A new workspace with everything that the rooms need from the first day."""

from __future__ import annotations

import tomllib
from pathlib import Path

from workbench.collection import setup as collection_setup
from workbench.ledger import setup as ledger_setup
from workbench.store.workspace import Clock, Workspace, clock_from_environment, init


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

    Args:
        folder: Must hold no workspace.
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
    workspace = init(
        folder,
        company=company or named.get("name", folder.resolve().name),
        language=named.get("language", language) if language == "en" else language,
        currency=named.get("currency", currency),
        clock=clock,
    )
    year = clock().year
    ledger_setup.install(workspace, first_year=year - 1, last_year=year + 1)
    if setup is not None:
        collection_setup.install(workspace, setup)
    return workspace


def _company(setup: Path | None) -> dict[str, str]:
    if setup is None:
        return {}
    try:
        found: dict[str, str] = tomllib.loads(setup.read_text("utf-8")).get("company", {})
    except tomllib.TOMLDecodeError as cause:
        raise collection_setup.SetupError(f"{setup.name}: {cause}") from cause
    return found
