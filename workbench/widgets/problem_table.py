"""Problems of a file as a table: where, how grave, what is wrong, what to do."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.problems import Problem, Severity
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import SEVERITIES

#: So many problems are shown; the rest are counted.
SHOWN = 20


def problem_table(problems: Sequence[Problem], screen: Screen) -> str:
    """The gravest problems first; nothing when there are none."""
    if not problems:
        return ""
    say, language = screen.say, screen.language
    heads = [say("Where"), "", say("What is wrong"), say("What to do")]
    rows = [
        [
            Cell(problem.place(), tone="dim"),
            Cell(say(SEVERITIES.texts[problem.severity]),
                 tone=SEVERITIES.tones[problem.severity]),
            Cell(problem.message(language=language)),
            Cell(problem.advice(language=language)),
        ]
        for problem in sorted(problems, key=_gravity)[:SHOWN]
    ]  # fmt: skip
    table = plain_table([Cell(head) for head in heads], rows)
    more = len(problems) - SHOWN
    if more <= 0:
        return table
    rest = screen.counted("… and {count} problem more.", "… and {count} problems more.", more)
    return table + paragraph(rest, tone="dim")


def _gravity(problem: Problem) -> int:
    return list(Severity).index(problem.severity)
