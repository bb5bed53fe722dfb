"""Files from the ERP: read, judged as a whole, and taken over in one step or not at all.

A file with a fatal problem or an error is refused: money and statuses stay as they are, the
attempt and the bytes are kept. The same bytes again are nothing to do. A dry run tells what
would happen and keeps nothing, not even the attempt.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

import polars as pl

from workbench.ledger import mapping as mappings
from workbench.ledger.erp_effects import no_effects
from workbench.ledger.erp_fields import Field
from workbench.ledger.erp_rows import read_rows
from workbench.ledger.erp_table import ErpTable
from workbench.model.money import EXPONENTS
from workbench.model.problems import Problem, Severity, worst
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

Outcome = Literal["accepted", "refused", "dry_run", "read_before"]

#: A full file holds all that is open as of its day.
Mode = Literal["full", "delta"]

#: Identifiers that an import draws beside two for each row: file, attempt, voucher, and one
#: transfer posting per currency.
_IDS_BESIDE = 3 + len(EXPONENTS)


@dataclass(frozen=True, slots=True)
class ErpImport:
    """What came of a file from the ERP.

    Attributes:
        name: The file, without folders.
        purpose: `erp_customers`, `erp_entries` or `erp_agreements`.
        counts: Rows that are `new`, `equal` to what is known, or `changed`; what would be,
            when the file was refused or the run was dry.
        sums: Minor units of the new entries by currency, in ledger view.
        document_no: The voucher that was posted; None when none was.
        posting_date: Its date.
        effects: Rows of `EFFECTS`, one per entry that the file touches or misses.
        mode: Whether the file says to hold all open entries, or some.
        import_id: What was accepted; None when nothing was.
        seq: The recorded time of what this rests on; accept what was previewed with it.
        stopped: Unsent lines that were stopped.
    """

    name: str
    sha256: str
    purpose: str
    outcome: Outcome
    counts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    document_no: str | None = None
    posting_date: dt.date | None = None
    effects: pl.DataFrame = field(default_factory=no_effects)
    mode: Mode = "delta"
    import_id: int | None = None
    seq: int | None = None
    stopped: int = 0

    @property
    def clean(self) -> bool:
        """Whether nothing stops the file: no fatal problem and no error."""
        return worst(self.problems) not in (Severity.FATAL, Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Source:
    """What an accepted file's rows point at, and the identifiers that they may use."""

    file_id: int
    voucher_id: int
    first_id: int
    as_of: dt.date


@dataclass(frozen=True, slots=True)
class Posted:
    """The voucher of an import."""

    document_no: str
    posting_date: dt.date


class Plan(Protocol):
    """What a file would do to the workspace as it stands."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the workspace, or the rows together, have against it."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows by `new`, `equal`, `changed`."""

    @property
    def sums(self) -> Mapping[str, int]:
        """Minor units of new entries by currency."""

    def write(self, transaction: Transaction, source: Source) -> Posted | None:
        """Do it; the voucher, where one was posted."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """One kind of file: its format's name, its fields, and how it is judged."""

    format: str
    fields: tuple[Field, ...]
    plan: Callable[[Reader, ErpTable, mappings.FileMapping], Plan]
    dimensions: bool = False


def run(
    workspace: Workspace,
    path: Path,
    *,
    purpose: Purpose,
    mapping: Path,
    as_of: dt.date,
    dry_run: bool,
    run_id: int | None,
) -> ErpImport:
    """Import a file, or tell what an import would do.

    Raises:
        BadMappingError: The mapping cannot be used.
        NoOpenPeriodError: Entries are to be posted and no period is open from `as_of` on.
    """
    notation = mappings.load(mapping, known=purpose.fields, dimensions=purpose.dimensions)
    content = path.read_bytes()
    sha256 = archive.digest(content)
    blank = ErpImport(path.name, sha256, purpose.format, "read_before")
    with workspace.read() as reader:
        if _format_read(reader, sha256) == purpose.format:
            return blank
    table = read_rows(content, name=path.name, mapping=notation, known=purpose.fields)
    if dry_run:
        with workspace.read() as reader:
            plan = purpose.plan(reader, table, notation)
            problems = _all_problems(reader, table, plan, sha256)
            return _result(blank, "dry_run", plan, problems)
    archive.keep(workspace, content)
    first_id = workspace.draw_ids(_IDS_BESIDE + 2 * table.values.height)
    source = Source(first_id, first_id + 2, first_id + 3, as_of)
    step = f"import_{purpose.format}"
    with workspace.transaction(
        step, role="prepare", run_id=run_id, file=path.name, sha256=sha256
    ) as writer:
        if _format_read(writer, sha256) == purpose.format:
            return blank
        plan = purpose.plan(writer, table, notation)
        result = _result(blank, "accepted", plan, _all_problems(writer, table, plan, sha256))
        if not result.clean:
            result = _result(blank, "refused", plan, result.problems)
            _keep_attempt(writer, result, attempt_id=first_id + 1)
            return result
        _keep_file(writer, result, file_id=first_id, bytes_=len(content), lines=table.lines)
        _keep_attempt(writer, result, attempt_id=first_id + 1)
        posted = plan.write(writer, source)
        return _result(blank, "accepted", plan, result.problems, posted=posted)


def _format_read(reader: Reader, sha256: str) -> str | None:
    found = reader.value("SELECT format FROM source_file WHERE sha256 = ?", [sha256])
    return None if found is None else str(found)


def _all_problems(
    reader: Reader, table: ErpTable, plan: Plan, sha256: str
) -> tuple[Problem, ...]:
    problems = [*table.problems, *plan.problems]
    other = _format_read(reader, sha256)
    if other is not None:
        problems.append(Problem("erp_read_as_other", {"found": other}, source=table.name))
    return tuple(sorted(problems, key=lambda p: (p.line or 0, p.column or 0)))


def _result(
    blank: ErpImport,
    outcome: Outcome,
    plan: Plan,
    problems: tuple[Problem, ...],
    *,
    posted: Posted | None = None,
) -> ErpImport:
    return ErpImport(
        name=blank.name,
        sha256=blank.sha256,
        purpose=blank.purpose,
        outcome=outcome,
        counts=plan.counts,
        sums=plan.sums,
        problems=problems,
        document_no=posted.document_no if posted else None,
        posting_date=posted.posting_date if posted else None,
    )


def _keep_file(
    writer: Transaction, result: ErpImport, *, file_id: int, bytes_: int, lines: int
) -> None:
    row = {
        "file_id": file_id,
        "sha256": result.sha256,
        "name": result.name,
        "bytes": bytes_,
        "lines": lines,
        "format": result.purpose,
        "direction": "in",
    }
    writer.append("source_file", pl.DataFrame([row]))


def _keep_attempt(writer: Transaction, result: ErpImport, *, attempt_id: int) -> None:
    stopping = [p for p in result.problems if p.severity is not Severity.WARNING]
    row = {
        "attempt_id": attempt_id,
        "sha256": result.sha256,
        "name": result.name,
        "purpose": result.purpose,
        "outcome": result.outcome,
        "reason": ", ".join(sorted({problem.code for problem in stopping})),
        "problems": json.dumps([p.as_json() for p in result.problems], ensure_ascii=False),
    }
    writer.append("file_attempt", pl.DataFrame([row]))
    writer.note(outcome=result.outcome, counts=dict(result.counts), sums=dict(result.sums))
