"""Validation of the journal: every rule is one declaration, every fault one log row."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from workbench.collection import register, still_open
from workbench.collection.calendar import due_window
from workbench.collection.outgoing import collections_of
from workbench.io import betalingsservice_0601
from workbench.store.connection import Reader
from workbench.store.transaction import again_when_stale
from workbench.store.workspace import Workspace

_TO_VALIDATE = """
SELECT l.collection_line_id, l.version, l.status, l.customer_no, l.creditor_no, l.due_date,
       l.amount_minor, l.slip_only, l.delivery_id
FROM collection_line AS l
WHERE l.status IN ('created', 'error') AND l.delivery_id IS NULL
ORDER BY l.collection_line_id
"""
_LINE_SCHEMA = pl.Schema(
    {
        "collection_line_id": pl.Int64,
        "version": pl.Int64,
        "status": pl.String,
        "customer_no": pl.String,
        "creditor_no": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "slip_only": pl.Boolean,
        "delivery_id": pl.Int64,
    }
)

#: Lines of the same creditor, customer and due date that may all bring money.
_CROWDED = """
SELECT creditor_no, customer_no, due_date FROM collection_line
WHERE status NOT IN ('stopped', 'rejected', 'agreement_cancelled', 'reversed', 'center_error')
GROUP BY creditor_no, customer_no, due_date HAVING count(*) > 1
"""


@dataclass(frozen=True, slots=True)
class Validation:
    """How many lines passed, and how many did not."""

    valid: int
    errors: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one line: a code of the problem catalog and what its words mention."""

    collection_line_id: int
    code: str
    params: dict[str, str | int]


@again_when_stale
def validate(workspace: Workspace, *, as_of: dt.date, run_id: int | None = None) -> Validation:
    """Judge every line that is created or in error, and note why it may not be sent."""
    with workspace.read() as reader:
        seen = reader.seq
        lines = reader.frame(_TO_VALIDATE, schema=_LINE_SCHEMA)
        faults = list(_faults(reader, lines, as_of=as_of)) if lines.height else []
    if lines.is_empty():
        return Validation(0, 0)
    wrong = {fault.collection_line_id for fault in faults}
    moves = _moves(lines, wrong)
    first_id = workspace.draw_ids(moves.height)
    with workspace.transaction(
        "validate",
        role="prepare",
        run_id=run_id,
        as_seen=seen,
        lines=lines.height,
        errors=len(wrong),
    ) as transaction:
        register.move(transaction, moves, on_date=as_of, first_id=first_id)
        transaction.execute_many(
            "INSERT INTO collection_error SELECT ?1, version, ?2, ?3, ?4, ?5 "
            "FROM collection_line WHERE collection_line_id = ?1",
            [
                (f.collection_line_id, n, f.code, json.dumps(f.params), transaction.number)
                for n, f in enumerate(faults, start=1)
            ],
        )
    return Validation(lines.height - len(wrong), len(wrong))


def _moves(lines: pl.DataFrame, wrong: set[int]) -> pl.DataFrame:
    """A line in error is created again before it is judged anew."""
    rows: list[tuple[int, str, str, str | None, None]] = []
    for line_id, status in lines.select("collection_line_id", "status").iter_rows():
        if status == "error":
            rows.append((line_id, "error", "created", "validated again", None))
        rows.append((line_id, "created", "error" if line_id in wrong else "valid", None, None))
    return pl.DataFrame(rows, schema=register.MOVES, orient="row")


def _faults(reader: Reader, lines: pl.DataFrame, *, as_of: dt.date) -> Iterator[Fault]:
    crowded = {tuple(row) for row in reader.rows(_CROWDED)}
    line_ids = lines["collection_line_id"].to_list()
    parts = {row[0]: row[1:] for row in still_open.parts(reader, line_ids).iter_rows()}
    for line in lines.iter_rows(named=True):
        yield from _line_faults(line, parts, crowded, as_of=as_of)
    collections = collections_of(reader, line_ids)
    for row, problem in betalingsservice_0601.problems(collections):
        yield Fault(lines["collection_line_id"][row], problem.code, dict(problem.params))


def _line_faults(
    line: dict[str, object],
    parts: dict[int, tuple[int, int, int, int, int]],
    crowded: set[tuple[str, ...]],
    *,
    as_of: dt.date,
) -> Iterator[Fault]:
    line_id, due_date = int(str(line["collection_line_id"])), line["due_date"]
    assert isinstance(due_date, dt.date)
    first, last = due_window(as_of, section_kind="0117" if line["slip_only"] else "0112")
    if not first <= due_date <= last:
        yield Fault(
            line_id,
            "due_date_outside_window",
            {
                "found": due_date.isoformat(),
                "first": first.isoformat(),
                "last": last.isoformat(),
            },
        )
    if (line["creditor_no"], line["customer_no"], due_date.isoformat()) in crowded:
        yield Fault(line_id, "customer_collected_twice", {"found": due_date.isoformat()})
    collected, remaining, changed, held, stopped = parts.get(line_id, (0, 0, 0, 0, 0))
    if collected != line["amount_minor"] or changed:
        yield Fault(
            line_id,
            "entries_changed",
            {"expected": int(str(line["amount_minor"])), "found": remaining},
        )
    if held:
        yield Fault(line_id, "entries_held_with_erp", {"count": held})
    if stopped:
        yield Fault(line_id, "entries_stopped", {"count": stopped})
