"""A file that comes in: kept, identified, judged, and then read by whoever knows its kind.

Nothing of a file changes money or a status unless the whole file may be accepted. The
attempt, its reason and the bytes are kept in any case.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import polars as pl

from workbench import io
from workbench.model.deliveries import Delivery
from workbench.model.problems import Problem, Severity
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.people import Role
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Acceptance:
    """A person's decision to take a file in spite of problems of some codes."""

    codes: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class Import:
    """What came of a file.

    Attributes:
        outcome: accepted, waiting (for a person), refused, or read_before.
        counts: Numbers that the kind of file brings, such as its outcomes.
    """

    name: str
    sha256: str
    format: str | None
    outcome: str
    reason: str
    problems: tuple[Problem, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that may be accepted, ready for the room that knows its kind."""

    name: str
    sha256: str
    file_id: int
    delivery: Delivery
    problems: tuple[Problem, ...]
    acceptance: Acceptance | None

    @property
    def role(self) -> Role:
        """What importing it takes: to take a file in spite of problems is to approve it."""
        return "prepare" if self.acceptance is None else "approve"


def receive(
    workspace: Workspace,
    content: bytes,
    *,
    name: str,
    acceptance: Acceptance | None = None,
    run_id: int | None = None,
) -> Incoming | Import:
    """Keep, identify and judge a file.

    Returns:
        The file ready to be imported, or what came of it when it cannot be.
    """
    sha256 = archive.keep(workspace, content)
    with workspace.read() as reader:
        before = _read_before(reader, sha256)
    if before is not None:
        problem = Problem("read_before", {"name": name, "before": before}, name)
        return refuse(workspace, name, sha256, [problem], outcome="refused", run_id=run_id)
    reading = io.read(content, name=name)
    delivery = reading.value
    problems = list(reading.problems)
    if delivery is not None:
        with workspace.read() as reader:
            problems += _delivery_problems(reader, delivery, name)
    refused = [p for p in problems if p.severity is Severity.FATAL]
    if refused or delivery is None:
        return refuse(workspace, name, sha256, problems, outcome="refused", run_id=run_id)
    open_codes = unaccepted(problems, acceptance)
    if open_codes:
        return refuse(workspace, name, sha256, problems, outcome="waiting", run_id=run_id)
    return Incoming(name, sha256, workspace.draw_ids(1), delivery, tuple(problems), acceptance)


def unaccepted(problems: list[Problem], acceptance: Acceptance | None) -> set[str]:
    """The codes of errors that nobody has accepted."""
    accepted = acceptance.codes if acceptance else frozenset()
    return {p.code for p in problems if p.severity is Severity.ERROR} - accepted


def refuse(
    workspace: Workspace,
    name: str,
    sha256: str,
    problems: list[Problem],
    *,
    outcome: str,
    run_id: int | None,
    format_id: str | None = None,
) -> Import:
    """Note that a file was not accepted, and why."""
    gravest = min(problems, key=lambda p: list(Severity).index(p.severity))
    with workspace.transaction(
        f"file_{outcome}",
        role="prepare",
        run_id=run_id,
        file=name,
        sha256=sha256,
        code=gravest.code,
    ) as transaction:
        note_attempt(
            transaction, transaction.draw_ids(1), name, sha256,
            outcome=outcome, reason=gravest.code, problems=problems,
        )  # fmt: skip
    told = "read_before" if gravest.code == "read_before" else outcome
    return Import(name, sha256, format_id, told, gravest.code, tuple(problems))


def note_attempt(
    transaction: Transaction,
    attempt_id: int,
    name: str,
    sha256: str,
    *,
    outcome: str,
    reason: str,
    problems: list[Problem] | tuple[Problem, ...],
) -> None:
    """Keep that somebody gave us a file, and what came of it."""
    row = {
        "attempt_id": attempt_id,
        "sha256": sha256,
        "name": name,
        "purpose": "payment_center",
        "outcome": outcome,
        "reason": reason,
        "problems": json.dumps([p.as_stored() for p in problems[:1000]], ensure_ascii=False),
    }
    transaction.append("file_attempt", pl.DataFrame([row]))


def record_file(transaction: Transaction, incoming: Incoming) -> None:
    """Make an accepted file a fact: the file, its sections, the acceptance, the attempt."""
    delivery = incoming.delivery
    row = {
        "file_id": incoming.file_id,
        "sha256": incoming.sha256,
        "name": incoming.name,
        "bytes": delivery.source.bytes,
        "lines": delivery.source.lines,
        "format": delivery.format,
        "direction": "in",
        "delivery_no": delivery.id,
        "delivery_type": delivery.type,
        "supplier_no": delivery.supplier_no,
        "subsystem": delivery.subsystem,
        "created_on": _iso(delivery.created),
        "declared": json.dumps(asdict(delivery.declared)),
        "computed": json.dumps(asdict(delivery.computed)),
    }
    schema = {
        key: pl.Int64 if key in {"file_id", "bytes", "lines"} else pl.String for key in row
    }
    transaction.append("source_file", pl.DataFrame([row], schema=schema))
    transaction.execute_many(
        "INSERT INTO file_section VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                incoming.file_id,
                section.index,
                section.kind,
                section.creditor_no,
                section.debtor_group,
                section.rule,
                json.dumps(asdict(section.declared)),
                json.dumps(asdict(section.computed)),
                int(section.agrees),
            )
            for section in delivery.sections
        ],
    )
    _record_adjustments(transaction, incoming)
    _record_acceptance(transaction, incoming)
    note_attempt(
        transaction,
        transaction.draw_ids(1),
        incoming.name,
        incoming.sha256,
        outcome="accepted",
        reason="accepted by a person" if incoming.acceptance else "clean",
        problems=incoming.problems,
    )


#: Payment records whose digits a total counts though they move no money.
_NO_CASH = ("payment_rejected", "agreement_cancelled", "unknown")


def _record_adjustments(transaction: Transaction, incoming: Incoming) -> None:
    """Note what stands between each section's declared total and the sum of its lines."""
    lines = incoming.delivery.transactions
    paid = pl.col("amount_paid_minor").fill_null(0)
    sums = {
        section: (gross, abs(net), silent)
        for section, gross, net, silent in lines.group_by("section")
        .agg(
            paid.abs().sum().alias("gross"),
            paid.sum().alias("net"),
            (pl.col("kind").is_in(_NO_CASH) | pl.col("faulty")).any(),
        )
        .iter_rows()
    }
    rows = []
    for section in incoming.delivery.sections:
        gross, net, silent = sums.get(section.index, (0, 0, False))
        computed = section.computed.amount_minor or 0
        no_cash = computed - (net if section.rule == "net" else gross)
        assert silent or no_cash == 0, (section.index, no_cash)
        accepted = (section.declared.amount_minor or 0) - computed
        rows += [
            (incoming.file_id, section.index, kind, amount)
            for kind, amount in (("no_cash", no_cash), ("accepted", accepted))
            if amount != 0
        ]
    if not rows:
        return
    first = transaction.draw_ids(len(rows))
    columns = ["file_id", "section", "kind", "amount_minor"]
    frame = pl.DataFrame(rows, schema=columns, orient="row")
    ids = pl.int_range(first, first + len(rows), dtype=pl.Int64).alias("adjustment_id")
    transaction.append("total_adjustment", frame.select(ids, pl.all()))


def _record_acceptance(transaction: Transaction, incoming: Incoming) -> None:
    found = {p.code for p in incoming.problems if p.severity is Severity.ERROR}
    accepted = incoming.acceptance
    if accepted is None or not found & accepted.codes:
        return
    codes = sorted(found & accepted.codes)
    first = transaction.draw_ids(len(codes))
    rows = {
        "acceptance_id": [first + n for n in range(len(codes))],
        "sha256": [incoming.sha256] * len(codes),
        "code": codes,
        "reason": [accepted.reason] * len(codes),
        "actor": [transaction.step.actor] * len(codes),
    }
    transaction.append("problem_acceptance", pl.DataFrame(rows))


def read_meanwhile(reader: Reader, incoming: Incoming) -> Problem | None:
    """Whether somebody else imported the file, or its delivery, since it was received."""
    before = _read_before(reader, incoming.sha256)
    if before is not None:
        return Problem("read_before", {"name": incoming.name, "before": before}, incoming.name)
    problems = _delivery_problems(reader, incoming.delivery, incoming.name)
    return problems[0] if problems else None


def _read_before(reader: Reader, sha256: str) -> str | None:
    found = reader.rows(
        "SELECT f.name, e.at FROM source_file AS f JOIN audit_event AS e ON e.seq = f.recorded "
        "WHERE f.sha256 = ?",
        [sha256],
    )
    return f"{found[0][0]} ({found[0][1][:10]})" if found else None


def _delivery_problems(reader: Reader, delivery: Delivery, name: str) -> list[Problem]:
    problems = []
    if delivery.id is not None:
        twin = reader.value(
            "SELECT name FROM source_file WHERE direction = 'in' AND format = ? "
            "AND supplier_no IS ? AND subsystem IS ? AND delivery_no = ?",
            [delivery.format, delivery.supplier_no, delivery.subsystem, delivery.id],
        )
        if twin is not None:
            params = {"name": name, "delivery": delivery.id, "before": str(twin)}
            problems.append(Problem("delivery_read_before", params, name))
    known = {no for (no,) in reader.rows("SELECT creditor_no FROM creditor")}
    strangers = sorted({section.creditor_no for section in delivery.sections} - known)
    problems += [Problem("unknown_creditor", {"found": no}, name) for no in strangers]
    return problems


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()
