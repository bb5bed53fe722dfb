"""Mending one line: the fields that people may change, with the version that they saw."""

from __future__ import annotations

import datetime as dt
from html import escape

import ipywidgets as widgets

from workbench.collection import journal
from workbench.model.texts import marked
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen

_EDITABLE = frozenset({"created", "error", "valid", "approved", "signed"})


class LineMending:
    """A form for one line; hidden while no line, or one that left the house, is chosen.

    Attributes:
        view: The widget.
        due_date: Its fields …
        text: …
        slip_only: …
        save_button: Shows what changes, and waits for the confirmation.
    """

    def __init__(self, screen: Screen, desk: Desk) -> None:
        self._screen = screen
        self._line: dict[str, object] | None = None
        say = screen.say
        self.due_date = widgets.DatePicker(description=say("Due date"))
        self.slip_only = widgets.Checkbox(description=say("Slip only"), indent=False)
        self.text = widgets.Textarea(layout=widgets.Layout(width="42rem", height="6rem"))
        self.text.tooltip = say("What the customer reads, 60 characters a line")
        self.save_button = desk.decision(marked("Save the line …"), self._plan)
        mend = escape(say("Mend this line"))
        heading = widgets.HTML(f'<div class="wb"><h4>{mend}</h4></div>')
        fields = widgets.HBox([self.due_date, self.slip_only])
        self.view = widgets.VBox([heading, fields, self.text, self.save_button])
        self.view.layout.display = "none"

    def load(self, line: dict[str, object] | None) -> None:
        """Show a line in the form; what was typed stays while the line is the same."""
        if line is not None and (line["status"] not in _EDITABLE or line["delivery_id"]):
            line = None
        self.view.layout.display = "none" if line is None else ""
        if line is not None and _identity(line) != _identity(self._line):
            self.due_date.value = line["due_date"]
            self.slip_only.value = line["slip_only"]
            self.text.value = line["text"]
        self._line = line

    def _plan(self) -> Plan:
        line = self._line
        if line is None:
            raise NotReadyError(self._screen.say("Choose the one line that you want to mend."))
        changes = self._changes(line)
        if not changes:
            raise NotReadyError(self._screen.say("Nothing was changed in the form."))
        line_id, version = _identity(line)

        def act() -> str:
            screen = self._screen
            journal.edit(
                screen.workspace, line_id, version=version, changes=changes, as_of=screen.as_of
            )
            return screen.say("The line was changed and is created again: validate it.")

        return Plan(self._markup(line, changes), self._screen.say("Save"), act)

    def _changes(self, line: dict[str, object]) -> dict[str, object]:
        due_date = self.due_date.value
        if not isinstance(due_date, dt.date):
            raise NotReadyError(self._screen.say("The due date is missing."))
        form = {
            "due_date": due_date,
            "slip_only": self.slip_only.value,
            "text": self.text.value.rstrip("\n"),
        }
        return {name: value for name, value in form.items() if value != line[name]}

    def _markup(self, line: dict[str, object], changes: dict[str, object]) -> str:
        say = self._screen.say
        labels = {
            "due_date": say("Due date"),
            "slip_only": say("Slip only"),
            "text": say("Text to the customer"),
        }
        heads = [Cell(""), Cell(say("Now")), Cell(say("Then"))]
        rows = [
            [Cell(labels[name]), Cell(self._shown(line[name])), Cell(self._shown(value))]
            for name, value in changes.items()
        ]
        question = say(
            "Change the line of customer {customer}?", customer=str(line["customer_no"])
        )
        voided = say("Approvals of the line are void then.")
        notes = (
            paragraph(voided, tone="warn") if line["status"] in {"approved", "signed"} else ""
        )
        return f"<h4>{escape(question)}</h4>{plain_table(heads, rows)}{notes}"

    def _shown(self, value: object) -> str:
        if isinstance(value, bool):
            return self._screen.say("Yes") if value else self._screen.say("No")
        if isinstance(value, dt.date):
            return self._screen.numbers.date(value)
        return str(value)


def _identity(line: dict[str, object] | None) -> tuple[int, int]:
    if line is None:
        return (0, 0)
    return (int(str(line["collection_line_id"])), int(str(line["version"])))
