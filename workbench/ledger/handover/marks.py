"""Marks: what the ERP booked of what was handed over, and how we know."""

from __future__ import annotations

from typing import Literal

import polars as pl

from workbench.store.transaction import Transaction

#: How we know that the ERP booked something, or that it took it back.
How = Literal["person", "receipt", "voucher_number", "amount", "undo"]

#: What to mark: a voucher of a delivery, a settlement of it, or, both null, all of it.
MARKS = pl.Schema({"handover_id": pl.Int64, "voucher_id": pl.Int64, "application_id": pl.Int64})


def mark(
    transaction: Transaction,
    things: pl.DataFrame,
    *,
    how: How,
    booked: bool = True,
    reason: str = "",
    file_id: int | None = None,
) -> int:
    """Mark things as booked in the ERP, or as not booked any more; how many.

    Args:
        transaction: The step that this is part of.
        things: Rows of `MARKS`.
        how: How we know.
        booked: What is known.
        reason: A person's words, where a person says it.
        file_id: The file that says it.
    """
    assert things.schema == MARKS, things.schema
    if things.is_empty():
        return 0
    first = transaction.draw_ids(things.height)
    transaction.append(
        "handover_mark",
        things.with_columns(
            mark_id=pl.int_range(first, first + things.height, dtype=pl.Int64),
            booked=pl.lit(booked),
            how=pl.lit(how),
            reason=pl.lit(reason),
            file_id=pl.lit(file_id, pl.Int64),
            actor=pl.lit(transaction.step.actor),
        ),
    )
    return things.height
