"""The hand-over: postings go back to the ERP as numbered deliveries, each posting once.

The files are made and archived, the delivery is recorded in one step in which its number is
drawn, and only then do the files appear in the outbox. A crash leaves the delivery recorded
or not; what was recorded and did not appear yet appears with the next hand-over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover.content import (
    Content,
    Render,
    content_of_delivery,
    content_waiting,
)
from workbench.ledger.handover.files import finish_interrupted, outbox, put
from workbench.ledger.handover.layout import layout_of
from workbench.ledger.handover.record import record
from workbench.ledger.handover.waiting import (
    WAITING,
    WAITING_SETTLEMENTS,
    waiting,
    waiting_settlements,
)
from workbench.ledger.period_states import UnknownJournalError
from workbench.model.problems import Problem, Severity, worst
from workbench.store import archive
from workbench.store.transaction import StaleViewError
from workbench.store.workspace import Workspace

__all__ = [
    "WAITING",
    "WAITING_SETTLEMENTS",
    "HandedFile",
    "HandedOver",
    "Render",
    "UnknownHandoverError",
    "again",
    "finish_interrupted",
    "hand_over",
    "waiting",
    "waiting_settlements",
]


_HANDED_BACK = "SELECT handed_back FROM journal WHERE journal = ?"


class UnknownHandoverError(Exception):
    """There is no delivery of that number."""


class ChangedHandoverError(Exception):
    """A delivery made again is not what was handed over; says where it differs."""


@dataclass(frozen=True, slots=True)
class HandedFile:
    """One file of a delivery.

    Attributes:
        path: Where it lies in the outbox; None when nothing was written.
    """

    role: str
    name: str
    path: Path | None
    sha256: str
    lines: int


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A delivery, or why there is none.

    Attributes:
        number: Such as `HO-000001`; None when nothing waits, or problems stand in the way.
            In a dry run the number that it would have.
        totals: Currency, postings, debit_minor, credit_minor: of the file's own lines.
        settlements: How many instructions to settle it has.
        problems: What kept the delivery, or vouchers, back.
        staying: Document numbers of vouchers that wait on, since the format cannot hold them.
        seq: The recorded time at which this was read; as `as_seen` it accepts what was shown.
    """

    handover_id: int | None
    number: str | None
    files: tuple[HandedFile, ...]
    totals: pl.DataFrame
    settlements: int
    refunds: int
    problems: tuple[Problem, ...]
    staying: tuple[str, ...]
    dry_run: bool
    seq: int

    @property
    def nothing(self) -> bool:
        """Whether nothing waited that could go."""
        return self.number is None and worst(self.problems) in {None, Severity.WARNING}

    @property
    def clean(self) -> bool:
        """Whether no problem stood in the way."""
        return worst(self.problems) in {None, Severity.WARNING}


def hand_over(
    workspace: Workspace,
    *,
    mapping: Path | MappingText,
    as_of: dt.date,
    render: Render,
    up_to: dt.date | None = None,
    journal: str | None = None,
    dry_run: bool = False,
    run_id: int | None = None,
    as_seen: int | None = None,
) -> HandedOver:
    """Hand what waits to the ERP, as one numbered delivery.

    Args:
        workspace: The company.
        mapping: The layout of the files.
        as_of: The day that is today.
        render: Makes the files of the content.
        up_to: The last posting date that goes out; None for all.
        journal: The only journal that goes out; None for all.
        dry_run: Whether nothing is recorded and no file appears.
        run_id: The job's run.
        as_seen: The recorded time of the preview that a person accepted.

    Raises:
        BadLayoutError: The layout cannot be used.
        StaleViewError: Somebody wrote since the preview, or while this was made.
        UnknownJournalError: There is no such journal whose postings go back to the ERP.
    """
    layout = layout_of(mapping)
    if not dry_run:
        finish_interrupted(workspace)
    with workspace.read() as reader:
        if as_seen is not None and reader.seq != as_seen:
            raise StaleViewError
        if journal is not None and not reader.value(_HANDED_BACK, [journal]):
            raise UnknownJournalError(journal)
        content = content_waiting(
            reader, layout, settings=workspace.settings, as_of=as_of, up_to=up_to,
            journal=journal,
        )  # fmt: skip
    if content.is_empty:
        return _told(content, None, (), content.problems, dry_run=dry_run)
    rendered = render(layout, content)
    problems = (*content.problems, *rendered.problems)
    if dry_run or worst(problems) not in {None, Severity.WARNING}:
        number = content.number if dry_run else None
        files = tuple(
            HandedFile(f.role, f.name, None, archive.digest(f.content), f.lines)
            for f in rendered.files
        )
        return _told(content, number, files, problems, dry_run=dry_run)
    for file in rendered.files:
        archive.keep(workspace, file.content)
    handover_id = record(workspace, content, layout, rendered.files, run_id=run_id)
    finish_interrupted(workspace)
    files = tuple(
        HandedFile(
            f.role, f.name, outbox(workspace) / f.name, archive.digest(f.content), f.lines
        )
        for f in rendered.files
    )
    return _told(content, content.number, files, problems, dry_run=False, made=handover_id)


def _told(
    content: Content,
    number: str | None,
    files: tuple[HandedFile, ...],
    problems: tuple[Problem, ...],
    *,
    dry_run: bool,
    made: int | None = None,
) -> HandedOver:
    return HandedOver(
        handover_id=made,
        number=number,
        files=files,
        totals=content.totals,
        settlements=content.instructions.height,
        refunds=content.refunds.height,
        problems=problems,
        staying=content.staying,
        dry_run=dry_run,
        seq=content.seq,
    )


def again(workspace: Workspace, number: str, *, render: Render) -> HandedOver:
    """Make the files of a delivery again, from what is recorded, and put them in the outbox.

    They are the same bytes that were handed over: nothing that they rest on ever changes.

    Raises:
        UnknownHandoverError: There is no such delivery.
        ChangedHandoverError: The bytes differ from those handed over; nothing was written.
        FileInTheWayError: The outbox has another file of that name.
    """
    finish_interrupted(workspace)
    with workspace.read() as reader:
        row = reader.record("SELECT * FROM handover WHERE document_no = ?", [number])
        if row is None:
            raise UnknownHandoverError(number)
        layout = layout_of(MappingText(row["mapping_name"], row["mapping"]))
        content = content_of_delivery(reader, layout, row, settings=workspace.settings)
        known = reader.rows(
            "SELECT h.role, h.file_name, s.sha256, h.lines FROM handover_file AS h "
            "JOIN source_file AS s USING (file_id) WHERE h.handover_id = ? ORDER BY h.role",
            [row["handover_id"]],
        )
    made = {file.role: file.content for file in render(layout, content).files}
    for role, name, sha256, _ in known:
        _require_same(workspace, made.get(role, b""), name=name, sha256=sha256)
    files = tuple(
        HandedFile(role, name, put(workspace, name, made[role]), sha256, lines)
        for role, name, sha256, lines in known
    )
    return _told(content, number, files, (), dry_run=False, made=row["handover_id"])


def _require_same(workspace: Workspace, made: bytes, *, name: str, sha256: str) -> None:
    if archive.digest(made) == sha256:
        return
    kept = archive.fetch(workspace, sha256)
    pairs = zip(made.splitlines(), kept.splitlines(), strict=False)
    at = next((n for n, (one, other) in enumerate(pairs, start=1) if one != other), None)
    where = f"line {at}" if at else "its length"
    raise ChangedHandoverError(f"{name}: {where}")
