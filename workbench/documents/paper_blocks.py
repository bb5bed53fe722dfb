"""What stands on paper beside tables: title, facts, verdict, prose, boxes to sign."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.documents.document import Fact, Signature, Verdict
from workbench.documents.fonts import face, printable
from workbench.documents.paper import (
    ACCENT,
    BAD,
    BAD_TINT,
    BODY,
    GOOD,
    GOOD_TINT,
    LEFT,
    LINE,
    MUTED,
    ROW,
    Paper,
)
from workbench.documents.tables import NO, YES
from workbench.documents.typesetting import wrap

_CAPTION = 7.5


def title_block(paper: Paper) -> None:
    """Company, title and subtitle, large."""
    document = paper.document
    paper.put(document.company, y=12, size=10, color=MUTED, height=6)
    paper.put(document.title, y=18.5, size=20, style="B", color=ACCENT, height=10)
    paper.put(document.subtitle, y=29, size=9.5, height=6)
    paper.top = 40


def facts(paper: Paper, facts: Sequence[Fact]) -> None:
    """Labelled values in two columns; a long value takes the whole width."""
    label_width, half = 30.0, paper.epw / 2
    column = 0
    for fact in facts:
        value = printable(fact.value)
        is_long = face("").width(value, size=BODY) > half - label_width - 4
        if is_long and column:
            paper.top, column = paper.top + ROW, 0
        x = LEFT + column * half
        room = (paper.epw if is_long else half) - label_width - 2
        paper.put(fact.label, x=x, y=paper.top, color=MUTED, width=label_width - 2, size=BODY)
        lines = wrap(value, width=room, size=BODY, face=face(""))
        for line in lines:
            paper.put(line, x=x + label_width, y=paper.top, width=room)
            if is_long:
                paper.top += ROW if line is lines[-1] else LINE
        if not is_long:
            paper.top += ROW * column
            column = 1 - column
    paper.top += ROW * column + 3


def verdict(paper: Paper, verdict: Verdict) -> None:
    """The conclusion in a tinted box, with what speaks against it."""
    color, tint = (GOOD, GOOD_TINT) if verdict.holds else (BAD, BAD_TINT)
    room = paper.epw - 12
    lines = [
        line
        for objection in verdict.objections
        for line in wrap(printable(objection), width=room, size=8, face=face(""))
    ]
    height = 9.5 + (len(lines) * 4.0 + 1.5 if lines else 0)
    paper.need(height)
    paper.set_fill_color(*tint)
    paper.rect(LEFT, paper.top, paper.epw, height, style="F")
    paper.set_fill_color(*color)
    paper.rect(LEFT, paper.top, 1.4, height, style="F")
    headline = f"{YES if verdict.holds else NO}  {verdict.headline}"
    x = LEFT + 5
    paper.put(
        headline, y=paper.top, size=11, style="B", color=color, height=9.5, x=x, width=room
    )
    for index, line in enumerate(lines):
        paper.put(line, y=paper.top + 8.5 + index * 4.0, size=8, height=4.0, x=x, width=room)
    paper.top += height + 4


def heading(paper: Paper, title: str, caption: str, *, following: float) -> None:
    """A section's title and its caption, kept together with what follows."""
    text = printable(caption)
    lines = wrap(text, width=paper.epw, size=_CAPTION, face=face("")) if text else []
    paper.need(7.5 + len(lines) * LINE + 1.5 + following)
    paper.start_section(title)
    paper.put(title, y=paper.top, size=11, style="B", color=ACCENT, height=6.5)
    paper.top += 7
    for line in lines:
        paper.put(line, y=paper.top, size=_CAPTION, color=MUTED, height=LINE)
        paper.top += LINE
    paper.top += 1.5


def prose(paper: Paper, title: str, paragraphs: Sequence[str]) -> None:
    """Paragraphs below a title."""
    heading(paper, title, "", following=3 * LINE)
    for paragraph in paragraphs:
        text = printable(paragraph)
        for line in wrap(text, width=paper.epw, size=8, face=face("")):
            paper.need(4.0)
            paper.put(line, y=paper.top, size=8, height=4.0)
            paper.top += 4.0
        paper.top += 1.2
    paper.top += 5


def signatures(paper: Paper, signatures: Sequence[Signature]) -> None:
    """Boxes to sign, side by side."""
    height, gap = 33.0, 6.0
    paper.need(height)
    width = (paper.epw - gap * (len(signatures) - 1)) / len(signatures)
    for index, signature in enumerate(signatures):
        x = LEFT + index * (width + gap)
        paper.rect(x, paper.top, width, height)
        paper.put(
            signature.role,
            x=x + 4,
            y=paper.top + 2.5,
            style="B",
            width=width - 8,
            size=8.5,
        )
        for row, label in enumerate(("Name", "Date", "Signature")):
            y = paper.top + 9.5 + row * 7.2
            paper.put(paper.say(label), x=x + 4, y=y, color=MUTED, width=20)
            paper.line(x + 25, y + ROW, x + width - 4, y + ROW)
            if row == 0:
                paper.put(signature.name, x=x + 26, y=y, width=width - 31, size=8.5)
    paper.top += height + 6
