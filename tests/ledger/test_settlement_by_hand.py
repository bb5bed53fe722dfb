"""Any credit settles any claim, never beyond what is left, and can be taken back once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.ledger.handover.marks import MARKS, mark
from workbench.ledger.identities import identities
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.open_entries import open_entries
from workbench.ledger.periods import Rolled, set_state
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.settlement.entries import UnknownEntryError
from workbench.ledger.settlement.penny import NoPennyError, post_away
from workbench.ledger.settlement.priority import (
    UnknownPriorityError,
    preview,
    priority_named,
    settle_by_priority,
)
from workbench.ledger.settlement.settling import (
    NotAPairError,
    OtherCustomerError,
    OverSettledError,
    Pair,
    Settled,
    StaleRemainingError,
    settle,
)
from workbench.ledger.settlement.tolerance import set_tolerance, tolerance_minor, tolerances
from workbench.ledger.settlement.unsettling import (
    NotASettlementError,
    TakenBackBeforeError,
    depends,
    unsettle,
)
from workbench.store import audit
from workbench.store.workspace import Workspace

AS_OF = dt.date(2026, 10, 12)

CUSTOMERS = """
[file]
delimiter = ","

[columns]
customer_no = "no"
name = "name"
customer_group = "group"
"""

ENTRIES = """
[file]
delimiter = ","
decimal = "."
thousands = " "
date = "%Y-%m-%d"
credit_sign = "negative"

[columns]
erp_entry_no = "entry"
customer_no = "no"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
currency = "currency"
disputed = "disputed"
"""

#: Number, customer, kind, due day of October, amount, currency, disputed.
BILLED = (
    ("1", "1", "invoice", 5, "100.50", "DKK", "no"),
    ("2", "1", "invoice", 1, "50.00", "DKK", "no"),
    ("3", "1", "credit_note", 9, "-100.00", "DKK", "no"),
    ("4", "1", "fee", 3, "10.00", "DKK", "no"),
    ("5", "2", "credit_note", 9, "-75.00", "DKK", "no"),
    ("6", "1", "invoice", 9, "40.00", "EUR", "no"),
    ("7", "1", "invoice", 2, "30.00", "DKK", "yes"),
    ("8", "1", "credit_note", 10, "-50.40", "DKK", "no"),
)


@pytest.fixture
def company(workspace: Workspace, put: Callable[[str, str], Path]) -> Workspace:
    people = put("customers.csv", "no,name,group\n1,Kunde,\n2,Kunde,\n")
    rows = [
        f"{no},{customer},{kind},F{no},2026-10-01,2026-10-{due:02},{amount},{currency},{disputed}"
        for no, customer, kind, due, amount, currency, disputed in BILLED
    ]
    heading = "entry,no,kind,document,date,due,amount,currency,disputed"
    billed = put("entries.csv", "\n".join([heading, *rows]) + "\n")
    for take, path, mapping in (
        (import_customers, people, CUSTOMERS),
        (import_entries, billed, ENTRIES),
    ):
        result = take(workspace, path, mapping=put(f"{path.stem}.toml", mapping), as_of=AS_OF)
        assert result.clean, result.problems
    return workspace


def table(workspace: Workspace, sql: str) -> list[dict[str, Any]]:
    with workspace.read() as reader:
        return reader.records(sql)


def number(workspace: Workspace, document_no: str) -> int:
    rows = table(workspace, "SELECT entry_id, document_no FROM entry")
    return next(int(row["entry_id"]) for row in rows if row["document_no"] == document_no)


def pair(workspace: Workspace, credit: str, claim: str, amount: int | None = None) -> Pair:
    return Pair(number(workspace, credit), number(workspace, claim), amount)


def settled(workspace: Workspace, *pairs: Pair, as_of: dt.date = AS_OF, **more: Any) -> Settled:
    return settle(workspace, pairs=pairs, as_of=as_of, **more)


def remaining(workspace: Workspace) -> dict[str, int]:
    with workspace.read() as reader:
        found = open_entries(reader, as_of=dt.date(2026, 12, 31))
    return dict(found.select("document_no", "remaining_minor").iter_rows())


def prove(workspace: Workspace) -> None:
    """Sums hold, in all and account by account, and the log vouches for every row."""
    with workspace.read() as reader:
        found = identities(reader, as_of=dt.date(2026, 12, 31), currencies=["DKK"])
        assert [i for i in found if not i.holds] == []
        assert audit.check(reader).holds
        posted = reader.rows(
            "SELECT account_no, customer_id, currency, sum(amount_minor) FROM posting "
            "WHERE purpose IN ('receivable', 'on_account') GROUP BY 1, 2, 3 "
            "HAVING sum(amount_minor) <> 0 ORDER BY 1, 2, 3"
        )
        lying = reader.rows(
            "SELECT p.account_no, e.customer_id, e.currency, sum(f.amount_minor) "
            "FROM entry AS e JOIN posting AS p ON p.entry_id = e.entry_id "
            "AND p.voucher_id = e.voucher_id JOIN entry_effect AS f ON f.entry_id = e.entry_id "
            "GROUP BY 1, 2, 3 HAVING sum(f.amount_minor) <> 0 ORDER BY 1, 2, 3"
        )
    assert posted == lying


def test_a_credit_settles_what_it_can(company: Workspace) -> None:
    done = settled(company, pair(company, "F3", "F1"))
    assert (done.amounts_minor, done.posting_date, done.rolled) == ((10_000,), AS_OF, None)
    assert (done.documents, done.pennies) == ((), {})
    left = remaining(company)
    assert (left["F1"], "F3" in left) == (50, False)
    (application,) = table(company, "SELECT * FROM application")
    assert (application["kind"], application["voucher_id"]) == ("credit_note", None)
    assert application["application_id"] == done.application_ids[0]
    prove(company)


def test_several_pairs_in_part_and_either_way_round(company: Workspace) -> None:
    swapped = Pair(number(company, "F2"), number(company, "F3"), 2_000)
    done = settled(company, swapped, pair(company, "F3", "F1"), pair(company, "F8", "F2"))
    assert done.amounts_minor == (2_000, 8_000, 3_000)
    left = remaining(company)
    assert (left["F1"], left["F8"]) == (2_050, -2_040)
    assert not {"F2", "F3"} & set(left)
    prove(company)


@pytest.mark.parametrize(
    ("credit", "claim", "amount", "error"),
    [
        ("F3", "F1", 10_001, OverSettledError),
        ("F3", "F2", 5_001, OverSettledError),
        ("F3", "F1", 0, OverSettledError),
        ("F3", "F1", -1, OverSettledError),
        ("F3", "F8", None, NotAPairError),
        ("F1", "F2", None, NotAPairError),
        ("F3", "F6", None, NotAPairError),
        ("F5", "F1", None, OtherCustomerError),
    ],
)
def test_what_is_no_settlement_changes_nothing(
    company: Workspace, credit: str, claim: str, amount: int | None, error: type[Exception]
) -> None:
    with company.read() as reader:
        before = reader.seq
    good = pair(company, "F8", "F4")
    with pytest.raises(error):
        settled(company, good, pair(company, credit, claim, amount))
    with company.read() as reader:
        assert reader.seq == before


def test_nothing_is_settled_twice(company: Workspace) -> None:
    settled(company, pair(company, "F8", "F2"))
    with pytest.raises(OverSettledError, match="nothing is left of F2"):
        settled(company, pair(company, "F3", "F2"))
    with pytest.raises(UnknownEntryError):
        settled(company, Pair(1, 2))
    with pytest.raises(NotAPairError):
        settled(company)


def test_what_a_person_saw_is_compared(company: Workspace) -> None:
    seen = {number(company, "F3"): -10_000, number(company, "F1"): 10_050}
    settled(company, pair(company, "F8", "F1", 100))
    with pytest.raises(StaleRemainingError, match=r"F1 .* 100\.50 DKK was left, now it is 99"):
        settled(company, pair(company, "F3", "F1"), seen=seen)
    prove(company)


def test_another_customer_is_settled_with_a_reason_and_a_voucher(company: Workspace) -> None:
    done = settled(company, pair(company, "F5", "F1"), reason="father pays for his son")
    assert done.documents == ("GEN-000001",)
    (event,) = table(company, "SELECT subject FROM audit_event WHERE step = 'settle'")
    assert "father pays" in event["subject"]
    postings = table(company, "SELECT * FROM posting JOIN voucher USING (voucher_id) "
                     "WHERE journal = 'GENERAL' ORDER BY number")  # fmt: skip
    assert [row["amount_minor"] for row in postings] == [7_500, -7_500]
    assert len({row["customer_id"] for row in postings}) == 2
    prove(company)
    (application,) = done.application_ids
    back = unsettle(company, [application], reason="it was not him", as_of=AS_OF)
    assert back.documents == ("GEN-000002",)
    assert remaining(company)["F5"] == -7_500
    prove(company)


def test_money_on_account_moves_to_where_it_settles(company: Workspace) -> None:
    entry_id = on_account(company, 6_000)
    done = settled(company, Pair(entry_id, number(company, "F1"), 4_000))
    (application,) = table(company, "SELECT * FROM application")
    assert (application["kind"], application["voucher_id"] is not None) == ("payment", True)
    assert balances(company)["5840"] == -2_000
    prove(company)
    other = settled(company, Pair(entry_id, number(company, "F2")))
    assert "5840" not in balances(company)
    every = [*done.application_ids, *other.application_ids]
    assert set(said(company, every)) == {"voucher"}
    unsettle(company, every, reason="wrong customer", as_of=AS_OF)
    assert balances(company)["5840"] == -6_000
    prove(company)


def test_another_receivable_account_is_settled_with_a_voucher(
    company: Workspace, put: Callable[[str, str], Path]
) -> None:
    """The customer's profile was another when the claim came in."""
    with company.transaction("profile") as step:
        step.execute("INSERT INTO account VALUES ('5601', 'Rent', 'receivable')")
        step.execute(
            "INSERT INTO profile_account (profile, purpose, account_no) "
            "SELECT 'RENT', purpose, iif(purpose = 'receivable', '5601', account_no) "
            "FROM profile_account WHERE profile = 'STANDARD'"
        )
        step.execute("UPDATE customer SET profile = 'RENT'")
    rent = "entry,no,kind,document,date,due,amount,currency,disputed\n"
    rent += "20,1,invoice,R1,2026-10-01,2026-10-05,100.30,DKK,no\n"
    mapping = put("entries.toml", ENTRIES)
    assert import_entries(company, put("rent.csv", rent), mapping=mapping, as_of=AS_OF).clean
    set_tolerance(company, currency="DKK", amount_minor=50)
    before = balances(company)
    done = settled(company, pair(company, "F3", "R1"))
    after = balances(company)
    assert (before["5601"], "5601" in after, after["1195"]) == (10_030, False, 30)
    assert after["5600"] - before["5600"] == 10_000
    prove(company)
    with company.transaction("profile") as step:  # what was posted stays where it is
        step.execute("UPDATE profile_account SET account_no = '5600' WHERE profile = 'RENT' "
                     "AND purpose = 'receivable'")  # fmt: skip
    unsettle(company, done.application_ids, reason="wrong", as_of=AS_OF)
    assert balances(company) == before
    prove(company)


def on_account(workspace: Workspace, amount: int) -> int:
    """Money that a person put on customer 1's account."""
    with workspace.transaction("put_on_account") as step:
        first = step.draw_ids(4)
        customer = step.value("SELECT customer_id FROM customer WHERE customer_no = '1'")
        day = {"posting_date": AS_OF}
        voucher = {"voucher_id": first, "journal": "PAYMENTS", "text": "on account", **day}
        vouchers = pl.DataFrame([voucher], schema=VOUCHERS)
        documents = draw_vouchers(step, vouchers)
        entry = {
            "entry_id": first + 1, "customer_id": customer, "kind": "on_account",
            "document_no": documents[first], "document_date": AS_OF, "due_date": AS_OF,
            "amount_minor": -amount, "currency": "DKK", "profile": "STANDARD",
            "voucher_id": first, **day,
        }  # fmt: skip
        step.append("entry", pl.DataFrame([entry]))
        same = {"voucher_id": first, "profile": "STANDARD", "currency": "DKK", "text": "x"}
        rows = [
            same
            | {"posting_id": first + 2, "purpose": "bank_clearing", "amount_minor": amount},
            {"posting_id": first + 3, "purpose": "on_account", "amount_minor": -amount,
             "customer_id": customer, "entry_id": first + 1} | same,
        ]  # fmt: skip
        add_postings(step, vouchers=vouchers, postings=pl.DataFrame(rows, schema=POSTINGS))
        return int(first + 1)


def balances(workspace: Workspace) -> dict[str, int]:
    rows = table(
        workspace,
        "SELECT account_no, sum(amount_minor) AS balance FROM posting WHERE currency = 'DKK' "
        "GROUP BY 1 HAVING sum(amount_minor) <> 0",
    )
    return {row["account_no"]: row["balance"] for row in rows}


def said(workspace: Workspace, application_ids: list[int]) -> list[str]:
    with workspace.read() as reader:
        return depends(reader, application_ids)["what"].to_list()


def test_a_refund_that_is_asked_for_is_kept_back(company: Workspace) -> None:
    with company.transaction("ask") as step:
        credit = number(company, "F3")
        customer = step.value("SELECT customer_id FROM entry WHERE entry_id = ?", [credit])
        refund = {
            "refund_id": step.draw_ids(1), "customer_id": customer, "entry_id": credit,
            "amount_minor": 9_000, "currency": "DKK", "reason": "moved", "actor": "ida",
        }  # fmt: skip
        step.append("refund", pl.DataFrame([refund]))
    with pytest.raises(OverSettledError, match="to be paid back"):
        settled(company, pair(company, "F3", "F2", 1_001))
    assert settled(company, pair(company, "F3", "F2")).amounts_minor == (1_000,)


def test_a_closed_month_is_rolled_over_visibly(company: Workspace) -> None:
    with company.transaction("close") as step:
        set_state(step, first_day=dt.date(2026, 10, 1), state="closed")
    done = settled(company, pair(company, "F3", "F1"))
    november = dt.date(2026, 11, 1)
    assert (done.posting_date, done.rolled) == (november, Rolled(AS_OF, november))
    back = unsettle(company, done.application_ids, reason="no", as_of=AS_OF)
    assert back.rolled == Rolled(AS_OF, november)
    prove(company)


def test_nothing_settles_before_what_happened_last(company: Workspace) -> None:
    late = dt.date(2026, 11, 20)
    done = settled(company, pair(company, "F3", "F1", 5_000), as_of=late)
    unsettle(company, done.application_ids, reason="no", as_of=AS_OF)
    again = settled(company, pair(company, "F3", "F1"))
    assert again.posting_date == late


# -- pennies ---------------------------------------------------------------------------------


def test_without_a_tolerance_nothing_is_posted_away(company: Workspace) -> None:
    assert settled(company, pair(company, "F3", "F1")).pennies == {}
    with pytest.raises(NoPennyError):
        post_away(company, [number(company, "F1")], as_of=AS_OF)


@pytest.mark.parametrize(("credit", "claim", "rest"), [("F3", "F1", 50), ("F8", "F2", -40)])
def test_a_rest_within_the_tolerance_is_posted_away(
    company: Workspace, credit: str, claim: str, rest: int
) -> None:
    set_tolerance(company, currency="DKK", amount_minor=50)
    done = settled(company, pair(company, credit, claim))
    over = number(company, claim if rest > 0 else credit)
    assert done.pennies == {over: rest}
    assert not {credit, claim} & set(remaining(company))
    assert balances(company)["1195"] == rest
    prove(company)
    assert said(company, list(done.application_ids)) == ["penny"]
    unsettle(company, done.application_ids, reason="bounced", as_of=AS_OF)
    left = remaining(company)
    assert (left["F1"], left["F2"], left["F3"], left["F8"]) == (10_050, 5_000, -10_000, -5_040)
    assert "1195" not in balances(company)
    assert len(left) == len(BILLED)
    prove(company)


def test_beyond_the_tolerance_nothing_is_posted_away(company: Workspace) -> None:
    set_tolerance(company, currency="DKK", amount_minor=49)
    set_tolerance(company, currency="EUR", amount_minor=10_000)
    assert settled(company, pair(company, "F3", "F1")).pennies == {}


def test_a_part_that_a_person_chose_is_no_penny(company: Workspace) -> None:
    set_tolerance(company, currency="DKK", amount_minor=100)
    done = settled(company, pair(company, "F8", "F2", 4_990))
    assert done.pennies == {}
    assert settled(company, pair(company, "F3", "F1"), with_penny=False).pennies == {}


def test_a_rest_is_posted_away_later_and_taken_back_alone(company: Workspace) -> None:
    settled(company, pair(company, "F3", "F1"))
    set_tolerance(company, currency="DKK", amount_minor=100)
    away = post_away(company, [number(company, "F1")], as_of=AS_OF)
    assert away.amounts == {number(company, "F1"): 50}
    (application,) = table(company, "SELECT * FROM application WHERE kind = 'penny'")
    unsettle(company, [application["application_id"]], reason="he paid it", as_of=AS_OF)
    assert remaining(company)["F1"] == 50
    prove(company)


def test_the_tolerance_of_a_customer_wins_and_the_last_one_counts(company: Workspace) -> None:
    customer = table(company, "SELECT customer_id FROM customer WHERE customer_no = '1'")[0]
    mine = customer["customer_id"]
    set_tolerance(company, currency="DKK", amount_minor=100)
    set_tolerance(company, currency="DKK", amount_minor=20, customer_id=mine)
    set_tolerance(company, currency="DKK", amount_minor=500)
    with company.read() as reader:
        allowed = [
            tolerance_minor(reader, currency=currency, customer_id=customer_id)
            for currency, customer_id in (("DKK", mine), ("DKK", 0), ("EUR", mine))
        ]
        decided = tolerances(reader)
    assert allowed == [20, 500, 0]
    assert decided["amount_minor"].to_list() == [500, 20, 100]
    assert decided["customer_no"].to_list() == [None, "1", None]


# -- by priority -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("oldest_first", [("F3", "F2", 5_000), ("F3", "F4", 1_000), ("F3", "F1", 4_000)]),
        ("costs_first", [("F3", "F4", 1_000), ("F3", "F2", 5_000), ("F3", "F1", 4_000)]),
        ("costs_last", [("F3", "F2", 5_000), ("F3", "F1", 5_000), ("F8", "F1", 5_040)]),
    ],
)
def test_credits_settle_in_the_declared_order(
    company: Workspace, order: str, first: list[tuple[str, str, int]]
) -> None:
    customer = table(company, "SELECT customer_id FROM customer WHERE customer_no = '1'")[0]
    with company.read() as reader:
        found = preview(reader, **customer, as_of=AS_OF, priority=priority_named(order))
    shown = found.pairs.select("credit_no", "claim_no", "amount_minor").rows()
    assert shown[:3] == first
    assert "F7" not in {claim for _, claim, _ in shown}  # disputed
    done = settle_by_priority(company, previews=[found], as_of=AS_OF)
    assert done is not None
    assert sum(done.amounts_minor) == 15_040
    prove(company)
    with pytest.raises(StaleRemainingError):
        settle_by_priority(company, previews=[found], as_of=AS_OF)
    with company.read() as reader:
        nothing = preview(reader, **customer, as_of=AS_OF)
    assert settle_by_priority(company, previews=[nothing], as_of=AS_OF) is None


def test_an_order_must_be_declared() -> None:
    with pytest.raises(UnknownPriorityError, match="oldest_first"):
        priority_named("by_mood")


# -- taking back -----------------------------------------------------------------------------


def test_a_settlement_is_taken_back_once(company: Workspace) -> None:
    done = settled(company, pair(company, "F3", "F1"))
    back = unsettle(company, done.application_ids, reason="wrong", as_of=AS_OF)
    assert back.taken_back == done.application_ids
    assert (remaining(company)["F1"], remaining(company)["F3"]) == (10_050, -10_000)
    with pytest.raises(TakenBackBeforeError):
        unsettle(company, done.application_ids, reason="wrong", as_of=AS_OF)
    rows = table(company, "SELECT application_id FROM application WHERE amount_minor < 0")
    with pytest.raises(NotASettlementError, match="itself"):
        unsettle(company, [rows[0]["application_id"]], reason="wrong", as_of=AS_OF)
    with pytest.raises(NotASettlementError, match="say why"):
        unsettle(company, done.application_ids, reason=" ", as_of=AS_OF)
    with pytest.raises(NotASettlementError, match="there is no"):
        unsettle(company, [999_999], reason="wrong", as_of=AS_OF)
    prove(company)


def test_what_was_handed_over_is_said_first(company: Workspace) -> None:
    (application,) = settled(company, pair(company, "F3", "F1")).application_ids
    assert said(company, [application]) == []
    with company.transaction("hand over") as step:
        delivery = step.draw_ids(1)
        handover = {
            "handover_id": delivery, "number": 1, "document_no": "HO-000001",
            "format": "csv", "mapping_name": "bc", "mapping": "", "as_of": AS_OF,
            "actor": "ida",
        }  # fmt: skip
        step.append("handover", pl.DataFrame([handover]))
        row = {"application_id": application, "handover_id": delivery}
        step.append("handover_application", pl.DataFrame([row]))
    assert said(company, [application]) == ["handed_over"]
    with company.transaction("mark") as step:
        marks = pl.DataFrame([row | {"voucher_id": None}], schema=MARKS)
        mark(step, marks, how="person", reason="seen there")
    assert said(company, [application]) == ["booked"]
    done = unsettle(company, [application], reason="wrong", as_of=AS_OF)
    assert done.taken_back == (application,)
    (back,) = table(company, "SELECT * FROM application_exchange WHERE state = 'waiting'")
    assert back["application_id"] != application, "taking back goes out as well"


def test_what_the_erp_settled_is_not_taken_back_here(company: Workspace) -> None:
    with company.transaction("erp") as step:
        application = step.draw_ids(1)
        row = {
            "application_id": application, "from_entry_id": number(company, "F3"),
            "to_entry_id": number(company, "F1"), "amount_minor": 10, "currency": "DKK",
            "kind": "settled_in_erp", "posting_date": AS_OF, "actor": "ida",
        }  # fmt: skip
        step.append("application", pl.DataFrame([row]))
    with pytest.raises(NotASettlementError, match="undoing its import"):
        unsettle(company, [application], reason="wrong", as_of=AS_OF)
