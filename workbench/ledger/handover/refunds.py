"""Refunds: money that a customer gets back (tilbagebetaling). The ERP pays it.

A person asks for it on an entry with open credit; it goes out with the next delivery. Asking
settles nothing: that the ERP paid shows when its entries come in again.
"""

from __future__ import annotations

import polars as pl

from workbench.ledger.handover.refund_rows import REFUNDS, refunds
from workbench.ledger.open_entries import REMAINING
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace

__all__ = [
    "REFUNDS",
    "NoReasonError",
    "RefundGoneError",
    "RefundTooLargeError",
    "UnknownRefundError",
    "ask",
    "available_minor",
    "refunds",
    "withdraw",
]

_ENTRY = f"""
SELECT e.customer_id, e.currency, {REMAINING} AS remaining
FROM entry AS e WHERE e.entry_id = ?
"""  # noqa: S608  # our own text

_ASKED = """
SELECT ifnull(sum(r.amount_minor), 0), ifnull(sum(r.amount_minor) FILTER (
           WHERE h.refund_id IS NOT NULL), 0), min(h.recorded)
FROM refund AS r LEFT JOIN handover_refund AS h USING (refund_id)
WHERE r.entry_id = ?
  AND NOT EXISTS (SELECT 1 FROM refund_withdrawal AS w WHERE w.refund_id = r.refund_id)
"""

#: Without what an undone import took back.
_PAID = """
SELECT ifnull(sum(a.amount_minor), 0) FROM application AS a
WHERE a.from_entry_id = ? AND a.kind = 'settled_in_erp' AND a.recorded > ?
  AND NOT EXISTS (SELECT 1 FROM application AS r
                  WHERE r.reverses_application_id = a.application_id)
"""


class RefundTooLargeError(Exception):
    """More is asked for than the entry has open credit."""


class UnknownRefundError(Exception):
    """There is no such entry or refund."""


class RefundGoneError(Exception):
    """The refund was handed over, or withdrawn, already."""


class NoReasonError(Exception):
    """A person's decision needs a reason in words."""


def available_minor(reader: Reader, entry_id: int) -> int:
    """What may still be asked for: open credit without what was asked for and is not paid.

    What the ERP settled of the entry after a refund was handed over counts as its payment.

    Raises:
        UnknownRefundError: There is no such entry.
    """
    entry = reader.record(_ENTRY, [entry_id])
    if entry is None:
        raise UnknownRefundError(f"entry {entry_id}")
    asked, out, since = reader.rows(_ASKED, [entry_id])[0]
    paid = reader.value(_PAID, [entry_id, since]) if since is not None else 0
    return int(max(-entry["remaining"] - (asked - min(out, paid)), 0))


def ask(
    workspace: Workspace,
    *,
    entry_id: int,
    amount_minor: int,
    reason: str,
    as_seen: int | None = None,
) -> int:
    """Ask for money to be paid back; the refund's number.

    Raises:
        RefundTooLargeError: The entry has less open credit; says how much.
        UnknownRefundError: There is no such entry.
        NoReasonError: No reason is given.
        StaleViewError: Somebody wrote since `as_seen`.
    """
    if not reason.strip():
        raise NoReasonError
    with workspace.transaction(
        "refund_asked", role="post", as_seen=as_seen, entry=entry_id
    ) as transaction:
        available = available_minor(transaction, entry_id)
        if not 0 < amount_minor <= available:
            raise RefundTooLargeError(f"{amount_minor} > {available}")
        entry = transaction.record(_ENTRY, [entry_id])
        assert entry is not None, entry_id
        refund_id = transaction.draw_ids(1)
        row = {
            "refund_id": refund_id,
            "customer_id": entry["customer_id"],
            "entry_id": entry_id,
            "amount_minor": amount_minor,
            "currency": entry["currency"],
            "reason": reason,
            "actor": transaction.step.actor,
        }
        transaction.append("refund", pl.DataFrame([row]))
    return refund_id


def withdraw(workspace: Workspace, refund_id: int, *, reason: str) -> None:
    """Take back a refund that was not handed over yet.

    Raises:
        UnknownRefundError: There is none of that number.
        RefundGoneError: It was handed over or withdrawn.
        NoReasonError: No reason is given.
    """
    if not reason.strip():
        raise NoReasonError
    with workspace.transaction(
        "refund_withdrawn", role="post", refund=refund_id
    ) as transaction:
        found = refunds(transaction).filter(pl.col("refund_id") == refund_id)
        if found.is_empty():
            raise UnknownRefundError(f"refund {refund_id}")
        if found["state"][0] != "waiting":
            raise RefundGoneError(f"{refund_id}: {found['state'][0]}")
        row = {"refund_id": refund_id, "reason": reason, "actor": transaction.step.actor}
        transaction.append("refund_withdrawal", pl.DataFrame([row]))
