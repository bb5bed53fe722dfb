"""The demo from nothing: it proves itself, and agrees with the practice center's own books."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from pypdf import PdfReader

from workbench.cli.demo import REPORTED_ON, run_demo
from workbench.cli.demo_summary import summary
from workbench.collection.overview import payment_lines
from workbench.ledger.imports import history as erp_imports
from workbench.ledger.imports.differences import open_differences
from workbench.practice.erp import truths
from workbench.practice.totals import totals
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

LEDGER = "SELECT count(*), ifnull(sum(amount_minor), 0) FROM collection_line WHERE "


@pytest.fixture
def books(demo_workspace: Path) -> dict[str, Any]:
    return totals(demo_workspace.with_name("demo-practice"), as_of=REPORTED_ON)


@pytest.fixture
def demo(demo_workspace: Path) -> Workspace:
    moment = dt.datetime.combine(REPORTED_ON, dt.time(8), dt.UTC)
    return open_workspace(demo_workspace, clock=lambda: moment)


@pytest.fixture
def paid(demo: Workspace) -> pl.DataFrame:
    with demo.read() as reader:
        return payment_lines(reader)


def state(folder: Path) -> dict[str, str]:
    """The digest of every file; SQLite's own side files come and go with each reader."""
    passing = {"workbench.db-wal", "workbench.db-shm"}
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in passing
    }


def test_everything_holds(demo: Workspace) -> None:
    found = verify(demo)
    assert found.holds, found.as_json()


def test_a_second_run_says_what_exists_and_changes_nothing(workspace_copy: Workspace) -> None:
    folder, said = workspace_copy.folder, list[str]()
    before = state(folder.parent)
    assert run_demo(folder, fresh=False, customers=300, say=said.append) == 0
    assert "nothing was changed" in said[0]
    assert state(folder.parent) == before


def test_collections_received_are_those_sent(demo: Workspace, books: dict[str, Any]) -> None:
    with demo.read() as reader:
        sent = reader.rows(LEDGER + "delivery_id IS NOT NULL")[0]
    received = books["received"]
    assert sent == (received["count"], received["amount_minor"])
    assert sent[0] > 0


def test_every_kind_of_payment_is_as_told(paid: pl.DataFrame, books: dict[str, Any]) -> None:
    for kind, told in books["kinds"].items():
        ours = paid.filter(pl.col("kind") == kind)
        sums = (ours.height, ours["amount_minor"].sum(), ours["amount_paid_minor"].sum())
        assert sums == (told["count"], told["amount_minor"], told["paid_minor"]), kind


@pytest.mark.parametrize(
    ("status", "truth"),
    [("rejected", "rejected"), ("agreement_cancelled", "cancelled"), ("reversed", "reversed")],
)
def test_statuses_are_what_the_center_did(
    demo: Workspace, books: dict[str, Any], status: str, truth: str
) -> None:
    told = books["truths"][truth]
    with demo.read() as reader:
        ours = reader.rows(LEDGER + "status = ?", [status])[0]
    assert ours == (told["count"], told["amount_minor"])


@pytest.mark.parametrize("truth", ["over", "under", "fee", "double", "wrong_customer",
                                   "unknown_customer"])  # fmt: skip
def test_what_is_not_in_order_is_held(
    paid: pl.DataFrame, books: dict[str, Any], truth: str
) -> None:
    held = paid.filter(pl.col("outcome") == "held").group_by("class").agg(
        pl.len().alias("count"), pl.col("amount_paid_minor").sum()
    )  # fmt: skip
    ours = {name: (count, cash) for name, count, cash in held.iter_rows()}
    told = books["truths"][truth]
    assert ours.get(CLASS_OF[truth], (0, 0)) == (told["count"], told["paid_minor"]), ours


CLASS_OF = {
    "over": "over",
    "under": "under",
    "fee": "fee",
    "double": "double_payment",
    "wrong_customer": "wrong_customer",
    "unknown_customer": "unknown_customer",
}


def test_cash_is_posted_as_the_bank_books_it(demo: Workspace, books: dict[str, Any]) -> None:
    with demo.read() as reader:
        rows = reader.rows(
            "SELECT l.creditor_no, l.section_kind, g.bank_date, sum(g.amount_minor) "
            "FROM posting AS g JOIN payment_line AS l USING (payment_line_id) "
            "WHERE g.purpose = 'bank_clearing' GROUP BY 1, 2, 3"
        )
    ours = {(creditor, section, day): amount for creditor, section, day, amount in rows}
    lumps = {
        (lump["creditor_no"], lump["section_kind"], lump["booking_date"]): lump["amount_minor"]
        for lump in books["lumps"]
        if lump["amount_minor"]
    }
    assert {key: amount for key, amount in ours.items() if amount} == lumps


def test_the_erp_s_own_books_say_what_the_import_concluded(demo: Workspace) -> None:
    """Booked, late, settled by other ways, held, new, told otherwise: entry by entry."""
    truth = Counter(truths(demo.folder.with_name("demo-practice") / "erp").values())
    with demo.read() as reader:
        imports = erp_imports.listing(reader)
        held = open_differences(reader)
    found = json.loads(imports.filter(pl.col("mode") == "full")["effects"].item())["counts"]
    concluded = {CONCLUDED[known]: count for known, count in truth.items()}
    assert {effect: count for effect, count in found.items() if count} == concluded
    assert held.height == truth["late settled"]


CONCLUDED = {
    "booked": "booked",
    "changed": "replaced",
    "late": "not_booked_yet",
    "late settled": "held",
    "new": "new",
    "settled": "settled_in_erp",
    "untouched": "equal",
}


def test_everything_posted_was_handed_over(demo: Workspace) -> None:
    with demo.read() as reader:
        waiting = reader.value(
            "SELECT count(*) FROM application_exchange WHERE state = 'waiting'"
        )
        out = reader.value("SELECT count(*) FROM handover_posting")
        posted = reader.value(
            "SELECT count(*) FROM posting JOIN voucher USING (voucher_id) "
            "JOIN journal USING (journal) WHERE handed_back"
        )
    assert (waiting, out) == (0, posted)
    assert not list((demo.folder / "outbox" / "erp").iterdir())


def test_the_summary_says_what_the_erp_did(demo: Workspace) -> None:
    said = summary(demo, as_of=REPORTED_ON)
    assert "Our settlement is booked there" in said
    assert "Read differently, held for a person" in said


def test_the_report_names_its_identities(demo: Workspace) -> None:
    (report,) = (demo.folder / "reports").glob("*.pdf")
    text = "".join(page.extract_text() for page in PdfReader(report).pages)
    assert "✓" in text
    assert "✗" not in text
    with demo.read() as reader:
        heads = [row[0] for row in reader.rows("SELECT hash FROM audit_event")]
    assert any(head[:16] in text for head in heads)
