"""Posting: what would be posted now, and doing it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets

from workbench.collection.settlement import Planned, planned, post_payments
from workbench.ledger.periods import rolled_words
from workbench.model.texts import marked
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import ChangedSinceError, NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.posting_table import plan_table
from workbench.widgets.screen import Screen


class PostingPart:
    """What may be posted, and the button that posts it.

    Attributes:
        view: The widget.
        post_button: Shows what would be posted, and waits for the confirmation.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.state = widgets.HTML()
        self.post_button = self.desk.decision(marked("Post now …"), self._plan, tone="primary")
        self.view = widgets.VBox([self.state, self.post_button, self.desk.view])

    def refresh(self) -> None:
        """Show what would be posted now."""
        found = self._planned()
        self.post_button.disabled = not found.kinds
        if found.kinds:
            said = plan_table(found, self._screen)
        else:
            said = paragraph(self._screen.say("Nothing is to be posted."))
        self.state.value = f'<div class="wb">{said}{self._waiting(found)}</div>'

    def _planned(self) -> Planned:
        with self._screen.workspace.read() as reader:
            return planned(reader)

    def _waiting(self, found: Planned) -> str:
        told = self._screen.counted(
            "{count} matched line waits to be allowed.",
            "{count} matched lines wait to be allowed.",
            found.waiting,
        )
        return paragraph(told, tone="warn") if found.waiting else ""

    def _plan(self) -> Plan:
        screen, found = self._screen, self._planned()
        if not found.kinds:
            raise NotReadyError(screen.say("Nothing is to be posted."))

        def act() -> str:
            if self._planned().kinds != found.kinds:
                raise ChangedSinceError
            posted = post_payments(screen.workspace, as_of=screen.as_of, run_id=screen.run_id)
            told = screen.counted(
                "{count} line was posted, voucher {first} to {last}.",
                "{count} lines were posted, vouchers {first} to {last}.",
                posted.lines,
                first=posted.documents[0],
                last=posted.documents[-1],
            )
            return f"{told} {rolled_words(posted.rolled, screen.language)}".rstrip()

        question = escape(screen.say("Post these lines? What is posted is never changed."))
        day = screen.say(
            "Where the bank's day lies in a closed period, the next open day is used."
        )
        markup = f"<h4>{question}</h4>{plan_table(found, screen)}{paragraph(day, tone='dim')}"
        return Plan(markup, screen.say("Post"), act)
