"""Entries that the ERP and we read differently, until a person has decided."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from threading import RLock
from typing import Any

import ipywidgets as widgets
import polars as pl

from workbench.collection.erp_exchange import decide
from workbench.ledger.imports.decisions import DECISIONS, Decided
from workbench.ledger.imports.differences import DIFFERENCES, open_differences, words
from workbench.ledger.imports.report import CLASSES
from workbench.ledger.periods import rolled_words
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import Words

_COLUMNS = (
    Column("class", marked("Why held"), Kind.WORD, 250, Words(CLASSES)),
    Column("erp_entry_no", marked("In the ERP"), Kind.CODE, 95),
    Column("customer_no", marked("Customer"), width=110),
    Column("document_no", marked("Document"), Kind.CODE, 120),
    Column("remaining_minor", marked("Remains with us"), Kind.AMOUNT, 150),
    Column("handed_over_minor", marked("Handed over"), Kind.AMOUNT, 125),
    Column("waiting_minor", marked("Waits"), Kind.AMOUNT, 100),
    Column("shown_minor", marked("The ERP shows"), Kind.AMOUNT, 135),
    Column("currency", marked("Currency"), Kind.CODE, 75),
)


class DifferencesPart:
    """The open differences, both readings of the chosen one, and the decision.

    Attributes:
        view: The widget.
        table: One row per open difference.
        decision: What it comes to.
        reason: Why; kept.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.table = Table(
            DIFFERENCES.to_frame(), screen=screen, columns=_COLUMNS, key="difference_id",
            label=marked("Differences with the ERP"), facets=("class", "currency"), lock=lock,
            on_select=lambda: self.desk.quietly(self._look),
        )  # fmt: skip
        self.readings = widgets.HTML()
        self.decision = widgets.Dropdown(
            options=[(say(told), name) for name, told in DECISIONS.items()],
            description=say("It comes to"), layout=widgets.Layout(width="34rem"),
        )  # fmt: skip
        self.reason = widgets.Text(
            placeholder=say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.decide_button = self.desk.decision(marked("Decide …"), self._plan, tone="primary")
        self.one = widgets.VBox([self.readings, self.decision, self.reason, self.decide_button])
        self.one.layout.display = "none"
        self.view = widgets.VBox([self.table.view, self.one, self.desk.view])

    def refresh(self) -> None:
        """Show what is open now."""
        with self._screen.workspace.read() as reader:
            self.table.show(open_differences(reader))
        self._look()

    def _look(self) -> None:
        """Both readings of the one that is chosen."""
        row = self._chosen()
        self.one.layout.display = "none" if row is None else ""
        if row is not None:
            self.readings.value = f'<div class="wb">{self._told(row)}</div>'

    def _chosen(self) -> dict[str, Any] | None:
        chosen = self.table.chosen
        return chosen.row(0, named=True) if chosen.height == 1 else None

    def _told(self, row: dict[str, Any]) -> str:
        screen = self._screen
        said = paragraph(words(row, language=screen.language), tone="warn")
        facts = [
            screen.say(
                "{field}: ours {ours}, the ERP {theirs}",
                field=name, ours=mask(str(ours)), theirs=mask(str(theirs)),
            )
            for name, (ours, theirs) in json.loads(row["changed"]).items()
        ]  # fmt: skip
        return said + "".join(paragraph(fact) for fact in facts)

    def _plan(self) -> Plan:
        screen, row, reason = self._screen, self._chosen(), self.reason.value.strip()
        if row is None:
            raise NotReadyError(screen.say("Choose one difference first."))
        if not reason:
            raise NotReadyError(screen.say("Say why: the reason is kept."))
        decision = self.decision.value
        known = row["difference_id"], row["import_id"]

        def act() -> str:
            done = decide(
                screen.workspace, known[0], decision=decision, reason=reason,
                as_of=screen.as_of,
            )  # fmt: skip
            self.reason.value = ""
            return self._done(done, row)

        question = escape(screen.say(DECISIONS[decision]))
        markup = f"<h4>{question}</h4>{self._told(row)}{paragraph(mask(reason), tone='dim')}"
        return Plan(markup, screen.say("Decide"), act)

    def _done(self, done: Decided, row: dict[str, Any]) -> str:
        screen = self._screen
        told = [screen.say("Decided.")]
        if done.document_no is not None:
            told.append(
                screen.say(
                    "Voucher {number}: settled in the ERP, {amount}.",
                    number=done.document_no,
                    amount=screen.money(done.settled_minor, row["currency"]),
                )
            )
        if done.stopped:
            told.append(
                screen.counted("{count} unsent line was stopped.",
                               "{count} unsent lines were stopped.", done.stopped)
            )  # fmt: skip
        if done.rolled is not None:
            told.append(rolled_words((done.rolled,), screen.language))
        return " ".join(told)


def open_of(differences: pl.DataFrame, entry_id: int) -> pl.DataFrame:
    """The open differences of one entry; rows of `DIFFERENCES`."""
    return differences.filter(pl.col("entry_id") == entry_id)
