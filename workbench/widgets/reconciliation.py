"""The screen of reconciliation: the proof that everything adds up."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

import ipywidgets as widgets

from workbench.collection.file_flow import file_flow
from workbench.collection.overview import totals
from workbench.documents.reconciliation_words import IDENTITIES
from workbench.ledger.open_entries import open_entries
from workbench.matching.aging import CREDITS, PERIODS, age
from workbench.model.identities import Identity
from workbench.model.texts import marked
from workbench.reports.verification import Verification, verify
from workbench.widgets.markup import Cell, Html, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import MONTH

#: Kinds of the month that are parts of others and not added to them.
_WITHIN = frozenset({"slips_paid"})

#: So many reports are offered, the newest first; a browser carries each of them whole.
_REPORTS = 6
_SUFFIXES = {".pdf": "application/pdf", ".html": "text/html"}


class Reconciliation:
    """Every proof of the house, found anew when the screen was opened.

    Attributes:
        verification: All identities and the audit log.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.verification: Verification = verify(screen.workspace, as_of=screen.as_of)

    def month(self) -> Html:
        """What the collections that were sent came to, by kind."""
        say = self.screen.say
        with self.screen.workspace.read() as reader:
            found = totals(reader, as_of=self.screen.as_of)
        heads = [Cell(""), Cell(say("Lines"), number=True), Cell(say("Amount"), number=True)]
        rows = [
            [
                Cell(say(MONTH.texts[row["kind"]]), tone="dim" * (row["kind"] in _WITHIN)),
                Cell(self.screen.numbers.integer(row["count"]), number=True),
                Cell(self.screen.money(row["amount_minor"], row["currency"]), number=True),
            ]
            for row in found.iter_rows(named=True)
        ]
        if not rows:
            return Html(paragraph(say("Nothing was sent yet.")))
        note = say("Slips paid are part of what was paid. Paid is provisional until the scheme"
                   " allows no reversal without cause.")  # fmt: skip
        return Html(plain_table(heads, rows) + paragraph(note, tone="dim"))

    def identities(self) -> Html:
        """Every identity with both of its sums, and the audit log."""
        say, found = self.screen.say, self.verification
        heads = [Cell(""), Cell(say("Identity")), Cell(say("One way"), number=True),
                 Cell(say("The other way"), number=True)]  # fmt: skip
        rows = [self._identity(identity) for identity in found.identities]
        events = self.screen.counted(
            "Audit log, {count} event", "Audit log, {count} events", found.audit.events
        )
        rows.append([_sign(holds=found.audit.holds), Cell(events), Cell(""), Cell("")])
        head = say("Audit head {head}", head=found.audit.head)
        faults = "".join(paragraph(fault, tone="bad") for fault in found.audit.faults)
        return Html(plain_table(heads, rows) + faults + paragraph(head, tone="dim"))

    def flow(self) -> Html:
        """From file to journal to ledger: cash read, posted and waiting, file by file."""
        say, money = self.screen.say, self.screen.money
        with self.screen.workspace.read() as reader:
            files = file_flow(reader)
        if files.is_empty():
            return Html(paragraph(say("No payment file was read yet.")))
        words = (
            say("Lines"),
            say("Cash"),
            say("Posted"),
            say("Waits to be posted"),
            say("Vouchers"),
        )
        numbers = [Cell(word, number=True) for word in words]
        heads = [Cell(say("File")), *numbers, Cell("SHA-256")]
        rows = [
            [
                Cell(row["file"]),
                Cell(self.screen.numbers.integer(row["lines"]), number=True),
                *(
                    Cell(money(row[name], row["currency"]), number=True)
                    for name in ("cash_minor", "posted_minor", "waiting_minor")
                ),
                Cell(self.screen.numbers.integer(row["vouchers"]), number=True),
                Cell(f"{row['sha256'][:12]}…", tone="dim"),
            ]
            for row in files.iter_rows(named=True)
        ]
        return Html(plain_table(heads, rows))

    def aged(self) -> Html:
        """What customers owe, by the days since it fell due; credits apart."""
        say, screen = self.screen.say, self.screen
        with screen.workspace.read() as reader:
            aged = age(open_entries(reader, as_of=screen.as_of), as_of=screen.as_of)
        if aged.is_empty():
            return Html(paragraph(say("Nothing is open.")))
        labels = [*((p.id, p.label) for p in PERIODS), (CREDITS, marked("Credits")),
                  ("remaining_minor", marked("Open balance"))]  # fmt: skip
        heads = [Cell(""), *(Cell(say(label), number=True) for _, label in labels)]
        rows = [
            [
                Cell(row["currency"]),
                *(
                    Cell(screen.numbers.amount(row[name], row["currency"]), number=True)
                    for name, _ in labels
                ),
            ]
            for row in aged.iter_rows(named=True)
        ]
        return Html(plain_table(heads, rows))

    def reports(self) -> widgets.HTML:
        """The newest report files, each a link that saves it."""
        folder = self.screen.workspace.folder / "reports"
        found = [path for path in folder.rglob("*") if path.suffix in _SUFFIXES]
        newest = sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[:_REPORTS]
        none = self.screen.say("No report was written yet: run the job reconciliation_report.")
        links = "".join(_download(path, shown=path.relative_to(folder)) for path in newest)
        place = paragraph(
            self.screen.say("All reports lie in {folder}.", folder=str(folder)), tone="dim"
        )
        return widgets.HTML(f'<div class="wb">{links or paragraph(none)}{place}</div>')

    def proof(self) -> Verification:
        """All identities and the audit log; `require` fails unless everything holds."""
        return self.verification

    def _identity(self, identity: Identity) -> list[Cell]:
        label = self.screen.say(IDENTITIES[identity.name])
        sides = [
            self.screen.numbers.integer(side)
            if identity.currency is None
            else self.screen.money(side, identity.currency)
            for side in (identity.left, identity.right)
        ]
        return [_sign(holds=identity.holds), Cell(label),
                *(Cell(side, number=True) for side in sides)]  # fmt: skip


def _sign(*, holds: bool) -> Cell:
    return Cell("✓", tone="good") if holds else Cell("✗", tone="bad")


def _download(path: Path, *, shown: Path) -> str:
    """A link that carries the file in itself: the server cannot reach the workspace."""
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    name, kind = escape(path.name), _SUFFIXES[path.suffix]
    return (
        f'<p><a download="{name}" href="data:{kind};base64,{content}">'
        f"{escape(shown.as_posix())}</a></p>"
    )
