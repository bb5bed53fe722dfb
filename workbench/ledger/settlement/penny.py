"""Penny differences (øredifferencer): a small rest that a settlement leaves, posted away.

The rest becomes an entry of its own, from a voucher in the daily journal, that settles it.
How small a rest may be is decided in `workbench.ledger.settlement.tolerance`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.posting import VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.settlement.entries import Settleable, SettlementError, settleable, shown
from workbench.ledger.settlement.tolerance import tolerance_minor
from workbench.ledger.settlement.writing import PLACED, Application, append, placed
from workbench.ledger.setup import DAILY_JOURNAL
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

_TEXT = "Penny difference"


class NoPennyError(SettlementError):
    """The rest of an entry is no penny difference."""


@dataclass(frozen=True, slots=True)
class PostedAway:
    """What was posted away: the rest by entry, ledger view, and the vouchers' numbers."""

    amounts: Mapping[int, int]
    documents: tuple[str, ...]
    posting_date: dt.date
    rolled: Rolled | None = None


def post_away(workspace: Workspace, entry_ids: Sequence[int], *, as_of: dt.date) -> PostedAway:
    """Post away the rests that earlier settlements left, all of them or none.

    Raises:
        NoPennyError: A rest is beyond the tolerance, reserved, or was never a rest.
    """
    with workspace.transaction("post_penny", role="post", entries=len(entry_ids)) as step:
        entries = settleable(step, entry_ids)
        for entry in entries.values():
            _require_penny(step, entry)
        asked = max([as_of, *(entry.moved_on for entry in entries.values())])
        day = open_posting_date(step, asked, journal=DAILY_JOURNAL)
        done = _write(step, list(entries.values()), day=day)
        step.note(amounts=[abs(amount) for amount in done.amounts.values()])
        return PostedAway(
            done.amounts, done.documents, day, Rolled(as_of, day) if day != as_of else None
        )


def post_away_within(
    transaction: Transaction, applications: Sequence[Application], *, posting_date: dt.date
) -> PostedAway:
    """Post away what a settlement left of one entry when it used up the other."""
    return _write(transaction, rests(transaction, applications), day=posting_date)


def rests(reader: Reader, applications: Sequence[Application]) -> list[Settleable]:
    """Entries of which a settlement leaves a penny difference when it uses up the other."""
    found: dict[int, Settleable] = {}
    for application in applications:
        sides = (application.credit, application.claim)
        for entry, other in (sides, sides[::-1]):
            if other.remaining_minor == 0 and _is_penny(reader, entry):
                found[entry.entry_id] = entry
    return list(found.values())


def _is_penny(reader: Reader, entry: Settleable) -> bool:
    rest = abs(entry.remaining_minor)
    if rest == 0 or rest != entry.free_minor or rest == abs(entry.amount_minor):
        return False
    allowed = tolerance_minor(reader, currency=entry.currency, customer_id=entry.customer_id)
    return rest <= allowed


def _require_penny(reader: Reader, entry: Settleable) -> None:
    if _is_penny(reader, entry):
        return
    allowed = tolerance_minor(reader, currency=entry.currency, customer_id=entry.customer_id)
    raise NoPennyError(
        f"what is left of {entry.document_no}, "
        f"{shown(entry.remaining_minor, entry.currency)}, is not a rest that may be posted "
        f"away: up to {shown(allowed, entry.currency)} of an entry that was partly settled"
    )


def _write(
    transaction: Transaction, rests: Sequence[Settleable], *, day: dt.date
) -> PostedAway:
    """A voucher, an entry and an application for each rest."""
    if not rests:
        return PostedAway({}, (), day)
    first = transaction.draw_ids(5 * len(rests))
    plans = [_Plan(rest, first + 5 * n) for n, rest in enumerate(rests)]
    vouchers = pl.DataFrame(
        [
            {
                "voucher_id": plan.voucher_id,
                "journal": DAILY_JOURNAL,
                "posting_date": day,
                "text": f"{_TEXT} {plan.rest.document_no}",
            }
            for plan in plans
        ],
        schema=VOUCHERS,
    )
    documents = draw_vouchers(transaction, vouchers)
    entries = [plan.entry(documents[plan.voucher_id], day) for plan in plans]
    transaction.append("entry", pl.DataFrame(entries))
    postings = [posting for plan in plans for posting in plan.postings()]
    add_postings(transaction, vouchers=vouchers, postings=pl.DataFrame(postings, schema=PLACED))
    append(transaction, [plan.application(day) for plan in plans])
    return PostedAway(
        {plan.rest.entry_id: plan.rest.remaining_minor for plan in plans},
        tuple(documents.values()),
        day,
    )


@dataclass(frozen=True, slots=True)
class _Plan:
    """A rest, and five identifiers for the rows that post it away."""

    rest: Settleable
    voucher_id: int

    @property
    def entry_id(self) -> int:
        return self.voucher_id + 1

    def entry(self, document_no: str, day: dt.date) -> dict[str, object]:
        return {
            "entry_id": self.entry_id,
            "customer_id": self.rest.customer_id,
            "kind": "other",
            "document_no": document_no,
            "text": f"{_TEXT} {self.rest.document_no}",
            "document_date": day,
            "due_date": day,
            "posting_date": day,
            "amount_minor": -self.rest.remaining_minor,
            "currency": self.rest.currency,
            "profile": self.rest.profile,
            "voucher_id": self.voucher_id,
        }

    def postings(self) -> list[dict[str, object]]:
        on_customer = placed(
            self.rest,
            posting_id=self.voucher_id + 2,
            voucher_id=self.voucher_id,
            amount_minor=-self.rest.remaining_minor,
        ) | {"entry_id": self.entry_id}
        on_penny = on_customer | {
            "posting_id": self.voucher_id + 3,
            "purpose": "penny",
            "amount_minor": self.rest.remaining_minor,
            "customer_id": None,
            "entry_id": None,
            "account_no": None,
        }
        return [on_customer, on_penny]

    def application(self, day: dt.date) -> dict[str, object]:
        credit, claim = self.entry_id, self.rest.entry_id
        if self.rest.remaining_minor < 0:
            credit, claim = claim, credit
        return {
            "application_id": self.voucher_id + 4,
            "from_entry_id": credit,
            "to_entry_id": claim,
            "amount_minor": abs(self.rest.remaining_minor),
            "currency": self.rest.currency,
            "kind": "penny",
            "posting_date": day,
            "voucher_id": self.voucher_id,
        }
