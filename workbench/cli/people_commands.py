"""Commands for users and their roles, and for the personal data of one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.app import AsJson, app, current, echo_json, told

if TYPE_CHECKING:
    from workbench.store.people import Role

user_app = typer.Typer(help="Who may do what in this workspace.", rich_markup_mode=None)
person_app = typer.Typer(help="Personal data, unmasked on request.", rich_markup_mode=None)
app.add_typer(user_app, name="user")
app.add_typer(person_app, name="person")

_Login = Annotated[str, typer.Argument(help="The name in the operating system, or the hub.")]
_Roles = Annotated[
    list[str] | None,
    typer.Option("--role", help="prepare, approve, post or administer; repeatable."),
]
_NamedRoles = Annotated[list[str], typer.Argument(help="prepare, approve, post or administer.")]


@user_app.command("list")
@told
def user_list(*, as_json: AsJson = False) -> None:
    """Show every user and their roles."""
    from workbench.store.users import listing  # noqa: PLC0415  # only when asked

    with current().read() as reader:
        rows = listing(reader).to_dicts()
    if as_json:
        echo_json(
            [
                {**row, "roles": row["roles"].split(), "active": bool(row["active"])}
                for row in rows
            ]
        )
        return
    for row in rows:
        state = row["roles"] if row["active"] else "not active"
        typer.echo(f"{row['login']}  {row['display_name']}  {state or 'no role'}")


@user_app.command("add")
@told
def user_add(
    login: _Login,
    name: Annotated[str, typer.Argument(help="As reports show it.")],
    role: _Roles = None,
) -> None:
    """Take in a user."""
    from workbench.store import users  # noqa: PLC0415  # only when asked

    users.add(current(), login, name=name, roles=_checked(role or []))
    typer.echo(f"{name} ({login}) is a user now.")


@user_app.command("grant")
@told
def user_grant(login: _Login, roles: _NamedRoles) -> None:
    """Give roles to a user."""
    from workbench.store import users  # noqa: PLC0415  # only when asked

    users.grant(current(), login, roles=_checked(roles))
    typer.echo(f"{login} has: {', '.join(roles)}.")


@user_app.command("revoke")
@told
def user_revoke(login: _Login, roles: _NamedRoles) -> None:
    """Take roles from a user."""
    from workbench.store import users  # noqa: PLC0415  # only when asked

    users.revoke(current(), login, roles=_checked(roles))
    typer.echo(f"{login} no longer has: {', '.join(roles)}.")


@user_app.command("deactivate")
@told
def user_deactivate(login: _Login) -> None:
    """Let a user act no more; what they did keeps their name."""
    from workbench.store import users  # noqa: PLC0415  # only when asked

    users.deactivate(current(), login)
    typer.echo(f"{login} can no longer act.")


@user_app.command("recover")
@told
def user_recover(
    reason: Annotated[str, typer.Option(help="Why, for the audit log.")],
) -> None:
    """Become an administrator of files that are yours, where no administrator can sign in."""
    from workbench.store import users  # noqa: PLC0415  # only when asked

    workspace = current()
    users.recover(workspace, reason=reason)
    typer.echo(f"{workspace.actor} has every role; the audit log says so.")


@person_app.command("show")
@told
def person_show(
    customer_no: Annotated[str, typer.Argument(help="The customer's number.")],
    reason: Annotated[str, typer.Option(help="What for; it is kept with your name.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show what is known of a customer's person, unmasked."""
    from workbench.store.personal_data import person_of, show_personal  # noqa: PLC0415

    workspace = current()
    with workspace.read() as reader:
        person_id = person_of(reader, customer_no)
    shown = show_personal(workspace, person_id, reason=reason)
    if as_json:
        echo_json({"customer_no": customer_no, **shown})
        return
    for name, value in shown.items():
        if value:
            text = ", ".join(value) if isinstance(value, list) else value
            typer.echo(f"{name}: {text}")


def _checked(roles: list[str]) -> list[Role]:
    from workbench.store.people import ROLES  # noqa: PLC0415  # only when asked

    for role in roles:
        if role not in ROLES:
            typer.echo(f"workbench: no such role: {role} ({', '.join(ROLES)})", err=True)
            raise typer.Exit(2)
    return [role for role in ROLES if role in roles]
