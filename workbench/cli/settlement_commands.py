"""Commands that settle entries by hand, take settlements back, and set the tolerance."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, AsOf, app, current, echo_json, told

if TYPE_CHECKING:
    from workbench.ledger.periods import Rolled
    from workbench.ledger.settlement.penny import PostedAway
    from workbench.ledger.settlement.priority import Preview
    from workbench.ledger.settlement.settling import Settled

tolerance_app = typer.Typer(help="How small a rest may be posted away.", rich_markup_mode=None)
app.add_typer(tolerance_app, name="tolerance")

_NAMED = "Document number, number of the ERP, or # and our own."
_Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit log.")]
_NoPenny = Annotated[
    bool, typer.Option("--no-penny", help="Leave a rest, however small the tolerance.")
]


@app.command("settle")
@told
def settle_entries(
    credit: Annotated[str, typer.Argument(help=f"What settles. {_NAMED}")],
    claim: Annotated[str, typer.Argument(help=f"What is settled. {_NAMED}")],
    as_of: AsOf,
    amount: Annotated[
        str | None, typer.Option(help="A part, such as 12.50; else as much as possible.")
    ] = None,
    reason: _Reason = "",
    *,
    no_penny: _NoPenny = False,
    as_json: AsJson = False,
) -> None:
    """Let a credit settle a claim, whole or in part."""
    from workbench.collection.erp_collected import COLLECTED  # noqa: PLC0415  # only when asked
    from workbench.collection.settling import on_their_way  # noqa: PLC0415
    from workbench.ledger.entry_names import entry_named  # noqa: PLC0415
    from workbench.ledger.settlement.entries import settleable  # noqa: PLC0415
    from workbench.ledger.settlement.settling import Pair, settle  # noqa: PLC0415

    workspace = current()
    with workspace.read() as reader:
        ids = [entry_named(reader, name) for name in (credit, claim)]
        entries = settleable(reader, ids)
        sent = on_their_way(reader, ids).to_dicts()
    currency = entries[ids[0]].currency
    part = None if amount is None else _minor(amount, currency)
    done = settle(
        workspace,
        pairs=[Pair(ids[0], ids[1], part)],
        as_of=as_of.date(),
        seen={entry_id: entry.remaining_minor for entry_id, entry in entries.items()},
        reason=reason,
        with_penny=not no_penny,
        collections=COLLECTED,
    )
    if as_json:
        echo_json(_settled(done) | {"on_their_way": sent})
        return
    _tell_settled(done, currency)
    for row in sent:
        typer.echo(
            f"{row['document_no']} is on its way to the payment center "
            f"({row['status']}, due {row['due_date']}): a payment of it may still come."
        )


@app.command("settle-customer")
@told
def settle_customer(
    customer_no: Annotated[str, typer.Argument(help="The customer's number.")],
    as_of: AsOf,
    order: Annotated[
        str, typer.Option(help="oldest_first, costs_first or costs_last.")
    ] = "oldest_first",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing.")] = False,
    no_penny: _NoPenny = False,
    as_json: AsJson = False,
) -> None:
    """Let a customer's credits settle its claims, in a declared order."""
    from workbench.collection.erp_collected import COLLECTED  # noqa: PLC0415  # only when asked
    from workbench.collection.settling import preview  # noqa: PLC0415
    from workbench.ledger.settlement.priority import (  # noqa: PLC0415
        customer_numbered,
        priority_named,
        settle_by_priority,
    )

    workspace = current()
    with workspace.read() as reader:
        found = preview(
            reader,
            customer_id=customer_numbered(reader, customer_no),
            as_of=as_of.date(),
            priority=priority_named(order),
        )
    done = None
    if not dry_run:
        done = settle_by_priority(
            workspace,
            previews=[found],
            as_of=as_of.date(),
            with_penny=not no_penny,
            collections=COLLECTED,
        )
    if as_json:
        settled = _settled(done) if done else None
        echo_json({"pairs": found.pairs.to_dicts(), "dry_run": dry_run, "settled": settled})
        return
    _tell_pairs(found)
    if dry_run:
        typer.echo("Dry run. Nothing changed.")
    elif done is not None:
        _tell_dated(done.posting_date, done.rolled)


@app.command("unsettle")
@told
def unsettle_applications(
    application: Annotated[list[int], typer.Argument(help="Numbers of settlements.")],
    as_of: AsOf,
    reason: Annotated[str, typer.Option("--reason", help="Why; kept in the audit log.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what rests on it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Take settlements back: say what rests on them, and open both entries again."""
    from workbench.ledger.settlement.entries import shown  # noqa: PLC0415  # only when asked
    from workbench.ledger.settlement.unsettling import depends, unsettle  # noqa: PLC0415

    workspace = current()
    with workspace.read() as reader:
        rests = depends(reader, application).to_dicts()
    done = None
    if not dry_run:
        done = unsettle(workspace, application, reason=reason, as_of=as_of.date())
    if as_json:
        taken = None
        if done is not None:
            taken = {
                "taken_back": done.taken_back,
                "posting_date": done.posting_date,
                "rolled": done.rolled is not None,
                "documents": done.documents,
            }
        echo_json({"depends": rests, "dry_run": dry_run, "unsettled": taken})
        return
    for row in rests:
        words = _RESTS[row["what"]].format(name=row["name"])
        amount = shown(row["amount_minor"], row["currency"])
        typer.echo(f"Settlement {row['application_id']}, {amount}: {words}")
    if done is None:
        typer.echo("Dry run. Nothing changed.")
        return
    typer.echo(f"Taken back: {', '.join(map(str, done.taken_back))}.")
    _tell_vouchers(done.documents)
    _tell_dated(done.posting_date, done.rolled)


_RESTS = {
    "handed_over": "handed over to the ERP with {name}; taking it back goes out as well.",
    "booked": "booked by the ERP from {name}; taking it back goes out as well.",
    "voucher": "voucher {name} moved the money; it is taken back too.",
    "penny": "a rest was posted away with {name}; it is taken back too.",
    "payment": "the credit is the payment {name}; it will be open money of the customer.",
}


@app.command("post-penny")
@told
def post_penny(
    entry: Annotated[list[str], typer.Argument(help=_NAMED)],
    as_of: AsOf,
    *,
    as_json: AsJson = False,
) -> None:
    """Post away the small rests of entries that were settled before."""
    from workbench.ledger.entry_names import entry_named  # noqa: PLC0415  # only when asked
    from workbench.ledger.settlement.penny import post_away  # noqa: PLC0415

    workspace = current()
    with workspace.read() as reader:
        ids = [entry_named(reader, name) for name in entry]
    away = post_away(workspace, ids, as_of=as_of.date())
    if as_json:
        echo_json(_away(away))
        return
    _tell_vouchers(away.documents)
    _tell_dated(away.posting_date, away.rolled)


@tolerance_app.command("penny")
@told
def tolerance_penny(
    currency: Annotated[str, typer.Argument(help="ISO 4217 code.")],
    amount: Annotated[str, typer.Argument(help="The largest rest, such as 1.00; 0 stops it.")],
    customer: Annotated[
        str | None, typer.Option(help="The only customer that this is for.")
    ] = None,
) -> None:
    """Decide how small a rest of a settlement may be posted away."""
    from workbench.ledger.settlement.entries import shown  # noqa: PLC0415
    from workbench.ledger.settlement.priority import customer_numbered  # noqa: PLC0415
    from workbench.ledger.settlement.tolerance import set_tolerance  # noqa: PLC0415  # only when asked

    workspace = current()
    customer_id = None
    if customer is not None:
        with workspace.read() as reader:
            customer_id = customer_numbered(reader, customer)
    minor = _minor(amount, currency.upper())
    set_tolerance(
        workspace, currency=currency.upper(), amount_minor=minor, customer_id=customer_id
    )
    whose = f"customer {customer}" if customer else "all customers without their own"
    typer.echo(f"Up to {shown(minor, currency.upper())} is posted away, for {whose}.")


@tolerance_app.command("list")
@told
def tolerance_list(*, as_json: AsJson = False) -> None:
    """Show who decided what, the last decision first."""
    from workbench.ledger.settlement.entries import shown  # noqa: PLC0415
    from workbench.ledger.settlement.tolerance import tolerances  # noqa: PLC0415  # only when asked

    with current().read() as reader:
        rows = tolerances(reader).to_dicts()
    if as_json:
        echo_json(rows)
        return
    for row in rows:
        amount = shown(row["amount_minor"], row["currency"])
        whose = f"customer {row['customer_no']}" if row["customer_no"] else "all customers"
        typer.echo(f"{row['at'][:16]} {row['actor']}: {amount}, {whose}")


def _minor(text: str, currency: str) -> int:
    """Minor units of an amount as typed, with a decimal point or comma."""
    from workbench.model.money import minor_from_typed  # noqa: PLC0415

    try:
        minor = minor_from_typed(text, currency=currency)
    except ValueError as cause:
        raise typer.BadParameter(f"{text} is not an amount in {currency}") from cause
    if minor < 0:
        raise typer.BadParameter("an amount is positive")
    return minor


def _tell_settled(done: Settled, currency: str) -> None:
    from workbench.ledger.settlement.entries import shown  # noqa: PLC0415  # only when asked

    for number, amount in zip(done.application_ids, done.amounts_minor, strict=True):
        typer.echo(f"Settlement {number}: {shown(amount, currency)}.")
    for entry_id, rest in done.pennies.items():
        typer.echo(f"Posted away of #{entry_id}: {shown(rest, currency)}.")
    if done.stopped:
        typer.echo(f"Collections stopped before they were sent: {done.stopped}.")
    _tell_vouchers(done.documents)
    _tell_dated(done.posting_date, done.rolled)


def _settled(done: Settled) -> dict[str, object]:
    return {
        "application_ids": done.application_ids,
        "amounts_minor": done.amounts_minor,
        "posting_date": done.posting_date,
        "rolled": done.rolled is not None,
        "documents": done.documents,
        "stopped": done.stopped,
        "pennies": {str(entry_id): rest for entry_id, rest in done.pennies.items()},
    }


def _away(away: PostedAway) -> dict[str, object]:
    return {
        "amounts_minor": {str(entry_id): rest for entry_id, rest in away.amounts.items()},
        "posting_date": away.posting_date,
        "rolled": away.rolled is not None,
        "documents": away.documents,
    }


def _tell_pairs(found: Preview) -> None:
    from workbench.ledger.settlement.entries import shown  # noqa: PLC0415  # only when asked

    if found.pairs.is_empty():
        typer.echo("No credit can settle a claim.")
    for row in found.pairs.iter_rows(named=True):
        amount = shown(row["amount_minor"], row["currency"])
        left = shown(row["remaining_minor"], row["currency"])
        typer.echo(f"{row['credit_no']} settles {row['claim_no']}: {amount}, {left} is left.")


def _tell_vouchers(documents: tuple[str, ...]) -> None:
    if documents:
        typer.echo(f"Vouchers: {', '.join(documents)}.")


def _tell_dated(day: dt.date, rolled: Rolled | None) -> None:
    if rolled is None:
        typer.echo(f"Dated {day}.")
    else:
        typer.echo(f"Dated {day}, not {rolled.asked}: that period is closed, or one of the "
                   "entries moved later.")  # fmt: skip
