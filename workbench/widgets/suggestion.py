"""What falls due: the window of a suggestion, and making it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import RLock

import ipywidgets as widgets

from workbench.collection.calendar import deadline
from workbench.collection.suggest import suggest
from workbench.collection.systems import System
from workbench.model.date_formulas import resolve
from workbench.model.texts import marked
from workbench.widgets.desk import Desk
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.screen import Screen


class SuggestionPart:
    """The window of due dates, its anchor, and the button that fills the journal.

    Attributes:
        view: The widget.
        due_from: The first due date, as the reader may change it.
        due_to: The last one.
        suggest_button: Makes a journal.
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
        say = screen.say
        self.due_from = widgets.DatePicker(description=say("Due from"))
        self.due_to = widgets.DatePicker(description=say("to"))
        self.suggest_button = self.desk.action(marked("Suggest"), self._suggest, tone="primary")
        self.suggest_button.disabled = system is None
        about = widgets.HTML(f'<div class="wb">{self._about()}</div>')
        bar = widgets.HBox([self.due_from, self.due_to, self.suggest_button])
        bar.layout.flex_flow = "row wrap"
        self.view = widgets.VBox([about, bar, self.desk.view])

    def _about(self) -> str:
        say, system = self._screen.say, self._system
        if system is None:
            return paragraph(
                say("No collection system is set up yet: import its set-up first."),
                tone="warn",
            )
        anchor = self._screen.as_of
        first, last = (resolve(f, anchor=anchor) for f in (system.due_from, system.due_to))
        self.due_from.value, self.due_to.value = first, last
        date = self._screen.numbers.date
        window = say("{system} collects from {due_from} to {due_to}, counted from {anchor}:"
                   " {first} – {last}.",
            system=system.name, due_from=system.due_from, due_to=system.due_to,
            anchor=date(anchor), first=date(first), last=date(last),
        )  # fmt: skip
        until = deadline(last)
        leave = say(
            "The payment center must have it on {day} before {hour}.",
            day=date(until.date),
            hour=until.time.strftime("%H:%M"),
        )
        return paragraph(window) + paragraph(leave, tone="dim")

    def _suggest(self) -> str:
        assert self._system is not None
        first, last = self.due_from.value, self.due_to.value
        if not isinstance(first, dt.date) or not isinstance(last, dt.date) or first > last:
            raise NotReadyError(
                self._screen.say("Give a first and a last due date, in this order.")
            )
        made = suggest(
            self._screen.workspace, system=self._system.system, as_of=self._screen.as_of,
            due_from=first, due_to=last, run_id=self._screen.run_id,
        )  # fmt: skip
        left_out = self._screen.counted(
            "{count} was left out.", "{count} were left out.", made.skipped.height
        )
        if made.journal_id is None:
            nothing = self._screen.say(
                "Nothing new falls due between {first} and {last}.",
                first=self._screen.numbers.date(first),
                last=self._screen.numbers.date(last),
            )
            return f"{nothing} {left_out}"
        lines = self._screen.counted(
            "{count} line was made, {sum} in all.",
            "{count} lines were made, {sum} in all.",
            made.lines,
            sum=self._screen.money(made.amount_minor, made.currency),
        )
        return f"{lines} {left_out}"
