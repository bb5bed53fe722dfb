"""The command that lists and removes what is past its time."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli.app import AsJson, AsOf, app, current, echo_json, told


@app.command()
@told
def retention(
    as_of: AsOf,
    years: Annotated[
        int | None,
        typer.Option(help="Years beyond the financial year's end; else the settings'.", min=0),
    ] = None,
    *,
    approve: Annotated[bool, typer.Option("--approve", help="Remove it, for good.")] = False,
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")] = "",
    as_json: AsJson = False,
) -> None:
    """List people, files and reports that are past their time; remove them once approved."""
    from workbench.reports import forgetting  # noqa: PLC0415  # heavy

    if approve and not reason.strip():
        typer.echo("workbench: say why, with --reason.", err=True)
        raise typer.Exit(2)
    workspace = current()
    found = forgetting.listed(workspace, as_of=as_of.date(), years=years)
    if approve:
        forgetting.approve(workspace, found, reason=reason)
    if as_json:
        echo_json({**found.as_json(), "removed": approve})
        return
    counts = ", ".join(f"{name} {count}" for name, count in found.removal.counts.items())
    typer.echo(f"Kept from {found.found.before} on. Past its time: {counts}.")
    for person in found.as_json()["people"]:
        typer.echo(f"  {person['customer_no']}  {person['name']}  {person['last_business']}")
    for row in found.found.files.iter_rows(named=True):
        typer.echo(f"  {row['name']}  {row['kept_on']}")
    for path in found.paths:
        typer.echo(f"  {path}")
    if approve:
        typer.echo("Removed. Backups in the workspace's folder were made anew;")
        typer.echo("delete those that you keep elsewhere when their own time is past.")
    else:
        typer.echo("Nothing was removed. Approve with --approve --reason WHY.")
