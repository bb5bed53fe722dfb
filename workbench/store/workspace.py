"""The workspace: one folder that holds everything of one company."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import sqlite3
import tomllib
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import polars as pl

from workbench.model.money import EXPONENTS
from workbench.model.texts import LANGUAGES
from workbench.store import identity, migrations, retention, staging, users
from workbench.store.connection import Reader, connect, to_stored
from workbench.store.people import ROLES, Role, require_role
from workbench.store.transaction import StaleViewError, Step, Transaction

Clock = Callable[[], dt.datetime]
T = TypeVar("T")

#: The folders of a workspace.
FOLDERS = ("inbox", "outbox", "archive", "runs", "reports", "backups", "staging")

_SETTINGS = """\
# Settings that are not data. Secrets are named here and kept in the keyring or environment.
company = "{company}"
language = "{language}"
currency = "{currency}"

[folders]
inbox = "inbox"
outbox = "outbox"
"""


class NoWorkspaceError(Exception):
    """The folder holds no workspace."""


class WorkspaceExistsError(Exception):
    """The folder holds a workspace already."""


class NewerWorkspaceError(Exception):
    """The workspace was written by a newer version of the program."""


class BadSettingError(ValueError):
    """What `workbench.toml` says, or is to say, is no setting."""


def system_clock() -> dt.datetime:
    """The time of this machine, in UTC."""
    return dt.datetime.now(dt.UTC)


def clock_from_environment() -> Clock:
    """The machine's clock, or the fixed moment that WORKBENCH_CLOCK names (ISO 8601)."""
    fixed = os.environ.get("WORKBENCH_CLOCK")
    if not fixed:
        return system_clock
    moment = dt.datetime.fromisoformat(fixed)
    return lambda: moment


@dataclass(frozen=True, slots=True)
class Settings:
    """What `workbench.toml` says.

    Attributes:
        retention_years: So long personal data is kept beyond the financial year's end.
        first_month: The month in which a financial year begins.
    """

    company: str
    language: str
    currency: str
    inbox: str
    outbox: str
    retention_years: int
    first_month: int


@dataclass(frozen=True, slots=True)
class Workspace:
    """An open workspace. Every operation has a connection of its own, so threads may share it.

    Attributes:
        clock: Tells the recorded time's UTC label; "today" is always an argument instead.
        actor: Who acts, unless a call says otherwise: the user of the operating system,
            or of the server that the process runs in.
    """

    folder: Path
    clock: Clock = field(default=system_clock)
    actor: str = field(default_factory=identity.login)

    @property
    def database(self) -> Path:
        """The record of everything."""
        return self.folder / "workbench.db"

    @property
    def settings(self) -> Settings:
        """The settings, as they stand in the file now.

        Raises:
            BadSettingError: What somebody wrote there is no setting.
        """
        with (self.folder / "workbench.toml").open("rb") as source:
            try:
                values = tomllib.load(source)
            except ValueError as cause:
                raise BadSettingError(f"workbench.toml cannot be read: {cause}") from cause
        if not isinstance(values.get("company"), str):
            raise BadSettingError("workbench.toml lacks the company's name")
        folders = values.get("folders", {})
        return Settings(
            company=values["company"],
            language=_one_of("language", values.get("language", "en"), LANGUAGES),
            currency=_one_of("currency", values.get("currency", "DKK"), EXPONENTS),
            inbox=folders.get("inbox", "inbox"),
            outbox=folders.get("outbox", "outbox"),
            retention_years=_one_of(
                "retention.years", values.get("retention", {}).get("years", 5), range(100)
            ),
            first_month=_one_of(
                "financial_year.first_month",
                values.get("financial_year", {}).get("first_month", 1),
                range(1, 13),
            ),
        )

    @property
    def inbox(self) -> Path:
        """Where files wait to be read."""
        return self.folder / self.settings.inbox

    @property
    def outbox(self) -> Path:
        """Where files wait to be fetched by the payment center."""
        return self.folder / self.settings.outbox

    def now(self) -> str:
        """The clock's time as a UTC label."""
        return self.clock().astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    @contextmanager
    def read(self) -> Iterator[Reader]:
        """One consistent view for as long as the block lasts."""
        connection = connect(self.database)
        try:
            connection.execute("BEGIN")
            yield Reader(connection)
        finally:
            connection.close()

    @contextmanager
    def transaction(
        self,
        name: str,
        *,
        role: Role | None = None,
        run_id: int | None = None,
        actor: str | None = None,
        staged: Mapping[str, pl.DataFrame] | None = None,
        as_seen: int | None = None,
        **subject: object,
    ) -> Iterator[Transaction]:
        """One step: committed with its audit event at the end of the block, or nothing.

        Args:
            name: The step, as the audit log calls it.
            role: What the actor must be allowed to do; none only for steps of the machine.
            staged: Bulk rows by table; the block makes them real with `append_staged`.
            as_seen: The recorded time at which the caller read what it now acts on.
            subject: Facts that the audit event keeps.

        Raises:
            MissingRoleError: The actor is not allowed to do this.
            StaleViewError: Something was written since `as_seen`.
        """
        step = Step(name, actor or self.actor, self.now(), run_id, subject)
        stored = {table: to_stored(frame) for table, frame in (staged or {}).items()}
        with self._staging(stored) as path:
            connection = connect(self.database)
            try:
                if path is not None:
                    connection.execute("ATTACH ? AS staging", [str(path)])
                connection.execute("BEGIN IMMEDIATE")
                step_transaction = Transaction(
                    connection, step, digest_key=_key(connection), staged=stored
                )
                if role is not None:
                    require_role(step_transaction, step.actor, role)
                if as_seen is not None and step_transaction.seq != as_seen:
                    raise StaleViewError
                yield step_transaction
                step_transaction.finish()
                connection.execute("COMMIT")
            finally:
                connection.close()

    @contextmanager
    def _staging(self, stored: Mapping[str, pl.DataFrame]) -> Iterator[Path | None]:
        filled = {table: frame for table, frame in stored.items() if not frame.is_empty()}
        assert len(filled) == len(stored), "an empty frame was staged"
        if not filled:
            yield None
            return
        path = staging.new_path(self.folder / "staging")
        try:
            staging.write(path, filled)
            yield path
        finally:
            path.unlink(missing_ok=True)

    def draw_ids(self, count: int) -> int:
        """Reserve so many identifiers; the first of them. They are never drawn again."""
        connection = connect(self.database)
        try:
            row = connection.execute(
                "UPDATE id_sequence SET next_id = next_id + ? RETURNING next_id - ?",
                [count, count],
            ).fetchone()
            return int(row[0])
        finally:
            connection.close()

    def with_ids(self, frame: pl.DataFrame, column: str) -> pl.DataFrame:
        """The frame with a column of fresh identifiers."""
        first = self.draw_ids(frame.height)
        numbers = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True)
        return frame.with_columns(numbers.alias(column))


def _one_of(name: str, value: T, allowed: Collection[T]) -> T:
    """A setting that must be one of some values.

    Raises:
        BadSettingError: It is none of them.
    """
    kind = type(next(iter(allowed)))
    if type(value) is not kind or value not in allowed:
        known = ", ".join(map(str, allowed))
        if isinstance(allowed, range):
            known = f"{allowed[0]} to {allowed[-1]}"
        raise BadSettingError(f"the setting {name} is {value!r}; it can be {known}")
    return value


def init(
    folder: Path,
    *,
    company: str,
    language: str = "en",
    currency: str = "DKK",
    clock: Clock = system_clock,
) -> Workspace:
    """Make a workspace in a folder that has none; whoever makes it has every role.

    Raises:
        WorkspaceExistsError: There is one already.
        BadSettingError: The language or the currency is not one of ours.
    """
    _one_of("language", language, LANGUAGES)
    _one_of("currency", currency, EXPONENTS)
    folder = folder.resolve()  # the process may go elsewhere while it is open
    if (folder / "workbench.db").exists():
        raise WorkspaceExistsError(str(folder))
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = _SETTINGS.format(
        company=company.replace("\\", "\\\\").replace('"', '\\"'),
        language=language,
        currency=currency,
    )
    (folder / "workbench.toml").write_text(settings, encoding="utf-8")
    unfinished = folder / "staging" / "workbench.db"
    unfinished.unlink(missing_ok=True)
    sqlite3.connect(unfinished).close()
    migrations.apply(unfinished)
    workspace = Workspace(folder, clock=clock)
    connection = sqlite3.connect(unfinished)
    connection.execute(
        "INSERT INTO setting VALUES ('digest_key', ?), ('workspace_id', ?), ('mode', ?)",
        [secrets.token_hex(32), uuid.uuid4().hex, "trusting"],
    )
    connection.commit()
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    unfinished.rename(workspace.database)
    with workspace.transaction("init", company=company) as transaction:
        transaction.execute("UPDATE id_sequence SET next_id = 2")
        maker = workspace.actor
        users.create(transaction, maker, name=maker, roles=ROLES, user_id=1)
        transaction.note(administrator=1)
    return workspace


def open_workspace(folder: Path, *, clock: Clock | None = None) -> Workspace:
    """Open the workspace in a folder, brought to this version's schema.

    A verified backup is made before the schema changes. What a crash left is deleted.

    Raises:
        BackupError: The backup before a change of the schema does not verify; nothing changed.
        NoWorkspaceError: The folder holds none.
        NewerWorkspaceError: A newer version wrote it.
    """
    workspace = Workspace(folder.resolve(), clock=clock or clock_from_environment())
    if not workspace.database.exists():
        from workbench.store.restore import finish  # noqa: PLC0415  # uses workspaces itself

        finish(workspace.folder)
    if not workspace.database.exists():
        raise NoWorkspaceError(str(folder))
    for name in FOLDERS:  # a copy of a workspace may lack the empty ones
        (workspace.folder / name).mkdir(exist_ok=True)
    staging.remove_leftovers(workspace.folder / "staging")
    with closing(connect(workspace.database)) as connection:
        had, known = migrations.applied(connection), migrations.names()
        if had:
            connection.execute(
                "PRAGMA journal_mode = WAL"
            )  # a killed restore may have ended it
    if set(had) - set(known):
        raise NewerWorkspaceError(", ".join(sorted(set(had) - set(known))))
    if had != known:
        from workbench.store.backup import back_up  # noqa: PLC0415  # of an earlier version only

        back_up(workspace, before=next(name for name in known if name not in had))
        migrations.apply(workspace.database)
    retention.finish(workspace)
    return workspace


def _key(connection: sqlite3.Connection) -> str:
    row = connection.execute("SELECT value FROM setting WHERE key = 'digest_key'").fetchone()
    return str(row[0])
