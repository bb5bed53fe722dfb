"""Every outcome and every class, as literal rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from workbench.matching.classes import CLASSES

Row = dict[str, Any]
Match = Callable[..., list[Row]]

SLIP: Row = {"kind": "slip_paid", "code": "0297", "section_kind": "0215", "agreement_no": None}
REJECTED: Row = {"kind": "payment_rejected", "amount_paid_minor": 0, "booking_date": None}
CANCELLED: Row = {"kind": "agreement_cancelled", "amount_paid_minor": 0, "booking_date": None}
REVERSED: Row = {
    "kind": "payment_reversed",
    "booking_date": dt.date(2026, 12, 1),
    "amount_paid_minor": -15_000,
}
PAID: Row = {
    "status": "paid",
    "paid_by": 77,
    "paid_minor": 15_000,
    "paid_by_kind": "payment_completed",
    "paid_applied": True,
}
OTHER_REFERENCE = "10000001A"


def test_a_payment_that_names_its_collection(match: Match) -> None:
    [found] = match([{}], [{}, {"reference": OTHER_REFERENCE}])
    assert found == {
        "payment_id": 9_000,
        "outcome": "matched",
        "class": None,
        "collection_id": 1,
        "reverses_payment_id": None,
        "rule": "our_reference",
        "confidence": "certain",
        "applied_minor": 15_000,
        "residual_minor": 0,
        "new_status": "paid",
        "difference_minor": None,
        "agreed": "reference customer amount due_date agreement currency sent debtor_group",
        "differed": "",
        "weight": 184,
        "runner_up_collection_id": None,
        "margin": None,
        "sequence": 1,
    }


# payment, collection → expected; what is not named is ordinary.
ONE_TO_ONE: dict[str, tuple[Row, Row, Row]] = {
    "slip": (
        {**SLIP},
        {"section_kind": "0117", "agreement_no": None, "reference": "100000003-2026"},
        {"outcome": "matched", "rule": "slip_reference", "confidence": "certain"},
    ),
    "slip of an unknown payer that names a collection": (
        {**SLIP, "customer_no": None},
        {},
        {"outcome": "matched", "rule": "slip_reference", "confidence": "certain"},
    ),
    "a slip loses the blank that ends its nine characters": (
        {**SLIP, "reference": "12345678"},
        {"reference": "12345678 2026"},
        {"outcome": "matched", "rule": "slip_reference", "confidence": "certain"},
    ),
    "automatic payments compare the whole reference": (
        {},
        {"reference": "100000003-2026"},
        {"outcome": "held", "class": "unknown_reference", "runner_up_collection_id": 1},
    ),
    "another debtor group decides nothing": (
        {"debtor_group": "00002"},
        {},
        {"outcome": "matched", "confidence": "high", "differed": "debtor_group"},
    ),
    "the due date may have moved": (
        {"due_date": dt.date(2026, 11, 3)},
        {},
        {"outcome": "matched", "confidence": "high", "differed": "due_date"},
    ),
    "without reference": (
        {"reference": None},
        {"reference": None},
        {"outcome": "matched", "rule": "customer_due_amount", "confidence": "medium"},
    ),
    "blanks are no reference": (
        {"reference": "   "},
        {},
        {"outcome": "matched", "rule": "customer_due_amount"},
    ),
    "without reference and agreement": (
        {"reference": None, "agreement_no": None},
        {},
        {"outcome": "matched", "rule": "customer_due_amount"},
    ),
    "without reference, another agreement": (
        {"reference": None, "agreement_no": "999999999"},
        {},
        {"outcome": "held", "class": "no_collection", "rule": None, "confidence": None},
    ),
    "without reference, another amount": (
        {"reference": None, "amount_minor": 15_001},
        {},
        {"outcome": "held", "class": "no_collection", "collection_id": None},
    ),
    "another creditor": (
        {"creditor_no": "11111111", "reference": None},
        {},
        {"outcome": "held", "class": "no_collection"},
    ),
    "collected before": ({}, {"status": "collected"}, {"new_status": "paid"}),
    "sent, no receipt yet": ({}, {"status": "sent"}, {"new_status": "paid"}),
    "stopped after it was sent": (
        {},
        {"status": "stopped"},
        {"outcome": "matched", "new_status": "paid"},
    ),
    "paid again after a reversal": (
        {},
        {"status": "reversed", "paid_by": 77},
        {"outcome": "matched", "new_status": "paid", "applied_minor": 15_000},
    ),
    "a disbursement": (
        {"amount_minor": -500, "amount_paid_minor": -500},
        {"amount_minor": -500},
        {"outcome": "matched", "applied_minor": -500, "residual_minor": 0},
    ),
    "rejected": (
        {**REJECTED},
        {},
        {"outcome": "rejected", "class": None, "new_status": "rejected", "applied_minor": 0},
    ),
    "cancelled": (
        {**CANCELLED},
        {},
        {"outcome": "rejected", "new_status": "agreement_cancelled", "residual_minor": 0},
    ),
    "rejected after it was stopped": (
        {**REJECTED},
        {"status": "stopped"},
        {"outcome": "rejected", "new_status": "rejected"},
    ),
    "reversed": (
        {**REVERSED},
        {**PAID},
        {
            "outcome": "matched",
            "class": None,
            "new_status": "reversed",
            "reverses_payment_id": 77,
            "applied_minor": -15_000,
            "residual_minor": 0,
        },
    ),
    "a slip reversed": (
        {**REVERSED, **SLIP, "kind": "slip_reversed"},
        {**PAID, "paid_by_kind": "slip_paid"},
        {"outcome": "matched", "new_status": "reversed", "applied_minor": -15_000},
    ),
    "a reversal of a payment that waits": (
        {**REVERSED, "amount_paid_minor": -20_000},
        {**PAID, "paid_minor": 20_000, "paid_applied": False},
        {
            "outcome": "matched",
            "reverses_payment_id": 77,
            "applied_minor": 0,
            "residual_minor": -20_000,
        },
    ),
    "faulty_record": (
        {"faulty": True, "kind": "unknown"},
        {},
        {"class": "faulty_record", "residual_minor": 15_000, "sequence": None},
    ),
    "unknown_record": (
        {"kind": "unknown", "amount_paid_minor": None},
        {},
        {"class": "unknown_record", "applied_minor": 0, "residual_minor": 0},
    ),
    "a collection is no payment record": (
        {"kind": "collection"},
        {},
        {"class": "unknown_record"},
    ),
    "possible_duplicate": (
        {"known": True},
        {},
        {"class": "possible_duplicate", "collection_id": 1, "new_status": None},
    ),
    "unknown_customer": (
        {"customer_no": "666", "reference": None},
        {},
        {"class": "unknown_customer", "collection_id": None},
    ),
    "unknown_customer before unknown_reference": (
        {"customer_no": "666", "reference": "XXX"},
        {},
        {"class": "unknown_customer"},
    ),
    "no customer and nothing found": (
        {**SLIP, "customer_no": None, "reference": None},
        {},
        {"class": "unknown_customer"},
    ),
    "unknown_reference": (
        {"reference": "XXX", "due_date": None},
        {},
        {"class": "unknown_reference", "rule": None, "runner_up_collection_id": None},
    ),
    "unknown_reference with a suggestion": (
        {"reference": "XXX"},
        {},
        {
            "class": "unknown_reference",
            "collection_id": None,
            "runner_up_collection_id": 1,
            "rule": "customer_due_amount",
            "confidence": "low",
            "differed": "reference",
            "new_status": None,
            "residual_minor": 15_000,
        },
    ),
    "no_collection": (
        {"reference": None, "due_date": dt.date(2026, 12, 2)},
        {},
        {"class": "no_collection"},
    ),
    "not_sent": (
        {},
        {"status": "approved", "sent": False},
        {"class": "not_sent", "collection_id": 1, "new_status": None, "differed": "sent"},
    ),
    "stopped before it was sent": (
        {},
        {"status": "stopped", "sent": False},
        {"class": "not_sent"},
    ),
    "wrong_customer": (
        {"customer_no": "2077"},
        {},
        {"class": "wrong_customer", "collection_id": 1, "differed": "customer"},
    ),
    "a wrong customer that nobody knows": (
        {"customer_no": "666"},
        {},
        {"class": "wrong_customer", "collection_id": 1},
    ),
    "wrong_currency": ({"currency": "EUR"}, {}, {"class": "wrong_currency"}),
    "collected_amount_differs": (
        {"amount_minor": 14_000, "amount_paid_minor": 14_000},
        {},
        {"class": "collected_amount_differs", "difference_minor": None},
    ),
    "double_payment": (
        {},
        {**PAID},
        {"class": "double_payment", "collection_id": 1, "residual_minor": 15_000},
    ),
    "after_rejection": ({}, {"status": "rejected"}, {"class": "after_rejection"}),
    "after a cancellation": (
        {},
        {"status": "agreement_cancelled"},
        {"class": "after_rejection", "new_status": None},
    ),
    "after the center's error": ({}, {"status": "center_error"}, {"class": "after_rejection"}),
    "payment_after_reversal": (
        {"reference": None},
        {"status": "reversed"},
        {"class": "payment_after_reversal", "new_status": None},
    ),
    "rejection_of_paid": ({**REJECTED}, {**PAID}, {"class": "rejection_of_paid"}),
    "already_rejected": (
        {**REJECTED},
        {"status": "rejected"},
        {"outcome": "held", "class": "already_rejected"},
    ),
    "cancelled after it was rejected": (
        {**CANCELLED},
        {"status": "rejected"},
        {"class": "already_rejected"},
    ),
    "reversal_without_payment": (
        {**REVERSED},
        {},
        {
            "class": "reversal_without_payment",
            "reverses_payment_id": None,
            "residual_minor": -15_000,
            "new_status": None,
        },
    ),
    "a second reversal": (
        {**REVERSED},
        {**PAID, "status": "reversed"},
        {"class": "reversal_without_payment"},
    ),
    "an automatic reversal of a slip": (
        {**REVERSED},
        {**PAID, "paid_by_kind": "slip_paid"},
        {"class": "reversal_without_payment"},
    ),
    "paid by a person's word": (
        {**REVERSED},
        {"status": "paid"},
        {"class": "reversal_without_payment"},
    ),
    "reversal_amount_differs": (
        {**REVERSED, "amount_paid_minor": -14_999},
        {**PAID},
        {"class": "reversal_amount_differs", "residual_minor": -14_999, "new_status": None},
    ),
    "a reversal with the wrong sign": (
        {**REVERSED, "amount_paid_minor": 15_000},
        {**PAID},
        {"class": "reversal_amount_differs"},
    ),
    "unexpected_status": (
        {**CANCELLED},
        {"status": "stopped"},
        {"outcome": "held", "class": "unexpected_status", "new_status": None},
    ),
    "fee": (
        {**SLIP, "fee_minor": 1_000, "amount_paid_minor": 16_000},
        {},
        {
            "outcome": "held",
            "class": "fee",
            "collection_id": 1,
            "new_status": "paid",
            "applied_minor": 0,
            "residual_minor": 16_000,
            "difference_minor": 1_000,
        },
    ),
    "a fee beside the whole amount": (
        {**SLIP, "fee_minor": 1_000},
        {},
        {"class": "fee", "difference_minor": None, "residual_minor": 15_000},
    ),
    "over": (
        {**SLIP, "amount_paid_minor": 30_000},
        {},
        {
            "outcome": "held",
            "class": "over",
            "collection_id": 1,
            "new_status": "paid",
            "applied_minor": 0,
            "residual_minor": 30_000,
            "difference_minor": 15_000,
        },
    ),
    "under": (
        {**SLIP, "amount_paid_minor": 14_500},
        {},
        {
            "outcome": "held",
            "class": "under",
            "new_status": "paid",
            "applied_minor": 0,
            "residual_minor": 14_500,
            "difference_minor": -500,
        },
    ),
    "nothing paid at all": (
        {"amount_paid_minor": None},
        {},
        {"class": "under", "residual_minor": 0, "difference_minor": -15_000},
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_TO_ONE)
def test_one_payment_and_one_collection(match: Match, case: str) -> None:
    payment, collection, expected = ONE_TO_ONE[case]
    [found] = match([payment], [collection])
    assert {key: found[key] for key in expected} == expected
    assert (found["class"] is None) is (found["outcome"] != "held")
    assert found["applied_minor"] + found["residual_minor"] == (
        payment.get("amount_paid_minor", 15_000) or 0
    )


def test_every_class_is_shown() -> None:
    shown = {expected.get("class") for _, _, expected in ONE_TO_ONE.values()} - {None}
    many = {"ambiguous_reference", "ambiguous", "too_many_records"}
    assert shown | many == set(CLASSES)


def test_two_collections_with_the_nine_characters_of_a_slip(match: Match) -> None:
    [found] = match([SLIP], [{"reference": "100000003-A"}, {"customer_no": "2077"}])
    assert (found["class"], found["collection_id"]) == ("ambiguous_reference", None)
    assert (found["runner_up_collection_id"], found["margin"]) == (1, 60)
    assert found["confidence"] == "low"


def test_two_collections_with_one_whole_reference_and_better_evidence(match: Match) -> None:
    [found] = match([{}], [{"customer_no": "2077"}, {}])
    assert (found["outcome"], found["collection_id"]) == ("matched", 2)
    assert (found["runner_up_collection_id"], found["margin"]) == (1, 60)


def test_two_collections_with_one_whole_reference_and_equal_evidence(match: Match) -> None:
    [found] = match([{}], [{"collection_id": 5}, {"collection_id": 4}])
    assert (found["class"], found["collection_id"]) == ("ambiguous_reference", None)
    assert (found["runner_up_collection_id"], found["margin"]) == (4, 0)


def test_two_equal_collections_without_reference(match: Match) -> None:
    [found] = match([{"reference": None}], [{}, {"reference": OTHER_REFERENCE}])
    assert (found["class"], found["collection_id"]) == ("ambiguous", None)
    assert (found["runner_up_collection_id"], found["margin"]) == (1, 0)


def test_an_agreement_that_agrees_beats_one_that_is_absent(match: Match) -> None:
    [found] = match([{"reference": None}], [{"agreement_no": None}, {}])
    assert (found["outcome"], found["collection_id"], found["margin"]) == ("matched", 2, 10)


def test_a_sent_collection_beats_one_that_was_never_sent(match: Match) -> None:
    unsent = {"sent": False, "status": "created", "reference": OTHER_REFERENCE}
    [found] = match([{"reference": None}], [unsent, {}])
    assert (found["outcome"], found["collection_id"]) == ("matched", 2)


def test_a_payment_and_its_reversal_in_one_file(match: Match) -> None:
    back, paid = match([REVERSED, {}], [{}])
    assert (paid["outcome"], paid["new_status"], paid["sequence"]) == ("matched", "paid", 1)
    assert (back["outcome"], back["new_status"], back["sequence"]) == ("matched", "reversed", 2)
    assert back["reverses_payment_id"] == paid["payment_id"]
    assert (paid["applied_minor"], back["applied_minor"]) == (15_000, -15_000)


def test_on_one_day_the_money_comes_before_it_goes_back(match: Match) -> None:
    back, paid = match([{**REVERSED, "booking_date": dt.date(2026, 11, 3)}, {}], [{}])
    assert (paid["sequence"], back["sequence"]) == (1, 2)
    assert back["outcome"] == "matched"


def test_too_much_money_and_its_reversal_in_one_file(match: Match) -> None:
    paid, back = match(
        [{"amount_paid_minor": 20_000}, {**REVERSED, "amount_paid_minor": -20_000}], [{}]
    )
    assert (paid["class"], paid["residual_minor"]) == ("over", 20_000)
    assert (back["outcome"], back["applied_minor"]) == ("matched", 0)
    assert back["residual_minor"] == -20_000


def test_paid_reversed_and_paid_again_in_one_file(match: Match) -> None:
    again = {"booking_date": dt.date(2026, 12, 3)}
    found = match([again, REVERSED, {}], [{}])
    assert [row["sequence"] for row in found] == [3, 2, 1]
    assert [row["new_status"] for row in found] == ["paid", "reversed", "paid"]
    assert {row["outcome"] for row in found} == {"matched"}


def test_a_second_payment_in_one_file_is_a_double_payment(match: Match) -> None:
    first, second = match([{}, {"booking_date": dt.date(2026, 11, 5)}], [{}])
    assert (first["outcome"], first["sequence"]) == ("matched", 1)
    assert (second["class"], second["sequence"]) == ("double_payment", 2)
    assert (second["collection_id"], second["new_status"]) == (1, None)


def test_equal_events_are_ordered_by_what_they_say_before_their_place(match: Match) -> None:
    earlier, later = {"line": 10, "raw_key": 9}, {"line": 11, "raw_key": 1}
    assert [row["sequence"] for row in match([earlier, later], [{}])] == [2, 1]


def test_a_held_line_takes_no_turn(match: Match) -> None:
    known, paid = match([{"known": True}, {"booking_date": dt.date(2026, 11, 5)}], [{}])
    assert (known["class"], known["sequence"]) == ("possible_duplicate", None)
    assert (paid["outcome"], paid["sequence"]) == ("matched", 1)


def test_more_lines_than_turns_are_held(match: Match) -> None:
    found = match([{"raw_key": n} for n in range(60)], [{}])
    classes = [row["class"] for row in found]
    assert classes == [None, *["double_payment"] * 49, *["too_many_records"] * 10]
    assert found[-1]["sequence"] is None


def test_a_tolerance_is_a_match_with_a_residual(match: Match) -> None:
    over, under, beyond = match(
        [
            {"amount_paid_minor": 15_050},
            {"reference": "B", "amount_paid_minor": 14_950},
            {"reference": "C", "amount_paid_minor": 14_949},
        ],
        [{}, {"reference": "B"}, {"reference": "C"}],
        tolerance_minor=50,
    )
    assert (over["applied_minor"], over["residual_minor"]) == (15_000, 50)
    assert (under["applied_minor"], under["residual_minor"]) == (14_950, 0)
    assert (over["difference_minor"], under["difference_minor"]) == (50, -50)
    assert (beyond["class"], beyond["applied_minor"]) == ("under", 0)


def test_a_reversal_undoes_what_a_tolerance_applied(match: Match) -> None:
    back = {**REVERSED, "amount_paid_minor": -15_050}
    [found] = match([back], [{**PAID, "paid_minor": 15_050}], tolerance_minor=50)
    assert (found["applied_minor"], found["residual_minor"]) == (-15_000, -50)


def test_nothing_gives_nothing(match: Match) -> None:
    assert match([], []) == []
    assert [row["class"] for row in match([{}], [])] == ["unknown_reference"]
    assert match([], [{}]) == []
