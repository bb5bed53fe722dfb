"""The lines of the journal: judge them, look at their faults, approve or stop them."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.collection import journal
from workbench.collection.error_log import faults
from workbench.collection.validate import validate
from workbench.model.problems import Problem
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.line_mending import LineMending
from workbench.widgets.markup import paragraph
from workbench.widgets.preview import preview
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import STATUSES, YES

COLUMNS = (
    Column("status", marked("Status"), Kind.WORD, 100, STATUSES),
    Column("customer_no", marked("Customer"), width=100),
    Column("name", marked("Name"), Kind.PERSON, 170),
    Column("due_date", marked("Due date"), Kind.DATE, 105),
    Column("amount_minor", marked("Amount"), Kind.AMOUNT, 100),
    Column("agreement_no", marked("Agreement"), Kind.REFERENCE, 105),
    Column("slip_only", marked("Slip only"), Kind.WORD, 85, YES),
    Column("reference", marked("Reference"), Kind.REFERENCE, 105),
    Column("text", marked("Text to the customer"), width=200),
)

#: What a confirmation shows of a line.
_PREVIEW = (COLUMNS[1], COLUMNS[2], COLUMNS[3], COLUMNS[0], COLUMNS[4])

_STOPPABLE = ("created", "valid", "approved", "signed", "sent", "in_process")


class JournalLinesPart:
    """The table of lines with what can be done to them.

    Attributes:
        view: The widget.
        table: The lines.
        mending: Where one chosen line is changed.
    """

    def __init__(
        self, screen: Screen, *, signing: bool, refresh: Callable[[], None], lock: RLock
    ) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.table = Table(
            journal.LINES.to_frame(), screen=screen, columns=COLUMNS,
            key="collection_line_id", label=marked("Lines of the journal"),
            facets=("status",), total="amount_minor", on_select=self.look, lock=lock,
        )  # fmt: skip
        self.mending = LineMending(screen, self.desk)
        self.detail = widgets.HTML()
        self.reason = widgets.Text(
            placeholder=screen.say("Why are they stopped?"),
            layout=widgets.Layout(width="18rem"),
        )
        decision = self.desk.decision
        self.validate_button = self.desk.action(marked("Validate"), self._validate)
        self.approve_button = decision(
            marked("Approve the chosen …"), lambda: self._approval(self.table.chosen),
        )  # fmt: skip
        self.approve_all_button = decision(
            marked("Approve all valid …"), lambda: self._approval(self._valid()), tone="primary"
        )
        self.sign_button = decision(
            marked("Sign the chosen …"), self._signature, tone="primary"
        )
        self.sign_button.layout.display = "" if signing else "none"
        self.stop_button = decision(marked("Stop the chosen …"), self._stopping, tone="danger")
        self.view = self._arranged()

    def show(self, lines: pl.DataFrame) -> None:
        """Show these lines."""
        self.table.show(lines)
        self.look()

    def look(self) -> None:
        """Show the faults of the one chosen line, and the form that changes it."""
        chosen = self.table.chosen
        line = chosen.row(0, named=True) if chosen.height == 1 else None
        self.detail.value = "" if line is None else self._detail(line)
        self.mending.load(line)

    def _arranged(self) -> widgets.VBox:
        approving = [self.validate_button, self.approve_button, self.approve_all_button]
        bar = widgets.HBox([*approving, self.sign_button, self.reason, self.stop_button])
        bar.layout.flex_flow = "row wrap"
        parts = [self.table.view, bar, self.desk.view, self.detail, self.mending.view]
        return widgets.VBox(parts)

    def _detail(self, line: dict[str, object]) -> str:
        with self._screen.workspace.read() as reader:
            found = faults(reader, int(str(line["collection_line_id"])))
        said = "".join(map(self._fault, found))
        texts = str(line["text"]).split("\n")
        text = "".join(paragraph(part) for part in texts if part)
        heading = self._screen.say("What the customer reads")
        return f'<div class="wb">{said}<h4>{heading}</h4>{text}</div>'

    def _fault(self, problem: Problem) -> str:
        language = self._screen.language
        wrong = paragraph(problem.message(language=language), tone="bad")
        return wrong + paragraph(problem.advice(language=language))

    def _validate(self) -> str:
        screen = self._screen
        found = validate(screen.workspace, as_of=screen.as_of, run_id=screen.run_id)
        if found.valid + found.errors == 0:
            return screen.say("No line waits to be validated.")
        valid = screen.counted("{count} line is valid", "{count} lines are valid", found.valid)
        wrong = screen.counted("{count} has errors.", "{count} have errors.", found.errors)
        return f"{valid}, {wrong}"

    def _valid(self) -> pl.DataFrame:
        return self.table.frame.filter(pl.col("status") == "valid")

    def _approval(self, lines: pl.DataFrame) -> Plan:
        valid = lines.filter(pl.col("status") == "valid")
        if valid.is_empty():
            raise NotReadyError(
                self._screen.say("Choose lines that are valid; only those can be approved.")
            )
        return self._advance(
            valid, left_out=lines.height - valid.height,
            question=self._screen.say("Approve these lines, as they are shown?"),
            confirm=self._screen.say("Approve"),
            work=journal.approve,
            done=lambda n: self._screen.counted(
                "{count} line was approved.", "{count} lines were approved.", n
            ),
        )  # fmt: skip

    def _signature(self) -> Plan:
        chosen = self.table.chosen
        approved = chosen.filter(pl.col("status") == "approved")
        if approved.is_empty():
            raise NotReadyError(self._screen.say("Choose lines that are approved."))
        return self._advance(
            approved, left_out=chosen.height - approved.height,
            question=self._screen.say("Sign these lines, as they are shown?"),
            confirm=self._screen.say("Sign"),
            work=journal.sign,
            done=lambda n: self._screen.counted(
                "{count} line was signed.", "{count} lines were signed.", n
            ),
        )  # fmt: skip

    def _stopping(self) -> Plan:
        reason, chosen = self.reason.value.strip(), self.table.chosen
        lines = chosen.filter(pl.col("status").is_in(_STOPPABLE))
        if lines.is_empty() or not reason:
            raise NotReadyError(
                self._screen.say("Choose the lines to stop, and say why they are stopped.")
            )
        seen = _seen(lines)
        gone = lines["delivery_id"].drop_nulls().len()
        warned = self._screen.counted(
            "{count} of them left the house already and may still be paid.",
            "{count} of them left the house already and may still be paid.",
            gone,
        )

        def act() -> str:
            screen = self._screen
            journal.stop(screen.workspace, seen, reason=reason, as_of=screen.as_of)
            self.reason.value = ""
            return screen.counted(
                "{count} line was stopped.", "{count} lines were stopped.", len(seen)
            )

        question = self._screen.say("Stop these lines?")
        notes = [self._screen.say("Reason: {reason}", reason=reason)]
        notes += self._left_out(chosen.height - lines.height) + ([warned] if gone else [])
        return Plan(self._preview(lines, question, notes), self._screen.say("Stop"), act)

    def _advance(
        self,
        lines: pl.DataFrame,
        *,
        left_out: int,
        question: str,
        confirm: str,
        work: Callable[..., int],
        done: Callable[[int], str],
    ) -> Plan:
        """Approve or sign exactly the rows and versions that are shown now."""
        seen = _seen(lines)

        def act() -> str:
            return done(work(self._screen.workspace, seen, as_of=self._screen.as_of))

        return Plan(self._preview(lines, question, self._left_out(left_out)), confirm, act)

    def _preview(self, lines: pl.DataFrame, question: str, notes: list[str]) -> str:
        return preview(
            lines, screen=self._screen, columns=_PREVIEW, amount="amount_minor",
            question=question, notes=notes,
        )  # fmt: skip

    def _left_out(self, number: int) -> list[str]:
        said = self._screen.counted(
            "{count} chosen line stays as it is: its status does not allow it.",
            "{count} chosen lines stay as they are: their status does not allow it.",
            number,
        )
        return [said] if number else []


def _seen(lines: pl.DataFrame) -> list[tuple[int, int]]:
    return lines.select("collection_line_id", "version").rows()
