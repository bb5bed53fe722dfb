"""The screen of entries: what is open, what happened to it, and what settles what."""

from __future__ import annotations

from threading import RLock
from typing import Any

import ipywidgets as widgets

from workbench.ledger.entry_list import settlements_of
from workbench.reports.verification import Verification, verify
from workbench.widgets.entry_refund import EntryRefundPart
from workbench.widgets.entry_settled import EntrySettledPart
from workbench.widgets.entry_settling import EntrySettlingPart
from workbench.widgets.entry_story import EntryStoryPart
from workbench.widgets.entry_table import EntryTablePart
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified


class Entries:
    """Every entry, and what a person does with one.

    Attributes:
        listed: What is open?
        story: What happened to it?
        settling: What settles what?
        settled: What settled it?
        refund: Who gets money back?
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lock = RLock()
        self._entry: dict[str, Any] | None = None
        self.listed = EntryTablePart(
            screen, on_choice=self.look, refresh=self.refresh, lock=self.lock
        )
        self.story = EntryStoryPart(screen)
        self.settling = EntrySettlingPart(screen, refresh=self.refresh, lock=self.lock)
        self.settled = EntrySettledPart(screen, refresh=self.refresh, lock=self.lock)
        self.refund = EntryRefundPart(screen, refresh=self.refresh, lock=self.lock)
        self.verification: Verification = verify(
            screen.workspace, as_of=screen.as_of, rows=False
        )
        self.refresh()

    @property
    def settled_view(self) -> widgets.VBox:
        """What settled the entry, and what can be paid back of it."""
        return widgets.VBox([self.settled.view, self.refund.view])

    def refresh(self) -> None:
        """Show the entries as they stand now, and the one that is looked at.

        An entry that is settled leaves the list of open ones; its story goes on.
        """
        with self.lock:
            self.listed.refresh()
            self._show(self._chosen() or self._entry)

    def look(self) -> None:
        """Show what is known of the one chosen entry."""
        with self.lock:
            self._show(self._chosen())

    def _chosen(self) -> dict[str, Any] | None:
        chosen = self.listed.table.chosen
        return chosen.row(0, named=True) if chosen.height == 1 else None

    def _show(self, entry: dict[str, Any] | None) -> None:
        self._entry = entry
        entry_id = None if entry is None else int(entry["entry_id"])
        self.story.load(entry_id)
        self.settling.load(entry)
        self.settled.load(entry_id)
        self.refund.load(entry)

    def proof(self) -> Proof:
        """The sums shown are the control accounts', and the history is whole."""
        claims = self.listed.claims()
        entry_id, shown = self.settled.shown
        if entry_id is not None:
            with self.screen.workspace.read() as reader:
                kept = settlements_of(reader, entry_id).height
            said = self.screen.say("Settlements of the entry shown = kept")
            claims.append(Claim(said, shown, kept))
        return proof(self.screen, [*claims, *verified(self.verification, self.screen)])
