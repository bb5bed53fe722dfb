"""Files that wait for a person: what is wrong with them, and taking them nevertheless."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from workbench.collection.inbox import import_file
from workbench.collection.incoming import Acceptance, Import
from workbench.model.catalog import CATALOG
from workbench.model.problems import Problem
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace
from workbench.transport import folder

_LAST_ATTEMPT = """
SELECT name, problems FROM file_attempt WHERE sha256 = ? ORDER BY attempt_id DESC LIMIT 1
"""


class NoReasonError(Exception):
    """Problems were to be accepted without saying why, or none was named."""


class UnknownProblemError(Exception):
    """What was to be accepted is no code of a problem."""


def acceptance(codes: Iterable[str], *, reason: str) -> Acceptance | None:
    """A person's decision; None when no problem is accepted.

    Raises:
        NoReasonError: Codes come without a reason, or a reason without codes.
        UnknownProblemError: A code is not in the catalog.
    """
    named = frozenset(code.strip() for code in codes) - {""}
    strange = named - CATALOG.keys()
    if strange:
        raise UnknownProblemError(", ".join(sorted(strange)))
    if bool(named) != bool(reason.strip()):
        raise NoReasonError("a reason is needed" if named else "a problem code is needed")
    return Acceptance(named, reason.strip()) if named else None


def problems_of(reader: Reader, sha256: str) -> list[Problem]:
    """What the last attempt found wrong with a file; its first thousand problems."""
    rows = reader.rows(_LAST_ATTEMPT, [sha256])
    assert rows, sha256
    name, stored = rows[0]
    return [
        Problem(p["code"], p["params"], name, p["line"], p["column"], p["excerpt"])
        for p in json.loads(stored)
    ]


def import_waiting(
    workspace: Workspace,
    sha256: str,
    *,
    accepted: Acceptance | None,
    as_of: dt.date,
    run_id: int | None = None,
) -> Import:
    """Import a file that was given to us before: from the inbox, else from the archive."""
    for path in folder.waiting(workspace.inbox):
        if archive.digest(path.read_bytes()) == sha256:
            return import_file(workspace, path, as_of=as_of, acceptance=accepted, run_id=run_id)
    with workspace.read() as reader:
        name = reader.rows(_LAST_ATTEMPT, [sha256])[0][0]
    with tempfile.TemporaryDirectory(prefix="waiting-") as borrowed:
        path = Path(borrowed) / Path(name).name
        path.write_bytes(archive.fetch(workspace, sha256))
        return import_file(workspace, path, as_of=as_of, acceptance=accepted, run_id=run_id)
