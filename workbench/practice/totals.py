"""Totals of the center's books: what anybody else's books have to come to."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from workbench.practice.answering import lumps, tally, told_days
from workbench.practice.books import PLANNED, TRUTH, Books, Row
from workbench.practice.mix import CLASSES
from workbench.practice.payments import CODES, TOLD

Tally = dict[str, dict[str, int]]

_PAID = ("count", "amount_minor", "paid_minor")


def totals(books: Path, *, as_of: date) -> dict[str, Any]:
    """What the center has received and told up to a day, counted from its books alone.

    Returns:
        `received` and `refused`: deliveries, and count and amount of accepted collections.
        `classes`: count and amount of the lines of each class, told or not.
        `kinds`: count, amount to collect and cash of what was told, by kind of record.
        `truths`: the same by what the payments are in truth.
        `lumps`: cash by creditor, section and booking date, as the bank books it.
        Every class, kind and truth is there, with zeros where nothing happened.
    """
    own = Books(books)
    rows = [row for row in own.delivery_rows() if str(row["as_of"]) <= as_of.isoformat()]
    accepted = [row for row in rows if row["verdict"] == "accepted"]
    truth = _lines(own, own.truth, accepted, TRUTH)
    told = _told(own, accepted, as_of=as_of)
    lines = truth.filter(pl.col("line").is_not_null())
    return {
        "as_of": as_of.isoformat(),
        "received": {
            "deliveries": len(accepted),
            "count": len(lines),
            "amount_minor": int(lines["amount_minor"].sum()),
        },
        "refused": {"deliveries": len(rows) - len(accepted)},
        "classes": _of_all(CLASSES, _classes(truth), ("count", "amount_minor")),
        "kinds": _of_all(tuple(CODES), tally(told, "kind"), _PAID),
        "truths": _of_all(tuple(step.truth for step in TOLD), tally(told, "truth"), _PAID),
        "lumps": lumps(told),
    }


def _told(books: Books, accepted: list[Row], *, as_of: date) -> pl.DataFrame:
    """The planned payments that stand in answers for the days up to one."""
    days = [(number, day) for day, number in told_days(books) if day <= as_of.isoformat()]
    schema = {"delivery": pl.Int64, "released_on": pl.String}
    told = pl.DataFrame(days, schema=schema, orient="row")
    dated = told.with_columns(pl.col("released_on").str.to_date())
    planned = _lines(books, books.planned, accepted, PLANNED)
    return planned.join(dated, on=["delivery", "released_on"], how="semi")


def _lines(books: Books, path: Path, rows: list[Row], schema: pl.Schema) -> pl.DataFrame:
    frames = [books.lines_of(row, path, schema) for row in rows]
    return pl.concat([pl.DataFrame(schema=schema), *frames])


def _classes(truth: pl.DataFrame) -> Tally:
    counted = truth.group_by("class").agg(
        pl.len().cast(pl.Int64).alias("count"), pl.col("amount_minor").sum()
    )
    return {row.pop("class"): row for row in counted.to_dicts()}


def _of_all(names: tuple[str, ...], found: Tally, columns: tuple[str, ...]) -> Tally:
    nothing = dict.fromkeys(columns, 0)
    return {name: found.get(name, nothing) for name in names}
