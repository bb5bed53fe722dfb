"""The account of a customer: what moved its balance, line by line, and what it came to.

Settlements within one customer move nothing; one that touches two customers moves both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import polars as pl

from workbench.store.connection import Reader

#: Movements in the order of their posting dates; `balance_minor` is what they come to so far.
MOVEMENTS = pl.Schema(
    {
        "customer_no": pl.String,
        "currency": pl.String,
        "posting_date": pl.Date,
        "document_no": pl.String,
        "kind": pl.String,
        "text": pl.String,
        "amount_minor": pl.Int64,
        "balance_minor": pl.Int64,
        "recorded": pl.Int64,
        "row_id": pl.Int64,
    }
)

_MOVES = """
SELECT c.customer_no, m.currency, m.posting_date, m.document_no, m.kind, m.text,
       m.amount_minor, 0, m.recorded, m.row_id
FROM (
    SELECT e.customer_id, e.currency, e.posting_date, e.document_no, e.kind, e.text,
           e.amount_minor, e.recorded, e.entry_id AS row_id FROM entry AS e
    UNION ALL
    SELECT t.customer_id, a.currency, a.posting_date, f.document_no, a.kind, t.document_no,
           -a.amount_minor, a.recorded, a.application_id
    FROM application AS a JOIN entry AS t ON t.entry_id = a.to_entry_id
    JOIN entry AS f ON f.entry_id = a.from_entry_id WHERE t.customer_id <> f.customer_id
    UNION ALL
    SELECT f.customer_id, a.currency, a.posting_date, t.document_no, a.kind, f.document_no,
           a.amount_minor, a.recorded, a.application_id
    FROM application AS a JOIN entry AS t ON t.entry_id = a.to_entry_id
    JOIN entry AS f ON f.entry_id = a.from_entry_id WHERE t.customer_id <> f.customer_id
) AS m JOIN customer AS c USING (customer_id)
WHERE m.posting_date <= :as_of AND m.recorded <= :known
"""
_ORDER = ("customer_no", "currency", "posting_date", "recorded", "row_id")


@dataclass(frozen=True, slots=True)
class Statement:
    """A customer's account between two days: opening + movements = closing.

    Attributes:
        opening_minor: The balance before the first day, by currency.
        movements: Rows of `MOVEMENTS` from the first day to the last.
        closing_minor: The balance at the end of the last day, by currency.
    """

    opening_minor: dict[str, int]
    movements: pl.DataFrame
    closing_minor: dict[str, int]


def movements(
    reader: Reader, *, as_of: dt.date, known: int, customer_no: str | None = None
) -> pl.DataFrame:
    """What moved the balances, of all customers or of one; rows of `MOVEMENTS`."""
    parameters: dict[str, object] = {"as_of": as_of.isoformat(), "known": known}
    question = _MOVES
    if customer_no is not None:
        question += " AND c.customer_no = :customer_no"
        parameters["customer_no"] = customer_no
    found = reader.gathered(question, parameters, schema=MOVEMENTS).sort(_ORDER)
    so_far = pl.col("amount_minor").cum_sum().over("customer_no", "currency")
    return found.with_columns(balance_minor=so_far)


def statement(
    reader: Reader, *, customer_no: str, first_day: dt.date, as_of: dt.date, known: int
) -> Statement:
    """The account of one customer between two days, as known at a number."""
    every = movements(reader, as_of=as_of, known=known, customer_no=customer_no)
    before = every.filter(pl.col("posting_date") < first_day)
    shown = every.filter(pl.col("posting_date") >= first_day)
    opening, closing = _balances(before), _balances(every)
    moved = _balances(shown)
    for currency, balance in closing.items():
        assert opening.get(currency, 0) + moved.get(currency, 0) == balance, currency
    return Statement(opening, shown, closing)


def _balances(moves: pl.DataFrame) -> dict[str, int]:
    sums = moves.group_by("currency").agg(pl.col("amount_minor").sum()).sort("currency")
    return dict(sums.iter_rows())
