"""What settles what: a customer's credits and claims, paired by a person or proposed."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from threading import RLock
from typing import Any

import ipywidgets as widgets
import polars as pl

from workbench.collection import settling
from workbench.collection.erp_collected import COLLECTED
from workbench.ledger.entry_list import LISTED, open_of_customer
from workbench.ledger.settlement.entries import settleable
from workbench.ledger.settlement.priority import PRIORITIES, priority_named
from workbench.ledger.settlement.settling import settle
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets import entry_pairs
from workbench.widgets.columns import name_of
from workbench.widgets.desk import Answer, Desk, Plan
from workbench.widgets.entry_words import FACTS, typed_minor
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table


class EntrySettlingPart:
    """The open entries of the chosen entry's customer, and the pairs made of them.

    Attributes:
        view: The widget.
        table: The customer's open entries, as they stand now.
        priority: In which order the claims of a proposal are settled.
        pairs: What would settle what.
        amount: How much the chosen pair settles.
        with_penny: Whether a small rest is posted away; shown where one would be left.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self._customer: int | None = None
        self._seen: dict[int, int] = {}
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.table = Table(
            LISTED.to_frame(), screen=screen, columns=FACTS, key="entry_id",
            label=marked("Open entries of the customer"), total="remaining_minor", lock=lock,
        )  # fmt: skip
        self.priority = widgets.Dropdown(
            options=[(say(one.label), one.id) for one in PRIORITIES],
            layout=widgets.Layout(width="max-content"),
        )
        self.pairs = Table(
            entry_pairs.PAIRS.to_frame(), screen=screen, columns=entry_pairs.COLUMNS,
            key="pair", label=marked("What would settle what"), total="amount_minor",
            on_select=lambda: self.desk.quietly(self._look), lock=lock,
        )  # fmt: skip
        self.amount = widgets.Text(
            placeholder=say("Amount"), layout=widgets.Layout(width="10rem")
        )
        self.with_penny = widgets.Checkbox(
            value=True, description=say("Post a small rest away"), indent=False,
            layout=widgets.Layout(width="max-content"),
        )  # fmt: skip
        self._arrange()
        self.load(None)

    def _arrange(self) -> None:
        self.pair_button = self.desk.action(marked("Pair the chosen"), self._pair)
        self.propose_button = self.desk.action(marked("Propose"), self._propose)
        self.amount_button = self.desk.action(marked("Change the amount"), self._change)
        self.drop_button = self.desk.action(marked("Leave the chosen out"), self._drop)
        self.settle_button = self.desk.decision(marked("Settle …"), self._plan, tone="primary")
        making = widgets.HBox([self.pair_button, self.propose_button, self.priority])
        mending = widgets.HBox([self.amount, self.amount_button, self.drop_button])
        for bar in (making, mending):
            bar.layout.flex_flow = "row wrap"
        deciding = widgets.HBox([self.settle_button, self.with_penny])
        self.made = widgets.VBox([self.pairs.view, mending, deciding])
        self.whose = widgets.HTML()
        self.open = widgets.VBox([self.table.view, making])
        self.body = widgets.VBox([self.whose, self.open, self.made])
        self.view = widgets.VBox([self.body, self.desk.view])

    def load(self, entry: dict[str, Any] | None) -> None:
        """Show the open entries of an entry's customer as they stand now.

        Pairs that were made for another customer are put away.
        """
        customer_id = None if entry is None else int(entry["customer_id"])
        if customer_id != self._customer:
            self._show(entry_pairs.PAIRS.to_frame(), {})
        self._customer = customer_id
        self.body.layout.display = "none" if customer_id is None else ""
        if entry is None:
            return
        with self._screen.workspace.read() as reader:
            self.table.show(open_of_customer(reader, int(entry["customer_id"])))
        whose = f"{mask(entry['customer_no'])} · {name_of(entry['name'], self._screen)}"
        is_empty = self.table.frame.is_empty()
        self.open.layout.display = "none" if is_empty else ""
        nothing = paragraph(self._screen.say("Nothing of this customer is open."), tone="dim")
        told = nothing if is_empty else ""
        self.whose.value = f'<div class="wb"><h4>{escape(whose)}</h4>{told}</div>'

    def _pair(self) -> str:
        """Let the chosen credits settle the chosen claims, as far as they reach."""
        chosen = self.table.chosen
        with self._screen.workspace.read() as reader:
            entries = list(settleable(reader, chosen["entry_id"]).values())
        made = entry_pairs.paired(entries)
        if made.is_empty():
            raise NotReadyError(
                self._screen.say("Choose at least one credit and one claim in one currency.")
            )
        self._show(made, {entry.entry_id: entry.remaining_minor for entry in entries})
        return self._made(made)

    def _propose(self) -> str | Answer:
        """What the customer's credits would settle, in the chosen order."""
        screen = self._screen
        assert self._customer is not None
        with screen.workspace.read() as reader:
            found = settling.preview(
                reader, customer_id=self._customer, as_of=screen.as_of,
                priority=priority_named(self.priority.value),
            )  # fmt: skip
        made = entry_pairs.numbered(found.pairs)
        self._show(made, found.seen)
        if made.is_empty():
            none = screen.say(
                "No credit of this customer can settle a claim: stopped claims, and those on "
                "their way to the payment center, are left to you."
            )
            return Answer(none, "warn")
        return self._made(made)

    def _made(self, pairs: pl.DataFrame) -> str:
        return self._screen.counted(
            "{count} pair: look at it, then settle.",
            "{count} pairs: look at them, then settle.", pairs.height,
        )  # fmt: skip

    def _show(self, pairs: pl.DataFrame, seen: dict[int, int]) -> None:
        self._seen = seen
        self.made.layout.display = "none" if pairs.is_empty() else ""
        self.pairs.show(pairs)
        self.pairs.choose([0] if pairs.height == 1 else [])
        self._look()
        self._offer_penny(pairs)

    def _offer_penny(self, pairs: pl.DataFrame) -> None:
        """The choice is there where a rest would be left that is small enough."""
        pennies = {}
        if pairs.height:
            with self._screen.workspace.read() as reader:
                _, found = entry_pairs.foreseen(
                    reader, pairs, screen=self._screen, with_penny=False
                )
            pennies = dict(found.pennies)
        self.with_penny.layout.display = "" if pennies else "none"

    def _look(self) -> None:
        """Offer the amount of the one chosen pair."""
        chosen = self.pairs.chosen
        row = chosen.row(0, named=True) if chosen.height == 1 else None
        self.amount.disabled = row is None
        self.amount.value = "" if row is None else self._screen.numbers.amount(
            row["amount_minor"], row["currency"]
        )  # fmt: skip

    def _change(self) -> str:
        screen, chosen = self._screen, self.pairs.chosen
        if chosen.height != 1:
            raise NotReadyError(screen.say("Choose the one pair whose amount you change."))
        row = chosen.row(0, named=True)
        amount = typed_minor(self.amount.value, currency=row["currency"], screen=screen)
        changed = self.pairs.frame.with_columns(
            amount_minor=pl.when(pl.col("pair") == row["pair"])
            .then(amount)
            .otherwise(pl.col("amount_minor"))
        )
        with screen.workspace.read() as reader:  # what is too much is refused here already
            entry_pairs.foreseen(reader, changed, screen=screen, with_penny=False)
        self._show(changed, self._seen)
        return screen.say("The amount was changed.")

    def _drop(self) -> str:
        out = self.pairs.chosen
        if out.is_empty():
            raise NotReadyError(self._screen.say("Choose the pairs to leave out."))
        left = self.pairs.frame.filter(~pl.col("pair").is_in(out["pair"].to_list()))
        self._show(entry_pairs.numbered(left), self._seen)
        return self._screen.counted(
            "{count} pair was left out.", "{count} pairs were left out.", out.height
        )

    def _plan(self) -> Plan:
        screen, pairs, seen = self._screen, self.pairs.frame, dict(self._seen)
        if pairs.is_empty():
            raise NotReadyError(screen.say("Pair credits with claims first."))
        with_penny: bool = self.with_penny.value
        with screen.workspace.read() as reader:
            markup, _ = entry_pairs.foreseen(
                reader, pairs, screen=screen, with_penny=with_penny
            )

        def act() -> str:
            used = {*pairs["credit_id"], *pairs["claim_id"]}
            done = settle(
                screen.workspace, pairs=entry_pairs.as_pairs(pairs), as_of=screen.as_of,
                seen={entry: left for entry, left in seen.items() if entry in used},
                with_penny=with_penny, collections=COLLECTED, run_id=screen.run_id,
            )  # fmt: skip
            self._show(entry_pairs.PAIRS.to_frame(), {})
            return entry_pairs.settled_words(done, screen)

        question = escape(
            screen.counted("Settle {count} pair, {sum}?", "Settle {count} pairs, {sum}?",
                           pairs.height, sum=self.pairs.total_of(pairs))
        )  # fmt: skip
        return Plan(f"<h4>{question}</h4>{markup}", screen.say("Settle"), act)
