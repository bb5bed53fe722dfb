"""The schema as one story: ordered SQL files, each applied in one transaction."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database, Migrations

_FOLDER = Path(__file__).parent
_SET = "workbench"


def names() -> list[str]:
    """The migrations of this version, in order."""
    return sorted(path.stem for path in _FOLDER.glob("[0-9]*.sql"))


def applied(connection: sqlite3.Connection) -> list[str]:
    """The migrations that a database has had, in order; read without sqlite-utils."""
    has_table = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'"
    ).fetchone()
    if not has_table:
        return []
    rows = connection.execute(
        "SELECT name FROM _sqlite_migrations WHERE migration_set = ? ORDER BY id", [_SET]
    )
    return [name for (name,) in rows]


def apply(path: Path) -> list[str]:
    """Bring a database to this version's schema.

    Returns:
        The names of the migrations that were applied now.
    """
    from sqlite_utils import Database  # noqa: PLC0415  # slow to import, seldom needed

    database = Database(path)
    try:
        before = applied(database.conn)
        database.enable_wal()
        _migrations().apply(database)
        return [name for name in names() if name not in before]
    finally:
        database.close()


def _migrations() -> Migrations:
    from sqlite_utils import Migrations  # noqa: PLC0415  # slow to import, seldom needed

    migrations = Migrations(_SET)
    for name in names():
        migrations(name=name)(_runner(name))
    return migrations


class _runner:  # noqa: N801  # a function that remembers its file
    def __init__(self, name: str) -> None:
        self.name = name
        self.__name__ = name

    def __call__(self, database: Database) -> None:
        script = (_FOLDER / f"{self.name}.sql").read_text(encoding="utf-8")
        for statement in statements(script):
            database.conn.execute(statement)


def statements(script: str) -> list[str]:
    """The statements of an SQL script; a trigger's body stays whole."""
    found, pending = [], ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite3.complete_statement(pending):
            found.append(pending)
            pending = ""
    assert not pending.strip(), f"unfinished statement: {pending[:80]}"
    return found
