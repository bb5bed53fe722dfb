"""The screen of entries: what is open, its story, and settlement by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.collection.decisions import allow_by_rule, put_on_account
from workbench.collection.erp_exchange import import_entries
from workbench.collection.settlement import post_payments
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.open_entries import open_entries
from workbench.ledger.settlement.tolerance import set_tolerance
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.entries import Entries
from workbench.widgets.home import Home
from workbench.widgets.proof import BrokenClaimError
from workbench.widgets.screen import Screen, open_screen

At = Callable[[str], Workspace]
TODAY = dt.date(2026, 12, 2)


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    """A month that was posted; some money lies on a customer's account beside a claim."""
    workspace = at_stage("read")
    with workspace.read() as reader:
        line, customer = reader.rows(
            "SELECT p.payment_line_id, c.customer_id FROM current_outcome AS o "
            "JOIN payment_line AS p USING (payment_line_id) "
            "JOIN customer AS c ON c.customer_no = p.customer_no "
            "WHERE o.outcome = 'held' AND p.amount_paid_minor > 0 AND EXISTS ("
            "SELECT 1 FROM entry AS e WHERE e.customer_id = c.customer_id) "
            "ORDER BY p.amount_paid_minor DESC LIMIT 1"
        )[0]
        seen = reader.value(
            "SELECT outcome_id FROM current_outcome WHERE payment_line_id = ?", [line]
        )
    put_on_account(workspace, line, customer, seen_outcome=seen, reason="They wrote to us")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=TODAY)
    return workspace


#: How the ERP names its columns.
MAPPING = """
[file]
encoding = "utf-8"
date = "%Y-%m-%d"

[columns]
erp_entry_no = "no"
customer_no = "customer"
kind = "kind"
document_no = "document"
document_date = "dated"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
"""


def opened(workspace: Workspace) -> Entries:
    return Entries(open_screen(str(workspace.folder), as_of=TODAY.isoformat()))


def value(workspace: Workspace, question: str, *parameters: object) -> Any:
    with workspace.read() as reader:
        return reader.value(question, parameters)


def with_both(screen: Entries, *, uneven: bool = False) -> tuple[int, int]:
    """Choose an entry whose customer has an open credit and an open claim: credit, claim."""
    rows = screen.listed.table.frame
    left = pl.col("remaining_minor")
    owed = rows.filter(left > 0, pl.col("kind") == "invoice")
    both = rows.filter(left < 0).join(owed, on=["customer_id", "currency"])
    if uneven:
        both = both.filter(left + pl.col("remaining_minor_right") != 0)
    assert both.height, "no customer has a credit and a claim"
    credit, claim = both["entry_id"][0], both["entry_id_right"][0]
    screen.listed.table.choose([claim])
    return credit, claim


def remaining(workspace: Workspace, entry_id: int) -> int:
    return int(
        value(
            workspace, "SELECT sum(amount_minor) FROM entry_effect WHERE entry_id = ?", entry_id
        )
    )


def settlements(workspace: Workspace, credit_id: int) -> int:
    question = "SELECT count(*) FROM application WHERE from_entry_id = ?"
    return int(value(workspace, question, credit_id))


def test_what_is_open_is_shown_and_adds_up(workspace: Workspace) -> None:
    screen = opened(workspace)
    with workspace.read() as reader:
        expected = open_entries(reader, as_of=TODAY)
    shown = screen.listed.table.frame
    same = ["entry_id", "customer_no", "kind", "amount_minor", "remaining_minor", "currency",
            "on_hold", "disputed"]  # fmt: skip
    assert shown.select(same).equals(expected.select(same))
    assert shown["name"].null_count() == 0
    screen.proof().require()
    screen.listed.which.value = "settled"
    settled = screen.listed.table.frame
    assert settled.height > 0
    assert settled["remaining_minor"].sum() == 0
    screen.proof().require()
    screen.listed.which.value = "all"
    entries = value(workspace, "SELECT count(*) FROM entry")
    assert screen.listed.table.frame.height == entries == shown.height + settled.height
    screen.proof().require()


def test_the_past_is_shown_as_it_was_known(workspace: Workspace) -> None:
    screen = opened(workspace)
    with workspace.read() as reader:
        then = reader.seq // 2
        expected = open_entries(reader, as_of=TODAY, known=then)
    screen.listed.known.value = str(then)
    assert screen.listed.table.frame["entry_id"].equals(expected["entry_id"])
    assert f"after step {then}" in screen.listed.past.value
    screen.proof().require()
    screen.listed.known.value = "0"
    assert "Nothing was recorded yet" in screen.listed.past.value
    assert screen.listed.table.frame.is_empty()
    screen.listed.known.value = "last week"
    assert "neither a day" in screen.listed.desk.answer
    screen.listed.known.value = ""
    assert screen.listed.past.value == ""
    screen.listed.as_of.value = dt.date(2026, 11, 1)
    with workspace.read() as reader:
        earlier = open_entries(reader, as_of=dt.date(2026, 11, 1))
    assert screen.listed.table.frame["entry_id"].equals(earlier["entry_id"])
    screen.proof().require()


def test_a_sum_that_is_wrong_is_no_proof(workspace: Workspace) -> None:
    screen = opened(workspace)
    screen.listed.table.show(screen.listed.table.frame.head(-1))
    with pytest.raises(BrokenClaimError, match="control accounts"):
        screen.proof().require()


def test_the_story_of_one_entry(workspace: Workspace) -> None:
    screen = opened(workspace)
    assert "Choose one entry" in screen.story.view.value
    entry_id = value(
        workspace, "SELECT to_entry_id FROM application WHERE kind = 'payment' LIMIT 1"
    )
    screen.listed.which.value = "all"
    screen.listed.table.choose([entry_id])
    told = screen.story.view.value
    assert "The ERP told of invoice" in told
    assert "was settled by" in told
    assert 'href="payments.ipynb">Payments</a> 1' in told
    assert screen.settled.table.frame["kind"].to_list() == ["payment"]
    screen.proof().require()
    screen.listed.table.choose([])
    assert "Choose one entry" in screen.story.view.value
    assert screen.settling.body.layout.display == "none"


def test_a_difference_with_the_erp_is_shown_where_its_entry_is(
    at_stage: At, tmp_path: Path
) -> None:
    workspace = at_stage("open")
    as_of = dt.date(2026, 10, 12)
    with workspace.read() as reader:
        entry_id, *cells, minor = reader.rows(
            "SELECT e.entry_id, e.erp_entry_no, c.customer_no, e.document_no, e.document_date, "
            "e.due_date, e.amount_minor FROM entry AS e JOIN customer AS c USING (customer_id) "
            "WHERE e.kind = 'invoice' ORDER BY e.entry_id LIMIT 1"
        )[0]
    heading = "no;customer;document;dated;due;amount;remaining;currency;kind"
    for name, shown in (("paid in part.csv", minor - 100), ("open again.csv", minor)):
        amounts = [f"{one / 100:.2f}".replace(".", ",") for one in (minor, shown)]
        row = ";".join([*map(str, cells), *amounts, "DKK", "invoice"])
        path = tmp_path / name
        path.write_text(f"{heading}\n{row}\n", encoding="utf-8")
        mapping = MappingText("erp", MAPPING)
        told = import_entries(workspace, path, mapping=mapping, as_of=as_of)
        assert told.outcome == "accepted", told.problems
    opened_then = open_screen(str(workspace.folder), as_of=as_of.isoformat())
    screen = Entries(opened_then)
    screen.listed.table.choose([entry_id])
    assert "The ERP shows more than remains with us." in screen.story.view.value
    assert 'href="import_from_erp.ipynb">Decide</a>' in screen.story.view.value
    home = Home(opened_then).waiting().markup
    assert '<a href="import_from_erp.ipynb">Differences with the ERP</a>' in home


def test_credits_settle_claims_by_hand_and_it_is_taken_back(workspace: Workspace) -> None:
    screen = opened(workspace)
    credit, claim = with_both(screen)
    before = {one: remaining(workspace, one) for one in (credit, claim)}
    part = screen.settling
    part.table.choose([claim])
    part.pair_button.click()
    assert "at least one credit and one claim" in part.desk.answer
    part.table.choose([credit, claim])
    part.pair_button.click()
    assert part.pairs.frame["amount_minor"].to_list() == [min(-before[credit], before[claim])]
    part.amount.value = "1.00"
    part.amount_button.click()
    part.settle_button.click()
    assert "Settle 1 pair" in part.desk.question
    assert settlements(workspace, credit) == 0
    part.desk.confirm_button.click()
    assert "1 settlement was written" in part.desk.answer
    assert remaining(workspace, claim) == before[claim] - 100
    assert remaining(workspace, credit) == before[credit] + 100
    assert part.pairs.frame.is_empty()
    screen.proof().require()
    settled = screen.settled
    assert settled.table.frame["amount_minor"].to_list()[-1] == 100
    settled.table.choose([settled.table.frame["application_id"][-1]])
    settled.take_back_button.click()
    assert "Say why" in settled.desk.answer
    settled.reason.value = "The wrong invoice"
    settled.take_back_button.click()
    assert "open again" in settled.desk.question
    settled.desk.confirm_button.click()
    assert "taken back" in settled.desk.answer
    assert {one: remaining(workspace, one) for one in (credit, claim)} == before
    settled.table.choose([settled.table.frame["application_id"][-2]])
    settled.take_back_button.click()
    assert "Choose settlements that stand" in settled.desk.answer
    screen.proof().require()
    assert verify(workspace).holds


def test_an_amount_beyond_what_is_left_is_refused(workspace: Workspace) -> None:
    screen = opened(workspace)
    credit, claim = with_both(screen)
    part = screen.settling
    part.table.choose([credit, claim])
    part.pair_button.click()
    before = part.pairs.frame
    for typed, said in (("9,999,999.00", "cannot be settled so"), ("nothing", "above zero")):
        part.amount.value = typed
        part.amount_button.click()
        assert said in part.desk.answer
        assert part.pairs.frame.equals(before)


def test_what_changed_since_it_was_paired_is_not_settled(workspace: Workspace) -> None:
    first, second = opened(workspace), opened(workspace)
    credit, claim = with_both(first)
    for screen in (first, second):
        screen.listed.table.choose([claim])
        screen.settling.table.choose([credit, claim])
        screen.settling.pair_button.click()
        screen.settling.amount.value = "1.00"
        screen.settling.amount_button.click()
        screen.settling.settle_button.click()
    first.settling.desk.confirm_button.click()
    second.settling.desk.confirm_button.click()
    assert "changed since it was shown" in second.settling.desk.answer
    assert settlements(workspace, credit) == 1


def test_a_proposal_is_looked_at_and_settled(workspace: Workspace) -> None:
    screen = opened(workspace)
    rows = screen.listed.table.frame
    part, proposed = screen.settling, None
    for credit in rows.filter(pl.col("remaining_minor") < 0)["entry_id"]:
        screen.listed.table.choose([credit])
        part.propose_button.click()
        if part.pairs.frame.height:
            proposed = part.pairs.frame
            break
    assert proposed is not None, "no customer's credit fits a claim"
    part.settle_button.click()
    part.desk.confirm_button.click()
    assert "settlement" in part.desk.answer
    assert "written" in part.desk.answer
    assert remaining(workspace, proposed["credit_id"][0]) == 0 or \
        remaining(workspace, proposed["claim_id"][0]) == 0  # fmt: skip
    assert screen.settled.table.frame.height >= 1
    screen.proof().require()


def test_a_small_rest_is_offered_where_it_may_be_posted_away(workspace: Workspace) -> None:
    screen = opened(workspace)
    credit, claim = with_both(screen, uneven=True)
    part = screen.settling
    part.table.choose([credit, claim])
    part.pair_button.click()
    assert part.with_penny.layout.display == "none"
    left = abs(remaining(workspace, credit) + remaining(workspace, claim))
    currency = part.pairs.frame["currency"][0]
    set_tolerance(workspace, currency=currency, amount_minor=left)
    part.pair_button.click()
    assert part.with_penny.layout.display == ""
    part.settle_button.click()
    assert "posted away as a penny difference" in part.desk.question
    part.desk.confirm_button.click()
    assert "1 small rest was posted away" in part.desk.answer
    assert remaining(workspace, credit) == remaining(workspace, claim) == 0
    screen.proof().require()
    assert "was settled by" in screen.story.view.value, "the story of a settled entry goes on"


def test_a_refund_is_asked_for_on_a_credit(workspace: Workspace) -> None:
    screen = opened(workspace)
    credit, _ = with_both(screen)
    assert screen.refund.body.layout.display == "none"
    screen.listed.table.choose([credit])
    part = screen.refund
    assert part.body.layout.display == ""
    available = -remaining(workspace, credit)
    part.amount.value = "1.00"
    part.ask_button.click()
    assert "Say why" in part.desk.answer
    part.reason.value = "They asked for it"
    part.ask_button.click()
    assert "pay" in part.desk.question
    part.desk.confirm_button.click()
    assert "next hand-over" in part.desk.answer
    assert value(workspace, "SELECT amount_minor FROM refund") == 100
    part.amount.value = screen.screen.numbers.amount(available, "DKK")
    part.reason.value = "And once more"
    part.ask_button.click()
    assert "can be paid back" in part.desk.answer
    assert value(workspace, "SELECT count(*) FROM refund") == 1
    assert "is to be paid back" in screen.story.view.value


def test_who_may_not_post_settles_nothing(workspace: Workspace) -> None:
    screen = opened(workspace)
    credit, claim = with_both(screen)
    reader_only = replace(workspace, actor="nobody")
    stranger = Entries(replace(screen.screen, workspace=reader_only))
    stranger.listed.table.choose([claim])
    stranger.settling.table.choose([credit, claim])
    stranger.settling.pair_button.click()
    stranger.settling.settle_button.click()
    stranger.settling.desk.confirm_button.click()
    assert "You may not do this" in stranger.settling.desk.answer
    assert settlements(workspace, credit) == 0


def test_words_follow_the_company(workspace: Workspace) -> None:
    screen: Screen = replace(open_screen(str(workspace.folder)), language="da", as_of=TODAY)
    found = Entries(screen)
    found.listed.table.choose([found.listed.table.frame["entry_id"][0]])
    found.proof().require()
