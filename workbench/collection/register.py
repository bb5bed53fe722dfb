"""Status moves of collection lines: legal ones only, each a row of the collection register."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.model.statuses import Status, is_legal
from workbench.store.transaction import Transaction


class IllegalMoveError(Exception):
    """The scheme knows no way from one status to the other."""


#: A move: which line goes where, and why.
MOVES = pl.Schema(
    {
        "collection_line_id": pl.Int64,
        "from_status": pl.String,
        "to_status": pl.String,
        "reason": pl.String,
        "payment_line_id": pl.Int64,
    }
)


def move(
    transaction: Transaction, moves: pl.DataFrame, *, on_date: dt.date, first_id: int
) -> None:
    """Note moves in the register and set the lines' statuses to the last of each.

    Args:
        transaction: The step that this is part of.
        moves: Rows of `MOVES`, in the order in which they happened.
        on_date: The day that counts.
        first_id: Identifiers from here on are reserved for the register's rows.
    """
    if moves.is_empty():
        return
    require_legal(moves)
    last = moves.group_by("collection_line_id", maintain_order=True).last()
    transaction.execute_many(
        "UPDATE collection_line SET status = ?, version = version + 1 "
        "WHERE collection_line_id = ?",
        last.select("to_status", "collection_line_id").iter_rows(),
    )
    step = transaction.step
    transaction.append(
        "collection_register",
        rows(moves, on_date=on_date, first_id=first_id, actor=step.actor, run_id=step.run_id),
    )


def rows(
    moves: pl.DataFrame, *, on_date: dt.date, first_id: int, actor: str, run_id: int | None
) -> pl.DataFrame:
    """The register's rows for moves."""
    return moves.select(
        pl.int_range(first_id, first_id + moves.height, dtype=pl.Int64).alias("register_id"),
        "collection_line_id",
        "from_status",
        "to_status",
        pl.lit(on_date).alias("on_date"),
        "reason",
        "payment_line_id",
        pl.lit(actor).alias("actor"),
        pl.lit(run_id, pl.Int64).alias("run_id"),
    )


def require_legal(moves: pl.DataFrame) -> None:
    """Check every kind of move against the scheme's table.

    Raises:
        IllegalMoveError: At least one is not in it.
    """
    sent = frozenset({"sent", "in_process", "collected", "paid", "reversed", "stopped"})
    kinds = moves.filter(pl.col("from_status").is_not_null())
    for before, after in kinds.select("from_status", "to_status").unique().iter_rows():
        if not is_legal(Status(before), Status(after), sent=before in sent):
            raise IllegalMoveError(f"{before} → {after}")
