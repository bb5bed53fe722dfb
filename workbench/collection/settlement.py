"""Posting of payment lines: what was allowed, what is held, and what is taken back.

Held money is posted without a mark: bank against *held*, nothing is applied. Matched money is
posted when allowed: bank, or *held* when it lay there, against the customer, and settles the
entries of its collection. A reversal posts the mirror of where its payment lies now and opens
again what that settled.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from workbench.collection.applying import reopen, settle
from workbench.collection.booking import Action, Booking
from workbench.ledger.periods import Rolled
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction, again_when_stale
from workbench.store.workspace import Workspace

_UNPOSTED = """
SELECT p.payment_line_id, p.kind, p.section_kind, p.creditor_no, p.currency, p.booking_date,
       p.payment_date, p.amount_paid_minor AS cash, o.outcome, o.class, o.collection_line_id,
       o.reverses_payment_line_id AS reverses, o.applied_minor AS applied,
       CASE WHEN o.reverses_payment_line_id IS NULL THEN ifnull(o.customer_id, l.customer_id)
            ELSE (SELECT ifnull(paid.customer_id, its.customer_id) FROM current_outcome AS paid
                  LEFT JOIN collection_line AS its
                      ON its.collection_line_id = paid.collection_line_id
                  WHERE paid.payment_line_id = o.reverses_payment_line_id)
       END AS customer_id, cr.profile,
       ifnull((SELECT m.allowed FROM posting_permission AS m
               WHERE m.payment_line_id = p.payment_line_id
               ORDER BY m.permission_id DESC LIMIT 1), 0) AS allowed,
       (SELECT group_concat(x.kind, ' ') FROM line_posting AS x
        WHERE x.payment_line_id = p.payment_line_id) AS posted,
       (SELECT group_concat(x.kind, ' ') FROM line_posting AS x
        WHERE x.payment_line_id = o.reverses_payment_line_id) AS payment_posted,
       EXISTS (SELECT 1 FROM line_outcome AS t JOIN line_posting AS x USING (payment_line_id)
               WHERE t.reverses_payment_line_id = p.payment_line_id
                 AND x.kind = 'reversal') AS taken_back
FROM payment_line AS p JOIN current_outcome AS o USING (payment_line_id)
JOIN creditor AS cr ON cr.creditor_no = p.creditor_no
LEFT JOIN collection_line AS l ON l.collection_line_id = o.collection_line_id
WHERE p.amount_paid_minor <> 0
  AND NOT EXISTS (SELECT 1 FROM line_posting AS x WHERE x.payment_line_id = p.payment_line_id
                  AND x.kind IN ('payment', 'release', 'on_account', 'reversal'))
ORDER BY p.creditor_no, p.section_kind, p.booking_date, p.payment_line_id
"""

#: Where money lies after each kind of posting.
_LIES = {
    "held": "held",
    "payment": "receivable",
    "release": "receivable",
    "on_account": "on_account",
}


@dataclass(frozen=True, slots=True)
class Posted:
    """What a posting run did: lines by kind, vouchers, and what still waits.

    Attributes:
        rolled: Days of the bank in a closed period, with those on which it was posted.
    """

    counts: dict[str, int]
    documents: tuple[str, ...]
    waiting: int
    rolled: tuple[Rolled, ...] = ()

    @property
    def lines(self) -> int:
        """How many payment lines were posted."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class _Plan:
    """What can be posted now.

    Attributes:
        first: Payments and held money.
        later: Reversals of what is posted, or is among `first`.
        deferred: Payments of a collection that another of `first` pays: the reversal of that
            one comes between them, so they are posted after it.
        waiting: How many matched lines wait for a mark.
    """

    first: list[Action]
    later: list[Action]
    deferred: list[Action]
    waiting: int

    @property
    def actions(self) -> list[Action]:
        return [*self.first, *self.later]


@dataclass(frozen=True, slots=True)
class Planned:
    """What would be posted now.

    Attributes:
        kinds: Lines and cash in minor units, by kind and currency.
        seq: The recorded time at which this was found.
        waiting: Matched lines that wait for a mark.
    """

    kinds: dict[tuple[str, str], tuple[int, int]]
    seq: int
    waiting: int


def planned(reader: Reader) -> Planned:
    """What `post_payments` would post, for a person to confirm."""
    plan = _plan(reader.records(_UNPOSTED), at_once=True)
    kinds: dict[tuple[str, str], tuple[int, int]] = {}
    for action in plan.actions:
        key = (action.kind, action.line["currency"])
        lines, cash = kinds.get(key, (0, 0))
        kinds[key] = (lines + 1, cash + action.line["cash"])
    return Planned(kinds, reader.seq, plan.waiting)


@again_when_stale
def post_payments(workspace: Workspace, *, as_of: dt.date, run_id: int | None = None) -> Posted:
    """Post everything that may be posted, in one step; nothing to post changes nothing."""
    with workspace.read() as reader:
        seen = reader.seq
        plan = _plan(reader.records(_UNPOSTED))
    if not plan.actions:
        return Posted({}, (), plan.waiting)
    with workspace.transaction(
        "post_payments", role="post", run_id=run_id, as_seen=seen
    ) as transaction:
        return _post(transaction, plan, as_of=as_of)


def _post(transaction: Transaction, plan: _Plan, *, as_of: dt.date) -> Posted:
    """Post what is planned, and then what had to come after it."""
    counts: dict[str, int] = {}
    documents: list[str] = []
    rolled: set[Rolled] = set()
    while plan.actions:
        for write, actions in ((_post_payments, plan.first), (_post_reversals, plan.later)):
            if actions:
                booked = Booking(transaction, actions, as_of=as_of)
                documents += write(transaction, booked)
                rolled.update(booked.rolled)
        for action in plan.actions:
            counts[action.kind] = counts.get(action.kind, 0) + 1
        if not plan.deferred:
            break
        plan = _plan(transaction.records(_UNPOSTED))
    transaction.note(lines=sum(counts.values()))
    return Posted(counts, tuple(documents), plan.waiting, tuple(sorted(rolled)))


def _plan(lines: list[dict[str, Any]], *, at_once: bool = False) -> _Plan:
    """Sort what may be posted into its turns.

    Args:
        lines: Rows of `_UNPOSTED`.
        at_once: Count what must come later as if it could be posted now.
    """
    actions = [action for line in lines if (action := _payment_action(line)) is not None]
    first, deferred = (actions, []) if at_once else _in_turns(actions)
    lies = {action.line["payment_line_id"]: _LIES[action.kind] for action in first}
    planned_lines = {action.line["payment_line_id"] for action in actions}
    later, waiting = [], 0
    for line in lines:
        if line["payment_line_id"] in planned_lines or line["taken_back"]:
            continue
        action = _reversal_action(line, lies)
        if action is not None:
            later.append(action)
        elif line["outcome"] == "matched":
            waiting += 1
    return _Plan(first, later, deferred, waiting)


def _in_turns(actions: list[Action]) -> tuple[list[Action], list[Action]]:
    """One payment for each collection, and the others, which come after it."""
    first, deferred, paid = [], [], set()
    for action in actions:
        collection = action.line["collection_line_id"]
        if action.credit == "receivable" and collection in paid:
            deferred.append(action)
            continue
        first.append(action)
        if action.credit == "receivable":
            paid.add(collection)
    return first, deferred


def _payment_action(line: dict[str, Any]) -> Action | None:
    if line["taken_back"]:  # its reversal took the money from where it lay
        return None
    held_before = line["posted"] is not None
    if line["outcome"] in {"held", "ignored"}:
        return None if held_before else Action("held", line, "bank_clearing", "held")
    if line["outcome"] != "matched" or line["reverses"] is not None or not line["allowed"]:
        return None
    source = "held" if held_before else "bank_clearing"
    if line["class"] == "on_account":
        return Action("on_account", line, source, "on_account")
    return Action("release" if held_before else "payment", line, source, "receivable")


def _reversal_action(line: dict[str, Any], lies: dict[int, str]) -> Action | None:
    """The mirror of the payment; of held money without a mark, of posted money with one."""
    if line["outcome"] != "matched" or line["reverses"] is None:
        return None
    before = str(line["payment_posted"] or "").split()
    where = lies.get(line["reverses"]) or (_LIES[max(before, key=_depth)] if before else None)
    if where is None or (where != "held" and not line["allowed"]):
        return None
    return Action("reversal", line, "bank_clearing", where)


def _depth(kind: str) -> int:
    return 0 if kind == "held" else 1


def _post_payments(transaction: Transaction, booked: Booking) -> list[str]:
    documents = booked.write()
    settle(transaction, booked, [a for a in booked.actions if a.credit == "receivable"])
    return documents


def _post_reversals(transaction: Transaction, booked: Booking) -> list[str]:
    documents = booked.write()
    reopen(transaction, booked, [a for a in booked.actions if a.credit != "held"])
    return documents
