"""What stands against undoing an import: all of it is found before anything is changed."""

from __future__ import annotations

import json
from typing import Final

import polars as pl

from workbench.ledger.imports.collected import Collections, NoCollections
from workbench.ledger.imports.effects import NEW
from workbench.ledger.undo.scope import import_of, scope_of
from workbench.model.texts import marked
from workbench.store.connection import Reader

ENTRIES: Final = "erp_entries"
CUSTOMERS: Final = "erp_customers"

#: One row for each thing that stands against it. Without an entry it concerns all of it.
BLOCKERS = pl.Schema(
    {
        "reason": pl.String,
        "entry_id": pl.Int64,
        "erp_entry_no": pl.String,
        "customer_no": pl.String,
        "document_no": pl.String,
        "detail": pl.String,
    }
)

#: What each reason means.
BLOCKED_BECAUSE = {
    "delivered": marked("The entry is on a collection that left the house."),
    "settled": marked("The entry was settled after the import; take that back first."),
    "refund": marked("A refund of the entry was asked for; withdraw it first."),
    "later_import": marked("A later import rests on this one; undo that one first."),
    "agreements": marked("Agreements are changed one by one, never by undoing a file."),
}

#: What happened to entries beside settlements of the import itself, where it adds up to more.
_MOVED = """
WITH asked AS (SELECT value AS entry_id FROM json_each(:entries)), moved AS (
    SELECT a.to_entry_id AS entry_id, a.application_id, -a.amount_minor AS amount_minor
    FROM asked CROSS JOIN application AS a WHERE a.to_entry_id = asked.entry_id
    UNION ALL
    SELECT a.from_entry_id, a.application_id, a.amount_minor
    FROM asked CROSS JOIN application AS a WHERE a.from_entry_id = asked.entry_id
)
SELECT entry_id, sum(amount_minor) FROM moved
WHERE application_id NOT IN (SELECT value FROM json_each(:own))
GROUP BY entry_id HAVING sum(amount_minor) <> 0
"""

_REFUNDS = """
SELECT DISTINCT r.entry_id FROM refund AS r
WHERE r.entry_id IN (SELECT value FROM json_each(?))
  AND NOT EXISTS (SELECT 1 FROM refund_withdrawal AS w WHERE w.refund_id = r.refund_id)
"""

#: Imports of entries after this one that still stand, oldest first.
_LATER = """
SELECT i.import_id, i.mode, i.effects, i.recorded, f.name
FROM erp_import AS i JOIN source_file AS f USING (file_id)
WHERE i.purpose = 'erp_entries' AND i.import_id > :import_id
  AND NOT EXISTS (SELECT 1 FROM erp_import_undo AS u WHERE u.import_id = i.import_id)
ORDER BY i.import_id
"""

_ENTRIES = """
SELECT e.entry_id, e.erp_entry_no, c.customer_no, e.document_no
FROM json_each(?) AS wanted JOIN entry AS e ON e.entry_id = wanted.value
JOIN customer AS c USING (customer_id)
"""


def blockers(
    reader: Reader, import_id: int, *, collections: Collections | None = None
) -> pl.DataFrame:
    """What stands against undoing an import; rows of `BLOCKERS`, none when it can be undone.

    Args:
        reader: The view to ask.
        import_id: The import.
        collections: Where entries stand in collections; None for a ledger alone.

    Raises:
        UnknownImportError: There is no such import.
    """
    purpose = import_of(reader, import_id)["purpose"]
    if purpose == CUSTOMERS:
        return pl.DataFrame(schema=BLOCKERS)
    if purpose != ENTRIES:
        return _whole("agreements", "")
    found = [
        *_later(reader, import_id),
        *_of_entries(reader, import_id, collections or NoCollections()),
    ]
    return pl.concat([pl.DataFrame(schema=BLOCKERS), *found])


def _of_entries(reader: Reader, import_id: int, collections: Collections) -> list[pl.DataFrame]:
    scope = scope_of(reader, import_id)
    own = json.dumps(scope.settlements["application_id"].to_list())
    settled = dict(reader.rows(_MOVED, {"entries": json.dumps(scope.taken_out), "own": own}))
    delivered = collections.delivered(reader, scope.added)
    refunds = [entry_id for (entry_id,) in reader.rows(_REFUNDS, [json.dumps(scope.added)])]
    return [
        _named(reader, "delivered", dict.fromkeys(sorted(delivered), "")),
        _named(reader, "settled", {entry: str(-minor) for entry, minor in settled.items()}),
        _named(reader, "refund", dict.fromkeys(refunds, "")),
    ]


def _named(reader: Reader, reason: str, found: dict[int, str]) -> pl.DataFrame:
    rows = [
        (reason, entry_id, erp_entry_no, customer_no, document_no, found[entry_id])
        for entry_id, erp_entry_no, customer_no, document_no in reader.rows(
            _ENTRIES, [json.dumps(list(found))]
        )
    ]
    return pl.DataFrame(rows, schema=BLOCKERS, orient="row")


def _later(reader: Reader, import_id: int) -> list[pl.DataFrame]:
    """Later imports that compared entries, or found some changed, after this one."""
    return [
        _whole("later_import", f"{row['import_id']} ({row['name']})")
        for row in reader.records(_LATER, {"import_id": import_id})
        if row["mode"] == "full" or _compared(row["effects"])
    ]


def _compared(effects: str) -> bool:
    """Whether a file told anything of entries that were known; what is new tells nothing."""
    counts = json.loads(effects)["counts"]
    return any(count for effect, count in counts.items() if effect != NEW)


def _whole(reason: str, detail: str) -> pl.DataFrame:
    row = (reason, None, None, None, None, detail)
    return pl.DataFrame([row], schema=BLOCKERS, orient="row")
