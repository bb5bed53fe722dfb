"""A write: everything of one step or nothing, with its audit event."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec, TypeVar

import polars as pl

from workbench.store import audit
from workbench.store.connection import Parameters, Reader, to_stored

P = ParamSpec("P")
R = TypeVar("R")

#: Primary keys and version tables of the rows that people edit.
EDITABLE = {
    "person": "person_id",
    "customer": "customer_id",
    "entry": "entry_id",
    "agreement": "agreement_id",
    "collection_line": "collection_line_id",
    "delivery": "delivery_id",
    "difference": "difference_id",
    "period": "period_id",
    "queue_entry": "queue_entry_id",
    "user_account": "user_id",
}


class StaleRowError(Exception):
    """Somebody else changed the row since it was read."""

    def __init__(self, table: str, row_id: int, *, version: int, changed: str) -> None:
        super().__init__(f"{table} {row_id} is now version {version}: {changed}")
        self.table = table
        self.row_id = row_id
        self.version = version
        self.changed = changed


class StaleViewError(Exception):
    """The workspace changed between reading and writing."""


def again_when_stale(step: Callable[P, R]) -> Callable[P, R]:
    """A step that reads and then writes, begun again whenever somebody wrote in between.

    Only for steps that need nobody's word: what a person confirmed is not done anew on
    other rows.
    """

    @wraps(step)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        while True:
            try:
                return step(*args, **kwargs)
            except StaleViewError:
                continue

    return run


@dataclass(frozen=True, slots=True)
class Step:
    """What a write is: its name, who does it, in which run, and about what."""

    name: str
    actor: str
    at: str
    run_id: int | None
    subject: Mapping[str, object]


class Transaction(Reader):
    """A view that can write; it holds the only write lock until it ends."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        step: Step,
        *,
        digest_key: str,
        staged: Mapping[str, pl.DataFrame],
    ) -> None:
        super().__init__(connection)
        self.step = step
        self.number = super().seq + 1
        self._digest_key = digest_key
        self._staged = staged
        self._appended: dict[str, list[pl.DataFrame]] = {}
        self._edits: list[tuple[object, ...]] = []
        self._subject = dict(step.subject)

    def note(self, **facts: object) -> None:
        """Add facts to what the audit event says about the step."""
        self._subject.update(facts)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement; the number of rows that it changed."""
        return self._connection.execute(sql, parameters).rowcount

    def execute_many(self, sql: str, parameters: Iterable[Parameters]) -> None:
        """Run one statement for each set of parameters."""
        self._connection.executemany(sql, parameters)

    def draw_ids(self, count: int) -> int:
        """Reserve so many identifiers within this step; the first of them."""
        return int(
            self.value(
                "UPDATE id_sequence SET next_id = next_id + ? RETURNING next_id - ?",
                [count, count],
            )
        )

    def append(self, table: str, frame: pl.DataFrame, *, recorded: bool = True) -> None:
        """Add rows to a table, stamped with the recorded time of this step.

        Args:
            frame: Columns named as in the table, without `recorded`.
            recorded: Whether the table has a column `recorded`.
        """
        if frame.is_empty():
            return
        stored = to_stored(frame)
        columns = [*stored.columns, "recorded"] if recorded else stored.columns
        marks = ["?"] * stored.width + ([str(self.number)] if recorded else [])
        self.execute_many(
            f"INSERT INTO {table} ({', '.join(columns)}) "  # noqa: S608  # our own names
            f"VALUES ({', '.join(marks)})",
            stored.iter_rows(),
        )
        self._vouch(table, stored)

    def append_staged(self, table: str, *, recorded: bool = True) -> None:
        """Make the staged rows of a table real; nothing when none were staged.

        Args:
            table: Its columns are those of the staged frame.
            recorded: Whether the table has a column `recorded`.
        """
        if table not in self._staged:
            return
        stored = self._staged[table]
        names = ", ".join(stored.columns)
        into, values = (f"{names}, recorded", f"{names}, {self.number}")
        if not recorded:
            into = values = names
        count = self.execute(
            f"INSERT INTO main.{table} ({into}) "  # noqa: S608  # our own names
            f"SELECT {values} FROM staging.{table}"
        )
        assert count == stored.height, (table, count, stored.height)
        self._vouch(table, stored)

    def edit(
        self, table: str, row_id: int, *, version: int, changes: Mapping[str, object]
    ) -> int:
        """Change fields of one row, if nobody changed it since that version.

        Returns:
            The new version.

        Raises:
            StaleRowError: The row has another version now; says what changed and who did it.
        """
        key = EDITABLE[table]
        row = self.record(f"SELECT * FROM {table} WHERE {key} = ?", [row_id])  # noqa: S608
        assert row is not None, (table, row_id)
        if row["version"] != version:
            raise StaleRowError(
                table,
                row_id,
                version=row["version"],
                changed=self.changes_since(table, row_id, version=version),
            )
        sets = ", ".join(f"{name} = ?" for name in changes)
        self.execute(
            f"UPDATE {table} SET {sets}, version = ? WHERE {key} = ?",  # noqa: S608
            [*changes.values(), version + 1, row_id],
        )
        before = {name: row[name] for name in changes}
        self._keep_version(table, row_id, version=version, before=before)
        self._edits.append(
            (
                table,
                row_id,
                json.dumps(sorted(changes)),
                audit.keyed_digest(before, key=self._digest_key),
                audit.keyed_digest(dict(changes), key=self._digest_key),
            )
        )
        return version + 1

    def changes_since(self, table: str, row_id: int, *, version: int) -> str:
        """What people changed of a row since a version, and who did it; one sentence."""
        kept = "person_version" if table == "person" else "row_version"
        which = "person_id = ?" if table == "person" else "table_name = ? AND row_id = ?"
        rows = self.rows(
            f"SELECT v.fields, e.actor, e.at FROM {kept} AS v "  # noqa: S608  # our own names
            f"JOIN audit_event AS e ON e.seq = v.recorded "
            f"WHERE {which} AND v.version >= ? ORDER BY v.version",
            [row_id, version] if table == "person" else [table, row_id, version],
        )
        if not rows:
            return "changed by a step that moved it on"
        return "; ".join(
            f"{', '.join(json.loads(fields))} changed by {actor} at {at}"
            for fields, actor, at in rows
        )

    def finish(self) -> None:
        """Write the audit event; called once, before the commit."""
        self._write_edits()
        digests: dict[str, object] = {}
        for table, frames in self._appended.items():
            same = [frame.select(frames[0].columns) for frame in frames]
            rows = pl.concat(same, how="vertical_relaxed")
            order = "number" if table == "audit_row" else audit.VOUCHED[table]
            rows = rows.sort(order.split(", "), maintain_order=True)
            count, digest = audit.rows_digest([rows])
            digests[table] = {"columns": rows.columns, "rows": count, "sha256": digest}
        event: dict[str, object] = {
            "seq": self.number,
            "at": self.step.at,
            "actor": self.step.actor,
            "run_id": self.step.run_id,
            "step": self.step.name,
            "subject": _json(self._subject),
            "digests": _json(digests),
            "previous_hash": audit.head(self).partition(":")[2],
        }
        event["hash"] = audit.event_hash(event)
        marks = ", ".join("?" * len(event))
        self.execute(
            f"INSERT INTO audit_event ({', '.join(event)}) VALUES ({marks})",  # noqa: S608
            list(event.values()),
        )

    def _vouch(self, table: str, stored: pl.DataFrame) -> None:
        if table in audit.VOUCHED:
            self._appended.setdefault(table, []).append(stored)

    def _keep_version(
        self, table: str, row_id: int, *, version: int, before: dict[str, object]
    ) -> None:
        if table == "person":
            self.execute(
                "INSERT INTO person_version VALUES (?, ?, ?, ?)",
                [row_id, version, self.number, _json(before)],
            )
            return
        self.execute(
            "INSERT INTO row_version VALUES (?, ?, ?, ?, ?)",
            [table, row_id, version, self.number, _json(before)],
        )

    def _write_edits(self) -> None:
        if not self._edits:
            return
        rows = [(number, *edit) for number, edit in enumerate(self._edits, start=1)]
        columns = [
            "number",
            "table_name",
            "row_id",
            "fields",
            "before_digest",
            "after_digest",
        ]
        self.execute_many(
            f"INSERT INTO audit_row (seq, {', '.join(columns)}) "  # noqa: S608  # our own names
            f"VALUES ({self.number}, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        self._appended["audit_row"] = [pl.DataFrame(rows, schema=columns, orient="row")]


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
