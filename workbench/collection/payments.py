"""Import of payment information: every line of the file gets its outcome, in one step."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace

import polars as pl

from workbench.collection import register, sql
from workbench.collection.incoming import (
    Import,
    Incoming,
    read_meanwhile,
    record_file,
    refuse,
    unaccepted,
)
from workbench.collection.standing import SET_STANDING, moved_by, moves_of, standing_after
from workbench.matching.match import match_payments
from workbench.matching.rules import RULES, as_json
from workbench.matching.schemas import COLLECTIONS
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction, again_when_stale
from workbench.store.workspace import Workspace

#: From so many lines on, all collections of the creditors are read instead of the named ones.
_MANY = 50_000

#: Classes of a payment line whose cash differs from what was collected.
_DIFFERENCES = ("over", "under", "fee")

#: What the payer wrote, or is known by at the bank.
_PERSONAL = ("payer", "text")


@again_when_stale
def import_payments(
    workspace: Workspace, incoming: Incoming, *, as_of: dt.date, run_id: int | None = None
) -> Import:
    """Match the lines of a file and store file, lines, outcomes and statuses together.

    Lines that were read before are held; a file of which all lines were waits for a person.
    Somebody may write while we match: then it is matched again on what they wrote.
    """
    payments = incoming.delivery.transactions
    with workspace.read() as reader:
        seen = reader.seq
        twice = read_meanwhile(reader, incoming)
        payments = payments.with_columns(known=_known(reader, payments))
        collections = _collections(reader, payments)
        customers = _customers(reader)
    if twice is not None:
        return _refused(workspace, incoming, twice, outcome="refused", run_id=run_id)
    repeated = _all_known(payments, incoming)
    if repeated is not None:
        if unaccepted([repeated], incoming.acceptance):
            return _refused(workspace, incoming, repeated, outcome="waiting", run_id=run_id)
        incoming = replace(incoming, problems=(*incoming.problems, repeated))
    payments = workspace.with_ids(payments, "payment_id")
    outcomes = match_payments(payments, collections=collections, customers=customers)
    stored, decided = _rows(workspace, incoming, payments, outcomes, run_id=run_id)
    stored, personal = _apart(stored)
    moved = moved_by(payments, outcomes)
    moves = moves_of(moved, collections)
    register.require_legal(moves)
    first_id = workspace.draw_ids(1 + moves.height + outcomes.height)
    noted = register.rows(
        moves, on_date=as_of, first_id=first_id + 1, actor=workspace.actor, run_id=run_id
    )
    bulk = {
        "payment_line": stored,
        "payment_person": personal,
        "line_outcome": decided,
        "collection_register": noted,
        "standing": standing_after(moved),
    }
    with workspace.transaction(
        "import_payments",
        role=incoming.role,
        run_id=run_id,
        staged={table: frame for table, frame in bulk.items() if frame.height},
        as_seen=seen,
        file=incoming.name,
        sha256=incoming.sha256,
        lines=payments.height,
    ) as transaction:
        record_file(transaction, incoming)
        transaction.append_staged("payment_line")
        transaction.append_staged("payment_person", recorded=False)
        transaction.append_staged("line_outcome")
        _record_rules(transaction, incoming, first_id)
        if moves.height:
            transaction.append_staged("collection_register")
            transaction.execute(SET_STANDING)
        _record_differences(
            transaction, payments, outcomes, first_id=first_id + 1 + moves.height
        )
    counts = dict(outcomes.group_by("outcome").len().sort("outcome").iter_rows())
    return Import(
        incoming.name, incoming.sha256, incoming.delivery.format, "accepted", "",
        incoming.problems, counts, incoming.file_id,
    )  # fmt: skip


def _known(reader: Reader, payments: pl.DataFrame) -> pl.Series:
    """Whether the n-th equal line of this file has n equal lines in the store already."""
    if reader.value("SELECT NOT EXISTS (SELECT 1 FROM payment_line)"):
        return pl.repeat(value=False, n=payments.height, eager=True, dtype=pl.Boolean)
    keys = payments["raw_key"].reinterpret(signed=True)
    stored = reader.frame(
        "SELECT raw_key, count(*) FROM payment_line "
        "WHERE raw_key IN (SELECT value FROM json_each(?)) GROUP BY raw_key",
        [json.dumps(keys.unique().to_list())],
        schema=pl.Schema({"raw_key": pl.UInt64, "stored": pl.Int64}),
    )
    counted = payments.select(
        "raw_key", occurrence=pl.int_range(1, pl.len() + 1).over("raw_key")
    ).join(stored, on="raw_key", how="left", maintain_order="left")
    return (counted["occurrence"] <= counted["stored"].fill_null(0)).rename("known")


def _all_known(payments: pl.DataFrame, incoming: Incoming) -> Problem | None:
    if payments.is_empty() or not payments["known"].all():
        return None
    params: dict[str, str | int] = {"count": payments.height, "name": incoming.name}
    return Problem("all_lines_known", params, incoming.name)


def _refused(
    workspace: Workspace,
    incoming: Incoming,
    problem: Problem,
    *,
    outcome: str,
    run_id: int | None,
) -> Import:
    return refuse(
        workspace, incoming.name, incoming.sha256, [*incoming.problems, problem],
        outcome=outcome, run_id=run_id, format_id=incoming.delivery.format,
    )  # fmt: skip


def _collections(reader: Reader, payments: pl.DataFrame) -> pl.DataFrame:
    """The collections that the payments may mean."""
    creditors = json.dumps(payments["creditor_no"].drop_nulls().unique().to_list())
    if payments.height >= _MANY:
        return reader.gathered(sql.COLLECTIONS_OF_CREDITORS, [creditors], schema=COLLECTIONS)
    parameters = {
        "creditors": creditors,
        "references": _texts(payments["reference"]),
        "slips": _texts(payments["reference"].str.slice(0, 9)),
        "customers": _texts(payments["customer_no"]),
    }
    return reader.frame(sql.COLLECTIONS_NAMED, parameters, schema=COLLECTIONS)


def _texts(column: pl.Series) -> str:
    return json.dumps(column.drop_nulls().unique().to_list(), ensure_ascii=False)


def _customers(reader: Reader) -> pl.Series:
    numbers = [no for (no,) in reader.rows("SELECT customer_no FROM customer")]
    return pl.Series("customer_no", numbers, pl.String)


def _rows(
    workspace: Workspace,
    incoming: Incoming,
    payments: pl.DataFrame,
    outcomes: pl.DataFrame,
    *,
    run_id: int | None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of `payment_line` and `line_outcome`."""
    stored = payments.rename({"payment_id": "payment_line_id"}).drop("known")
    stored = stored.select(
        "payment_line_id",
        pl.lit(incoming.file_id).alias("file_id"),
        pl.exclude("payment_line_id"),
    )
    decided = workspace.with_ids(outcomes, "outcome_id").select(
        "outcome_id",
        pl.col("payment_id").alias("payment_line_id"),
        "outcome",
        "class",
        pl.col("collection_id").alias("collection_line_id"),
        pl.col("reverses_payment_id").alias("reverses_payment_line_id"),
        "applied_minor",
        "residual_minor",
        "difference_minor",
        "rule",
        "confidence",
        pl.col("agreed").fill_null(""),
        pl.col("differed").fill_null(""),
        "weight",
        pl.col("runner_up_collection_id").alias("runner_up"),
        "margin",
        pl.lit(run_id, pl.Int64).alias("run_id"),
        pl.lit(workspace.actor).alias("actor"),
    )
    faults = _faults_by_line(incoming.problems, language=workspace.settings.language)
    said = stored["line"].replace_strict(faults, default=None, return_dtype=pl.String)
    faulty = pl.when(stored["faulty"]).then(said).alias("reason")
    return stored, decided.with_columns(faulty)


def _apart(stored: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines without, and beside them, what their payers said of themselves.

    Personal words are removed when their time is past; the lines are facts that stay.
    """
    personal = stored.select("payment_line_id", *_PERSONAL)
    said = pl.any_horizontal(pl.col(*_PERSONAL).is_not_null())
    nothing = [pl.lit(None, pl.String).alias(name) for name in _PERSONAL]
    return stored.with_columns(nothing), personal.filter(said)


def _faults_by_line(problems: Iterable[Problem], *, language: str) -> dict[int, str]:
    """What is wrong with each line of the file, in words."""
    found: dict[int, list[str]] = {}
    for problem in problems:
        if problem.line is not None:
            found.setdefault(problem.line, []).append(problem.message(language=language))
    return {line: " ".join(words) for line, words in found.items()}


def _record_rules(transaction: Transaction, incoming: Incoming, rules_id: int) -> None:
    transaction.execute(
        "INSERT INTO match_rules VALUES (?, ?, ?, ?, ?)",
        [rules_id, transaction.step.run_id, incoming.file_id, as_json(RULES),
         transaction.number],
    )  # fmt: skip


def _record_differences(
    transaction: Transaction,
    payments: pl.DataFrame,
    outcomes: pl.DataFrame,
    *,
    first_id: int,
) -> None:
    """Paid is not collected: an object for a person, one per payment."""
    differing = outcomes.filter(
        pl.col("class").is_in(_DIFFERENCES),
        pl.col("difference_minor").fill_null(0) != 0,
        pl.col("new_status") == "paid",
    ).join(payments.select("payment_id", "currency"), on="payment_id", maintain_order="left")
    transaction.append(
        "difference",
        differing.select(
            pl.int_range(first_id, first_id + differing.height, dtype=pl.Int64)
            .alias("difference_id"),
            pl.col("payment_id").alias("payment_line_id"),
            pl.col("collection_id").alias("collection_line_id"),
            "class",
            pl.col("difference_minor").alias("amount_minor"),
            "currency",
        ),
    )  # fmt: skip
