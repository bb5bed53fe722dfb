"""Turns: the lines of one collection take effect one after the other, by their events.

The first turn decides almost all lines at once; only collections that several lines mean
take more. The order of rows has no say in it.
"""

from __future__ import annotations

import polars as pl

from workbench.matching.outcomes import STATE, decided, next_state
from workbench.matching.rules import CANCELS, PAYS, REJECTS, RuleSet

#: How many lines of one collection take their turn in one delivery; the rest is held.
TURNS_MAX = 50


def in_turns(lines: pl.DataFrame, payments: pl.DataFrame, *, rules: RuleSet) -> pl.DataFrame:
    """The lines decided by `rules`, in their own order, each with its `sequence`."""
    active = pl.col("static").is_null()
    turns = _turns(lines.filter(active).select("p", "c"), payments)
    lines = lines.join(turns, on="p", how="left", maintain_order="left")
    lines = lines.with_columns(sequence=pl.when(active).then(pl.col("sequence").fill_null(1)))
    later = pl.col("sequence").fill_null(1) > 1
    done = decided(lines.filter(~later), rules=rules)
    waiting, decisions = lines.filter(later), [done]
    turn = 1
    while not waiting.is_empty() and turn < TURNS_MAX:
        turn += 1
        now = waiting.filter(pl.col("sequence") == turn)
        waiting = waiting.filter(pl.col("sequence") > turn)
        state = next_state(done.filter(pl.col("c").is_in(now["c"].implode()) & active))
        done = decided(_with_state(now, state), rules=rules)
        decisions.append(done)
    if not waiting.is_empty():
        took_no_turn = pl.lit(None, dtype=pl.Int32)
        surplus = waiting.with_columns(static=pl.lit("too_many_records"), sequence=took_no_turn)
        decisions.append(decided(surplus, rules=rules))
    return pl.concat(decisions).sort("p") if len(decisions) > 1 else done


def _turns(active: pl.DataFrame, payments: pl.DataFrame) -> pl.DataFrame:
    """The turns of the lines that share their collection."""
    shared = active.filter(pl.col("c").is_duplicated())
    facts = payments.select(
        "p", "kind", "bank_reference", "raw_key", "line", "payment_id", _event_date()
    )
    ordered = shared.join(facts, on="p").with_columns(_rank_of_kind()).sort(
        "c", "event_date", "rank", "bank_reference", "raw_key", "line", "payment_id",
        nulls_last=True,
    )  # fmt: skip
    turn = pl.int_range(1, pl.len() + 1, dtype=pl.Int32).over("c")
    return ordered.select("p", turn.alias("sequence"))


def _event_date() -> pl.Expr:
    return pl.coalesce("booking_date", "payment_date", "due_date").alias("event_date")


def _rank_of_kind() -> pl.Expr:
    """On one day money comes before the center's *no*, and goes back last."""
    kind = pl.col("kind")
    refused = pl.when(kind.is_in((*REJECTS, *CANCELS))).then(1).otherwise(2)
    return pl.when(kind.is_in(PAYS)).then(0).otherwise(refused).alias("rank")


def _with_state(lines: pl.DataFrame, state: pl.DataFrame) -> pl.DataFrame:
    columns = lines.columns
    return lines.drop(STATE).join(state, on="c", how="left").select(columns)
