"""A past moment resolves to a number, and what was known then is known so for ever."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from workbench.collection import decisions
from workbench.collection.settlement import post_payments
from workbench.ledger import customer_account
from workbench.ledger.as_known import BadMomentError, known_at, label_of, parse_moment
from workbench.ledger.named_list import NoCustomersError, UnknownListError
from workbench.ledger.open_entries import open_entries
from workbench.ledger.periods import set_state
from workbench.ledger.settlement.priority import preview, settle_by_priority
from workbench.reports import lists
from workbench.store.workspace import Clock, Workspace

DAY = dt.date(2026, 12, 2)

#: The labels of the steps after those that made the company: in UTC, and one of a clock
#: that went back.
MOMENTS = (
    dt.datetime(2026, 10, 20, 23, 59, 59, 999_999, dt.UTC),
    dt.datetime(2026, 10, 21, 0, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 25, 12, 0, tzinfo=dt.UTC),
    dt.datetime(2026, 10, 22, 8, 0, tzinfo=dt.UTC),
)


def stopped(moment: dt.datetime) -> Clock:
    return lambda: moment


@pytest.fixture
def steps(workspace: Workspace) -> tuple[Workspace, int]:
    """A company, and the number of its last step before those of `MOMENTS`."""
    with workspace.read() as reader:
        made = reader.seq
    for moment in MOMENTS:
        clocked = replace(workspace, clock=stopped(moment))
        with clocked.transaction("step"):
            pass
    return workspace, made


@pytest.mark.parametrize(
    ("moment", "steps_known"),
    [
        (dt.date(2026, 10, 1), None),
        (dt.date(2026, 10, 19), 0),
        (dt.date(2026, 10, 20), 1),
        (dt.date(2026, 10, 21), 2),
        (dt.date(2026, 10, 23), 2),
        (dt.date(2026, 10, 25), 4),
        (dt.datetime(2026, 10, 21, 0, 0), 2),  # noqa: DTZ001  # UTC unless it names a zone
        (dt.datetime(2026, 10, 21, 1, 0, tzinfo=dt.timezone(dt.timedelta(hours=2))), 0),
        (dt.datetime(2026, 10, 25, 11, 59, 59, tzinfo=dt.UTC), 2),
        (dt.datetime(2026, 10, 25, 12, tzinfo=dt.UTC), 4),
        (None, 4),
    ],
)
def test_a_moment_is_the_last_step_by_then(
    steps: tuple[Workspace, int], moment: dt.date | None, steps_known: int | None
) -> None:
    workspace, made = steps
    with workspace.read() as reader:
        expected = 0 if steps_known is None else made + steps_known
        assert known_at(reader, moment) == expected
        assert (label_of(reader, expected) == "") == (expected == 0)


def test_a_number_is_itself_within_what_there_is(steps: tuple[Workspace, int]) -> None:
    workspace, made = steps
    with workspace.read() as reader:
        asked = (made, 10_000, -3, 0)
        assert [known_at(reader, n) for n in asked] == [made, made + 4, 0, 0]


def test_what_people_write() -> None:
    assert parse_moment(" 17 ") == 17
    assert parse_moment("17:0ab4") == 17
    assert parse_moment("2026-09-05") == dt.date(2026, 9, 5)
    assert parse_moment("2026-09-05T14:30") == dt.datetime(2026, 9, 5, 14, 30)  # noqa: DTZ001
    for text in ("yesterday", "2026-13-01", "", "-1"):
        with pytest.raises(BadMomentError):
            parse_moment(text)


def test_a_list_must_be_offered() -> None:
    assert len({one.name for one in lists.LISTS}) == len(lists.LISTS)
    assert lists.named("open_entries").title == "Open entries"
    with pytest.raises(UnknownListError, match="aged_balance"):
        lists.named("everything")


def test_the_lists_of_a_company_without_anything(workspace: Workspace) -> None:
    with workspace.read() as reader:
        for one in lists.LISTS:
            found = one.rows(reader, as_of=DAY, known=reader.seq)
            assert found.is_empty() == (one.name != "periods"), one.name


def everything(workspace: Workspace, known: int, *days: dt.date) -> dict[str, pl.DataFrame]:
    with workspace.read() as reader:
        return {
            f"{one.name} {day}": one.rows(reader, as_of=day, known=known)
            for one in lists.LISTS
            for day in days
        }


def test_what_was_known_stays_known(at_stage: Callable[[str], Workspace]) -> None:
    workspace = at_stage("read")
    days = (dt.date(2026, 10, 31), DAY)
    known: dict[int, dict[str, pl.DataFrame]] = {}
    for step in (hold, allow, post, settle, close):
        with workspace.read() as reader:
            seq = reader.seq
        known[seq] = everything(workspace, seq, *days)
        step(workspace)
    filled = {name for found in known.values() for name, rows in found.items() if rows.height}
    assert {name.split()[0] for name in filled} == {one.name for one in lists.LISTS}
    for seq, before in known.items():
        for name, rows in everything(workspace, seq, *days).items():
            assert rows.equals(before[name]), (seq, name)
    first, *_, last = known.values()
    changed = {name.split()[0] for name in first if not first[name].equals(last[name])}
    assert {"open_entries", "postings", "trial_balance", "applications"} <= changed


def hold(workspace: Workspace) -> None:
    """An entry is disputed, and a customer is on hold."""
    with workspace.read() as reader:
        entry = open_entries(reader, as_of=DAY).row(0, named=True)
    with workspace.transaction("hold") as step:
        changes = {"disputed": int(not entry["disputed"])}
        step.edit("entry", entry["entry_id"], version=1, changes=changes)
        step.edit("customer", entry["customer_id"], version=1, changes={"on_hold": 1})


def allow(workspace: Workspace) -> None:
    decisions.allow_by_rule(workspace)


def post(workspace: Workspace) -> None:
    assert post_payments(workspace, as_of=DAY).lines


def settle(workspace: Workspace) -> None:
    """Every customer that has credits and claims."""
    with workspace.read() as reader:
        customers = reader.rows("SELECT DISTINCT customer_id FROM entry")
        found = [preview(reader, customer_id=customer, as_of=DAY) for (customer,) in customers]
    assert settle_by_priority(workspace, previews=found, as_of=DAY) is not None


def close(workspace: Workspace) -> None:
    with workspace.transaction("close") as step:
        set_state(step, first_day=dt.date(2026, 10, 1), state="closed")


def test_the_lists_agree_with_each_other(workspace_copy: Workspace) -> None:
    with workspace_copy.read() as reader:
        seq = reader.seq
        for known in (seq // 3, seq // 2, seq):
            for day in (dt.date(2026, 10, 12), dt.date(2026, 11, 3), DAY):
                found = {
                    one.name: one.rows(reader, as_of=day, known=known) for one in lists.LISTS
                }
                open_sum = found["open_entries"]["remaining_minor"].sum()
                trial = found["trial_balance"]
                assert trial["balance_minor"].sum() == 0
                control = trial.filter(pl.col("name") == "Trade receivables")
                assert control["balance_minor"].sum() == open_sum
                for name in ("aged_balance", "aged_customers", "customer_balances"):
                    assert found[name]["remaining_minor"].sum() == open_sum, name
                assert found["customer_account"]["amount_minor"].sum() == open_sum
                assert found["vouchers"]["debit_minor"].sum() == trial["debit_minor"].sum()
                assert found["postings"]["amount_minor"].sum() == 0


def test_an_account_opens_moves_and_closes(workspace_copy: Workspace) -> None:
    with workspace_copy.read() as reader:
        open_ = open_entries(reader, as_of=DAY)
        number = open_["customer_no"][0]
        whole = customer_account.movements(
            reader, as_of=DAY, known=reader.seq, customer_no=number
        )
        november = customer_account.statement(
            reader, customer_no=number, first_day=dt.date(2026, 11, 1), as_of=DAY,
            known=reader.seq,
        )  # fmt: skip
    mine = open_.filter(pl.col("customer_no") == number)["remaining_minor"].sum()
    assert whole["balance_minor"][-1] == mine == november.closing_minor["DKK"]
    before = whole.filter(pl.col("posting_date") < dt.date(2026, 11, 1))
    assert november.opening_minor == {"DKK": before["amount_minor"].sum()}
    assert whole.height == before.height + november.movements.height


def test_one_customer_alone(workspace_copy: Workspace) -> None:
    with workspace_copy.read() as reader:
        known = reader.seq
        number = open_entries(reader, as_of=DAY)["customer_no"][0]
        mine = lists.named("open_entries").rows(
            reader, as_of=DAY, known=known, customer_no=number
        )
        assert set(mine["customer_no"]) == {number}
        with pytest.raises(NoCustomersError):
            lists.named("trial_balance").rows(
                reader, as_of=DAY, known=known, customer_no=number
            )
