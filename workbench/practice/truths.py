"""The truth about each collection: what its debtor will do, settled before anybody asks."""

from __future__ import annotations

from functools import reduce

import numpy as np
import polars as pl

from workbench.practice.draws import below, lots
from workbench.practice.mix import AUTOMATIC, SLIPS, WHOLE, WRONG_CUSTOMER, Mix

#: Whether a collection goes out as a payment slip.
IS_SLIP = pl.col("agreement_no").is_null() | (pl.col("section_kind") == "0117")


def keys_of(collections: pl.DataFrame) -> pl.Series:
    """What a collection's lots depend on: creditor and reference.

    Where it has no reference: creditor, customer and due date.
    """
    named = pl.col("reference").fill_null("") != ""
    day = pl.col("due_date").dt.to_string()
    unnamed = pl.concat_str("customer_no", day, separator="@")
    who = pl.when(named).then("reference").otherwise(unnamed)
    return collections.select(pl.concat_str("creditor_no", who, separator="/")).to_series()


def truth_classes(collections: pl.DataFrame, *, seed: int, mix: Mix) -> pl.Series:
    """The class of each collection, by row.

    A class depends on the collection's own reference alone, with two exceptions that are made
    for the delivery as a whole: in a large one every class occurs, and some slips are paid
    under another customer's number.

    Args:
        collections: Has section_kind, creditor_no, customer_no (canonical), agreement_no,
            reference, due_date and amount_minor.
        seed: Of the lots.
        mix: How many collections come to which end.
    """
    keys = keys_of(collections)
    drawn = collections.with_columns(
        key=keys,
        lot=below(WHOLE, keys, seed=seed, about="class"),
    ).select("key", "amount_minor", _class(mix).alias("class"))
    if len(collections) >= mix.every_class_from:
        drawn = reduce(
            lambda frame, step: _at_least_one(frame, *step, seed=seed),
            [
                (g[0], name)
                for g in (AUTOMATIC, SLIPS)
                for name, s in mix.shares(g).items()
                if s
            ],
            drawn,
        )
    if len(collections) >= mix.strangers_from and collections["customer_no"].n_unique() > 1:
        count = mix.wrong_customers
        drawn = _moved(drawn, SLIPS[0], WRONG_CUSTOMER, count=count, seed=seed)
    return drawn["class"]


def _class(mix: Mix) -> pl.Expr:
    amount = pl.col("amount_minor")
    slip = (
        pl.when(amount <= 0)
        .then(pl.lit("slip_unpaid"))
        .when((amount == 1) & (_by_share(SLIPS, mix) == "slip_under"))
        .then(pl.lit(SLIPS[0]))  # nothing lies below the smallest amount
        .otherwise(_by_share(SLIPS, mix))
    )
    by_agreement = (
        pl.when(amount <= 0)
        .then(pl.lit(AUTOMATIC[0]))  # nobody refuses money
        .otherwise(_by_share(AUTOMATIC, mix))
    )
    return pl.when(IS_SLIP).then(slip).otherwise(by_agreement)


def _by_share(classes: tuple[str, ...], mix: Mix) -> pl.Expr:
    """The shares lie side by side from 0 on, and all that is above is the first class."""
    names, shares = zip(*mix.shares(classes).items(), strict=True)
    ends = np.cumsum(shares).tolist()
    steps = (
        pl.when(pl.col("lot") < end).then(pl.lit(name))
        for name, end in zip(names, ends, strict=True)
    )
    return pl.coalesce(*steps, pl.lit(classes[0]))


def _at_least_one(drawn: pl.DataFrame, usual: str, name: str, *, seed: int) -> pl.DataFrame:
    if (drawn["class"] == name).any():
        return drawn
    return _moved(drawn, usual, name, count=1, seed=seed)


def _moved(
    drawn: pl.DataFrame, usual: str, name: str, *, count: int, seed: int
) -> pl.DataFrame:
    """Give some collections of the usual class another one, chosen by lot."""
    numbered = drawn.with_row_index("row")
    able = numbered.filter((pl.col("class") == usual) & (pl.col("amount_minor") > 1))
    order = np.argsort(lots(able["key"], seed=seed, about=name), kind="stable")[:count]
    chosen = pl.col("row").is_in(able["row"].gather(order).implode())
    moved = pl.when(chosen).then(pl.lit(name)).otherwise("class").alias("class")
    return numbered.with_columns(moved).drop("row")
