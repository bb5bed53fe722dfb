"""HTML of screens and job pages: escaped, calm, and without anything from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

from workbench.model.resources import resource_folder

#: Texts up to so many characters fit their column.
_SHORT = 12

_TONES = frozenset({"", "good", "bad", "warn", "dim"})


@dataclass(frozen=True, slots=True)
class Html:
    """Markup that a notebook shows as it is; whoever made it escaped what it holds."""

    markup: str

    def _repr_html_(self) -> str:
        return f'<div class="wb">{self.markup}</div>'


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a plain table: finished text, escaped when it is shown.

    Attributes:
        tone: good, bad, warn or dim; nothing for plain text.
        link: A screen that the text leads to.
    """

    text: str
    number: bool = False
    tone: str = ""
    link: str = ""

    def markup(self, *, tag: str = "td", title: bool = False) -> str:
        """The cell as HTML; with a title that shows the text where the cell is too narrow."""
        assert self.tone in _TONES, self.tone
        names = ["wb-number"] * self.number + [f"wb-{self.tone}"] * bool(self.tone)
        kind = f' class="{" ".join(names)}"' if names else ""
        text = escape(self.text)
        shown = f'<a href="{escape(self.link)}">{text}</a>' if self.link else text
        whole = f' title="{text}"' if title and len(self.text) > _SHORT else ""
        return f"<{tag}{kind}{whole}>{shown}</{tag}>"


@cache
def style() -> str:
    """How screens look."""
    return (resource_folder("templates") / "screen.css").read_text(encoding="utf-8")


def plain_table(
    header: Sequence[Cell], rows: Iterable[Sequence[Cell]], *, total: Sequence[Cell] = ()
) -> str:
    """A short table without sorting or pages, with an optional last line of sums."""
    heads = "".join(
        cell.markup(tag="th").replace("<th", '<th scope="col"', 1) for cell in header
    )
    body = "".join(f"<tr>{''.join(c.markup() for c in row)}</tr>" for row in rows)
    if total:
        body += f'<tr class="wb-sum">{"".join(c.markup() for c in total)}</tr>'
    return (
        f'<table class="wb-plain"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
    )


def paragraph(text: str, *, tone: str = "") -> str:
    """A line of prose, escaped."""
    assert tone in _TONES, tone
    kind = f' class="wb-{tone}"' if tone else ""
    return f"<p{kind}>{escape(text)}</p>"


def message(text: str, *, tone: str = "", busy: bool = False) -> str:
    """What a screen answers to its reader; spoken by a screen reader when it changes."""
    assert tone in _TONES, tone
    names = f"wb-message wb-{tone}" if tone else "wb-message"
    busy_mark = ' class="wb-busy"' if busy else ""
    return (
        f'<div class="{names}" role="status" aria-live="polite">'
        f"<span{busy_mark}>{escape(text)}</span></div>"
    )
