"""What happens to accounting periods: closed, reopened, and years opened ahead.

A period is a month of all journals; a journal may have its own row for a month, which
narrows it. Nothing is posted into a period that is soft-closed or closed. Soft-closed is
for the days in which a month is looked through: whoever may post takes it back. Closed is
for the books: an administrator takes it back. Both always with a reason.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import polars as pl

from workbench.ledger import setup
from workbench.store.connection import Reader
from workbench.store.people import Role, require_role
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

State = Literal["open", "soft_closed", "closed"]

#: One row per period, a journal's own ones behind those of all journals.
PERIODS = pl.Schema(
    {
        "period_id": pl.Int64,
        "journal": pl.String,
        "first_day": pl.Date,
        "last_day": pl.Date,
        "state": pl.String,
        "changed_at": pl.String,
        "changed_by": pl.String,
        "reason": pl.String,
    }
)

_PERIODS = """
SELECT p.period_id, p.journal, p.first_day, p.last_day, p.state, a.at, e.actor, e.reason
FROM period AS p
LEFT JOIN period_event AS e ON e.event_id = (
    SELECT max(last.event_id) FROM period_event AS last WHERE last.period_id = p.period_id)
LEFT JOIN audit_event AS a ON a.seq = e.recorded
ORDER BY p.first_day, p.journal IS NOT NULL, p.journal
"""

#: One row per change of a period's state, in order.
EVENTS = pl.Schema(
    {
        "event_id": pl.Int64,
        "first_day": pl.Date,
        "journal": pl.String,
        "from_state": pl.String,
        "to_state": pl.String,
        "reason": pl.String,
        "actor": pl.String,
        "at": pl.String,
        "checklist": pl.String,
    }
)

_EVENTS = """
SELECT e.event_id, p.first_day, p.journal, e.from_state, e.to_state, e.reason, e.actor, a.at,
       e.checklist
FROM period_event AS e JOIN period AS p USING (period_id)
JOIN audit_event AS a ON a.seq = e.recorded ORDER BY e.event_id
"""

_ROW = """
SELECT period_id, journal, first_day, last_day, state, version FROM period
WHERE journal IS ? AND first_day = ?
"""

#: Earlier months that are open for the journal, from the company's first posting on; a
#: journal's own row counts beside all's. Months before anything was posted hold no books.
_EARLIER = """
SELECT p.first_day FROM period AS p
WHERE p.journal IS NULL AND p.first_day < :day AND p.state = 'open'
  AND p.last_day >= (SELECT min(posting_date) FROM voucher)
  AND NOT EXISTS (SELECT 1 FROM period AS own WHERE own.journal = :journal
                  AND own.first_day = p.first_day AND own.state <> 'open')
ORDER BY p.first_day
"""

_DAYS = pl.Schema({"first_day": pl.Date})


#: Months of a year.
_MONTHS = 12


class UnknownPeriodError(Exception):
    """No period begins on that day; a year is opened with `workbench period open-year`."""


class UnknownJournalError(Exception):
    """No journal has this name."""


class NoReasonError(Exception):
    """A period is closed or reopened for a reason, which is kept; none was given."""


class EarlierPeriodOpenError(Exception):
    """An earlier month, with or after the first posting, is still open."""


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a period.

    Attributes:
        journal: None for all journals.
        changed: False when it had that state already; nothing was written then.
    """

    first_day: dt.date
    journal: str | None
    from_state: State
    to_state: State

    @property
    def changed(self) -> bool:
        """Whether anything was written."""
        return self.from_state != self.to_state


def listing(reader: Reader) -> pl.DataFrame:
    """Every period with its state, and who gave it that and why: rows of `PERIODS`."""
    return reader.frame(_PERIODS, schema=PERIODS)


def events(reader: Reader) -> pl.DataFrame:
    """Every change of a state with who, when, why and what was known: rows of `EVENTS`."""
    return reader.frame(_EVENTS, schema=EVENTS)


def state_of(reader: Reader, *, first_day: dt.date, journal: str | None = None) -> State:
    """The state of a month as it was set for all journals, or for one of them.

    Raises:
        UnknownPeriodError: No period begins on that day.
        UnknownJournalError: No journal has that name.
    """
    return _state(_found(reader, first_day=first_day, journal=journal)["state"])


def earlier_open(
    reader: Reader, *, first_day: dt.date, journal: str | None = None
) -> list[dt.date]:
    """The first days of the open months before one, from the first posting on, in order.

    Args:
        reader: A view.
        first_day: Of the month that is to be closed.
        journal: The only journal that is meant; all of them when absent.
    """
    parameters = {"day": first_day.isoformat(), "journal": journal or ""}
    return reader.frame(_EARLIER, parameters, schema=_DAYS)["first_day"].to_list()


def change_state(
    workspace: Workspace,
    *,
    first_day: dt.date,
    to_state: State,
    journal: str | None = None,
    reason: str,
    checklist: Sequence[Mapping[str, object]] = (),
    earlier_open: bool = False,
    as_seen: int | None = None,
) -> Change:
    """Close a month, or open it again; the same state twice changes nothing.

    Args:
        workspace: The company.
        first_day: Of the month.
        to_state: What it shall be.
        journal: The only journal that is meant; all of them when absent.
        reason: Why; kept with who and when.
        checklist: What was known when it was closed, item by item; kept.
        earlier_open: Close though an earlier month is open.
        as_seen: The recorded time at which the checklist was read.

    Raises:
        NoReasonError: No reason was given.
        UnknownPeriodError: No period begins on that day.
        UnknownJournalError: No journal has that name.
        EarlierPeriodOpenError: An earlier month is open and nobody said that it may be.
        MissingRoleError: Closed is taken back by an administrator, the rest by who posts.
        StaleViewError: Somebody wrote since `as_seen`.
    """
    if not reason.strip():
        raise NoReasonError
    with workspace.read() as reader:
        before = state_of(reader, first_day=first_day, journal=journal)
    if before == to_state:
        return Change(first_day, journal, before, to_state)
    with workspace.transaction(
        "period_state",
        role=None,  # which role it takes depends on the state that the period has
        as_seen=as_seen,
        first_day=first_day.isoformat(),
        journal=journal,
    ) as transaction:
        return change(
            transaction, first_day=first_day, to_state=to_state, journal=journal,
            reason=reason, checklist=checklist, earlier_open=earlier_open,
        )  # fmt: skip


def change(
    transaction: Transaction,
    *,
    first_day: dt.date,
    to_state: State,
    journal: str | None,
    reason: str,
    checklist: Sequence[Mapping[str, object]] = (),
    earlier_open: bool = False,
) -> Change:
    """As `change_state`, within a step."""
    before = _found(transaction, first_day=first_day, journal=journal)
    done = Change(first_day, journal, _state(before["state"]), to_state)
    require_role(transaction, transaction.step.actor, role_for(done.from_state, to_state))
    if not done.changed:
        return done
    closing = to_state != "open" and done.from_state != "closed"
    if closing and not earlier_open:
        _require_order(transaction, first_day=first_day, journal=journal)
    period_id = before["period_id"]
    if period_id is None:
        period_id = _own_row(transaction, before, state=to_state)
    else:
        transaction.edit(
            "period", period_id, version=before["version"], changes={"state": to_state}
        )
    transaction.note(from_state=done.from_state, to_state=to_state, reason=reason)
    _keep_event(transaction, period_id, done, reason=reason, checklist=checklist)
    return done


def role_for(from_state: State, to_state: State) -> Role:
    """Who may change a period so: what was closed for good takes an administrator."""
    return "administer" if from_state == "closed" and to_state != "closed" else "post"


def reopen(
    workspace: Workspace,
    *,
    first_day: dt.date,
    to_state: Literal["open", "soft_closed"] = "open",
    journal: str | None = None,
    reason: str,
) -> Change:
    """Open a month again, or take a closed one back to soft-closed; raises as `change_state`.

    A month that is as open as that already stays as it is.
    """
    with workspace.read() as reader:
        before = state_of(reader, first_day=first_day, journal=journal)
    if before == "open":
        return Change(first_day, journal, before, before)
    return change_state(
        workspace, first_day=first_day, to_state=to_state, journal=journal, reason=reason
    )


def open_year(workspace: Workspace, year: int) -> int:
    """Open the twelve months of a year ahead; how many of them are new.

    Months that exist keep their states.
    """
    with workspace.read() as reader:
        if _months(reader, year) == _MONTHS:
            return 0
    with workspace.transaction("open_year", role="administer", year=year) as transaction:
        before = _months(transaction, year)
        setup.open_year(transaction, year)
        return _MONTHS - before


def _months(reader: Reader, year: int) -> int:
    """How many months of a year there are."""
    return int(
        reader.value(
            "SELECT count(*) FROM period WHERE journal IS NULL AND first_day LIKE ?",
            [f"{year:04d}-%"],
        )
    )


def _found(reader: Reader, *, first_day: dt.date, journal: str | None) -> dict[str, Any]:
    """The period's row; for a journal without one of its own, what stands for it."""
    day = first_day.isoformat()
    of_all = reader.record(_ROW, [None, day])
    if of_all is None:
        raise UnknownPeriodError(day)
    if journal is None:
        return of_all
    if not reader.value("SELECT EXISTS (SELECT 1 FROM journal WHERE journal = ?)", [journal]):
        raise UnknownJournalError(journal)
    own = reader.record(_ROW, [journal, day])
    return own or of_all | {"period_id": None, "journal": journal, "state": "open"}


def _state(value: Any) -> State:
    assert value in get_args(State), value
    return value  # type: ignore[no-any-return]  # asserted above


def _require_order(
    transaction: Transaction, *, first_day: dt.date, journal: str | None
) -> None:
    if months := earlier_open(transaction, first_day=first_day, journal=journal):
        raise EarlierPeriodOpenError(f"{months[0]:%Y-%m}")


def _own_row(transaction: Transaction, row: Mapping[str, object], *, state: State) -> int:
    period_id = 1 + int(transaction.value("SELECT max(period_id) FROM period"))
    transaction.execute(
        "INSERT INTO period (period_id, journal, first_day, last_day, state) "
        "VALUES (?, ?, ?, ?, ?)",
        [period_id, row["journal"], row["first_day"], row["last_day"], state],
    )
    return period_id


def _keep_event(
    transaction: Transaction,
    period_id: object,
    done: Change,
    *,
    reason: str,
    checklist: Sequence[Mapping[str, object]],
) -> None:
    row = {
        "event_id": transaction.draw_ids(1),
        "period_id": period_id,
        "from_state": done.from_state,
        "to_state": done.to_state,
        "checklist": json.dumps(list(checklist), ensure_ascii=False, sort_keys=True),
        "reason": reason,
        "actor": transaction.step.actor,
    }
    transaction.append("period_event", pl.DataFrame([row]))
