"""Undo of an import from the ERP: as new rows, all of it or nothing.

The import stays readable for ever; so does the undo. The same file may be imported again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbench.ledger.imports.collected import Collections, NoCollections
from workbench.ledger.periods import Rolled
from workbench.ledger.undo.checks import CUSTOMERS, blockers
from workbench.ledger.undo.exchange import end_differences, open_again, unmark
from workbench.ledger.undo.fields import hold_new_customers, restore
from workbench.ledger.undo.revival import bring_back
from workbench.ledger.undo.rows import Mirrored, mirror
from workbench.ledger.undo.scope import UnknownImportError, import_of, scope_of
from workbench.model.texts import marked
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

__all__ = [
    "AlreadyUndoneError",
    "NoReasonError",
    "UndoBlockedError",
    "Undone",
    "UnknownImportError",
    "blockers",
    "undo_import",
]

#: Why the unsent lines of entries stop.
_STOPPED = marked("the import from the ERP was undone")


class AlreadyUndoneError(Exception):
    """The import was undone before."""


class NoReasonError(Exception):
    """An undo without a reason."""


class UndoBlockedError(Exception):
    """Something stands against the undo; nothing was changed.

    Attributes:
        blockers: Rows of `erp_undo_checks.BLOCKERS`.
    """

    def __init__(self, import_id: int, found: pl.DataFrame) -> None:
        kinds = ", ".join(
            f"{reason} {count}" for reason, count in found["reason"].value_counts().iter_rows()
        )
        super().__init__(f"{import_id}: {kinds}")
        self.blockers = found


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo did.

    Attributes:
        document_nos: The vouchers that reverse the import's, and that of what came back.
        posting_date: Their date; later than asked for when the period was closed.
        entries: Entries that were taken out.
        settlements: Settlements in the ERP that were taken back.
        brought_back: Entries that stand again as they were before.
        marks: Things that do not count as booked any more.
        differences: Held differences that ended with it.
        reopened: Earlier differences that are open again.
        restored: Rows of customers and entries that have their values back.
        kept: What somebody changed since, and so stays: table, row, fields.
        on_hold: Customers of the file that are on hold now.
        stopped: Unsent collection lines that were stopped.
        rolled: Set where the day asked for lies in a closed period, with the one used.
    """

    import_id: int
    document_nos: tuple[str, ...] = ()
    posting_date: dt.date | None = None
    entries: int = 0
    settlements: int = 0
    brought_back: int = 0
    marks: int = 0
    differences: int = 0
    reopened: int = 0
    restored: int = 0
    kept: tuple[tuple[str, int, tuple[str, ...]], ...] = ()
    on_hold: int = 0
    stopped: int = 0
    rolled: Rolled | None = None


def undo_import(
    workspace: Workspace,
    import_id: int,
    *,
    reason: str,
    as_of: dt.date,
    collections: Collections | None = None,
) -> Undone:
    """Take an import back, in one step.

    Args:
        workspace: The company.
        import_id: The import, of entries or customers.
        reason: Why, in the person's words.
        as_of: Today; the vouchers are dated so, or later when that day is closed.
        collections: Where entries stand in collections; None for a ledger alone.

    Raises:
        UnknownImportError: There is no such import.
        AlreadyUndoneError: It was undone before.
        NoReasonError: No reason is given.
        UndoBlockedError: Something stands against it; see `blockers`.
        NoOpenPeriodError: No period is open from `as_of` on.
    """
    if not reason.strip():
        raise NoReasonError(str(import_id))
    collected = collections or NoCollections()
    with workspace.transaction(
        "undo_import", role="post", import_id=import_id, reason=reason
    ) as transaction:
        row = import_of(transaction, import_id)
        if transaction.rows("SELECT 1 FROM erp_import_undo WHERE import_id = ?", [import_id]):
            raise AlreadyUndoneError(str(import_id))
        found = blockers(transaction, import_id, collections=collected)
        if found.height:
            raise UndoBlockedError(import_id, found)
        if row["purpose"] == CUSTOMERS:
            undone = _undo_customers(transaction, row)
        else:
            undone = _undo_entries(transaction, row, collected, reason=reason, as_of=as_of)
        transaction.append(
            "erp_import_undo",
            pl.DataFrame(
                [{"import_id": import_id, "reason": reason, "actor": transaction.step.actor}]
            ),
        )
        return undone


def _undo_customers(transaction: Transaction, row: dict[str, Any]) -> Undone:
    restored = restore(transaction, ("customer", "person"), recorded=row["recorded"])
    on_hold = hold_new_customers(transaction, row["file_id"])
    return Undone(row["import_id"], restored=restored.rows, kept=restored.kept, on_hold=on_hold)


def _undo_entries(
    transaction: Transaction,
    row: dict[str, Any],
    collected: Collections,
    *,
    reason: str,
    as_of: dt.date,
) -> Undone:
    import_id = row["import_id"]
    scope = scope_of(transaction, import_id)
    stopped = collected.stop(transaction, scope.touched, reason=_STOPPED, as_of=as_of)
    mirrored = mirror(transaction, scope, text=f"Import {import_id} undone", as_of=as_of)
    transaction.append(
        "entry_withdrawal",
        pl.DataFrame({"entry_id": scope.added}, schema={"entry_id": pl.Int64}).with_columns(
            reason=pl.lit("undone")
        ),
    )
    back = bring_back(
        transaction, import_id, text=f"Brought back by the undo of {import_id}", as_of=as_of
    )
    restored = restore(transaction, ("entry",), recorded=row["recorded"])
    return replace(
        _told(import_id, mirrored),
        entries=len(scope.added),
        settlements=scope.settlements.height,
        brought_back=len(back),
        marks=unmark(transaction, import_id, reason=reason),
        differences=end_differences(transaction, import_id, reason=reason),
        reopened=open_again(transaction, import_id),
        restored=restored.rows,
        kept=restored.kept,
        stopped=stopped,
    )


def _told(import_id: int, mirrored: Mirrored) -> Undone:
    return Undone(
        import_id, document_nos=mirrored.document_nos, posting_date=mirrored.posting_date,
        rolled=mirrored.rolled,
    )  # fmt: skip
