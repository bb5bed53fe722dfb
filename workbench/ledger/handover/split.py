"""A posting as the parts that its entry settles, and the rest: they always add up to it."""

from __future__ import annotations

import polars as pl

_CUSTOMER_SIDES = ("receivable", "on_account")


def carried_settlements(postings: pl.DataFrame, settlements: pl.DataFrame) -> pl.DataFrame:
    """Which posting carries which settlement of its own voucher.

    Args:
        postings: With `place`, their place in the delivery.
        settlements: With `netted`: those that the delivery itself takes back are not carried.

    Returns:
        place, application_id, applied_entry_id and amount, in ledger view.
    """
    own = postings.filter(
        pl.col("entry_id").is_not_null() & pl.col("purpose").is_in(_CUSTOMER_SIDES)
    )
    made = settlements.filter(~pl.col("netted") & (pl.col("amount_minor") > 0))
    sides = [
        made.join(
            own.filter(sign * pl.col("amount_minor") > 0)
            .select("place", "voucher_id", "entry_id")
            .unique(["voucher_id", "entry_id"], keep="last", maintain_order=True),
            left_on=["voucher_id", near],
            right_on=["voucher_id", "entry_id"],
        ).select(
            "place",
            "application_id",
            pl.col(far).alias("applied_entry_id"),
            (sign * pl.col("amount_minor")).alias("amount"),
        )
        for near, far, sign in (
            ("from_entry_id", "to_entry_id", -1),
            ("to_entry_id", "from_entry_id", 1),
        )
    ]
    first = sides[0]["application_id"]
    second = sides[1].filter(~pl.col("application_id").is_in(first.implode()))
    return pl.concat([sides[0], second])


def split(postings: pl.DataFrame, carried: pl.DataFrame) -> pl.DataFrame:
    """One row per line: place, application, applied entry, amount and base amount.

    Args:
        postings: With `place`, their place in the delivery, from 0 without a gap.
        carried: What `carried_settlements` gave.
    """
    settled = carried.group_by("place").agg(settled=pl.col("amount").sum())
    rest = (
        postings.select("place", "amount_minor")
        .join(settled, on="place", how="left")
        .with_columns(amount=pl.col("amount_minor") - pl.col("settled").fill_null(0))
        .filter(pl.col("settled").is_null() | (pl.col("amount") != 0))
        .select(
            "place",
            pl.lit(None, pl.Int64).alias("application_id"),
            pl.lit(None, pl.Int64).alias("applied_entry_id"),
            "amount",
        )
    )
    lines = pl.concat([carried, rest]).sort("place", "application_id", nulls_last=True)
    whole = _with_base(lines, postings)
    sums = whole.group_by("place").agg(pl.col("amount", "base_amount").sum()).sort("place")
    base = postings["base_amount_minor"].fill_null(0)
    assert sums["amount"].equals(postings["amount_minor"]), "lines do not add up"
    assert sums["base_amount"].equals(base), "base amounts do not add up"
    return whole


def _with_base(lines: pl.DataFrame, postings: pl.DataFrame) -> pl.DataFrame:
    """The base amount of each line: its share, such that the shares add up exactly."""
    if postings["base_amount_minor"].is_null().all():
        return lines.with_columns(base_amount=pl.lit(None, pl.Int64))
    so_far = pl.col("amount").cum_sum().over("place").cast(pl.Int128)
    share = so_far * pl.col("base_amount_minor") // pl.col("amount_minor")
    reached = lines.join(
        postings.select("place", "amount_minor", "base_amount_minor"),
        on="place",
        maintain_order="left",
    ).with_columns(
        reached=pl.when(pl.col("amount_minor") == 0)
        .then("base_amount_minor")
        .otherwise(share.cast(pl.Int64))
    )
    before = pl.col("reached").shift(1).over("place").fill_null(0)
    return reached.select(*lines.columns, base_amount=pl.col("reached") - before)
