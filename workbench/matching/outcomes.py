"""Outcomes: what every line does to its collection, and what of its money is left over.

Pure columns: `static_class` judges what no other line can change, `decided` the rest from
the collection's state, `next_state` what the collection becomes. The columns are those of
`lines`: the payment's `kind`, `cash`, `fee_minor`, `known`, `faulty`; how its collection
was found; and the collection's columns of `STATE`.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from workbench.matching.classes import PAID_THOUGH_HELD
from workbench.matching.rules import CANCELS, KINDS, PAYS, REJECTS, TAKES_BACK, RuleSet
from workbench.matching.score import bit
from workbench.model.statuses import LEGAL, LEGAL_AFTER_SENDING, Outcome, Status

#: What of a collection the lines of one delivery change, one after the other.
STATE = ("status", "paid_by", "paid_minor", "paid_by_kind", "paid_applied")

#: The status that a kind of record asks for.
TARGETS = (
    (PAYS, Status.PAID),
    (REJECTS, Status.REJECTED),
    (CANCELS, Status.AGREEMENT_CANCELLED),
    (TAKES_BACK, Status.REVERSED),
)

#: The payment that each kind of reversal takes back.
_TAKEN_BACK = {"payment_reversed": "payment_completed", "slip_reversed": "slip_paid"}


def static_class(rules: RuleSet) -> pl.Expr:
    """The class that a line has whatever the other lines do; null when none."""
    names_collection = [n for n, rule in enumerate(rules.rules) if rule.names_collection]
    unfound = pl.col("rule").is_null()
    by_reference = pl.col("rule").is_in(names_collection)
    return _first_of(
        ("faulty_record", pl.col("faulty")),
        ("unknown_record", ~pl.col("kind").is_in(KINDS)),
        ("possible_duplicate", pl.col("known")),
        ("unknown_customer", unfound & ~pl.col("customer_known")),
        ("unknown_reference", (unfound & pl.col("named")) | pl.col("suggested")),
        ("no_collection", unfound),
        ("ambiguous_reference", pl.col("tied") & by_reference),
        ("ambiguous", pl.col("tied")),
        ("not_sent", ~pl.col("sent")),
        ("wrong_customer", _differs("customer", rules)),
        ("wrong_currency", _differs("currency", rules)),
        ("collected_amount_differs", _differs("amount", rules)),
    )


def decided(lines: pl.DataFrame, *, rules: RuleSet) -> pl.DataFrame:
    """The lines with outcome, class, amounts, and the collection's new status."""
    names_collection = [n for n, rule in enumerate(rules.rules) if rule.names_collection]
    by_reference = pl.col("rule").is_in(names_collection)
    judged = lines.with_columns(
        difference=pl.when(_kind(PAYS)).then(pl.col("cash") - pl.col("collected_minor")),
        target=_target(),
    ).with_columns(pl.coalesce("static", _state_class(by_reference, rules)).alias("class"))
    effective = pl.col("class").is_null() | pl.col("class").is_in(PAID_THOUGH_HELD)
    return judged.with_columns(
        outcome=_outcome(),
        new_status=pl.when(effective).then(pl.col("target")),
        applied_minor=_applied(),
        reverses_payment_id=pl.when(_clean(TAKES_BACK)).then(pl.col("paid_by")),
        difference_minor=pl.when(effective & (pl.col("difference") != 0)).then(
            pl.col("difference")
        ),
    ).with_columns(residual_minor=pl.col("cash") - pl.col("applied_minor"))


def next_state(decisions: pl.DataFrame) -> pl.DataFrame:
    """The collections `c` of decided lines with the state in which the lines leave them."""
    pays = pl.col("new_status").eq_missing(Status.PAID)
    reverses = pl.col("new_status").eq_missing(Status.REVERSED)

    def after(paid: pl.Expr, column: str) -> pl.Expr:
        kept = pl.when(~reverses).then(pl.col(column))
        return pl.when(pays).then(paid).otherwise(kept).alias(column)

    return decisions.select(
        "c",
        pl.coalesce("new_status", "status").alias("status"),
        after(pl.col("payment_id"), "paid_by"),
        after(pl.col("cash"), "paid_minor"),
        after(pl.col("kind"), "paid_by_kind"),
        after(pl.col("class").is_null(), "paid_applied"),
    )


def _state_class(by_reference: pl.Expr, rules: RuleSet) -> pl.Expr:
    status, pays = pl.col("status"), _kind(PAYS)
    refuses = _kind((*REJECTS, *CANCELS))
    refused = [Status.REJECTED, Status.AGREEMENT_CANCELLED]
    paid, is_refused = status == Status.PAID, status.is_in(refused)
    failed = is_refused | (status == Status.CENTER_ERROR)
    unnamed_again = (status == Status.REVERSED) & ~by_reference
    difference, tolerance = pl.col("difference"), rules.tolerance_minor
    return _first_of(
        ("double_payment", pays & paid),
        ("after_rejection", pays & failed),
        ("payment_after_reversal", pays & unnamed_again),
        ("rejection_of_paid", refuses & paid),
        ("already_rejected", refuses & is_refused),
        ("reversal_without_payment", _kind(TAKES_BACK) & ~(paid & _paid_alike())),
        ("reversal_amount_differs", _kind(TAKES_BACK) & ~_paid_amount_returns()),
        ("unexpected_status", ~_legal()),
        ("fee", pays & (pl.col("fee_minor").fill_null(0) != 0)),
        ("over", difference > tolerance),
        ("under", difference < -tolerance),
    )


def _outcome() -> pl.Expr:
    refused = pl.when(_kind((*REJECTS, *CANCELS))).then(pl.lit(str(Outcome.REJECTED)))
    free = refused.otherwise(pl.lit(str(Outcome.MATCHED)))
    return pl.when(pl.col("class").is_null()).then(free).otherwise(pl.lit(str(Outcome.HELD)))


def _applied() -> pl.Expr:
    """What of the cash reduces (or re-opens) the claim; a reversal undoes its payment's."""
    collected = pl.col("collected_minor")
    undone = pl.when(pl.col("paid_applied")).then(-_within(pl.col("paid_minor"), collected))
    return (
        pl.when(_clean(PAYS))
        .then(_within(pl.col("cash"), collected))
        .when(_clean(TAKES_BACK))
        .then(undone)
        .fill_null(0)
    )


def _within(paid: pl.Expr, collected: pl.Expr) -> pl.Expr:
    """The paid amount, at most the collected one; both have the collection's sign."""
    return pl.when(paid.abs() > collected.abs()).then(collected).otherwise(paid)


def _clean(kinds: tuple[str, ...]) -> pl.Expr:
    return pl.col("class").is_null() & _kind(kinds)


def _paid_alike() -> pl.Expr:
    """Whether a payment made it paid, of the kind that this reversal takes back."""
    taken_back = pl.col("kind").replace_strict(_TAKEN_BACK, default=None)
    alike = (taken_back == pl.col("paid_by_kind")).fill_null(value=True)
    return pl.col("paid_by").is_not_null() & alike


def _paid_amount_returns() -> pl.Expr:
    return (-pl.col("cash") == pl.col("paid_minor")).fill_null(value=False)


def _target() -> pl.Expr:
    statuses = {kind: str(status) for kinds, status in TARGETS for kind in kinds}
    return pl.col("kind").replace_strict(statuses, default=None, return_dtype=pl.String)


def _legal() -> pl.Expr:
    """Whether the move from the collection's status to the target is a legal one."""

    def allowed(moves: Iterable[tuple[Status, Status]], end: Status) -> pl.Expr:
        return pl.col("status").is_in(sorted(start for start, to in moves if to == end))

    legal = pl.lit(value=False)
    for kinds, end in TARGETS:
        move = allowed(LEGAL, end) | (pl.col("sent") & allowed(LEGAL_AFTER_SENDING, end))
        legal = legal | (_kind(kinds) & move)
    return legal


def _kind(kinds: tuple[str, ...]) -> pl.Expr:
    return pl.col("kind").is_in(kinds)


def _differs(criterion_id: str, rules: RuleSet) -> pl.Expr:
    return pl.col("differed") & pl.lit(bit(criterion_id, rules=rules), dtype=pl.UInt32) != 0


def _first_of(*classes: tuple[str, pl.Expr]) -> pl.Expr:
    """The first class whose condition is true; null when none is."""
    return pl.coalesce(*(pl.when(condition).then(pl.lit(name)) for name, condition in classes))
