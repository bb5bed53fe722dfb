"""The demo: one month of a made-up Danish utility, run through the whole house.

Every step is the one that a real company would take, on a clock of its own: entries from the
ERP, suggestion, validation, approval, delivery, the practice center's answers, the jobs, the
report, and the day after it the hand-over to the ERP and what the ERP shows then. A step that
was done before changes nothing, so an interrupted demo goes on.
"""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from workbench.cli.demo_summary import summary
from workbench.cli.workspaces import finish, make
from workbench.collection import journal
from workbench.collection.agreements import import_agreements
from workbench.collection.deliveries import export
from workbench.collection.erp_exchange import import_entries
from workbench.collection.suggest import suggest
from workbench.collection.systems import only_system
from workbench.collection.validate import validate
from workbench.jobs.queue import add_defaults
from workbench.jobs.runner import run_job
from workbench.ledger.files import saved_mappings
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.files.mapping_sample import sample
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.importing import ErpImport
from workbench.practice.center import answer
from workbench.practice.company import CompanyFiles, write_company
from workbench.practice.erp import keep_books
from workbench.reports.hand_over import export_postings
from workbench.store.workspace import Workspace, open_workspace
from workbench.transport.folder import prepare, release

#: Makes the company, its month and the center's chances: the same for everybody.
SEED = 20261012

DELIVERED_ON = dt.date(2026, 10, 12)
RECEIPTS_ON = dt.date(2026, 10, 13)
#: Automatic payments of 3 November; slips through November; reversals on 1 December.
PAYMENTS_ON = (dt.date(2026, 11, 4), dt.date(2026, 11, 30))
REPORTED_ON = dt.date(2026, 12, 2)
#: The postings go to the ERP, and everything that is open there comes back.
EXCHANGED_ON = dt.date(2026, 12, 3)

_MARK = "demo_complete"

Say = Callable[[str], None]


class DemoInTheWayError(Exception):
    """The folder holds something that the demo did not make."""


class DemoStepError(Exception):
    """A step of the demo did not end as it must."""


def run_demo(folder: Path, *, fresh: bool, customers: int, say: Say) -> int:
    """Run the demo's month, or say what exists; the exit code.

    Args:
        folder: Where the demo company's workspace is.
        fresh: Delete the demo company and the practice center's books first.
        customers: How many customers a new demo company has.
        say: Prints a line.

    Raises:
        DemoInTheWayError: The folder holds something else.
        DemoStepError: A step failed; the workspace shows why.
    """
    books = folder.with_name(f"{folder.resolve().name}-practice")
    if fresh:
        _remove(folder)
        shutil.rmtree(books, ignore_errors=True)
    elif folder.exists() and any(folder.iterdir()) and not _is_demo(folder):
        raise DemoInTheWayError(
            f"{folder} is not empty and not the demo; choose another folder"
        )
    if (folder / "workbench.db").exists():
        workspace = open_workspace(folder, clock=_clock(EXCHANGED_ON))
        if _complete(workspace):
            say(f"The demo company is in {folder}; nothing was changed.")
            say(summary(workspace, as_of=REPORTED_ON))
            say("Start over with `make demo FRESH=1` or `workbench demo --fresh`.")
            return 0
    _month(folder, books, customers=customers, say=say)
    workspace = open_workspace(folder, clock=_clock(EXCHANGED_ON))
    say(summary(workspace, as_of=REPORTED_ON))
    return 0


def _month(folder: Path, books: Path, *, customers: int, say: Say) -> None:
    with _step(say, "The demo company and its ERP files"):
        files = write_company(folder / "erp", seed=SEED, customers=customers)
        workspace = _opened(folder, files)
        add_defaults(workspace)
    with _step(say, "Customers, agreements and open entries from the ERP"):
        _import_erp(workspace, files)
    with _step(say, "Suggest, validate and approve November's collections"):
        _approve(workspace)
    with workspace.read() as reader:
        system = only_system(reader)
    with _step(say, "Deliver to the payment center"):
        export(workspace, system=system, as_of=DELIVERED_ON)
    for day in (RECEIPTS_ON, *PAYMENTS_ON, REPORTED_ON):
        with _step(say, f"The center answers, {day:%d %b %Y}: import and match"):
            answer(workspace.outbox, workspace.inbox, books, as_of=day, seed=SEED)
            _run(workspace, "import_payments", day)
        if day in (*PAYMENTS_ON, REPORTED_ON):
            with _step(say, f"Post what is allowed, hold the rest, {day:%d %b %Y}"):
                _run(workspace, "post_journal", day)
    with _step(say, "Report and proof"):
        _run(workspace, "reconciliation_report", REPORTED_ON)
    with _step(say, "Hand the postings over to the ERP"):
        _hand_over(_at(workspace, EXCHANGED_ON))
    with _step(say, "The ERP books most of them and shows what is open: import and compare"):
        _compare(_at(workspace, EXCHANGED_ON), files, books)
    with _at(workspace, EXCHANGED_ON).transaction(
        "demo_complete", role="administer"
    ) as transaction:
        transaction.execute("INSERT INTO setting VALUES (?, '1')", [_MARK])


def _opened(folder: Path, files: CompanyFiles) -> Workspace:
    clock = _clock(DELIVERED_ON)
    if (folder / "workbench.db").exists():
        workspace = open_workspace(folder, clock=clock)
        finish(workspace, setup=files.setup)
        return workspace
    return make(
        folder, company="", language="en", currency="DKK", setup=files.setup, clock=clock
    )


def _import_erp(workspace: Workspace, files: CompanyFiles) -> None:
    for result in (
        import_customers(
            workspace, files.customers, mapping=files.customer_mapping, as_of=DELIVERED_ON
        ),
        import_agreements(
            workspace, files.agreements, mapping=files.agreement_mapping, as_of=DELIVERED_ON
        ),
        import_entries(
            workspace, files.entries, mapping=files.entry_mapping, as_of=DELIVERED_ON
        ),
    ):
        _require_taken(result)


def _hand_over(workspace: Workspace) -> None:
    handed_over = export_postings(workspace, mapping="plain_csv", as_of=EXCHANGED_ON)
    if not handed_over.clean:
        raise DemoStepError("the hand-over was refused")


def _compare(workspace: Workspace, files: CompanyFiles, books: Path) -> None:
    step = keep_books(
        workspace.outbox / "erp",
        files.entries.parent,
        books / "erp",
        opening=files.entries,
        as_of=EXCHANGED_ON,
        seed=SEED,
    )
    mapping = _saved(workspace, step.export, step.mapping)
    result = import_entries(
        workspace, step.export, mapping=mapping, as_of=EXCHANGED_ON, full=True
    )
    _require_taken(result)
    for path in (step.export, step.receipt):  # for whoever looks on in the screens
        release(prepare(workspace.inbox / "erp", path.name, path.read_bytes()))


def _saved(workspace: Workspace, export: Path, mapping: Path) -> MappingText:
    """The ERP's mapping, kept as a person would who confirmed it once."""
    text = mapping.read_text(encoding="utf-8")
    fingerprint = sample(export.read_bytes(), name=export.name).fingerprint
    saved_mappings.save(
        workspace, purpose="entries", name=mapping.stem, text=text, fingerprint=fingerprint
    )
    return MappingText(mapping.stem, text)


def _require_taken(result: ErpImport) -> None:
    if not result.clean:
        raise DemoStepError(f"{result.name} was refused")


def _approve(workspace: Workspace) -> None:
    with workspace.read() as reader:
        system = only_system(reader)
        sent = reader.value("SELECT count(*) FROM delivery")
    if sent:
        return
    suggest(workspace, system=system, as_of=DELIVERED_ON)
    validate(workspace, as_of=DELIVERED_ON)
    with workspace.read() as reader:
        lines = journal.lines(reader)
    valid = lines.filter(lines["status"] == "valid")
    seen = list(valid.select("collection_line_id", "version").iter_rows())
    journal.approve(workspace, seen, as_of=DELIVERED_ON)


def _run(workspace: Workspace, job: str, day: dt.date) -> None:
    result = run_job(_at(workspace, day), job, {}, as_of=day)
    if not result.is_clean:
        said = result.report.summary if result.report else result.message
        raise DemoStepError(f"{job} of {day}: {said}")


def _at(workspace: Workspace, day: dt.date) -> Workspace:
    return replace(workspace, clock=_clock(day))


def _clock(day: dt.date) -> Callable[[], dt.datetime]:
    moment = dt.datetime.combine(day, dt.time(8), dt.UTC)
    return lambda: moment


def _complete(workspace: Workspace) -> bool:
    with workspace.read() as reader:
        return reader.value("SELECT 1 FROM setting WHERE key = ?", [_MARK]) is not None


def _is_demo(folder: Path) -> bool:
    return (folder / "erp" / "customers.csv").exists()


def _remove(folder: Path) -> None:
    if not folder.exists():
        return
    if any(folder.iterdir()) and not _is_demo(folder):
        raise DemoInTheWayError(f"{folder} is not the demo; it was not deleted")
    for path in (folder / "archive").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    shutil.rmtree(folder)


@contextmanager
def _step(say: Say, words: str) -> Iterator[None]:
    say(f"  … {words}")
    start = time.monotonic()
    yield
    say(f"  ✓ {words} ({time.monotonic() - start:.1f} s)")
