"""The pairs that a person is about to settle, and what settling them would do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from workbench.collection.settling import on_their_way
from workbench.ledger.periods import rolled_words
from workbench.ledger.settlement.allocation import Part, allocate
from workbench.ledger.settlement.entries import Settleable
from workbench.ledger.settlement.settling import Foreseen, Pair, Settled, foresee
from workbench.ledger.settlement.writing import Application
from workbench.model.texts import marked
from workbench.store.connection import Reader
from workbench.widgets.columns import Column, Kind
from workbench.widgets.entry_words import ENTRY_KINDS
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import STATUSES

#: What would settle what, and how much.
PAIRS = pl.Schema(
    {
        "pair": pl.Int64,
        "credit_id": pl.Int64,
        "credit_no": pl.String,
        "credit_kind": pl.String,
        "claim_id": pl.Int64,
        "claim_no": pl.String,
        "claim_kind": pl.String,
        "amount_minor": pl.Int64,
        "currency": pl.String,
    }
)

COLUMNS = (
    Column("credit_kind", marked("What settles"), Kind.WORD, 140, ENTRY_KINDS),
    Column("credit_no", marked("Document"), Kind.CODE, 140),
    Column("claim_kind", marked("What is settled"), Kind.WORD, 140, ENTRY_KINDS),
    Column("claim_no", marked("Document"), Kind.CODE, 140),
    Column("amount_minor", marked("Amount"), Kind.AMOUNT, 130),
    Column("currency", marked("Currency"), Kind.CODE, 80),
)

#: So many pairs are shown whole in a confirmation; all of them count.
_SHOWN = 12


def paired(chosen: Sequence[Settleable]) -> pl.DataFrame:
    """Let chosen credits settle chosen claims in their order, in each currency; `PAIRS`."""
    known = {entry.entry_id: entry for entry in chosen}
    rows = []
    for currency in sorted({entry.currency for entry in chosen}):
        mine = [entry for entry in chosen if entry.currency == currency]
        parts = [
            Part(one.entry_id, one.free_minor if one.amount_minor > 0 else -one.free_minor)
            for one in mine
        ]
        for found in allocate([one for one in parts if one.remaining_minor < 0], parts):
            credit, claim = known[found.from_entry_id], known[found.to_entry_id]
            rows.append(
                {
                    "credit_id": credit.entry_id,
                    "credit_no": credit.document_no,
                    "credit_kind": credit.kind,
                    "claim_id": claim.entry_id,
                    "claim_no": claim.document_no,
                    "claim_kind": claim.kind,
                    "amount_minor": found.amount_minor,
                    "currency": currency,
                }
            )
    return numbered(pl.DataFrame(rows, schema={k: v for k, v in PAIRS.items() if k != "pair"}))


def numbered(pairs: pl.DataFrame) -> pl.DataFrame:
    """Rows of `PAIRS`, with the numbers by which they are chosen."""
    rows = pairs.select([name for name in PAIRS if name != "pair"])
    return rows.with_row_index("pair").cast({"pair": pl.Int64})


def as_pairs(pairs: pl.DataFrame) -> list[Pair]:
    """What the ledger settles."""
    return list(_pairs(pairs))


def _pairs(pairs: pl.DataFrame) -> Iterator[Pair]:
    for row in pairs.iter_rows(named=True):
        yield Pair(row["credit_id"], row["claim_id"], row["amount_minor"])


def foreseen(
    reader: Reader, pairs: pl.DataFrame, *, screen: Screen, with_penny: bool
) -> tuple[str, Foreseen]:
    """What settling these pairs would do, as HTML and as the ledger says it."""
    found = foresee(reader, pairs=as_pairs(pairs), as_of=screen.as_of)
    ids = [*pairs["credit_id"], *pairs["claim_id"]]
    sent = on_their_way(reader, dict.fromkeys(ids))
    return f"{_table(found, screen)}{''.join(_notes(found, sent, screen, with_penny))}", found


def settled_words(done: Settled, screen: Screen) -> str:
    """What was done, with what the reader did not ask for but must know."""
    told = [
        screen.counted("{count} settlement was written.", "{count} settlements were written.",
                       len(done.application_ids))
    ]  # fmt: skip
    if done.pennies:
        told.append(
            screen.counted("{count} small rest was posted away.",
                           "{count} small rests were posted away.", len(done.pennies))
        )  # fmt: skip
    if done.documents:
        told.append(screen.say("Vouchers: {numbers}.", numbers=", ".join(done.documents)))
    if done.stopped:
        told.append(
            screen.counted("{count} unsent collection was stopped.",
                           "{count} unsent collections were stopped.", done.stopped)
        )  # fmt: skip
    if done.rolled:
        told.append(rolled_words([done.rolled], screen.language))
    return " ".join(told)


def _table(found: Foreseen, screen: Screen) -> str:
    say = screen.say
    heads = [Cell(say("What settles")), Cell(say("What is settled")),
             Cell(say("Amount"), number=True), Cell(say("Left of the credit"), number=True),
             Cell(say("Left of the claim"), number=True)]  # fmt: skip
    rows = [_row(one, screen) for one in found.applications[:_SHOWN]]
    more = len(found.applications) - _SHOWN
    rest = screen.counted("… and {count} pair more.", "… and {count} pairs more.", more)
    return plain_table(heads, rows) + (paragraph(rest, tone="dim") if more > 0 else "")


def _row(one: Application, screen: Screen) -> list[Cell]:
    currency = one.claim.currency
    return [
        Cell(_named(one.credit, screen)),
        Cell(_named(one.claim, screen)),
        Cell(screen.money(one.amount_minor, currency), number=True),
        Cell(screen.money(one.credit.remaining_minor, currency), number=True),
        Cell(screen.money(one.claim.remaining_minor, currency), number=True),
    ]


def _named(entry: Settleable, screen: Screen) -> str:
    return f"{screen.say(ENTRY_KINDS.texts[entry.kind])} {entry.document_no}"


def _notes(
    found: Foreseen, sent: pl.DataFrame, screen: Screen, with_penny: bool  # noqa: FBT001  # of `foreseen`
) -> Iterator[str]:  # fmt: skip
    known = _entries(found)
    for entry_id, rest in found.pennies.items() if with_penny else ():
        told = screen.say(
            "The rest of {document}, {amount}, is posted away as a penny difference.",
            document=known[entry_id].document_no,
            amount=screen.money(rest, known[entry_id].currency),
        )
        yield paragraph(told)
    if any(one.moves for one in found.applications):
        yield paragraph(screen.say("A voucher moves the money between the accounts."))
    for row in sent.iter_rows(named=True):
        told = screen.say(
            "{document} is on its way to the payment center ({status}, due {due}): a payment "
            "of it may still come.",
            document=row["document_no"],
            status=screen.say(STATUSES.texts[row["status"]]),
            due=screen.numbers.date(row["due_date"]),
        )
        yield paragraph(told, tone="warn")
    if found.rolled:
        yield paragraph(rolled_words([found.rolled], screen.language), tone="warn")


def _entries(found: Foreseen) -> Mapping[int, Settleable]:
    return {
        side.entry_id: side for one in found.applications for side in (one.credit, one.claim)
    }
