"""Whether the entries of unsent lines are still open, and agreed on with the ERP.

Whatever happened since a line was made (a payment, a settlement by hand, a file of the ERP),
a line that asks for what no longer remains must not leave the house.
"""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from workbench.collection.erp_collected import withdraw
from workbench.ledger.open_entries import REMAINING
from workbench.model.texts import marked
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace

#: What a line collects of its entries, and what remains of them now, in minor units.
#: changed: how many of them remain at something else. held: how many the ERP reads otherwise.
#: stopped: how many are on hold or disputed, or belong to a customer on hold.
PARTS = pl.Schema(
    {
        "collection_line_id": pl.Int64,
        "collected_minor": pl.Int64,
        "remaining_minor": pl.Int64,
        "changed": pl.Int64,
        "held": pl.Int64,
        "stopped": pl.Int64,
    }
)

#: Entries that the ERP and we read differently, until a person has decided.
HELD_ENTRIES = """
SELECT x.entry_id FROM erp_difference AS x
WHERE NOT EXISTS (SELECT 1 FROM erp_difference_end AS n
                  WHERE n.difference_id = x.difference_id)
"""

_PARTS = f"""
SELECT collection_line_id, sum(amount_minor), sum(remaining_minor),
       sum(amount_minor <> remaining_minor OR withdrawn), sum(held), sum(stopped)
FROM (
    SELECT part.collection_line_id, part.amount_minor, {REMAINING} AS remaining_minor,
           EXISTS (SELECT 1 FROM entry_withdrawal AS w
                   WHERE w.entry_id = part.entry_id) AS withdrawn,
           part.entry_id IN ({HELD_ENTRIES}) AS held,
           max(e.on_hold, e.disputed, c.on_hold) AS stopped
    FROM json_each(?) AS wanted CROSS JOIN collection_line_entry AS part
    JOIN entry AS e USING (entry_id) JOIN customer AS c USING (customer_id)
    WHERE part.collection_line_id = wanted.value
)
GROUP BY collection_line_id
"""  # noqa: S608  # our own text

_TAKEN_BACK = marked("its entries changed after it was approved")


def parts(reader: Reader, line_ids: list[int]) -> pl.DataFrame:
    """Lines beside what remains of their entries; rows of `PARTS`."""
    return reader.frame(_PARTS, [json.dumps(line_ids)], schema=PARTS)


def changed(reader: Reader, line_ids: list[int]) -> set[int]:
    """Those of the lines that ask for what does not remain, is not agreed on, or stopped."""
    wrong = pl.max_horizontal("changed", "held", "stopped") > 0
    return set(parts(reader, line_ids).filter(wrong)["collection_line_id"])


def take_back(workspace: Workspace, line_ids: list[int], *, as_of: dt.date) -> int:
    """Set approved lines whose entries changed back to *created*; how many they were.

    Their approvals are void; validation then says what is wrong with each.
    """
    with workspace.read() as reader:
        if not changed(reader, line_ids):
            return 0
    with workspace.transaction("lines_taken_back", role="post") as transaction:
        wrong = changed(transaction, line_ids)
        lines = transaction.rows(
            "SELECT collection_line_id, status FROM collection_line WHERE delivery_id IS NULL "
            "AND status IN ('approved', 'signed') "
            "AND collection_line_id IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(wrong))],
        )
        withdraw(transaction, lines, to="created", reason=_TAKEN_BACK, as_of=as_of)
        transaction.note(lines=len(lines))
        return len(lines)
