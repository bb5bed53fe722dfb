"""What holds for any payments and collections, and a second matcher that works by hand.

`by_hand` follows the written rules line by line in plain Python; the frames must agree.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.matching.match import RepeatedIdError, match_payments
from workbench.matching.rules import CANCELS, PAYS, REJECTS, RULES, TAKES_BACK
from workbench.matching.schemas import COLLECTIONS, PAYMENTS, WrongFrameError
from workbench.model.statuses import Status, is_legal

Row = dict[str, Any]

KINDS = [
    "payment_completed", "payment_completed", "slip_paid", "payment_rejected",
    "agreement_cancelled", "payment_reversed", "slip_reversed", "payment_completed", "unknown",
]  # fmt: skip
CUSTOMERS = ["A", "B", "C"]
REFERENCES = [
    "100000003", "100000003-X", "10000001A", "10000002B", "10000003C", "10000004D", "", None,
]  # fmt: skip
DAYS = [dt.date(2026, 11, day) for day in (2, 3, 9)]
REVERSALS = {"payment_reversed": "payment_completed", "slip_reversed": "slip_paid"}
SLIPS = ("slip_paid", "slip_reversed")


def payment(draw: random.Random, n: int, collections: list[Row]) -> Row:
    """A payment of one of the collections, with a field now and then from elsewhere."""
    meant = draw.choice([*collections, *collections, collection(draw, 99)])

    def mostly(usual: object, *others: object) -> Any:
        return draw.choice(others) if draw.random() < 0.07 else usual

    kind = draw.choice(KINDS)
    amount = meant["amount_minor"]
    paid = mostly(amount, 150, 160)
    sign = -1 if kind in TAKES_BACK else 0 if kind in (*REJECTS, *CANCELS) else 1
    return {
        "payment_id": 500 + n,
        "known": mostly(False, True),
        "line": n + 1,
        "section": 1,
        "kind": kind,
        "creditor_no": mostly(meant["creditor_no"], "1", "2"),
        "debtor_group": draw.choice(["00001", "00002"]),
        "customer_no": mostly(meant["customer_no"], *CUSTOMERS, "Z", None),
        "agreement_no": draw.choice(["5", None]),
        "reference": mostly(meant["reference"], *REFERENCES),
        "due_date": mostly(meant["due_date"], DAYS[1], None),
        "payment_date": draw.choice(DAYS),
        "booking_date": draw.choice([*DAYS, None]),
        "amount_minor": mostly(amount, 100, 200, None),
        "amount_paid_minor": paid * sign,
        "currency": mostly("DKK", "EUR"),
        "fee_minor": mostly(0, None, 10),
        "bank_reference": draw.choice(["x", "y", None]),
        "raw_key": draw.randrange(2**60),
        "faulty": mostly(False, True),
    }


def collection(draw: random.Random, n: int) -> Row:
    status = draw.choice([*Status, *["sent", "in_process", "paid"] * 8])
    paid = status == "paid" and draw.random() < 0.9
    return {
        "collection_id": 1 + n,
        "creditor_no": draw.choice(["1", "1", "1", "2"]),
        "debtor_group": "00001",
        "customer_no": draw.choice(CUSTOMERS),
        "agreement_no": draw.choice(["5", "6", None]),
        "reference": draw.choice(REFERENCES),
        "due_date": draw.choice(DAYS[:2]),
        "amount_minor": draw.choice([100, 100, 200]),
        "currency": "DKK",
        "status": str(status),
        "sent": draw.random() < 0.9,
        "section_kind": "0112",
        "paid_by": 900 + n if paid else None,
        "paid_minor": draw.choice([100, 150]) if paid else None,
        "paid_by_kind": draw.choice(["payment_completed", "slip_paid"]) if paid else None,
        "paid_applied": draw.random() < 0.7 if paid else None,
    }


@st.composite
def universes(draw: st.DrawFn) -> tuple[list[Row], list[Row], int]:
    seed = draw(st.integers(min_value=0, max_value=2**32))
    dice = random.Random(seed)  # a drawn seed, no secret
    collections = [collection(dice, n) for n in range(draw(st.integers(0, 7)))]
    payments = [payment(dice, n, collections) for n in range(draw(st.integers(0, 14)))]
    return payments, collections, draw(st.sampled_from([0, 0, 50]))


def frames(payments: list[Row], collections: list[Row]) -> tuple[pl.DataFrame, pl.DataFrame]:
    return (
        pl.DataFrame(payments, schema=PAYMENTS),
        pl.DataFrame(collections, schema=COLLECTIONS),
    )


def run(payments: list[Row], collections: list[Row], tolerance: int) -> pl.DataFrame:
    left, right = frames(payments, collections)
    rules = type(RULES)(RULES.version, RULES.criteria, RULES.rules, tolerance)
    customers = pl.Series(CUSTOMERS, dtype=pl.String)
    return match_payments(left, collections=right, customers=customers, rules=rules)


# --- by hand ---------------------------------------------------------------------------


def returned(row: Row, kind: str) -> str | None:
    text = row["reference"] or None
    return text[:9] if text and kind in SLIPS else text


def verdicts(p: Row, c: Row) -> dict[str, bool | None]:
    pairs = {
        "reference": (returned(p, p["kind"]), returned(c, p["kind"])),
        "customer": (p["customer_no"], c["customer_no"]),
        "amount": (p["amount_minor"], c["amount_minor"]),
        "due_date": (p["due_date"], c["due_date"]),
        "agreement": (p["agreement_no"], c["agreement_no"]),
        "currency": (p["currency"], c["currency"]),
        "debtor_group": (p["debtor_group"], c["debtor_group"]),
    }
    found = {k: None if a is None or b in (None, "") else a == b for k, (a, b) in pairs.items()}
    return {**found, "sent": c["sent"]}


def weigh(p: Row, c: Row) -> int:
    points = {criterion.id: criterion.points for criterion in RULES.criteria}
    found = verdicts(p, c)
    return sum(points[k] * (1 if v else -1) for k, v in found.items() if v is not None)


def find(p: Row, collections: list[Row]) -> tuple[str | None, list[Row]]:
    """The rule's id and its candidates, the best first."""
    if p["kind"] == "unknown":
        return None, []
    here = [c for c in collections if c["creditor_no"] == p["creditor_no"]]
    own = returned(p, p["kind"])
    named = [c for c in here if own and returned(c, p["kind"]) == own]
    rule = "slip_reference" if p["kind"] in SLIPS else "our_reference"
    if not named:
        rule = "customer_due_amount"
        keys = ("customer_no", "due_date", "amount_minor")
        named = [
            c
            for c in here
            if all(p[k] is not None and p[k] == c[k] for k in keys)
            and (None in (p["agreement_no"], c["agreement_no"]) or
                 p["agreement_no"] == c["agreement_no"])
        ]  # fmt: skip
    ranked = sorted(named, key=lambda c: (-weigh(p, c), c["collection_id"]))
    return (rule if ranked else None), ranked


def held_by_what_it_says(  # noqa: PLR0911  # one answer per written class
    p: Row, rule: str | None, ranked: list[Row]
) -> str | None:
    by_reference = rule in {"our_reference", "slip_reference"}
    if p["faulty"]:
        return "faulty_record"
    if p["kind"] == "unknown":
        return "unknown_record"
    if p["known"]:
        return "possible_duplicate"
    if not ranked and p["customer_no"] not in CUSTOMERS:
        return "unknown_customer"
    if p["reference"] and not by_reference:
        return "unknown_reference"
    if not ranked:
        return "no_collection"
    if tied(p, rule, ranked):
        return "ambiguous_reference" if by_reference else "ambiguous"
    found = verdicts(p, ranked[0])
    for criterion, name in [
        ("sent", "not_sent"),
        ("customer", "wrong_customer"),
        ("currency", "wrong_currency"),
        ("amount", "collected_amount_differs"),
    ]:
        if found[criterion] is False:
            return name
    return None


def tied(p: Row, rule: str | None, ranked: list[Row]) -> bool:
    equal = len(ranked) > 1 and weigh(p, ranked[0]) == weigh(p, ranked[1])
    return equal or (rule == "slip_reference" and len(ranked) > 1)


def held_by_state(  # noqa: C901, PLR0911  # one answer per written class
    p: Row, c: Row, rule: str | None, tolerance: int
) -> str | None:
    kind, status = p["kind"], c["status"]
    difference = p["amount_paid_minor"] - c["amount_minor"]
    if kind in PAYS:
        if status == "paid":
            return "double_payment"
        if status in {"rejected", "agreement_cancelled", "center_error"}:
            return "after_rejection"
        if status == "reversed" and rule == "customer_due_amount":
            return "payment_after_reversal"
    elif kind in TAKES_BACK:
        if status != "paid" or c["paid_by"] is None or c["paid_by_kind"] != REVERSALS[kind]:
            return "reversal_without_payment"
        if -p["amount_paid_minor"] != c["paid_minor"]:
            return "reversal_amount_differs"
    elif status == "paid":
        return "rejection_of_paid"
    elif status in {"rejected", "agreement_cancelled"}:
        return "already_rejected"
    if not is_legal(Status(status), target(kind), sent=c["sent"]):
        return "unexpected_status"
    if kind in PAYS and p["fee_minor"]:
        return "fee"
    if kind in PAYS and abs(difference) > tolerance:
        return "over" if difference > 0 else "under"
    return None


def target(kind: str) -> Status:
    if kind in PAYS:
        return Status.PAID
    if kind in TAKES_BACK:
        return Status.REVERSED
    return Status.REJECTED if kind in REJECTS else Status.AGREEMENT_CANCELLED


def in_order(p: Row) -> tuple[object, ...]:
    date = p["booking_date"] or p["payment_date"] or p["due_date"]
    rank = 0 if p["kind"] in PAYS else 2 if p["kind"] in TAKES_BACK else 1
    bank_reference = p["bank_reference"]
    return (date, rank, bank_reference is None, bank_reference or "", p["raw_key"], p["line"])


def by_hand(payments: list[Row], collections: list[Row], tolerance: int) -> dict[int, Row]:
    state = {c["collection_id"]: dict(c) for c in collections}
    found: dict[int, Row] = {}
    for p in sorted(payments, key=in_order):
        rule, ranked = find(p, collections)
        held = held_by_what_it_says(p, rule, ranked)
        suggested = bool(p["reference"]) and rule == "customer_due_amount"
        chosen = bool(ranked) and not tied(p, rule, ranked) and not suggested
        c = state[ranked[0]["collection_id"]] if chosen else None
        if held is None and c is not None:
            held = held_by_state(p, c, rule, tolerance)
        row = effect(p, c, held)
        row["rule"] = rule
        row["collection_id"] = c["collection_id"] if c else None
        found[p["payment_id"]] = row
    return found


def effect(p: Row, c: Row | None, held: str | None) -> Row:
    row: Row = {"class": held, "new_status": None, "applied_minor": 0, "reverses": None}
    if c is not None and held in {None, "fee", "over", "under"}:
        cash = p["amount_paid_minor"]
        row["new_status"] = str(target(p["kind"]))
        if p["kind"] in PAYS:
            c["paid_by"], c["paid_minor"], c["paid_by_kind"] = p["payment_id"], cash, p["kind"]
            c["paid_applied"] = held is None
            row["applied_minor"] = min(cash, c["amount_minor"]) if held is None else 0
        elif p["kind"] in TAKES_BACK:
            row["reverses"] = c["paid_by"]
            applied = min(c["paid_minor"], c["amount_minor"]) if c["paid_applied"] else 0
            row["applied_minor"] = -applied
        c["status"] = row["new_status"]
    refused = p["kind"] in (*REJECTS, *CANCELS)
    row["outcome"] = "held" if held else "rejected" if refused else "matched"
    return row


# --- what holds ------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(universes())
def test_the_frames_agree_with_the_matcher_by_hand(
    universe: tuple[list[Row], list[Row], int],
) -> None:
    payments, collections, tolerance = universe
    expected = by_hand(payments, collections, tolerance)
    for row in run(payments, collections, tolerance).to_dicts():
        row["reverses"] = row["reverses_payment_id"]
        wanted = expected[row["payment_id"]]
        assert {key: row[key] for key in wanted} == wanted


@settings(max_examples=30, deadline=None)
@given(universes(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_has_no_say(
    universe: tuple[list[Row], list[Row], int], dice: random.Random
) -> None:
    payments, collections, tolerance = universe
    ordered = run(payments, collections, tolerance)
    dice.shuffle(payments)
    dice.shuffle(collections)
    shuffled = run(payments, collections, tolerance)
    assert shuffled["payment_id"].to_list() == [p["payment_id"] for p in payments]
    assert shuffled.sort("payment_id").equals(ordered.sort("payment_id"))


@settings(max_examples=30, deadline=None)
@given(universes())
def test_nothing_is_lost_and_a_collection_is_paid_once(
    universe: tuple[list[Row], list[Row], int],
) -> None:
    payments, collections, tolerance = universe
    found = run(payments, collections, tolerance)
    assert found.equals(run(payments, collections, tolerance))
    cash = [p["amount_paid_minor"] for p in payments]
    assert (found["applied_minor"] + found["residual_minor"]).to_list() == cash
    statuses = {c["collection_id"]: c["status"] for c in collections}
    sent = {c["collection_id"]: c["sent"] for c in collections}
    moves = found.filter(pl.col("new_status").is_not_null())
    for row in moves.sort("collection_id", "sequence").to_dicts():
        key = row["collection_id"]
        assert is_legal(Status(statuses[key]), Status(row["new_status"]), sent=sent[key])
        statuses[key] = row["new_status"]


def test_a_repeated_id_is_refused() -> None:
    dice = random.Random(1)  # no secret
    same = [payment(dice, 1, []), payment(dice, 1, [])]
    with pytest.raises(RepeatedIdError, match="payment_id"):
        run(same, [], 0)
    with pytest.raises(RepeatedIdError, match="collection_id"):
        run([], [collection(dice, 1), collection(dice, 1)], 0)


def test_a_frame_with_another_schema_is_refused() -> None:
    left, right = frames([], [])
    floats = left.with_columns(pl.col("amount_paid_minor").cast(pl.Float64))
    customers = pl.Series([], dtype=pl.String)
    with pytest.raises(WrongFrameError, match="amount_paid_minor: Float64"):
        match_payments(floats, collections=right, customers=customers)
    with pytest.raises(WrongFrameError, match="paid_by: missing"):
        match_payments(left, collections=right.drop("paid_by"), customers=customers)


def test_columns_beyond_the_schema_do_no_harm() -> None:
    left, right = frames([], [])
    customers = pl.Series([], dtype=pl.String)
    found = match_payments(
        left.with_columns(note=pl.lit("x")), collections=right, customers=customers
    )
    assert found.is_empty()
