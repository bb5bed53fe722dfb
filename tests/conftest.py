"""Golden files, and one small company's month that several rooms are tested on.

What a test expects of a sample lies beside it and is rewritten on request.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.cli.demo import REPORTED_ON, run_demo
from workbench.collection import journal
from workbench.collection import setup as collection
from workbench.collection.agreements import import_agreements
from workbench.collection.deliveries import export
from workbench.collection.inbox import import_inbox
from workbench.collection.suggest import suggest
from workbench.collection.validate import validate
from workbench.ledger import setup as ledger
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.practice.center import answer
from workbench.practice.company import write_company
from workbench.store.workspace import Workspace, init, open_workspace

SAMPLES = Path(__file__).parent / "samples"

#: The days of the small company's month.
DELIVERY = dt.date(2026, 10, 12)
RECEIPTS = dt.date(2026, 10, 13)
PAYMENTS = dt.date(2026, 12, 2)

#: So few that the demo's month is fast, so many that every kind of payment occurs.
DEMO_CUSTOMERS = 300


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected results of samples"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, object], None]:
    """Compares plain values with `<case>.expected.json`; --update-golden rewrites it."""
    update = request.config.getoption("--update-golden")

    def compare(sample: Path, value: object) -> None:
        expected = sample.with_name(f"{sample.name}.expected.json")
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if update:
            expected.write_text(text, encoding="utf-8")
        assert json.loads(expected.read_text(encoding="utf-8")) == json.loads(text)

    return compare


@pytest.fixture
def samples() -> Path:
    """The folder of the project's own samples."""
    return SAMPLES


@pytest.fixture(scope="session")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small company's month, kept at its stages: one workspace folder for each.

    `empty` was only made; `open` has customers, agreements and open entries; `inbox` sent
    its delivery and has the answers unread; `read` imported them and allowed nothing.
    """
    folder = tmp_path_factory.mktemp("month")
    shutil.copytree(init(folder / "new", company="Nordvand").folder, folder / "empty")
    workspace = init(folder / "ws", company="Nordvand Forsyning A/S")
    _take_on(workspace, folder / "erp")
    shutil.copytree(workspace.folder, folder / "open")
    _collect(workspace)
    for day in (RECEIPTS, PAYMENTS):
        answer(workspace.outbox, workspace.inbox, folder / "books", as_of=day, seed=3)
        if day == PAYMENTS:
            shutil.copytree(workspace.folder, folder / "inbox")
        import_inbox(workspace, as_of=day)
    shutil.copytree(workspace.folder, folder / "read")
    return folder


@pytest.fixture
def at_stage(month: Path, tmp_path: Path) -> Callable[[str], Workspace]:
    """A copy of the small company's workspace, at a stage of its month, on that day."""

    def copy(stage: str) -> Workspace:
        shutil.copytree(month / stage, tmp_path / stage)
        day = PAYMENTS if stage in {"inbox", "read"} else DELIVERY
        moment = dt.datetime.combine(day, dt.time(8), dt.UTC)
        return open_workspace(tmp_path / stage, clock=lambda: moment)

    return copy


def _take_on(workspace: Workspace, folder: Path) -> None:
    """The company's set-up and what its ERP gives."""
    ledger.install(workspace, first_year=2025, last_year=2027)
    files = write_company(folder, seed=1, customers=300)
    collection.install(workspace, files.setup)
    for take, file, mapping in (
        (import_customers, files.customers, files.customer_mapping),
        (import_agreements, files.agreements, files.agreement_mapping),
        (import_entries, files.entries, files.entry_mapping),
    ):
        assert take(workspace, file, mapping=mapping, as_of=DELIVERY).clean


def _collect(workspace: Workspace) -> None:
    """Suggest, validate, approve and send everything."""
    suggest(workspace, system="BS", as_of=DELIVERY)
    validate(workspace, as_of=DELIVERY)
    with workspace.read() as reader:
        lines = journal.lines(reader)
    seen = lines.filter(lines["status"] == "valid").select("collection_line_id", "version")
    journal.approve(workspace, seen.rows(), as_of=DELIVERY)
    export(workspace, system="BS", as_of=DELIVERY)


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The demo's month, built once for all processes of a run; copied, never changed."""
    folder = tmp_path_factory.getbasetemp()
    shared = (folder if worker_id == "master" else folder.parent) / "demo-once"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "whole").exists():
            run_demo(shared / "demo", fresh=True, customers=DEMO_CUSTOMERS, say=lambda _: None)
            (shared / "whole").touch()
    return shared / "demo"


@pytest.fixture
def workspace_copy(demo_workspace: Path, tmp_path: Path) -> Workspace:
    """The demo's month in a folder of its own, with the practice center's books beside it."""
    for name in ("demo", "demo-practice"):
        shutil.copytree(demo_workspace.with_name(name), tmp_path / name)
    moment = dt.datetime.combine(REPORTED_ON, dt.time(8), dt.UTC)
    return open_workspace(tmp_path / "demo", clock=lambda: moment)
