"""Closing a month and opening it again: shown first, confirmed, with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from threading import RLock
from typing import Literal

import ipywidgets as widgets

from workbench.ledger import period_states
from workbench.ledger.journals import listing as journals
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.reports.month_checklist import checklist
from workbench.reports.month_close import MonthNotReadyError, close_month
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.month_states import states_of
from workbench.widgets.screen import Screen

_ALL = ""
_QUESTIONS = {
    "soft_closed": marked("Close {month} softly? Nothing is posted into it until it is opened "
                          "again."),
    "closed": marked("Close {month}? Only an administrator opens it again."),
    "open": marked("Open {month} again? What is posted into it then changes a month that was "
                   "shown."),
}  # fmt: skip
_DONE = {
    "soft_closed": marked("{month} is closed softly."),
    "closed": marked("{month} is closed."),
    "open": marked("{month} is open again."),
}


class ClosingPart:
    """The buttons that close and open a month.

    Attributes:
        view: The widget.
        reason: Why; kept with the change.
        journal: The only journal that is meant; all of them when empty.
    """

    def __init__(
        self,
        screen: Screen,
        month: Callable[[], dt.date | None],
        *,
        refresh: Callable[[], None],
        lock: RLock,
    ) -> None:
        self._screen = screen
        self._month = month
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        with screen.workspace.read() as reader:
            named = journals(reader)
        say = screen.say
        self.journal = widgets.Dropdown(
            options=[(say("All journals"), _ALL), *((one, one) for one in named)],
            description=say("Journal"), layout=widgets.Layout(width="22rem"),
        )  # fmt: skip
        self.reason = widgets.Text(
            placeholder=say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.earlier_open = widgets.Checkbox(
            description=say("Earlier months may stay open"), indent=False
        )
        self.force = widgets.Checkbox(
            description=say("Close in spite of the checklist (administrators)"), indent=False
        )
        for box in (self.earlier_open, self.force):
            box.layout.width = "max-content"
        self.states = widgets.HTML()
        self.soft_button = self.desk.decision(
            marked("Close softly …"), lambda: self._close("soft_closed")
        )
        self.close_button = self.desk.decision(
            marked("Close …"), lambda: self._close("closed"), tone="primary"
        )
        self.open_button = self.desk.decision(marked("Open again …"), self._reopen)
        buttons = widgets.HBox([self.soft_button, self.close_button, self.open_button])
        self.view = widgets.VBox(
            [self.states, self.journal, self.reason, self.earlier_open, self.force, buttons,
             self.desk.view]
        )  # fmt: skip

    def refresh(self) -> None:
        """Show the month's states as they stand now."""
        month = self._month()
        markup = states_of(self._screen, month) if month else ""
        self.states.value = f'<div class="wb">{markup}</div>'

    def _close(self, to_state: Literal["soft_closed", "closed"]) -> Plan:
        month, journal, reason = self._asked()
        screen = self._screen
        force, earlier_open = self.force.value, self.earlier_open.value
        found = checklist(screen.workspace, month=month, as_of=screen.as_of)
        if to_state == "closed" and not found.holds and not force:
            raise NotReadyError(
                screen.say("The checklist stands in the way. Work it off, or have an "
                           "administrator close in spite of it.")
            )  # fmt: skip

        def act() -> str:
            try:
                close_month(
                    screen.workspace, month=month, as_of=screen.as_of, reason=reason,
                    to_state=to_state, journal=journal, force=force,
                    earlier_open=earlier_open,
                )  # fmt: skip
            except MonthNotReadyError as refused:
                raise NotReadyError(
                    screen.say("The checklist changed and now stands in the way.")
                ) from refused
            return self._did(to_state, month)

        stops = ", ".join(item.said(screen.language) for item in found.stops)
        told = screen.say("In spite of: {items}", items=stops) if stops else ""
        return self._plan(to_state, month, journal, reason, told=told, act=act)

    def _reopen(self) -> Plan:
        month, journal, reason = self._asked()

        def act() -> str:
            period_states.reopen(
                self._screen.workspace, first_day=month, journal=journal, reason=reason
            )
            return self._did("open", month)

        return self._plan("open", month, journal, reason, told="", act=act)

    def _asked(self) -> tuple[dt.date, str | None, str]:
        month, reason = self._month(), self.reason.value.strip()
        if month is None:
            raise NotReadyError(self._screen.say("No period is set up yet."))
        if not reason:
            raise NotReadyError(self._screen.say("Say why: the reason is kept."))
        return month, self.journal.value or None, reason

    def _plan(
        self,
        to_state: str,
        month: dt.date,
        journal: str | None,
        reason: str,
        *,
        told: str,
        act: Callable[[], str],
    ) -> Plan:
        screen = self._screen
        question = screen.say(_QUESTIONS[to_state], month=f"{month:%Y-%m}")
        named = screen.say("Journal: {journal}", journal=journal or screen.say("All journals"))
        markup = f"<h4>{escape(question)}</h4>{paragraph(named)}"
        if told:
            markup += paragraph(told, tone="bad")
        markup += paragraph(mask(reason), tone="dim")
        confirm = marked("Open again") if to_state == "open" else marked("Close")
        return Plan(markup, screen.say(confirm), act)

    def _did(self, to_state: str, month: dt.date) -> str:
        self.reason.value = ""
        self.force.value = False
        return self._screen.say(_DONE[to_state], month=f"{month:%Y-%m}")
