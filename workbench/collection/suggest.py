"""Suggest collections: open entries of a due window, one line per customer and due date."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl

from workbench.collection import register
from workbench.collection.advice_text import advice_text
from workbench.collection.still_open import HELD_ENTRIES
from workbench.collection.systems import System, load_system
from workbench.ledger.open_entries import open_entries
from workbench.model.date_formulas import resolve
from workbench.references.betalingsservice_reference import from_counters
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction, again_when_stale
from workbench.store.workspace import Workspace

#: Kinds of entries that may be collected; money itself is not.
COLLECTABLE = ("invoice", "credit_note", "reminder", "interest", "fee", "other")

#: Entries that stand on a line which may still bring money, or did; those that a person
#: matched money to.
TAKEN_ENTRIES = """
SELECT DISTINCT entry_id FROM collection_line_entry
JOIN collection_line AS l USING (collection_line_id)
LEFT JOIN delivery AS d ON d.delivery_id = l.delivery_id
WHERE l.status NOT IN ('rejected', 'agreement_cancelled', 'reversed', 'center_error', 'stopped')
   OR (l.status = 'stopped' AND d.state <> 'not_sent')
UNION
SELECT part.entry_id FROM line_outcome AS o
JOIN collection_line_entry AS part USING (collection_line_id)
WHERE o.outcome = 'matched' AND o.locked AND o.applied_minor > 0
  AND NOT EXISTS (SELECT 1 FROM line_outcome AS t
                  WHERE t.reverses_payment_line_id = o.payment_line_id)
"""

_POSTED_LATER = "SELECT entry_id FROM entry WHERE posting_date > ?"

_AGREEMENTS = """
SELECT customer_id, agreement_id, agreement_no, debtor_group, creditor_no,
       valid_from, valid_to
FROM agreement WHERE status = 'ok' ORDER BY agreement_id
"""

_AGREEMENT_SCHEMA = pl.Schema(
    {
        "customer_id": pl.Int64,
        "agreement_id": pl.Int64,
        "agreement_no": pl.String,
        "debtor_group": pl.String,
        "creditor_no": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What a suggestion made.

    Attributes:
        journal_id: The new journal; None when there was nothing to collect.
        lines: Lines made.
        amount_minor: Their sum.
        skipped: One row per customer and due date, or entry, left out, with the reason.
    """

    journal_id: int | None
    due_from: dt.date
    due_to: dt.date
    lines: int
    amount_minor: int
    currency: str
    skipped: pl.DataFrame


@again_when_stale
def suggest(
    workspace: Workspace,
    *,
    system: str,
    as_of: dt.date,
    due_from: dt.date | None = None,
    due_to: dt.date | None = None,
    run_id: int | None = None,
) -> Suggestion:
    """Make a journal of what falls due in a window; what is collected already is left out.

    Args:
        workspace: The company.
        system: Code of the collection system.
        as_of: Today; the anchor of the system's date formulas.
        due_from: First due date; the system's formula decides when absent.
        due_to: Last due date; likewise.
        run_id: The run that asks.
    """
    with workspace.read() as reader:
        seen = reader.seq
        setup = load_system(reader, system)
        first = due_from or resolve(setup.due_from, anchor=as_of)
        last = due_to or resolve(setup.due_to, anchor=as_of)
        entries = _candidates(reader, setup, as_of=as_of, first=first, last=last)
        agreements = reader.frame(_AGREEMENTS, schema=_AGREEMENT_SCHEMA)
    wanted, skipped = _sort_out(entries)
    lines, unprofitable = _merge(wanted)
    skipped = pl.concat([skipped, unprofitable])
    currency = setup.creditor.currency
    if lines.is_empty():
        return Suggestion(None, first, last, 0, 0, currency, skipped)
    lines = _with_agreements(lines, agreements, setup)
    journal_id = workspace.draw_ids(1)
    lines = workspace.with_ids(lines, "collection_line_id")
    first_register = workspace.draw_ids(lines.height)
    with workspace.transaction(
        "suggest",
        role="prepare",
        run_id=run_id,
        as_seen=seen,
        journal_id=journal_id,
        lines=lines.height,
    ) as transaction:
        _add_journal(
            transaction, journal_id, setup, as_of=as_of, window=(first, last), skipped=skipped
        )
        _add_lines(transaction, journal_id, lines, setup, as_of=as_of, first_id=first_register)
    return Suggestion(
        journal_id,
        first,
        last,
        lines.height,
        int(lines["amount_minor"].sum()),
        currency,
        skipped,
    )


def _candidates(
    reader: Reader, setup: System, *, as_of: dt.date, first: dt.date, last: dt.date
) -> pl.DataFrame:
    """What is open in the window, and on no line yet.

    Everything known counts, whatever its posting date: what was settled is not collected,
    even where a closed period moved the settlement to a later day.
    """
    taken = [entry_id for (entry_id,) in reader.rows(TAKEN_ENTRIES)]
    held = [entry_id for (entry_id,) in reader.rows(HELD_ENTRIES)]
    later = [entry_id for (entry_id,) in reader.rows(_POSTED_LATER, [as_of.isoformat()])]
    candidates = open_entries(reader, as_of=dt.date.max).filter(
        pl.col("due_date").is_between(first, last),
        pl.col("kind").is_in(COLLECTABLE),
        pl.col("currency") == setup.creditor.currency,
        ~pl.col("entry_id").is_in([*taken, *later]),
    )
    return candidates.with_columns(held_with_erp=pl.col("entry_id").is_in(held))


_SKIPPED = ("customer_no", "due_date", "document_no", "amount_minor", "reason")


def _sort_out(entries: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What may be collected, and what must wait: on hold, disputed, read otherwise."""
    reason = (
        pl.when("on_hold").then(pl.lit("on_hold"))
        .when("disputed").then(pl.lit("disputed"))
        .when("held_with_erp").then(pl.lit("held_with_erp"))
    )  # fmt: skip
    judged = entries.with_columns(reason.alias("reason"), amount_minor="remaining_minor")
    left_out = judged.filter(pl.col("reason").is_not_null())
    return judged.filter(pl.col("reason").is_null()), left_out.select(_SKIPPED)


def _merge(entries: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """One line per customer and due date; a net of zero or less is not collected."""
    lines = entries.group_by("customer_id", "due_date", maintain_order=True).agg(
        pl.col("customer_no").first(),
        pl.col("currency").first(),
        pl.col("amount_minor").sum(),
        pl.col("document_no").str.join(", "),
        pl.struct("entry_id", "amount_minor", "kind", "document_no").alias("parts"),
    )
    positive = pl.col("amount_minor") > 0
    skipped = lines.filter(~positive).with_columns(reason=pl.lit("net_not_positive"))
    return lines.filter(positive).sort("due_date", "customer_no"), skipped.select(_SKIPPED)


def _with_agreements(
    lines: pl.DataFrame, agreements: pl.DataFrame, setup: System
) -> pl.DataFrame:
    """Each line with the agreement that is active on its due date; slips have none."""
    mine = agreements.filter(pl.col("creditor_no") == setup.creditor.creditor_no)
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col("due_date"))
    running = pl.col("valid_to").is_null() | (pl.col("valid_to") >= pl.col("due_date"))
    active = (
        lines.select("customer_id", "due_date")
        .join(mine, on="customer_id")
        .filter(begun & running)
        .unique(["customer_id", "due_date"], keep="first", maintain_order=True)
        .select("customer_id", "due_date", "agreement_id", "agreement_no", "debtor_group")
    )
    joined = lines.join(
        active, on=["customer_id", "due_date"], how="left", maintain_order="left"
    )
    return joined.with_columns(pl.col("debtor_group").fill_null(setup.creditor.debtor_group))


def _add_journal(
    transaction: Transaction,
    journal_id: int,
    setup: System,
    *,
    as_of: dt.date,
    window: tuple[dt.date, dt.date],
    skipped: pl.DataFrame,
) -> None:
    row = {
        "journal_id": journal_id,
        "system": setup.system,
        "as_of": as_of.isoformat(),
        "due_from": window[0].isoformat(),
        "due_to": window[1].isoformat(),
        "skipped": json.dumps(skipped.to_dicts(), default=str, ensure_ascii=False),
        "actor": transaction.step.actor,
        "run_id": transaction.step.run_id,
    }
    schema = {name: pl.Int64 if name.endswith("_id") else pl.String for name in row}
    transaction.append("collection_journal", pl.DataFrame([row], schema=schema))


def _add_lines(
    transaction: Transaction,
    journal_id: int,
    lines: pl.DataFrame,
    setup: System,
    *,
    as_of: dt.date,
    first_id: int,
) -> None:
    counter = transaction.value(
        "UPDATE creditor SET next_reference = next_reference + ? WHERE creditor_no = ? "
        "RETURNING next_reference - ?",
        [lines.height, setup.creditor.creditor_no, lines.height],
    )
    transaction.append(
        "collection_line",
        lines.select(
            "collection_line_id",
            pl.lit(journal_id).alias("journal_id"),
            pl.lit(setup.creditor.creditor_no).alias("creditor_no"),
            "debtor_group",
            "customer_id",
            "customer_no",
            "agreement_id",
            "agreement_no",
            "due_date",
            "amount_minor",
            "currency",
            from_counters(counter, lines.height).alias("reference"),
            pl.Series("text", [advice_text(parts) for parts in lines["parts"]]),
            pl.lit("created").alias("status"),
        ),
    )
    parts = lines.select("collection_line_id", "parts").explode("parts")
    transaction.append(
        "collection_line_entry",
        parts.select(
            "collection_line_id",
            pl.col("parts").struct.field("entry_id"),
            pl.col("parts").struct.field("amount_minor"),
        ),
        recorded=False,
    )
    created = lines.select(
        "collection_line_id",
        pl.lit(None, pl.String).alias("from_status"),
        pl.lit("created").alias("to_status"),
        pl.lit("suggested").alias("reason"),
        pl.lit(None, pl.Int64).alias("payment_line_id"),
    )
    transaction.append(
        "collection_register",
        register.rows(
            created,
            on_date=as_of,
            first_id=first_id,
            actor=transaction.step.actor,
            run_id=transaction.step.run_id,
        ),
    )
