"""The first screen: what is waiting today, whether everything adds up, what ran."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from html import escape

import polars as pl

from workbench.collection.control_sums import unsent_sums
from workbench.collection.worklist import Worklist, worklist
from workbench.documents.reconciliation_words import IDENTITIES
from workbench.jobs.history import RunResult, RunState, history
from workbench.jobs.outcome import Outcome
from workbench.ledger.handover.booking import deliveries
from workbench.ledger.handover.handing_over import waiting
from workbench.ledger.imports.differences import open_differences
from workbench.model.masking import mask
from workbench.reports.verification import Verification, verify
from workbench.widgets.markup import Cell, Html, paragraph, plain_table
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified
from workbench.widgets.words import CLASSES, RUNS

_JOURNAL, _PAYMENTS = "collection_journal.ipynb", "payments.ipynb"
_RECONCILIATION = "reconciliation.ipynb"
_IMPORT, _HAND_OVER = "import_from_erp.ipynb", "hand_over.ipynb"

#: After so many days the ERP should have booked what it was handed.
_LATE = 7

_RUNS = 8


@dataclass(frozen=True, slots=True)
class _Tile:
    """A number that waits, and the screen on which it is worked off."""

    count: int
    title: str
    link: str
    detail: str = ""


class Home:
    """What waits, the verdict, and the last runs, as they were when this was opened."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.verification: Verification = verify(
            screen.workspace, as_of=screen.as_of, rows=False
        )
        with screen.workspace.read() as reader:
            self._worklist: Worklist = worklist(reader)
            self._unsent = unsent_sums(reader)
            self._differences = open_differences(reader)
            self._waiting = waiting(reader)
            self._out = deliveries(reader, as_of=screen.as_of)

    def waiting(self) -> Html:
        """A tile for every pile of work; a calm sentence when there is none."""
        tiles = [tile for tile in self._tiles() if tile.count]
        if not tiles:
            nothing = paragraph(self.screen.say("Nothing waits for you."), tone="good")
            suggest = escape(self.screen.say("See what falls due"))
            return Html(f'{nothing}<p><a href="{_JOURNAL}">{suggest}</a></p>')
        shown = "".join(self._tile(tile) for tile in tiles)
        return Html(f'<div class="wb-tiles">{shown}</div>')

    def held(self) -> Html:
        """The held lines by class, each leading to the payments."""
        say, held = self.screen.say, self._worklist.held
        if held.is_empty():
            return Html(paragraph(say("No payment line is held."), tone="dim"))
        heads = [Cell(say("Why held")), Cell(say("Lines"), number=True),
                 Cell(say("Money held"), number=True)]  # fmt: skip
        rows = [
            [
                Cell(say(CLASSES.texts.get(row["key"], row["key"])), link=_PAYMENTS),
                Cell(self.screen.numbers.integer(row["count"]), number=True),
                Cell(self._money(row["amount_minor"], row["currency"]), number=True),
            ]
            for row in held.iter_rows(named=True)
        ]
        return Html(plain_table(heads, rows))

    def verdict(self) -> Html:
        """Whether every identity and the audit log hold; those that do not, by name."""
        say, found = self.screen.say, self.verification
        broken = [IDENTITIES[one.name] for one in found.identities if not one.holds]
        proof = escape(say("See the proof"))
        link = f'<p><a href="{_RECONCILIATION}">{proof}</a></p>'
        if found.holds:
            told = self.screen.counted(
                "✓ Everything adds up: {count} identity and the audit log hold.",
                "✓ Everything adds up: {count} identities and the audit log hold.",
                len(found.identities),
            )
            return Html(paragraph(told, tone="good") + link)
        objections = [*map(say, broken), *found.audit.faults]
        told = say("✗ Something does not add up. Post nothing until it is understood:")
        listed = "".join(paragraph(one, tone="bad") for one in objections)
        return Html(paragraph(told, tone="bad") + listed + link)

    def runs(self) -> Html:
        """The last jobs: when, which, and what came of them."""
        say = self.screen.say
        found = history(self.screen.workspace, limit=_RUNS)
        if not found:
            return Html(paragraph(say("No job has run yet."), tone="dim"))
        words = (say("Started"), say("Job"), say("Result"), say("What it says"))
        heads = [Cell(word) for word in words]
        return Html(plain_table(heads, [self._run(run) for run in found]))

    def proof(self) -> Proof:
        """All identities hold, and the counts above are those of the store."""
        shown = int(self._worklist.unsent["count"].sum())
        stored = sum(count for _, count, _ in self._unsent)
        unsent = Claim(self.screen.say("Unsent lines shown = unsent lines"), shown, stored)
        claims = [unsent, *verified(self.verification, self.screen)]
        return proof(self.screen, claims)

    def _tiles(self) -> list[_Tile]:
        say, work = self.screen.say, self._worklist
        unsent = {key: work.unsent.filter(pl.col("key") == key) for key in work.unsent["key"]}
        none = work.unsent.clear()
        judged = [
            ("created", say("Lines to validate")),
            ("error", say("Lines with errors")),
            ("valid", say("Lines to approve")),
            ("approved", say("Lines approved, not sent")),
            ("signed", say("Lines signed, not sent")),
        ]
        tiles = [self._pile(unsent.get(key, none), title, _JOURNAL) for key, title in judged]
        unknown, files = work.unknown_deliveries, work.files
        tiles += [
            _Tile(len(unknown), say("Deliveries that may not have left"), _JOURNAL,
                  ", ".join(unknown)),
            _Tile(len(files), say("Files that wait for you"), _PAYMENTS, ", ".join(files)),
            self._pile(work.held, say("Held payment lines"), _PAYMENTS),
        ]  # fmt: skip
        for key, title in (
            ("to_allow", say("Matched lines to allow")),
            ("to_post", say("Allowed lines to post")),
        ):
            pile = work.matched.filter(pl.col("key") == key)
            tiles.append(self._pile(pile, title, _PAYMENTS))
        return [*tiles, *self._exchanged()]

    def _exchanged(self) -> list[_Tile]:
        """What lies between the company and its ERP."""
        say, late = self.screen.say, self._late()
        return [
            _Tile(self._differences.height, say("Differences with the ERP"), _IMPORT),
            _Tile(self._waiting["document_no"].n_unique(),
                  say("Vouchers to hand over to the ERP"), _HAND_OVER),
            _Tile(len(late), say("Deliveries that the ERP has not booked for a week"),
                  _HAND_OVER, ", ".join(late)),
        ]  # fmt: skip

    def _late(self) -> list[str]:
        """Deliveries that went to the ERP long ago and are not booked as a whole."""
        late = self._out.filter(pl.col("state") != "booked", pl.col("age_days") > _LATE)
        return late["document_no"].unique(maintain_order=True).to_list()

    def _pile(self, pile: pl.DataFrame, title: str, link: str) -> _Tile:
        sums = pile.group_by("currency").agg(pl.col("amount_minor").sum()).sort("currency")
        money = " + ".join(
            self._money(amount, currency) for currency, amount in sums.iter_rows()
        )
        return _Tile(int(pile["count"].sum()), title, link, money)

    def _tile(self, tile: _Tile) -> str:
        count = self.screen.numbers.integer(tile.count)
        return (
            f'<div class="wb-tile"><div class="wb-count">{count}</div>'
            f'<div><a href="{tile.link}">{escape(tile.title)}</a></div>'
            f'<div class="wb-dim">{escape(tile.detail)}</div></div>'
        )

    def _money(self, amount_minor: int, currency: str) -> str:
        return self.screen.money(amount_minor, currency or None)

    def _run(self, run: RunResult) -> list[Cell]:
        state = str(run.state)
        if run.state is RunState.DONE and not run.is_clean:
            state = str(Outcome.WAITING)
        started = dt.datetime.fromisoformat(run.started_at)
        said = run.report.summary if run.report else run.message
        return [
            Cell(self.screen.numbers.moment(started), tone="dim"),
            Cell(run.job),
            Cell(self.screen.say(RUNS.texts[state]), tone=RUNS.tones.get(state, "")),
            Cell(mask(said)),
        ]
