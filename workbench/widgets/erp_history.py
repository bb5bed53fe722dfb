"""What was taken over from the ERP, by whom, and taking an import back."""

from __future__ import annotations

import json
from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.collection.erp_exchange import blockers, undo_import
from workbench.ledger.imports.history import IMPORTS, listing
from workbench.ledger.periods import rolled_words
from workbench.ledger.undo.checks import BLOCKED_BECAUSE
from workbench.ledger.undo.undoing import UndoBlockedError, Undone
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Answer, Desk, Plan
from workbench.widgets.erp_preview import EFFECTS_SHOWN
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import Words

_MODES = Words({"full": marked("All open"), "delta": marked("Some")})
_STATES = Words({"true": marked("Undone"), "false": marked("Stands")}, {"true": "dim"})
_PURPOSES = Words(
    {
        "erp_entries": marked("Open entries"),
        "erp_customers": marked("Customers"),
        "erp_agreements": marked("Agreements"),
    }
)

_COLUMNS = (
    Column("import_id", marked("Import"), Kind.CODE, 85),
    Column("day", marked("When"), Kind.DATE, 100),
    Column("name", marked("File"), Kind.CODE, 230),
    Column("purpose", marked("It holds"), Kind.WORD, 120, _PURPOSES),
    Column("mode", marked("Which"), Kind.WORD, 90, _MODES),
    Column("as_of", marked("As of"), Kind.DATE, 100),
    Column("actor", marked("Who"), width=100),
    Column("undone", marked("State"), Kind.WORD, 90, _STATES),
    Column("open_differences", marked("Differences"), Kind.INTEGER, 120),
)

#: So many things that stand against an undo are shown; the rest are counted.
_SHOWN = 10


class ImportsPart:
    """The imports, what the chosen one did, and the button that takes it back.

    Attributes:
        view: The widget.
        table: One row per import, the last one first.
        reason: Why it is taken back; kept.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        self.table = Table(
            _told(IMPORTS.to_frame()), screen=screen, columns=_COLUMNS, key="import_id",
            label=marked("Imports from the ERP"), facets=("purpose", "undone"), lock=lock,
            on_select=lambda: self.desk.quietly(self._look),
        )  # fmt: skip
        self.detail = widgets.HTML()
        self.reason = widgets.Text(
            placeholder=screen.say("Why? This is kept."), layout=widgets.Layout(width="34rem")
        )
        self.undo_button = self.desk.decision(marked("Take back …"), self._plan)
        self.one = widgets.VBox([self.detail, widgets.HBox([self.reason, self.undo_button])])
        self.one.layout.display = "none"
        self.view = widgets.VBox([self.table.view, self.one, self.desk.view])

    def refresh(self) -> None:
        """Show the imports as they stand now."""
        with self._screen.workspace.read() as reader:
            self.table.show(_told(listing(reader)))
        self._look()

    def _look(self) -> None:
        row = self._chosen()
        self.one.layout.display = "none" if row is None else ""
        if row is not None:
            self.detail.value = f'<div class="wb">{self._detail(row)}</div>'

    def _chosen(self) -> dict[str, object] | None:
        chosen = self.table.chosen
        return chosen.row(0, named=True) if chosen.height == 1 else None

    def _detail(self, row: dict[str, object]) -> str:
        screen = self._screen
        counts = json.loads(str(row["effects"]))["counts"]
        rows = [
            [Cell(screen.say(EFFECTS_SHOWN.texts.get(name, name)),
                  tone=EFFECTS_SHOWN.tones.get(name, "")),
             Cell(screen.numbers.integer(count), number=True)]
            for name, count in counts.items() if count
        ]  # fmt: skip
        table = plain_table([Cell(""), Cell(screen.say("Rows"), number=True)], rows)
        if not row["undone"]:
            return table
        undone = screen.say(
            "Taken back by {actor}: {reason}",
            actor=row["undone_by"], reason=mask(str(row["undone_because"])),
        )  # fmt: skip
        return table + paragraph(undone, tone="dim")

    def _plan(self) -> Plan:
        screen, row, reason = self._screen, self._chosen(), self.reason.value.strip()
        if row is None:
            raise NotReadyError(screen.say("Choose one import first."))
        if row["undone"]:
            raise NotReadyError(screen.say("This import was taken back before."))
        if not reason:
            raise NotReadyError(screen.say("Say why: the reason is kept."))
        import_id = int(str(row["import_id"]))
        with screen.workspace.read() as reader:
            against = blockers(reader, import_id)
        if against.height:
            raise NotReadyError(self._against(against))

        def act() -> Answer:
            try:
                done = undo_import(
                    screen.workspace, import_id, reason=reason, as_of=screen.as_of
                )
            except UndoBlockedError as blocked:
                return Answer(self._against(blocked.blockers), "bad")
            self.reason.value = ""
            return Answer(self._done(done), "good")

        question = escape(screen.say("Take back import {number}?", number=import_id))
        how = screen.say(
            "New rows take back what it did; nothing is deleted. The same file may come again."
        )
        markup = (
            f"<h4>{question}</h4>{self._detail(row)}{paragraph(how)}"
            f"{paragraph(mask(reason), tone='dim')}"
        )
        return Plan(markup, screen.say("Take back"), act)

    def _against(self, found: pl.DataFrame) -> str:
        screen = self._screen
        named = ("erp_entry_no", "document_no", "detail")
        told = [screen.say("It cannot be taken back; nothing was changed.")]
        for row in found.head(_SHOWN).iter_rows(named=True):
            what = " ".join(str(row[name]) for name in named if row[name])
            told.append(f"{what}: {screen.say(BLOCKED_BECAUSE[row['reason']])}")
        if found.height > _SHOWN:
            told.append(
                screen.counted("… and {count} more.", "… and {count} more.",
                               found.height - _SHOWN)
            )  # fmt: skip
        return " ".join(told)

    def _done(self, done: Undone) -> str:
        screen = self._screen
        told = [
            screen.counted(
                "Taken back: {count} entry, voucher {vouchers}.",
                "Taken back: {count} entries, vouchers {vouchers}.",
                done.entries,
                vouchers=", ".join(done.document_nos) or "–",
            )
        ]
        if done.stopped:
            told.append(
                screen.counted("{count} unsent line was stopped.",
                               "{count} unsent lines were stopped.", done.stopped)
            )  # fmt: skip
        if done.rolled is not None:
            told.append(rolled_words((done.rolled,), screen.language))
        return " ".join(told)


def _told(imports: pl.DataFrame) -> pl.DataFrame:
    return imports.with_columns(
        day=pl.col("at").str.slice(0, 10).str.to_date(),
        undone=pl.col("undone_at").is_not_null(),
    )
