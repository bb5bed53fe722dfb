"""Where collections stand after a file: the moves that its lines make, and their sum."""

from __future__ import annotations

import polars as pl

from workbench.collection.calendar import final_dates

#: Where the collections of a file stand after it.
SET_STANDING = """
UPDATE collection_line SET status = s.status, paid_payment_line_id = s.paid_payment_line_id,
    final_on = ifnull(s.final_on, collection_line.final_on), version = version + 1
FROM staging.standing AS s
WHERE collection_line.collection_line_id = s.collection_line_id
"""


def moved_by(payments: pl.DataFrame, outcomes: pl.DataFrame) -> pl.DataFrame:
    """The lines that move their collection, in the order in which they took effect."""
    moving = outcomes.filter(pl.col("new_status").is_not_null())
    moved = (
        moving.select("payment_id", "collection_id", "new_status", "sequence", "class")
        .join(payments.select("payment_id", "kind", "payment_date"), on="payment_id")
        .sort("collection_id", "sequence")
    )
    return moved.with_columns(final_dates(moved).alias("final_on"))


def moves_of(moved: pl.DataFrame, collections: pl.DataFrame) -> pl.DataFrame:
    """Each move with the status before it: the store's, or the one of the move before."""
    before = collections.select("collection_id", pl.col("status").alias("was"))
    joined = moved.join(before, on="collection_id", how="left", maintain_order="left")
    same = pl.col("collection_id") == pl.col("collection_id").shift(1)
    return joined.select(
        pl.col("collection_id").alias("collection_line_id"),
        pl.when(same).then(pl.col("new_status").shift(1)).otherwise("was").alias("from_status"),
        pl.col("new_status").alias("to_status"),
        pl.col("class").alias("reason"),
        pl.col("payment_id").alias("payment_line_id"),
    )


def standing_after(moved: pl.DataFrame) -> pl.DataFrame:
    """Where each collection stands after its last move."""
    last = moved.unique("collection_id", keep="last", maintain_order=True)
    return last.select(
        pl.col("collection_id").alias("collection_line_id"),
        pl.col("new_status").alias("status"),
        pl.when(pl.col("new_status") == "paid")
        .then("payment_id")
        .alias("paid_payment_line_id"),
        "final_on",
    )
