"""Money that goes back to customers: what was asked for, and what may still be taken back."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.ledger.handover import refunds
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import Words

REFUND_STATES = Words(
    {
        "waiting": marked("Waits"),
        "handed_over": marked("Handed over"),
        "withdrawn": marked("Withdrawn"),
    },
    {"waiting": "warn", "withdrawn": "dim"},
)

_COLUMNS = (
    Column("customer_no", marked("Customer"), width=130),
    Column("document_no", marked("Document"), Kind.CODE, 140),
    Column("state", marked("State"), Kind.WORD, 120, REFUND_STATES),
    Column("delivery", marked("Delivery"), Kind.CODE, 110),
    Column("reason", marked("Why"), width=280),
    Column("actor", marked("Who"), width=110),
    Column("amount", marked("Amount"), Kind.AMOUNT, 120),
    Column("currency", marked("Currency"), Kind.CODE, 80),
)


class RefundsPart:
    """The refunds, and the button that takes one back.

    Attributes:
        view: The widget.
        table: One row per refund; the newest first.
        reason: Why it is taken back.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.table = Table(
            refunds.REFUNDS.to_frame(), screen=screen, columns=_COLUMNS, key="refund_id",
            label=marked("Refunds"), facets=("state", "currency"), total="amount", lock=lock,
        )  # fmt: skip
        self.reason = widgets.Text(
            placeholder=screen.say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.withdraw_button = self.desk.decision(marked("Take back …"), self._plan)
        choice = widgets.HBox([self.reason, self.withdraw_button])
        self.view = widgets.VBox([self.table.view, choice, self.desk.view])

    def refresh(self) -> None:
        """Show the refunds as they stand now."""
        with self._screen.workspace.read() as reader:
            self.table.show(refunds.refunds(reader).reverse())

    def _plan(self) -> Plan:
        screen, reason = self._screen, self.reason.value.strip()
        chosen = self.table.chosen.filter(pl.col("state") == "waiting")
        if chosen.is_empty() or chosen.height != self.table.chosen.height:
            raise NotReadyError(screen.say("Choose refunds that still wait."))
        if not reason:
            raise NotReadyError(screen.say("Say why: the reason is kept."))
        numbers = chosen["refund_id"].to_list()

        def act() -> str:
            for number in numbers:
                refunds.withdraw(screen.workspace, number, reason=reason)
            self.reason.value = ""
            return screen.counted(
                "{count} refund was taken back.", "{count} refunds were taken back.",
                len(numbers),
            )  # fmt: skip

        question = escape(
            screen.counted("Take back {count} refund, {sum}?",
                           "Take back {count} refunds, {sum}?", len(numbers),
                           sum=self.table.total_of(chosen))
        )  # fmt: skip
        markup = f"<h4>{question}</h4>{paragraph(mask(reason), tone='dim')}"
        return Plan(markup, screen.say("Take back"), act)
