"""What the debtors of a delivery do, and when, as the payment records that tell it.

Automatic payments are made on the due date, moved to the next banking day, and booked on the
banking day after; rejected and cancelled collections are told with them. A reversal is booked
on the first banking day of the month after. Slips are paid over four weeks from the due date.
The fee of a slip is part of the amount paid.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from workbench.layout.betalingsservice_rows import conform
from workbench.model.banking_days import add_banking_days, next_banking_day
from workbench.model.frames import TRANSACTIONS
from workbench.practice.draws import below, lots
from workbench.practice.mix import DEMO_MIX, UNKNOWN_CUSTOMER, WRONG_CUSTOMER, Mix
from workbench.practice.truths import IS_SLIP, keys_of, truth_classes
from workbench.references.betalingsservice_customer import canonical

#: Transaction code and section of each kind of record.
CODES = {
    "payment_completed": ("0236", "0211"),
    "payment_rejected": ("0237", "0211"),
    "agreement_cancelled": ("0238", "0211"),
    "payment_reversed": ("0239", "0211"),
    "slip_paid": ("0297", "0215"),
    "slip_reversed": ("0299", "0215"),
}

#: What a delivery's payments are beside the columns of TRANSACTIONS: the row of the
#: collection (null for an unknown customer), its class, what this payment is in truth, and
#: the day on which the center tells it.
PAYMENTS = pl.Schema(
    [
        *TRANSACTIONS.items(),
        ("collection", pl.UInt32),
        ("class", pl.String),
        ("truth", pl.String),
        ("released_on", pl.Date),
    ]
)

_SLIP_DAYS = 25
_REFERENCE_LENGTH = 9
#: What an amount field holds at most.
_MOST = pl.lit(10**13 - 1)
_FEES_MINOR = (5_000, 7_500, 9_900)


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of payment record, and the classes of collections that it is told of.

    Attributes:
        truth: What the payment is in truth.
        paid: Its cash: paid +, taken back −.
        paid_on: The column of the payment date; None where nothing was paid.
        booked_on: The column of the booking date, on which it is told; where there is none,
            it is told with those that were paid.
    """

    truth: str
    kind: str
    classes: tuple[str, ...]
    paid: pl.Expr
    paid_on: str | None = "paid_on"
    booked_on: str | None = "booked_on"


_ZERO = pl.lit(0, pl.Int64)
_AMOUNT = pl.col("amount_minor")
_MORE, _LESS, _FEE = pl.col("more"), pl.col("less"), pl.col("fee")
_PAID_SLIPS = ("slip_paid", "slip_twice", "slip_reversed")

#: All that is told. A new kind of truth is one entry.
TOLD = (
    Told("paid", "payment_completed", ("completed", "reversed"), _AMOUNT),
    Told("rejected", "payment_rejected", ("rejected",), _ZERO, None, None),
    Told("cancelled", "agreement_cancelled", ("cancelled",), _ZERO, None, None),
    Told("reversed", "payment_reversed", ("reversed",), -_AMOUNT, booked_on="reversed_on"),
    Told("paid", "slip_paid", _PAID_SLIPS, _AMOUNT),
    Told("over", "slip_paid", ("slip_over",), pl.min_horizontal(_AMOUNT + _MORE, _MOST)),
    Told("under", "slip_paid", ("slip_under",), _LESS),
    Told("fee", "slip_paid", ("slip_fee",), pl.min_horizontal(_AMOUNT + _FEE, _MOST)),
    Told("double", "slip_paid", ("slip_twice",), _AMOUNT, "again_on", "again_booked_on"),
    Told("reversed", "slip_reversed", ("slip_reversed",), -_AMOUNT, booked_on="reversed_on"),
    Told("wrong_customer", "slip_paid", (WRONG_CUSTOMER,), _AMOUNT),
    Told(UNKNOWN_CUSTOMER, "slip_paid", (UNKNOWN_CUSTOMER,), _AMOUNT),
)


def payments_for(
    collections: pl.DataFrame, *, seed: int, mix: Mix = DEMO_MIX, delivery: str = ""
) -> pl.DataFrame:
    """Everything that the center will ever tell of some collections, by the schema PAYMENTS.

    In the order of sections, collections and days. `line`, `section`, `raw_key` and `faulty`
    are null; the columns of TRANSACTIONS are what the format writes.

    Args:
        collections: One row per collection by COLLECTIONS or TRANSACTIONS; due date and
            amount are set.
        seed: Of the lots.
        mix: How many collections come to which end.
        delivery: What the unknown customers depend on.
    """
    return told(settled(collections, seed=seed, mix=mix, delivery=delivery))


def settled(collections: pl.DataFrame, *, seed: int, mix: Mix, delivery: str) -> pl.DataFrame:
    """The collections with their `class` and all that is drawn for them, strangers behind.

    `collection` is the row of the collection; null for an unknown customer.
    """
    bare = collections.select(
        "section_kind", "creditor_no", "debtor_group",
        canonical(pl.col("customer_no")),
        "agreement_no", "reference", "due_date", "amount_minor",
    )  # fmt: skip
    known = bare.with_columns(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("collection"),
        pl.col("due_date").alias("anchor"),
        truth_classes(bare, seed=seed, mix=mix),
        key=keys_of(bare),
    )
    whole = pl.concat([known, _strangers(known, seed=seed, mix=mix, delivery=delivery)])
    return _with_days(_with_lots(whole, seed=seed))


def told(collections: pl.DataFrame) -> pl.DataFrame:
    """The payments, by the schema PAYMENTS, of collections that are settled."""
    return pl.concat([_told(collections, step) for step in TOLD]).sort(
        "section_kind", "creditor_no", "debtor_group", "collection", "released_on",
        nulls_last=True, maintain_order=True,
    )  # fmt: skip


def _told(collections: pl.DataFrame, step: Told) -> pl.DataFrame:
    code, section_kind = CODES[step.kind]
    rows = collections.filter(pl.col("class").is_in(step.classes))
    wrong, unknown = step.truth == "wrong_customer", step.truth == UNKNOWN_CUSTOMER
    mine = rows.with_columns(
        section_kind=pl.lit(section_kind),
        kind=pl.lit(step.kind),
        code=pl.lit(code),
        customer_no=pl.col("other_customer" if wrong else "customer_no"),
        payment_date=None if step.paid_on is None else pl.col(step.paid_on),
        booking_date=None if step.booked_on is None else pl.col(step.booked_on),
        amount_minor=_ZERO if unknown else _AMOUNT,
        amount_paid_minor=step.paid,
        currency=pl.lit("DKK"),
        truth=pl.lit(step.truth),
        released_on=pl.col(step.booked_on or "booked_on"),
    )
    return conform(_as_slip(mine, step) if section_kind == "0215" else mine, PAYMENTS)


def _as_slip(rows: pl.DataFrame, step: Told) -> pl.DataFrame:
    """What the record of a slip says otherwise, and beside."""
    time = pl.lit("2" if step.truth == "double" else "1")
    return rows.with_columns(
        agreement_no=None,
        reference=pl.col("reference").str.slice(0, _REFERENCE_LENGTH),
        fee_minor=_FEE if step.truth == "fee" else _ZERO,
        bank_reference=pl.concat_str("archive_no", time),
    )


def _with_lots(collections: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """What each debtor draws beside the class: days, other amounts, another's number."""
    keys = collections["key"]

    def drawn(limit: int, about: str) -> pl.Series:
        return below(limit, keys, seed=seed, about=about).alias(about)

    amount, fees = pl.col("amount_minor"), pl.Series(_FEES_MINOR)
    archive = pl.Series(lots(keys, seed=seed, about="archive_no")).cast(pl.String)
    return collections.with_columns(
        days=drawn(_SLIP_DAYS, "days"),
        gap=drawn(2, "gap") + 1,
        more=100 + 100 * drawn(200, "more"),
        less=pl.max_horizontal(1, amount * (10 + drawn(80, "less")) // 100),
        fee=fees.gather(drawn(len(_FEES_MINOR), "fee")),
        archive_no=archive.str.zfill(20),
        other_customer=_other_customers(collections, seed=seed),
    )


def _with_days(collections: pl.DataFrame) -> pl.DataFrame:
    """The days on which each debtor pays, and on which the banks book it."""
    moved = pl.when(IS_SLIP).then("days").otherwise(0)
    asked = collections.select(pl.col("anchor") + pl.duration(days=moved)).to_series()
    paid_on = _by_day(asked, next_banking_day)
    booked_on = _by_day(paid_on, _next)
    gap = collections["gap"]
    once, twice = _by_day(paid_on, _next), _by_day(paid_on, _second)
    again_on = twice.zip_with(gap == 2, once)
    return collections.with_columns(
        paid_on=paid_on,
        booked_on=booked_on,
        reversed_on=_by_day(booked_on, _first_of_next_month),
        again_on=again_on,
        again_booked_on=_by_day(again_on, _next),
    )


def _strangers(known: pl.DataFrame, *, seed: int, mix: Mix, delivery: str) -> pl.DataFrame:
    """Payments of customers that the delivery does not know, as if they were collections.

    Every second one names a reference, which is not in the delivery either.
    """
    if len(known) < mix.strangers_from:
        return known.clear()
    spare = 8 * mix.unknown_customers
    keys = pl.Series([f"stranger/{delivery}/{number}" for number in range(spare)])
    amounts = 5_000 + below(200_000, keys, seed=seed, about="amount")
    numbers = below(10**8, keys, seed=seed, about="number").cast(pl.String).str.zfill(8)
    first = known.row(0, named=True)
    drawn = pl.DataFrame(
        {"customer_no": "80" + numbers, "reference": "Z" + numbers, "key": keys}
    )
    return (
        drawn.with_columns(amount_minor=amounts)
        .join(known, on="customer_no", how="anti")
        .join(known, on="reference", how="anti")
        .head(mix.unknown_customers)
        .with_columns(
            pl.lit(UNKNOWN_CUSTOMER).alias("class"),
            pl.when(pl.int_range(pl.len()) % 2 == 0).then("reference").alias("reference"),
            creditor_no=pl.lit(first["creditor_no"]),
            debtor_group=pl.lit(first["debtor_group"]),
            anchor=pl.lit(known["due_date"].min()),
        )
        .pipe(conform, known.schema)
    )


def _other_customers(collections: pl.DataFrame, *, seed: int) -> pl.Series:
    """Another customer of the delivery for each; the own number where there is no other."""
    strange = collections["class"] == UNKNOWN_CUSTOMER
    names = collections["customer_no"].filter(~strange).unique().sort()
    if len(names) < 2:
        return collections["customer_no"]
    lot = below(len(names) - 1, collections["key"], seed=seed, about="other_customer")
    own = names.search_sorted(collections["customer_no"]).cast(pl.Int64)
    return names.gather((own + 1 + lot) % len(names))


def _by_day(days: pl.Series, moved: Callable[[dt.date], dt.date]) -> pl.Series:
    unique = days.unique()
    targets = pl.Series([moved(day) for day in unique], dtype=pl.Date)
    return days.replace_strict(unique, targets, return_dtype=pl.Date)


def _next(day: dt.date) -> dt.date:
    return add_banking_days(day, 1)


def _second(day: dt.date) -> dt.date:
    return add_banking_days(day, 2)


def _first_of_next_month(day: dt.date) -> dt.date:
    return next_banking_day(dt.date(day.year + day.month // 12, day.month % 12 + 1, 1))
