"""Kill the workbench at random moments, start it again, and count what was lost or doubled.

A small company's month is run once without interruption. Each round then takes a copy of the
workspace as it was before one step, runs that step in a process of its own, ends the process
with SIGKILL at a random moment, looks, runs the step again, and compares everything with the
month that was not interrupted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from workbench.cli.workspaces import make
from workbench.collection import journal
from workbench.collection.agreements import import_agreements
from workbench.collection.decisions import allow_by_rule
from workbench.collection.deliveries import export
from workbench.collection.inbox import import_inbox
from workbench.collection.settlement import post_payments
from workbench.collection.suggest import suggest
from workbench.collection.systems import only_system
from workbench.collection.validate import validate
from workbench.jobs.runner import run_job
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.practice.center import answer
from workbench.practice.company import write_company
from workbench.practice.totals import totals
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

SEED = 20261012
DELIVERED_ON = dt.date(2026, 10, 12)
DAYS = (
    dt.date(2026, 10, 13),
    dt.date(2026, 11, 4),
    dt.date(2026, 11, 30),
    dt.date(2026, 12, 2),
)

#: What a state of the books comes to, without identifiers and times.
_FACTS = {
    "payment lines": "SELECT f.sha256, p.line, p.kind, p.amount_paid_minor, o.outcome, o.class "
    "FROM payment_line AS p JOIN source_file AS f USING (file_id) "
    "JOIN current_outcome AS o USING (payment_line_id) ORDER BY 1, 2",
    "files": "SELECT sha256, direction FROM source_file ORDER BY 1, 2",
    "postings": "SELECT account_no, bank_date, currency, count(*), sum(amount_minor) "
    "FROM posting GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "applications": "SELECT kind, count(*), sum(amount_minor) FROM application GROUP BY 1 "
    "ORDER BY 1",
    "vouchers": "SELECT journal, number, document_no FROM voucher ORDER BY 1, 2",
    "collections": "SELECT reference, status, amount_minor FROM collection_line "
    "ORDER BY 1, 2, 3",
    "deliveries": "SELECT delivery_no, state, count, amount_minor FROM delivery ORDER BY 1",
}

Facts = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the month: where it starts, how long it takes, what it comes to."""

    name: str
    day: dt.date
    snapshot: Path
    seconds: float
    before: Facts
    after: Facts


def act(name: str, folder: Path, day: dt.date) -> None:
    """Do one step; done before, it changes nothing."""
    workspace = open_workspace(folder, clock=_clock(day))
    if name == "export":
        with workspace.read() as reader:
            system = only_system(reader)
        export(workspace, system=system, as_of=day)
    elif name == "import":
        import_inbox(workspace, as_of=day)
        allow_by_rule(workspace)
    elif name == "post":
        post_payments(workspace, as_of=day)
    else:
        assert name == "job import_payments", name
        result = run_job(workspace, "import_payments", {}, as_of=day)
        assert result.is_clean, result


def in_process(ready: Connection, name: str, folder: Path, day: dt.date) -> None:
    """The step in a process of its own, which tells when it begins."""
    ready.send("begins")
    act(name, folder, day)


def facts(workspace: Workspace) -> Facts:
    """What the books say now."""
    with workspace.read() as reader:
        found = {name: reader.rows(question) for name, question in _FACTS.items()}
    found["outbox"] = [(path.name,) for path in sorted(workspace.outbox.glob("[!.]*"))]
    return found


def prepare(folder: Path, *, customers: int, context: ForkServerContext) -> list[Step]:
    """The month without interruption; the workspace is kept as it was before each step."""
    live = folder / "live"
    files = write_company(live / "erp", seed=SEED, customers=customers)
    workspace = make(
        live, company="", language="en", currency="DKK", setup=files.setup,
        clock=_clock(DELIVERED_ON),
    )  # fmt: skip
    as_of = DELIVERED_ON
    import_customers(workspace, files.customers, mapping=files.customer_mapping, as_of=as_of)
    import_agreements(workspace, files.agreements, mapping=files.agreement_mapping, as_of=as_of)
    import_entries(workspace, files.entries, mapping=files.entry_mapping, as_of=as_of)
    with workspace.read() as reader:
        system = only_system(reader)
    suggest(workspace, system=system, as_of=as_of)
    validate(workspace, as_of=as_of)
    with workspace.read() as reader:
        lines = journal.lines(reader)
    valid = lines.filter(lines["status"] == "valid")
    seen = list(valid.select("collection_line_id", "version").iter_rows())
    journal.approve(workspace, seen, as_of=as_of)
    steps = [_measured(context, workspace, "export", as_of)]
    for day in DAYS:
        answer(
            workspace.outbox, workspace.inbox, folder / "live-practice", as_of=day, seed=SEED
        )
        steps.append(_measured(context, workspace, "import", day))
        if day != DAYS[0]:
            steps.append(_measured(context, workspace, "post", day))
    _require_books(workspace, totals(folder / "live-practice", as_of=DAYS[-1]))
    return steps


def play(step: Step, folder: Path, *, chance: random.Random, context: ForkServerContext) -> str:
    """One round; when the kill came: before the step, in part of it, or after it.

    Raises:
        AssertionError: Something was lost or doubled, or stands between two states.
    """
    shutil.copytree(step.snapshot, folder)
    name = step.name
    _killed(context, name, folder, step.day, seconds=chance.uniform(0, step.seconds * 1.2))
    found = facts(Workspace(folder, clock=_clock(step.day)))
    _require_whole(Workspace(folder, clock=_clock(step.day)))
    when = next(
        (
            word
            for word, state in (("before", step.before), ("after", step.after))
            if state == found
        ),
        "between the files",
    )
    _finished(context, name, folder, step.day)
    workspace = open_workspace(folder, clock=_clock(step.day))
    _require_whole(workspace)
    ended = facts(workspace)
    for what, rows in step.after.items():
        assert ended[what] == rows, f"{name} of {step.day}: {what} differ"
    _require_tidy(workspace)
    shutil.rmtree(folder)
    return when


def main() -> int:
    """Run so many rounds and print the counts; the first difference ends the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--job-rounds", type=int, default=0, help="of the whole job, as well")
    parser.add_argument("--customers", type=int, default=120)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)  # noqa: S311  # moments, no secrets
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["workbench.cli.demo", "workbench.reports.verification", "workbench.jobs.execution"]
    )
    counts: Counter[tuple[str, str]] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = prepare(folder, customers=arguments.customers, context=context)
        jobs = [
            Step("job import_payments", s.day, s.snapshot, 3.0, s.before, s.after)
            for s in steps
            if s.name == "import" and s.day != DAYS[0]
        ]
        plan = [steps[n % len(steps)] for n in range(arguments.rounds)]
        plan += [jobs[n % len(jobs)] for n in range(arguments.job_rounds)]
        for number, step in enumerate(plan):
            when = play(step, folder / f"round-{number}", chance=chance, context=context)
            counts[step.name, when] += 1
    _print(counts)
    return 0


def _print(counts: Counter[tuple[str, str]]) -> None:
    found = [
        {"step": step, "found": when, "rounds": rounds}
        for (step, when), rounds in sorted(counts.items())
    ]
    document = {"rounds": counts.total(), "found": found}
    sys.stdout.write(json.dumps(document, indent=1) + "\n")


def _measured(
    context: ForkServerContext, workspace: Workspace, name: str, day: dt.date
) -> Step:
    snapshot = workspace.folder.with_name(f"{name}-{day}")
    shutil.copytree(workspace.folder, snapshot)
    before = facts(workspace)
    # Timed in a new process, as the rounds run it: a process that is warm is far quicker.
    seconds = _finished(context, name, workspace.folder, day)
    after = facts(workspace)
    assert after != before, f"{name} of {day} does nothing"
    return Step(name, day, snapshot, seconds, before, after)


def _killed(
    context: ForkServerContext, name: str, folder: Path, day: dt.date, *, seconds: float
) -> None:
    ours, theirs = context.Pipe()
    process = context.Process(target=in_process, args=(theirs, name, folder, day))
    process.start()
    assert ours.poll(60), "the step did not begin"
    time.sleep(seconds)
    process.kill()
    process.join()


def _finished(context: ForkServerContext, name: str, folder: Path, day: dt.date) -> float:
    """Run a step to its end; how many seconds it took."""
    ours, theirs = context.Pipe()
    process = context.Process(target=in_process, args=(theirs, name, folder, day))
    process.start()
    assert ours.poll(60), "the step did not begin"
    start = time.monotonic()
    process.join(120)
    assert process.exitcode == 0, f"{name} did not come to its end"
    return time.monotonic() - start


def _require_whole(workspace: Workspace) -> None:
    """Every identity and the audit log hold; vouchers are gapless; no line is there twice."""
    found = verify(workspace)
    assert found.holds, found.as_json()
    with workspace.read() as reader:
        twice = reader.rows(
            "SELECT file_id, line FROM payment_line GROUP BY 1, 2 HAVING count(*) > 1"
        )
        gaps = reader.rows(
            "SELECT journal FROM voucher GROUP BY 1 HAVING max(number) <> count(*)"
        )
    assert not twice, twice
    assert not gaps, gaps


def _require_tidy(workspace: Workspace) -> None:
    """Nothing half done is left lying, and no run is left running."""
    assert not list((workspace.folder / "staging").iterdir())
    assert not list(workspace.outbox.glob(".*.part"))
    with workspace.read() as reader:
        assert reader.value("SELECT count(*) FROM run WHERE state = 'running'") == 0


def _require_books(workspace: Workspace, books: dict[str, Any]) -> None:
    """What was read is what the practice center told."""
    with workspace.read() as reader:
        ours = dict(
            reader.rows("SELECT kind, sum(amount_paid_minor) FROM payment_line GROUP BY 1")
        )
    for kind, told in books["kinds"].items():
        assert ours.get(kind, 0) == told["paid_minor"], kind


def _clock(day: dt.date) -> Callable[[], dt.datetime]:
    moment = dt.datetime.combine(day, dt.time(8), dt.UTC)
    return lambda: moment


if __name__ == "__main__":
    sys.exit(main())
