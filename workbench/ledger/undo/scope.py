"""What an import of entries made that still stands: what undoing it takes out again."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.store.connection import Reader

#: The recorded times of an import, and of what people decided on its differences.
STEPS = """
SELECT recorded FROM erp_import WHERE import_id = :import_id
UNION
SELECT n.recorded FROM erp_difference AS d JOIN erp_difference_end AS n USING (difference_id)
WHERE d.import_id = :import_id AND n.decision IN ('booked', 'settled_in_erp')
"""

#: The entries that stand for what it brought, whichever revision does so now. The same bytes
#: may be two imports, on two days; an entry belongs to the last one before it that stands.
_ADDED = """
SELECT e.entry_id FROM erp_import AS i JOIN entry AS e USING (file_id)
WHERE i.import_id = ? AND e.erp_entry_no IS NOT NULL AND e.recorded >= i.recorded
  AND NOT EXISTS (SELECT 1 FROM entry_withdrawal AS w WHERE w.entry_id = e.entry_id)
  AND NOT EXISTS (SELECT 1 FROM erp_import AS o WHERE o.file_id = i.file_id
                    AND o.recorded > i.recorded AND o.recorded <= e.recorded
                    AND o.import_id NOT IN (SELECT import_id FROM erp_import_undo))
ORDER BY e.entry_id
"""

#: Settlements of the ERP, not taken back: the entry that was made for them, and the settled.
SETTLEMENTS = pl.Schema(
    {
        "application_id": pl.Int64,
        "from_entry_id": pl.Int64,
        "to_entry_id": pl.Int64,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "settlement_id": pl.Int64,
        "entry_id": pl.Int64,
    }
)

_SETTLEMENTS = f"""
SELECT * FROM (
    SELECT a.application_id, a.from_entry_id, a.to_entry_id, a.amount_minor, a.currency,
           s.entry_id AS settlement_id,
           CASE s.entry_id WHEN a.from_entry_id THEN a.to_entry_id ELSE a.from_entry_id END
               AS settled_id,
           a.recorded
    FROM application AS a
    JOIN entry AS s ON s.entry_id IN (a.from_entry_id, a.to_entry_id)
                   AND s.kind = 'erp_settlement' AND s.voucher_id = a.voucher_id
    WHERE a.kind = 'settled_in_erp' AND a.amount_minor > 0
      AND NOT EXISTS (SELECT 1 FROM application AS r
                      WHERE r.reverses_application_id = a.application_id)
) AS x
WHERE NOT EXISTS (SELECT 1 FROM entry_withdrawal AS w WHERE w.entry_id = x.settled_id)
  AND (x.recorded IN ({STEPS}) OR x.settled_id IN (SELECT value FROM json_each(:added)))
"""  # noqa: S608  # our own text


class UnknownImportError(Exception):
    """There is no such import."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What stands of an import.

    Attributes:
        added: Entries under numbers of the ERP.
        settlements: Rows of `SETTLEMENTS`.
    """

    added: list[int]
    settlements: pl.DataFrame

    @property
    def taken_out(self) -> list[int]:
        """Every entry that the undo mirrors."""
        return [*self.added, *self.settlements["settlement_id"]]

    @property
    def touched(self) -> list[int]:
        """Every entry whose remaining amount the undo changes."""
        return sorted({*self.added, *self.settlements["entry_id"]})


def import_of(reader: Reader, import_id: int) -> dict[str, Any]:
    """The row of an import.

    Raises:
        UnknownImportError: There is none.
    """
    row = reader.record("SELECT * FROM erp_import WHERE import_id = ?", [import_id])
    if row is None:
        raise UnknownImportError(str(import_id))
    return row


def scope_of(reader: Reader, import_id: int) -> Scope:
    """What stands of an import of entries."""
    added = [entry_id for (entry_id,) in reader.rows(_ADDED, [import_id])]
    asked = {"import_id": import_id, "added": json.dumps(added)}
    names = ", ".join(
        "settled_id AS entry_id" if name == "entry_id" else name for name in SETTLEMENTS
    )
    question = f"SELECT {names} FROM ({_SETTLEMENTS})"  # noqa: S608  # our own text
    return Scope(added, reader.frame(question, asked, schema=SETTLEMENTS))
