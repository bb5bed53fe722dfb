"""Commands that show lists as of a day and as known on another, and what was learnt."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, Today, app, current, echo_json, told

if TYPE_CHECKING:
    from workbench.store.workspace import Workspace

_KNOWN = "A day (its end, UTC), a moment, a step's number, or a head as a report prints it."


class Format(StrEnum):
    """How a list is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


@app.command("list")
@told
def list_rows(
    name: Annotated[str | None, typer.Argument(help="A list; all names if absent.")] = None,
    as_of: Today = None,
    known_on: Annotated[
        str | None, typer.Option("--known-on", help=f"As known then; else now. {_KNOWN}")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How it is printed.")] = Format.TABLE,
    customer: Annotated[str | None, typer.Option(help="The only customer.")] = None,
) -> None:
    """Show a list as of a day, as it was known on another."""
    from workbench.ledger.as_known import known_as_written  # noqa: PLC0415  # only when asked
    from workbench.reports import list_printing, lists  # noqa: PLC0415  # only when asked

    if name is None:
        for one in lists.LISTS:
            typer.echo(f"{one.name:<20} {one.title}")
        return
    workspace = current()
    chosen = lists.named(name)
    day = _day(workspace, as_of)
    with workspace.read() as reader:
        known = reader.seq if known_on is None else known_as_written(reader, known_on)
        rows = chosen.rows(reader, as_of=day, known=known, customer_no=customer)
    if form is Format.JSON:
        echo_json(list_printing.document(chosen, rows, as_of=day, known=known))
    elif form is Format.CSV:
        typer.echo(list_printing.csv(rows), nl=False)
    else:
        language = workspace.settings.language
        typer.echo(list_printing.table(chosen, rows, language=language, as_of=day, known=known))


@app.command("diff")
@told
def diff(
    since: Annotated[str, typer.Option("--from", help=f"What was known then. {_KNOWN}")],
    until: Annotated[str | None, typer.Option("--to", help="Up to then; else now.")] = None,
    as_of: Today = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Say what was learnt in between: which steps, and which balances they changed."""
    from workbench.ledger.as_known import known_as_written  # noqa: PLC0415  # only when asked
    from workbench.reports.learnt import learnt  # noqa: PLC0415  # only when asked
    from workbench.reports.learnt_words import words  # noqa: PLC0415

    workspace = current()
    day = _day(workspace, as_of)
    with workspace.read() as reader:
        found = learnt(
            reader,
            since=known_as_written(reader, since),
            until=reader.seq if until is None else known_as_written(reader, until),
            as_of=day,
        )
    if as_json:
        echo_json(found.as_json())
    else:
        typer.echo(words(found, language=workspace.settings.language))


def _day(workspace: Workspace, as_of: dt.datetime | None) -> dt.date:
    return (as_of or workspace.clock()).date()
