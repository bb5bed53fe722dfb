"""Commands for what came from the ERP: the imports, their undo, and held differences."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.app import AsJson, AsOf, app, current, echo_json, told

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from workbench.ledger.periods import Rolled
    from workbench.ledger.undo.undoing import Undone

erp_app = typer.Typer(help="What came from the ERP, and how to undo it.", rich_markup_mode=None)
app.add_typer(erp_app, name="erp")

_Reason = Annotated[str, typer.Option("--reason", help="Why; the reason is kept.")]


class Choice(StrEnum):
    """What a person may decide about a difference."""

    BOOKED = "booked"
    SETTLED = "settled_in_erp"
    OURS = "ours_stands"


@erp_app.command("imports")
@told
def imports(*, as_json: AsJson = False) -> None:
    """List the accepted files of the ERP, the last one first."""
    from workbench.ledger.imports.history import listing  # noqa: PLC0415

    with current().read() as reader:
        found = listing(reader)
    if as_json:
        echo_json([row | {"effects": json.loads(row["effects"])} for row in found.to_dicts()])
        return
    for row in found.iter_rows(named=True):
        counts = json.loads(row["effects"])["counts"].items()
        effects = ", ".join(f"{name} {count}" for name, count in counts if count)
        typer.echo(
            f"{row['import_id']}  {row['at'][:16]}  {row['name']}  {row['purpose']} "
            f"{row['mode']} as of {row['as_of']}, by {row['actor']}: {effects or 'nothing'}"
        )
        if (confirmed := json.loads(row["effects"]).get("confirmed")) is not None:
            typer.echo(f"    confirmed: {confirmed}")
        if row["open_differences"]:
            typer.echo(f"    open differences: {row['open_differences']}")
        if row["undone_at"]:
            typer.echo(
                f"    undone {row['undone_at'][:16]} by {row['undone_by']}: "
                f"{row['undone_because']}"
            )


@erp_app.command("undo")
@told
def undo(
    import_id: Annotated[int, typer.Argument(help="Number of the import.")],
    reason: _Reason,
    as_of: AsOf,
    *,
    as_json: AsJson = False,
) -> None:
    """Take an import back, by new rows: all of it, or nothing while something stands on it."""
    from workbench.collection.erp_exchange import undo_import  # noqa: PLC0415
    from workbench.ledger.undo.undoing import UndoBlockedError  # noqa: PLC0415

    workspace = current()
    try:
        done = undo_import(workspace, import_id, reason=reason, as_of=as_of.date())
    except UndoBlockedError as blocked:
        found = blocked.blockers
        if as_json:
            echo_json({"undone": False, "blockers": found.to_dicts()})
        else:
            for line in _blocked(found, language=workspace.settings.language):
                typer.echo(line, err=True)
        raise typer.Exit(1) from blocked
    if as_json:
        echo_json({"undone": True, **_document(done)})
        return
    for line in _undone(done):
        typer.echo(line)
    _tell_rolled(done.rolled, language=workspace.settings.language)


@erp_app.command("differences")
@told
def differences(*, as_json: AsJson = False) -> None:
    """List what the ERP and we read differently, until a person has decided."""
    from workbench.ledger.imports.differences import open_differences, words  # noqa: PLC0415

    workspace = current()
    with workspace.read() as reader:
        found = open_differences(reader)
    language = workspace.settings.language
    rows = [row | {"words": words(row, language=language)} for row in found.to_dicts()]
    if as_json:
        echo_json([row | {"changed": json.loads(row["changed"])} for row in rows])
        return
    for row in rows:
        typer.echo(
            f"{row['difference_id']}  {row['erp_entry_no']} {row['document_no']} of customer "
            f"{row['customer_no']}, {row['file']} as of {row['as_of']}"
        )
        typer.echo(f"    {row['words']}")
        for name, (ours, theirs) in json.loads(row["changed"]).items():
            typer.echo(f"    {name}: ours {ours}, the ERP {theirs}")
    if not rows:
        typer.echo("No differences.")


@erp_app.command("decide")
@told
def decide_difference(
    difference_id: Annotated[int, typer.Argument(help="Number of the difference.")],
    decision: Annotated[Choice, typer.Argument(help="What it comes to.")],
    reason: _Reason,
    as_of: AsOf,
    *,
    as_json: AsJson = False,
) -> None:
    """End a difference with the ERP by a person's decision."""
    from workbench.collection.erp_exchange import decide  # noqa: PLC0415

    workspace = current()
    done = decide(
        workspace, difference_id, decision=decision.value, reason=reason, as_of=as_of.date()
    )
    if as_json:
        echo_json(_document(done))
        return
    typer.echo(f"Difference {difference_id}: {done.decision}. Marked as booked: {done.marks}.")
    if done.document_no:
        typer.echo(f"Voucher {done.document_no} of {done.posting_date}.")
    _tell_rolled(done.rolled, language=workspace.settings.language)
    if done.stopped:
        typer.echo(f"Unsent lines stopped: {done.stopped}.")


def _tell_rolled(rolled: Rolled | None, *, language: str) -> None:
    if rolled is not None:
        typer.echo(rolled.words(language))


def _document(done: Any) -> dict[str, Any]:
    from dataclasses import asdict  # noqa: PLC0415

    return asdict(done)


def _blocked(found: pl.DataFrame, *, language: str) -> Iterator[str]:
    from workbench.ledger.undo.checks import BLOCKED_BECAUSE  # noqa: PLC0415
    from workbench.model.texts import translate  # noqa: PLC0415

    yield "The import was not undone; nothing was changed. Against it stands:"
    for row in found.iter_rows(named=True):
        named = ("erp_entry_no", "document_no", "customer_no", "detail")
        what = " ".join(str(row[name]) for name in named if row[name])
        words = translate(BLOCKED_BECAUSE[row["reason"]], language=language)
        yield f"  {what}: {words}" if what else f"  {words}"


def _undone(done: Undone) -> Iterator[str]:
    """What an undo did, without what it had nothing of."""
    yield f"Import {done.import_id} was undone."
    if done.document_nos:
        yield f"Vouchers {', '.join(done.document_nos)} of {done.posting_date}."
    counts = {
        "Entries taken out": done.entries,
        "Settlements in the ERP taken back": done.settlements,
        "Entries brought back": done.brought_back,
        "Booked marks taken back": done.marks,
        "Differences ended": done.differences,
        "Differences open again": done.reopened,
        "Rows with their values back": done.restored,
        "Customers on hold": done.on_hold,
        "Unsent lines stopped": done.stopped,
    }
    yield from (f"  {words}: {count}" for words, count in counts.items() if count)
    for table, row_id, fields in done.kept:
        yield f"  Changed since, and so kept: {', '.join(fields)} of {table} {row_id}"
