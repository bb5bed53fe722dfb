"""What is open: as of a day, and as it was known on a day or after a step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import RLock
from typing import get_args

import ipywidgets as widgets
import polars as pl

from workbench.ledger.as_known import BadMomentError, known_at, label_of, parse_moment
from workbench.ledger.entry_list import LISTED, Which, control_balances, entries_listed
from workbench.model.texts import marked
from workbench.widgets.desk import Desk
from workbench.widgets.entry_words import CUSTOMER, FACTS
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.proof import Claim
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table

_WHICH = {
    "open": marked("Open entries"),
    "settled": marked("Settled entries"),
    "all": marked("All entries"),
}


class EntryTablePart:
    """The entries of a day, and the one that the reader looks at.

    Attributes:
        view: The widget.
        table: One row per entry.
        as_of: The last day whose effects count.
        known: A day or a step, as text; what was recorded later does not count.
        which: Open ones, settled ones, or all.
    """

    def __init__(
        self,
        screen: Screen,
        *,
        on_choice: Callable[[], None],
        refresh: Callable[[], None],
        lock: RLock,
    ) -> None:
        self._screen = screen
        self._known = 0
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.as_of = widgets.DatePicker(
            value=screen.as_of, description=say("As of"), layout=widgets.Layout(width="15rem")
        )
        self.known = widgets.Text(
            placeholder=say("now; a day or a step"), description=say("As known"),
            continuous_update=False, layout=widgets.Layout(width="19rem"),
        )  # fmt: skip
        self.known.tooltip = say(
            "Show what was recorded by then: 2026-09-05, 2026-09-05T14:30, or the number of a "
            "step"
        )
        self.which = widgets.Dropdown(
            options=[(say(_WHICH[name]), name) for name in get_args(Which)],
            layout=widgets.Layout(width="max-content"),
        )
        self.past = widgets.HTML()
        for control in (self.as_of, self.known, self.which):
            control.observe(lambda _: self.desk.quietly(self._asked), "value")
        self.table = Table(
            LISTED.to_frame(), screen=screen, columns=(*CUSTOMER, *FACTS), key="entry_id",
            label=marked("Entries"), facets=("kind", "currency"), total="remaining_minor",
            on_select=lambda: self.desk.quietly(on_choice), lock=lock,
        )  # fmt: skip
        when = widgets.HBox([self.which, self.as_of, self.known])
        when.layout.flex_flow = "row wrap"
        self.view = widgets.VBox([when, self.past, self.table.view, self.desk.view])

    def refresh(self) -> None:
        """Show the entries of the day, as known then."""
        which: Which = self.which.value
        with self._screen.workspace.read() as reader:
            known = known_at(reader, self._moment())
            label = label_of(reader, known)
            is_past = known < reader.seq
            listed = entries_listed(reader, as_of=self._day(), known=known, which=which)
        self._known = known
        self.table.show(listed)
        self.past.value = self._told(known, label) if is_past else ""

    def claims(self) -> list[Claim]:
        """The sum shown, per currency, against the control accounts of that day."""
        with self._screen.workspace.read() as reader:
            control = control_balances(reader, as_of=self._day(), known=self._known)
        shown = dict(
            self.table.frame.group_by("currency")
            .agg(pl.col("remaining_minor").sum())
            .iter_rows()
        )
        said = self._screen.say("Remaining, as shown = control accounts of that day")
        if self.which.value == "settled":
            said = self._screen.say("Remaining, as shown = nothing")
            control = dict.fromkeys(shown, 0)
        return [
            Claim(said, shown.get(currency, 0), control.get(currency, 0), currency)
            for currency in sorted(shown.keys() | control.keys())
        ]

    def _asked(self) -> None:
        self.desk.tell("")
        self.refresh()

    def _day(self) -> dt.date:
        day: dt.date | None = self.as_of.value
        return self._screen.as_of if day is None else day

    def _moment(self) -> dt.date | dt.datetime | int | None:
        text = self.known.value.strip()
        try:
            return parse_moment(text) if text else None
        except BadMomentError as bad:
            raise NotReadyError(
                self._screen.say(
                    "{text} is neither a day (2026-09-05), nor a moment (2026-09-05T14:30), "
                    "nor the number of a step.", text=text,
                )
            ) from bad  # fmt: skip

    def _told(self, known: int, label: str) -> str:
        numbers = self._screen.numbers
        if not label:
            told = self._screen.say("Nothing was recorded yet.")
        else:
            told = self._screen.say(
                "As it was known after step {step}, {moment}.",
                step=numbers.integer(known),
                moment=numbers.moment(dt.datetime.fromisoformat(label)),
            )
        below = self._screen.say("What is below about one entry is as it stands now.")
        return f'<div class="wb">{paragraph(f"{told} {below}", tone="warn")}</div>'
