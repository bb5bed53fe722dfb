"""Deliveries of which nobody knows whether they left the house: a person settles them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbench.collection.delivery_states import move_lines, set_state
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Unknown:
    """A delivery of which nobody knows whether it left the house."""

    delivery_id: int
    delivery_no: str
    file_name: str
    lines: int
    amount_minor: int
    currency: str


def unknown_deliveries(reader: Reader) -> list[Unknown]:
    """The deliveries that wait for a receipt or a person, oldest first."""
    return [
        Unknown(*row)
        for row in reader.rows(
            "SELECT delivery_id, delivery_no, file_name, count, amount_minor, currency "
            "FROM delivery WHERE state = 'unknown' ORDER BY delivery_id"
        )
    ]


class NotUnknownError(Exception):
    """The delivery is not one of which nobody knows whether it was sent."""


def settle_unknown(
    workspace: Workspace, delivery_id: int, *, was_sent: bool, reason: str, as_of: dt.date
) -> int:
    """Settle an unknown delivery by a person's word; how many lines moved.

    Sent, its lines wait for the center's answer. Not sent, they are stopped and their
    entries may be suggested again, with references of their own.

    Raises:
        NotUnknownError: The delivery is not unknown, or no reason is given.
    """
    with workspace.read() as reader:
        state = reader.value("SELECT state FROM delivery WHERE delivery_id = ?", [delivery_id])
        count = reader.value(
            "SELECT count(*) FROM collection_line WHERE delivery_id = ?", [delivery_id]
        )
    if state != "unknown" or not reason.strip():
        raise NotUnknownError(f"delivery {delivery_id} is {state}")
    first_id = workspace.draw_ids(count)
    with workspace.transaction(
        "delivery_settled", role="post", delivery=delivery_id
    ) as transaction:
        set_state(transaction, delivery_id, "sent" if was_sent else "not_sent", reason=reason)
        return move_lines(
            transaction,
            delivery_id,
            before=("approved", "signed"),
            after="sent" if was_sent else "stopped",
            reason=reason,
            on_date=as_of,
            first_id=first_id,
        )
