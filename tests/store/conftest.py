"""A workspace in which every table that events vouch for has rows."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.store import users
from workbench.store.people import ROLES
from workbench.store.workspace import Workspace, init

NOW = dt.datetime(2026, 10, 12, 8, tzinfo=dt.UTC)


def clock() -> dt.datetime:
    return NOW


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init(tmp_path / "ws", company="Nordvand", clock=clock)


@pytest.fixture(scope="session")
def posted(month: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("posted") / "ws"
    shutil.copytree(month / "read", folder)
    users.add(Workspace(folder, clock=clock), "ida", name="Ida", roles=ROLES)
    workspace = Workspace(folder, clock=clock, actor="ida")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=dt.date(2026, 12, 2))
    with workspace.transaction("accept") as transaction:
        file_id = transaction.value("SELECT max(file_id) FROM source_file")
        first = transaction.draw_ids(2)
        acceptance = {
            "acceptance_id": first, "sha256": "00", "code": "wrong_total",
            "reason": "seen", "actor": "ida",
        }  # fmt: skip
        adjustment = {
            "adjustment_id": first + 1, "file_id": file_id, "section": 1,
            "kind": "no_cash", "amount_minor": 1,
        }  # fmt: skip
        transaction.append("problem_acceptance", pl.DataFrame([acceptance]))
        transaction.append("total_adjustment", pl.DataFrame([adjustment]))
    return folder


@pytest.fixture
def full(posted: Path, tmp_path: Path) -> Workspace:
    shutil.copytree(posted, tmp_path / "full")
    return Workspace(tmp_path / "full", clock=clock, actor="ida")
