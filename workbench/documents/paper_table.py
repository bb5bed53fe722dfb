"""A table on paper: headings on every page, rows of measured text, notes below rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.documents.fonts import Style, face, printable
from workbench.documents.paper import (
    ACCENT,
    BAD,
    BODY,
    BOTTOM,
    GOOD,
    INK,
    LEFT,
    LINE,
    MUTED,
    ROW,
    RULE,
    ZEBRA,
    Align,
    Color,
    Paper,
    baseline,
)
from workbench.documents.paper_blocks import heading
from workbench.documents.tables import NO, YES, Kind, Row, Table, Tone
from workbench.documents.typesetting import Grid, grid, shorten, wrap

_NOTE = 7.0
_GAP = 3.0

#: So many lines of a note stay with their row; the rest may go on to the next page.
_NOTE_LINES = 40

#: Widths are sums of floats: a text is not shortened for less than this, in millimeters.
_ROUNDING = 0.01

_MARK_COLORS: Mapping[str, Color] = {YES: GOOD, NO: BAD}
_ALIGN: Mapping[Kind, Align] = {
    Kind.TEXT: "L",
    Kind.DATE: "L",
    Kind.NUMBER: "R",
    Kind.MARK: "C",
}


def draw_table(paper: Paper, table: Table) -> None:
    """A table with its title; the headings stand again on every page it reaches."""
    heading(paper, table.title, table.caption, following=(2 + min(len(table.rows), 4)) * ROW)
    if not table.rows:
        paper.put(table.empty, y=paper.top, color=MUTED)
        paper.top += ROW + 6
        return
    rows = [
        Row(tuple(map(printable, row.cells)), row.tone, printable(row.note))
        for row in table.rows
    ]
    table = Table(table.id, table.title, table.columns, rows)
    faces = (face("B") if _has_totals(rows) else face(""), face("B"))
    measures = grid(table, width=paper.epw, size=BODY, gap=_GAP, faces=faces)
    _column_heads(paper, table, measures)
    striped = False
    for row in rows:
        notes = _note_lines(paper, row)
        beside, beyond = notes[:_NOTE_LINES], notes[_NOTE_LINES:]
        height = ROW + len(beside) * LINE + (1.0 if beside else 0.0)
        if paper.top + height > BOTTOM:
            paper.add_page()
            _column_heads(paper, table, measures)
            striped = False
        if striped:
            paper.set_fill_color(*ZEBRA)
            paper.rect(LEFT, paper.top, paper.epw, height, style="F")
        striped = not striped
        _cells(paper, row, table, measures)
        for index, line in enumerate(beside):
            _note(paper, line, top=paper.top + ROW - 0.4 + index * LINE)
        paper.top += height
        for line in beyond:
            paper.need(LINE)
            _note(paper, line, top=paper.top)
            paper.top += LINE
    paper.line(LEFT, paper.top, LEFT + paper.epw, paper.top)
    paper.top += 5.5


def _column_heads(paper: Paper, table: Table, measures: Grid) -> None:
    """The headings, bottom-aligned, above a rule."""
    heads = [
        wrap(
            printable(column.heading),
            width=width - _GAP + 0.1,
            size=measures.size,
            face=face("B"),
        )
        for column, width in zip(table.columns, measures.widths, strict=True)
    ]
    height = max(map(len, heads)) * LINE + 1.5
    x = LEFT
    for column, lines, width in zip(table.columns, heads, measures.widths, strict=True):
        y = paper.top + height - 1.0 - len(lines) * LINE
        for index, line in enumerate(lines):
            paper.put(
                line,
                x=x + _GAP / 2,
                y=y + index * LINE,
                size=measures.size,
                style="B",
                color=MUTED,
                align=_ALIGN[column.kind],
                width=width - _GAP + 0.2,
                height=LINE,
            )
        x += width
    paper.top += height
    paper.set_draw_color(*ACCENT)
    paper.line(LEFT, paper.top, LEFT + paper.epw, paper.top)
    paper.set_draw_color(*RULE)


def _note_lines(paper: Paper, row: Row) -> list[str]:
    if not row.note:
        return []
    return wrap(row.note, width=paper.epw - 8, size=_NOTE, face=face(""))


def _note(paper: Paper, line: str, *, top: float) -> None:
    paper.put(line, x=LEFT + 4, y=top, size=_NOTE, color=MUTED, height=LINE)


def _cells(paper: Paper, row: Row, table: Table, measures: Grid) -> None:
    """The cells of one row, whose texts are printable already. This is the hot loop."""
    style: Style = "B" if row.tone is Tone.TOTAL else ""
    color = BAD if row.tone is Tone.WARNING else INK
    if row.tone is Tone.TOTAL:
        paper.line(LEFT, paper.top, LEFT + paper.epw, paper.top)
    paper.ink(style, measures.size, color)
    letters, size = face(style), measures.size
    x, y = LEFT + _GAP / 2, baseline(paper.top, ROW, size)
    for column, cell, width in zip(table.columns, row.cells, measures.widths, strict=True):
        room = width - _GAP
        wide = letters.width(cell, size=size)
        if column.kind is Kind.NUMBER:
            paper.text(x + room - wide, y, cell)
        elif column.kind is Kind.MARK:
            paper.ink("B", size, _MARK_COLORS.get(cell, color))
            paper.text(x + (room - face("B").width(cell, size=size)) / 2, y, cell)
            paper.ink(style, size, color)
        elif wide <= room + _ROUNDING:
            paper.text(x, y, cell)
        else:
            paper.text(x, y, shorten(cell, width=room, size=size, face=letters))
        x += width


def _has_totals(rows: Sequence[Row]) -> bool:
    return any(row.tone is Tone.TOTAL for row in rows)
