"""What goes to the ERP: deliveries of postings, what it booked of them, and refunds."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, AsOf, Today, app, current, echo_json, told

if TYPE_CHECKING:
    import datetime as dt

export_app = typer.Typer(
    help="Hand postings to the ERP, and say what it booked.", rich_markup_mode=None
)
refund_app = typer.Typer(help="Money that a customer gets back.", rich_markup_mode=None)
app.add_typer(export_app, name="export")
app.add_typer(refund_app, name="refund")

_Number = Annotated[str, typer.Argument(help="The delivery's number, such as HO-000001.")]
_Reason = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]


@export_app.command("postings")
@told
def export_postings(
    mapping: Annotated[
        str | None,
        typer.Option(
            "--map",
            help="The layout: a TOML file, or the name of a saved or a ready-made one.",
        ),
    ] = None,
    as_of: Today = None,
    *,
    up_to: Annotated[
        str | None, typer.Option(help="The last posting date that goes out, YYYY-MM-DD.")
    ] = None,
    journal: Annotated[str | None, typer.Option(help="One journal alone.")] = None,
    again: Annotated[
        str | None, typer.Option(help="Make this delivery's files again, byte for byte.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Hand posted vouchers to the ERP as one numbered delivery, each posting once."""
    from workbench.cli.exports import hand_over, hand_over_again  # noqa: PLC0415

    workspace = current()
    if again is not None:
        result = hand_over_again(workspace, again)
    elif mapping is None or as_of is None:
        raise typer.BadParameter("--map and --as-of are needed, or --again")
    else:
        result = hand_over(
            workspace, mapping, as_of=as_of.date(), up_to=_day(up_to), journal=journal,
            dry_run=dry_run,
        )  # fmt: skip
    if as_json:
        echo_json(result.document)
    else:
        typer.echo(result.words)
    raise typer.Exit(result.code)


@export_app.command("list")
@told
def export_list(as_of: AsOf, *, as_json: AsJson = False) -> None:
    """Show every delivery, what the ERP booked of it, and what waits."""
    from workbench.cli.exports import listing  # noqa: PLC0415

    result = listing(current(), as_of=as_of.date())
    if as_json:
        echo_json(result.document)
    else:
        typer.echo(result.words)


@export_app.command("booked")
@told
def export_booked(
    number: _Number,
    reason: _Reason,
    *,
    voucher: Annotated[
        list[str] | None, typer.Option(help="One voucher of it; may be repeated.")
    ] = None,
    booked: Annotated[bool, typer.Option("--booked/--not", help="Or take it back.")] = True,
) -> None:
    """Say that the ERP booked a delivery, or some vouchers of it."""
    from workbench.ledger.handover.booking import mark_booked, unmark  # noqa: PLC0415

    say = mark_booked if booked else unmark
    say(current(), number, vouchers=voucher, reason=reason)
    what = ", ".join(voucher) if voucher else "all of it"
    state = "booked" if booked else "not booked"
    typer.echo(f"{number}: {what} {state}.")


@export_app.command("receipt")
@told
def export_receipt(
    file: Annotated[Path, typer.Argument(help="What the ERP booked and refused, a CSV file.")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take the ERP's receipt: what it booked, and what it refused."""
    from workbench.cli.exports import receipt  # noqa: PLC0415

    result = receipt(current(), file, dry_run=dry_run)
    if as_json:
        echo_json(result.document)
    else:
        typer.echo(result.words)
    raise typer.Exit(result.code)


@refund_app.command("ask")
@told
def refund_ask(
    entry: Annotated[int, typer.Argument(help="The entry that has open credit.")],
    amount: Annotated[str, typer.Argument(help="In the entry's currency, such as 125.50.")],
    reason: _Reason,
) -> None:
    """Ask for a customer's money to be paid back; it goes out with the next delivery."""
    from workbench.cli.exports import ask_refund  # noqa: PLC0415

    typer.echo(ask_refund(current(), entry, amount, reason=reason))


@refund_app.command("withdraw")
@told
def refund_withdraw(
    refund: Annotated[int, typer.Argument(help="The refund's number.")], reason: _Reason
) -> None:
    """Take back a refund that was not handed over yet."""
    from workbench.ledger.handover.refunds import withdraw  # noqa: PLC0415

    withdraw(current(), refund, reason=reason)
    typer.echo(f"Refund {refund} is withdrawn.")


@refund_app.command("list")
@told
def refund_list(*, as_json: AsJson = False) -> None:
    """Show every refund that was asked for, and where it stands."""
    from workbench.cli.exports import refund_listing  # noqa: PLC0415

    result = refund_listing(current())
    if as_json:
        echo_json(result.document)
    else:
        typer.echo(result.words)


def _day(text: str | None) -> dt.date | None:
    import datetime as dt  # noqa: PLC0415  # only where a day is given

    try:
        return None if text is None else dt.date.fromisoformat(text)
    except ValueError as cause:
        raise typer.BadParameter(f"{text} is not a day") from cause
