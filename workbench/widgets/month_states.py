"""The states of a month, in words."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.ledger import period_states
from workbench.model.texts import marked
from workbench.widgets.markup import Cell, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import Words

STATES = Words(
    {
        "open": marked("Open"),
        "soft_closed": marked("Softly closed"),
        "closed": marked("Closed"),
    },
    {"open": "good", "soft_closed": "warn", "closed": "dim"},
)


def states_of(screen: Screen, month: dt.date) -> str:
    """The states of a month, of all journals and of those with one of their own."""
    with screen.workspace.read() as reader:
        found = period_states.listing(reader).filter(pl.col("first_day") == month)
    every = screen.say("All journals")
    rows = [
        [
            Cell(row["journal"] or every),
            Cell(screen.say(STATES.texts[row["state"]]), tone=STATES.tones[row["state"]]),
            Cell(row["changed_by"] or "", tone="dim"),
            Cell(row["reason"] or "", tone="dim"),
        ]
        for row in found.iter_rows(named=True)
    ]
    heads = [Cell(screen.say(word)) for word in (
        marked("Journal"), marked("State"), marked("Who"), marked("Why"))]  # fmt: skip
    return plain_table(heads, rows)
