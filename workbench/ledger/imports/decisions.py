"""What a person decides about a held difference with the ERP.

*booked*: the ERP has booked settlements of ours that come to exactly what it shows less.
*settled in the ERP*: its lower reading counts; what our settlements do not explain becomes a
settlement of the ERP. *ours stands*: the same readings are no difference any more.
"""

from __future__ import annotations

import datetime as dt
import itertools
import json
from dataclasses import dataclass
from typing import Any, Final, Literal

import polars as pl

from workbench.ledger.handover.marks import MARKS, mark
from workbench.ledger.imports.collected import Collections, NoCollections
from workbench.ledger.imports.differences import now
from workbench.ledger.imports.entry_plan import SETTLED_REASON
from workbench.ledger.imports.entry_posting import SETTLED, settle_in_erp
from workbench.ledger.imports.importing import Source
from workbench.ledger.imports.standings import standings
from workbench.ledger.open_entries import REMAINING
from workbench.ledger.periods import Rolled
from workbench.model.texts import marked
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: What a person may decide.
Decision = Literal["booked", "settled_in_erp", "ours_stands"]

#: Every decision, as a person reads it.
DECISIONS: Final[dict[str, str]] = {
    "booked": marked("The ERP has booked ours."),
    "settled_in_erp": marked("The ERP settled the rest."),
    "ours_stands": marked("Ours stands."),
}

#: So many settlements of one entry are tried in every combination; of more, the oldest first.
_COMBINED_MAX = 12

#: Facts that no settlement can put right.
_BEYOND_AMOUNTS = frozenset({"customer_no", "currency", "kind"})

_DIFFERENCE = f"""
SELECT d.*, e.amount_minor, {REMAINING} AS remaining_minor, i.file_id,
       EXISTS (SELECT 1 FROM erp_difference_end AS n
               WHERE n.difference_id = d.difference_id) AS ended
FROM erp_difference AS d JOIN entry AS e USING (entry_id) JOIN erp_import AS i USING (import_id)
WHERE d.difference_id = ?
"""  # noqa: S608  # our own text


class UnknownDifferenceError(Exception):
    """There is no such difference."""


class DifferenceEndedError(Exception):
    """The difference was decided, or read again, before."""


class DifferenceMovedError(Exception):
    """Our side is not what was shown any more; the next import reads the entry again."""


class UndecidableError(Exception):
    """The readings do not allow this decision; says why."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a decision did.

    Attributes:
        marks: Settlements of ours that count as booked now.
        settled_minor: What the ERP settled, in ledger view.
        document_no: The voucher of that; None when nothing was posted.
        posting_date: Its date.
        stopped: Unsent lines that were stopped.
        rolled: Set where the day asked for lies in a closed period, with the one used.
    """

    difference_id: int
    decision: Decision
    marks: int = 0
    settled_minor: int = 0
    document_no: str | None = None
    posting_date: dt.date | None = None
    stopped: int = 0
    rolled: Rolled | None = None


@dataclass(frozen=True, slots=True)
class _Reading:
    """A difference, all amounts in the direction of its entry.

    Attributes:
        fall: How much less the ERP shows than if it had booked nothing of ours.
        handed_over: What settlements of ours took off, handed over and not booked.
        remaining: What remains with us.
    """

    row: dict[str, Any]
    sign: int
    fall: int
    handed_over: int
    remaining: int


def decide(
    workspace: Workspace,
    difference_id: int,
    *,
    decision: Decision,
    reason: str,
    as_of: dt.date,
    collections: Collections | None = None,
) -> Decided:
    """End a held difference by a person's decision.

    Args:
        workspace: The company.
        difference_id: The difference.
        decision: What it comes to.
        reason: Why, in the person's words.
        as_of: Today; what is posted is dated so, or later when that day is closed.
        collections: Where entries stand in collections; None for a ledger alone.

    Raises:
        UnknownDifferenceError: There is no such difference.
        DifferenceEndedError: It ended before.
        DifferenceMovedError: The readings are not what was shown any more.
        UndecidableError: The readings do not allow it, or no reason is given.
        NoOpenPeriodError: Something is to be posted and no period is open from `as_of` on.
    """
    if not reason.strip():
        raise UndecidableError(f"{difference_id}: no reason is given")
    with workspace.transaction(
        "decide_difference", role="post", difference=difference_id, decision=decision,
        reason=reason,
    ) as transaction:  # fmt: skip
        reading = _read(transaction, difference_id, decision)
        done = Decided(difference_id, decision)
        if decision == "booked":
            chosen = _booked(transaction, reading)
            done = Decided(difference_id, decision, marks=_mark(transaction, chosen, reason))
        elif decision == "settled_in_erp":
            done = _settle(
                transaction, reading, collections or NoCollections(), reason=reason, as_of=as_of
            )
        transaction.append(
            "erp_difference_end",
            pl.DataFrame(
                [
                    {
                        "difference_id": difference_id,
                        "decision": decision,
                        "reason": reason,
                        "actor": transaction.step.actor,
                    }
                ]
            ),
        )
        return done


def _read(transaction: Transaction, difference_id: int, decision: Decision) -> _Reading:
    """The difference, if it is open and our side is still what was shown."""
    row = transaction.record(_DIFFERENCE, [difference_id])
    if row is None:
        raise UnknownDifferenceError(str(difference_id))
    if row["ended"]:
        raise DifferenceEndedError(str(difference_id))
    entry = pl.DataFrame(
        [{"entry_id": row["entry_id"], "remaining_minor": row["remaining_minor"]}]
    )
    today = now(transaction, entry).row(0, named=True)
    # A payment that came since changes what waits, but not what ours is.
    rests_on = ["ours_minor", "handed_over_minor", "waiting_minor"]
    for name in rests_on if decision != "ours_stands" else rests_on[:1]:
        if today[name] != row[name]:
            raise DifferenceMovedError(
                f"{difference_id}: {name} was {row[name]}, is {today[name]}"
            )
    sign = 1 if row["amount_minor"] > 0 else -1
    return _Reading(
        row=row,
        sign=sign,
        fall=sign * (row["ours_minor"] - row["shown_minor"]),
        handed_over=sign * row["handed_over_minor"],
        remaining=sign * row["remaining_minor"],
    )


def _booked(transaction: Transaction, reading: _Reading) -> pl.DataFrame:
    """Settlements that come to exactly what the ERP shows less; the oldest that do.

    Raises:
        UndecidableError: None do.
    """
    rows = _outstanding(transaction, reading)
    amounts = [reading.sign * taken for taken in rows["taken"]]
    for chosen in _choices(len(amounts)):
        if chosen and sum(amounts[n] for n in chosen) == reading.fall:
            return rows[list(chosen)]
    raise UndecidableError(
        f"{reading.row['difference_id']}: no settlements of ours come to what the ERP shows "
        "less; mark the vouchers that it has booked instead"
    )


def _choices(count: int) -> itertools.chain[tuple[int, ...]]:
    """Positions to try: the oldest so many first, then every combination of few."""
    oldest = (tuple(range(n)) for n in range(1, count + 1))
    sizes = range(1, count + 1) if count <= _COMBINED_MAX else range(0)
    combined = (c for size in sizes for c in itertools.combinations(range(count), size))
    return itertools.chain(oldest, combined)


def _outstanding(transaction: Transaction, reading: _Reading) -> pl.DataFrame:
    wanted = pl.Series("entry_id", [reading.row["entry_id"]], pl.Int64)
    _, outstanding = standings(transaction, wanted)
    return outstanding.sort("application_id")


def _mark(transaction: Transaction, rows: pl.DataFrame, reason: str) -> int:
    things = rows.select(
        "handover_id", pl.lit(None, pl.Int64).alias("voucher_id"), "application_id"
    )
    return mark(transaction, things.cast(MARKS), how="person", reason=reason)


def _settle(
    transaction: Transaction,
    reading: _Reading,
    collected: Collections,
    *,
    reason: str,
    as_of: dt.date,
) -> Decided:
    """Let the ERP's lower reading count.

    A fall that all of ours explains means that all of it is booked; a smaller one is the
    ERP's own, and ours stays handed over.
    """
    row = reading.row
    explained = reading.handed_over if reading.fall >= reading.handed_over else 0
    settled = reading.fall - explained
    _require_settleable(reading, settled)
    things = _outstanding(transaction, reading) if explained else pl.DataFrame()
    marks = _mark(transaction, things, reason) if things.height else 0
    first_id = transaction.draw_ids(1)
    posted = settle_in_erp(
        transaction,
        pl.DataFrame(
            [(row["entry_id"], reading.sign * settled, row["file_line"])],
            schema=SETTLED,
            orient="row",
        ),
        source=Source(
            file_id=row["file_id"],
            import_id=row["import_id"],
            voucher_id=first_id,
            first_id=first_id,
            as_of=as_of,
        ),
    )
    stopped = collected.stop(transaction, [row["entry_id"]], reason=SETTLED_REASON, as_of=as_of)
    return Decided(
        row["difference_id"],
        "settled_in_erp",
        marks=marks,
        settled_minor=reading.sign * settled,
        document_no=posted.document_no,
        posting_date=posted.posting_date,
        stopped=stopped,
        rolled=posted.rolled,
    )


def _require_settleable(reading: _Reading, settled: int) -> None:
    number = reading.row["difference_id"]
    beyond = _BEYOND_AMOUNTS & json.loads(reading.row["changed"]).keys()
    if beyond:
        raise UndecidableError(
            f"{number}: the ERP tells {', '.join(sorted(beyond))} otherwise; no settlement "
            "puts that right"
        )
    if settled <= 0:
        raise UndecidableError(f"{number}: the ERP shows nothing less than we expect")
    if settled > reading.remaining:
        raise UndecidableError(
            f"{number}: more than remains with us would be settled; take back our own "
            "settlement first"
        )
