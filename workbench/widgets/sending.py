"""What leaves the house: the lines that are ready, and sending them as one delivery."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets

from workbench.collection.deliveries import Sent, export
from workbench.collection.systems import System
from workbench.collection.worklist import Ready, ready
from workbench.model.texts import marked
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import ChangedSinceError, NotReadyError
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.unknown_delivery import UnknownDeliveryPart


class SendingPart:
    """The lines that are ready, and the button that sends them.

    Attributes:
        view: The widget.
        send_button: Shows what would leave, and waits for the confirmation.
        unknown: Deliveries of which nobody knows whether they left.
    """

    def __init__(
        self,
        screen: Screen,
        system: System | None,
        *,
        refresh: Callable[[], None],
        lock: RLock,
    ) -> None:
        self._screen = screen
        self._system = system
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.state = widgets.HTML()
        self.send_button = self.desk.decision(marked("Send …"), self._plan, tone="primary")
        self.unknown = UnknownDeliveryPart(screen, refresh=refresh, lock=lock)
        self.view = widgets.VBox(
            [self.state, self.send_button, self.desk.view, self.unknown.view]
        )

    def refresh(self) -> None:
        """Show what is ready now."""
        found = self._ready()
        self.send_button.disabled = found is None or found.lines == 0
        self.state.value = f'<div class="wb">{paragraph(self._words(found))}</div>'
        self.unknown.refresh()

    def _ready(self) -> Ready | None:
        if self._system is None:
            return None
        with self._screen.workspace.read() as reader:
            return ready(reader, system=self._system.system)

    def _words(self, found: Ready | None) -> str:
        screen = self._screen
        if found is None or found.lines == 0:
            return screen.say("Nothing is ready: approve lines first.")
        return screen.counted(
            "{count} line is ready to be sent, {sum} in all.",
            "{count} lines are ready to be sent, {sum} in all.",
            found.lines,
            sum=self._money(found),
        )

    def _money(self, found: Ready) -> str:
        assert self._system is not None
        return self._screen.money(found.amount_minor, self._system.creditor.currency)

    def _plan(self) -> Plan:
        system, found = self._system, self._ready()
        if system is None or found is None or found.lines == 0:
            raise NotReadyError(self._words(found))

        def act() -> str:
            if self._ready() != found:
                raise ChangedSinceError
            screen = self._screen
            sent = export(
                screen.workspace, system=system.system, as_of=screen.as_of, run_id=screen.run_id
            )
            return self._told(sent, system)

        return Plan(self._markup(system, found), self._screen.say("Send"), act)

    def _told(self, sent: Sent, system: System) -> str:
        screen, said = self._screen, []
        if sent.path is not None:
            delivered = screen.counted(
                "Delivery {delivery} with {count} line, {sum}, lies in the outbox as {name}.",
                "Delivery {delivery} with {count} lines, {sum}, lies in the outbox as {name}.",
                sent.lines,
                delivery=sent.delivery_no,
                sum=screen.money(sent.amount_minor, system.creditor.currency),
                name=sent.path.name,
            )
            said.append(delivered)
        if sent.taken_back:
            taken_back = screen.counted(
                "{count} line was not sent: its entries changed after it was approved. "
                "Validate it again.",
                "{count} lines were not sent: their entries changed after they were approved. "
                "Validate them again.",
                sent.taken_back,
            )
            said.append(taken_back)
        return " ".join(said)

    def _markup(self, system: System, found: Ready) -> str:
        say, numbers = self._screen.say, self._screen.numbers
        first, last = (
            numbers.date(dt.date.fromisoformat(day)) if day else ""
            for day in (found.due_from, found.due_to)
        )
        rows = [
            (say("Collection system"), f"{system.name} · {system.supplier_no}"),
            (say("Creditor"), f"{system.creditor.name} · {system.creditor.creditor_no}"),
            (say("Lines"), numbers.integer(found.lines)),
            (say("Customers"), numbers.integer(found.customers)),
            (say("Amount"), self._money(found)),
            (say("Due dates"), first if first == last else f"{first} – {last}"),
        ]
        table = plain_table(
            [Cell(""), Cell("")], [[Cell(name), Cell(value)] for name, value in rows]
        )
        note = say("Lines that were sent cannot be changed any more, only stopped.")
        test = paragraph(say("This is a test delivery."), tone="warn") if system.test else ""
        question = escape(say("Send this delivery to the payment center?"))
        return f"<h4>{question}</h4>{table}{test}{paragraph(note, tone='dim')}"
