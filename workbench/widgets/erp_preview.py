"""A file of the ERP: how it is read, what it would change, and accepting exactly that."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from html import escape
from threading import RLock

import ipywidgets as widgets
import polars as pl

from workbench.collection import agreements
from workbench.collection.erp_exchange import import_entries
from workbench.ledger.files import saved_mappings
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.files.mapping_proposal import Proposal, propose
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.effects import EFFECTS, summary
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.imports.report import CLASSES, render
from workbench.model.texts import marked
from workbench.store.connection import Reader
from workbench.widgets.columns import Column, Kind
from workbench.widgets.desk import Answer, Desk, Plan
from workbench.widgets.erp_files import ErpFiles
from workbench.widgets.faults import NotReadyError
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.problem_table import problem_table
from workbench.widgets.screen import Screen
from workbench.widgets.table import Table
from workbench.widgets.words import Words

_FULL, _DELTA = "full", "delta"

EFFECTS_SHOWN = Words(
    {
        "new": marked("New"),
        "equal": marked("As known"),
        "not_booked_yet": marked("Not booked yet"),
        "booked": marked("Booked"),
        "settled_in_erp": marked("Settled in the ERP"),
        "held": marked("Held"),
        "changed": marked("Stopped"),
        "replaced": marked("Told anew"),
        "ours": marked("Our own, come back"),
    },
    {"held": "bad", "settled_in_erp": "warn", "replaced": "warn", "changed": "warn",
     "new": "good", "booked": "good", "equal": "dim", "not_booked_yet": "dim"},
)  # fmt: skip

_COLUMNS = (
    Column("effect", marked("What becomes of it"), Kind.WORD, 170, EFFECTS_SHOWN),
    Column("class", marked("More"), Kind.WORD, 190, Words(CLASSES)),
    Column("erp_entry_no", marked("In the ERP"), Kind.CODE, 100),
    Column("customer_no", marked("Customer"), width=120),
    Column("document_no", marked("Document"), Kind.CODE, 120),
    Column("amount_minor", marked("Amount"), Kind.AMOUNT, 115),
    Column("ours_minor", marked("Ours"), Kind.AMOUNT, 115),
    Column("handed_over_minor", marked("Handed over"), Kind.AMOUNT, 115),
    Column("waiting_minor", marked("Waits"), Kind.AMOUNT, 105),
    Column("shown_minor", marked("The ERP shows"), Kind.AMOUNT, 120),
    Column("settled_minor", marked("Settled there"), Kind.AMOUNT, 115),
    Column("line", marked("Line"), Kind.INTEGER, 70),
)

_PURPOSES = {
    "entries": marked("Open entries"),
    "customers": marked("Customers"),
    "agreements": marked("Agreements"),
}


class PreviewPart:
    """One file, its mapping, its preview, and the button that accepts what was shown.

    Attributes:
        view: The widget.
        files: The files in the inbox.
        purpose: What the file holds.
        mode: All open entries, or some of them.
        day: The day whose state the file tells.
        mapping: The saved mapping that reads it.
        proposal: A mapping to confirm, where none fits: its TOML, to be mended.
        table: One row per entry that the file touches or misses.
    """

    def __init__(self, screen: Screen, *, refresh: Callable[[], None], lock: RLock) -> None:
        self._screen = screen
        self._found: ErpImport | None = None
        self.desk = Desk(screen, refresh=refresh, lock=lock)
        say = screen.say
        self.files = ErpFiles(
            screen, self.desk, suffixes=(".csv", ".txt", ".xlsx", ".parquet"),
            changed=self._another,
        )  # fmt: skip
        self.purpose = widgets.Dropdown(
            options=[(say(words), name) for name, words in _PURPOSES.items()],
            description=say("It holds"), layout=_wide(),
        )  # fmt: skip
        self.mode = widgets.Dropdown(
            options=[(say("All open entries as of the day"), _FULL),
                     (say("Some entries: new or changed"), _DELTA)],
            description=say("Which"), layout=_wide(),
        )  # fmt: skip
        self.day = widgets.DatePicker(value=screen.as_of, description=say("As of"))
        self.mapping = widgets.Dropdown(description=say("Mapping"), layout=_wide())
        self.name = widgets.Text(
            placeholder=say("Name of the mapping"), layout=widgets.Layout(width="20rem")
        )
        self.questions = widgets.HTML()
        self.proposal = widgets.Textarea(rows=16, layout=widgets.Layout(width="60rem"))
        self.propose_button = self.desk.action(marked("Propose a mapping"), self._propose)
        self.save_button = self.desk.decision(marked("Confirm the mapping …"), self._confirmed)
        self.draft = widgets.VBox([self.questions, self.proposal,
                                   widgets.HBox([self.name, self.save_button])])  # fmt: skip
        self.preview_button = self.desk.action(
            marked("Show what it would change"), self._preview, tone="primary"
        )
        self.accept_button = self.desk.decision(marked("Accept …"), self._plan, tone="success")
        self.told = widgets.HTML()
        self.reason = widgets.Text(
            placeholder=say("Why the file is taken nevertheless; it is kept"), layout=_wide()
        )
        self.table = Table(
            _numbered(EFFECTS.to_frame()), screen=screen, columns=_COLUMNS, key="row",
            label=marked("What the file would change"), facets=("effect", "class"),
            total="settled_minor", lock=lock, choosing=False,
        )  # fmt: skip
        for control in (self.purpose, self.mode, self.day, self.mapping):
            control.observe(lambda _: self.desk.quietly(self._forget), "value")
        self.purpose.observe(lambda _: self.desk.quietly(self._another), "value")
        buttons = widgets.HBox([self.preview_button, self.accept_button, self.propose_button])
        self.view = widgets.VBox(
            [self.files.view, self.purpose, self.mode, self.day, self.mapping, buttons,
             self.draft, self.desk.view, self.told, self.reason, self.table.view]
        )  # fmt: skip
        self.draft.layout.display = "none"
        self._forget()

    def refresh(self) -> None:
        """Offer the files and mappings as they are now."""
        self.files.refresh()
        self._offer()

    def _another(self) -> None:
        """Another file, or another purpose: its own mapping, and nothing previewed."""
        self.draft.layout.display = "none"
        self._offer(detect=True)
        self._forget()

    def _forget(self) -> None:
        """What was previewed counts no more."""
        self._found = None
        self.accept_button.disabled = True
        self.told.value = ""
        self.reason.value = ""
        self.reason.layout.display = "none"
        self.mode.layout.display = "" if self.purpose.value == "entries" else "none"
        self.table.show(_numbered(EFFECTS.to_frame()))
        self.table.view.layout.display = "none"

    def _offer(self, *, detect: bool = False) -> None:
        purpose, chosen = str(self.purpose.value), self.mapping.value
        with self._screen.workspace.read() as reader:
            saved = saved_mappings.listing(reader)
            names = saved.filter(pl.col("purpose") == purpose)["name"].to_list()
            fitting = self._fitting(reader, purpose) if detect or chosen is None else None
        if list(self.mapping.options) != names:
            self.mapping.options = names
        if fitting is not None:
            self.mapping.value = fitting.name
        elif not detect and chosen in names:
            self.mapping.value = chosen
        else:
            self.mapping.value = names[0] if names else None

    def _fitting(self, reader: Reader, purpose: str) -> MappingText | None:
        if self.files.file.value is None:
            return None
        path = self.files.path
        return saved_mappings.detect(
            reader, purpose=purpose, content=path.read_bytes(), name=path.name
        )

    def _propose(self) -> Answer:
        path = self.files.path
        made = self._proposed(path.read_bytes(), path.name)
        self.proposal.value = made.text
        self.questions.value = f'<div class="wb">{self._asked(made)}</div>'
        self.name.value = self.name.value or path.stem
        self.draft.layout.display = ""
        said = self._screen.say(
            "This is a proposal: read it, answer its questions in the text, and confirm it."
        )
        return Answer(said, "warn")

    def _proposed(self, content: bytes, name: str) -> Proposal:
        purpose = str(self.purpose.value)
        known = agreements.FIELDS if purpose == "agreements" else ()
        return propose(content, name=name, purpose=purpose, known=known)

    def _asked(self, made: Proposal) -> str:
        said = [question.text(self._screen.language) for question in made.questions]
        return "".join(paragraph(one, tone="warn") for one in said)

    def _confirmed(self) -> Plan:
        screen, text = self._screen, self.proposal.value
        name, purpose = self.name.value.strip(), str(self.purpose.value)
        if not name:
            raise NotReadyError(screen.say("Give the mapping a name."))
        self._check(text, name)

        def act() -> str:
            saved_mappings.save(screen.workspace, purpose=purpose, name=name, text=text)
            self.draft.layout.display = "none"
            self._offer()
            self.mapping.value = name
            return screen.say("The mapping {name} is saved.", name=name)

        question = escape(screen.say("Files like this are read so from now on?"))
        lines = "".join(paragraph(line) for line in text.splitlines() if line.strip())
        return Plan(f"<h4>{question}</h4>{lines}", screen.say("Confirm"), act)

    def _check(self, text: str, name: str) -> None:
        """Read the file by the text: what it cannot be used for is told before it is saved."""
        self._import(MappingText(name, text), dry_run=True)

    def _preview(self) -> Answer:
        screen = self._screen
        self._forget()
        name = self.mapping.value
        if name is None:
            raise NotReadyError(
                screen.say("No mapping reads this file yet: let one be proposed.")
            )
        with screen.workspace.read() as reader:
            text = saved_mappings.find(reader, purpose=str(self.purpose.value), name=str(name))
        found = self._import(text, dry_run=True)
        if found.outcome == "read_before":
            return Answer(screen.say("{name} was read before, nothing to do.",
                                     name=found.name), "warn")  # fmt: skip
        self._found = found
        self.accept_button.disabled = not (found.clean or found.confirmable)
        self.reason.layout.display = "" if found.confirmable else "none"
        self.told.value = f'<div class="wb">{self._markup(found)}</div>'
        self.table.show(_numbered(found.effects))
        self.table.view.layout.display = "" if found.effects.height else "none"
        if found.clean:
            return Answer(screen.say("Nothing is changed yet. Look, and accept."), "good")
        if found.confirmable:
            said = screen.say(
                "Nothing is changed yet. Make sure that the file is whole and of this "
                "company; to accept it, say why."
            )
            return Answer(said, "warn")
        return Answer(screen.say("This file cannot be accepted: mend it in the ERP, or its "
                                 "mapping."), "bad")  # fmt: skip

    def _plan(self) -> Plan:
        screen, found = self._screen, self._found
        if found is None or not (found.clean or found.confirmable):
            raise NotReadyError(screen.say("Look at what the file would change first."))
        why = self.reason.value.strip() if found.confirmable else ""
        if found.confirmable and not why:
            raise NotReadyError(screen.say("Say why this file is taken; the reason is kept."))
        name = str(self.mapping.value)
        with screen.workspace.read() as reader:
            text = saved_mappings.find(reader, purpose=str(self.purpose.value), name=name)

        def act() -> Answer:
            done = self._import(text, dry_run=False, as_seen=found.seq, confirmed=why)
            told = render(done, screen.language).splitlines()[0]
            self._forget()
            return Answer(told, "good" if done.outcome == "accepted" else "bad")

        question = escape(screen.say("Accept {name}, exactly as shown?", name=found.name))
        markup = f"<h4>{question}</h4>{self._markup(found)}"
        return Plan(markup, screen.say("Accept"), act)

    def _import(
        self, mapping: MappingText, *, dry_run: bool, as_seen: int | None = None,
        confirmed: str = "",
    ) -> ErpImport:  # fmt: skip
        screen, path, purpose = self._screen, self.files.path, self.purpose.value
        day: dt.date = self.day.value or screen.as_of
        if purpose == "entries":
            return import_entries(
                screen.workspace, path, mapping=mapping, as_of=day, dry_run=dry_run,
                full=self.mode.value == _FULL, run_id=screen.run_id, as_seen=as_seen,
                confirmed=confirmed,
            )  # fmt: skip
        take = import_customers if purpose == "customers" else agreements.import_agreements
        return take(
            screen.workspace, path, mapping=mapping, as_of=day, dry_run=dry_run,
            run_id=screen.run_id,
        )  # fmt: skip

    def _markup(self, found: ErpImport) -> str:
        screen = self._screen
        counted = summary(found.effects)
        heads = [Cell(screen.say("What becomes of it")), Cell(screen.say("More")),
                 Cell(screen.say("Entries"), number=True),
                 Cell(screen.say("Amount"), number=True),
                 Cell(screen.say("Settled there"), number=True)]  # fmt: skip
        rows = [
            [
                Cell(screen.say(EFFECTS_SHOWN.texts[row["effect"]]),
                     tone=EFFECTS_SHOWN.tones.get(row["effect"], "")),
                Cell(screen.say(CLASSES.get(row["class"] or "", "")) if row["class"] else ""),
                Cell(screen.numbers.integer(row["entries"]), number=True),
                Cell(screen.money(row["amount_minor"] or 0, row["currency"]), number=True),
                Cell(screen.money(row["settled_minor"], row["currency"])
                     if row["settled_minor"] else "", number=True),
            ]
            for row in counted.iter_rows(named=True)
        ]  # fmt: skip
        table = plain_table(heads, rows) if rows else self._counts(found)
        return table + problem_table(found.problems, screen)

    def _counts(self, found: ErpImport) -> str:
        screen = self._screen
        rows = [
            [Cell(screen.say(EFFECTS_SHOWN.texts.get(name, name))),
             Cell(screen.numbers.integer(count), number=True)]
            for name, count in found.counts.items()
        ]  # fmt: skip
        return plain_table([Cell(""), Cell(screen.say("Rows"), number=True)], rows)


def _wide() -> widgets.Layout:
    """A layout for each control: one that is shared hides them all together."""
    return widgets.Layout(width="34rem")


def _numbered(effects: pl.DataFrame) -> pl.DataFrame:
    return effects.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
