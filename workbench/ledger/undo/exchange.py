"""What an import had found out about the exchange with the ERP is forgotten again."""

from __future__ import annotations

import polars as pl

from workbench.ledger.handover.marks import MARKS, mark
from workbench.ledger.undo.scope import STEPS
from workbench.store.transaction import Transaction

#: Marks of the import that still count: nobody said anything of the same things since.
_MARKS = f"""
SELECT m.handover_id, m.voucher_id, m.application_id FROM handover_mark AS m
WHERE m.booked = 1 AND m.recorded IN ({STEPS})
  AND NOT EXISTS (
      SELECT 1 FROM handover_mark AS later
      WHERE later.handover_id = m.handover_id AND later.mark_id > m.mark_id
        AND ((later.voucher_id IS NULL AND later.application_id IS NULL)
             OR (later.voucher_id IS m.voucher_id
                 AND later.application_id IS m.application_id)))
ORDER BY m.mark_id
"""  # noqa: S608  # our own text

_COPIED = (
    "import_id", "entry_id", "class", "currency", "ours_minor", "handed_over_minor",
    "waiting_minor", "shown_minor", "changed", "file_line",
)  # fmt: skip

#: Differences of imports that stand, which this import had read again and so ended.
_ENDED = f"""
SELECT {", ".join(f"d.{name}" for name in _COPIED)}
FROM erp_difference_end AS n JOIN erp_difference AS d USING (difference_id)
WHERE n.decision = 'read_again'
  AND n.recorded = (SELECT recorded FROM erp_import WHERE import_id = :import_id)
  AND NOT EXISTS (SELECT 1 FROM erp_import_undo AS u WHERE u.import_id = d.import_id)
ORDER BY d.difference_id
"""  # noqa: S608  # our own text

_OPEN = """
SELECT d.difference_id FROM erp_difference AS d
WHERE d.import_id = ? AND NOT EXISTS (SELECT 1 FROM erp_difference_end AS n
                                      WHERE n.difference_id = d.difference_id)
"""


def unmark(transaction: Transaction, import_id: int, *, reason: str) -> int:
    """Take back what the import, or a decision on it, had marked as booked; how much."""
    things = transaction.frame(_MARKS, {"import_id": import_id}, schema=MARKS)
    return mark(transaction, things, how="undo", booked=False, reason=reason)


def end_differences(transaction: Transaction, import_id: int, *, reason: str) -> int:
    """End the import's open differences; how many there were."""
    open_ = [difference_id for (difference_id,) in transaction.rows(_OPEN, [import_id])]
    transaction.append(
        "erp_difference_end",
        pl.DataFrame({"difference_id": open_}, schema={"difference_id": pl.Int64}).with_columns(
            decision=pl.lit("undone"),
            reason=pl.lit(reason),
            actor=pl.lit(transaction.step.actor),
        ),
    )
    return len(open_)


def open_again(transaction: Transaction, import_id: int) -> int:
    """Open the earlier differences that the import had ended, as new rows; how many."""
    rows = transaction.records(_ENDED, {"import_id": import_id})
    if not rows:
        return 0
    first = transaction.draw_ids(len(rows))
    numbered = [{"difference_id": first + n, **row} for n, row in enumerate(rows)]
    transaction.append("erp_difference", pl.DataFrame(numbered, infer_schema_length=None))
    return len(rows)
