"""What a posting does, by kind: lines and cash."""

from __future__ import annotations

from workbench.collection.settlement import Planned
from workbench.widgets.markup import Cell, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import POSTINGS


def plan_table(found: Planned, screen: Screen) -> str:
    """Lines and cash by what the posting does with them, as HTML."""
    say = screen.say
    heads = [Cell(say("Posting")), Cell(say("Lines"), number=True),
             Cell(say("Cash"), number=True)]  # fmt: skip
    rows = [
        [
            Cell(say(POSTINGS.texts[kind])),
            Cell(screen.numbers.integer(lines), number=True),
            Cell(screen.money(cash, currency), number=True),
        ]
        for (kind, currency), (lines, cash) in found.kinds.items()
    ]
    return plain_table(heads, rows)
