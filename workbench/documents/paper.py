"""A4 paper: pages with a running header and footer, and text placed on them.

Lengths are millimeters, type sizes points. Blocks follow each other downward: `top` is
where the next one begins.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fpdf import FPDF
from fpdf.fonts import TTFFont

from workbench.documents.document import Document
from workbench.documents.fonts import FAMILY, Style, face, font_file, printable
from workbench.documents.typesetting import shorten
from workbench.model.texts import translate

Color = tuple[int, int, int]
Align = Literal["L", "C", "R"]

INK: Color = (31, 36, 43)
MUTED: Color = (104, 113, 122)
RULE: Color = (203, 209, 215)
ZEBRA: Color = (246, 248, 250)
ACCENT: Color = (22, 74, 99)
GOOD: Color = (20, 108, 67)
GOOD_TINT: Color = (234, 245, 239)
BAD: Color = (168, 32, 32)
BAD_TINT: Color = (252, 238, 237)

LEFT = 16.0
TOP = 22.0
BOTTOM = 277.0
BODY = 7.5
ROW = 4.6
LINE = 3.5
_POINT = 25.4 / 72


class Paper(FPDF):
    """A4 pages with a running header and footer, on which blocks follow each other."""

    def __init__(self, document: Document, *, created: dt.datetime) -> None:
        """Start the first page.

        Args:
            document: What is printed.
            created: The only date in the file; must know its zone.
        """
        assert created.tzinfo is not None, created
        super().__init__(format="A4")
        self.document = document
        self.say_language = document.language
        self.set_creation_date(created)
        self.set_title(f"{document.title} – {document.company}")
        self.set_author(document.company)
        self.set_creator("Collection Workbench")
        self.set_lang(document.language)
        self.set_margin(LEFT)
        self.set_auto_page_break(auto=False)
        styles: tuple[Style, ...] = ("", "B")
        for style in styles:
            self.add_font(FAMILY, style, font_file(style))
        self.set_line_width(0.2)
        self.c_margin = 0
        self.set_draw_color(*RULE)
        self.top = TOP
        self.add_page()

    def close(self) -> None:
        """Close the font files, which the PDF library leaves open."""
        for font in self.fonts.values():
            assert isinstance(font, TTFFont)
            font.ttfont.close()

    def header(self) -> None:
        """Company, title and date; the first page has them in its title block."""
        self.top = TOP
        if self.page_no() == 1:
            self.set_fill_color(*ACCENT)
            self.rect(0, 0, self.w, 3.2, style="F")
            return
        document = self.document
        heading = f"{document.company}  ·  {document.title}"
        self.put(heading, y=10, size=7.5, color=MUTED, width=self.epw - 40)
        self.put(document.as_of, y=10, size=7.5, color=MUTED, align="R")
        self.line(LEFT, 15.5, self.w - LEFT, 15.5)

    def footer(self) -> None:
        """The page's number, the run, and the audit head."""
        self.line(LEFT, 282, self.w - LEFT, 282)
        words = self.say("Page {page} of {pages}")
        left = words.format(page=self.page_no(), pages=self.str_alias_nb_pages)
        center, right = self.document.footer
        self.ink("", 7, MUTED)
        self.set_xy(LEFT, 283)
        self.cell(h=ROW, text=left)  # the one call that fills in the number of pages
        self.put(center, y=283, size=7, color=MUTED, align="C")
        self.put(right, y=283, size=7, color=MUTED, align="R")

    def say(self, message: str) -> str:
        """A word of the paper itself in the document's language."""
        return translate(message, language=self.say_language)

    def need(self, height: float) -> None:
        """Go to a new page where less than a height in millimeters is left."""
        if self.top + height > BOTTOM:
            self.add_page()

    def put(  # one text, placed and styled
        self,
        text: str,
        *,
        y: float,
        size: float = BODY,
        style: Style = "",
        color: Color = INK,
        align: Align = "L",
        x: float = LEFT,
        width: float | None = None,
        height: float = ROW,
    ) -> None:
        """One line of text in a box; what is too wide ends with …."""
        room = self.epw if width is None else width
        line = shorten(printable(text), width=room, size=size, face=face(style))
        if align != "L":
            rest = room - face(style).width(line, size=size)
            x += rest if align == "R" else rest / 2
        self.set_font(FAMILY, style, size)
        self.set_text_color(*color)
        self.text(x, baseline(y, height, size), line)

    def ink(self, style: Style, size: float, color: Color) -> None:
        """One color for filling and for text, which spares a color change per text."""
        self.set_font(FAMILY, style, size)
        self.set_fill_color(*color)
        self.set_text_color(*color)


def baseline(top: float, height: float, size: float) -> float:
    """Where the letters stand in a line of a height, so that capitals are centered."""
    return top + height / 2 + 0.365 * size * _POINT
