"""Every line of the payment files: its outcome, its evidence, and what is decided about it."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.collection.decisions import allow_by_rule, allow_posting
from workbench.collection.evidence import line_evidence
from workbench.collection.overview import PAYMENT_LINES
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.evidence import evidence
from workbench.widgets.faults import NotReadyError
from workbench.widgets.payment_decision import PaymentDecision
from workbench.widgets.preview import preview
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import CLASSES, KINDS, OUTCOMES, POSTINGS, YES

COLUMNS = (
    Column("outcome", marked("Outcome"), Kind.WORD, 115, OUTCOMES),
    Column("class", marked("Why held"), Kind.WORD, 190, CLASSES),
    Column("kind", marked("Kind"), Kind.WORD, 140, KINDS),
    Column("customer_no", marked("Customer"), width=100),
    Column("reference", marked("Reference"), Kind.REFERENCE, 105),
    Column("due_date", marked("Due date"), Kind.DATE, 115),
    Column("payment_date", marked("Paid on"), Kind.DATE, 105),
    Column("amount_paid_minor", marked("Cash"), Kind.AMOUNT, 100),
    Column("residual_minor", marked("Residual"), Kind.AMOUNT, 95),
    Column("allowed", marked("Allowed"), Kind.WORD, 85, YES),
    Column("posted", marked("Posted"), Kind.WORD, 150, POSTINGS),
    Column("document_no", marked("Voucher"), Kind.CODE, 110),
    Column("file", marked("File"), Kind.CODE, 190),
    Column("line", marked("Line"), Kind.INTEGER, 65),
)

_PREVIEW = (COLUMNS[2], COLUMNS[3], COLUMNS[4], COLUMNS[6], COLUMNS[7])

#: Postings after which a mark changes nothing any more.
_DONE = ("payment", "release", "on_account", "reversal")


class PaymentLinesPart:
    """The table of payment lines with what can be done to them.

    Attributes:
        view: The widget.
        table: The lines.
        decision: Where one chosen held line is decided.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.table = Table(
            PAYMENT_LINES.to_frame(), screen=screen, columns=COLUMNS, key="payment_line_id",
            label=marked("Payment lines"), facets=("outcome", "class", "kind"),
            total="amount_paid_minor", on_select=self.look, lock=lock,
        )  # fmt: skip
        self.detail = widgets.HTML()
        self.decision = PaymentDecision(screen, self.desk)
        self.allow_button = self.desk.decision(
            marked("Allow posting …"), lambda: self._marking(allowed=True), tone="primary"
        )
        self.forbid_button = self.desk.decision(
            marked("Take the mark back …"), lambda: self._marking(allowed=False)
        )
        self.rule_button = self.desk.action(
            marked("Allow by the company's rule"), self._allow_by_rule
        )
        bar = widgets.HBox([self.allow_button, self.forbid_button, self.rule_button])
        bar.layout.flex_flow = "row wrap"
        self.view = widgets.VBox(
            [self.table.view, bar, self.desk.view, self.detail, self.decision.view]
        )

    def show(self, lines: pl.DataFrame) -> None:
        """Show these lines, what waits for a person first."""
        self.table.show(lines.sort(pl.col("outcome") != "held", maintain_order=True))
        self.look()

    def look(self) -> None:
        """Show the evidence of the one chosen line, and the form that decides about it."""
        chosen = self.table.chosen
        line = chosen.row(0, named=True) if chosen.height == 1 else None
        self.decision.load(line)
        if line is None:
            self.detail.value = ""
            return
        screen = self._screen
        with screen.workspace.read() as reader:
            found = line_evidence(reader, line["payment_line_id"], language=screen.language)
        self.detail.value = evidence(found, screen)

    def _marking(self, *, allowed: bool) -> Plan:
        """Set or take back the mark of the chosen lines that can still use it."""
        screen, chosen = self._screen, self.table.chosen
        lines = chosen.filter(_is_open(), pl.col("allowed") != allowed)
        if lines.is_empty():
            raise NotReadyError(
                screen.say("Choose matched lines whose money is not posted to a customer yet.")
            )
        line_ids = lines["payment_line_id"].to_list()

        def act() -> str:
            number = allow_posting(
                screen.workspace, line_ids, allowed=allowed, run_id=screen.run_id
            )
            return screen.counted(
                "{count} mark was written.", "{count} marks were written.", number
            )

        question = (
            screen.say("Allow these lines to be posted?")
            if allowed
            else screen.say("Take back that these lines may be posted?")
        )
        left = chosen.height - lines.height
        note = screen.counted(
            "{count} chosen line stays as it is: its status does not allow it.",
            "{count} chosen lines stay as they are: their status does not allow it.",
            left,
        )
        markup = preview(
            lines, screen=screen, columns=_PREVIEW, amount="amount_paid_minor",
            question=question, notes=[note] if left else [],
        )  # fmt: skip
        return Plan(markup, screen.say("Allow") if allowed else screen.say("Take back"), act)

    def _allow_by_rule(self) -> str:
        screen = self._screen
        number = allow_by_rule(screen.workspace, run_id=screen.run_id)
        return screen.counted(
            "{count} line was allowed by the company's rule.",
            "{count} lines were allowed by the company's rule.",
            number,
        )


def _is_open() -> pl.Expr:
    """Matched money that no posting has brought to where it belongs."""
    done = pl.any_horizontal(
        pl.col("posted").fill_null("").str.contains(kind, literal=True) for kind in _DONE
    )
    has_cash = pl.col("amount_paid_minor").fill_null(0) != 0
    return (pl.col("outcome") == "matched") & has_cash & ~done
