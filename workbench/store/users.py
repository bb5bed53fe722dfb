"""The users of a workspace and their roles, kept by those who administer."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import polars as pl

from workbench.store import identity
from workbench.store.connection import Reader
from workbench.store.people import ROLES, Role
from workbench.store.transaction import Transaction, again_when_stale

if TYPE_CHECKING:
    from workbench.store.workspace import Workspace

#: Every user, with the roles that they have now.
USERS = pl.Schema(
    {
        "user_id": pl.Int64,
        "login": pl.String,
        "display_name": pl.String,
        "active": pl.Boolean,
        "roles": pl.String,
    }
)

_USERS = """
SELECT u.user_id, u.login, u.display_name, u.active,
       (SELECT group_concat(role, ' ') FROM user_role AS r WHERE r.user_id = u.user_id)
FROM user_account AS u ORDER BY u.login
"""


class UnknownUserError(Exception):
    """The workspace has no user of that login."""


class UserExistsError(Exception):
    """The workspace has a user of that login already."""


class LastAdministratorError(Exception):
    """Nobody would be left who administers."""


class BadLoginError(Exception):
    """A login is not empty, and has no blanks around it."""


class AdministratorHereError(Exception):
    """Somebody who administers can sign in here; they give roles, and nobody takes them."""


class NotOwnerError(Exception):
    """Only the owner of the workspace's files may make themselves an administrator."""


def listing(reader: Reader) -> pl.DataFrame:
    """Every user, shaped USERS; `roles` are separated by blanks, in the order of the work."""
    found = reader.frame(_USERS, schema=USERS)
    ordered = [_ordered(roles or "") for roles in found["roles"]]
    return found.with_columns(roles=pl.Series(ordered, dtype=pl.String))


def add(workspace: Workspace, login: str, *, name: str, roles: Iterable[Role]) -> None:
    """Take in a user.

    Raises:
        UserExistsError: There is one of that login, perhaps no longer active.
        BadLoginError: Nobody can have that login.
    """
    if not login or login != login.strip():
        raise BadLoginError(login)
    with workspace.transaction("user_added", role="administer", login=login) as transaction:
        if _user(transaction, login) is not None:
            raise UserExistsError(login)
        create(transaction, login, name=name, roles=roles)


def grant(workspace: Workspace, login: str, *, roles: Iterable[Role]) -> None:
    """Give roles to a user; one who was no longer active is again, with these alone."""
    _change(workspace, "roles_granted", login, give=frozenset(roles))


def revoke(workspace: Workspace, login: str, *, roles: Iterable[Role]) -> None:
    """Take roles from a user.

    Raises:
        LastAdministratorError: Nobody would be left who administers.
    """
    _change(workspace, "roles_revoked", login, take=frozenset(roles))


def deactivate(workspace: Workspace, login: str) -> None:
    """Let a user act no more; their roles are taken, what they did keeps their name.

    Raises:
        LastAdministratorError: Nobody would be left who administers.
    """
    _change(workspace, "user_deactivated", login, take=frozenset(ROLES), active=False)


def recover(workspace: Workspace, *, reason: str) -> None:
    """Make the owner of the workspace's files a user with every role.

    For a workspace that moved to a machine on which its administrators do not exist. In
    trusting mode the owner could change every row; here the audit log says that they came.

    Raises:
        NotOwnerError: The files belong to somebody else.
        AdministratorHereError: Another administrator can sign in here.
    """
    if os.name == "posix" and workspace.database.stat().st_uid != os.geteuid():
        raise NotOwnerError(str(workspace.database))
    with workspace.transaction("administrator_recovered", reason=reason) as transaction:
        login = transaction.step.actor
        _require_nobody_here(transaction, login)
        user = _user(transaction, login)
        if user is None:
            create(transaction, login, name=login, roles=ROLES)
        else:
            _set(transaction, user, give=frozenset(ROLES) - user[2], take=frozenset())
            _set_active(transaction, user, active=True)


def _require_nobody_here(reader: Reader, login: str) -> None:
    found = reader.rows(
        "SELECT login, display_name FROM user_account JOIN user_role USING (user_id) "
        "WHERE role = 'administer' AND active = 1 ORDER BY login"
    )
    here = [name for known, name in found if identity.may_sign_in(known)]
    if here and login not in {known for known, _ in found}:
        raise AdministratorHereError(", ".join(here))


def create(
    transaction: Transaction, login: str, *, name: str, roles: Iterable[Role], user_id: int = 0
) -> int:
    """A new user with roles, within a step; their identifier."""
    user_id = user_id or transaction.draw_ids(1)
    transaction.execute(
        "INSERT INTO user_account (user_id, login, display_name) VALUES (?, ?, ?)",
        [user_id, login, name],
    )
    user = (user_id, 1, frozenset[Role](), 1)
    _set(transaction, user, give=frozenset(roles), take=frozenset())
    return user_id


#: A user: identifier, active, roles, version.
_User = tuple[int, int, frozenset[Role], int]


@again_when_stale
def _change(
    workspace: Workspace,
    step: str,
    login: str,
    *,
    give: frozenset[Role] = frozenset(),
    take: frozenset[Role] = frozenset(),
    active: bool = True,
) -> None:
    """Give and take roles; nothing is recorded when nothing changes."""
    with workspace.read() as reader:
        user, seen = _user(reader, login), reader.seq
    if user is None:
        raise UnknownUserError(login)
    give, take = give - user[2], take & user[2]
    active = active if give or not active else bool(user[1])
    if not (give or take) and active == bool(user[1]):
        return
    with workspace.transaction(
        step, role="administer", as_seen=seen, login=login
    ) as transaction:
        _set(transaction, user, give=give, take=take)
        _set_active(transaction, user, active=active)
        if "administer" in take and not _administered(transaction):
            raise LastAdministratorError(login)


def _set(
    transaction: Transaction, user: _User, *, give: frozenset[Role], take: frozenset[Role]
) -> None:
    """Change the roles of a user, and keep that they changed."""
    user_id = user[0]
    transaction.execute_many(
        "DELETE FROM user_role WHERE user_id = ? AND role = ?", [[user_id, r] for r in take]
    )
    transaction.execute_many(
        "INSERT INTO user_role VALUES (?, ?)", [[user_id, role] for role in give]
    )
    changes = [(role, 1) for role in ROLES if role in give]
    changes += [(role, 0) for role in ROLES if role in take]
    if not changes:
        return
    first = transaction.draw_ids(len(changes))
    rows = [
        (first + n, user_id, role, granted, transaction.step.actor)
        for n, (role, granted) in enumerate(changes)
    ]
    columns = ["event_id", "user_id", "role", "granted", "actor"]
    transaction.append("role_event", pl.DataFrame(rows, schema=columns, orient="row"))


def _set_active(transaction: Transaction, user: _User, *, active: bool) -> None:
    user_id, was_active, _, version = user
    if active != bool(was_active):
        changes = {"active": int(active)}
        transaction.edit("user_account", user_id, version=version, changes=changes)


def _user(reader: Reader, login: str) -> _User | None:
    row = reader.record(
        "SELECT user_id, active, version FROM user_account WHERE login = ?", [login]
    )
    if row is None:
        return None
    roles = reader.rows("SELECT role FROM user_role WHERE user_id = ?", [row["user_id"]])
    held = frozenset(role for (role,) in roles)
    return row["user_id"], row["active"], held, row["version"]


def _administered(reader: Reader) -> bool:
    return bool(
        reader.value(
            "SELECT 1 FROM user_role JOIN user_account USING (user_id) "
            "WHERE role = 'administer' AND active = 1 LIMIT 1"
        )
    )


def _ordered(roles: str) -> str:
    held = set(roles.split())
    return " ".join(role for role in ROLES if role in held)
