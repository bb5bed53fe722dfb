"""Settlement by hand (udligning): credits against claims, whole or in part, in one step.

Any credit may settle any claim of the same currency; of another customer only with a reason.
Where nothing but the two entries is touched, a settlement is an application alone. Where the
money lies on another account or belongs to another customer, a voucher in the daily journal
moves it as well, so that every account and every customer still ties to its entries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.ledger.imports.collected import Collections
from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.settlement import penny
from workbench.ledger.settlement import writing as settlement_writing
from workbench.ledger.settlement.entries import (
    Settleable,
    SettlementError,
    settleable,
    shown,
)
from workbench.ledger.settlement.writing import Application
from workbench.ledger.setup import DAILY_JOURNAL
from workbench.model.masking import mask_personal
from workbench.model.texts import marked
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: Why the unsent lines of entries stop.
_STOPPED = marked("settled by hand")


class NotAPairError(SettlementError):
    """Not a credit and a claim, or not in one currency."""


class OtherCustomerError(SettlementError):
    """The entries belong to two customers, and nobody said why."""


class OverSettledError(SettlementError):
    """More than what is left of an entry, or nothing."""


class StaleRemainingError(SettlementError):
    """What is left of an entry is not what the person saw."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A credit that settles a claim; which of the two is named first does not matter.

    Attributes:
        amount_minor: How much, positive; None for as much as both have left.
    """

    credit_id: int
    claim_id: int
    amount_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement did.

    Attributes:
        application_ids: One for each pair, in its order.
        amounts_minor: How much each pair settled.
        posting_date: The day that counts: never before the last effect on an entry of it.
        rolled: Set when that is not the day that was asked for.
        documents: Vouchers that moved money between accounts or customers.
        pennies: What was posted away, by entry; ledger view of the rest that went.
        stopped: How many unsent lines were stopped, since they asked for what is settled.
    """

    application_ids: tuple[int, ...]
    amounts_minor: tuple[int, ...]
    posting_date: dt.date
    rolled: Rolled | None
    documents: tuple[str, ...]
    pennies: Mapping[int, int]
    stopped: int = 0


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a settlement would do.

    Attributes:
        applications: One for each pair; their entries are as they would stand afterwards.
        posting_date: The day that would count.
        rolled: Set when that is not the day that was asked for.
        pennies: What may be posted away, by entry; ledger view of the rest that would go.
    """

    applications: tuple[Application, ...]
    posting_date: dt.date
    rolled: Rolled | None
    pennies: Mapping[int, int]


def settle(
    workspace: Workspace,
    *,
    pairs: Sequence[Pair],
    as_of: dt.date,
    seen: Mapping[int, int] | None = None,
    reason: str = "",
    with_penny: bool = True,
    collections: Collections | None = None,
    run_id: int | None = None,
) -> Settled:
    """Settle pairs of entries, all of them or none.

    Args:
        workspace: The company.
        pairs: What settles what, in this order.
        as_of: The day that is today; rolled forward into an open period, visibly.
        seen: What a person saw of what is left, by entry; compared before anything is done.
        reason: Why, where the entries belong to two customers.
        with_penny: Whether a rest within the tolerance is posted away; nothing is without one.
        collections: Stops the lines on which the entries wait to be sent; None for a ledger
            alone.
        run_id: The run that this is part of.

    Raises:
        SettlementError: One of its kinds; nothing was changed.
        NoOpenPeriodError: No period is open from that day on.
    """
    with workspace.transaction(
        "settle", run_id=run_id, role="post", pairs=len(pairs), reason=reason
    ) as transaction:
        done = settle_within(
            transaction,
            pairs=pairs,
            as_of=as_of,
            seen=seen,
            reason=reason,
            with_penny=with_penny,
        )
        if collections is None:
            return done
        stopped = collections.stop(transaction, _named(pairs), reason=_STOPPED, as_of=as_of)
        transaction.note(stopped=stopped)
        return replace(done, stopped=stopped)


def settle_within(
    transaction: Transaction,
    *,
    pairs: Sequence[Pair],
    as_of: dt.date,
    seen: Mapping[int, int] | None,
    reason: str = "",
    with_penny: bool = True,
) -> Settled:
    """As `settle`, as part of a larger step."""
    applications, day = _judged(transaction, pairs, as_of=as_of, seen=seen or {}, reason=reason)
    written = settlement_writing.write(transaction, applications, posting_date=day)
    away = (
        penny.post_away_within(transaction, applications, posting_date=day)
        if with_penny
        else None
    )
    transaction.note(
        applications=len(applications),
        amount_minor=sum(a.amount_minor for a in applications),
        pennies=len(away.amounts) if away else 0,
    )
    return Settled(
        application_ids=written.application_ids,
        amounts_minor=tuple(a.amount_minor for a in applications),
        posting_date=day,
        rolled=Rolled(as_of, day) if day != as_of else None,
        documents=(*written.documents, *(away.documents if away else ())),
        pennies=away.amounts if away else {},
    )


def foresee(
    reader: Reader, *, pairs: Sequence[Pair], as_of: dt.date, reason: str = ""
) -> Foreseen:
    """What `settle` would do with the same arguments, for a person to see first.

    Raises:
        SettlementError: One of its kinds: `settle` would refuse it too.
        NoOpenPeriodError: No period is open from that day on.
    """
    applications, day = _judged(reader, pairs, as_of=as_of, seen={}, reason=reason)
    return Foreseen(
        applications=tuple(applications),
        posting_date=day,
        rolled=Rolled(as_of, day) if day != as_of else None,
        pennies={
            rest.entry_id: rest.remaining_minor for rest in penny.rests(reader, applications)
        },
    )


def _judged(
    reader: Reader,
    pairs: Sequence[Pair],
    *,
    as_of: dt.date,
    seen: Mapping[int, int],
    reason: str,
) -> tuple[list[Application], dt.date]:
    """The applications, with what is left of their entries then, and their posting date."""
    if not pairs:
        raise NotAPairError("nothing to settle was named")
    entries = settleable(reader, _named(pairs))
    _require_as_seen(entries.values(), seen)
    asked = max([as_of, *(entry.moved_on for entry in entries.values())])
    day = open_posting_date(reader, asked, journal=DAILY_JOURNAL)
    return [_applied(entries, pair, reason=reason) for pair in pairs], day


def _named(pairs: Iterable[Pair]) -> list[int]:
    return [entry_id for pair in pairs for entry_id in (pair.credit_id, pair.claim_id)]


def _require_as_seen(entries: Iterable[Settleable], seen: Mapping[int, int]) -> None:
    for entry in entries:
        expected = seen.get(entry.entry_id, entry.remaining_minor)
        if expected != entry.remaining_minor:
            raise StaleRemainingError(
                f"{entry.document_no} has changed since it was looked at: "
                f"{shown(expected, entry.currency)} was left, now it is "
                f"{shown(entry.remaining_minor, entry.currency)}"
            )


def _applied(entries: Mapping[int, Settleable], pair: Pair, *, reason: str) -> Application:
    """What a pair settles; both entries have that much less left."""
    credit, claim = _sides(entries[pair.credit_id], entries[pair.claim_id])
    if credit.customer_id != claim.customer_id and not reason.strip():
        raise OtherCustomerError(
            f"{credit.document_no} belongs to customer {mask_personal(credit.customer_no)}, "
            f"{claim.document_no} to {claim.customer_no}: say why one settles the other"
        )
    amount = pair.amount_minor
    if amount is None:
        amount = min(credit.free_minor, claim.free_minor)
    for entry in sorted((credit, claim), key=lambda entry: entry.free_minor):
        if not 0 < amount <= entry.free_minor:
            raise OverSettledError(_too_much(entry, amount))
    credit.remaining_minor += amount
    claim.remaining_minor -= amount
    return Application(credit, claim, amount)


def _sides(one: Settleable, other: Settleable) -> tuple[Settleable, Settleable]:
    """The credit and the claim."""
    if one.currency != other.currency:
        raise NotAPairError(
            f"{one.document_no} is in {one.currency}, {other.document_no} in {other.currency}"
        )
    credit, claim = (one, other) if one.amount_minor < 0 else (other, one)
    if not credit.amount_minor < 0 < claim.amount_minor:
        both = "credits" if credit.amount_minor < 0 else "claims"
        raise NotAPairError(f"{one.document_no} and {other.document_no} are both {both}")
    return credit, claim


def _too_much(entry: Settleable, amount: int) -> str:
    free = shown(entry.free_minor, entry.currency)
    if entry.free_minor == 0:
        words = f"nothing is left of {entry.document_no}"
    elif amount <= 0:
        words = f"{shown(amount, entry.currency)} is no amount to settle"
    else:
        words = (
            f"{shown(amount, entry.currency)} is more than what is left of "
            f"{entry.document_no}: {free}"
        )
    if entry.remaining_minor < 0 and entry.reserved_minor:
        words += f"; {shown(entry.reserved_minor, entry.currency)} of it is to be paid back"
    return words
