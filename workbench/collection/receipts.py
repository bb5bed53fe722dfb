"""Receipts: the payment center's answer to a delivery of ours, received and validated."""

from __future__ import annotations

import datetime as dt
import re

from workbench.collection import delivery_states
from workbench.collection.incoming import (
    Import,
    Incoming,
    read_meanwhile,
    record_file,
    refuse,
)
from workbench.model.deliveries import Receipt
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction, again_when_stale
from workbench.store.workspace import Workspace

#: Digits of the sender's own identification in a receipt's first line.
_OWN_ID = 8

#: A delivery's column that holds the code of a kind of receipt.
_COLUMN = {"received": "received_code", "validated": "validated_code"}


@again_when_stale
def import_receipts(
    workspace: Workspace, incoming: Incoming, *, as_of: dt.date, run_id: int | None = None
) -> Import:
    """Note what the center says about our deliveries; the whole file or nothing.

    Accepted, the delivery's lines are in process; refused, they are in error at the center.
    A receipt that belongs to no delivery of ours waits for a person.
    """
    receipts = incoming.delivery.receipts
    with workspace.read() as reader:
        seen = reader.seq
        twice = read_meanwhile(reader, incoming)
        owners = [_owner(reader, receipt) for receipt in receipts]
        problems = [
            problem
            for receipt, owner in zip(receipts, owners, strict=True)
            if (problem := _problem(reader, receipt, owner, incoming.name)) is not None
        ]
        lines = reader.value("SELECT count(*) FROM collection_line WHERE delivery_id NOT NULL")
    problems = [twice] if twice else problems
    if problems:
        return refuse(
            workspace, incoming.name, incoming.sha256, [*incoming.problems, *problems],
            outcome="refused" if twice else "waiting", run_id=run_id,
            format_id=incoming.delivery.format,
        )  # fmt: skip
    first_id = workspace.draw_ids(2 * (lines + 1) * max(1, len(receipts)))
    moved = 0
    with workspace.transaction(
        "import_receipt", role=incoming.role, run_id=run_id, as_seen=seen, file=incoming.name
    ) as transaction:
        record_file(transaction, incoming)
        for receipt, owner in zip(receipts, owners, strict=True):
            assert owner is not None
            state = _state(transaction, owner, receipt)
            delivery_states.set_state(
                transaction,
                owner,
                state,
                reason=f"{receipt.code} {receipt.kind}",
                file_id=incoming.file_id,
                **{_COLUMN[receipt.kind]: receipt.code},
            )
            moved += _move(transaction, owner, receipt, as_of=as_of, first_id=first_id + moved)
    return Import(
        incoming.name, incoming.sha256, incoming.delivery.format, "accepted", "",
        incoming.problems, {"receipts": len(receipts), "moved": moved}, incoming.file_id,
    )  # fmt: skip


def _state(transaction: Transaction, delivery_id: int, receipt: Receipt) -> str:
    """What the delivery is now; that it was received tells nothing new once it was judged."""
    if not receipt.accepted:
        return "refused"
    if receipt.kind == "validated":
        return "accepted"
    before = str(
        transaction.value("SELECT state FROM delivery WHERE delivery_id = ?", [delivery_id])
    )
    return before if before in {"accepted", "refused"} else "received"


def _move(
    transaction: Transaction,
    delivery_id: int,
    receipt: Receipt,
    *,
    as_of: dt.date,
    first_id: int,
) -> int:
    """A delivery whose sending was uncertain was sent after all: there is an answer to it."""
    moved = delivery_states.move_lines(
        transaction, delivery_id, before=("approved", "signed"), after="sent",
        reason="the receipt proves it", on_date=as_of, first_id=first_id,
    )  # fmt: skip
    before = ("sent",) if receipt.accepted else ("sent", "in_process")
    return moved + delivery_states.move_lines(
        transaction,
        delivery_id,
        before=before,
        after="in_process" if receipt.accepted else "center_error",
        reason=receipt.code,
        on_date=as_of,
        first_id=first_id + moved,
    )


def _owner(reader: Reader, receipt: Receipt) -> int | None:
    """The delivery that a receipt belongs to.

    Its identification ends in the receipt's own id or is printed in the report; else it is
    the only delivery of that subsystem that still waits for a receipt of this kind.
    """
    rows = reader.rows(
        "SELECT d.delivery_id, d.delivery_no, s.subsystem, d.received_code, d.validated_code "
        "FROM delivery AS d JOIN collection_system AS s USING (system) ORDER BY d.delivery_id"
    )
    named = [row for row in rows if _names(receipt, str(row[1]))] or [
        row for row in rows if _prints(receipt, str(row[1]))
    ]
    if len(named) == 1:
        return int(named[0][0])
    if named:
        rows = named
    column = 3 if receipt.kind == "received" else 4
    waiting = [r for r in rows if r[2] == receipt.subsystem and r[column] is None]
    return int(waiting[0][0]) if len(waiting) == 1 else None


def _names(receipt: Receipt, delivery_no: str) -> bool:
    own = (receipt.own_id or "").strip()
    return bool(own.strip("0")) and delivery_no.endswith(own.rjust(_OWN_ID, "0"))


def _prints(receipt: Receipt, delivery_no: str) -> bool:
    """Whether the report names the whole identification, as a word of its own."""
    return delivery_no in re.findall(r"\w+", receipt.text)


def _problem(reader: Reader, receipt: Receipt, owner: int | None, name: str) -> Problem | None:
    if owner is None:
        return Problem("receipt_without_delivery", {}, name, receipt.line)
    row = reader.record("SELECT * FROM delivery WHERE delivery_id = ?", [owner])
    assert row is not None
    before = row[_COLUMN[receipt.kind]]
    if before is not None and before != receipt.code:
        params = {"delivery": row["delivery_no"], "before": before, "found": receipt.code}
        return Problem("receipt_twice", params, name, receipt.line)
    return None
