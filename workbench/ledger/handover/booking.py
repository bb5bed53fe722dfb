"""What the ERP booked of a delivery: as a person says it; the last word on a thing counts."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from workbench.ledger.handover.marks import MARKS, How, mark
from workbench.ledger.handover.receipt import Receipt, read_receipt
from workbench.ledger.handover.standing import (
    DELIVERIES,
    VOUCHERS_OF_DELIVERY,
    deliveries,
    vouchers_of,
)
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

__all__ = [
    "DELIVERIES",
    "VOUCHERS_OF_DELIVERY",
    "NoReasonError",
    "NotInDeliveryError",
    "Receipt",
    "deliveries",
    "mark_booked",
    "read_receipt",
    "unmark",
    "vouchers_of",
]


class NoReasonError(Exception):
    """What a person says of a delivery needs a reason in words; none was given."""


class NotInDeliveryError(Exception):
    """A delivery, or a voucher of one, that does not exist; names it."""


def mark_booked(
    workspace: Workspace, number: str, *, vouchers: Sequence[str] | None = None, reason: str
) -> int:
    """Say that the ERP booked a delivery, or some vouchers of it; how many things were marked.

    Args:
        workspace: The company.
        number: The delivery's, such as `HO-000001`.
        vouchers: Document numbers; None for the whole delivery.
        reason: How the person knows.

    Raises:
        NotInDeliveryError: There is no such delivery, or it lacks a voucher.
        NoReasonError: No reason is given.
    """
    return _say(workspace, number, vouchers=vouchers, reason=reason, booked=True)


def unmark(
    workspace: Workspace, number: str, *, vouchers: Sequence[str] | None = None, reason: str
) -> int:
    """Say that the ERP did not book a delivery, or some vouchers of it, after all.

    Raises:
        NotInDeliveryError: There is no such delivery, or it lacks a voucher.
        NoReasonError: No reason is given.
    """
    return _say(workspace, number, vouchers=vouchers, reason=reason, booked=False)


def _say(
    workspace: Workspace,
    number: str,
    *,
    vouchers: Sequence[str] | None,
    reason: str,
    booked: bool,
) -> int:
    if not reason.strip():
        raise NoReasonError
    how: How = "person" if booked else "undo"
    with workspace.transaction(
        "handover_booked" if booked else "handover_not_booked",
        role="post",
        delivery=number,
        vouchers=list(vouchers) if vouchers is not None else None,
    ) as transaction:
        things = _things(transaction, number, vouchers)
        return mark(transaction, things, how=how, booked=booked, reason=reason)


def _things(
    transaction: Transaction, number: str, vouchers: Sequence[str] | None
) -> pl.DataFrame:
    handover_id = transaction.value(
        "SELECT handover_id FROM handover WHERE document_no = ?", [number]
    )
    if handover_id is None:
        raise NotInDeliveryError(number)
    if vouchers is None:
        return pl.DataFrame([(handover_id, None, None)], schema=MARKS, orient="row")
    found = dict(
        vouchers_of(transaction, number).select("document_no", "voucher_id").iter_rows()
    )
    missing = [voucher for voucher in vouchers if voucher not in found]
    if missing:
        raise NotInDeliveryError(f"{number}: {', '.join(missing)}")
    rows = [(handover_id, found[voucher], None) for voucher in dict.fromkeys(vouchers)]
    return pl.DataFrame(rows, schema=MARKS, orient="row")
