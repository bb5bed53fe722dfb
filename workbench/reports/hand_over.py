"""The hand-over as files: CSV, workbooks and SIE, made by what each room knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl

from workbench.documents.workbook import ROWS_MAX, Cell, Sheet, workbook
from workbench.io import sie_4
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover import handing_over as handover
from workbench.ledger.handover.cells import cells, dimension, problems_of
from workbench.ledger.handover.content import Content, Rendered, RenderedFile
from workbench.ledger.handover.csv_text import csv_bytes
from workbench.ledger.handover.fields import FIELDS, Kind, Role
from workbench.ledger.handover.handing_over import HandedOver
from workbench.ledger.handover.layout import Layout
from workbench.ledger.handover.layouts import find_layout
from workbench.ledger.handover.notation import Column
from workbench.model.money import decimal_from_minor
from workbench.model.problems import Problem
from workbench.store.workspace import Workspace

#: Beside the vouchers of a SIE file lie settlements and refunds, which SIE has no room for.
_BESIDE_SIE = "csv"

#: What #PROGRAM tells. Not the package's version: a delivery is made again, byte for byte, by
#: later ones.
_SIE_WRITER = "1"


def export_postings(
    workspace: Workspace,
    *,
    mapping: Path | MappingText | str,
    as_of: dt.date,
    up_to: dt.date | None = None,
    journal: str | None = None,
    dry_run: bool = False,
    run_id: int | None = None,
    as_seen: int | None = None,
) -> HandedOver:
    """Hand what waits to the ERP, as one numbered delivery of files.

    Args:
        workspace: The company.
        mapping: The layout: a file, a text, or the name of a ready-made or a saved one.
        as_of: The day that is today.
        up_to: The last posting date that goes out; None for all.
        journal: The only journal that goes out; None for all.
        dry_run: Whether nothing is recorded and no file appears.
        run_id: The job's run.
        as_seen: The recorded time of the preview that a person accepted.

    Raises:
        UnknownLayoutError: No layout has that name.
        BadLayoutError: The layout cannot be used.
        StaleViewError: Somebody wrote since the preview, or while this was made.
    """
    return handover.hand_over(
        workspace,
        mapping=find_layout(workspace, mapping),
        as_of=as_of,
        render=render,
        up_to=up_to,
        journal=journal,
        dry_run=dry_run,
        run_id=run_id,
        as_seen=as_seen,
    )


def export_again(workspace: Workspace, number: str) -> HandedOver:
    """Make the files of a delivery again, byte for byte, and put them in the outbox.

    Raises:
        UnknownHandoverError: There is no such delivery.
        ChangedHandoverError: The bytes differ from those handed over; nothing was written.
        FileInTheWayError: The outbox has another file of that name.
    """
    return handover.again(workspace, number, render=render)


def render(layout: Layout, content: Content) -> Rendered:
    """The files of a delivery, in the format of its layout."""
    frames: dict[Role, pl.DataFrame] = {
        "postings": content.lines,
        "settlements": content.instructions,
        "refunds": content.refunds,
    }
    files: list[RenderedFile] = []
    problems: list[Problem] = []
    for role, frame in frames.items():
        if frame.is_empty():
            continue
        made = _file(layout, content, role, frame)
        files += made.files
        problems += made.problems
    return Rendered(tuple(files), tuple(problems))


def _file(layout: Layout, content: Content, role: Role, frame: pl.DataFrame) -> Rendered:
    if layout.format == "sie" and role == "postings":
        return _sie(layout, content)
    if layout.format == "xlsx":
        return _xlsx(layout, content, role, frame)
    return _csv(layout, content, role, frame)


def _csv(layout: Layout, content: Content, role: Role, frame: pl.DataFrame) -> Rendered:
    name = f"{content.number}-{role}.{_BESIDE_SIE}"
    texts = cells(frame, layout, role=role)
    first = 2 if layout.notation.header else 1
    problems = tuple(problems_of(texts, layout, role=role, name=name, first_line=first))
    if problems:
        return Rendered((), problems)
    made = csv_bytes(texts, layout.columns[role], notation=layout.notation)
    return Rendered((RenderedFile(role, name, made, frame.height),))


def _xlsx(layout: Layout, content: Content, role: Role, frame: pl.DataFrame) -> Rendered:
    name = f"{content.number}-{role}.xlsx"
    if frame.height >= ROWS_MAX:
        params: dict[str, str | int] = {"count": frame.height, "limit": ROWS_MAX - 1}
        return Rendered((), (Problem("handover_too_many_rows", params, name),))
    texts = cells(frame, layout, role=role)
    problems = tuple(problems_of(texts, layout, role=role, name=name, first_line=2))
    if problems:
        return Rendered((), problems)
    columns = layout.columns[role]
    values = [_values(frame, texts[str(n)], column, role) for n, column in enumerate(columns)]
    headings = [column.heading for column in columns]
    sheet = Sheet(role.capitalize(), headings, zip(*values, strict=True))
    return Rendered((RenderedFile(role, name, workbook([sheet]), frame.height),))


def _values(
    frame: pl.DataFrame, texts: pl.Series, column: Column, role: Role
) -> Iterator[Cell]:
    """The cells of a column as a workbook holds them."""
    known = FIELDS[role].get(column.source) if column.kind == "field" else None
    if known is None or known.is_text:
        return iter(texts)
    rows = frame[column.source]
    if known.kind is not Kind.AMOUNT:
        return iter(rows)
    pairs = zip(rows, frame[known.currency], strict=True)
    return (_decimal(amount, currency) for amount, currency in pairs)


def _decimal(amount_minor: int | None, currency: str) -> Decimal | None:
    return None if amount_minor is None else decimal_from_minor(amount_minor, currency=currency)


def _sie(layout: Layout, content: Content) -> Rendered:
    name = f"{content.number}-postings.si"
    names = dict(content.accounts.iter_rows())
    numbers = layout.sie.dimensions
    vouchers = [*_sie_vouchers(layout, content.lines)]
    heading = sie_4.Heading(
        program="Collection Workbench",
        version=_SIE_WRITER,
        generated=content.as_of,
        company=content.company,
        organization_no=layout.sie.organization_no,
        accounts={_theirs(layout, "ledger_account", no): names[no] for no in sorted(names)},
        dimensions={number: ours for ours, number in sorted(numbers.items())},
    )
    made = sie_4.write(heading, vouchers, name=name)
    if made.value is None:
        return Rendered((), made.problems)
    return Rendered((RenderedFile("postings", name, made.value, content.lines.height),))


def _sie_vouchers(layout: Layout, lines: pl.DataFrame) -> Iterator[sie_4.Voucher]:
    amount = pl.when(pl.col("currency") == "SEK").then("amount").otherwise("base_amount")
    objects = [
        dimension(ours).alias(str(number))
        for ours, number in sorted(layout.sie.dimensions.items(), key=lambda item: item[1])
    ]
    rows = lines.select(
        "document_no", "posting_date", "voucher_text", "ledger_account", "text",
        amount.alias("kronor"), pl.struct(objects).alias("objects") if objects
        else pl.lit(None).alias("objects"),
    )  # fmt: skip
    for part in rows.partition_by("document_no", maintain_order=True):
        yield sie_4.Voucher(
            series=layout.sie.series,
            number=part["document_no"][0],
            date=part["posting_date"][0],
            text=part["voucher_text"][0],
            transactions=[
                sie_4.Transaction(
                    _theirs(layout, "ledger_account", account),
                    kronor,
                    text,
                    {int(n): code for n, code in (found or {}).items() if code},
                )
                for account, text, kronor, found in part.select(
                    "ledger_account", "text", "kronor", "objects"
                ).iter_rows()
            ],
        )


def _theirs(layout: Layout, field: str, code: str) -> str:
    return layout.values.get(field, {}).get(code, code)
