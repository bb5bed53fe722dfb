"""Recording a delivery: its number, its files, and each posting that it holds, in one step."""

from __future__ import annotations

import json
from collections.abc import Sequence

import polars as pl

from workbench.ledger.handover.content import Content, RenderedFile
from workbench.ledger.handover.fields import PERSONAL
from workbench.ledger.handover.files import FileInTheWayError, outbox
from workbench.ledger.handover.layout import Layout
from workbench.ledger.setup import HANDOVER_SERIES
from workbench.store import archive
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace
from workbench.transport import folder


def record(
    workspace: Workspace,
    content: Content,
    layout: Layout,
    files: Sequence[RenderedFile],
    *,
    run_id: int | None,
) -> int:
    """Record a delivery whose files are in the archive, and prepare them in the outbox.

    Raises:
        StaleViewError: Somebody wrote since the content was read.
        FileInTheWayError: The outbox has a file of that name, from another past.
    """
    handover_id = workspace.draw_ids(1)
    staged = {
        table: rows
        for table, rows in _rows(content, handover_id).items()
        if not rows.is_empty()
    }
    with workspace.transaction(
        "hand_over",
        run_id=run_id,
        role="post",
        staged=staged,
        as_seen=content.seq,
        delivery=content.number,
        personal=[name for name in PERSONAL if layout.asks_for(name)],
    ) as transaction:
        _add_handover(transaction, content, layout, handover_id)
        for file in files:
            _add_file(transaction, content, file, handover_id)
        totals = content.totals.with_columns(handover_id=pl.lit(handover_id))
        transaction.append("handover_total", totals)
        for table in staged:
            transaction.append_staged(table)
        for file in files:
            if (outbox(workspace) / file.name).exists():
                raise FileInTheWayError(file.name)
            folder.prepare(outbox(workspace), file.name, file.content)
    return handover_id


def _rows(content: Content, handover_id: int) -> dict[str, pl.DataFrame]:
    """What the delivery holds, by table."""
    ids = {
        "handover_posting": content.lines.select(pl.col("posting_id").unique()),
        "handover_application": content.settlements.select("application_id"),
        "handover_refund": content.refunds.select("refund_id"),
    }
    return {
        table: rows.sort(rows.columns).with_columns(handover_id=pl.lit(handover_id))
        for table, rows in ids.items()
    }


def _add_handover(
    transaction: Transaction, content: Content, layout: Layout, handover_id: int
) -> None:
    number = transaction.value(
        "UPDATE number_series SET next_number = next_number + 1 WHERE series = ? "
        "RETURNING next_number - 1",
        [HANDOVER_SERIES],
    )
    row = {
        "handover_id": handover_id,
        "number": number,
        "document_no": content.number,
        "format": layout.format,
        "mapping_name": layout.name,
        "mapping": layout.text,
        "heading": json.dumps(content.heading, ensure_ascii=False),
        "as_of": content.as_of.isoformat(),
        "run_id": transaction.step.run_id,
        "actor": transaction.step.actor,
    }
    schema = {"run_id": pl.Int64}
    transaction.append("handover", pl.DataFrame([row], schema_overrides=schema))


def _add_file(
    transaction: Transaction, content: Content, file: RenderedFile, handover_id: int
) -> None:
    """Add a file; the same bytes may have gone out before, where a layout names no numbers."""
    sha256 = archive.digest(file.content)
    file_id = transaction.value("SELECT file_id FROM source_file WHERE sha256 = ?", [sha256])
    if file_id is None:
        file_id = transaction.draw_ids(1)
        row = {
            "file_id": file_id,
            "sha256": sha256,
            "name": file.name,
            "bytes": len(file.content),
            "lines": file.content.count(b"\n"),
            "format": "handover",
            "direction": "out",
            "created_on": content.as_of.isoformat(),
        }
        transaction.append("source_file", pl.DataFrame([row]))
    placed = {
        "handover_id": handover_id,
        "role": file.role,
        "file_id": file_id,
        "file_name": file.name,
        "lines": file.lines,
    }
    transaction.append("handover_file", pl.DataFrame([placed]))
