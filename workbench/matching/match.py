"""Match payments to collections: block, candidates, score, assign, outcomes."""

from __future__ import annotations

import polars as pl

from workbench.matching.assign import assign
from workbench.matching.candidates import candidates
from workbench.matching.outcomes import STATE, static_class
from workbench.matching.rules import RULES, RuleSet
from workbench.matching.schemas import COLLECTIONS, OUTCOMES, PAYMENTS, checked
from workbench.matching.score import names, score
from workbench.matching.turns import in_turns
from workbench.model.statuses import Outcome, Status


class RepeatedIdError(ValueError):
    """An id that must be unique stands in several rows."""


def match_payments(
    payments: pl.DataFrame,
    *,
    collections: pl.DataFrame,
    customers: pl.Series,
    rules: RuleSet = RULES,
) -> pl.DataFrame:
    """The outcome of every payment (`schemas.OUTCOMES`), in the payments' order.

    Args:
        payments: `schemas.PAYMENTS`, in the cash view of sign.
        collections: `schemas.COLLECTIONS`: all that the payments may mean, as they stand.
        customers: The canonical customer numbers that the company knows.
        rules: What finds a collection and what counts.

    Raises:
        WrongFrameError: A frame lacks a column or has another type.
        RepeatedIdError: A `payment_id` or a `collection_id` is not unique.
    """
    payments = _numbered(checked(payments, PAYMENTS, name="payments"), "p", "payment_id")
    payments = payments.with_columns(_blank_as_null("reference"))
    collections = checked(collections, COLLECTIONS, name="collections")
    collections = _numbered(collections, "c", "collection_id")
    edges = candidates(payments, collections, rules=rules)
    scored = score(edges, payments, collections, rules=rules)
    assigned = assign(scored, collections, rules=rules)
    lines = _lines(payments, collections, assigned, customers=customers, rules=rules)
    decisions = in_turns(lines, payments, rules=rules)
    outcomes = _outcomes(decisions, collections, rules=rules)
    _assert_sound(payments, collections, outcomes)
    return outcomes


def _numbered(frame: pl.DataFrame, row: str, key: str) -> pl.DataFrame:
    if frame[key].n_unique() != frame.height:
        raise RepeatedIdError(key)
    return frame.with_row_index(row)


def _blank_as_null(column: str) -> pl.Expr:
    text = pl.col(column)
    return pl.when(text.str.strip_chars() != "").then(text).alias(column)


def _lines(
    payments: pl.DataFrame,
    collections: pl.DataFrame,
    assigned: pl.DataFrame,
    *,
    customers: pl.Series,
    rules: RuleSet,
) -> pl.DataFrame:
    """One row per payment: what it says, how its collection was found, how that stands."""
    lines = payments.select(
        "p",
        "payment_id",
        "kind",
        "fee_minor",
        "known",
        "faulty",
        "customer_no",
        pl.col("amount_paid_minor").fill_null(0).alias("cash"),
        pl.col("reference").is_not_null().alias("named"),
    ).join(assigned, on="p", how="left", maintain_order="left")
    standing = collections.select(
        "sent", pl.col("amount_minor").alias("collected_minor"), *STATE
    )
    lines = pl.concat([lines, standing.select(pl.all().gather(lines["c"]))], how="horizontal")
    known = _known_unfound(lines, customers=customers)
    return lines.with_columns(
        customer_known=pl.col("p").is_in(known.implode()),
        suggested=pl.col("suggested").fill_null(value=False),
        tied=pl.col("tied").fill_null(value=False),
    ).with_columns(static=static_class(rules))


def _known_unfound(lines: pl.DataFrame, *, customers: pl.Series) -> pl.Series:
    """The rows that found nothing, though their customer is known."""
    unfound = lines.filter(pl.col("rule").is_null()).select("p", "customer_no")
    return unfound.filter(pl.col("customer_no").is_in(customers.implode()))["p"]


def _outcomes(
    decisions: pl.DataFrame, collections: pl.DataFrame, *, rules: RuleSet
) -> pl.DataFrame:
    ids = pl.lit(collections["collection_id"])
    words = pl.lit(names(rules))
    return decisions.select(
        "payment_id",
        "outcome",
        "class",
        ids.gather(pl.col("c")).alias("collection_id"),
        "reverses_payment_id",
        pl.lit(pl.Series([rule.id for rule in rules.rules]))
        .gather(pl.col("rule"))
        .alias("rule"),
        _confidence(rules),
        "applied_minor",
        "residual_minor",
        "new_status",
        "difference_minor",
        words.gather(pl.col("agreed")).alias("agreed"),
        words.gather(pl.col("differed")).alias("differed"),
        "weight",
        ids.gather(pl.col("r")).alias("runner_up_collection_id"),
        "margin",
        "sequence",
    ).select(OUTCOMES.names())


def _confidence(rules: RuleSet) -> pl.Expr:
    """The rule's confidence; low where the choice is open."""
    plain = pl.lit(pl.Series([str(rule.confidence) for rule in rules.rules]))
    differing = pl.lit(pl.Series([str(rule.confidence_differing) for rule in rules.rules]))
    found = pl.col("rule")
    return (
        pl.when(pl.col("c").is_null() & found.is_not_null())
        .then(pl.lit("low"))
        .when(pl.col("differed") == 0)
        .then(plain.gather(found))
        .otherwise(differing.gather(found))
        .alias("confidence")
    )


def _assert_sound(
    payments: pl.DataFrame, collections: pl.DataFrame, outcomes: pl.DataFrame
) -> None:
    assert outcomes.schema == OUTCOMES
    assert outcomes["payment_id"].equals(payments["payment_id"])
    assert outcomes["outcome"].is_in([*Outcome]).all()
    assert not (outcomes["class"].is_null() & (outcomes["outcome"] == Outcome.HELD)).any()
    cash = payments["amount_paid_minor"].fill_null(0)
    assert (outcomes["applied_minor"] + outcomes["residual_minor"]).equals(cash)
    _assert_paid_once(collections, outcomes)


def _assert_paid_once(collections: pl.DataFrame, outcomes: pl.DataFrame) -> None:
    """A collection is paid by one payment at a time: paid before + paid − reversed ≤ 1."""
    moves = outcomes.lazy().filter(pl.col("new_status").is_in([Status.PAID, Status.REVERSED]))
    signs = pl.when(pl.col("new_status") == Status.PAID).then(1).otherwise(-1)
    before = collections.lazy().filter(pl.col("status") == Status.PAID)
    balances = (
        pl.concat(
            [
                moves.select("collection_id", sign=signs.cast(pl.Int8)),
                before.select("collection_id", sign=pl.lit(1, dtype=pl.Int8)),
            ]
        )
        .group_by("collection_id")
        .agg(pl.col("sign").sum())
        .collect()
    )
    assert balances["sign"].is_between(0, 1).all()
