"""Where layouts come from: a file, a name that the package knows, or one that was saved."""

from __future__ import annotations

from pathlib import Path

from workbench.ledger.files import saved_mappings
from workbench.ledger.files.mapping import MappingText
from workbench.model.resources import resource_folder
from workbench.store.workspace import Workspace

#: What saved layouts are kept under.
PURPOSE = "postings"


class UnknownLayoutError(Exception):
    """No layout has this name; says which there are."""


def ready_made() -> dict[str, Path]:
    """The layouts that come with the package, by name."""
    folder = resource_folder("templates") / "handover"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def find_layout(workspace: Workspace, mapping: Path | MappingText | str) -> Path | MappingText:
    """The layout of a name: a saved one before a ready-made one of that name.

    Raises:
        UnknownLayoutError: Neither is there.
    """
    if isinstance(mapping, Path | MappingText):
        return mapping
    with workspace.read() as reader:
        try:
            return saved_mappings.find(reader, purpose=PURPOSE, name=mapping)
        except saved_mappings.UnknownMappingError:
            ready = ready_made()
    if mapping in ready:
        return ready[mapping]
    raise UnknownLayoutError(f"{mapping}; ready-made: {', '.join(ready)}")
