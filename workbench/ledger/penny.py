"""Penny differences (øredifferencer): a small rest that a settlement leaves, posted away.

How small is a decision with who and when, per currency, narrowed by customer; the last one
counts, and without one nothing is posted away. The rest becomes an entry of its own, from a
voucher in the daily journal, that settles it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.posting import VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.settlement_entries import Settleable, SettlementError, settleable, shown
from workbench.ledger.settlement_writing import PLACED, Application, append, placed
from workbench.ledger.setup import DAILY_JOURNAL
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: Every decision on how small a rest may be.
TOLERANCES = pl.Schema(
    {
        "currency": pl.String,
        "customer_no": pl.String,
        "amount_minor": pl.Int64,
        "actor": pl.String,
        "at": pl.String,
        "recorded": pl.Int64,
    }
)

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


def set_tolerance(
    workspace: Workspace, *, currency: str, amount_minor: int, customer_id: int | None = None
) -> None:
    """Decide how small a rest may be posted away; 0 stops it.

    Args:
        workspace: The company.
        currency: ISO 4217 code.
        amount_minor: The largest rest, in minor units.
        customer_id: The only customer that this is for; None for all others.
    """
    assert amount_minor >= 0, amount_minor
    with workspace.transaction(
        "set_tolerance", role="administer", kind="penny", currency=currency,
        customer_id=customer_id, amount_minor=amount_minor,
    ) as transaction:  # fmt: skip
        row = {
            "tolerance_id": transaction.draw_ids(1),
            "kind": "penny",
            "currency": currency,
            "customer_id": customer_id,
            "amount_minor": amount_minor,
            "actor": transaction.step.actor,
        }
        schema = {"customer_id": pl.Int64}
        transaction.append("tolerance", pl.DataFrame([row], schema_overrides=schema))


def tolerance_minor(reader: Reader, *, currency: str, customer_id: int) -> int:
    """The largest rest of a customer's entry that may be posted away; 0 where none is set."""
    found = reader.value(
        "SELECT amount_minor FROM tolerance WHERE kind = 'penny' AND currency = ?1 "
        "AND (customer_id IS NULL OR customer_id = ?2) "
        "ORDER BY customer_id IS NULL, tolerance_id DESC LIMIT 1",
        [currency, customer_id],
    )
    return int(found or 0)


def tolerances(reader: Reader) -> pl.DataFrame:
    """Every decision, the last one first; rows of `TOLERANCES`."""
    return reader.frame(
        "SELECT t.currency, c.customer_no, t.amount_minor, t.actor, e.at, t.recorded "
        "FROM tolerance AS t JOIN audit_event AS e ON e.seq = t.recorded "
        "LEFT JOIN customer AS c USING (customer_id) WHERE t.kind = 'penny' "
        "ORDER BY t.tolerance_id DESC",
        schema=TOLERANCES,
    )


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
    rests: dict[int, Settleable] = {}
    for application in applications:
        sides = (application.credit, application.claim)
        for entry, other in (sides, sides[::-1]):
            if other.remaining_minor == 0 and _is_penny(transaction, entry):
                rests[entry.entry_id] = entry
    return _write(transaction, list(rests.values()), day=posting_date)


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
