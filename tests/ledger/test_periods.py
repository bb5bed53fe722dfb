"""Periods: who may close and reopen them, in which order, and what is kept of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from workbench.ledger import period_states
from workbench.ledger.period_states import (
    Change,
    EarlierPeriodOpenError,
    NoReasonError,
    State,
    UnknownJournalError,
    UnknownPeriodError,
    change_state,
)
from workbench.ledger.periods import Rolled, open_posting_date, rolled
from workbench.store import audit
from workbench.store.people import MissingRoleError
from workbench.store.transaction import StaleViewError
from workbench.store.workspace import Workspace

JANUARY = dt.date(2026, 1, 1)
FEBRUARY = dt.date(2026, 2, 1)


def close(
    workspace: Workspace, day: dt.date = JANUARY, state: State = "closed", **more: Any
) -> Change:
    return change_state(
        workspace, first_day=day, to_state=state, **{"reason": "month end", **more}
    )


def with_roles(workspace: Workspace, login: str, *roles: str) -> Workspace:
    with workspace.transaction("user") as transaction:
        user_id = transaction.draw_ids(1)
        transaction.execute(
            "INSERT INTO user_account (user_id, login, display_name) VALUES (?, ?, ?)",
            [user_id, login, login],
        )
        transaction.execute_many(
            "INSERT INTO user_role VALUES (?, ?)", [[user_id, role] for role in roles]
        )
    return replace(workspace, actor=login)


def posted(workspace: Workspace, day: dt.date = JANUARY) -> None:
    """A first voucher; the months before it hold no books."""
    with workspace.transaction("test") as transaction:
        row = {
            "voucher_id": transaction.draw_ids(1), "journal": "ERP", "document_no": "ERP-T",
            "number": 999, "posting_date": day.isoformat(), "text": "First", "actor": "root",
        }  # fmt: skip
        transaction.append("voucher", pl.DataFrame([row]))


def state(workspace: Workspace, day: dt.date = JANUARY, journal: str | None = None) -> str:
    with workspace.read() as reader:
        return period_states.state_of(reader, first_day=day, journal=journal)


def open_day(workspace: Workspace, day: dt.date, journal: str = "PAYMENTS") -> dt.date:
    with workspace.read() as reader:
        return open_posting_date(reader, day, journal=journal)


def test_every_change_is_kept_with_who_why_and_what_was_known(workspace: Workspace) -> None:
    known = [{"name": "control_account", "left": 1, "right": 1}]
    assert close(workspace, checklist=known).changed
    assert close(workspace, state="open", reason="an invoice came late").changed
    with workspace.read() as reader:
        events = period_states.events(reader)
        (first, *_) = period_states.listing(reader).to_dicts()
        assert audit.check(reader).holds
    assert events["to_state"].to_list() == ["closed", "open"]
    assert events["from_state"].to_list() == ["open", "closed"]
    assert events["reason"].to_list() == ["month end", "an invoice came late"]
    assert events["actor"].unique().to_list() == [workspace.actor]
    assert "control_account" in events["checklist"][0]
    assert events["checklist"][1] == "[]"
    assert (first["state"], first["reason"]) == ("open", "an invoice came late")
    assert first["changed_at"].startswith("2026-10-12T08:00")


def test_the_same_state_twice_changes_nothing(workspace: Workspace) -> None:
    close(workspace)
    with workspace.read() as reader:
        before = audit.head(reader)
    assert not close(workspace).changed
    with workspace.read() as reader:
        assert audit.head(reader) == before


@pytest.mark.parametrize(
    ("before", "after", "roles", "allowed"),
    [
        ("open", "soft_closed", ["post"], True),
        ("open", "closed", ["post"], True),
        ("open", "closed", ["prepare", "approve", "administer"], False),
        ("soft_closed", "closed", ["post"], True),
        ("soft_closed", "open", ["post"], True),
        ("soft_closed", "open", ["approve"], False),
        ("closed", "open", ["post"], False),
        ("closed", "soft_closed", ["post"], False),
        ("closed", "open", ["administer"], True),
        ("closed", "soft_closed", ["administer"], True),
    ],
)
def test_who_may_change_a_period(
    workspace: Workspace, before: State, after: State, roles: list[str], *, allowed: bool
) -> None:
    if before != "open":
        close(workspace, state=before)
    somebody = with_roles(workspace, "somebody", *roles)
    if allowed:
        assert close(somebody, state=after).changed
        assert state(workspace) == after
        return
    with pytest.raises(MissingRoleError):
        close(somebody, state=after)
    assert state(workspace) == before


def test_no_month_is_closed_before_an_earlier_one_unless_said(workspace: Workspace) -> None:
    posted(workspace)
    with pytest.raises(EarlierPeriodOpenError, match="2026-01"):
        close(workspace, FEBRUARY)
    assert close(workspace, FEBRUARY, earlier_open=True).changed
    assert close(workspace, JANUARY).changed  # a later one that is closed does not matter
    assert close(workspace, dt.date(2026, 3, 1)).changed


def test_months_before_the_first_posting_need_no_closing(workspace: Workspace) -> None:
    assert close(workspace, FEBRUARY).changed  # nothing was ever posted
    close(workspace, FEBRUARY, "open")
    posted(workspace, dt.date(2026, 2, 27))
    assert close(workspace, FEBRUARY).changed
    with pytest.raises(EarlierPeriodOpenError, match="2026-03"):
        close(workspace, dt.date(2026, 4, 1))
    assert close(workspace, JANUARY).changed


def test_a_soft_closed_month_is_closed_in_order_as_well(workspace: Workspace) -> None:
    posted(workspace)
    close(workspace, FEBRUARY, "soft_closed", earlier_open=True)
    with pytest.raises(EarlierPeriodOpenError, match="2026-01"):
        close(workspace, FEBRUARY)
    assert close(workspace, FEBRUARY, "closed", earlier_open=True).changed
    assert close(workspace, FEBRUARY, "soft_closed").changed  # taken back a little
    assert close(workspace, FEBRUARY, "open").changed


def test_a_soft_closed_month_counts_as_closed_for_the_order(workspace: Workspace) -> None:
    close(workspace, JANUARY, "soft_closed")
    assert close(workspace, FEBRUARY).changed


@pytest.mark.parametrize("reason", ["", "  "])
def test_without_a_reason_nothing_happens(workspace: Workspace, reason: str) -> None:
    with pytest.raises(NoReasonError):
        close(workspace, reason=reason)
    assert state(workspace) == "open"


def test_what_is_not_there_is_named(workspace: Workspace) -> None:
    with pytest.raises(UnknownPeriodError, match="2031-01-01"):
        close(workspace, dt.date(2031, 1, 1))
    with pytest.raises(UnknownPeriodError, match="2026-01-02"):
        close(workspace, dt.date(2026, 1, 2))
    with pytest.raises(UnknownJournalError, match="NIL"):
        close(workspace, journal="NIL")


def test_a_journal_is_closed_alone_and_opened_again(workspace: Workspace) -> None:
    assert close(workspace, journal="PAYMENTS").changed
    assert open_day(workspace, JANUARY) == FEBRUARY
    assert open_day(workspace, JANUARY, "ERP") == JANUARY
    assert (state(workspace, journal="PAYMENTS"), state(workspace)) == ("closed", "open")
    assert close(workspace, FEBRUARY, journal="PAYMENTS").changed
    assert close(workspace, journal="PAYMENTS", state="open").changed
    assert open_day(workspace, JANUARY) == JANUARY
    with workspace.read() as reader:
        found = period_states.listing(reader).filter(journal="PAYMENTS")
    assert found.select("first_day", "last_day", "state").rows() == [
        (JANUARY, dt.date(2026, 1, 31), "open"),
        (FEBRUARY, dt.date(2026, 2, 28), "closed"),
    ]


def test_a_month_that_is_closed_for_all_is_closed_for_each(workspace: Workspace) -> None:
    close(workspace, journal="PAYMENTS")
    close(workspace)
    close(workspace, journal="PAYMENTS", state="open")
    assert open_day(workspace, JANUARY) == FEBRUARY


def test_a_year_is_opened_ahead_once(workspace: Workspace) -> None:
    assert period_states.open_year(workspace, 2028) == 12
    assert period_states.open_year(workspace, 2028) == 0
    close(workspace, dt.date(2028, 1, 1), earlier_open=True)
    assert period_states.open_year(workspace, 2028) == 0
    assert state(workspace, dt.date(2028, 1, 1)) == "closed"
    with pytest.raises(MissingRoleError):
        period_states.open_year(with_roles(workspace, "poster", "post"), 2029)


def test_a_checklist_that_is_no_longer_true_closes_nothing(workspace: Workspace) -> None:
    with workspace.read() as reader:
        seen = reader.seq
    with workspace.transaction("something"):
        pass
    with pytest.raises(StaleViewError):
        close(workspace, as_seen=seen)
    assert state(workspace) == "open"


def test_a_rolled_date_is_told_once_and_in_words() -> None:
    asked, day = dt.date(2026, 11, 3), dt.date(2026, 12, 1)
    found = rolled([(asked, day), (asked, day), (day, day)])
    assert found == (Rolled(asked, day),)
    assert found[0].words("en") == "Dated December 1, 2026, since November 2026 is closed."
    assert "1. december 2026" in found[0].words("da")
