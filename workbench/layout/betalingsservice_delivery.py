"""A Betalingsservice delivery as the value that readers return."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.layout.betalingsservice_totals import Checked
from workbench.layout.betalingsservice_walk import NOTHING, Walk
from workbench.layout.lines import source
from workbench.model.deliveries import Delivery
from workbench.model.frames import AGREEMENTS, TRANSACTIONS
from workbench.model.problems import Reading


def is_delivery(head: bytes, *, delivery_type: str) -> bool:
    """Whether a file that begins like this is a delivery of that type.

    Lines of the transport (PBCNET...) and blank lines may stand before its first record.
    """
    first = first_record(head)
    return first.startswith(b"BS002") and first[16:20] == delivery_type.encode()


def first_record(head: bytes) -> bytes:
    """The first line that is neither blank nor of the transport; empty where there is none."""
    lines = (line for line in head.split(b"\n") if line.strip(NOTHING))
    return next((line for line in lines if not line.startswith(b"PBCNET")), b"")


def reading(
    found: Walk,
    checked: Checked,
    *,
    format_id: str,
    content: bytes,
    transactions: pl.DataFrame | None = None,
    agreements: pl.DataFrame | None = None,
) -> Reading[Delivery | None]:
    """The delivery with all problems in the order of their lines."""
    start = found.start
    creditors = {span.creditor_no for span in found.spans}
    created = start["created"]
    assert created is None or isinstance(created, dt.date)
    delivery = Delivery(
        format=format_id,
        source=source(
            content, name=found.name, lines=found.lines, digest=found.digest.result()
        ),
        id=_text(start["delivery_id"]),
        type=_text(start["delivery_type"]),
        creditor_no=creditors.pop() if len(creditors) == 1 else None,
        supplier_no=_text(start["supplier_no"]),
        subsystem=_text(start["subsystem"]),
        created=created,
        declared=checked.declared,
        computed=checked.computed,
        agrees=checked.agrees,
        sections=checked.sections,
        transactions=pl.DataFrame(schema=TRANSACTIONS)
        if transactions is None
        else transactions,
        agreements=pl.DataFrame(schema=AGREEMENTS) if agreements is None else agreements,
    )
    problems = sorted(
        (*found.problems, *checked.problems),
        key=lambda item: (item.line or 0, item.column or 0),
    )
    return Reading(delivery, tuple(problems))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
