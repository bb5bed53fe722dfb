"""Settlement by hand as collection sees it: what is on its way to the payment center.

A claim that was sent may still be paid, though a credit settles it in the meantime. A person
may do that and is told; settlement by priority leaves such claims alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable

import polars as pl

from workbench.ledger.settlement import priority as settlement_priority
from workbench.ledger.settlement.priority import PRIORITIES, Preview, Priority
from workbench.store.connection import Reader

#: Entries on lines that left the house and have no answer yet, one row per line.
ON_THEIR_WAY = pl.Schema(
    {
        "entry_id": pl.Int64,
        "document_no": pl.String,
        "status": pl.String,
        "due_date": pl.Date,
    }
)
_ON_THEIR_WAY = """
SELECT e.entry_id, e.document_no, l.status, l.due_date
FROM json_each(?) AS wanted CROSS JOIN collection_line_entry AS part
JOIN collection_line AS l USING (collection_line_id)
JOIN entry AS e ON e.entry_id = part.entry_id
WHERE part.entry_id = wanted.value AND l.status IN ('sent', 'in_process', 'collected')
ORDER BY l.due_date, e.entry_id
"""
_OF_CUSTOMER = "SELECT entry_id FROM entry WHERE customer_id = ?"


def on_their_way(reader: Reader, entry_ids: Iterable[int]) -> pl.DataFrame:
    """Those of the entries that the payment center may still collect."""
    wanted = json.dumps(list(entry_ids))
    return reader.frame(_ON_THEIR_WAY, [wanted], schema=ON_THEIR_WAY)


def preview(
    reader: Reader,
    *,
    customer_id: int,
    as_of: dt.date,
    priority: Priority = PRIORITIES[0],
) -> Preview:
    """As `settlement_priority.preview`, without what is on its way to the center."""
    mine = [entry_id for (entry_id,) in reader.rows(_OF_CUSTOMER, [customer_id])]
    return settlement_priority.preview(
        reader,
        customer_id=customer_id,
        as_of=as_of,
        priority=priority,
        left_out=frozenset(on_their_way(reader, mine)["entry_id"]),
    )
