"""Files that did not go in: what is wrong with them, and taking them nevertheless."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.collection.inbox import import_inbox
from workbench.collection.overview import waiting_files
from workbench.collection.waiting import acceptance, import_waiting, problems_of
from workbench.model.masking import mask
from workbench.model.problems import Problem, Severity
from workbench.model.texts import marked
from workbench.transport import folder
from workbench.widgets.desk import Answer, Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.imported import SETTLED, imported, imported_all
from workbench.widgets.markup import paragraph
from workbench.widgets.problem_table import problem_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import FILE_OUTCOMES


class PaymentFilesPart:
    """The inbox and the files that wait, one of which is looked at.

    Attributes:
        view: The widget.
        file: Which file is looked at; its hash.
        accepted: One box for each problem that stops it.
        reason: Why it is taken nevertheless.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.state = widgets.HTML()
        self.read_button = self.desk.action(
            marked("Read the inbox"), self._read_inbox, tone="primary"
        )
        self.file = widgets.Dropdown(
            description=say("File"), layout=widgets.Layout(width="34rem")
        )
        self.file.observe(lambda _: self.desk.quietly(self._look), "value")
        self.problems = widgets.HTML()
        self.accepted = widgets.VBox()
        self.reason = widgets.Text(
            placeholder=say("Why is the file taken nevertheless?"),
            layout=widgets.Layout(width="34rem"),
        )
        self.accept_button = self.desk.decision(marked("Accept …"), self._plan, tone="primary")
        self.one = widgets.VBox(
            [self.file, self.problems, self.accepted, self.reason, self.accept_button]
        )
        self.view = widgets.VBox([self.state, self.read_button, self.one, self.desk.view])

    def refresh(self) -> None:
        """Show what lies in the inbox and what waits now."""
        with self._screen.workspace.read() as reader:
            files = waiting_files(reader)
        inbox = len(folder.waiting(self._screen.workspace.inbox))
        self.read_button.disabled = inbox == 0
        self.state.value = f'<div class="wb">{self._words(inbox, files)}</div>'
        self.one.layout.display = "none" if files.is_empty() else ""
        chosen = self.file.value
        options = [
            (f"{row['name']} – {self._outcome(row['outcome'])}", row["sha256"])
            for row in files.iter_rows(named=True)
        ]
        if list(self.file.options) != options:
            self.file.options = options
        hashes = files["sha256"].to_list()
        self.file.value = chosen if chosen in hashes else next(iter(hashes), None)
        self._look()

    def _words(self, inbox: int, files: pl.DataFrame) -> str:
        lying = self._screen.counted(
            "{count} file lies in the inbox.", "{count} files lie in the inbox.", inbox
        )
        waiting = self._screen.counted(
            "{count} file did not go in and waits for you.",
            "{count} files did not go in and wait for you.",
            files.height,
        )
        tone = "warn" if files.height else "dim"
        return paragraph(lying) + paragraph(waiting, tone=tone)

    def _outcome(self, outcome: str) -> str:
        return self._screen.say(FILE_OUTCOMES.texts[outcome])

    def _look(self) -> None:
        """The problems of the file that is looked at, and a box for each that stops it."""
        sha256 = self.file.value
        if sha256 is None:
            return
        with self._screen.workspace.read() as reader:
            found = problems_of(reader, sha256)
        self.problems.value = f'<div class="wb">{problem_table(found, self._screen)}</div>'
        codes = sorted({p.code for p in found if p.severity is Severity.ERROR})
        hopeless = any(p.severity is Severity.FATAL for p in found)
        boxes = [] if hopeless else [self._box(code, found) for code in codes]
        if [box.tooltip for box in boxes] != [box.tooltip for box in self.accepted.children]:
            self.accepted.children = boxes
        for part in (self.accepted, self.reason, self.accept_button):
            part.layout.display = "none" if not boxes else ""

    def _box(self, code: str, found: list[Problem]) -> widgets.Checkbox:
        number = sum(problem.code == code for problem in found)
        label = self._screen.counted(
            "I accept “{code}” ({count} time)", "I accept “{code}” ({count} times)", number,
            code=code,
        )  # fmt: skip
        return widgets.Checkbox(
            description=label, tooltip=code, indent=False, layout=widgets.Layout(width="34rem")
        )

    def _read_inbox(self) -> Answer:
        screen = self._screen
        found = import_inbox(screen.workspace, as_of=screen.as_of, run_id=screen.run_id)
        settled = all(one.outcome in SETTLED for one in found)
        return Answer(imported_all(found, screen), "good" if settled else "warn")

    def _plan(self) -> Plan:
        sha256, reason = self.file.value, self.reason.value.strip()
        codes = [box.tooltip for box in self.accepted.children if box.value]
        if sha256 is None or not codes or not reason:
            raise NotReadyError(
                self._screen.say("Tick the problems that you accept, and say why.")
            )
        with self._screen.workspace.read() as reader:
            found = problems_of(reader, sha256)
        name = found[0].source
        meant = [problem for problem in found if problem.code in codes]

        def act() -> Answer:
            screen = self._screen
            result = import_waiting(
                screen.workspace, sha256, accepted=acceptance(codes, reason=reason),
                as_of=screen.as_of, run_id=screen.run_id,
            )  # fmt: skip
            accepted = result.outcome == "accepted"
            if accepted:
                self.reason.value = ""
            return Answer(imported(result, screen), "good" if accepted else "warn")

        say = self._screen.say
        question = escape(say("Read {name} in spite of these problems?", name=name))
        notes = paragraph(say("Reason: {reason}", reason=mask(reason))) + paragraph(
            say("Records with a problem become held lines. Your name and reason are kept."),
            tone="dim",
        )
        markup = f"<h4>{question}</h4>{problem_table(meant, self._screen)}{notes}"
        return Plan(markup, say("Accept and read"), act)
