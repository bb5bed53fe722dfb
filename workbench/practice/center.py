"""The practice payment center: one step of its time.

It fetches the deliveries of an outbox, answers them with receipts, and tells by payment
information what their debtors have done up to a day. One call at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workbench.practice.answering import send_payments, send_receipts, settle
from workbench.practice.books import Books, Row
from workbench.practice.mix import DEMO_MIX, Mix
from workbench.practice.receiving import fetch, finish, waiting

#: The seed of the demo.
SEED = 20261012


@dataclass(frozen=True, slots=True)
class Fetched:
    """A delivery that the center took, and what it says to it.

    Attributes:
        verdict: accepted, unreadable, unknown_type, faulty, bad_due_date or seen_before.
        count: Collections, as far as they could be read.
        amount_minor: Their amount in the file's own rule.
    """

    name: str
    delivery_id: str
    verdict: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What one step did.

    Attributes:
        fetched: The deliveries taken out of the outbox, in the order of their names.
        left: Files of the outbox that are not addressed to the center, by name.
        written: The files that now stand in the inbox, in the order of their release.
    """

    as_of: date
    fetched: tuple[Fetched, ...]
    left: tuple[str, ...]
    written: tuple[Path, ...]


def answer(
    outbox: Path,
    inbox: Path,
    books: Path,
    *,
    as_of: date,
    seed: int = SEED,
    mix: Mix = DEMO_MIX,
) -> Answer:
    """Fetch what waits in the outbox, and tell what has happened up to a day.

    The same day again writes nothing new; a later day goes on. Stopped at any moment, the
    next call finishes the step: no payment is ever told under two delivery numbers.

    Args:
        outbox: Deliveries leave it when they are fetched.
        inbox: Receipts and payment information appear in it.
        books: The folder of the center's own books.
        as_of: The day up to which the center's time has come.
        seed: Of the lots, for deliveries that are fetched now.
        mix: How many collections come to which end, likewise.
    """
    own = Books(books)
    own.open()
    written = settle(own, inbox)
    finish(own, outbox)
    fetched: list[Fetched] = []
    left: list[str] = []
    for path in waiting(outbox):
        row = fetch(own, path, as_of=as_of, seed=seed, mix=mix)
        if row is None:
            left.append(path.name)
        else:
            fetched.append(_fetched(row))
    written += send_receipts(own, inbox)
    written += send_payments(own, inbox, as_of=as_of)
    return Answer(as_of, tuple(fetched), tuple(left), tuple(written))


def _fetched(row: Row) -> Fetched:
    return Fetched(
        name=str(row["name"]),
        delivery_id=str(row["delivery_id"]),
        verdict=str(row["verdict"]),
        count=int(str(row["count"] or 0)),
        amount_minor=int(str(row["amount_minor"] or 0)),
    )
