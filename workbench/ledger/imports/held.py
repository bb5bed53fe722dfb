"""What the ERP and we read differently: held for a person, with both readings.

A later import that compares the entry ends an open difference; one whose readings are the
same stays as it is. Where a person said that ours stands, the same readings are no
difference any more.
"""

from __future__ import annotations

import polars as pl

from workbench.ledger.imports import effects
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction

#: What both sides read; the same readings are the same difference.
READINGS = (
    "class",
    "currency",
    "ours_minor",
    "handed_over_minor",
    "waiting_minor",
    "shown_minor",
    "changed",
)

_LAST_SCHEMA = pl.Schema(
    {
        "entry_id": pl.Int64,
        "difference_id": pl.Int64,
        "decision": pl.String,
        "class": pl.String,
        "currency": pl.String,
        "ours_minor": pl.Int64,
        "handed_over_minor": pl.Int64,
        "waiting_minor": pl.Int64,
        "shown_minor": pl.Int64,
        "changed": pl.String,
    }
)
_LAST = """
SELECT d.entry_id, max(d.difference_id), n.decision, d.class, d.currency, d.ours_minor,
       d.handed_over_minor, d.waiting_minor, d.shown_minor, d.changed
FROM erp_difference AS d LEFT JOIN erp_difference_end AS n USING (difference_id)
GROUP BY d.entry_id
"""

_READ_AGAIN = "read_again"


def last_differences(reader: Reader) -> pl.DataFrame:
    """The last difference of each entry that ever had one; open where `decision` is null."""
    return reader.gathered(_LAST, schema=_LAST_SCHEMA)


def with_earlier(compared: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """The compared entries with what an earlier difference means for them now.

    Returns:
        The frame with `ends`, the open difference that this comparison ends, and `again`,
        whether a held entry is held already with the same readings; where a person said that
        ours stands, the entry is not held but equal.
    """
    known = compared.join(
        last.rename({name: f"{name}.last" for name in READINGS}),
        on="entry_id",
        how="left",
        maintain_order="left",
    )
    held = pl.col("effect") == effects.HELD
    same = held & pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(f"{name}.last")) for name in READINGS
    )
    was_open = pl.col("difference_id").is_not_null() & pl.col("decision").is_null()
    stands = same & (pl.col("decision") == "ours_stands").fill_null(value=False)
    ended = was_open & ~same
    return known.with_columns(
        pl.when(stands).then(pl.lit(effects.EQUAL)).otherwise("effect").alias("effect"),
        pl.when(stands).then(pl.lit("ours_stands")).otherwise("class").alias("class"),
        pl.when(ended).then("difference_id").alias("ends"),
        (same & was_open).alias("again"),
    ).drop("difference_id", "decision", *(f"{name}.last" for name in READINGS))


def write(transaction: Transaction, compared: pl.DataFrame, *, import_id: int) -> None:
    """Hold what is newly held, and end what this import read again.

    Args:
        transaction: The step that this is part of.
        compared: Rows as `with_earlier` returns them, with `line`.
        import_id: The import that compared them.
    """
    ended = compared.filter(pl.col("ends").is_not_null())
    transaction.append(
        "erp_difference_end",
        ended.select(
            difference_id="ends",
            decision=pl.lit(_READ_AGAIN),
            reason=pl.lit(""),
            actor=pl.lit(transaction.step.actor),
        ),
    )
    held = compared.filter(pl.col("effect") == effects.HELD, ~pl.col("again"))
    first_id = transaction.draw_ids(held.height) if held.height else 0
    transaction.append(
        "erp_difference",
        held.select(
            "entry_id",
            *READINGS,
            difference_id=pl.int_range(first_id, first_id + pl.len(), dtype=pl.Int64),
            import_id=pl.lit(import_id, pl.Int64),
            file_line="line",
        ),
    )
