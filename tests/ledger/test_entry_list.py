"""Entries as a person looks through them, and what a settlement would do before it does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workbench.ledger.entry_list import (
    control_balances,
    entries_listed,
    open_of_customer,
    settlements_of,
)
from workbench.ledger.settlement.settling import OverSettledError, Pair, foresee, settle
from workbench.ledger.settlement.tolerance import set_tolerance

AS_OF = dt.date(2026, 10, 12)


@pytest.fixture
def ids(exchange: Any) -> dict[str, int]:
    """A claim of 100.00, one of 60.00 and a credit of 99.50; by the ERP's number."""
    exchange.told(
        exchange.row("1", 10_000), exchange.row("2", 6_000), exchange.row("3", -9_950)
    )
    rows = exchange.rows("SELECT erp_entry_no, entry_id FROM entry")
    return {row["erp_entry_no"]: row["entry_id"] for row in rows}


def test_open_settled_and_all(exchange: Any, ids: dict[str, int]) -> None:
    settle(exchange.workspace, pairs=[Pair(ids["3"], ids["1"])], as_of=AS_OF)
    with exchange.workspace.read() as reader:
        listed = {
            which: entries_listed(reader, as_of=AS_OF, which=which)
            for which in ("open", "settled", "all")
        }
        customer = listed["all"]["customer_id"][0]
        mine = open_of_customer(reader, customer)
        control = control_balances(reader, as_of=AS_OF, known=reader.seq)
        made = settlements_of(reader, ids["1"])
    left = dict(listed["open"].select("erp_entry_no", "remaining_minor").iter_rows())
    assert left == {"1": 50, "2": 6_000}
    assert listed["settled"]["erp_entry_no"].to_list() == ["3"]
    assert listed["all"].height == 3
    assert mine.equals(listed["open"])
    assert control == {"DKK": 6_050}
    assert made.select("other_no", "amount_minor", "taken_back").rows() == [
        (listed["settled"]["document_no"][0], 9_950, False)
    ]


def test_what_stood_then_is_listed_then(exchange: Any, ids: dict[str, int]) -> None:
    """A promise that came later was none; one that was withdrawn later stood."""
    workspace = exchange.workspace
    seen = []
    for version, promised in enumerate(("2026-11-01", None), start=1):
        with workspace.transaction("promised") as transaction:
            transaction.edit(
                "entry", ids["1"], version=version, changes={"promised_on": promised}
            )
        with workspace.read() as reader:
            seen.append(reader.seq)
    with workspace.read() as reader:
        then = {
            known: dict(
                entries_listed(reader, as_of=AS_OF, known=known)
                .select("entry_id", "promised_on")
                .iter_rows()
            )[ids["1"]]
            for known in (seen[0] - 1, *seen)
        }
    assert list(then.values()) == [None, dt.date(2026, 11, 1), None]


def test_what_is_foreseen_is_what_happens(exchange: Any, ids: dict[str, int]) -> None:
    workspace = exchange.workspace
    set_tolerance(workspace, currency="DKK", amount_minor=50)
    pairs = [Pair(ids["3"], ids["1"])]
    with workspace.read() as reader:
        found = foresee(reader, pairs=pairs, as_of=AS_OF)
    assert exchange.rows("SELECT * FROM application") == []
    done = settle(workspace, pairs=pairs, as_of=AS_OF)
    assert tuple(one.amount_minor for one in found.applications) == done.amounts_minor
    assert found.pennies == done.pennies == {ids["1"]: 50}
    assert (found.posting_date, found.rolled) == (done.posting_date, done.rolled)


def test_what_would_be_refused_is_refused_when_it_is_foreseen(
    exchange: Any, ids: dict[str, int]
) -> None:
    with exchange.workspace.read() as reader, pytest.raises(OverSettledError):
        foresee(reader, pairs=[Pair(ids["3"], ids["2"], 6_001)], as_of=AS_OF)
