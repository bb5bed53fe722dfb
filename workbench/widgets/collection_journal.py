"""The screen of the collection journal: suggest, judge, mend, approve, send."""

from __future__ import annotations

from threading import RLock

import polars as pl

from workbench.collection import journal
from workbench.collection.control_sums import journal_sums
from workbench.collection.error_log import SKIPPED, SKIPPED_BECAUSE, journal_head
from workbench.collection.systems import System, active_systems, load_system
from workbench.model.texts import marked
from workbench.store.connection import Reader
from workbench.widgets.columns import Column, Kind
from workbench.widgets.journal_lines import JournalLinesPart
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.sending import SendingPart
from workbench.widgets.suggestion import SuggestionPart
from workbench.widgets.table import Table
from workbench.widgets.words import Words

_SKIPPED = (
    Column("customer_no", marked("Customer"), width=130),
    Column("due_date", marked("Due date"), Kind.DATE, 105),
    Column("document_no", marked("Document"), width=180),
    Column("amount_minor", marked("Amount"), Kind.AMOUNT, 120),
    Column("reason", marked("Why"), Kind.WORD, 420, Words(SKIPPED_BECAUSE)),
)


class CollectionJournal:
    """The journal that was made last, with whatever older ones did not send yet.

    Four parts: one question, one widget each.

    Attributes:
        suggestion: What falls due?
        lines: Which lines are right?
        sending: What leaves the house?
        skipped: What was left out, and why?
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lock = RLock()
        with screen.workspace.read() as reader:
            system = _first_system(reader)
        signing = system is not None and system.signing
        refresh, lock = self.refresh, self.lock
        self.suggestion = SuggestionPart(screen, system, refresh=refresh, lock=lock)
        self.lines = JournalLinesPart(screen, signing=signing, refresh=refresh, lock=lock)
        self.sending = SendingPart(screen, system, refresh=refresh, lock=lock)
        self.skipped = Table(
            _numbered(SKIPPED.to_frame()), screen=screen, columns=_SKIPPED, key="row",
            label=marked("What was left out"), facets=("reason",), lock=self.lock,
            choosing=False,
        )  # fmt: skip
        self.refresh()

    def refresh(self) -> None:
        """Show the journal as it stands now."""
        with self.lock:
            with self.screen.workspace.read() as reader:
                self.journal_id = journal.latest(reader)
                head = (
                    None if self.journal_id is None else journal_head(reader, self.journal_id)
                )
                lines = journal.LINES.to_frame()
                if head is not None:
                    lines = journal.lines(reader, journal_id=head.journal_id, unsent=True)
            skipped = SKIPPED.to_frame() if head is None else head.skipped
            self.lines.show(lines)
            self.skipped.show(_numbered(skipped))
            self.sending.refresh()

    def proof(self) -> Proof:
        """The rows shown are those of the journal and what is unsent; so is their sum."""
        shown = self.lines.table.frame
        with self.screen.workspace.read() as reader:
            stored = journal_sums(reader, self.journal_id) if self.journal_id else []
        claims = [
            Claim(
                self.screen.say("Lines shown = lines of the journal"),
                shown.height,
                sum(count for _, count, _ in stored),
            )
        ]
        claims += [
            Claim(
                self.screen.say("Their sum = the sum of the journal"),
                int(shown.filter(pl.col("currency") == currency)["amount_minor"].sum()),
                amount,
                currency,
            )
            for currency, _, amount in stored
        ]
        return proof(self.screen, claims)


def _first_system(reader: Reader) -> System | None:
    """The system that the journal is for: the active one, or the first of them by code."""
    codes = active_systems(reader)
    return load_system(reader, codes[0]) if codes else None


def _numbered(skipped: pl.DataFrame) -> pl.DataFrame:
    return skipped.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
