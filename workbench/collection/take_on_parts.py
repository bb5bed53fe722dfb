"""What came of a take-on, part by part, and the row that keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from workbench.ledger.periods import Rolled
from workbench.model.problems import Problem
from workbench.store.transaction import Transaction


class TakeOnError(Exception):
    """The file that names the parts of a take-on cannot be used."""


@dataclass(frozen=True, slots=True)
class Part:
    """What came of one part.

    Attributes:
        kind: customers, agreements, entries, sent or counters.
        outcome: accepted, refused, read_before, dry_run or unchanged.
        counts: Numbers that the kind brings; of a delivery `lines`, `settled`, `linked`,
            `unlinked`, `left_out` and `stopped` (entries held back for a person).
        amounts: Minor units by currency; of a delivery, what its lines collect.
        rolled: Set where the day of the take-on lies in a closed period, with the one used.
    """

    kind: str
    name: str
    outcome: str
    counts: Mapping[str, int] = field(default_factory=dict)
    amounts: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    rolled: Rolled | None = None

    @property
    def clean(self) -> bool:
        """Whether the part was taken on, or was before."""
        return self.outcome != "refused"


@dataclass(frozen=True, slots=True)
class TakenOn:
    """What came of a take-on, part by part; the first refusal ends it."""

    parts: tuple[Part, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was refused."""
        return all(part.clean for part in self.parts)


def note_take_on(
    transaction: Transaction, kind: str, summary: Mapping[str, Any], *, file_id: int | None
) -> None:
    """Keep what was taken on."""
    row = {
        "take_on_id": transaction.draw_ids(1),
        "kind": kind,
        "file_id": file_id,
        "summary": json.dumps(summary, ensure_ascii=False, sort_keys=True),
        "actor": transaction.step.actor,
    }
    transaction.append("take_on", one_row(row))


_WHOLE = frozenset(
    {"file_id", "bytes", "lines", "delivery_id", "count", "amount_minor"}
    | {"attempt_id", "take_on_id"}
)


def one_row(row: Mapping[str, object]) -> pl.DataFrame:
    """A row as a frame of the types that its columns are stored in."""
    schema = {name: pl.Int64 if name in _WHOLE else pl.String for name in row}
    return pl.DataFrame([row], schema=schema)
