"""Asking the ERP to pay a customer's credit back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets

from workbench.ledger.handover.refunds import ask, available_minor
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.entry_words import typed_minor
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.screen import Screen


class EntryRefundPart:
    """The form for a refund of the chosen credit; hidden while it has nothing to give back.

    Attributes:
        view: The widget.
        amount: How much is asked for.
        reason: Why; kept.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self._entry: dict[str, object] | None = None
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.available = widgets.HTML()
        self.amount = widgets.Text(
            placeholder=say("Amount"), layout=widgets.Layout(width="10rem")
        )
        self.reason = widgets.Text(
            placeholder=say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.ask_button = self.desk.decision(marked("Ask for a refund …"), self._plan)
        form = widgets.HBox([self.amount, self.reason, self.ask_button])
        form.layout.flex_flow = "row wrap"
        self.body = widgets.VBox([self.available, form])
        self.view = widgets.VBox([self.body, self.desk.view])
        self.load(None)

    def load(self, entry: dict[str, object] | None) -> None:
        """Offer what can still be paid back of an entry."""
        screen, available = self._screen, 0
        if entry is not None:
            with screen.workspace.read() as reader:
                available = available_minor(reader, _id(entry))
        self.body.layout.display = "" if available else "none"
        same = self._entry is not None and entry is not None and _id(self._entry) == _id(entry)
        self._entry = entry if available else None
        if entry is None or not available:
            return
        currency = str(entry["currency"])
        told = screen.say(
            "Up to {amount} of {document} can be paid back.",
            amount=screen.money(available, currency), document=str(entry["document_no"]),
        )  # fmt: skip
        self.available.value = f'<div class="wb">{paragraph(told)}</div>'
        if not same:
            self.amount.value = screen.numbers.amount(available, currency)
            self.reason.value = ""

    def _plan(self) -> Plan:
        screen, entry, reason = self._screen, self._entry, self.reason.value.strip()
        if entry is None:
            raise NotReadyError(screen.say("Choose one credit first."))
        currency, entry_id = str(entry["currency"]), _id(entry)
        amount = typed_minor(self.amount.value, currency=currency, screen=screen)
        if not reason:
            raise NotReadyError(screen.say("Say why: the reason is kept."))
        with screen.workspace.read() as reader:
            seen, available = reader.seq, available_minor(reader, entry_id)
        if amount > available:
            raise NotReadyError(
                screen.say("Only {amount} can be paid back.",
                           amount=screen.money(available, currency))
            )  # fmt: skip

        def act() -> str:
            ask(screen.workspace, entry_id=entry_id, amount_minor=amount, reason=reason,
                as_seen=seen)  # fmt: skip
            self._entry = None  # what is left is offered anew
            return screen.say("The refund goes out with the next hand-over to the ERP.")

        question = escape(
            screen.say("Ask the ERP to pay {amount} of {document} back?",
                       amount=screen.money(amount, currency),
                       document=str(entry["document_no"]))
        )  # fmt: skip
        settles = screen.say("It settles nothing: the ERP pays, and its next file says so.")
        markup = f"<h4>{question}</h4>{paragraph(settles)}{paragraph(mask(reason), tone='dim')}"
        return Plan(markup, screen.say("Ask for it"), act)


def _id(entry: dict[str, object]) -> int:
    return int(str(entry["entry_id"]))
