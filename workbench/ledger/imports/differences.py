"""Held differences with the ERP: both readings, side by side, until a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from babel.numbers import format_decimal

from workbench.ledger.imports.standings import standings
from workbench.ledger.open_entries import REMAINING
from workbench.model.money import decimal_from_minor, exponent
from workbench.model.texts import marked, translate
from workbench.store.connection import Reader

#: One row per open difference. Amounts in ledger view, minor units. `ours`: what the ERP
#: would show if it had booked nothing of what we handed over. `changed`: JSON, facts that
#: the ERP tells otherwise. `stale`: our side has moved since; the next import reads it again.
DIFFERENCES = pl.Schema(
    {
        "difference_id": pl.Int64,
        "import_id": pl.Int64,
        "file": pl.String,
        "as_of": pl.Date,
        "entry_id": pl.Int64,
        "erp_entry_no": pl.String,
        "customer_no": pl.String,
        "document_no": pl.String,
        "class": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "remaining_minor": pl.Int64,
        "ours_minor": pl.Int64,
        "handed_over_minor": pl.Int64,
        "waiting_minor": pl.Int64,
        "shown_minor": pl.Int64,
        "changed": pl.String,
        "stale": pl.Boolean,
    }
)
_FOUND = pl.Schema({name: kind for name, kind in DIFFERENCES.items() if name != "stale"})

_OPEN = f"""
SELECT d.difference_id, d.import_id, f.name, i.as_of, d.entry_id,
       ifnull(e.erp_entry_no, (SELECT max(k.erp_entry_no) FROM erp_entry_link AS k
                               WHERE k.entry_id = e.entry_id)),
       c.customer_no, e.document_no, d.class, d.currency, e.amount_minor, {REMAINING},
       d.ours_minor, d.handed_over_minor, d.waiting_minor, d.shown_minor, d.changed
FROM erp_difference AS d JOIN erp_import AS i USING (import_id)
JOIN source_file AS f ON f.file_id = i.file_id
JOIN entry AS e USING (entry_id) JOIN customer AS c USING (customer_id)
WHERE NOT EXISTS (SELECT 1 FROM erp_difference_end AS n
                  WHERE n.difference_id = d.difference_id)
ORDER BY d.difference_id
"""  # noqa: S608  # our own text

#: Each class of difference, as a person reads it.
CLASSES = {
    "partly_booked": marked("The ERP has booked a part of what was handed over."),
    "above": marked("The ERP shows more than remains with us."),
    "fall_while_waiting": marked("The ERP shows less, while settlements of ours still wait."),
    "changed": marked("The ERP tells facts of the entry otherwise, and it was collected."),
}

#: Both readings in one sentence.
_READINGS = marked(
    "The ERP shows {shown}. With us {remaining} remain; {handed_over} were handed over and are "
    "not booked, {waiting} wait."
)
_STALE = marked("Our side has moved since: import the ERP's open entries again.")


def open_differences(reader: Reader) -> pl.DataFrame:
    """What a person must decide, oldest first; rows of `DIFFERENCES`."""
    found = reader.frame(_OPEN, schema=_FOUND)
    return found.with_columns(stale=_moved(found, now(reader, found)))


def now(reader: Reader, entries: pl.DataFrame) -> pl.DataFrame:
    """What stands between us and the ERP at this moment.

    Args:
        reader: The view to ask.
        entries: `entry_id` and `remaining_minor`.

    Returns:
        `entry_id`, `ours_minor`, `handed_over_minor`, `waiting_minor`; in the same order.
    """
    standing, _ = standings(reader, entries["entry_id"])
    joined = entries.select("entry_id", "remaining_minor").join(
        standing, on="entry_id", how="left", maintain_order="left"
    )
    handed_over = pl.col("handed_over").fill_null(0)
    waiting = pl.col("waiting").fill_null(0)
    return joined.select(
        "entry_id",
        ours_minor=pl.col("remaining_minor") + handed_over + waiting,
        handed_over_minor=handed_over,
        waiting_minor=waiting,
    )


def words(row: Mapping[str, Any], *, language: str) -> str:
    """A row of `DIFFERENCES` in words."""
    amounts = {
        name: _amount(row[f"{name}_minor"], row["currency"], language)
        for name in ("shown", "remaining", "handed_over", "waiting")
    }
    said = [
        translate(CLASSES[row["class"]], language=language),
        translate(_READINGS, language=language).format(**amounts),
    ]
    if row["stale"]:
        said.append(translate(_STALE, language=language))
    return " ".join(said)


def _moved(then: pl.DataFrame, today: pl.DataFrame) -> pl.Series:
    names = ("ours_minor", "handed_over_minor", "waiting_minor")
    changed = [then[name] != today[name] for name in names]
    return (changed[0] | changed[1] | changed[2]).alias("stale")


def _amount(minor: int, currency: str, language: str) -> str:
    places = exponent(currency)
    shape = f"#,##0.{'0' * places}" if places else "#,##0"
    value = decimal_from_minor(minor, currency=currency)
    return f"{format_decimal(value, format=shape, locale=language)} {currency}"
