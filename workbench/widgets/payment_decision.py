"""What a person decides about one held line: match it, put it on account, ignore it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import ipywidgets as widgets
import polars as pl

from workbench.collection import decisions
from workbench.collection.search import FOUND, find_collections, find_customers
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.columns import name_of
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import KINDS, STATUSES

_MATCH, _ON_ACCOUNT, _IGNORE = "match", "on_account", "ignore"


class PaymentDecision:
    """A form for one held line; hidden while none is chosen.

    Attributes:
        view: The widget.
        way: Match, on account, or ignore.
        search: Reference, customer number or name to look for.
        target: The collection or customer that was found and chosen.
        reason: Why; every decision needs it.
        decide_button: Shows what would happen, and waits for the confirmation.
    """

    def __init__(self, screen: Screen, desk: Desk) -> None:
        self._screen = screen
        self._desk = desk
        self._line: dict[str, object] | None = None
        self._found = FOUND.to_frame()
        say = screen.say
        self.way = widgets.ToggleButtons(
            options=[
                (say("Match to a collection"), _MATCH),
                (say("Put on account"), _ON_ACCOUNT),
                (say("Ignore"), _IGNORE),
            ],
            style={"button_width": "13rem"},
        )
        self.search = widgets.Text(
            placeholder=say("Reference, customer number or name"), continuous_update=False,
            layout=widgets.Layout(width="34rem"),
        )  # fmt: skip
        self.target = widgets.Select(rows=5, layout=widgets.Layout(width="50rem"))
        self.target.tooltip = say("What was found")
        self.reason = widgets.Text(
            placeholder=say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.decide_button = desk.decision(marked("Decide …"), self._plan, tone="primary")
        for control in (self.way, self.search):
            control.observe(lambda _: desk.quietly(self._look), "value")
        decide = escape(say("Decide about this line"))
        heading = f'<div class="wb"><h4>{decide}</h4></div>'
        self.view = widgets.VBox(
            [widgets.HTML(heading), self.way, self.search, self.target, self.reason,
             self.decide_button]
        )  # fmt: skip
        self.view.layout.display = "none"

    def load(self, line: dict[str, object] | None) -> None:
        """Show the form for a held line, with its customer looked up."""
        if line is not None and line["outcome"] != "held":
            line = None
        self.view.layout.display = "none" if line is None else ""
        known = self._line and self._line["payment_line_id"]
        self._line = line
        if line is not None and line["payment_line_id"] != known:
            self.reason.value = ""
            self.search.value = str(line["customer_no"] or line["reference"] or "").strip()
            self._look()

    def _look(self) -> None:
        """Fill the list with what the search finds."""
        text, matching = self.search.value, self.way.value == _MATCH
        ignoring = self.way.value == _IGNORE
        for part in (self.search, self.target):
            part.layout.display = "none" if ignoring else ""
        if ignoring:
            return
        with self._screen.workspace.read() as reader:
            find = find_collections if matching else find_customers
            self._found = find(reader, text)
        rows = self._found.iter_rows(named=True)
        key = "collection_line_id" if matching else "customer_id"
        label = self._collection if matching else self._customer
        self.target.options = [(label(row), row[key]) for row in rows]
        self.target.value = self.target.options[0][1] if self._found.height == 1 else None

    def _customer(self, row: dict[str, object]) -> str:
        return f"{mask(str(row['customer_no']))} · {name_of(row['name'], self._screen)}"

    def _collection(self, row: dict[str, object]) -> str:
        screen = self._screen
        status = screen.say(STATUSES.texts[str(row["status"])])
        money = screen.money(int(str(row["amount_minor"])), str(row["currency"]))
        due = screen.numbers.date(row["due_date"])  # type: ignore[arg-type]  # by its schema
        return f"{self._customer(row)} · {row['reference']} · {due} · {money} · {status}"

    def _plan(self) -> Plan:
        line, reason = self._line, self.reason.value.strip()
        if line is None:
            raise NotReadyError(self._screen.say("Choose the one held line to decide about."))
        if not reason:
            raise NotReadyError(self._screen.say("Say why: the reason is kept."))
        if self.way.value == _IGNORE:
            return self._ignoring(line, reason)
        if self.target.value is None:
            raise NotReadyError(self._screen.say("Choose what was found, from the list."))
        if self.way.value == _MATCH:
            return self._matching(line, self.target.value, reason)
        return self._giving(line, self.target.value, reason)

    def _matching(self, line: dict[str, object], target: int, reason: str) -> Plan:
        screen = self._screen
        found = self._found.row(by_predicate=pl.col("collection_line_id") == target, named=True)
        line_id, seen = _identity(line)

        def act() -> None:
            decisions.match_to(
                screen.workspace, line_id, target, seen_outcome=seen, reason=reason,
                as_of=screen.as_of,
            )  # fmt: skip

        cash = int(str(line["amount_paid_minor"] or 0))
        applied = min(cash, found["amount_minor"])
        money, currency = screen.money, str(line["currency"])
        rows = [
            (screen.say("Collection"), self._collection(found)),
            (screen.say("Settles"), money(applied, currency)),
            (screen.say("Remains as residual"), money(cash - applied, currency)),
        ]
        question = screen.say("Match this payment to this collection?")
        return self._decision(line, question, rows, reason, act)

    def _giving(self, line: dict[str, object], customer: int, reason: str) -> Plan:
        screen = self._screen
        found = self._found.row(by_predicate=pl.col("customer_id") == customer, named=True)
        line_id, seen = _identity(line)

        def act() -> None:
            decisions.put_on_account(
                screen.workspace, line_id, customer, seen_outcome=seen, reason=reason
            )

        rows = [(screen.say("Customer"), self._customer(found))]
        question = screen.say("Put this money on the customer's account? It settles nothing.")
        return self._decision(line, question, rows, reason, act)

    def _ignoring(self, line: dict[str, object], reason: str) -> Plan:
        line_id, seen = _identity(line)

        def act() -> None:
            decisions.ignore(self._screen.workspace, line_id, seen_outcome=seen, reason=reason)

        question = self._screen.say(
            "Ignore this line? Its money stays on the account of held money."
        )
        return self._decision(line, question, [], reason, act)

    def _decision(
        self,
        line: dict[str, object],
        question: str,
        rows: list[tuple[str, str]],
        reason: str,
        act: Callable[[], None],
    ) -> Plan:
        say = self._screen.say
        kind = say(KINDS.texts.get(str(line["kind"]), str(line["kind"])))
        cash = self._screen.money(
            int(str(line["amount_paid_minor"] or 0)), str(line["currency"] or "") or None
        )
        told = [(say("Line"), f"{kind} {cash}"), *rows, (say("Reason"), mask(reason))]
        table = plain_table(
            [Cell(""), Cell("")], [[Cell(name), Cell(value)] for name, value in told]
        )
        note = paragraph(
            say("The next matching will not touch this decision again."), tone="dim"
        )

        def decide() -> str:
            act()
            return say("Decided. The line and its history show it.")

        return Plan(f"<h4>{escape(question)}</h4>{table}{note}", say("Decide"), decide)


def _identity(line: dict[str, object]) -> tuple[int, int]:
    return int(str(line["payment_line_id"])), int(str(line["outcome_id"]))
