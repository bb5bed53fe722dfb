"""Commands for the ledger's set-up: accounts, profiles, journals, number series, VAT codes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.app import AsJson, app, current, echo_json, told

ledger_app = typer.Typer(
    help="Accounts, posting profiles, journals, number series and VAT codes.",
    rich_markup_mode=None,
)
app.add_typer(ledger_app, name="ledger")


@ledger_app.command("setup")
@told
def ledger_setup(
    file: Annotated[Path, typer.Argument(help="A TOML file, as `show --toml` prints one.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring accounts, profiles, journals, series and VAT codes to what a file says."""
    from workbench.ledger.ledger_setup import set_up  # noqa: PLC0415  # only when asked

    workspace = current()
    result = set_up(workspace, text=file.read_bytes(), name=file.name, dry_run=dry_run)
    language = workspace.settings.language
    if as_json:
        echo_json(
            {
                "changes": [change.as_json() for change in result.changes],
                "problems": [p.as_json(language=language) for p in result.problems],
            }
        )
    else:
        _tell(result.counts, dry_run=dry_run)
        for problem in result.problems:
            words = f"{problem.message(language=language)} {problem.advice(language=language)}"
            typer.echo(f"{problem.place()}: {words}")
    raise typer.Exit(0 if result.clean else 1)


def _tell(counts: dict[str, int], *, dry_run: bool) -> None:
    if not counts:
        typer.echo("Nothing changed.")
        return
    said = ", ".join(f"{table} {count}" for table, count in counts.items())
    typer.echo(f"{'Would change' if dry_run else 'Changed'}: {said}.")


@ledger_app.command("show")
@told
def ledger_show(
    *,
    toml: Annotated[
        bool, typer.Option("--toml", help="As a file that sets up the same again.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show accounts, series, journals, VAT codes, profiles and groups."""
    from workbench.ledger.ledger_setup import as_toml  # noqa: PLC0415  # only when asked
    from workbench.ledger.ledger_setup_tables import (  # noqa: PLC0415  # only when asked
        TABLES,
        stored_setup,
    )

    with current().read() as reader:
        text, found = as_toml(reader), stored_setup(reader)
    if toml:
        typer.echo(text, nl=False)
        return
    rows = {
        table.name: [
            {
                **dict(zip((part.name for part in table.key), key, strict=True)),
                **row,
            }
            for key, row in found.of(table).items()
        ]
        for table in TABLES
    }
    if as_json:
        echo_json(rows)
        return
    for name, listed in rows.items():
        typer.echo(f"[{name}]")
        for one in listed:
            typer.echo("  " + "  ".join(str(value) for value in one.values()))
