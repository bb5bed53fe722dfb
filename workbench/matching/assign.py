"""Assign: of a payment's candidates the best one, or none when the best are equal."""

from __future__ import annotations

import polars as pl

from workbench.matching.rules import RuleSet


def assign(scored: pl.DataFrame, collections: pl.DataFrame, *, rules: RuleSet) -> pl.DataFrame:
    """One row per payment with candidates: the collection `c`, and the runner-up.

    `c` is null where the best are tied (`tied`) or the best is only `suggested`; the
    runner-up `r` is then the best itself, of equal ones the one with the lowest id.
    `margin` is the weight ahead of the runner-up, null when there is none.
    """
    contested = pl.col("p").is_duplicated()
    alone = scored.filter(~contested).with_columns(
        r=pl.lit(None, dtype=pl.UInt32),
        margin=pl.lit(None, dtype=pl.Int32),
        tied=pl.lit(value=False),
    )
    best = _best(scored.filter(contested), collections, rules=rules)
    unsure = pl.col("tied") | pl.col("suggested")
    nothing = pl.lit(None, dtype=pl.UInt32)
    return pl.concat([alone, best.select(alone.columns)]).with_columns(
        c=pl.when(unsure).then(nothing).otherwise(pl.col("c")),
        r=pl.when(unsure).then(pl.col("c")).otherwise(pl.col("r")),
    )


def _best(edges: pl.DataFrame, collections: pl.DataFrame, *, rules: RuleSet) -> pl.DataFrame:
    repeated = [n for n, rule in enumerate(rules.rules) if rule.repeated_is_tie]
    ranked = edges.with_columns(
        collections["collection_id"].gather(edges["c"]).alias("collection_id")
    ).sort("p", "weight", "collection_id", descending=[False, True, False])
    return (
        ranked.group_by("p", maintain_order=True)
        .agg(
            pl.exclude("p", "collection_id").first(),
            r=pl.col("c").get(1),
            margin=pl.col("weight").first() - pl.col("weight").get(1),
        )
        .with_columns(tied=(pl.col("margin") == 0) | pl.col("rule").is_in(repeated))
    )
