"""Imports from the ERP and their undo are killed at random moments: whole, or not there."""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import shutil
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from workbench.collection import journal
from workbench.collection.erp_exchange import import_entries, undo_import
from workbench.collection.suggest import suggest
from workbench.collection.validate import validate
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.undo.undoing import AlreadyUndoneError
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

DAY = dt.date(2026, 10, 12)

#: Entries that are new in the file, so many that they are staged.
NEW = 10_500

MAPPING = MappingText(
    "entries",
    """
[file]
delimiter = ","
decimal = "."
thousands = ""
date = "%Y-%m-%d"
credit_sign = "negative"

[columns]
erp_entry_no = "entry"
customer_no = "no"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
on_hold = "hold"
""",
)

#: What a state of the books comes to, without identifiers and times.
FACTS = (
    """SELECT erp_entry_no, erp_revision, kind, e.posting_date, on_hold, e.amount_minor,
              (SELECT sum(amount_minor) FROM entry_effect WHERE entry_id = e.entry_id),
              (SELECT reason FROM entry_withdrawal AS w WHERE w.entry_id = e.entry_id)
       FROM entry AS e ORDER BY 1, 2, 3, 4, 6""",
    "SELECT document_no, posting_date, text FROM voucher ORDER BY 1",
    """SELECT account_no, posting_date, count(*), sum(amount_minor) FROM posting
       GROUP BY 1, 2 ORDER BY 1, 2""",
    """SELECT kind, posting_date, count(*), sum(amount_minor) FROM application
       GROUP BY 1, 2 ORDER BY 1, 2""",
    "SELECT reference, status, stop_reason, amount_minor FROM collection_line ORDER BY 1",
    "SELECT collection_line_id, voided IS NULL FROM approval ORDER BY 1",
    "SELECT purpose, mode, as_of, effects FROM erp_import ORDER BY import_id",
    "SELECT count(*), max(reason) FROM erp_import_undo",
    "SELECT name, sha256 FROM source_file ORDER BY 2",
)

Facts = list[list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Step:
    """A step, the workspace before it, how long it takes and what it comes to."""

    before: Path
    do: Callable[[Workspace], object]
    seconds: float
    found: Facts
    ended: Facts


def facts(workspace: Workspace) -> Facts:
    with workspace.read() as reader:
        return [reader.rows(question) for question in FACTS]


def write_file(workspace: Workspace, path: Path) -> Path:
    """All that is open in the ERP a week later: settled, halved, told anew, held, new."""
    with workspace.read() as reader:
        known = reader.rows(
            "SELECT erp_entry_no, customer_no, e.kind, document_no, document_date, due_date, "
            "amount_minor, currency FROM entry AS e JOIN customer USING (customer_id) "
            "WHERE e.kind IN ('invoice', 'credit_note') ORDER BY entry_id"
        )
    lines = ["entry,no,kind,document,date,due,amount,remaining,currency,hold"]
    for n, (number, no, kind, document, date, due, minor, currency) in enumerate(known):
        amount = minor + (100 if n % 5 == 2 and minor > 0 else 0)
        left = amount // 2 if n % 5 == 1 else amount
        if n % 5:
            hold = "yes" if n % 5 == 3 else "no"
            lines.append(
                f"{number},{no},{kind},{document},{date},{due},{amount / 100:.2f},"
                f"{left / 100:.2f},{currency},{hold}"
            )
    lines += [
        f"N{n},{known[n % len(known)][1]},invoice,N{n},2026-10-10,2026-12-01,"
        f"{n + 100}.00,{n + 100}.00,DKK,no"
        for n in range(NEW)
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def take(workspace: Workspace, *, path: Path) -> None:
    result = import_entries(workspace, path, mapping=MAPPING, as_of=DAY, full=True)
    assert result.outcome in {"accepted", "read_before"}, result.problems


def take_back(workspace: Workspace, *, import_id: int) -> None:
    with suppress(AlreadyUndoneError):
        undo_import(workspace, import_id, reason="Wrong file", as_of=DAY)


@pytest.fixture
def context() -> ForkServerContext:
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(["workbench.collection.erp_exchange"])
    return found


@pytest.fixture
def steps(
    at_stage: Callable[[str], Workspace], tmp_path: Path, context: ForkServerContext
) -> tuple[Step, Step]:
    """The import and its undo, as nobody interrupts them."""
    workspace = at_stage("open")
    suggest(workspace, system="BS", as_of=DAY)
    validate(workspace, as_of=DAY)
    with workspace.read() as reader:
        lines = journal.lines(reader)
    valid = lines.filter(lines["status"] == "valid").select("collection_line_id", "version")
    journal.approve(workspace, valid.rows()[::2], as_of=DAY)
    path = write_file(workspace, tmp_path / "open.csv")
    importing = measured(workspace, partial(take, path=path), tmp_path / "import", context)
    with workspace.read() as reader:
        import_id = reader.value("SELECT max(import_id) FROM erp_import")
    undoing = measured(
        workspace, partial(take_back, import_id=import_id), tmp_path / "undo", context
    )
    return importing, undoing


def plain(folder: Path) -> Workspace:
    """The workspace with a clock that another process can have."""
    return Workspace(folder)


def measured(
    workspace: Workspace,
    do: Callable[[Workspace], object],
    before: Path,
    context: ForkServerContext,
) -> Step:
    shutil.copytree(workspace.folder, before)
    found = facts(workspace)
    start = time.monotonic()
    process = started(context, do, workspace.folder)
    process.join(60)
    seconds = time.monotonic() - start
    assert process.exitcode == 0
    ended = facts(workspace)
    assert ended != found
    return Step(before, do, seconds, found, ended)


def started(context: ForkServerContext, do: Callable[[Workspace], object], folder: Path) -> Any:
    """The step in a process of its own."""
    assert isinstance(do, partial)
    if do.func is take:
        target: Any = import_entries
        arguments = {"mapping": MAPPING, "as_of": DAY, "full": True, **do.keywords}
    else:
        target = undo_import
        arguments = {"reason": "Wrong file", "as_of": DAY, **do.keywords}
    process = context.Process(target=target, args=(plain(folder),), kwargs=arguments)
    process.start()
    return process


def play(step: Step, folder: Path, *, chance: random.Random, context: ForkServerContext) -> str:
    """Kill the step once, look, and run it again; whether it was there already."""
    shutil.copytree(step.before, folder)
    process = started(context, step.do, folder)
    time.sleep(chance.uniform(0, step.seconds * 1.1))
    process.kill()
    process.join()
    workspace = open_workspace(folder)
    assert not list((folder / "staging").iterdir())
    found = facts(workspace)
    assert found in (step.found, step.ended), "between before and after"
    assert verify(workspace).holds
    step.do(workspace)
    assert facts(workspace) == step.ended
    assert verify(workspace).holds
    shutil.rmtree(folder)
    return "before" if found == step.found else "after"


def rounds(
    steps: tuple[Step, Step], folder: Path, context: ForkServerContext, *, count: int, seed: int
) -> set[str]:
    chance = random.Random(seed)
    return {
        play(step, folder / f"{count}-{number}-{n}", chance=chance, context=context)
        for number in range(count)
        for n, step in enumerate(steps)
    }


def test_a_killed_import_or_undo_is_whole_or_not_there(
    steps: tuple[Step, Step], tmp_path: Path, context: ForkServerContext
) -> None:
    assert "before" in rounds(steps, tmp_path, context, count=3, seed=20261012)


@pytest.mark.long
def test_many_kills_of_imports_and_undos(
    steps: tuple[Step, Step], tmp_path: Path, context: ForkServerContext
) -> None:
    assert rounds(steps, tmp_path, context, count=40, seed=7) == {"before", "after"}
