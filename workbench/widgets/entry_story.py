"""What happened to one entry, in sentences, and where it is used."""

from __future__ import annotations

import datetime as dt
from html import escape

import ipywidgets as widgets
import polars as pl

from workbench.collection.usage import where_used
from workbench.ledger.imports import differences as erp_differences
from workbench.model.texts import marked
from workbench.reports.story import story
from workbench.reports.story_teller import Sentence
from workbench.store.connection import Reader
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen

_JOURNAL, _PAYMENTS = "collection_journal.ipynb", "payments.ipynb"
_HAND_OVER, _IMPORT = "hand_over.ipynb", "import_from_erp.ipynb"

#: Each use in words, and the screen on which it is looked at.
_USES = {
    "lines": (marked("Collections"), _JOURNAL),
    "deliveries": (marked("Deliveries to the payment center"), _JOURNAL),
    "payments": (marked("Payments"), _PAYMENTS),
    "journals": (marked("Vouchers"), ""),
    "applications": (marked("Settlements"), ""),
    "handovers": (marked("Hand-overs to the ERP"), _HAND_OVER),
    "differences": (marked("Differences with the ERP"), _IMPORT),
    "refunds": (marked("Refunds"), _HAND_OVER),
    "letters": (marked("Letters"), ""),
}


class EntryStoryPart:
    """The story of the chosen entry.

    Attributes:
        view: The widget.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self.view = widgets.HTML()
        self.load(None)

    def load(self, entry_id: int | None) -> None:
        """Tell the story of an entry; of none, say how to choose one."""
        if entry_id is None:
            told = paragraph(self._screen.say("Choose one entry above."), tone="dim")
        else:
            with self._screen.workspace.read() as reader:
                told = self._told(reader, entry_id)
        self.view.value = f'<div class="wb">{told}</div>'

    def _told(self, reader: Reader, entry_id: int) -> str:
        screen = self._screen
        found = story(reader, f"entry#{entry_id}", language=screen.language)
        held = erp_differences.open_differences(reader).filter(pl.col("entry_id") == entry_id)
        differences = "".join(self._difference(row) for row in held.iter_rows(named=True))
        return (
            f"<h4>{escape(found.subject.words)}</h4>{differences}"
            f"{self._used(where_used(reader, entry_id))}{self._sentences(found.sentences)}"
        )

    def _difference(self, row: dict[str, object]) -> str:
        told = erp_differences.words(row, language=self._screen.language)
        decide = escape(self._screen.say("Decide"))
        return f'{paragraph(told, tone="warn")}<p><a href="{_IMPORT}">{decide}</a></p>'

    def _used(self, uses: pl.DataFrame) -> str:
        """Every use with its count, and the way to its screen."""
        shown = []
        for use, count in uses.select("use", "count").iter_rows():
            if not count:
                continue
            label, link = _USES[use]
            words = escape(self._screen.say(label))
            named = f'<a href="{link}">{words}</a>' if link else words
            shown.append(f"{named} {self._screen.numbers.integer(count)}")
        used = escape(self._screen.say("Where it is used:"))
        return f"<p>{used} {' · '.join(shown)}</p>" if shown else ""

    def _sentences(self, sentences: tuple[Sentence, ...]) -> str:
        """One line per sentence; when and who are said where they change."""
        say = self._screen.say
        rows, before = [], ("", "")
        for one in sentences:
            when = (self._when(one.at), one.actor)
            same = when == before
            rows.append(
                [
                    Cell("" if same else when[0], tone="dim"),
                    Cell("" if same else when[1], tone="dim"),
                    Cell(one.words),
                ]
            )
            before = when
        return plain_table([Cell(say("When")), Cell(say("Who")), Cell(say("What"))], rows)

    def _when(self, at: str) -> str:
        if not at:
            return self._screen.say("Now")
        return self._screen.numbers.moment(dt.datetime.fromisoformat(at))
