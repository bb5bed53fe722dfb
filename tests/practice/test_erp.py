"""The practice ERP against ours: what it did is what our full import concludes."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.erp_exchange import import_entries
from workbench.collection.settlement import post_payments
from workbench.practice.erp import ErpStep, keep_books, truths
from workbench.practice.erp_books import Books
from workbench.reports.hand_over import export_postings
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace

#: What our import must conclude of what the ERP did.
CONCLUDED = {
    "booked": "booked",
    "changed": "replaced",
    "late": "not_booked_yet",
    "late settled": "held",
    "new": "new",
    "settled": "settled_in_erp",
    "untouched": "equal",
}
REPORTED_ON = dt.date(2026, 12, 2)
LATER = dt.date(2026, 12, 16)


NOT_BOOKED = """
SELECT a.to_entry_id, sum(a.amount_minor) FROM application AS a
JOIN application_exchange AS x USING (application_id)
JOIN entry AS e ON e.entry_id = a.to_entry_id AND e.erp_entry_no IS NOT NULL
WHERE x.state <> 'booked' GROUP BY 1 HAVING sum(a.amount_minor) <> 0
"""


@dataclass(frozen=True)
class House:
    """A workspace whose month is posted, and an ERP beside it."""

    workspace: Workspace
    books: Path
    opening: Path

    def hand_over(self) -> None:
        export_postings(self.workspace, mapping="plain_csv", as_of=REPORTED_ON)

    def step(self, as_of: dt.date = REPORTED_ON, *, seed: int = 20261012) -> ErpStep:
        folder = self.workspace.folder
        return keep_books(
            folder / "outbox" / "erp",
            folder / "erp",
            self.books,
            opening=self.opening,
            as_of=as_of,
            seed=seed,
        )

    def take(self, step: ErpStep) -> list[tuple[str, str]]:
        """Import all that the ERP shows; the number and effect of each entry."""
        moment = dt.datetime.combine(step.as_of, dt.time(9), dt.UTC)
        workspace = replace(self.workspace, clock=lambda: moment)
        result = import_entries(
            workspace, step.export, mapping=step.mapping, as_of=step.as_of, full=True
        )
        assert result.clean, result.problems
        return list(result.effects.select("erp_entry_no", "effect").iter_rows())

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        with self.workspace.read() as reader:
            return reader.rows(sql)


@pytest.fixture
def house(at_stage: Callable[[str], Workspace], month: Path, tmp_path: Path) -> House:
    workspace = at_stage("read")
    allow_by_rule(workspace)
    assert post_payments(workspace, as_of=REPORTED_ON).lines
    return House(workspace, tmp_path / "books", month / "erp" / "entries.csv")


@pytest.mark.parametrize("seed", [20261012, 7])
def test_our_import_concludes_what_the_erp_did(house: House, seed: int) -> None:
    house.hand_over()
    step = house.step(seed=seed)
    truth = truths(house.books)
    concluded = Counter((truth[no], effect) for no, effect in house.take(step))
    assert dict(concluded.keys()) == {known: CONCLUDED[known] for known in set(truth.values())}
    assert sum(concluded.values()) == len(truth)
    verify(house.workspace).require()


def test_every_kind_of_truth_occurs_with_the_demo_s_seed(house: House) -> None:
    house.hand_over()
    house.step()
    assert set(truths(house.books).values()) == set(CONCLUDED)


def test_what_was_late_is_booked_a_step_later(house: House) -> None:
    house.hand_over()
    first = house.step()
    assert first.late
    house.take(first)
    before = {no for no, known in truths(house.books).items() if known == "late"}
    second = house.step(LATER)
    assert second.late == 0
    effects = dict(house.take(second))
    assert {effects.get(no, "booked") for no in before} == {"booked"}
    # What went out with its own taking back shows nothing; only a receipt can tell of it.
    assert house.rows(NOT_BOOKED) == []
    # The ERP has money left of the claim that it got a tenth of from elsewhere.
    known = truths(house.books)
    assert [no for no, effect in effects.items() if effect == "held" and no in known] == []
    verify(house.workspace).require()


def test_nothing_handed_over_is_nothing_booked(house: House) -> None:
    step = house.step()
    assert (step.booked, step.late) == (0, 0)
    effects = Counter(effect for _, effect in house.take(step))
    assert not effects["booked"]
    verify(house.workspace).require()


def digests(*folders: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for folder in folders
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_day_again_changes_nothing(house: House) -> None:
    house.hand_over()
    house.step()
    erp = house.workspace.folder / "erp"
    before = digests(house.books, erp)
    house.step()
    assert digests(house.books, erp) == before
    assert not list((house.workspace.folder / "outbox" / "erp").iterdir())


def test_a_torn_step_is_done_again(house: House) -> None:
    """Stopped while it wrote, or before the files left the outbox: the same books after."""
    house.hand_over()
    outbox = house.workspace.folder / "outbox" / "erp"
    kept = house.books.with_name("kept")
    shutil.copytree(outbox, kept)
    house.step()
    whole = digests(house.books)
    path = Books(house.books).path
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    shutil.copytree(kept, outbox, dirs_exist_ok=True)
    house.step()
    assert digests(house.books) == whole
    shutil.copytree(kept, outbox, dirs_exist_ok=True)
    house.step()
    assert digests(house.books) == whole
    assert not list(outbox.iterdir())


def test_the_receipt_names_what_is_booked(house: House) -> None:
    house.hand_over()
    step = house.step()
    with step.receipt.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source, delimiter=";"))
    assert len(rows) == step.booked
    assert {row["status"] for row in rows} == {"booked"}
    vouchers = {no for (no,) in house.rows("SELECT document_no FROM voucher")}
    assert {row["voucher"] for row in rows} < vouchers
