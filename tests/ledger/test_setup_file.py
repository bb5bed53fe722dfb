"""The ledger's set-up from a file: whole or nothing, located, never under what is in use."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from workbench.ledger import setup
from workbench.ledger.ledger_setup import SetupResult, as_toml, set_up
from workbench.ledger.posting import POSTINGS, VOUCHERS, post
from workbench.store import audit
from workbench.store.people import MissingRoleError
from workbench.store.workspace import Workspace, init

FILE = """
[[account]]
number = "5601"
name = "Debitorer, erhverv"
purpose = "receivable"

[[account]]
number = "5821"
name = "Bank, SEK"
purpose = "bank_clearing"

[[series]]
name = "FEES"
prefix = "FEE-"
digits = 5

[[journal]]
name = "FEES"
title = "Gebyrer"
type = "daily"
series = "FEES"
handed_back = true

[[vat]]
code = "S25"
name = "Salgsmoms"
rate = 25
account = "5710"

[[vat]]
code = "S12"
name = "Moms 12,5"
rate = 12.5

[[profile]]
name = "ERHVERV"
like = "STANDARD"
receivable = "5601"

[[profile.narrow]]
purpose = "bank_clearing"
creditor_no = "09999999"
currency = "SEK"
account = "5821"

[[group]]
customer_group = "E"
profile = "ERHVERV"

[[group]]
customer_group = "E"
system = "BS"
profile = "STANDARD"
"""


def take(workspace: Workspace, text: str, *, dry_run: bool = False) -> SetupResult:
    return set_up(workspace, text=text, name="ledger.toml", dry_run=dry_run)


def export(workspace: Workspace) -> str:
    with workspace.read() as reader:
        return as_toml(reader)


def rows(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(sql)


def post_one(workspace: Workspace, *, profile: str = "STANDARD") -> None:
    with workspace.transaction("post") as transaction:
        voucher = {"voucher_id": 900, "journal": "PAYMENTS", "text": "x",
                   "posting_date": date(2026, 10, 12)}  # fmt: skip
        sides = [
            {"posting_id": 901 + n, "voucher_id": 900, "purpose": purpose, "text": "x",
             "profile": profile, "amount_minor": amount, "currency": "DKK"}
            for n, (purpose, amount) in enumerate([("receivable", -5), ("bank_clearing", 5)])
        ]  # fmt: skip
        post(
            transaction,
            vouchers=pl.DataFrame([voucher], schema=VOUCHERS),
            postings=pl.DataFrame(sides, schema=POSTINGS),
        )


def test_a_file_sets_the_ledger_up_and_again_changes_nothing(workspace: Workspace) -> None:
    result = take(workspace, FILE)
    assert result.clean
    assert result.counts == {
        "account": 2, "series": 1, "journal": 1, "vat": 2, "profile": 12, "group": 2,
    }  # fmt: skip
    assert rows(
        workspace,
        "SELECT purpose, creditor_no, currency, account_no FROM profile_account "
        "WHERE profile = 'ERHVERV' AND account_no IN ('5601', '5821')",
    ) == [("bank_clearing", "09999999", "SEK", "5821"), ("receivable", "", "", "5601")]
    assert rows(workspace, "SELECT vat_code, rate_basis_points, account_no FROM vat_code") == [
        ("S12", 1250, None),
        ("S25", 2500, "5710"),
    ]
    with workspace.read() as reader:
        head = audit.head(reader)
        subject = json.loads(
            reader.value("SELECT subject FROM audit_event ORDER BY seq DESC LIMIT 1")
        )
    first = subject["changes"][0]
    assert (first["table"], first["key"], first["before"]) == ("account", ["5601"], None)
    assert first["after"] == {"name": "Debitorer, erhverv", "purpose": "receivable"}
    assert take(workspace, FILE).changes == ()
    with workspace.read() as reader:
        assert audit.head(reader) == head


def test_what_is_exported_sets_up_the_same_again(workspace: Workspace, tmp_path: Any) -> None:
    assert take(workspace, FILE).clean
    text = export(workspace)
    assert take(workspace, text).changes == ()
    other = init(tmp_path / "other", company="Other", clock=workspace.clock)
    assert take(other, text).clean  # a company without any set-up
    assert export(other) == text
    for table in ("account", "profile_account", "journal", "number_series", "group_profile",
                  "vat_code"):  # fmt: skip
        question = f"SELECT * FROM {table}"  # noqa: S608  # our own names
        assert rows(other, question) == rows(workspace, question)


def test_a_dry_run_changes_nothing(workspace: Workspace) -> None:
    before = export(workspace)
    assert take(workspace, FILE, dry_run=True).counts["account"] == 2
    assert export(workspace) == before


@pytest.mark.parametrize(
    ("old", "new", "code", "key", "line"),
    [
        ('purpose = "receivable"', 'purpose = "claims"', "bad_value", "account[1].purpose", 5),
        ('name = "Bank, SEK"\n', "", "missing", "account[2].name", None),
        ('name = "Bank, SEK"', 'name = ""', "bad_value", "account[2].name", 9),
        ("digits = 5", 'digits = "5"', "bad_value", "series[1].digits", 15),
        ("digits = 5", "digits = 0", "bad_value", "series[1].digits", 15),
        ('prefix = "FEE-"', 'prefix = "2026"', "bad_value", "series[FEES].prefix", 14),
        ('prefix = "FEE-"', 'prefix = "PAY-"', "bad_value", "series[FEES].prefix", 14),
        ("handed_back = true", 'handed_back = "yes"', "bad_value",
         "journal[1].handed_back", 22),
        ('series = "FEES"', 'series = "PAY"', "bad_value", "journal[FEES].series", 21),
        ('series = "FEES"', 'series = "NIL"', "bad_value", "journal[FEES].series", 21),
        ('type = "daily"', 'type = "erp"', "bad_value", "journal[FEES].type", 20),
        ("rate = 25", "rate = 25.125", "bad_value", "vat[1].rate", 27),
        ('account = "5710"', 'account = "5600"', "bad_value", "vat[S25].account", 28),
        ('like = "STANDARD"', 'like = "NIL"', "bad_value", "profile[1].like", 37),
        ('like = "STANDARD"\n', "", "missing", "profile[1].held", None),
        ('receivable = "5601"', 'receivable = "9999"', "bad_value",
         "profile[ERHVERV, receivable].receivable", 38),
        ('receivable = "5601"', 'receivable = "5830"', "bad_value",
         "profile[ERHVERV, receivable].receivable", 38),
        ('currency = "SEK"', 'currency = "XXX"', "bad_value",
         "profile[ERHVERV, bank_clearing, 09999999, XXX].bank_clearing", None),
        ('purpose = "bank_clearing"\ncreditor_no', 'purpose = "receivable"\ncreditor_no',
         "bad_value", "profile[ERHVERV, receivable, 09999999, SEK].receivable", 38),
        ('profile = "STANDARD"', 'profile = "NIL"', "bad_value", "group[E, BS].profile", 53),
        ('number = "5821"', 'number = "5601"', "twice", "account[2].number", 8),
        ("[[group]]\ncustomer_group", "[[groups]]\ncustomer_group", "unknown_key",
         "groups", None),
        ('title = "Gebyrer"', 'title = "Gebyrer"\ncolor = "red"', "unknown_key",
         "journal[1].color", 20),
    ],
)  # fmt: skip
def test_every_fault_is_located_and_nothing_changes(
    workspace: Workspace, old: str, new: str, code: str, key: str, line: int | None
) -> None:
    assert old in FILE
    before = export(workspace)
    result = take(workspace, FILE.replace(old, new))
    assert not result.clean
    found = [(p.code.removeprefix("ledger_setup_"), p.params["key"]) for p in result.problems]
    assert (code, key) in found, [p.message() for p in result.problems]
    problem = result.problems[found.index((code, key))]
    if line is not None:
        assert problem.line == line
    assert problem.source == "ledger.toml"
    assert export(workspace) == before


def test_what_is_no_toml_is_told(workspace: Workspace) -> None:
    (problem,) = take(workspace, "[[account]\n").problems
    assert problem.code == "ledger_setup_unreadable"
    assert "line 1" in problem.message()
    latin = FILE.replace("Debitorer", "Ørsted").encode("iso-8859-1")
    (problem,) = set_up(workspace, text=latin, name="ledger.toml").problems
    assert problem.code == "ledger_setup_unreadable"
    assert set_up(workspace, text=FILE.encode("utf-8-sig"), name="ledger.toml").clean


def test_the_journal_of_the_erp_stays_as_it_is(workspace: Workspace) -> None:
    text = export(workspace)
    at = text.index('name = "ERP"\ntitle')
    back = text[:at] + text[at:].replace("handed_back = false", "handed_back = true", 1)
    assert [p.params["key"] for p in take(workspace, back).problems] == [
        "journal[ERP].handed_back"
    ]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ('purpose = "receivable"', 'purpose = "on_account"', "account[5600].purpose"),
        ('series = "PAY"', 'series = "SPARE"', "journal[PAYMENTS].series"),
        ('type = "customer_payment"', 'type = "daily"', "journal[PAYMENTS].type"),
        ("next = 2", "next = 1", "series[PAY].next"),
        ('receivable = "5600"', 'receivable = "5601"',
         "profile[STANDARD, receivable, DKK].receivable"),
    ],
)  # fmt: skip
def test_what_is_in_use_keeps_its_number(
    workspace: Workspace, old: str, new: str, key: str
) -> None:
    more = """
[[account]]
number = "5601"
name = "Other claims"
purpose = "receivable"
[[series]]
name = "SPARE"
prefix = "SPARE-"
digits = 6
"""
    assert take(workspace, more).clean
    post_one(workspace)
    text = export(workspace)
    assert old in text
    result = take(workspace, text.replace(old, new))
    assert [(p.code, p.params["key"]) for p in result.problems] == [
        ("ledger_setup_in_use", key)
    ]
    assert export(workspace) == text


def test_what_is_in_use_may_be_called_otherwise(workspace: Workspace) -> None:
    post_one(workspace)
    text = export(workspace)
    named = text.replace("Trade receivables", "Debitorer").replace("next = 2", "next = 50")
    bank = named.replace('bank_clearing = "5820"', 'bank_clearing = "5821"')
    account = '[[account]]\nnumber = "5821"\nname = "Bank"\npurpose = "bank_clearing"\n'
    result = take(workspace, account + bank)
    assert result.clean, [p.message() for p in result.problems]
    assert result.counts == {"account": 2, "series": 1, "profile": 1}


def test_a_narrower_rule_may_not_part_what_lies_on_an_account(workspace: Workspace) -> None:
    post_one(workspace)
    text = export(workspace)
    account = '[[account]]\nnumber = "5601"\nname = "x"\npurpose = "receivable"\n'
    for currency, clean in (("DKK", False), ("EUR", True)):
        narrow = (
            f'[[profile.narrow]]\npurpose = "receivable"\ncurrency = "{currency}"\n'
            'account = "5601"\n'
        )
        assert take(workspace, account + text + narrow, dry_run=True).clean is clean


def test_a_profile_that_is_told_is_told_whole(workspace: Workspace) -> None:
    assert take(workspace, FILE).clean
    without = FILE[: FILE.index("[[profile.narrow]]")]
    result = take(workspace, without)
    assert [(c.key, c.after) for c in result.changes] == [
        (("ERHVERV", "bank_clearing", "09999999", "SEK"), None)
    ]
    assert rows(workspace, "SELECT count(*) FROM group_profile") == [(2,)]


def test_only_who_administers_sets_up(workspace: Workspace) -> None:
    with pytest.raises(MissingRoleError):
        take(replace(workspace, actor="nobody"), FILE)


def test_a_new_company_has_the_defaults(workspace: Workspace) -> None:
    text = export(workspace)
    for account_no, name, _ in setup.CHART:
        assert f'number = "{account_no}"\nname = "{name}"' in text
    assert text.count("[[profile]]") == 1
