"""A payment meets its claims on their account, with their dimensions, in every currency."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from workbench import io
from workbench.collection import decisions, journal
from workbench.collection import setup as collection
from workbench.collection.deliveries import export
from workbench.collection.incoming import Incoming, receive
from workbench.collection.payments import import_payments
from workbench.collection.suggest import suggest
from workbench.collection.validate import validate
from workbench.ledger.ledger_setup import set_up
from workbench.ledger.setup import DEFAULT_PROFILE
from workbench.reports.verification import verify

LEDGER = """
[[account]]
number = "5601"
name = "Trade receivables, business"
purpose = "receivable"

[[account]]
number = "5602"
name = "Trade receivables, public"
purpose = "receivable"

[[account]]
number = "5841"
name = "On account, business"
purpose = "on_account"

[[profile]]
name = "BUSINESS"
like = "STANDARD"
receivable = "5601"
on_account = "5841"

[[profile]]
name = "PUBLIC"
like = "STANDARD"
receivable = "5602"
"""

#: What lies on each account that customers' entries were posted on, against what remains.
_NETS = """
WITH lies AS (
    SELECT e.entry_id, p.account_no FROM entry AS e
    JOIN posting AS p ON p.voucher_id = e.voucher_id AND p.entry_id = e.entry_id
    WHERE p.purpose IN ('receivable', 'on_account')
)
SELECT account_no, currency, sum(posted) AS posted, sum(remaining) AS remaining FROM (
    SELECT account_no, currency, amount_minor AS posted, 0 AS remaining FROM posting
    WHERE purpose IN ('receivable', 'on_account')
    UNION ALL
    SELECT l.account_no, f.currency, 0, f.amount_minor FROM entry_effect AS f
    JOIN lies AS l USING (entry_id)
) GROUP BY 1, 2 ORDER BY 1, 2
"""


def nets(company: Any) -> dict[tuple[str, str], int]:
    """What lies on each receivable account, which is what remains of the entries on it."""
    found = company.rows(_NETS)
    assert [row for row in found if row["posted"] != row["remaining"]] == []
    return {(r["account_no"], r["currency"]): r["posted"] for r in found if r["posted"]}


def group(company: Any, customer_group: str, *customers: str) -> None:
    with company.workspace.transaction("group") as transaction:
        transaction.execute(
            "UPDATE customer SET customer_group = ? "
            "WHERE customer_no IN (SELECT value FROM json_each(?))",
            [customer_group, json.dumps(customers)],
        )


def profile_of_group(company: Any, profile: str, system: str = "") -> None:
    text = f'[[group]]\ncustomer_group = "E"\nsystem = "{system}"\nprofile = "{profile}"\n'
    assert set_up(company.workspace, text=text, name="groups.toml").clean


def collect(company: Any, system: str = "BS") -> None:
    """Everything that is open, on its way to the center."""
    suggest(company.workspace, system=system, as_of=company.AS_OF)
    validate(company.workspace, as_of=company.AS_OF)
    lines = [(r["collection_line_id"], r["version"]) for r in company.lines(status="valid")]
    journal.approve(company.workspace, lines, as_of=company.AS_OF)
    sent = export(company.workspace, system=system, as_of=company.AS_OF)
    assert sent.lines, system


@pytest.fixture
def business(company: Any) -> Any:
    """Customers 1001 and 1002 of the group E, whose claims lie on an account of their own."""
    assert set_up(company.workspace, text=LEDGER, name="ledger.toml").clean
    company.customers("1001", "1002", "1003")
    group(company, "E", "1001", "1002")
    profile_of_group(company, "BUSINESS")
    return company


def test_a_payment_meets_its_claim_on_one_account(business: Any) -> None:
    company = business
    company.bill(("1001", 10_000), ("1001", -500), ("1003", 7_000))
    assert nets(company) == {("5600", "DKK"): 7_000, ("5601", "DKK"): 9_500}
    collect(company)
    profile_of_group(company, "PUBLIC")  # what was posted before stays where it is
    company.told(company.record("1001", "payment_completed"))
    company.told(company.record("1003", "payment_completed", amount_paid_minor=6_000))
    company.post()
    assert nets(company) == {("5600", "DKK"): 7_000}
    payment = company.rows("SELECT profile FROM entry WHERE kind = 'payment'")
    assert payment == [{"profile": "BUSINESS"}]
    bank = company.rows("SELECT DISTINCT profile FROM posting WHERE purpose <> 'receivable'")
    assert bank == [{"profile": DEFAULT_PROFILE}]
    company.told(company.record("1001", "payment_reversed"))
    company.post()
    assert nets(company) == {("5600", "DKK"): 7_000, ("5601", "DKK"): 9_500}
    company.prove()


def test_claims_on_two_accounts_are_settled_on_each(business: Any) -> None:
    company = business
    company.bill(("1001", 10_000), ("1001", -500))
    profile_of_group(company, "PUBLIC")
    company.bill(("1001", 7_000), ("1001", 300))
    assert nets(company) == {("5601", "DKK"): 9_500, ("5602", "DKK"): 7_300}
    collect(company)
    profile_of_group(company, "BUSINESS")
    company.told(company.record("1001", "payment_completed"))
    company.post()
    assert (nets(company), company.claim("1001")) == ({}, 0)
    company.prove()
    company.told(company.record("1001", "payment_reversed"))
    company.post()
    assert nets(company) == {("5601", "DKK"): 9_500, ("5602", "DKK"): 7_300}
    assert company.claim("1001") == 16_800
    company.prove()


def test_money_on_account_has_the_profile_of_the_system(business: Any) -> None:
    company = business
    company.bill(("1001", 10_000))
    collect(company)
    profile_of_group(company, "BUSINESS", "BS")
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_500))
    row = company.last()
    decisions.put_on_account(
        company.workspace, row["payment_line_id"], company.line("1001")["customer_id"],
        seen_outcome=row["outcome_id"], reason="keeps it",
    )  # fmt: skip
    decisions.allow_posting(company.workspace, [row["payment_line_id"]], allowed=True)
    company.post()
    assert nets(company) == {("5601", "DKK"): 10_000, ("5841", "DKK"): -12_500}
    profile_of_group(company, "PUBLIC", "BS")
    company.told(company.record("1001", "slip_reversed", amount_paid_minor=-12_500))
    decisions.allow_posting(
        company.workspace, [company.last()["payment_line_id"]], allowed=True
    )
    company.post()
    assert nets(company) == {("5601", "DKK"): 10_000}
    company.prove()


def test_held_money_goes_back_where_it_lay(business: Any) -> None:
    company = business
    company.bill(("1001", 10_000))
    collect(company)
    company.told(company.record("1001", "slip_paid", amount_paid_minor=12_000))
    company.post()
    row = company.last()
    decisions.match_to(
        company.workspace, row["payment_line_id"], company.line("1001")["collection_line_id"],
        seen_outcome=row["outcome_id"], reason="his", as_of=company.BOOKED,
    )  # fmt: skip
    decisions.allow_posting(company.workspace, [row["payment_line_id"]], allowed=True)
    company.post()
    assert (company.balance("held"), nets(company)) == (0, {("5601", "DKK"): -2_000})
    company.prove()


@pytest.mark.parametrize(
    ("departments", "expected"),
    [(("VAND", "VAND"), {"department": "VAND"}), (("VAND", "VARME"), {}), (("", ""), {})],
)
def test_a_payment_carries_the_dimensions_that_its_claims_agree_on(
    company: Any, departments: tuple[str, str], expected: dict[str, str]
) -> None:
    company.customers("1001")
    company.bill(("1001", 10_000), ("1001", 5_000))
    with company.workspace.transaction("dimensions") as transaction:
        for number, department in enumerate(departments, start=1):
            transaction.execute(
                "UPDATE entry SET dimensions = ? WHERE erp_entry_no = ?",
                [json.dumps({"department": department} if department else {}), str(number)],
            )
    collect(company)
    company.told(company.record("1001", "payment_completed"))
    company.post()
    company.told(company.record("1001", "payment_reversed"))
    company.post()
    carried = company.rows(
        "SELECT p.purpose, p.dimensions, e.dimensions AS of_entry FROM posting AS p "
        "LEFT JOIN entry AS e USING (entry_id) "
        "JOIN voucher AS v ON v.voucher_id = p.voucher_id "
        "WHERE v.journal = 'PAYMENTS' ORDER BY p.posting_id"
    )
    assert [row["purpose"] for row in carried] == [
        "bank_clearing", "receivable", "bank_clearing", "receivable",
    ]  # fmt: skip
    for row in carried:
        told = expected if row["purpose"] == "receivable" else {}
        assert json.loads(row["dimensions"]) == told
        assert row["of_entry"] is None or json.loads(row["of_entry"]) == told
    company.prove()


# -- several currencies ----------------------------------------------------------------------

#: Creditor by currency; the amount of a claim in minor units, and as the ERP writes it.
CREDITORS = {
    "DKK": ("09999999", 12_550, "125.50"),
    "SEK": ("09999998", 30_025, "300.25"),
    "EUR": ("09999997", 1_999, "19.99"),
    "ISK": ("09999996", 4_500, "4500"),
}

SYSTEM = """
[system]
system = "BS-{currency}"
scheme = "betalingsservice_total"
name = "In {currency}"
supplier_no = "99999993"
subsystem = "KR{currency[0]}"
test = true

[posting]
rule = "matched_without_residual"

[[creditor]]
creditor_no = "{creditor_no}"
name = "Nordvand {currency}"
currency = "{currency}"

[[creditor.group]]
debtor_group = "00001"
main_text = "Betaling"
"""

BANKS = "".join(
    f'[[account]]\nnumber = "59{n}"\nname = "Bank {currency}"\npurpose = "bank_clearing"\n'
    for n, currency in enumerate(CREDITORS)
) + '[[profile]]\nname = "STANDARD"\nlike = "STANDARD"\n' + "".join(
    f'[[profile.narrow]]\npurpose = "bank_clearing"\ncreditor_no = "{creditor_no}"\n'
    f'currency = "{currency}"\naccount = "59{n}"\n'
    for n, (currency, (creditor_no, *_)) in enumerate(CREDITORS.items())
)  # fmt: skip


def system_of(currency: str) -> str:
    return "BS" if currency == "DKK" else f"BS-{currency}"


@pytest.fixture
def four(company: Any) -> Any:
    """A company that collects in four currencies, one of them without decimals."""
    assert set_up(company.workspace, text=BANKS, name="ledger.toml").clean
    for currency, (creditor_no, *_) in CREDITORS.items():
        if currency != "DKK":
            file = company.files / f"{currency}.toml"
            file.write_text(SYSTEM.format(currency=currency, creditor_no=creditor_no), "utf-8")
            collection.install(company.workspace, file)
    company.customers("1001", "1002")
    for currency, (_, amount, shown) in CREDITORS.items():
        company.bill(
            ("1001", amount, {"currency": currency, "amount": shown}),
            ("1002", amount, {"currency": currency, "amount": shown}),
        )
    return company


def pay(company: Any, currency: str, customer_no: str, kind: str, **special: Any) -> None:
    """The center of a currency tells of a payment."""
    creditor_no, *_ = CREDITORS[currency]
    line = next(
        row for row in reversed(company.lines())
        if (row["customer_no"], row["currency"]) == (customer_no, currency)
    )  # fmt: skip
    cash = -1 if kind.endswith("reversed") else 1
    record = company.record(
        customer_no, kind, creditor_no=creditor_no, reference=line["reference"],
        **({"amount_minor": line["amount_minor"],
            "amount_paid_minor": cash * line["amount_minor"]} | special),
    )  # fmt: skip
    content = company.delivery(record)
    assert io.read(content, name="payments").value is not None
    incoming = receive(company.workspace, content, name=f"{currency}-{customer_no}-{kind}")
    assert isinstance(incoming, Incoming)
    lines = incoming.delivery.transactions.with_columns(currency=pl.lit(currency))
    incoming = replace(incoming, delivery=replace(incoming.delivery, transactions=lines))
    result = import_payments(company.workspace, incoming, as_of=company.BOOKED)
    assert result.outcome == "accepted"


def test_every_identity_holds_in_each_of_four_currencies(four: Any) -> None:
    for currency in CREDITORS:
        collect(four, system_of(currency))
    for currency, (_, amount, _) in CREDITORS.items():
        pay(four, currency, "1001", "payment_completed")
        pay(four, currency, "1002", "slip_paid", amount_paid_minor=amount + 100)
    four.post()
    pay(four, "SEK", "1001", "payment_reversed")
    four.post()
    proof = verify(four.workspace)
    proof.require()
    stated = Counter(i.currency for i in proof.identities if i.unit == "minor")
    assert set(stated) == set(CREDITORS)
    assert len(set(stated.values())) == 1
    expected = {currency: 2 * amount for currency, (_, amount, _) in CREDITORS.items()}
    imported = {i.currency: i.left for i in proof.identities if i.name == "import_balance"}
    assert imported == expected
    left = {("5600", currency): amount for currency, (_, amount, _) in CREDITORS.items()}
    assert nets(four) == left | {("5600", "SEK"): 2 * CREDITORS["SEK"][1]}
    banks = four.rows(
        "SELECT account_no, currency, sum(amount_minor) AS cash FROM posting "
        "WHERE purpose = 'bank_clearing' GROUP BY 1, 2 ORDER BY 1"
    )
    assert [tuple(row.values()) for row in banks] == [
        (f"59{n}", currency, 2 * amount + 100 - (amount if currency == "SEK" else 0))
        for n, (currency, (_, amount, _)) in enumerate(CREDITORS.items())
    ]
    mixed = four.rows("SELECT voucher_id FROM posting WHERE purpose = 'bank_clearing' "
                      "GROUP BY 1 HAVING count(DISTINCT currency) > 1")  # fmt: skip
    assert mixed == []


@pytest.mark.parametrize(
    ("line", "words"),
    [('currency = "XXX"', "found 'XXX'"), ('profile = "NIL"', "one of STANDARD, found 'NIL'")],
)
def test_a_creditor_that_could_post_nothing_is_not_set_up(
    company: Any, line: str, words: str
) -> None:
    file = company.files / "creditor.toml"
    text = SYSTEM.format(currency="SEK", creditor_no="09999998")
    file.write_text(text.replace('currency = "SEK"', line), encoding="utf-8")
    with pytest.raises(collection.SetupError, match=words):
        collection.install(company.workspace, file)
    assert len(company.rows("SELECT * FROM creditor")) == 1
