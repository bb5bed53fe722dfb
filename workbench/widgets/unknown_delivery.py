"""A delivery of which nobody knows whether it left the house: a person's word settles it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets

from workbench.collection.unknown_deliveries import (
    Unknown,
    settle_unknown,
    unknown_deliveries,
)
from workbench.model.texts import marked
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.screen import Screen


class UnknownDeliveryPart:
    """The oldest unknown delivery, if there is one; nothing is shown otherwise.

    Attributes:
        view: The widget.
        reason: Why the reader knows what became of it.
        sent_button: It was sent: wait for the answer.
        not_sent_button: It was not: its lines are stopped, its entries come again.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.state = widgets.HTML()
        self.reason = widgets.Text(placeholder=screen.say("How do you know?"))
        self.sent_button = self.desk.decision(
            marked("It was sent …"), lambda: self._plan(was_sent=True)
        )
        self.not_sent_button = self.desk.decision(
            marked("It was not sent …"), lambda: self._plan(was_sent=False)
        )
        choice = widgets.HBox([self.reason, self.sent_button, self.not_sent_button])
        self.question = widgets.VBox([self.state, choice])
        self.view = widgets.VBox([self.question, self.desk.view])

    def refresh(self) -> None:
        """Show the oldest unknown delivery."""
        found = self._oldest()
        self.question.layout.display = "" if found else "none"
        if found is not None:
            words = self._screen.say(
                "Nobody knows whether delivery {number} left the house. It is never sent "
                "again by itself: wait for its receipt, or ask the payment center.",
                number=found.delivery_no,
            )
            self.state.value = f'<div class="wb">{paragraph(words, tone="bad")}</div>'

    def _oldest(self) -> Unknown | None:
        with self._screen.workspace.read() as reader:
            found = unknown_deliveries(reader)
        return found[0] if found else None

    def _plan(self, *, was_sent: bool) -> Plan:
        screen, found, reason = self._screen, self._oldest(), self.reason.value.strip()
        if found is None or not reason:
            raise NotReadyError(screen.say("Say how you know what became of the delivery."))

        def act() -> str:
            settle_unknown(
                screen.workspace,
                found.delivery_id,
                was_sent=was_sent,
                reason=reason,
                as_of=screen.as_of,
            )
            self.reason.value = ""
            return screen.say("Delivery {number} is settled.", number=found.delivery_no)

        meant = screen.counted(
            "{file}: {count} line, {sum}.",
            "{file}: {count} lines, {sum}.",
            found.lines,
            file=found.file_name,
            sum=screen.money(found.amount_minor, found.currency),
        )
        follows = (
            screen.say("Its lines wait for the center's answer.")
            if was_sent
            else screen.say("Its lines are stopped; their entries may be suggested again.")
        )
        markup = f"<h4>{escape(meant)}</h4>{paragraph(follows)}{paragraph(reason, tone='dim')}"
        return Plan(markup, screen.say("Decide"), act)
