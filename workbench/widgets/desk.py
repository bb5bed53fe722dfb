"""Where a screen does what it was asked: one thing at a time, visibly, faults in words.

Callbacks may arrive on any thread, and while another still works; one lock per screen
lets them pass one by one.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock

import ipywidgets as widgets

from workbench.model.masking import mask
from workbench.widgets.faults import NotReadyError, explained
from workbench.widgets.markup import message
from workbench.widgets.screen import Screen


@dataclass(frozen=True, slots=True)
class Answer:
    """What a screen says, where it is not simply good news: `warn`, or `bad`."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What would happen, for a person to confirm.

    Attributes:
        markup: The rows and amounts that are meant, as finished HTML.
        confirm: The words of the button that does it.
        act: Does it; what came of it, in words.
    """

    markup: str
    confirm: str
    act: Callable[[], str | Answer]


class Desk:
    """The buttons of one screen, its answers, and the place where decisions are confirmed.

    Attributes:
        lock: Held while anything of the screen works or is redrawn.
        view: The answers and the confirmation.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        """Build the desk.

        Args:
            screen: The company and its words.
            refresh: Shows the screen anew; called after everything that was done.
            lock: One for all parts of a screen.
        """
        self.screen = screen
        self.lock = lock
        self._refresh = refresh
        self._plan: Plan | None = None
        self._answer = widgets.HTML()
        self._question = widgets.HTML()
        self.confirm_button = widgets.Button(button_style="primary")
        self.cancel_button = widgets.Button(description=screen.say("Cancel"))
        for button in (self.confirm_button, self.cancel_button):
            button.layout.width = "max-content"
        self.confirm_button.on_click(lambda _: self._confirm())
        self.cancel_button.on_click(lambda _: self._cancel())
        choice = widgets.HBox([self.confirm_button, self.cancel_button])
        self.panel = widgets.VBox([self._question, choice])
        self.panel.add_class("wb-panel")
        self.panel.layout.display = "none"
        self.view = widgets.VBox([self.panel, self._answer])

    @property
    def answer(self) -> str:
        """What the screen said last, as HTML."""
        return str(self._answer.value)

    @property
    def question(self) -> str:
        """What waits to be confirmed, as HTML; empty when nothing does."""
        return str(self._question.value) if self._plan else ""

    def decision(
        self, label: str, plan: Callable[[], Plan], *, tone: str = ""
    ) -> widgets.Button:
        """A button that shows what would happen, and waits for the confirmation."""
        return self._button(label, lambda: self._ask(plan), tone=tone)

    def action(
        self, label: str, work: Callable[[], str | Answer], *, tone: str = ""
    ) -> widgets.Button:
        """A button that works at once: nothing leaves the house and nothing is decided."""
        return self._button(label, lambda: self.do(work), tone=tone)

    def do(self, work: Callable[[], str | Answer]) -> None:
        """Do something, say what came of it, and show the screen anew."""
        with self.lock:
            self.tell(self.screen.say("Working …"), busy=True)
            try:
                answer = work()
            except Exception as fault:  # noqa: BLE001  # a callback has nobody above it
                answer = Answer(self._words(fault), "bad")
            if isinstance(answer, str):
                answer = Answer(answer, "good")
            try:
                self._refresh()
            except Exception as fault:  # noqa: BLE001  # likewise
                answer = Answer(f"{answer.text} {self._words(fault)}", "bad")
            self.tell(answer.text, tone=answer.tone)

    def tell(self, text: str, *, tone: str = "", busy: bool = False) -> None:
        """Answer the reader; an empty text clears the answer."""
        self._answer.value = message(text, tone=tone, busy=busy) if text else ""

    def quietly(self, work: Callable[[], None]) -> None:
        """Redraw a part of the screen; only a fault is told."""
        with self.lock:
            try:
                work()
            except Exception as fault:  # noqa: BLE001  # a callback has nobody above it
                self.tell(self._words(fault), tone="bad")

    def _button(self, label: str, click: Callable[[], None], *, tone: str) -> widgets.Button:
        button = widgets.Button(description=self.screen.say(label), button_style=tone)
        button.layout.width = "max-content"
        button.on_click(lambda _: click())
        return button

    def _ask(self, plan: Callable[[], Plan]) -> None:
        with self.lock:
            self._put_away()
            self.tell(self.screen.say("Working …"), busy=True)
            try:
                self._plan = plan()
            except Exception as fault:  # noqa: BLE001  # a callback has nobody above it
                tone = "warn" if isinstance(fault, NotReadyError) else "bad"
                self.tell(self._words(fault), tone=tone)
                return
            self.tell("")
            self._question.value = f'<div class="wb">{self._plan.markup}</div>'
            self.confirm_button.description = self._plan.confirm
            self.panel.layout.display = ""

    def _confirm(self) -> None:
        with self.lock:
            plan = self._plan
            self._put_away()
            if plan is not None:  # a second click on the same button finds none
                self.do(plan.act)

    def _cancel(self) -> None:
        with self.lock:
            self._put_away()
            self.tell(self.screen.say("Nothing was changed."))

    def _put_away(self) -> None:
        self._plan = None
        self._question.value = ""
        self.panel.layout.display = "none"

    def _words(self, fault: Exception) -> str:
        """A fault as a person reads it; what nobody foresaw is printed for the operator."""
        known = explained(fault, self.screen)
        if known is not None:
            return known
        print(mask("".join(traceback.format_exception(fault))))  # noqa: T201  # Lab's log
        return self.screen.say(
            "This did not work: {fault}. Nothing half-done remains. Reload the screen; "
            "if it comes again, show this to whoever looks after the workbench.",
            fault=mask(f"{type(fault).__name__}: {fault}"),
        )
