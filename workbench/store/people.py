"""Who may do what: roles, and the check that stands inside every write.

A role is given to a user by an administrator (`workbench.store.users`). Preparing changes
nothing that another person must answer for; approving says that it may leave the house or
be posted; posting makes it real; administering changes the rules themselves. No role holds
another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from workbench.model.texts import marked

if TYPE_CHECKING:
    from workbench.store.connection import Reader

Role = Literal["prepare", "approve", "post", "administer"]

#: Every role, in the order of the work.
ROLES: tuple[Role, ...] = get_args(Role)

_UNKNOWN = marked(
    "'{login}' is not a user of this workspace. {who} can change that: "
    'workbench user add {login} "NAME" --role {role}'
)
_INACTIVE = marked(
    "the user '{login}' is not active any more. {who} can change that: "
    "workbench user grant {login} {role}"
)
_LACKS = marked(
    "'{login}' does not have the role '{role}'. {who} can give it: "
    "workbench user grant {login} {role}"
)
_NOBODY = marked("whoever owns the workspace's files (workbench user recover)")


class MissingRoleError(Exception):
    """The user may not do this; says who must do what, so that they may.

    Attributes:
        login: Who wanted to act.
        role: The role that the step needs.
        administrators: Display names of those who can give it.
    """

    def __init__(
        self, words: str, *, login: str, role: Role, administrators: tuple[str, ...]
    ) -> None:
        self.words = words
        self.login = login
        self.role = role
        self.administrators = administrators
        who = ", ".join(administrators) or _NOBODY
        super().__init__(words.format(login=login, role=role, who=who))


def require_role(reader: Reader, login: str, role: Role) -> None:
    """Let a step go on only if its actor is an active user who has the role.

    Raises:
        MissingRoleError: The user is unknown, no longer active, or lacks the role.
    """
    found = reader.rows(
        "SELECT u.active, r.role IS NOT NULL FROM user_account AS u "
        "LEFT JOIN user_role AS r ON r.user_id = u.user_id AND r.role = ? "
        "WHERE u.login = ?",
        [role, login],
    )
    if found == [(1, 1)]:
        return
    words = _UNKNOWN if not found else _LACKS if found[0][0] else _INACTIVE
    raise MissingRoleError(words, login=login, role=role, administrators=administrators(reader))


def administrators(reader: Reader) -> tuple[str, ...]:
    """The display names of the active users who administer, in order of their logins."""
    rows = reader.rows(
        "SELECT u.display_name FROM user_account AS u JOIN user_role AS r USING (user_id) "
        "WHERE r.role = 'administer' AND u.active = 1 ORDER BY u.login"
    )
    return tuple(name for (name,) in rows)
