"""What the center tells becomes outcomes, statuses and differences; nothing else."""

from __future__ import annotations

from typing import Any

import pytest


def classes(company: Any) -> list[tuple[str, str | None]]:
    return [(row["outcome"], row["class"]) for row in company.outcomes()]


def test_the_center_says_yes_and_no(company: Any) -> None:
    company.sent(("1001", 10_000), ("1002", 20_000), ("1003", 30_000))
    result = company.told(
        company.record("1001", "payment_completed"),
        company.record("1002", "payment_rejected"),
        company.record("1003", "agreement_cancelled"),
    )
    assert result.counts == {"matched": 1, "rejected": 2}
    assert classes(company) == [("matched", None), ("rejected", None), ("rejected", None)]
    statuses = [company.status(no) for no in ("1001", "1002", "1003")]
    assert statuses == ["paid", "rejected", "agreement_cancelled"]
    assert company.line("1001")["final_on"] == "2026-11-09"
    assert [row["applied_minor"] for row in company.outcomes()] == [10_000, 0, 0]
    company.prove()


def test_digits_that_are_no_money_count_in_the_total_alone(company: Any) -> None:
    """A rejected record may repeat the collected amount where the paid amount stands."""
    company.sent(("1001", 10_000), ("1002", 20_000))
    content = company.delivery(
        company.record("1001", "payment_completed"),
        company.record("1002", "payment_rejected", amount_paid_minor=20_000),
    )
    assert company.receive(content).outcome == "accepted"
    assert [row["amount_paid_minor"] for row in company.outcomes()] == [10_000, 0]
    adjustments = company.rows("SELECT kind, amount_minor FROM total_adjustment")
    assert adjustments == [{"kind": "no_cash", "amount_minor": 20_000}]
    company.prove()


@pytest.mark.parametrize(
    ("special", "class_", "difference"),
    [
        ({"amount_paid_minor": 12_500}, "over", 2_500),
        ({"amount_paid_minor": 7_500}, "under", -2_500),
        ({"fee_minor": 2_500, "amount_paid_minor": 12_500}, "fee", 2_500),
        ({"fee_minor": 2_500}, "fee", None),
    ],
)
def test_paid_is_not_collected(
    company: Any, special: dict[str, int], class_: str, difference: int | None
) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "slip_paid", **special))
    (row,) = company.outcomes()
    assert (row["outcome"], row["class"]) == ("held", class_)
    assert row["applied_minor"] == 0
    assert row["residual_minor"] == special.get("amount_paid_minor", 10_000)
    assert row["collection_line_id"] == company.line("1001")["collection_line_id"]
    assert company.status("1001") == "paid"
    differences = company.rows("SELECT class, amount_minor, disposition FROM difference")
    expected = {"class": class_, "amount_minor": difference, "disposition": None}
    assert differences == ([] if difference is None else [expected])
    company.prove()


def test_a_second_payment_is_held(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    company.told(company.record("1001", "slip_paid", bank_reference="ARK2"))
    assert classes(company) == [("matched", None), ("held", "double_payment")]
    assert company.status("1001") == "paid"
    company.prove()


@pytest.mark.parametrize(
    ("special", "class_"),
    [
        ({"customer_no": "9999", "reference": None}, "unknown_customer"),
        ({"customer_no": "1002"}, "wrong_customer"),
        ({"reference": "10000ZZZZ", "due_date": None}, "unknown_reference"),
    ],
)
def test_whom_the_money_is_from_must_be_clear(
    company: Any, special: dict[str, Any], class_: str
) -> None:
    company.sent(("1001", 10_000), ("1002", 20_000))
    company.told(company.record("1001", "payment_completed", **special))
    (row,) = company.outcomes()
    assert (row["outcome"], row["class"], row["residual_minor"]) == ("held", class_, 10_000)
    assert {company.status("1001"), company.status("1002")} == {"in_process"}
    company.prove()


def test_a_reversal_takes_back_its_payment(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    company.told(company.record("1001", "payment_reversed"))
    payment, reversal = company.outcomes()
    assert (reversal["outcome"], reversal["applied_minor"]) == ("matched", -10_000)
    assert reversal["reverses_payment_line_id"] == payment["payment_line_id"]
    assert company.status("1001") == "reversed"
    company.prove()
    company.told(company.record("1001", "payment_completed", booking_date=company.DUE))
    assert company.status("1001") == "paid"
    company.prove()


def test_a_reversal_after_the_day_of_finality_counts(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    late = company.BOOKED.replace(month=12)
    company.told(company.record("1001", "payment_reversed", booking_date=late))
    line = company.line("1001")
    assert (line["status"], line["final_on"]) == ("reversed", "2026-11-09")
    assert late.isoformat() > line["final_on"]
    company.prove()


def test_a_reversal_of_nothing_or_of_another_amount_is_held(company: Any) -> None:
    company.sent(("1001", 10_000), ("1002", 10_000))
    company.told(company.record("1001", "payment_completed"))
    company.told(
        company.record("1001", "payment_reversed", amount_paid_minor=-9_000),
        company.record("1002", "payment_reversed"),
    )
    assert [row["class"] for row in company.outcomes()][1:] == [
        "reversal_amount_differs",
        "reversal_without_payment",
    ]
    assert (company.status("1001"), company.status("1002")) == ("paid", "in_process")
    company.prove()


def test_a_slip_comes_back_with_nine_characters(company: Any) -> None:
    company.sent(("1001", 10_000))
    record = company.record("1001", "slip_paid", customer_no=None, payer="0" * 19)
    company.told(record | {"payer": "7100000000000012347"})
    (row,) = company.outcomes()
    assert (row["outcome"], row["rule"] is not None) == ("matched", True)
    assert company.status("1001") == "paid"
    assert company.line("1001")["final_on"] == company.PAID.isoformat()
    company.prove()


def test_every_step_is_in_the_register(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    moves = company.rows(
        "SELECT from_status, to_status FROM collection_register ORDER BY register_id"
    )
    assert [tuple(move.values()) for move in moves] == [
        (None, "created"),
        ("created", "valid"),
        ("valid", "approved"),
        ("approved", "sent"),
        ("sent", "in_process"),
        ("in_process", "paid"),
    ]


def test_a_delivery_without_a_payment_is_taken(company: Any) -> None:
    """A section may be empty: the month brought nothing."""
    company.sent(("1001", 10_000))
    content = company.delivery(company.record("1001", "payment_rejected"))
    lines = [row for row in content.split(b"\r\n") if not row.startswith(b"BS042")]
    at = [n for n, row in enumerate(lines) if row.startswith((b"BS092", b"BS992"))]
    for n in at:
        lines[n] = lines[n][:31] + b"0" * 11 + lines[n][42:]
    assert company.receive(b"\r\n".join(lines)).outcome == "accepted"
    assert company.outcomes() == []
    assert company.status("1001") == "in_process"
    company.prove()
