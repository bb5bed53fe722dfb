"""What a confirmation shows: the lines that are meant, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import polars as pl

from workbench.widgets.columns import Column
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen

#: So many lines are shown whole; a longer list is told by its sum.
_SHOWN = 10


def preview(
    rows: pl.DataFrame,
    *,
    screen: Screen,
    columns: Sequence[Column],
    amount: str,
    question: str,
    notes: Sequence[str] = (),
) -> str:
    """A question, the first lines that it is about, and the sum of all of them."""
    heads = [Cell(screen.say(c.label), number=c.is_number) for c in columns]
    body = [
        [c.cell(row[c.name], screen, currency=row["currency"]) for c in columns]
        for row in rows.head(_SHOWN).iter_rows(named=True)
    ]
    more = rows.height - _SHOWN
    rest = screen.counted("… and {count} line more.", "… and {count} lines more.", more)
    told = [paragraph(rest, tone="dim")] * (more > 0)
    told += [paragraph(sums(rows, screen=screen, amount=amount)), *map(paragraph, notes)]
    return f"<h4>{escape(question)}</h4>{plain_table(heads, body)}{''.join(told)}"


def sums(rows: pl.DataFrame, *, screen: Screen, amount: str) -> str:
    """How many lines there are and their sum, per currency."""
    totals = rows.group_by("currency").agg(pl.col(amount).sum()).sort("currency")
    money = " + ".join(screen.money(total, currency) for currency, total in totals.iter_rows())
    lines = screen.counted("{count} line", "{count} lines", rows.height)
    return screen.say("In all: {lines}, {sum}", lines=lines, sum=money)
