"""Where entries stand in collections, as imports from the ERP must know it."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from workbench.collection import register
from workbench.collection.register import MOVES
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction

#: Entries on a line of a file that left the house, or may have.
_DELIVERED = """
SELECT DISTINCT part.entry_id
FROM json_each(?) AS wanted CROSS JOIN collection_line_entry AS part
JOIN collection_line AS l USING (collection_line_id)
LEFT JOIN delivery AS d ON d.delivery_id = l.delivery_id
WHERE part.entry_id = wanted.value
  AND (d.state <> 'not_sent'
       OR l.status NOT IN ('created', 'valid', 'error', 'approved', 'signed', 'stopped'))
"""

#: Lines with such an entry that can be kept from leaving.
_UNSENT = """
SELECT DISTINCT l.collection_line_id, l.status
FROM json_each(?) AS wanted CROSS JOIN collection_line_entry AS part
JOIN collection_line AS l USING (collection_line_id)
WHERE part.entry_id = wanted.value AND l.delivery_id IS NULL
  AND l.status IN ('created', 'valid', 'error', 'approved', 'signed')
ORDER BY l.collection_line_id
"""


class ErpCollected:
    """The collections of a workspace; see `workbench.ledger.collected.Collections`."""

    def delivered(self, reader: Reader, entry_ids: list[int]) -> set[int]:
        """Those of the entries that are on a line which left the house, or may have."""
        return {entry_id for (entry_id,) in reader.rows(_DELIVERED, [json.dumps(entry_ids)])}

    def stop(
        self, transaction: Transaction, entry_ids: list[int], *, reason: str, as_of: dt.date
    ) -> int:
        """Stop the unsent lines of entries, void their approvals; how many were stopped.

        The other entries of those lines may be suggested again.
        """
        lines = transaction.rows(_UNSENT, [json.dumps(entry_ids)])
        withdraw(transaction, lines, to="stopped", reason=reason, as_of=as_of)
        transaction.execute_many(
            "UPDATE collection_line SET stop_reason = ? WHERE collection_line_id = ?",
            [(reason, line_id) for line_id, _ in lines],
        )
        return len(lines)


#: What is handed to the ledger.
COLLECTED = ErpCollected()


def withdraw(
    transaction: Transaction,
    lines: list[tuple[int, str]],
    *,
    to: str,
    reason: str,
    as_of: dt.date,
) -> None:
    """Take unsent lines back: to *stopped*, or to *created* to be judged again.

    Args:
        transaction: The step that this is part of.
        lines: Each with its status.
        to: Their new status.
        reason: Why, as the register keeps it.
        as_of: Today.
    """
    moves: list[tuple[int, str, str, str, None]] = []
    for line_id, status in lines:
        if status == "error" and to != "created":  # the scheme knows no other way
            moves += [(line_id, "error", "created", reason, None)]
            status = "created"  # noqa: PLW2901  # where the line stands now
        moves.append((line_id, status, to, reason, None))
    if not moves:
        return
    register.move(
        transaction,
        pl.DataFrame(moves, schema=MOVES, orient="row"),
        on_date=as_of,
        first_id=transaction.draw_ids(len(moves)),
    )
    transaction.execute_many(
        "UPDATE approval SET voided = ? WHERE collection_line_id = ? AND voided IS NULL",
        [(transaction.number, line_id) for line_id, _ in lines],
    )
