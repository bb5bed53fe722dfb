"""A payment that is taken back takes with it what was settled by hand with it."""

from __future__ import annotations

from typing import Any

from workbench.collection import decisions
from workbench.collection.erp_collected import COLLECTED
from workbench.collection.settlement import post_payments
from workbench.collection.settling import on_their_way, preview
from workbench.ledger.settlement.settling import Pair, settle
from workbench.ledger.settlement.tolerance import set_tolerance


def number(company: Any, kind: str, amount: int) -> int:
    rows = company.rows(
        "SELECT entry_id FROM entry WHERE kind = ? AND amount_minor = ?", kind, amount
    )
    return int(rows[0]["entry_id"])


def post_last(company: Any) -> None:
    decisions.allow_posting(company.workspace, [company.last()["payment_line_id"]])
    post_payments(company.workspace, as_of=company.BOOKED)


def put_on_account(company: Any) -> int:
    """12.500 of a slip on 1001's account; the entry."""
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    row = company.last()
    decisions.put_on_account(
        company.workspace,
        row["payment_line_id"],
        company.line("1001")["customer_id"],
        seen_outcome=row["outcome_id"],
        reason="he says so",
    )
    post_last(company)
    return number(company, "on_account", -12_500)


def test_money_on_account_that_had_settled_a_claim_is_taken_back(company: Any) -> None:
    company.sent(("1001", 12_540))
    entry = put_on_account(company)
    set_tolerance(company.workspace, currency="DKK", amount_minor=50)
    pairs = [Pair(entry, number(company, "invoice", 12_540))]
    done = settle(company.workspace, pairs=pairs, as_of=company.BOOKED)
    assert (done.amounts_minor, set(done.pennies.values())) == ((12_500,), {40})
    assert (company.remaining("1001"), company.claim("1001")) == (0, 0)
    assert (company.balance("on_account"), company.balance("penny")) == (0, 40)
    company.prove()
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    post_last(company)
    assert (company.remaining("1001"), company.claim("1001")) == (12_540, 12_540)
    assert (company.balance("on_account"), company.balance("penny")) == (0, 0)
    assert company.balance("receivable") == 12_540
    rests = company.rows(
        "SELECT entry_id FROM entry_effect GROUP BY 1 HAVING sum(amount_minor) <> 0"
    )
    assert len(rests) == 1, "only the claim is open again"
    company.prove()


def test_what_waits_to_be_sent_is_stopped_when_it_is_settled(company: Any) -> None:
    company.approved(("1001", 10_000), ("1002", 5_000))
    company.bill(("1001", -2_500))
    pairs = [Pair(number(company, "credit_note", -2_500), number(company, "invoice", 10_000))]
    done = settle(company.workspace, pairs=pairs, as_of=company.AS_OF, collections=COLLECTED)
    assert done.stopped == 1
    assert (company.status("1001"), company.status("1002")) == ("stopped", "approved")
    assert company.line("1001")["stop_reason"] == "settled by hand"
    company.suggest()
    assert company.line("1001")["amount_minor"] == 7_500
    company.prove()


def test_what_is_on_its_way_is_told_and_left_alone(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.bill(("1001", -2_500))
    claim = number(company, "invoice", 10_000)
    customer = company.line("1001")["customer_id"]
    with company.workspace.read() as reader:
        sent = on_their_way(reader, [claim])
        found = preview(reader, customer_id=customer, as_of=company.AS_OF)
    assert sent.select("entry_id", "status").rows() == [(claim, "in_process")]
    assert found.pairs.is_empty()
    company.told(company.record("1001", "payment_rejected"))
    with company.workspace.read() as reader:
        assert on_their_way(reader, [claim]).is_empty()
        found = preview(reader, customer_id=customer, as_of=company.AS_OF)
    assert found.pairs["amount_minor"].to_list() == [2_500]


def test_what_was_put_on_another_account_is_taken_back_from_there(company: Any) -> None:
    company.sent(("1001", 10_000), ("1002", 7_000))
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    row = company.last()
    decisions.put_on_account(
        company.workspace,
        row["payment_line_id"],
        company.line("1002")["customer_id"],
        seen_outcome=row["outcome_id"],
        reason="it is her money",
    )
    post_last(company)
    assert (company.remaining("1001"), company.remaining("1002")) == (10_000, -5_500)
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    post_last(company)
    assert (company.remaining("1001"), company.remaining("1002")) == (10_000, 7_000)
    company.prove()
