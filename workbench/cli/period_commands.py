"""Commands for accounting periods: shown, closed on a checklist, reopened, opened ahead."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, AsOf, app, current, echo_json, told

if TYPE_CHECKING:
    from workbench.reports.month_checklist import Checklist

period_app = typer.Typer(
    help="Accounting periods: open, soft-closed, closed.", rich_markup_mode=None
)
app.add_typer(period_app, name="period")

_Month = Annotated[
    dt.datetime, typer.Argument(formats=["%Y-%m"], metavar="MONTH", help="As 2026-11.")
]
_Journal = Annotated[str | None, typer.Option(help="Only this journal; all if absent.")]
_Reason = Annotated[str, typer.Option(help="Why; it is kept.")]


@period_app.command("list")
@told
def period_list(
    *,
    history: Annotated[
        bool, typer.Option("--history", help="Every change, with who, when and why.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show every period and its state, or every change of one."""
    from workbench.ledger import period_states  # noqa: PLC0415  # only when asked

    with current().read() as reader:
        found = period_states.events(reader) if history else period_states.listing(reader)
    rows = found.drop("checklist", strict=False).to_dicts()
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        states = [row["from_state"], row["to_state"]] if history else [row["state"]]
        by = row["actor"] if history else row["changed_by"]
        at = row["at"] if history else row["changed_at"]
        why = f"  {by}, {at[:16]}: {row['reason']}" if by else ""
        journal = f" {row['journal']}" if row["journal"] else ""
        typer.echo(f"{row['first_day']:%Y-%m}{journal}  {' → '.join(states)}{why}")


@period_app.command("checklist")
@told
def period_checklist(month: _Month, as_of: AsOf, *, as_json: AsJson = False) -> None:
    """Show what stands in the way of closing a month; exit 1 when something does."""
    from workbench.reports.month_checklist import checklist  # noqa: PLC0415  # as above

    workspace = current()
    found = checklist(workspace, month=month.date(), as_of=as_of.date())
    if as_json:
        echo_json(found.as_json())
    else:
        _show(found, language=workspace.settings.language)
    raise typer.Exit(0 if found.holds else 1)


@period_app.command("close")
@told
def period_close(
    month: _Month,
    reason: _Reason,
    as_of: AsOf,
    journal: _Journal = None,
    *,
    soft: Annotated[
        bool, typer.Option("--soft", help="Until it was looked through; easily taken back.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="In spite of the checklist; administrators only.")
    ] = False,
    earlier_open: Annotated[
        bool, typer.Option("--earlier-open", help="Though an earlier month stays open.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Close a month if its checklist allows."""
    from workbench.reports.month_close import MonthNotReadyError, close_month  # noqa: PLC0415

    workspace = current()
    try:
        done = close_month(
            workspace, month=month.date(), as_of=as_of.date(), reason=reason, journal=journal,
            to_state="soft_closed" if soft else "closed", force=force,
            earlier_open=earlier_open,
        )  # fmt: skip
    except MonthNotReadyError as error:
        if as_json:
            echo_json(error.checklist.as_json())
        else:
            _show(error.checklist, language=workspace.settings.language)
            typer.echo("Nothing was closed.")
        raise typer.Exit(1) from error
    _changed(
        month, done.change.to_state, journal,
        changed=done.change.changed, as_json=as_json,
    )  # fmt: skip


@period_app.command("reopen")
@told
def period_reopen(
    month: _Month,
    reason: _Reason,
    journal: _Journal = None,
    *,
    soft: Annotated[
        bool, typer.Option("--soft", help="From closed to soft-closed only.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Open a month again: soft-closed by who posts, closed by an administrator."""
    from workbench.ledger.period_states import reopen  # noqa: PLC0415  # only when asked

    done = reopen(
        current(), first_day=month.date(), to_state="soft_closed" if soft else "open",
        journal=journal, reason=reason,
    )  # fmt: skip
    _changed(month, done.to_state, journal, changed=done.changed, as_json=as_json)


@period_app.command("open-year")
@told
def period_open_year(
    year: Annotated[int, typer.Argument(min=1990, max=2999, help="As 2028.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Open the twelve months of a year ahead; months that exist stay as they are."""
    from workbench.ledger.period_states import open_year  # noqa: PLC0415  # only when asked

    count = open_year(current(), year)
    if as_json:
        echo_json({"year": year, "opened": count})
    else:
        typer.echo(f"{year}: {count} months were opened.")


def _show(found: Checklist, *, language: str) -> None:
    from workbench.reports.month_checklist import table  # noqa: PLC0415  # with its list

    typer.echo(table(found, language=language))


def _changed(
    month: dt.datetime, state: str, journal: str | None, *, changed: bool, as_json: bool
) -> None:
    if as_json:
        echo_json(
            {"month": f"{month:%Y-%m}", "journal": journal, "state": state, "changed": changed}
        )
        return
    name = f"{month:%Y-%m}" + (f" {journal}" if journal else "")
    words = state.replace("_", "-")
    typer.echo(f"{name} is {words} now." if changed else f"{name} was {words} already.")
