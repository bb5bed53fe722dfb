"""A payment that is taken back takes with it what was settled by hand with it."""

from __future__ import annotations

from typing import Any

from workbench.collection import decisions
from workbench.collection.settlement import post_payments
from workbench.ledger.penny import set_tolerance
from workbench.ledger.settlement import Pair, settle


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
