"""What settled the chosen entry, and taking a settlement back."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.ledger.entry_list import SETTLEMENTS, settlements_of
from workbench.ledger.periods import rolled_words
from workbench.ledger.settlement.unsettling import Unsettled, depends, unsettle
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Desk, Plan
from workbench.widgets.entry_words import ENTRY_KINDS, SETTLEMENT_KINDS
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import paragraph
from workbench.widgets.preview import preview
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import Words

_STANDS = Words({"true": marked("Taken back"), "false": marked("Stands")}, {"true": "dim"})

_COLUMNS = (
    Column("posting_date", marked("Posting date"), Kind.DATE, 115),
    Column("kind", marked("What"), Kind.WORD, 170, SETTLEMENT_KINDS),
    Column("other_kind", marked("With"), Kind.WORD, 140, ENTRY_KINDS),
    Column("other_no", marked("Document"), Kind.CODE, 140),
    Column("amount_minor", marked("Amount"), Kind.AMOUNT, 120),
    Column("currency", marked("Currency"), Kind.CODE, 80),
    Column("taken_back", marked("State"), Kind.WORD, 110, _STANDS),
    Column("actor", marked("Who"), width=110),
)

#: What rests on a settlement, as a person reads it.
_RESTS = {
    "handed_over": marked(
        "It was handed over to the ERP with {name}; taking it back goes out as well."
    ),
    "booked": marked("The ERP booked it from {name}; taking it back goes out as well."),
    "voucher": marked("Voucher {name} moved the money; it is taken back too."),
    "penny": marked("A rest was posted away with {name}; it is taken back too."),
    "payment": marked("The credit is the payment {name}; it will be open money then."),
}


class EntrySettledPart:
    """The settlements of the chosen entry, and the button that takes some back.

    Attributes:
        view: The widget.
        table: One row per settlement, and per row that takes one back.
        reason: Why it is taken back; kept.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self._entry: int | None = None
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.table = Table(
            SETTLEMENTS.to_frame(), screen=screen, columns=_COLUMNS, key="application_id",
            label=marked("Settlements of the entry"), total="amount_minor", lock=lock,
        )  # fmt: skip
        self.reason = widgets.Text(
            placeholder=screen.say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.take_back_button = self.desk.decision(marked("Take back …"), self._plan)
        choice = widgets.HBox([self.reason, self.take_back_button])
        self.none = widgets.HTML()
        self.body = widgets.VBox([self.table.view, choice])
        self.view = widgets.VBox([self.none, self.body, self.desk.view])
        self.load(None)

    @property
    def shown(self) -> tuple[int | None, int]:
        """The chosen entry, and how many settlements of it are shown."""
        return self._entry, self.table.frame.height

    def load(self, entry_id: int | None) -> None:
        """Show the settlements of an entry as they stand now."""
        self._entry = entry_id
        found = SETTLEMENTS.to_frame()
        if entry_id is not None:
            with self._screen.workspace.read() as reader:
                found = settlements_of(reader, entry_id)
        self.table.show(found)
        self.body.layout.display = "none" if found.is_empty() else ""
        nothing = "" if entry_id is None else self._screen.say("Nothing has settled it yet.")
        told = paragraph(nothing, tone="dim") if found.is_empty() else ""
        self.none.value = f'<div class="wb">{told}</div>'

    def _plan(self) -> Plan:
        screen, chosen, reason = self._screen, self.table.chosen, self.reason.value.strip()
        standing = chosen.filter(~pl.col("taken_back"), pl.col("amount_minor") > 0)
        if chosen.is_empty() or standing.height != chosen.height:
            raise NotReadyError(screen.say("Choose settlements that stand."))
        if "settled_in_erp" in chosen["kind"].to_list():
            raise NotReadyError(
                screen.say("The ERP settled this itself: take its import back instead.")
            )
        if not reason:
            raise NotReadyError(screen.say("Say why: the reason is kept."))
        ids = chosen["application_id"].to_list()
        with screen.workspace.read() as reader:
            rests = depends(reader, ids)

        def act() -> str:
            done = unsettle(screen.workspace, ids, reason=reason, as_of=screen.as_of)
            self.reason.value = ""
            return self._did(done)

        notes = [
            screen.say(_RESTS[row["what"]], name=row["name"])
            for row in rests.unique(["what", "name"], maintain_order=True).iter_rows(named=True)
        ]
        question = screen.counted(
            "Take back {count} settlement? Both entries are open again.",
            "Take back {count} settlements? Their entries are open again.", len(ids),
        )  # fmt: skip
        markup = preview(
            chosen, screen=screen, columns=_COLUMNS[:6], amount="amount_minor",
            question=question, notes=notes,
        )  # fmt: skip
        return Plan(markup + paragraph(mask(reason), tone="dim"), screen.say("Take back"), act)

    def _did(self, done: Unsettled) -> str:
        screen = self._screen
        told = [
            screen.counted("{count} settlement was taken back.",
                           "{count} settlements were taken back.", len(done.taken_back))
        ]  # fmt: skip
        if done.documents:
            told.append(screen.say("Vouchers: {numbers}.", numbers=", ".join(done.documents)))
        if done.rolled:
            told.append(rolled_words([done.rolled], screen.language))
        return " ".join(told)
