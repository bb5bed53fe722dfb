"""What the ERP got, and what it booked of it: by a receipt, or by a person's word."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.ledger.handover.booking import (
    DELIVERIES,
    VOUCHERS_OF_DELIVERY,
    deliveries,
    mark_booked,
    unmark,
    vouchers_of,
)
from workbench.ledger.handover.receipt import Receipt, read_receipt
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.reports.hand_over import export_again
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Answer, Desk, Plan
from workbench.widgets.erp_files import ErpFiles
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.problem_table import problem_table
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import Words

HANDOVER_STATES = Words(
    {
        "handed_over": marked("Handed over"),
        "partly_booked": marked("Partly booked"),
        "booked": marked("Booked"),
    },
    {"handed_over": "warn", "partly_booked": "warn", "booked": "good"},
)

_DELIVERIES = (
    Column("document_no", marked("Delivery"), Kind.CODE, 105),
    Column("as_of", marked("Of"), Kind.DATE, 95),
    Column("state", marked("State"), Kind.WORD, 120, HANDOVER_STATES),
    Column("age_days", marked("Days"), Kind.INTEGER, 60),
    Column("mapping_name", marked("Layout"), Kind.CODE, 200),
    Column("postings", marked("Postings"), Kind.INTEGER, 90),
    Column("settlements", marked("Settlements"), Kind.INTEGER, 110),
    Column("refunds", marked("Refunds"), Kind.INTEGER, 80),
    Column("debit_minor", marked("Debit"), Kind.AMOUNT, 130),
    Column("currency", marked("Currency"), Kind.CODE, 80),
)

_VOUCHERS = (
    Column("document_no", marked("Voucher"), Kind.CODE, 120),
    Column("posting_date", marked("Posting date"), Kind.DATE, 115),
    Column("text", marked("Text"), width=280),
    Column("state", marked("In the ERP"), Kind.WORD, 120, HANDOVER_STATES),
    Column("reason", marked("Why"), width=200),
    Column("debit_minor", marked("Debit"), Kind.AMOUNT, 130),
    Column("currency", marked("Currency"), Kind.CODE, 80),
)


class HandedOverPart:
    """The deliveries, the vouchers of the chosen one, and what became of them.

    Attributes:
        view: The widget.
        table: One row per delivery and currency; the newest first.
        vouchers: Those of the one delivery that is chosen.
        receipts: The ERP's receipt files.
        reason: How the reader knows.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.table = Table(
            _keyed(DELIVERIES.to_frame()), screen=screen, columns=_DELIVERIES, key="row",
            label=marked("Deliveries to the ERP"), facets=("state", "currency"),
            total="debit_minor", lock=lock, on_select=lambda: self.desk.quietly(self._look),
        )  # fmt: skip
        self.vouchers = Table(
            _keyed(VOUCHERS_OF_DELIVERY.to_frame()), screen=screen, columns=_VOUCHERS,
            key="row", label=marked("Vouchers of the delivery"), facets=("state",),
            total="debit_minor", lock=lock,
        )  # fmt: skip
        self.reason = widgets.Text(
            placeholder=say("How do you know? This is kept."),
            layout=widgets.Layout(width="34rem"),
        )
        self.booked_button = self.desk.decision(
            marked("The ERP booked it …"), lambda: self._plan(booked=True), tone="primary"
        )
        self.not_booked_button = self.desk.decision(
            marked("It did not after all …"), lambda: self._plan(booked=False)
        )
        self.again_button = self.desk.action(marked("Make the files again"), self._again)
        self.receipts = ErpFiles(screen, self.desk, suffixes=(".csv", ".txt"))
        self.receipt_button = self.desk.decision(marked("Read the receipt …"), self._receipt)
        buttons = widgets.HBox([self.booked_button, self.not_booked_button, self.again_button])
        self.one = widgets.VBox([self.vouchers.view, self.reason, buttons])
        self.one.layout.display = "none"
        receipt = widgets.HBox([self.receipts.view, self.receipt_button])
        self.view = widgets.VBox([self.table.view, self.one, receipt, self.desk.view])

    def refresh(self) -> None:
        """Show the deliveries as they stand now."""
        screen = self._screen
        with screen.workspace.read() as reader:
            self.table.show(_keyed(deliveries(reader, as_of=screen.as_of).reverse()))
        self.receipts.refresh()
        self._look()

    def _look(self) -> None:
        """The vouchers of the chosen delivery."""
        number = self._chosen()
        self.one.layout.display = "none" if number is None else ""
        found = VOUCHERS_OF_DELIVERY.to_frame()
        if number is not None:
            with self._screen.workspace.read() as reader:
                found = vouchers_of(reader, number)
        self.vouchers.show(_keyed(found))

    def _chosen(self) -> str | None:
        numbers = self.table.chosen["document_no"].unique().to_list()
        return str(numbers[0]) if len(numbers) == 1 else None

    def _require(self) -> str:
        number = self._chosen()
        if number is None:
            raise NotReadyError(self._screen.say("Choose one delivery first."))
        return number

    def _plan(self, *, booked: bool) -> Plan:
        screen, number, reason = self._screen, self._require(), self.reason.value.strip()
        if not reason:
            raise NotReadyError(screen.say("Say how you know: the reason is kept."))
        ticked = self.vouchers.chosen
        meant = ticked["document_no"].unique(maintain_order=True).to_list() or None
        shown = self.vouchers.frame if meant is None else ticked
        saying = mark_booked if booked else unmark

        def act() -> str:
            saying(screen.workspace, number, vouchers=meant, reason=reason)
            self.reason.value = ""
            return screen.say("Delivery {number}: what you said is kept.", number=number)

        template = (
            marked("{number}: the ERP booked this?")
            if booked
            else marked("{number}: the ERP did not book this after all?")
        )
        question = escape(screen.say(template, number=number))
        told = screen.counted("{count} voucher, {sum}", "{count} vouchers, {sum}",
                              shown["document_no"].n_unique(),
                              sum=self.vouchers.total_of(shown))  # fmt: skip
        markup = f"<h4>{question}</h4>{paragraph(told)}{paragraph(mask(reason), tone='dim')}"
        return Plan(markup, screen.say("Keep it"), act)

    def _again(self) -> str:
        number = self._require()
        export_again(self._screen.workspace, number)
        return self._screen.say(
            "Delivery {number} lies in the outbox again, the same bytes as before.",
            number=number,
        )

    def _receipt(self) -> Plan:
        screen, path = self._screen, self.receipts.path
        found = read_receipt(screen.workspace, path, dry_run=True)
        if found.outcome == "read_before":
            raise NotReadyError(
                screen.say("{name} was read before, nothing to do.", name=found.name)
            )

        def act() -> Answer:
            done = read_receipt(screen.workspace, path)
            good = done.outcome == "accepted" and not done.refused
            return Answer(self._told(done), "good" if good else "warn")

        question = escape(screen.say("Read {name}?", name=found.name))
        refused = paragraph(self._told(found), tone="warn" if found.refused else "")
        problems = problem_table(found.problems, screen)
        return Plan(f"<h4>{question}</h4>{refused}{problems}", screen.say("Read"), act)

    def _told(self, found: Receipt) -> str:
        screen = self._screen
        if found.outcome == "refused":
            return screen.say("{name} cannot be read. Nothing was changed.", name=found.name)
        booked = screen.counted(
            "{name}: {count} delivery or voucher is booked.",
            "{name}: {count} deliveries or vouchers are booked.",
            found.booked,
            name=found.name,
        )
        if not found.refused:
            return booked
        refused = screen.say(
            "The ERP refused {numbers}; they stay handed over.",
            numbers=", ".join(found.refused),
        )
        return f"{booked} {refused}"


def _keyed(rows: pl.DataFrame) -> pl.DataFrame:
    """A delivery has a row for each currency, so rows are counted."""
    return rows.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
