"""Settlement by priority: a customer's credits against claims, in a declared order.

Looked at first, then accepted as it was looked at: what changed in between is refused.
Claims on hold or disputed are left to a person.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.imports.collected import Collections
from workbench.ledger.settlement.allocation import Part, allocate
from workbench.ledger.settlement.entries import Settleable, SettlementError, settleable
from workbench.ledger.settlement.settling import Pair, Settled, settle
from workbench.model.texts import marked
from workbench.references import betalingsservice_customer
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace

#: What would settle what.
PAIRS = pl.Schema(
    {
        "credit_id": pl.Int64,
        "credit_no": pl.String,
        "credit_kind": pl.String,
        "claim_id": pl.Int64,
        "claim_no": pl.String,
        "claim_kind": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "remaining_minor": pl.Int64,  # of the claim, afterwards
    }
)


@dataclass(frozen=True, slots=True)
class Priority:
    """An order of claims; of equal ones the older document, then the lower number, is first.

    Attributes:
        kinds: Kinds of claims in their ranks; the empty tuple stands for all others.
    """

    id: str
    label: str
    kinds: tuple[tuple[str, ...], ...]

    def rank(self, kind: str) -> int:
        """The place of a kind of claim."""
        others = self.kinds.index(())
        return next((n for n, kinds in enumerate(self.kinds) if kind in kinds), others)


_COSTS = ("interest", "fee", "reminder")

#: The orders that ship. Within a rank: due date, document date, number.
PRIORITIES = (
    Priority("oldest_first", marked("Oldest claim first"), ((),)),
    Priority("costs_first", marked("Interest and fees first"), (_COSTS, ())),
    Priority("costs_last", marked("Interest and fees last"), ((), _COSTS)),
)

#: Credits settle in this order of kinds, each the oldest first.
_CREDITS = ("credit_note", "other", "payment", "on_account")

_OPEN = """
SELECT e.entry_id, e.due_date, e.document_date FROM entry AS e
WHERE e.customer_id = ?1 AND e.posting_date <= ?2
  AND (e.amount_minor < 0 OR (e.on_hold = 0 AND e.disputed = 0))
ORDER BY e.due_date, e.document_date, e.document_no, e.entry_id
"""


class UnknownPriorityError(SettlementError):
    """No order of that name is declared."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a settlement by priority would do.

    Attributes:
        pairs: Rows of `PAIRS`, in the order in which they settle.
        seen: What was left of each entry when this was found.
    """

    pairs: pl.DataFrame
    seen: dict[int, int]


class UnknownCustomerError(SettlementError):
    """No customer has this number."""


def customer_numbered(reader: Reader, customer_no: str) -> int:
    """The customer of a number, as the ERP prints it or in its canonical form.

    Raises:
        UnknownCustomerError: There is none.
    """
    found = reader.value(
        "SELECT customer_id FROM customer WHERE customer_no IN (?1, ?2) OR printed_no = ?1 "
        "ORDER BY customer_no <> ?1 LIMIT 1",
        [customer_no.strip(), betalingsservice_customer.compact(customer_no)],
    )
    if found is None:
        raise UnknownCustomerError(f"there is no customer {customer_no}")
    return int(found)


def priority_named(name: str) -> Priority:
    """A declared order.

    Raises:
        UnknownPriorityError: There is none of that name.
    """
    for priority in PRIORITIES:
        if priority.id == name:
            return priority
    known = ", ".join(priority.id for priority in PRIORITIES)
    raise UnknownPriorityError(f"no order is called {name}; there are {known}")


def preview(
    reader: Reader,
    *,
    customer_id: int,
    as_of: dt.date,
    priority: Priority = PRIORITIES[0],
    left_out: Container[int] = (),
) -> Preview:
    """What the customer's credits of that day would settle, currency by currency.

    Args:
        reader: The view to ask.
        customer_id: Whose entries.
        as_of: The last posting date of the entries that count.
        priority: The order of the claims.
        left_out: Entries that are not touched, such as claims on their way to the center.
    """
    rows_of_day = reader.rows(_OPEN, [customer_id, as_of.isoformat()])
    dated = {row[0]: row[1:] for row in rows_of_day if row[0] not in left_out}
    entries = {
        entry_id: entry
        for entry_id, entry in settleable(reader, dated).items()
        if entry.remaining_minor
    }
    rows = []
    for currency in sorted({entry.currency for entry in entries.values()}):
        mine = [entry for entry in entries.values() if entry.currency == currency]
        for row in _allocated(mine, order=list(dated), priority=priority):
            due_date = dt.date.fromisoformat(dated[row["claim_id"]][0])
            rows.append(row | {"due_date": due_date, "currency": currency})
    used = {row[side] for row in rows for side in ("credit_id", "claim_id")}
    return Preview(
        pl.DataFrame(rows, schema=PAIRS),
        {n: entry.remaining_minor for n, entry in entries.items() if n in used},
    )


def settle_by_priority(
    workspace: Workspace,
    *,
    previews: Sequence[Preview],
    as_of: dt.date,
    with_penny: bool = True,
    collections: Collections | None = None,
    run_id: int | None = None,
) -> Settled | None:
    """Accept previews as they were looked at, in one step; None when they settle nothing.

    Raises:
        StaleRemainingError: An entry changed since; nothing was changed.
    """
    pairs = [
        Pair(row["credit_id"], row["claim_id"], row["amount_minor"])
        for found in previews
        for row in found.pairs.iter_rows(named=True)
    ]
    if not pairs:
        return None
    seen = {entry: left for found in previews for entry, left in found.seen.items()}
    return settle(
        workspace,
        pairs=pairs,
        as_of=as_of,
        seen=seen,
        with_penny=with_penny,
        collections=collections,
        run_id=run_id,
    )


def _allocated(
    entries: list[Settleable], *, order: list[int], priority: Priority
) -> Iterator[dict[str, Any]]:
    """Which credit settles how much of which claim, of one currency."""
    place = {entry_id: n for n, entry_id in enumerate(order)}
    known = {entry.entry_id: entry for entry in entries}
    claims = sorted(
        (entry for entry in entries if entry.remaining_minor > 0),
        key=lambda entry: (priority.rank(entry.kind), place[entry.entry_id]),
    )
    sources = sorted(
        (entry for entry in entries if entry.remaining_minor < 0),
        key=lambda entry: (_credit_rank(entry.kind), place[entry.entry_id]),
    )
    left = {entry.entry_id: entry.remaining_minor for entry in claims}
    for found in allocate(
        [Part(entry.entry_id, -entry.free_minor) for entry in sources],
        [Part(entry.entry_id, entry.free_minor) for entry in claims],
    ):
        credit, claim = known[found.from_entry_id], known[found.to_entry_id]
        left[claim.entry_id] -= found.amount_minor
        yield {
            "credit_id": credit.entry_id,
            "credit_no": credit.document_no,
            "credit_kind": credit.kind,
            "claim_id": claim.entry_id,
            "claim_no": claim.document_no,
            "claim_kind": claim.kind,
            "amount_minor": found.amount_minor,
            "remaining_minor": left[claim.entry_id],
        }


def _credit_rank(kind: str) -> int:
    return _CREDITS.index(kind) if kind in _CREDITS else len(_CREDITS)
