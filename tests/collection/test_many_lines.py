"""A large file asks for its collections in another way, and finds the same."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.collection import payments
from workbench.collection.inbox import import_inbox
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

QUESTION = """
SELECT p.line, p.reference, o.outcome, o.class, l.reference, o.residual_minor, o.agreed
FROM current_outcome AS o JOIN payment_line AS p USING (payment_line_id)
LEFT JOIN collection_line AS l ON l.collection_line_id = o.collection_line_id
JOIN source_file AS f USING (file_id) ORDER BY f.name, p.line
"""


def read(workspace: Workspace) -> list[tuple[Any, ...]]:
    import_inbox(workspace, as_of=dt.date(2026, 12, 2))
    assert verify(workspace).holds
    with workspace.read() as reader:
        return reader.rows(QUESTION)


def test_both_ways_find_the_same(
    at_stage: Callable[[str], Workspace], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = at_stage("inbox")
    other = open_workspace(Path(shutil.copytree(workspace.folder, tmp_path / "other")))
    small = read(workspace)
    monkeypatch.setattr(payments, "_MANY", 0)
    assert read(other) == small
    assert len(small) > 200
