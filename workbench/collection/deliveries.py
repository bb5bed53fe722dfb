"""Deliveries: approved lines as one file, sent at most once, whatever happens in between.

The file is written and fsynced beside its destination, recorded as *sending*, moved, and
recorded as *sent*. After a crash each delivery is sent, not sent, or unknown; an unknown one
is never sent again by itself.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from workbench.collection import still_open
from workbench.collection.delivery_states import move_lines, set_state
from workbench.collection.outgoing import collections_of
from workbench.collection.systems import System, load_system
from workbench.io import betalingsservice_0601
from workbench.layout.betalingsservice_writing import Envelope
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace
from workbench.transport import folder

_READY = """
SELECT collection_line_id FROM collection_line
WHERE creditor_no IN (SELECT creditor_no FROM creditor WHERE system = :system)
  AND status = :ready AND delivery_id IS NULL
ORDER BY slip_only, creditor_no, debtor_group, due_date, customer_no, collection_line_id
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A delivery that left the house; None for all when nothing was ready.

    Attributes:
        taken_back: Approved lines that did not go with it, since their entries changed.
    """

    delivery_id: int | None
    delivery_no: str | None
    path: Path | None
    sha256: str | None
    lines: int
    amount_minor: int
    taken_back: int = 0


def export(
    workspace: Workspace, *, system: str, as_of: dt.date, run_id: int | None = None
) -> Sent:
    """Send every line that is ready: approved, and signed where the system asks for it.

    A line whose entries changed since goes back to *created* instead.
    """
    finish_interrupted(workspace, as_of=as_of)
    with workspace.read() as reader:
        setup = load_system(reader, system)
        line_ids = _ready(reader, setup)
    taken_back = still_open.take_back(workspace, line_ids, as_of=as_of)
    with workspace.read() as reader:
        seen = reader.seq
        line_ids = _ready(reader, setup)
        wrong = still_open.changed(reader, line_ids)  # by somebody at this very moment
        line_ids = [line_id for line_id in line_ids if line_id not in wrong]
        collections = collections_of(reader, line_ids)
        number = int(
            reader.value(
                "SELECT next_delivery FROM collection_system WHERE system = ?", [system]
            )
        )
    if not line_ids:
        return Sent(None, None, None, None, 0, 0, taken_back)
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
    path = workspace.outbox / file_name
    return Sent(delivery_id, delivery_no, path, sha256, len(line_ids), amount, taken_back)


def _ready(reader: Reader, setup: System) -> list[int]:
    ready = "signed" if setup.signing else "approved"
    rows = reader.rows(_READY, {"system": setup.system, "ready": ready})
    return [line_id for (line_id,) in rows]


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
        "delivery_sending",
        role="post",
        run_id=run_id,
        as_seen=seen,
        delivery=delivery_no,
        sha256=sha256,
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
