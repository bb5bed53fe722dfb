"""Deliveries: approved lines as one file, sent at most once, whatever happens in between.

The file is written and fsynced beside its destination, recorded as *sending*, moved, and
recorded as *sent*. After a crash each delivery is sent, not sent, or unknown; an unknown one
is never sent again by itself.
"""

from __future__ import annotations

import datetime as dt
import json
import textwrap
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from workbench.collection import register
from workbench.collection.systems import System, load_system
from workbench.io import betalingsservice_0601
from workbench.layout.betalingsservice_writing import Envelope
from workbench.model.frames import COLLECTIONS
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace
from workbench.transport import folder

#: Characters of a name or address line (0601, record 022).
_ADDRESS_WIDTH = 35

_COLLECTIONS = """
SELECT l.collection_line_id, CASE WHEN l.slip_only THEN '0117' ELSE '0112' END AS section_kind,
       l.creditor_no, l.debtor_group, c.printed_no, l.agreement_no, l.reference, l.due_date,
       l.amount_minor, p.name, p.address, p.postcode, p.country, p.legal_id, l.text
FROM collection_line AS l JOIN customer AS c USING (customer_id)
LEFT JOIN person AS p USING (person_id)
WHERE l.collection_line_id IN (SELECT value FROM json_each(?))
"""

_READY = """
SELECT collection_line_id FROM collection_line
WHERE creditor_no IN (SELECT creditor_no FROM creditor WHERE system = :system)
  AND status = :ready AND delivery_id IS NULL
ORDER BY slip_only, creditor_no, debtor_group, due_date, customer_no, collection_line_id
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that left the house; None for all when nothing was ready."""

    delivery_id: int | None
    delivery_no: str | None
    path: Path | None
    sha256: str | None
    lines: int
    amount_minor: int


def collections_of(reader: Reader, line_ids: list[int]) -> pl.DataFrame:
    """Lines as the formats write them: rows of `COLLECTIONS`, in the order of the ids."""
    records = {
        row["collection_line_id"]: row
        for row in reader.records(_COLLECTIONS, [json.dumps(line_ids)])
    }
    rows = [_collection(records[line_id]) for line_id in line_ids]
    return pl.DataFrame(rows, schema=COLLECTIONS)


def _collection(row: dict[str, object]) -> dict[str, object]:
    address = json.loads(str(row["address"] or "[]"))
    name, *more = [part for text in [row["name"] or "", *address] for part in _wrapped(text)]
    return {
        "section_kind": row["section_kind"],
        "creditor_no": row["creditor_no"],
        "debtor_group": row["debtor_group"],
        "customer_no": str(row["printed_no"]).replace(" ", "").upper(),
        "agreement_no": None if row["section_kind"] == "0117" else row["agreement_no"],
        "reference": row["reference"],
        "due_date": dt.date.fromisoformat(str(row["due_date"])),
        "amount_minor": row["amount_minor"],
        "addressed": True,
        "name": name,
        "address": more,
        "postcode": row["postcode"] or "",
        "country": row["country"] or "DK",
        "legal_id": row["legal_id"],
        "texts": str(row["text"]).split("\n") if row["text"] else [],
    }


def _wrapped(text: object) -> list[str]:
    """A name or address line as lines that fit the record; at least one."""
    return textwrap.wrap(str(text), _ADDRESS_WIDTH) or [""]


def export(
    workspace: Workspace, *, system: str, as_of: dt.date, run_id: int | None = None
) -> Sent:
    """Send every line that is ready: approved, and signed where the system asks for it."""
    finish_interrupted(workspace, as_of=as_of)
    with workspace.read() as reader:
        seen = reader.seq
        setup = load_system(reader, system)
        ready = "signed" if setup.signing else "approved"
        line_ids = [row[0] for row in reader.rows(_READY, {"system": system, "ready": ready})]
        collections = collections_of(reader, line_ids)
        number = int(
            reader.value(
                "SELECT next_delivery FROM collection_system WHERE system = ?", [system]
            )
        )
    if not line_ids:
        return Sent(None, None, None, None, 0, 0)
    delivery_no = f"{number:010d}"
    envelope = Envelope(
        supplier_no=setup.supplier_no,
        subsystem=setup.subsystem,
        delivery_id=delivery_no,
        created=as_of,
        main_text=setup.creditor.main_text or None,
    )
    written = betalingsservice_0601.write(collections, envelope=envelope)
    content = written.content
    sha256 = archive.keep(workspace, content)
    file_name = f"BS0601-{delivery_no}.{setup.subsystem}"
    delivery_id, placed = _record_sending(
        workspace,
        setup,
        lines=pl.DataFrame({"collection_line_id": line_ids, "delivery_line": written.lines}),
        content=content,
        sha256=sha256,
        number=number,
        file_name=file_name,
        as_of=as_of,
        seen=seen,
        run_id=run_id,
    )
    folder.release(placed)
    _record_sent(workspace, delivery_id, as_of=as_of, run_id=run_id)
    amount = int(collections["amount_minor"].sum())
    return Sent(
        delivery_id, delivery_no, workspace.outbox / file_name, sha256, len(line_ids), amount
    )


def finish_interrupted(workspace: Workspace, *, as_of: dt.date) -> list[tuple[str, str]]:
    """Settle what a crash left between *sending* and *sent*.

    Returns:
        Delivery number and what it turned out to be: sent, or unknown.
    """
    with workspace.read() as reader:
        waiting = reader.rows(
            "SELECT delivery_id, delivery_no, file_name FROM delivery WHERE state = 'sending'"
        )
    found = []
    for delivery_id, delivery_no, file_name in waiting:
        state = folder.settle(workspace.outbox, file_name)
        if state is folder.Placement.UNKNOWN:
            with workspace.transaction("delivery_unknown", delivery=delivery_no) as transaction:
                set_state(
                    transaction, delivery_id, "unknown", reason="not in the outbox any more"
                )
            found.append((delivery_no, "unknown"))
        else:
            _record_sent(workspace, delivery_id, as_of=as_of, run_id=None)
            found.append((delivery_no, "sent"))
    _discard_unrecorded(workspace)
    return found


def _discard_unrecorded(workspace: Workspace) -> None:
    """Delete files that were written, but never recorded.

    Files are written under the write lock, so under it none of them is on its way.
    """
    with workspace.read() as reader:
        if not folder.unrecorded(workspace.outbox, known=_file_names(reader)):
            return
    with workspace.transaction("unrecorded_file_discarded") as transaction:
        folder.discard_unrecorded(workspace.outbox, known=_file_names(transaction))


def _file_names(reader: Reader) -> set[str]:
    return {name for (name,) in reader.rows("SELECT file_name FROM delivery")}


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
    with workspace.transaction("delivery_settled", delivery=delivery_id) as transaction:
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


def set_state(
    transaction: Transaction,
    delivery_id: int,
    state: str,
    *,
    reason: str,
    file_id: int | None = None,
    **changes: object,
) -> None:
    """Change a delivery's state and note why."""
    version = transaction.value(
        "SELECT version FROM delivery WHERE delivery_id = ?", [delivery_id]
    )
    transaction.edit(
        "delivery", delivery_id, version=version, changes={"state": state, **changes}
    )
    number = transaction.value(
        "SELECT count(*) + 1 FROM delivery_event WHERE delivery_id = ?", [delivery_id]
    )
    transaction.execute(
        "INSERT INTO delivery_event VALUES (?, ?, ?, ?, ?, ?)",
        [delivery_id, transaction.number, number, state, reason, file_id],
    )


def move_lines(
    transaction: Transaction,
    delivery_id: int,
    *,
    before: tuple[str, ...],
    after: str,
    reason: str | None,
    on_date: dt.date,
    first_id: int,
) -> int:
    """Move the lines of a delivery that have one of some statuses to another status."""
    moves = transaction.frame(
        "SELECT collection_line_id, status, ?, ?, NULL FROM collection_line "
        "WHERE delivery_id = ? AND status IN (SELECT value FROM json_each(?))",
        [after, reason, delivery_id, json.dumps(before)],
        schema=register.MOVES,
    )
    register.move(transaction, moves, on_date=on_date, first_id=first_id)
    return moves.height


def _record_sending(
    workspace: Workspace,
    setup: System,
    *,
    lines: pl.DataFrame,
    content: bytes,
    sha256: str,
    number: int,
    file_name: str,
    as_of: dt.date,
    seen: int,
    run_id: int | None,
) -> tuple[int, folder.Prepared]:
    """Write the file beside its destination and record it as on its way, in one step."""
    delivery_id, file_id = workspace.draw_ids(1), workspace.draw_ids(1)
    delivery_no = f"{number:010d}"
    delivery = betalingsservice_0601.read(content, name=file_name).value
    assert delivery is not None
    assert delivery.agrees, "our own delivery does not add up"
    with workspace.transaction(
        "delivery_sending", run_id=run_id, as_seen=seen, delivery=delivery_no, sha256=sha256
    ) as transaction:
        transaction.execute(
            "UPDATE collection_system SET next_delivery = ? WHERE system = ?",
            [number + 1, setup.system],
        )
        transaction.append(
            "source_file",
            pl.DataFrame(
                [
                    {
                        "file_id": file_id,
                        "sha256": sha256,
                        "name": file_name,
                        "bytes": len(content),
                        "lines": delivery.source.lines,
                        "format": delivery.format,
                        "direction": "out",
                        "delivery_no": delivery_no,
                        "delivery_type": delivery.type,
                        "supplier_no": setup.supplier_no,
                        "subsystem": setup.subsystem,
                        "created_on": as_of.isoformat(),
                        "declared": json.dumps(asdict(delivery.declared)),
                        "computed": json.dumps(asdict(delivery.computed)),
                    }
                ]
            ),
        )
        transaction.execute(
            "INSERT INTO delivery (delivery_id, system, delivery_no, delivery_type, file_id, "
            "file_name, as_of, count, amount_minor, currency, state, recorded) "
            "VALUES (?, ?, ?, '0601', ?, ?, ?, ?, ?, ?, 'created', ?)",
            [
                delivery_id,
                setup.system,
                delivery_no,
                file_id,
                file_name,
                as_of.isoformat(),
                delivery.computed.count,
                delivery.computed.amount_minor,
                setup.creditor.currency,
                transaction.number,
            ],
        )
        transaction.execute_many(
            "UPDATE collection_line SET delivery_id = ?, delivery_line = ?, "
            "version = version + 1 WHERE collection_line_id = ?",
            (
                (delivery_id, at, line_id)
                for line_id, at in lines.select(
                    "collection_line_id", "delivery_line"
                ).iter_rows()
            ),
        )
        set_state(transaction, delivery_id, "sending", reason="written", file_id=file_id)
        placed = folder.prepare(workspace.outbox, file_name, content)
    return delivery_id, placed


def _record_sent(
    workspace: Workspace, delivery_id: int, *, as_of: dt.date, run_id: int | None
) -> None:
    with workspace.read() as reader:
        count = reader.value(
            "SELECT count(*) FROM collection_line WHERE delivery_id = ?", [delivery_id]
        )
    first_id = workspace.draw_ids(count)
    with workspace.transaction("delivery_sent", run_id=run_id, lines=count) as transaction:
        set_state(transaction, delivery_id, "sent", reason="moved to the outbox")
        move_lines(
            transaction,
            delivery_id,
            before=("approved", "signed"),
            after="sent",
            reason=None,
            on_date=as_of,
            first_id=first_id,
        )
