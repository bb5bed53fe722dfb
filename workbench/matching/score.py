"""Score: which criteria of an edge agree and differ, and what that weighs.

Agreement is kept as bits, one per criterion in the order of the rules; `names` and
`weights` are tables over all patterns of bits, so that a million rows cost one lookup.
"""

from __future__ import annotations

import polars as pl

from workbench.matching.candidates import returned
from workbench.matching.rules import Criterion, RuleSet


def score(
    edges: pl.DataFrame,
    payments: pl.DataFrame,
    collections: pl.DataFrame,
    *,
    rules: RuleSet,
) -> pl.DataFrame:
    """The edges with the bits `agreed` and `differed` and their `weight`."""
    sides = _sides(edges, payments, collections, rules=rules)
    agreements = [_agrees(criterion, payments) for criterion in rules.criteria]
    bits = sides.select(
        _bits([agrees.fill_null(value=False) for agrees in agreements]).alias("agreed"),
        _bits([(~agrees).fill_null(value=False) for agrees in agreements]).alias("differed"),
    )
    points = weights(rules)
    weight = pl.lit(points).gather(pl.col("agreed")) - pl.lit(points).gather(pl.col("differed"))
    return edges.with_columns(bits.select("agreed", "differed", weight.alias("weight")))


def bit(criterion_id: str, *, rules: RuleSet) -> int:
    """The bit of a criterion in `agreed` and `differed`; 0 when the rules lack it."""
    ids = [criterion.id for criterion in rules.criteria]
    return 1 << ids.index(criterion_id) if criterion_id in ids else 0


def names(rules: RuleSet) -> pl.Series:
    """For every pattern of bits the ids of its criteria, with a blank between."""
    return pl.Series(
        [" ".join(c.id for c in chosen) for chosen in _patterns(rules)], dtype=pl.String
    )


def weights(rules: RuleSet) -> pl.Series:
    """For every pattern of bits the points of its criteria."""
    return pl.Series(
        [sum(c.points for c in chosen) for chosen in _patterns(rules)], dtype=pl.Int32
    )


def _patterns(rules: RuleSet) -> list[list[Criterion]]:
    return [
        [c for n, c in enumerate(rules.criteria) if pattern >> n & 1]
        for pattern in range(1 << len(rules.criteria))
    ]


def _sides(
    edges: pl.DataFrame,
    payments: pl.DataFrame,
    collections: pl.DataFrame,
    *,
    rules: RuleSet,
) -> pl.DataFrame:
    """Both sides of every edge: the payment's columns, and the collection's as `_right`."""
    columns = [c.column for c in rules.criteria]
    seen = [column for column in columns if column in payments.columns]
    left = payments.select("kind", *seen).select(pl.all().gather(edges["p"]))
    right = collections.select(columns).select(pl.all().gather(edges["c"]))
    sides = pl.concat([left, right.select(pl.all().name.suffix("_right"))], how="horizontal")
    return sides.with_columns(_returned(rules)) if "reference" in columns else sides


def _returned(rules: RuleSet) -> list[pl.Expr]:
    """References as far as the center returns them for the kind of record."""
    shortened: list[pl.Expr] = []
    for column in ("reference", "reference_right"):
        text = pl.col(column)
        for rule in rules.rules:
            if rule.reference_length is not None:
                short = returned(pl.col(column), rule.reference_length)
                text = pl.when(pl.col("kind").is_in(rule.kinds)).then(short).otherwise(text)
        shortened.append(text.alias(column))
    return shortened


def _agrees(criterion: Criterion, payments: pl.DataFrame) -> pl.Expr:
    expected = pl.col(f"{criterion.column}_right")
    if criterion.column not in payments.columns:
        return expected
    return pl.col(criterion.column) == expected


def _bits(marks: list[pl.Expr]) -> pl.Expr:
    return pl.sum_horizontal(
        mark.cast(pl.UInt32) * (1 << position) for position, mark in enumerate(marks)
    ).cast(pl.UInt32)
