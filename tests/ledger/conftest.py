"""A new company with accounts and open months, and files from its ERP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.ledger import setup
from workbench.store.workspace import Workspace, init

NOW = dt.datetime(2026, 10, 12, 8, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = init(tmp_path / "company", company="Nordvand", language="da", clock=lambda: NOW)
    setup.install(made, first_year=2026, last_year=2026)
    return made


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file of the ERP, in the bytes that Danish systems export."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode("iso-8859-1"))
        return path

    return write
