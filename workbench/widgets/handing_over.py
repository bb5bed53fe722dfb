"""What waits to be handed to the ERP, and handing it over: shown whole, then confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets

from workbench.ledger.files.saved_mappings import listing as saved_mappings
from workbench.ledger.handover.handing_over import WAITING, HandedOver, waiting
from workbench.ledger.handover.layouts import PURPOSE, ready_made
from workbench.model.texts import marked
from workbench.reports.hand_over import export_postings
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Answer, Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.problem_table import problem_table
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table

_COLUMNS = (
    Column("document_no", marked("Voucher"), Kind.CODE, 120),
    Column("journal", marked("Journal"), Kind.CODE, 110),
    Column("posting_date", marked("Posting date"), Kind.DATE, 115),
    Column("bank_date", marked("Bank date"), Kind.DATE, 105),
    Column("text", marked("Text"), width=300),
    Column("postings", marked("Postings"), Kind.INTEGER, 90),
    Column("debit_minor", marked("Debit"), Kind.AMOUNT, 130),
    Column("currency", marked("Currency"), Kind.CODE, 80),
)

_LAYOUTS = {
    "business_central_general_journal": marked("Business Central, general journal"),
    "dynamics_365_customer_payment_journal": marked("Dynamics 365, customer payment journal"),
    "plain_csv": marked("Plain CSV"),
    "plain_xlsx": marked("Plain workbook (XLSX)"),
    "sie_4": marked("SIE 4 (Sweden)"),
}


class HandingOverPart:
    """The vouchers that wait, and the button that hands them over.

    Attributes:
        view: The widget.
        table: One row per voucher and currency that is in no delivery.
        layout: How the files look.
        up_to: The last posting date that goes out; all of them when empty.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.table = Table(
            WAITING.to_frame(), screen=screen, columns=_COLUMNS, key="voucher_id",
            label=marked("Vouchers that wait"), facets=("journal", "currency"),
            total="debit_minor", lock=lock, choosing=False,
        )  # fmt: skip
        self.layout = widgets.Dropdown(
            options=self._layouts(), description=screen.say("Layout"),
            layout=widgets.Layout(width="34rem"),
        )  # fmt: skip
        self.up_to = widgets.DatePicker(description=screen.say("Up to"))
        self.hand_over_button = self.desk.decision(
            marked("Hand over …"), self._plan, tone="primary"
        )
        self.view = widgets.VBox(
            [self.table.view, widgets.HBox([self.layout, self.up_to]), self.hand_over_button,
             self.desk.view]
        )  # fmt: skip

    def refresh(self) -> None:
        """Show what waits now."""
        with self._screen.workspace.read() as reader:
            self.table.show(waiting(reader))

    def _layouts(self) -> list[tuple[str, str]]:
        """Those that the company saved, and then the ready-made ones."""
        with self._screen.workspace.read() as reader:
            saved = saved_mappings(reader)
        own = saved.filter(saved["purpose"] == PURPOSE)["name"].to_list()
        ready = [
            (self._screen.say(_LAYOUTS.get(name, name)), name)
            for name in ready_made() if name not in own
        ]  # fmt: skip
        return [*((name, name) for name in own), *ready]

    def _plan(self) -> Plan:
        screen, layout = self._screen, str(self.layout.value)
        up_to: dt.date | None = self.up_to.value
        found = export_postings(
            screen.workspace, mapping=layout, as_of=screen.as_of, up_to=up_to, dry_run=True
        )
        if found.nothing:
            raise NotReadyError(screen.say("Nothing waits to be handed over."))
        if not found.clean:
            raise NotReadyError(
                screen.say("These files cannot be made: {problems}",
                           problems=_first_problem(found, screen))
            )  # fmt: skip

        def act() -> Answer:
            done = export_postings(
                screen.workspace, mapping=layout, as_of=screen.as_of, up_to=up_to,
                run_id=screen.run_id, as_seen=found.seq,
            )  # fmt: skip
            if done.number is None:
                return Answer(_first_problem(done, screen), "bad")
            told = screen.say(
                "Delivery {number} is handed over: {files}. The files lie in {folder}.",
                number=done.number,
                files=", ".join(file.name for file in done.files),
                folder=str(screen.workspace.outbox / "erp"),
            )
            return Answer(told, "good")

        return Plan(self._markup(found), screen.say("Hand over"), act)

    def _markup(self, found: HandedOver) -> str:
        screen = self._screen
        question = escape(screen.say("Hand delivery {number} to the ERP?", number=found.number))
        heads = [Cell(screen.say("Currency")), Cell(screen.say("Postings"), number=True),
                 Cell(screen.say("Debit"), number=True),
                 Cell(screen.say("Credit"), number=True)]  # fmt: skip
        rows = [
            [
                Cell(row["currency"]),
                Cell(screen.numbers.integer(row["postings"]), number=True),
                Cell(screen.money(row["debit_minor"], row["currency"]), number=True),
                Cell(screen.money(row["credit_minor"], row["currency"]), number=True),
            ]
            for row in found.totals.iter_rows(named=True)
        ]
        files = "".join(
            paragraph(screen.counted("{name}: {count} line", "{name}: {count} lines",
                                     file.lines, name=file.name))
            for file in found.files
        )  # fmt: skip
        once = paragraph(
            screen.say("Each posting goes out once. The same files can be made again."),
            tone="dim",
        )
        return (
            f"<h4>{question}</h4>{plain_table(heads, rows) if rows else ''}{files}"
            f"{self._staying(found)}{problem_table(found.problems, screen)}{once}"
        )

    def _staying(self, found: HandedOver) -> str:
        if not found.staying:
            return ""
        told = self._screen.say(
            "These vouchers wait on, since the layout cannot hold them: {vouchers}",
            vouchers=", ".join(found.staying),
        )
        return paragraph(told, tone="warn")


def _first_problem(found: HandedOver, screen: Screen) -> str:
    return " ".join(
        f"{problem.message(language=screen.language)} "
        f"{problem.advice(language=screen.language)}"
        for problem in found.problems[:3]
    )
