"""The collection journal (opkrævningskladde): what people see, mend, approve and stop."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import polars as pl

from workbench.collection import register
from workbench.store.connection import Reader
from workbench.store.transaction import StaleRowError, Transaction
from workbench.store.workspace import Workspace

#: A line as a screen shows it. `errors` holds the codes of its error log.
LINES = pl.Schema(
    {
        "collection_line_id": pl.Int64,
        "version": pl.Int64,
        "status": pl.String,
        "customer_no": pl.String,
        "name": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "agreement_no": pl.String,
        "slip_only": pl.Boolean,
        "reference": pl.String,
        "text": pl.String,
        "errors": pl.String,
        "delivery_id": pl.Int64,
        "final_on": pl.Date,
    }
)

_LINES = """
SELECT l.collection_line_id, l.version, l.status, l.customer_no, p.name, l.due_date,
       l.amount_minor, l.currency, l.agreement_no, l.slip_only, l.reference, l.text,
       (SELECT group_concat(e.code, ' ') FROM collection_error AS e
        WHERE e.collection_line_id = l.collection_line_id AND e.line_version = l.version),
       l.delivery_id, l.final_on
FROM collection_line AS l JOIN customer AS c USING (customer_id)
LEFT JOIN person AS p USING (person_id)
WHERE :journal_id IS NULL OR l.journal_id = :journal_id
   OR (:unsent AND l.delivery_id IS NULL AND l.status <> 'stopped')
ORDER BY l.due_date, l.customer_no, l.collection_line_id
"""

#: What a person may change on a line that has not been sent.
EDITABLE_FIELDS = frozenset({"due_date", "text", "slip_only", "debtor_group"})


class NotEditableError(Exception):
    """The line was sent, or the field is not one that people change."""


def lines(
    reader: Reader, *, journal_id: int | None = None, unsent: bool = False
) -> pl.DataFrame:
    """The lines of a journal, or of all journals; rows of `LINES`.

    Args:
        reader: The view to ask.
        journal_id: The journal; None for all.
        unsent: Whether lines of other journals that still wait to be sent come with them.
    """
    return reader.frame(_LINES, {"journal_id": journal_id, "unsent": unsent}, schema=LINES)


def latest(reader: Reader) -> int | None:
    """The journal that was made last; None when there is none."""
    found = reader.value("SELECT max(journal_id) FROM collection_journal")
    return None if found is None else int(found)


def edit(
    workspace: Workspace,
    line_id: int,
    *,
    version: int,
    changes: Mapping[str, object],
    as_of: dt.date,
) -> int:
    """Change a line that was not sent yet; its approvals are void, it is created again.

    Returns:
        The line's new version.

    Raises:
        NotEditableError: The line left the house, or a field is not editable.
        StaleRowError: Somebody changed the line since that version.
    """
    if not set(changes) <= EDITABLE_FIELDS:
        raise NotEditableError(", ".join(sorted(set(changes) - EDITABLE_FIELDS)))
    first_id = workspace.draw_ids(1)
    with workspace.transaction("edit_line", role="prepare", line=line_id) as transaction:
        status, delivery = transaction.rows(
            "SELECT status, delivery_id FROM collection_line WHERE collection_line_id = ?",
            [line_id],
        )[0]
        if delivery is not None or status not in {
            "created", "error", "valid", "approved", "signed"
        }:  # fmt: skip
            raise NotEditableError(status)
        stored = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in changes.items()
        }
        transaction.edit("collection_line", line_id, version=version, changes=stored)
        if status != "created":
            _move(transaction, [(line_id, status)], "created", "edited", as_of, first_id)
        _void_approvals(transaction, line_id)
        return int(
            transaction.value(
                "SELECT version FROM collection_line WHERE collection_line_id = ?", [line_id]
            )
        )


def approve(
    workspace: Workspace, seen: Sequence[tuple[int, int]], *, as_of: dt.date,
    run_id: int | None = None,
) -> int:  # fmt: skip
    """Approve valid lines, each as the person saw it.

    Args:
        workspace: The company.
        seen: Line and version of each row that was on the screen.
        as_of: Today.
        run_id: The run that asks.

    Returns:
        How many were approved.

    Raises:
        StaleRowError: A line changed since it was shown; nothing is approved then.
        register.IllegalMoveError: A line is not valid; nothing is approved then.
    """
    return _advance(workspace, seen, "approved", as_of=as_of, run_id=run_id)


def sign(workspace: Workspace, seen: Sequence[tuple[int, int]], *, as_of: dt.date) -> int:
    """Sign approved lines (prokura), where the system asks for a second person."""
    return _advance(workspace, seen, "signed", as_of=as_of, run_id=None)


def stop(
    workspace: Workspace, seen: Sequence[tuple[int, int]], *, reason: str, as_of: dt.date
) -> int:
    """Withdraw lines; what was sent already may still be paid.

    Raises:
        StaleRowError: A line changed since it was shown; nothing is stopped then.
        register.IllegalMoveError: A line is beyond stopping.
    """
    first_id = workspace.draw_ids(len(seen))
    with workspace.transaction(
        "stop_lines", role="prepare", lines=len(seen), reason=reason
    ) as transaction:
        current = _check_versions(transaction, seen)
        _move(transaction, current, "stopped", reason, as_of, first_id)
        transaction.execute_many(
            "UPDATE collection_line SET stop_reason = ? WHERE collection_line_id = ?",
            [(reason, line_id) for line_id, _ in current],
        )
        return len(current)


def _advance(
    workspace: Workspace,
    seen: Sequence[tuple[int, int]],
    status: str,
    *,
    as_of: dt.date,
    run_id: int | None,
) -> int:
    if not seen:
        return 0
    first_id = workspace.draw_ids(2 * len(seen))
    with workspace.transaction(
        status, role="approve", run_id=run_id, lines=len(seen)
    ) as transaction:
        current = _check_versions(transaction, seen)
        _move(transaction, current, status, None, as_of, first_id)
        transaction.execute_many(
            "INSERT INTO approval SELECT ?, collection_line_id, version, ?, ?, NULL, ? "
            "FROM collection_line WHERE collection_line_id = ?",
            [
                (first_id + len(seen) + n, status, transaction.step.actor,
                 transaction.number, line_id)
                for n, (line_id, _) in enumerate(current)
            ],
        )  # fmt: skip
        return len(current)


def _check_versions(
    transaction: Transaction, seen: Sequence[tuple[int, int]]
) -> list[tuple[int, str]]:
    found = {
        line_id: (version, status)
        for line_id, version, status in transaction.rows(
            "SELECT collection_line_id, version, status FROM collection_line "
            "WHERE collection_line_id IN (SELECT value FROM json_each(?))",
            [str([line_id for line_id, _ in seen])],
        )
    }
    for line_id, version in seen:
        if line_id not in found:
            raise NotEditableError(f"there is no line {line_id}")
        if found[line_id][0] != version:
            raise StaleRowError(
                "collection_line",
                line_id,
                version=found[line_id][0],
                changed=_changes(transaction, line_id, version),
            )
    return [(line_id, found[line_id][1]) for line_id, _ in seen]


def _move(
    transaction: Transaction,
    current: Sequence[tuple[int, str]],
    status: str,
    reason: str | None,
    as_of: dt.date,
    first_id: int,
) -> None:
    moves = pl.DataFrame(
        [(line_id, before, status, reason, None) for line_id, before in current],
        schema=register.MOVES,
        orient="row",
    )
    register.move(transaction, moves, on_date=as_of, first_id=first_id)


def _changes(transaction: Transaction, line_id: int, version: int) -> str:
    """What happened to a line since a version: what people edited, else how it moved on."""
    edited = transaction.value(
        "SELECT 1 FROM row_version WHERE table_name = 'collection_line' AND row_id = ? "
        "AND version >= ?",
        [line_id, version],
    )
    if edited:
        return transaction.changes_since("collection_line", line_id, version=version)
    status, actor, at = transaction.rows(
        "SELECT r.to_status, r.actor, e.at FROM collection_register AS r "
        "JOIN audit_event AS e ON e.seq = r.recorded "
        "WHERE r.collection_line_id = ? ORDER BY r.register_id DESC LIMIT 1",
        [line_id],
    )[0]
    return f"made {status} by {actor} at {at}"


def _void_approvals(transaction: Transaction, line_id: int) -> None:
    transaction.execute(
        "UPDATE approval SET voided = ? WHERE collection_line_id = ? AND voided IS NULL",
        [transaction.number, line_id],
    )
