"""Who sits at the keyboard: the login that every step is recorded under.

The operating system says it, by the user that owns the process, or the server does when the
process runs in one. Environment variables such as LOGNAME are not asked: anybody sets them.
A user with a shell can still pretend to be another one; the workspace's mode, *trusting*,
says so (design §12), and what they did shows in the audit log.
"""

from __future__ import annotations

import os

#: What JupyterHub gives to each server that it starts, beside the user's name.
_HUB = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_SERVICE_PREFIX")


def login() -> str:
    """The login of whoever runs this process."""
    return _of_hub() or _of_system()


def may_sign_in(login: str) -> bool:
    """Whether a login can act here: a user of this machine, or anybody of a hub's.

    A hub's users are not the machine's, so that all of them count as present there.
    """
    if _of_hub() is not None:
        return True
    if os.name != "posix":
        return False
    import pwd  # noqa: PLC0415  # exists on posix only

    try:
        pwd.getpwnam(login)
    except KeyError:
        return False
    return True


def _of_hub() -> str | None:
    """The hub's user: its servers may all run as one user of the operating system."""
    if not all(os.environ.get(name) for name in _HUB):
        return None
    return os.environ.get("JUPYTERHUB_USER") or None


def _of_system() -> str:
    if os.name != "posix":
        import getpass  # noqa: PLC0415  # where there are no numbers of users

        return getpass.getuser()
    import pwd  # noqa: PLC0415  # exists on posix only

    number = os.geteuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run under a number without a name
        return f"uid-{number}"
