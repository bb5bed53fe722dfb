"""The screen of the month's close: what stands in its way, and who closed what, and why."""

from __future__ import annotations

import datetime as dt
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.ledger import period_states
from workbench.model.texts import marked
from workbench.reports.month_checklist import Checklist, Item, checklist
from workbench.reports.verification import Verification, verify
from workbench.widgets.columns import Column, Kind
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.month_closing import ClosingPart
from workbench.widgets.month_states import STATES
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.verified import verified

#: Where an item that does not hold is worked off.
_PLACES = {
    "deliveries_known": "collection_journal.ipynb",
    "inbox_empty": "payments.ipynb",
    "held_lines": "payments.ipynb",
    "unposted_lines": "payments.ipynb",
    "erp_differences": "import_from_erp.ipynb",
    "full_import": "import_from_erp.ipynb",
    "handed_over": "hand_over.ipynb",
    "handed_over_month": "hand_over.ipynb",
    "booked_month": "hand_over.ipynb",
}
_PROOF = "reconciliation.ipynb"

_SIGNS = {
    "holds": Cell("✓", tone="good"),
    "warning": Cell("!", tone="warn"),
    "stops": Cell("✗", tone="bad"),
}

_HISTORY = (
    Column("month", marked("Month"), Kind.CODE, 90),
    Column("journal", marked("Journal"), Kind.CODE, 110),
    Column("from_state", marked("Before"), Kind.WORD, 120, STATES),
    Column("to_state", marked("After"), Kind.WORD, 120, STATES),
    Column("reason", marked("Why"), width=320),
    Column("actor", marked("Who"), width=110),
    Column("day", marked("When"), Kind.DATE, 110),
)


class MonthClose:
    """One month with its checklist, its states, and everything that was decided before.

    Attributes:
        month: The month that is looked at.
        checklist: What stands in its way, as an HTML widget.
        closing: Close it, or open it again.
        history: Every change of a period's state.
        verification: All identities, as they stood when the screen was opened.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lock = RLock()
        self.verification: Verification = verify(
            screen.workspace, as_of=screen.as_of, rows=False
        )
        self._found: Checklist | None = None
        with screen.workspace.read() as reader:
            periods = period_states.listing(reader)
        self.month = widgets.Dropdown(
            options=_months(periods), value=_first_to_close(periods, screen.as_of),
            description=screen.say("Month"), layout=widgets.Layout(width="16rem"),
        )  # fmt: skip
        self.checklist = widgets.HTML()
        self.closing = ClosingPart(
            screen, lambda: self.month.value, refresh=self.refresh, lock=self.lock
        )
        self.history = Table(
            _told(period_states.EVENTS.to_frame()), screen=screen, columns=_HISTORY,
            key="event_id", label=marked("Changes of periods"), facets=("month", "to_state"),
            lock=self.lock, choosing=False,
        )  # fmt: skip
        self.month.observe(lambda _: self.closing.desk.quietly(self.refresh), "value")
        self.refresh()

    @property
    def view(self) -> widgets.VBox:
        """The month to choose, and its checklist."""
        return widgets.VBox([self.month, self.checklist])

    def refresh(self) -> None:
        """Show the month as it stands now."""
        with self.lock:
            month: dt.date | None = self.month.value
            with self.screen.workspace.read() as reader:
                events = period_states.events(reader)
            if month is not None:
                self._found = checklist(
                    self.screen.workspace, month=month, as_of=self.screen.as_of
                )
            self.checklist.value = f'<div class="wb">{self._markup()}</div>'
            self.closing.refresh()
            self.history.show(_told(events))

    def proof(self) -> Proof:
        """The ticks are the identities as they stand; the history is the stored one."""
        with self.screen.workspace.read() as reader:
            stored = reader.value("SELECT count(*) FROM period_event")
        shown = Claim(
            self.screen.say("Changes shown = changes kept"), self.history.frame.height, stored
        )
        return proof(self.screen, [shown, *verified(self.verification, self.screen)])

    def _markup(self) -> str:
        say, found = self.screen.say, self._found
        if found is None:
            return paragraph(say("No period is set up yet."), tone="warn")
        rows = [self._row(item) for item in _in_order(found)]
        table = plain_table(
            [Cell(""), Cell(""), Cell(say("One way"), number=True),
             Cell(say("The other way"), number=True), Cell(say("What to do"))], rows
        )  # fmt: skip
        return f"{self._verdict(found)}{table}"

    def _verdict(self, found: Checklist) -> str:
        warnings = sum(1 for item in found.items if item.state == "warning")
        if found.stops:
            told = self.screen.counted(
                "{count} point stands in the way of closing.",
                "{count} points stand in the way of closing.",
                len(found.stops),
            )
            return paragraph(told, tone="bad")
        told = self.screen.say("Nothing stands in the way of closing.")
        if not warnings:
            return paragraph(told, tone="good")
        look = self.screen.counted(
            "{count} point is worth a look.", "{count} points are worth a look.", warnings
        )
        return paragraph(f"{told} {look}", tone="warn")

    def _row(self, item: Item) -> list[Cell]:
        language = self.screen.language
        place = _PLACES.get(item.name, _PROOF) if not item.holds else ""
        advice = item.advised(language)
        if advice and item.name == "backup":  # made on the command line
            advice, place = f"{advice} ({item.command})", ""
        return [
            _SIGNS[item.state],
            Cell(item.said(language)),
            Cell(self._number(item, item.left), number=True),
            Cell(self._number(item, item.right), number=True),
            Cell(advice, link=place if advice else ""),
        ]

    def _number(self, item: Item, value: int | None) -> str:
        if value is None:
            return ""
        if item.currency is None:
            return self.screen.numbers.integer(value)
        return self.screen.money(value, item.currency)


def _months(periods: pl.DataFrame) -> list[tuple[str, dt.date]]:
    of_all = periods.filter(pl.col("journal").is_null())
    return [(f"{day:%Y-%m}", day) for day in of_all["first_day"]]


def _first_to_close(periods: pl.DataFrame, as_of: dt.date) -> dt.date | None:
    """The month before today's: older ones that were never used need no closing now."""
    days = periods.filter(pl.col("journal").is_null(), pl.col("last_day") < as_of)["first_day"]
    known = days if days.len() else periods["first_day"]
    return known.sort()[-1] if days.len() else (known[0] if known.len() else None)


def _in_order(found: Checklist) -> list[Item]:
    order = {"stops": 0, "warning": 1, "holds": 2}
    return sorted(found.items, key=lambda item: order[item.state])


def _told(events: pl.DataFrame) -> pl.DataFrame:
    return events.select(
        "event_id", pl.col("first_day").dt.strftime("%Y-%m").alias("month"), "journal",
        "from_state", "to_state", "reason", "actor",
        day=pl.col("at").str.slice(0, 10).str.to_date(),
    ).sort("event_id", descending=True)  # fmt: skip
