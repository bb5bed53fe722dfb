"""The states of a delivery and of its lines, moved together; each move says why."""

from __future__ import annotations

import datetime as dt
import json

from workbench.collection import register
from workbench.store.transaction import Transaction


def set_state(
    transaction: Transaction,
    delivery_id: int,
    state: str,
    *,
    reason: str,
    file_id: int | None = None,
    **changes: object,
) -> None:
    """Change a delivery's state and note why."""
    version = transaction.value(
        "SELECT version FROM delivery WHERE delivery_id = ?", [delivery_id]
    )
    transaction.edit(
        "delivery", delivery_id, version=version, changes={"state": state, **changes}
    )
    number = transaction.value(
        "SELECT count(*) + 1 FROM delivery_event WHERE delivery_id = ?", [delivery_id]
    )
    transaction.execute(
        "INSERT INTO delivery_event VALUES (?, ?, ?, ?, ?, ?)",
        [delivery_id, transaction.number, number, state, reason, file_id],
    )


def move_lines(
    transaction: Transaction,
    delivery_id: int,
    *,
    before: tuple[str, ...],
    after: str,
    reason: str | None,
    on_date: dt.date,
    first_id: int,
) -> int:
    """Move the lines of a delivery that have one of some statuses to another status."""
    moves = transaction.frame(
        "SELECT collection_line_id, status, ?, ?, NULL FROM collection_line "
        "WHERE delivery_id = ? AND status IN (SELECT value FROM json_each(?))",
        [after, reason, delivery_id, json.dumps(before)],
        schema=register.MOVES,
    )
    register.move(transaction, moves, on_date=on_date, first_id=first_id)
    return moves.height
