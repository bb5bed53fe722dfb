"""The rule of a comparison with the ERP: what an entry's shown remaining amount means.

With P what settlements of ours took off the entry, handed over and not booked; W what those
took that still wait; and r what would remain without P and W: the ERP shows

    r                   nothing of P is booked yet; nothing changes
    r - P               P is booked
    less than that      P is booked and the rest was settled in the ERP; held while W is not 0
    between, or more    held: nobody could say

Where P is made of settlements and of others taken back, it may be booked in parts that lie
beyond r and r - P: any other reading than these two is held then.

All amounts here count in the direction of the entry: a claim's remaining amount and a
credit's are both positive.
"""

from __future__ import annotations

import polars as pl

from workbench.ledger.imports import effects

#: What is compared, in ledger view: an entry's amount, what remains of it with us, what P and
#: W took off it, the part of P that the file itself proves booked, and what the ERP shows.
#: mixed: whether P both takes off the entry and gives back to it.
COMPARED = pl.Schema(
    {
        "amount_minor": pl.Int64,
        "remaining_minor": pl.Int64,
        "handed_over_minor": pl.Int64,
        "waiting_minor": pl.Int64,
        "proven_minor": pl.Int64,
        "shown_minor": pl.Int64,
        "mixed": pl.Boolean,
    }
)


def compare(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with `ours_minor` (r), `effect`, `class`, `settled_minor` and `books`.

    Args:
        frame: Has the columns of `COMPARED`, none of them null.

    Returns:
        `ours_minor` and `handed_over_minor` leave out what the file proves booked;
        `settled_minor` is in ledger view; `books` says whether all of P is booked now.
    """
    assert all(frame.schema[name] == kind for name, kind in COMPARED.items()), frame.schema
    proven = pl.col("proven_minor")
    outstanding = frame.with_columns(
        ours_minor=pl.sum_horizontal("remaining_minor", "handed_over_minor", "waiting_minor")
        - proven,
        handed_over_minor=pl.col("handed_over_minor") - proven,
    )
    sign = pl.col("amount_minor").sign()
    shown = sign * pl.col("shown_minor")
    ours = sign * pl.col("ours_minor")
    handed_over = sign * pl.col("handed_over_minor")
    booked = ours - handed_over
    fall = booked - shown
    unbooked = shown == ours
    all_booked = ~unbooked & (shown == booked)
    mixed = pl.col("mixed")
    clear = (handed_over >= 0) & (pl.col("waiting_minor") == 0) & ~mixed
    settled = ~unbooked & (fall > 0) & clear
    effect = (
        pl.when(unbooked & (proven != 0)).then(pl.lit(effects.BOOKED))
        .when(unbooked & (handed_over != 0)).then(pl.lit(effects.NOT_BOOKED_YET))
        .when(unbooked).then(pl.lit(effects.EQUAL))
        .when(all_booked).then(pl.lit(effects.BOOKED))
        .when(settled).then(pl.lit(effects.SETTLED))
        .otherwise(pl.lit(effects.HELD))
    )  # fmt: skip
    lowest, highest = pl.min_horizontal(ours, booked), pl.max_horizontal(ours, booked)
    held_as = (
        pl.when(mixed).then(pl.lit("partly_booked"))
        .when(shown < lowest).then(pl.lit("fall_while_waiting"))
        .when(shown > highest).then(pl.lit("above"))
        .otherwise(pl.lit("partly_booked"))
    )  # fmt: skip
    books = (handed_over != 0) & (all_booked | settled)
    return outstanding.with_columns(
        effect.alias("effect"),
        pl.when(effect == effects.HELD).then(held_as)
        .when(settled & books).then(pl.lit(effects.BOOKED)).alias("class"),
        pl.when(settled).then(sign * fall).alias("settled_minor"),
        books.alias("books"),
    )  # fmt: skip
