"""Why things of the journal stay behind: faults of lines, and what a suggestion left out."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl

from workbench.model.problems import Problem
from workbench.model.texts import marked
from workbench.store.connection import Reader

#: Why a suggestion leaves something out.
SKIPPED_BECAUSE = {
    "on_hold": marked("The customer or the entry is on hold."),
    "disputed": marked("The entry is disputed."),
    "held_with_erp": marked("The ERP shows the entry otherwise; a person must decide."),
    "net_not_positive": marked("Credit notes outweigh the invoices; nothing is to collect."),
}

SKIPPED = pl.Schema(
    {
        "customer_no": pl.String,
        "due_date": pl.Date,
        "document_no": pl.String,
        "amount_minor": pl.Int64,
        "reason": pl.String,
    }
)

_ERRORS = """
SELECT e.code, e.params FROM collection_error AS e
JOIN collection_line AS l ON l.collection_line_id = e.collection_line_id
                         AND l.version = e.line_version
WHERE e.collection_line_id = ? ORDER BY e.number
"""
_JOURNAL = """
SELECT j.journal_id, j.system, j.as_of, j.due_from, j.due_to, j.actor, j.skipped
FROM collection_journal AS j WHERE j.journal_id = ?
"""


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal's head: when it was made, for which window, and what stayed out of it."""

    journal_id: int
    system: str
    as_of: dt.date
    due_from: dt.date
    due_to: dt.date
    actor: str
    skipped: pl.DataFrame


def faults(reader: Reader, line_id: int) -> list[Problem]:
    """The faults of a line as it stands; none when it is valid or was not judged."""
    return [
        Problem(code, json.loads(params)) for code, params in reader.rows(_ERRORS, [line_id])
    ]


def journal_head(reader: Reader, journal_id: int) -> Journal:
    """What a journal says about itself."""
    row = reader.record(_JOURNAL, [journal_id])
    assert row is not None, journal_id
    return Journal(
        journal_id=row["journal_id"],
        system=row["system"],
        as_of=dt.date.fromisoformat(row["as_of"]),
        due_from=dt.date.fromisoformat(row["due_from"]),
        due_to=dt.date.fromisoformat(row["due_to"]),
        actor=row["actor"],
        skipped=_skipped(row["skipped"]),
    )


def _skipped(text: str) -> pl.DataFrame:
    stored = pl.Schema({**SKIPPED, "due_date": pl.String()})
    frame = pl.DataFrame(json.loads(text), schema=stored)
    return frame.with_columns(pl.col("due_date").str.to_date("%Y-%m-%d"))
