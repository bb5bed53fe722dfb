"""The inbox: each file goes to whoever knows its kind, and leaves when it is accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from workbench.collection.deliveries import finish_interrupted
from workbench.collection.incoming import Acceptance, Import, Incoming, receive, refuse
from workbench.collection.payments import import_payments
from workbench.collection.receipts import import_receipts
from workbench.model.problems import Problem
from workbench.store.workspace import Workspace
from workbench.transport import folder

#: Who imports a format.
_IMPORTERS: dict[str, Callable[..., Import]] = {
    "betalingsservice_0602": import_payments,
    "betalingsservice_receipt": import_receipts,
}

#: Outcomes after which a file need not lie in the inbox any more: the archive has it.
_SETTLED = frozenset({"accepted", "read_before"})


def import_inbox(
    workspace: Workspace, *, as_of: dt.date, run_id: int | None = None
) -> list[Import]:
    """Import every file of the inbox, receipts first; what waits or is refused stays.

    A delivery that was interrupted on its way out is settled before its answer is read.
    """
    finish_interrupted(workspace, as_of=as_of)
    waiting = sorted(folder.waiting(workspace.inbox), key=_receipts_first)
    return [import_file(workspace, path, as_of=as_of, run_id=run_id) for path in waiting]


def import_file(
    workspace: Workspace,
    path: Path,
    *,
    as_of: dt.date,
    acceptance: Acceptance | None = None,
    run_id: int | None = None,
) -> Import:
    """Import one file. A file of the inbox leaves it when it was accepted; others stay.

    Args:
        workspace: The company.
        path: The file.
        as_of: Today.
        acceptance: What a person takes in spite of problems, and why.
        run_id: The run that asks.
    """
    result = _import(
        workspace, path.read_bytes(), path.name,
        as_of=as_of, acceptance=acceptance, run_id=run_id,
    )  # fmt: skip
    in_inbox = path.resolve().parent == workspace.inbox.resolve()
    if in_inbox and result.outcome in _SETTLED:
        path.unlink(missing_ok=True)
    return result


def _import(
    workspace: Workspace,
    content: bytes,
    name: str,
    *,
    as_of: dt.date,
    acceptance: Acceptance | None,
    run_id: int | None,
) -> Import:
    incoming = receive(workspace, content, name=name, acceptance=acceptance, run_id=run_id)
    if not isinstance(incoming, Incoming):
        return incoming
    importer = _IMPORTERS.get(incoming.delivery.format)
    if importer is None:
        problem = Problem("kind_not_imported", {"found": incoming.delivery.format}, name)
        return refuse(
            workspace, name, incoming.sha256, [*incoming.problems, problem],
            outcome="waiting", run_id=run_id, format_id=incoming.delivery.format,
        )  # fmt: skip
    return importer(workspace, incoming, as_of=as_of, run_id=run_id)


def _receipts_first(path: Path) -> tuple[bool, str]:
    with path.open("rb") as source:
        return (not source.read(8).startswith(b"PBCNET4"), path.name)
