"""Connections to `workbench.db`: one per operation, so that any thread may use the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

#: How long a writer waits for another writer, in milliseconds.
_BUSY_TIMEOUT_MS = 60_000

#: Pages that a connection keeps before it writes some out, in KiB; only what is used counts.
_CACHE_KIB = 262_144

Parameters = Sequence[object] | Mapping[str, object]


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose transactions we begin and end ourselves."""
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None
    )
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_TIMEOUT_MS}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


class Reader:
    """One consistent view of the workspace: every question sees the same moment."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @property
    def seq(self) -> int:
        """The recorded time of this view: the number of the last audit event."""
        return int(self.value("SELECT ifnull(max(seq), 0) FROM audit_event"))

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        """Every row of a question."""
        return self._connection.execute(sql, parameters).fetchall()

    def pieces(
        self, sql: str, parameters: Parameters = (), *, size: int
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a question, so many at a time."""
        cursor = self._connection.execute(sql, parameters)
        while rows := cursor.fetchmany(size):
            yield rows

    def records(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        """Every row of a question, keyed by column."""
        cursor = self._connection.execute(sql, parameters)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor]

    def record(self, sql: str, parameters: Parameters = ()) -> dict[str, Any] | None:
        """The only row of a question; None when there is none."""
        found = self.records(sql, parameters)
        assert len(found) <= 1, f"more than one row: {sql}"
        return found[0] if found else None

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """The first column of the first row; None when there is no row."""
        row = self._connection.execute(sql, parameters).fetchone()
        return row[0] if row else None

    def frame(
        self, sql: str, parameters: Parameters = (), *, schema: pl.Schema
    ) -> pl.DataFrame:
        """The rows of a question as a frame; ISO texts become dates, 0 and 1 Booleans."""
        stored = {name: _STORED.get(kind, kind) for name, kind in schema.items()}
        fetched = self._connection.execute(sql, parameters).fetchall()
        frame = pl.DataFrame(fetched, schema=stored, orient="row")
        return frame.with_columns(_restored(name, kind) for name, kind in schema.items())

    def gathered(
        self, sql: str, parameters: Parameters = (), *, schema: pl.Schema
    ) -> pl.DataFrame:
        """As `frame`, for many rows whose order does not matter.

        SQLite gathers each column as one JSON array: half the time, and a fraction of the
        memory, of as many tuples.
        """
        names = ", ".join(schema)
        arrays = ", ".join(f"json_group_array({name})" for name in schema)
        question = f"WITH found ({names}) AS ({sql}) SELECT {arrays} FROM found"  # noqa: S608
        texts = self._connection.execute(question, parameters).fetchone()
        columns = [
            pl.Series(name, json.loads(text), dtype=_STORED.get(kind, kind))
            for (name, kind), text in zip(schema.items(), texts, strict=True)
        ]
        frame = pl.DataFrame(columns)
        return frame.with_columns(_restored(name, kind) for name, kind in schema.items())


def has_table(reader: Reader, table: str) -> bool:
    """Whether the schema has a table; an older one may not."""
    return bool(
        reader.value("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", [table])
    )


#: How types without a twin in SQLite are stored.
_STORED: dict[object, pl.DataType] = {
    pl.Date: pl.String(),
    pl.Boolean: pl.Int64(),
    pl.UInt64: pl.Int64(),
    pl.Int32: pl.Int64(),
}


def to_stored(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame in types that SQLite has: whole numbers and text."""
    return frame.with_columns(
        [pl.col(name).dt.strftime("%Y-%m-%d") for name in _of(frame, pl.Date)]
        + [pl.col(name).cast(pl.Int64) for name in _of(frame, pl.Boolean, pl.Int32)]
        + [pl.col(name).reinterpret(signed=True) for name in _of(frame, pl.UInt64)]
    )


def _of(frame: pl.DataFrame, *kinds: type[pl.DataType]) -> list[str]:
    return [name for name, kind in frame.schema.items() if kind in kinds]


def _restored(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if kind == pl.Date:
        return column.str.to_date("%Y-%m-%d")
    if kind == pl.UInt64:
        return column.reinterpret(signed=False)
    return column.cast(kind)
