"""Block and candidates: which collections a payment may mean, found by joins alone.

An edge is a pair of row numbers, `p` of the payments and `c` of the collections, with the
position of the `rule` that found it. A payment is asked only for the rules that come after
those that found nothing. `suggested` marks an edge found by a rule that does not name the
collection, though the payment names one.
"""

from __future__ import annotations

import polars as pl

from workbench.matching.rules import Rule, RuleSet

#: Row numbers of a payment and a collection.
EDGES = pl.Schema({"p": pl.UInt32, "c": pl.UInt32, "rule": pl.UInt8, "suggested": pl.Boolean})


def candidates(
    payments: pl.DataFrame, collections: pl.DataFrame, *, rules: RuleSet
) -> pl.DataFrame:
    """The edges between payments and collections, each with its row number `p` and `c`."""
    found = [EDGES.to_frame()]
    waiting = payments
    for position, rule in enumerate(rules.rules):
        edges = _edges(waiting, collections, rule, position=position)
        found.append(edges)
        waiting = _without(waiting, edges)
    return pl.concat(found)


def _edges(
    payments: pl.DataFrame, collections: pl.DataFrame, rule: Rule, *, position: int
) -> pl.DataFrame:
    columns = [*rule.equal, *rule.compatible]
    asking = payments.lazy().filter(pl.col("kind").is_in(rule.kinds))
    left = asking.select("p", _named(), *_keys(columns, rule))
    right = collections.lazy().select("c", *_keys(columns, rule))
    pairs = left.join(right, on=list(rule.equal), how="inner")
    fitting = pairs.filter(*map(_compatible, rule.compatible))
    suggested = pl.lit(value=False) if rule.names_collection else pl.col("named")
    return fitting.select(
        "p",
        "c",
        pl.lit(position, dtype=pl.UInt8).alias("rule"),
        suggested.alias("suggested"),
    ).collect()


def _keys(columns: list[str], rule: Rule) -> list[pl.Expr]:
    if rule.reference_length is None:
        return [pl.col(column) for column in columns]
    shortened = returned(pl.col("reference"), rule.reference_length)
    return [shortened if column == "reference" else pl.col(column) for column in columns]


def returned(reference: pl.Expr, length: int) -> pl.Expr:
    """What comes back of a reference: its first characters, no blanks behind them."""
    return reference.str.head(length).str.strip_chars_end(" ")


def _named() -> pl.Expr:
    return pl.col("reference").is_not_null().alias("named")


def _compatible(column: str) -> pl.Expr:
    return (pl.col(column) == pl.col(f"{column}_right")).fill_null(value=True)


def _without(payments: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    if edges.is_empty():
        return payments
    return payments.join(edges.select("p"), on="p", how="anti")
