"""Decisions and posting: nothing without its mark, and everything on one account."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from workbench.collection import decisions
from workbench.collection.decisions import NotDecidableError
from workbench.collection.settlement import planned, post_payments
from workbench.ledger import periods
from workbench.ledger.periods import NoOpenPeriodError


def match(company: Any, row: dict[str, Any], customer_no: str, *, reason: str = "seen") -> None:
    decisions.match_to(
        company.workspace,
        row["payment_line_id"],
        company.line(customer_no)["collection_line_id"],
        seen_outcome=row["outcome_id"],
        reason=reason,
        as_of=company.BOOKED,
    )


def on_account(company: Any, row: dict[str, Any], customer_no: str) -> None:
    decisions.put_on_account(
        company.workspace,
        row["payment_line_id"],
        company.line(customer_no)["customer_id"],
        seen_outcome=row["outcome_id"],
        reason="keeps it",
    )


def allow(company: Any, *rows: dict[str, Any], allowed: bool = True) -> int:
    ids = [row["payment_line_id"] for row in rows]
    return decisions.allow_posting(company.workspace, ids, allowed=allowed)


def post(company: Any) -> Any:
    """Post without the company's rule: only what a person allowed."""
    return post_payments(company.workspace, as_of=company.BOOKED)


# -- what is posted --------------------------------------------------------------------------


def test_matched_money_is_posted_when_it_is_allowed(company: Any) -> None:
    company.sent(("1001", 10_000), ("1001", -500), ("1001", 500))
    company.told(company.record("1001", "payment_completed"))
    before = company.money()
    assert (post(company).lines, post(company).waiting) == (0, 1)
    assert company.money() == before
    allow(company, company.last())
    allow(company, company.last(), allowed=False)
    assert post(company).lines == 0
    allow(company, company.last())
    with company.workspace.read() as reader:
        assert planned(reader).kinds == {("payment", "DKK"): (1, 10_000)}
    posted = post(company)
    assert (posted.counts, posted.documents, posted.waiting) == (
        {"payment": 1},
        ("PAY-000001",),
        0,
    )
    assert (company.balance("bank_clearing"), company.balance("held")) == (10_000, 0)
    assert (company.claim("1001"), company.remaining("1001")) == (0, 0)
    applications = company.rows("SELECT kind, amount_minor FROM application ORDER BY kind")
    assert [tuple(a.values()) for a in applications] == [
        ("credit_note", 500),
        ("payment", 9_500),
        ("payment", 500),
    ]
    (voucher,) = company.rows("SELECT * FROM voucher WHERE journal = 'PAYMENTS'")
    assert (voucher["bank_date"], voucher["posting_date"]) == ("2026-11-03", "2026-11-03")
    company.prove()


def test_held_money_is_posted_without_a_mark_and_released_with_one(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    assert post(company).counts == {"held": 1}
    assert company.balance("held") == -12_500
    assert company.claim("1001") == 10_000
    match(company, company.last(), "1001")
    row = company.last()
    assert (row["outcome"], row["applied_minor"], row["residual_minor"]) == (
        "matched", 10_000, 2_500,
    )  # fmt: skip
    company.prove()
    assert decisions.allow_by_rule(company.workspace) == 0  # the rule allows no residual
    assert (post(company).lines, post(company).waiting) == (0, 1)
    allow(company, company.last())
    assert post(company).counts == {"release": 1}
    assert (company.balance("held"), company.balance("bank_clearing")) == (0, 12_500)
    assert (company.claim("1001"), company.remaining("1001")) == (0, -2_500)
    (difference,) = company.rows("SELECT disposition, decided_by FROM difference")
    assert tuple(difference.values()) == ("matched", "ida")
    company.prove()


def test_too_little_leaves_the_rest_open(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "slip_paid", amount_paid_minor=6_000))
    match(company, company.last(), "1001")
    company.post()
    assert company.claim("1001") == 4_000
    company.told(company.record("1001", "slip_paid", amount_paid_minor=4_000))
    assert company.last()["class"] == "double_payment"
    match(company, company.last(), "1001")
    company.post()
    assert (company.claim("1001"), company.remaining("1001")) == (0, 0)
    company.prove()


def test_money_on_account_settles_nothing(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    company.told(company.record("1001", "slip_paid"))
    company.post()
    assert company.balance("held") == -10_000
    on_account(company, company.last(), "1001")
    assert post(company).lines == 0
    allow(company, company.last())
    assert post(company).counts == {"on_account": 1}
    assert (company.balance("held"), company.balance("on_account")) == (0, -10_000)
    assert (company.claim("1001"), company.remaining("1001")) == (0, -10_000)
    company.prove()


def test_ignored_money_stays_held(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(
        company.record("1001", "payment_completed", customer_no="9999", reference=None)
    )
    row = company.last()

    def ignore(reason: str) -> None:
        decisions.ignore(
            company.workspace, row["payment_line_id"],
            seen_outcome=row["outcome_id"], reason=reason,
        )  # fmt: skip

    with pytest.raises(NotDecidableError):
        ignore(" ")
    ignore("sent back by hand")
    assert company.last()["outcome"] == "ignored"
    assert post(company).counts == {"held": 1}
    assert company.balance("held") == -10_000
    company.prove()


def test_the_centers_no_posts_nothing(company: Any) -> None:
    company.sent(("1001", 10_000), ("1002", 10_000))
    company.told(
        company.record("1001", "payment_rejected"),
        company.record("1002", "agreement_cancelled"),
    )
    assert company.post().lines == 0
    assert company.claim("1001") == 10_000


# -- what is taken back ----------------------------------------------------------------------


def test_a_reversal_opens_exactly_what_its_payment_settled(company: Any) -> None:
    company.sent(("1001", 10_000), ("1001", 5_000), ("1001", -2_000), ("1002", 7_000))
    company.told(
        company.record("1001", "payment_completed"), company.record("1002", "payment_completed")
    )
    company.post()
    assert (company.claim("1001"), company.claim("1002")) == (0, 0)
    company.told(company.record("1001", "payment_reversed"))
    assert company.post().counts == {"reversal": 1}
    assert (company.claim("1001"), company.claim("1002")) == (13_000, 0)
    assert company.remaining("1001") == 13_000
    assert company.balance("bank_clearing") == 7_000
    mirrored = company.rows(
        "SELECT count(*) AS n FROM application WHERE reverses_application_id IS NOT NULL"
    )
    assert mirrored == [{"n": 3}]
    pairs = company.rows(
        "SELECT r.amount_minor + p.amount_minor AS rest, r.purpose = p.purpose AS same "
        "FROM posting AS r JOIN posting AS p ON p.posting_id = r.reverses_posting_id"
    )
    assert pairs == [{"rest": 0, "same": 1}] * 2
    company.prove()
    assert company.suggest().lines == 1  # it may be asked for again


def test_held_money_that_is_taken_back(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    row = company.last()
    company.post()
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    assert post(company).counts == {"reversal": 1}
    assert (company.balance("held"), company.balance("bank_clearing")) == (0, 0)
    assert company.claim("1001") == 10_000
    company.prove()
    for decide in (match, on_account):  # the money is gone
        with pytest.raises(NotDecidableError, match="taken back"):
            decide(company, row, "1001")
    company.prove()


def test_money_that_went_back_from_held_is_not_released(company: Any) -> None:
    """It was matched by hand but not allowed yet when the center took it back."""
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    company.post()
    match(company, company.last(), "1001")
    payment = company.last()
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    assert post(company).counts == {"reversal": 1}
    allow(company, payment)
    assert (post(company).lines, post(company).waiting) == (0, 0)
    assert (company.balance("held"), company.balance("bank_clearing")) == (0, 0)
    assert company.claim("1001") == 10_000
    company.prove()


def test_a_reversal_waits_for_its_mark(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    allow(company, company.last())
    post(company)
    company.told(company.record("1001", "payment_reversed"))
    assert (post(company).lines, post(company).waiting) == (0, 1)
    assert company.claim("1001") == 0
    allow(company, company.last())
    assert post(company).counts == {"reversal": 1}
    assert company.claim("1001") == 10_000
    company.prove()


@pytest.mark.parametrize("at_once", [True, False])
def test_paid_taken_back_and_paid_again(company: Any, at_once: bool) -> None:  # noqa: FBT001  # a parameter of the test
    company.sent(("1001", 10_000))
    for kind, day in (
        ("payment_completed", company.BOOKED),
        ("payment_reversed", dt.date(2026, 11, 10)),
        ("payment_completed", dt.date(2026, 11, 20)),
    ):
        company.told(company.record("1001", kind, booking_date=day))
        if not at_once:
            company.post()
    if at_once:
        decisions.allow_by_rule(company.workspace)
        with company.workspace.read() as reader:
            plan = planned(reader)
        assert plan.kinds == {
            ("payment", "DKK"): (2, 20_000),
            ("reversal", "DKK"): (1, -10_000),
        }
        assert company.post().counts == {"payment": 2, "reversal": 1}
    assert company.status("1001") == "paid"
    assert (company.claim("1001"), company.remaining("1001")) == (0, 0)
    assert company.balance("bank_clearing") == 10_000
    assert company.post().lines == 0
    company.prove()


def test_money_on_account_that_is_taken_back(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    on_account(company, company.last(), "1001")
    allow(company, company.last())
    post(company)
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    allow(company, company.last())
    assert post(company).counts == {"reversal": 1}
    assert (company.balance("on_account"), company.remaining("1001")) == (0, 10_000)
    company.prove()


# -- who decides, and when -------------------------------------------------------------------


def test_a_decision_on_what_somebody_else_decided_is_refused(company: Any) -> None:
    company.sent(("1001", 10_000), ("1002", 10_000))
    company.told(company.record("1001", "payment_completed", customer_no="1002"))
    row = company.last()
    assert row["class"] == "wrong_customer"
    stale = row | {"outcome_id": row["outcome_id"] - 1}
    with pytest.raises(NotDecidableError, match="somebody else"):
        match(company, stale, "1001")
    match(company, row, "1001")
    for decide in (match, on_account):
        with pytest.raises(NotDecidableError, match="not held"):
            decide(company, row, "1002")
    assert (company.status("1001"), company.status("1002")) == ("paid", "in_process")
    assert company.last()["locked"] == 1
    company.prove()


def test_nothing_is_paid_beyond_the_collection(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    company.told(company.record("1001", "slip_paid"))
    with pytest.raises(NotDecidableError, match="nothing of collection"):
        match(company, company.last(), "1001")
    assert company.last()["outcome"] == "held"


def test_only_money_can_be_decided_on(company: Any) -> None:
    company.sent(("1001", 10_000), ("1002", 10_000))
    company.told(company.record("1001", "payment_completed"))
    company.told(company.record("1001", "payment_rejected"))
    row = company.last()
    assert row["class"] == "rejection_of_paid"
    for decide in (match, on_account):
        with pytest.raises(NotDecidableError, match="no money"):
            decide(company, row, "1002")
    with pytest.raises(NotDecidableError, match="not matched"):
        allow(company, row)
    assert company.rows("SELECT * FROM posting_permission") == []


def test_money_matched_by_hand_is_not_asked_for_again(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_rejected"))
    company.told(company.record("1001", "slip_paid"))
    assert company.last()["class"] == "after_rejection"
    match(company, company.last(), "1001")
    assert company.status("1001") == "rejected"
    assert company.suggest().lines == 0
    company.post()
    assert company.claim("1001") == 0
    assert company.suggest().lines == 0
    company.prove()


# -- dates and doing it twice ----------------------------------------------------------------


def close(company: Any, *months: int) -> None:
    with company.workspace.transaction("close") as transaction:
        for month in months:
            periods.set_state(transaction, first_day=dt.date(2026, month, 1), state="closed")


def test_a_closed_period_rolls_the_posting_date_forward(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    close(company, 11)
    company.post()
    (voucher,) = company.rows("SELECT * FROM voucher WHERE journal = 'PAYMENTS'")
    assert (voucher["bank_date"], voucher["posting_date"]) == ("2026-11-03", "2026-12-01")
    postings = company.rows(
        "SELECT DISTINCT bank_date, posting_date FROM posting WHERE voucher_id = ?",
        voucher["voucher_id"],
    )
    assert postings == [{"bank_date": "2026-11-03", "posting_date": "2026-12-01"}]
    entry = company.rows("SELECT document_date, posting_date FROM entry")[-1]
    assert entry == {"document_date": "2026-11-02", "posting_date": "2026-12-01"}
    company.prove()


def test_without_an_open_period_nothing_is_posted(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    decisions.allow_by_rule(company.workspace)
    close(company, 11, 12)
    with company.workspace.transaction("close") as transaction:
        transaction.execute("UPDATE period SET state = 'closed' WHERE first_day > '2026-11'")
    before = company.money()
    with pytest.raises(NoOpenPeriodError):
        post(company)
    assert company.money() == before


@pytest.mark.parametrize("step", ["post", "suggest", "validate", "export"])
def test_everything_twice_changes_nothing(company: Any, step: str) -> None:
    company.sent(("1001", 10_000), ("1002", 20_000), ("1003", 30_000))
    company.told(
        company.record("1001", "payment_completed"),
        company.record("1002", "payment_rejected"),
        company.record("1003", "slip_paid", amount_paid_minor=1),
    )
    company.suggest()
    company.validate()
    company.post()
    again: Callable[[], object] = getattr(company, step)
    again()
    before = company.money()
    with company.workspace.read() as reader:
        events = reader.seq
    again()
    assert company.money() == before
    with company.workspace.read() as reader:
        assert reader.seq == events
    company.prove()


def test_an_entry_that_was_collected_twice_is_settled_once(company: Any) -> None:
    """The debtor pays the slip of the first attempt after all, and the second one as well."""
    company.sent(("1001", 10_000))
    first = company.record("1001", "slip_paid")
    company.told(company.record("1001", "payment_rejected"))
    company.suggest()
    company.validate()
    company.approve()
    company.receive(company.received(company.export()))
    company.told(first, company.record("1001", "payment_completed"))
    held, paid = company.outcomes()[1:]
    assert (held["class"], paid["outcome"]) == ("after_rejection", "matched")
    decisions.match_to(
        company.workspace, held["payment_line_id"], held["collection_line_id"],
        seen_outcome=held["outcome_id"], reason="the first slip", as_of=company.BOOKED,
    )  # fmt: skip
    assert company.post().counts == {"payment": 2}
    assert (company.claim("1001"), company.remaining("1001")) == (0, -10_000)
    company.prove()
