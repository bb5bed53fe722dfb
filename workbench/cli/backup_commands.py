"""Commands that back a workspace up and bring it back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import AsJson, app, current, echo_json, told


@app.command()
@told
def backup(
    to: Annotated[
        Path | None, typer.Option(help="The folder that holds the backups; else `backups`.")
    ] = None,
    *,
    everything: Annotated[
        bool, typer.Option("--everything", help="Executed notebooks and reports as well.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy the workspace, restore the copy on trial, and verify it."""
    from workbench.reports.backups import back_up  # noqa: PLC0415  # heavy

    made = back_up(current(), to=to, everything=everything)
    if as_json:
        echo_json(made.as_json())
        return
    typer.echo(f"{made.folder}: {made.files} files of the archive, audit head {made.head}.")
    typer.echo("Restored on trial: every row, every file and every sum is right.")


@app.command()
@told
def restore(
    backup: Annotated[Path, typer.Argument(help="The backup's folder.")],
    folder: Annotated[Path, typer.Argument(help="Empty or new; else see --replace.")],
    *,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the workspace that is there aside.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a workspace of a backup."""
    from workbench.store.restore import restore as bring_back  # noqa: PLC0415  # seldom

    restored = bring_back(backup, folder, replace=replace)
    if as_json:
        echo_json({"folder": str(restored.folder), "company": restored.settings.company})
        return
    typer.echo(f"{restored.settings.company} is in {restored.folder}, as in {backup}.")
