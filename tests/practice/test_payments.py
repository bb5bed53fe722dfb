"""What the debtors do: every class, its records, and that lots depend on the claim alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.model.banking_days import is_banking_day
from workbench.practice.draws import lots
from workbench.practice.mix import CLASSES, DEMO_MIX, BadMixError, Mix
from workbench.practice.payments import PAYMENTS, payments_for
from workbench.practice.truths import truth_classes

EVERYTHING = Mix(slip_reversed=100)
KEPT = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _classes(collections: pl.DataFrame, **settled: Any) -> pl.Series:
    bare = collections.with_columns(pl.col("customer_no").str.strip_chars_start("0"))
    return truth_classes(bare, **settled)


@KEPT
@given(seed=st.integers(0, 2**63))
def test_every_class_occurs_whatever_the_seed(make_collections: Any, seed: int) -> None:
    payments = payments_for(make_collections(300), seed=seed, mix=EVERYTHING)
    told = set(payments["class"].unique())
    assert told == set(CLASSES) - {"slip_unpaid"}
    assert payments.schema == PAYMENTS
    assert (payments["class"] == "unknown_customer").sum() == 3
    assert (payments["truth"] == "wrong_customer").sum() == 3


@KEPT
@given(seed=st.integers(0, 2**63), order=st.randoms(use_true_random=False))
def test_the_order_of_collections_changes_nothing(
    make_collections: Any, seed: int, order: Any
) -> None:
    rows = make_collections(320)
    shuffled = list(range(320))
    order.shuffle(shuffled)
    classes = _classes(rows, seed=seed, mix=EVERYTHING)
    again = _classes(rows[shuffled], seed=seed, mix=EVERYTHING)
    assert again.to_list() == classes.gather(shuffled).to_list()


def test_neighbors_change_nothing(make_collections: Any) -> None:
    mix = Mix(wrong_customers=0, every_class_from=10**9)
    rows = make_collections(400)
    longer = rows.with_columns(
        reference=pl.when(pl.int_range(pl.len()) > 200)
        .then(pl.col("reference") + "-of-somebody-else")
        .otherwise("reference")
    )
    alone = [
        _classes(rows[n], seed=1, mix=mix)[0] for n in range(50)
    ]  # fmt: skip
    assert alone == _classes(longer, seed=1, mix=mix).head(50).to_list()


def test_lots_do_not_change_with_versions(make_collections: Any) -> None:
    keys = pl.Series(["09999999/10000000X"])
    assert lots(keys, seed=1, about="class").tolist() == [2221030057602683664]
    payments = payments_for(make_collections(3), seed=7)
    assert payments.select("kind", "payment_date", "bank_reference").rows() == [
        ("payment_completed", dt.date(2026, 11, 2), None),
        ("slip_paid", dt.date(2026, 11, 23), "173491555592400389851"),
        ("slip_paid", dt.date(2026, 11, 19), "168863399317400190951"),
    ]


def test_the_demo_mix_comes_to_its_shares(make_collections: Any) -> None:
    rows = make_collections(20_000)
    slip = (rows["agreement_no"].is_null()) | (rows["section_kind"] == "0117")
    classes = _classes(rows, seed=3, mix=DEMO_MIX)
    by_agreement = classes.filter(~slip).value_counts(normalize=True)
    shares = dict(by_agreement.iter_rows())
    assert shares["completed"] == pytest.approx(0.943, abs=0.006)
    assert shares["rejected"] == pytest.approx(0.03, abs=0.005)
    assert shares["reversed"] == pytest.approx(0.015, abs=0.004)
    assert dict(classes.filter(slip).value_counts(normalize=True).iter_rows())[
        "slip_paid"
    ] == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize(
    ("truth", "kind", "section", "sign_of_difference"),
    [
        ("over", "slip_paid", "0215", 1),
        ("under", "slip_paid", "0215", -1),
        ("fee", "slip_paid", "0215", 1),
        ("double", "slip_paid", "0215", 0),
        ("wrong_customer", "slip_paid", "0215", 0),
        ("rejected", "payment_rejected", "0211", -1),
        ("cancelled", "agreement_cancelled", "0211", -1),
        ("reversed", "payment_reversed", "0211", -1),
    ],
)
def test_records_of_each_truth(
    make_collections: Any, truth: str, kind: str, section: str, sign_of_difference: int
) -> None:
    payments = payments_for(make_collections(2_000), seed=5, mix=DEMO_MIX)
    mine = payments.filter(pl.col("truth") == truth)
    assert len(mine) > 0
    assert mine["kind"].unique().to_list() == [kind]
    assert mine["section_kind"].unique().to_list() == [section]
    difference = mine["amount_paid_minor"] - mine["amount_minor"]
    assert difference.sign().unique().to_list() == [sign_of_difference]


def test_days(make_collections: Any) -> None:
    payments = payments_for(make_collections(2_000), seed=5)
    automatic = payments.filter(pl.col("kind") == "payment_completed")
    assert automatic["payment_date"].unique().to_list() == [dt.date(2026, 11, 2)]
    assert automatic["booking_date"].unique().to_list() == [dt.date(2026, 11, 3)]
    told_with_them = payments.filter(pl.col("truth").is_in(["rejected", "cancelled"]))
    assert told_with_them["released_on"].unique().to_list() == [dt.date(2026, 11, 3)]
    assert told_with_them["booking_date"].null_count() == len(told_with_them)
    reversed_ = payments.filter(pl.col("kind") == "payment_reversed")
    assert reversed_["booking_date"].unique().to_list() == [dt.date(2026, 12, 1)]
    assert reversed_["payment_date"].unique().to_list() == [dt.date(2026, 11, 2)]
    slips = payments.filter(pl.col("kind") == "slip_paid")
    assert slips["booking_date"].n_unique() > 10
    assert slips["booking_date"].max() <= dt.date(2026, 12, 1)  # type: ignore[operator]  # a day
    for column in ("payment_date", "booking_date"):
        assert all(is_banking_day(day) for day in payments[column].drop_nulls().unique())


@KEPT
@given(due=st.dates(dt.date(2026, 1, 1), dt.date(2029, 12, 31)))
def test_nothing_is_told_before_it_happened(make_collections: Any, due: dt.date) -> None:
    payments = payments_for(make_collections(320, due=due), seed=1, mix=EVERYTHING)
    paid = payments.filter(pl.col("payment_date").is_not_null())
    assert (paid["payment_date"] < paid["booking_date"]).all()
    assert (payments["released_on"] > due).all()
    steps = payments.filter(pl.col("class").is_in(["reversed", "slip_reversed"]))
    first = steps.group_by("collection").agg(pl.col("booking_date").sort_by("released_on"))
    assert all(days[0] < days[1] for days in first["booking_date"])


def test_agreements_and_references(make_collections: Any) -> None:
    rows = make_collections(1_000)
    long = rows.with_columns(pl.col("reference") + "-AND-MORE")
    payments = payments_for(long, seed=5)
    known = payments.filter(pl.col("collection").is_not_null())
    sent = long.select("agreement_no", "reference")[known["collection"].to_list()]
    automatic = (known["section_kind"] == "0211").to_list()
    for said, of, is_automatic in zip(
        known.select("agreement_no", "reference").rows(), sent.rows(), automatic, strict=True
    ):
        assert said == (of if is_automatic else (None, of[1][:9]))


def test_wrong_and_unknown_customers(make_collections: Any) -> None:
    rows = make_collections(1_000)
    payments = payments_for(rows, seed=5)
    customers = {no.lstrip("0") for no in rows["customer_no"]}
    wrong = payments.filter(pl.col("truth") == "wrong_customer")
    for at, said in wrong.select("collection", "customer_no").rows():
        assert said in customers
        assert said != rows["customer_no"][at].lstrip("0")
    unknown = payments.filter(pl.col("truth") == "unknown_customer")
    assert not set(unknown["customer_no"]) & customers
    assert not set(unknown["reference"].drop_nulls()) & set(rows["reference"])
    assert unknown["reference"].null_count() == 1


def test_money_to_pay_out_and_single_ore(make_collections: Any) -> None:
    rows = make_collections(900).with_columns(
        amount_minor=pl.Series([[-500, 0, 1][n % 3] for n in range(900)], dtype=pl.Int64)
    )
    everyone = Mix(rejected=5_000, slip_under=10_000, slip_over=0, slip_fee=0, slip_twice=0,
                   slip_unpaid=0)  # fmt: skip
    payments = payments_for(rows, seed=1, mix=everyone)
    paid_out = payments.filter(pl.col("amount_minor") < 0)
    assert paid_out["kind"].unique().to_list() == ["payment_completed"]
    assert "under" not in payments["truth"].to_list()


def test_few_collections_have_no_strangers(make_collections: Any) -> None:
    assert payments_for(make_collections(0), seed=1).is_empty()
    three = payments_for(make_collections(3), seed=1)
    assert "unknown_customer" not in three["class"].to_list()


@pytest.mark.parametrize("shares", [{"rejected": -1}, {"slip_unpaid": 9_500}])
def test_a_mix_beyond_the_whole_is_refused(shares: dict[str, int]) -> None:
    with pytest.raises(BadMixError):
        Mix(**shares)
