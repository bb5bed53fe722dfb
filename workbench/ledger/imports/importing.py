"""Files from the ERP: read, judged as a whole, and taken over in one step or not at all.

A file with a fatal problem or an error is refused: money and statuses stay as they are, the
attempt and the bytes are kept. The same bytes again are nothing to do. A dry run tells what
would happen and keeps nothing, not even the attempt.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import polars as pl

from workbench.ledger.files import mapping as mappings
from workbench.ledger.files.fields import Field
from workbench.ledger.files.rows import read_rows
from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports.effects import no_effects, summary
from workbench.ledger.periods import Rolled
from workbench.model.problems import Problem, Severity
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.transaction import StaleViewError, Transaction, again_when_stale
from workbench.store.workspace import Workspace

Outcome = Literal["accepted", "refused", "dry_run", "read_before"]

#: Errors that say what a file would do, not what is wrong in it: a person may confirm them.
CONFIRMABLE = frozenset({"erp_full_too_few"})

#: A full file holds all that is open as of its day.
Mode = Literal["full", "delta"]


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
        seq: The recorded time of what this rests on; give it as `as_seen` to accept exactly
            what was previewed.
        stopped: Unsent lines that were stopped.
        as_of: The day of the file.
        rolled: Set where the voucher's day lies in a closed period, with the one used.
        confirmed: Why a person takes the file in spite of what may be confirmed; else empty.
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
    effects: pl.DataFrame = field(default_factory=no_effects, compare=False)
    mode: Mode = "delta"
    import_id: int | None = None
    seq: int | None = None
    stopped: int = 0
    as_of: dt.date | None = None
    rolled: Rolled | None = None
    confirmed: str = ""

    @property
    def clean(self) -> bool:
        """Whether nothing stops the file: no fatal problem, no error that nobody confirmed."""
        waived = CONFIRMABLE if self.confirmed else frozenset()
        return not {problem.code for problem in _stopping(self.problems)} - waived

    @property
    def confirmable(self) -> bool:
        """Whether a person's reason is all that is missing."""
        return not self.clean and replace(self, confirmed="-").clean


@dataclass(frozen=True, slots=True)
class Source:
    """What an accepted file's rows point at, and the identifiers that they may use."""

    file_id: int
    import_id: int
    voucher_id: int
    first_id: int
    as_of: dt.date
    run_id: int | None = None
    actor: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """The voucher of an import, where it has one, and how many unsent lines it stopped."""

    document_no: str | None
    posting_date: dt.date | None
    stopped: int = 0
    rolled: Rolled | None = None


class Plan(Protocol):
    """What a file would do to the workspace as it stands."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What the workspace, or the rows together, have against it."""

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows by `new`, `equal`, `changed`, and by what else may become of them."""

    @property
    def sums(self) -> Mapping[str, int]:
        """Minor units of new entries by currency."""

    def write(self, transaction: Transaction, source: Source) -> Posted | None:
        """Do it; the voucher, where one was posted."""


@runtime_checkable
class BulkPlan(Protocol):
    """A plan that tells what becomes of each entry, and whose rows may be very many."""

    @property
    def effects(self) -> pl.DataFrame:
        """Rows of `EFFECTS`."""

    @property
    def ids(self) -> int:
        """Identifiers that its rows need."""

    def prepared(self, reader: Reader, source: Source) -> tuple[Plan, dict[str, pl.DataFrame]]:
        """The plan with all its rows, and those to stage, by table.

        Raises:
            NoOpenPeriodError: Nothing is open from the day of the file on.
        """


@dataclass(frozen=True, slots=True)
class Purpose:
    """One kind of file: its format's name, its fields, and how it is judged."""

    format: str
    fields: tuple[Field, ...]
    plan: Callable[[Reader, ErpTable, mappings.FileMapping], Plan]
    dimensions: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    """An import that was asked for, and what its file says."""

    purpose: Purpose
    mode: Mode
    as_of: dt.date
    mapping: mappings.FileMapping
    content: bytes
    sha256: str
    table: ErpTable
    run_id: int | None
    as_seen: int | None
    confirmed: str


def run(
    workspace: Workspace,
    path: Path,
    *,
    purpose: Purpose,
    mapping: Path | mappings.MappingText,
    as_of: dt.date,
    dry_run: bool,
    run_id: int | None,
    mode: Mode = "delta",
    as_seen: int | None = None,
    confirmed: str = "",
) -> ErpImport:
    """Import a file, or tell what an import would do.

    Raises:
        BadMappingError: The mapping cannot be used.
        NoOpenPeriodError: Entries are to be posted and no period is open from `as_of` on.
        StaleViewError: Something was written since `as_seen`.
    """
    notation = mappings.of(mapping, known=purpose.fields, dimensions=purpose.dimensions)
    content = path.read_bytes()
    sha256 = archive.digest(content)
    blank = ErpImport(path.name, sha256, purpose.format, "read_before", mode=mode, as_of=as_of)
    with workspace.read() as reader:
        if _read_before(reader, blank):
            return blank
    table = read_rows(
        content,
        name=path.name,
        mapping=notation,
        known=purpose.fields,
        base_currency=workspace.settings.currency,
    )
    asked = _Asked(
        purpose, mode, as_of, notation, content, sha256, table, run_id=run_id, as_seen=as_seen,
        confirmed=confirmed.strip(),
    )  # fmt: skip
    if dry_run:
        with workspace.read() as reader:
            return _judged(reader, blank, asked)[1]
    # What nobody has seen may be judged anew when somebody writes in between.
    accept = _accept if as_seen is not None else again_when_stale(_accept)
    return accept(workspace, blank, asked)


def _judged(reader: Reader, blank: ErpImport, asked: _Asked) -> tuple[Plan, ErpImport]:
    """What the file would do to the workspace as the reader sees it."""
    plan = asked.purpose.plan(reader, asked.table, asked.mapping)
    problems = [*asked.table.problems, *plan.problems]
    other = _other_purpose(reader, blank)
    if other is not None:
        problems.append(Problem("erp_read_as_other", {"found": other}, source=blank.name))
    needed = any(problem.code in CONFIRMABLE for problem in problems)
    return plan, replace(
        blank,
        outcome="dry_run",
        counts=plan.counts,
        sums=plan.sums,
        problems=tuple(sorted(problems, key=lambda p: (p.line or 0, p.column or 0))),
        confirmed=asked.confirmed if needed else "",
        effects=plan.effects if isinstance(plan, BulkPlan) else no_effects(),
        seq=reader.seq,
    )


def _accept(workspace: Workspace, blank: ErpImport, asked: _Asked) -> ErpImport:
    """Take the file over in one step, or keep the attempt when it is refused."""
    staged: dict[str, pl.DataFrame] = {}
    with workspace.read() as reader:
        if asked.as_seen is not None and reader.seq != asked.as_seen:
            raise StaleViewError
        if _read_before(reader, blank):
            return blank
        plan, judged = _judged(reader, blank, asked)
        source = _source(workspace, reader, plan, asked)
        if judged.clean and isinstance(plan, BulkPlan):
            plan, staged = plan.prepared(reader, source)
    archive.keep(workspace, asked.content)
    with workspace.transaction(
        f"import_{blank.purpose}",
        # To take a file in spite of a problem is to approve it.
        role="approve" if judged.confirmed else "prepare",
        run_id=asked.run_id,
        staged=staged,
        as_seen=judged.seq,
        file=blank.name,
        sha256=blank.sha256,
        mode=blank.mode,
    ) as writer:
        if judged.confirmed:
            writer.note(confirmed=judged.confirmed)
        if not judged.clean:
            refused = replace(judged, outcome="refused")
            _keep_attempt(writer, refused)
            return refused
        result = replace(
            judged, outcome="accepted", seq=writer.number, import_id=source.import_id
        )
        _keep_file(writer, result, asked, source)
        _keep_import(writer, result, asked, source)
        _keep_attempt(writer, result)
        posted = plan.write(writer, source) or Posted(None, None)
        writer.note(stopped=posted.stopped)
        return replace(
            result,
            document_no=posted.document_no,
            posting_date=posted.posting_date,
            rolled=posted.rolled,
            stopped=posted.stopped,
        )


def _source(workspace: Workspace, reader: Reader, plan: Plan, asked: _Asked) -> Source:
    """What rows point at; bytes that were imported before keep their file's identifier."""
    wanted = plan.ids if isinstance(plan, BulkPlan) else 2 * asked.table.values.height
    first_id = workspace.draw_ids(3 + wanted)
    known = reader.value("SELECT file_id FROM source_file WHERE sha256 = ?", [asked.sha256])
    return Source(
        file_id=first_id if known is None else int(known),
        import_id=first_id + 1,
        voucher_id=first_id + 2,
        first_id=first_id + 3,
        as_of=asked.as_of,
        run_id=asked.run_id,
        actor=workspace.actor,
    )


#: A full file is another one on another day: what it does not name says something then.
_READ_BEFORE = """
SELECT EXISTS (
    SELECT 1 FROM source_file JOIN erp_import AS i USING (file_id)
    WHERE sha256 = :sha256 AND i.purpose = :purpose AND i.mode = :mode
      AND (i.mode = 'delta' OR i.as_of = :as_of)
      AND NOT EXISTS (SELECT 1 FROM erp_import_undo AS u WHERE u.import_id = i.import_id)
) OR (:mode = 'delta' AND EXISTS (  -- by a version that kept no record of imports
    SELECT 1 FROM source_file AS f WHERE sha256 = :sha256 AND format = :purpose
      AND NOT EXISTS (SELECT 1 FROM erp_import AS i WHERE i.file_id = f.file_id)
))
"""


def _read_before(reader: Reader, blank: ErpImport) -> bool:
    assert blank.as_of is not None
    parameters = {
        "sha256": blank.sha256,
        "purpose": blank.purpose,
        "mode": blank.mode,
        "as_of": blank.as_of.isoformat(),
    }
    return bool(reader.value(_READ_BEFORE, parameters))


def _other_purpose(reader: Reader, blank: ErpImport) -> str | None:
    found = reader.value("SELECT format FROM source_file WHERE sha256 = ?", [blank.sha256])
    return None if found in {None, blank.purpose} else str(found)


def _keep_file(writer: Transaction, result: ErpImport, asked: _Asked, source: Source) -> None:
    found = "SELECT count(*) FROM source_file WHERE file_id = ?"
    if writer.value(found, [source.file_id]):
        return
    row = {
        "file_id": source.file_id,
        "sha256": result.sha256,
        "name": result.name,
        "bytes": len(asked.content),
        "lines": asked.table.lines,
        "format": result.purpose,
        "direction": "in",
    }
    writer.append("source_file", pl.DataFrame([row]))


def _keep_import(writer: Transaction, result: ErpImport, asked: _Asked, source: Source) -> None:
    """Record that the file was accepted, and what came of it."""
    effects = {
        "counts": dict(result.counts),
        "sums": dict(result.sums),
        "effects": summary(result.effects).to_dicts(),
    }
    if result.confirmed:
        effects["confirmed"] = result.confirmed
    row = {
        "import_id": source.import_id,
        "file_id": source.file_id,
        "purpose": result.purpose,
        "mode": result.mode,
        "as_of": asked.as_of.isoformat(),
        "mapping": asked.mapping.text,
        "effects": json.dumps(effects, ensure_ascii=False),
        "run_id": asked.run_id,
        "actor": writer.step.actor,
    }
    writer.append("erp_import", pl.DataFrame([row], schema_overrides={"run_id": pl.Int64}))


def _keep_attempt(writer: Transaction, result: ErpImport) -> None:
    row = {
        "attempt_id": writer.draw_ids(1),
        "sha256": result.sha256,
        "name": result.name,
        "purpose": result.purpose,
        "outcome": result.outcome,
        "reason": ", ".join(sorted({p.code for p in _stopping(result.problems)})),
        "problems": json.dumps([p.as_json() for p in result.problems], ensure_ascii=False),
    }
    writer.append("file_attempt", pl.DataFrame([row]))
    writer.note(outcome=result.outcome, counts=dict(result.counts), sums=dict(result.sums))


def _stopping(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity is not Severity.WARNING]
