"""What an import from the ERP does, entry by entry: the preview, and the record of it."""

from __future__ import annotations

from typing import Final

import polars as pl

#: What may become of an entry that a file touches or misses.
NEW: Final = "new"
EQUAL: Final = "equal"
NOT_BOOKED_YET: Final = "not_booked_yet"
BOOKED: Final = "booked"
SETTLED: Final = "settled_in_erp"
HELD: Final = "held"
CHANGED: Final = "changed"  # on hold or disputed was taken over
REPLACED: Final = "replaced"  # other facts, and never delivered: a new revision
OURS: Final = "ours"  # a posting of ours came back with a number of the ERP

KINDS: Final = (NEW, EQUAL, NOT_BOOKED_YET, BOOKED, SETTLED, HELD, CHANGED, REPLACED, OURS)

#: One row per entry that the file touches or misses. Amounts in ledger view, minor units.
#: line: of the file; null where the entry is missing from a full file.
#: class: of what is held; or more about another effect, see the decision note.
#: ours: what the ERP should show if it booked nothing of what we handed over.
#: handed_over, waiting: what settlements of ours took off, not booked, not handed over.
#: shown: what the file shows as remaining. settled: what becomes settled in the ERP.
EFFECTS = pl.Schema(
    {
        "line": pl.Int64,
        "erp_entry_no": pl.String,
        "entry_id": pl.Int64,
        "customer_no": pl.String,
        "document_no": pl.String,
        "effect": pl.String,
        "class": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "ours_minor": pl.Int64,
        "handed_over_minor": pl.Int64,
        "waiting_minor": pl.Int64,
        "shown_minor": pl.Int64,
        "settled_minor": pl.Int64,
    }
)

#: Effects added up; `shown` counts ours where the file does not tell what remains.
SUMMARY = pl.Schema(
    {
        "effect": pl.String,
        "class": pl.String,
        "currency": pl.String,
        "entries": pl.Int64,
        "amount_minor": pl.Int64,
        "shown_minor": pl.Int64,
        "settled_minor": pl.Int64,
    }
)


def no_effects() -> pl.DataFrame:
    """No rows of `EFFECTS`."""
    return pl.DataFrame(schema=EFFECTS)


def summary(effects: pl.DataFrame) -> pl.DataFrame:
    """Entries and sums by effect, class and currency; rows of `SUMMARY`, in order of effect."""
    order = pl.col("effect").replace_strict({kind: n for n, kind in enumerate(KINDS)})
    added = effects.group_by("effect", "class", "currency").agg(
        pl.len().cast(pl.Int64).alias("entries"),
        pl.col("amount_minor").sum(),
        pl.coalesce("shown_minor", "ours_minor").sum().alias("shown_minor"),
        pl.col("settled_minor").sum(),
    )
    return added.sort(order, "class", "currency").select(SUMMARY.names())


def counts(effects: pl.DataFrame) -> dict[str, int]:
    """Entries by effect; new, equal and changed always, the others where there are any."""
    found = dict(effects.group_by("effect").len().iter_rows())
    always = (NEW, EQUAL, CHANGED)
    return {kind: found.get(kind, 0) for kind in KINDS if kind in always or kind in found}
