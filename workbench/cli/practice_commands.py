"""The command of the practice ERP."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import AsOf, current, practice_app, told


@practice_app.command("erp")
@told
def practice_erp(
    as_of: AsOf,
    opening: Annotated[
        Path | None,
        typer.Option(help="Its first export of open entries; erp/entries.csv if absent."),
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another story.")] = 20261012,
) -> None:
    """Let the practice ERP book the hand-overs that wait for it, and export what is open."""
    from workbench.practice.erp import keep_books  # noqa: PLC0415  # only for practice

    workspace = current()
    exports = workspace.folder / "erp"
    done = keep_books(
        workspace.outbox / "erp",
        exports,
        workspace.folder.with_name(f"{workspace.folder.name}-practice") / "erp",
        opening=opening or exports / "entries.csv",
        as_of=as_of.date(),
        seed=seed,
    )
    typer.echo(f"Vouchers booked: {done.booked}, late: {done.late}.")
    typer.echo(f"Entries settled by other ways: {done.settled}. New invoices: {done.invoiced}.")
    for path in (done.export, done.mapping, done.receipt):
        typer.echo(f"  {path}")
