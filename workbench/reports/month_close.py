"""Closing a month: its checklist and its new state are one step.

A month is closed on what was known: whoever writes between list and closing sends the
closing back. A list with something in the way closes nothing, unless an administrator
forces it, which is kept. A soft close keeps the list and asks nothing of it: it is there
so that the list can be worked off while nobody posts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from workbench.ledger import period_states
from workbench.ledger.period_states import Change, NoReasonError
from workbench.reports.month_checklist import Checklist, checklist, checklist_view, days_of
from workbench.store.people import require_role
from workbench.store.workspace import Workspace

__all__ = ["Closed", "MonthNotReadyError", "checklist", "close_month"]


class MonthNotReadyError(Exception):
    """Something on the checklist is in the way of closing.

    Attributes:
        checklist: All of it.
    """

    def __init__(self, found: Checklist) -> None:
        super().__init__(", ".join(dict.fromkeys(item.name for item in found.stops)))
        self.checklist = found


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of a month.

    Attributes:
        checklist: What was known when it was closed; None when it was closed before.
    """

    change: Change
    checklist: Checklist | None


def close_month(
    workspace: Workspace,
    *,
    month: dt.date,
    as_of: dt.date,
    reason: str,
    to_state: Literal["soft_closed", "closed"] = "closed",
    journal: str | None = None,
    force: bool = False,
    earlier_open: bool = False,
) -> Closed:
    """Close a month if its checklist allows; closed before, nothing changes.

    Args:
        workspace: The company.
        month: Any day of it.
        as_of: Today.
        reason: Why; kept with the list.
        to_state: For the books, or until the month was looked through.
        journal: The only journal that is meant; all of them when absent.
        force: Close in spite of what is in the way; an administrator only.
        earlier_open: Close though an earlier month is open.

    Raises:
        NoReasonError: No reason was given.
        MonthNotReadyError: The list has something in the way, and nobody forced it.
        EarlierPeriodOpenError: An earlier month is open and nobody said that it may be.
        UnknownPeriodError: The month has no period.
        UnknownJournalError: No journal has that name.
        MissingRoleError: The actor may not do this.
        StaleViewError: Somebody wrote while the list was made.
    """
    if not reason.strip():
        raise NoReasonError
    first_day, _ = days_of(month)
    with workspace.read() as reader:
        before = period_states.state_of(reader, first_day=first_day, journal=journal)
        if before == to_state:
            return Closed(Change(first_day, journal, before, to_state), None)
        found = checklist_view(reader, workspace, month=month, as_of=as_of)
    forced = to_state == "closed" and not found.holds
    if forced and not force:
        raise MonthNotReadyError(found)
    with workspace.transaction(
        "close_month", as_seen=found.seq, month=f"{first_day:%Y-%m}", journal=journal,
        forced=forced, audit_head=found.head,
    ) as transaction:  # fmt: skip
        if forced:
            require_role(transaction, transaction.step.actor, "administer")
        change = period_states.change(
            transaction, first_day=first_day, to_state=to_state, journal=journal,
            reason=reason, checklist=_kept(found, forced=forced), earlier_open=earlier_open,
        )  # fmt: skip
    return Closed(change, found)


def _kept(found: Checklist, *, forced: bool) -> list[dict[str, object]]:
    """The list as the closing keeps it, behind the moment at which it was made."""
    moment = {
        "name": "moment", "as_of": found.as_of.isoformat(), "audit_head": found.head,
        "forced": forced,
    }  # fmt: skip
    return [moment, *(item.as_json() for item in found.items)]
