"""Making a workspace: interrupted between its steps, it is finished the next time."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from workbench.cli.workspaces import finish, make
from workbench.collection.systems import active_systems
from workbench.ledger import setup as ledger_setup
from workbench.ledger.journals import listing as journals
from workbench.practice.company import write_company
from workbench.store.workspace import Workspace, WorkspaceExistsError, init

NOON = dt.datetime(2026, 10, 12, 12, tzinfo=dt.UTC)


def made(folder: Path, setup: Path) -> Workspace:
    return make(
        folder, company="", language="en", currency="DKK", setup=setup, clock=lambda: NOON
    )


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_what_was_interrupted_is_finished(tmp_path: Path, steps: int) -> None:
    setup = write_company(tmp_path / "erp", seed=1, customers=3).setup
    folder = tmp_path / "company"
    if steps > 0:
        workspace = init(folder, company="Nordvand", clock=lambda: NOON)
    if steps > 1:
        ledger_setup.install(workspace, first_year=2025, last_year=2027)
        finish(workspace, setup=setup)
    else:
        workspace = made(folder, setup)
    with workspace.read() as reader:
        assert journals(reader) == ["ERP", "GENERAL", "PAYMENTS"]
        assert active_systems(reader) == ("BS",)
        assert reader.value("SELECT count(*) FROM period") == 36
        seen = reader.seq
    finish(workspace, setup=setup)
    with workspace.read() as reader:
        assert reader.seq == seen, "finished once, nothing is left to do"
    with pytest.raises(WorkspaceExistsError):
        made(folder, setup)
