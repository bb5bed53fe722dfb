"""What was learnt between two recorded times: the steps, and what they changed of a day.

A day's open balance changes after the day: entries come in late, settlements are dated back,
imports are undone. Every change of every entry is listed with the row that made it, and the
rows add up to the change of the balance.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.as_known import BadMomentError, label_of
from workbench.store.connection import Reader

#: Who did what how often; labels are UTC.
STEPS = pl.Schema(
    {
        "step": pl.String,
        "actor": pl.String,
        "times": pl.Int64,
        "first_at": pl.String,
        "last_at": pl.String,
        "first_seq": pl.Int64,
        "last_seq": pl.Int64,
    }
)
_STEPS = """
SELECT step, actor, count(*), min(at), max(at), min(seq), max(seq) FROM audit_event
WHERE seq > :since AND seq <= :until GROUP BY step, actor ORDER BY min(seq)
"""

#: Every entry of which something was learnt that counts for the day; ledger view.
CHANGES = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_no": pl.String,
        "document_no": pl.String,
        "kind": pl.String,
        "currency": pl.String,
        "old_minor": pl.Int64,
        "new_minor": pl.Int64,
        "change_minor": pl.Int64,
    }
)
_CHANGES = """
SELECT e.entry_id, c.customer_no, e.document_no, e.kind, e.currency, x.old_minor,
       x.old_minor + x.change_minor, x.change_minor
FROM (
    SELECT entry_id, sum(amount_minor) FILTER (WHERE recorded > :since) AS change_minor,
           ifnull(sum(amount_minor) FILTER (WHERE recorded <= :since), 0) AS old_minor
    FROM entry_effect WHERE posting_date <= :as_of AND recorded <= :until
    GROUP BY entry_id HAVING max(recorded) > :since
) AS x JOIN entry AS e USING (entry_id) JOIN customer AS c USING (customer_id)
"""

#: The rows that made the changes: `why` is `entry`, or what an application did, seen from
#: the entry: `settled`, `settles`, or either `_taken_back`.
REASONS = pl.Schema(
    {
        "entry_id": pl.Int64,
        "why": pl.String,
        "kind": pl.String,
        "other": pl.String,  # the document on the other side, or the entry's own
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "posting_date": pl.Date,
        "recorded": pl.Int64,
        "at": pl.String,
        "actor": pl.String,
        "step": pl.String,
    }
)
_REASONS = """
SELECT x.entry_id, x.why, x.kind, x.other, x.amount_minor, x.currency, x.posting_date,
       x.recorded, v.at, v.actor, v.step
FROM (
    SELECT entry_id, 'entry' AS why, kind, document_no AS other, amount_minor, currency,
           posting_date, recorded
    FROM entry WHERE recorded > :since AND recorded <= :until AND posting_date <= :as_of
    UNION ALL
    SELECT a.to_entry_id, iif(a.amount_minor > 0, 'settled', 'settled_taken_back'), a.kind,
           f.document_no, -a.amount_minor, a.currency, a.posting_date, a.recorded
    FROM application AS a JOIN entry AS f ON f.entry_id = a.from_entry_id
    WHERE a.recorded > :since AND a.recorded <= :until AND a.posting_date <= :as_of
    UNION ALL
    SELECT a.from_entry_id, iif(a.amount_minor > 0, 'settles', 'settles_taken_back'), a.kind,
           t.document_no, a.amount_minor, a.currency, a.posting_date, a.recorded
    FROM application AS a JOIN entry AS t ON t.entry_id = a.to_entry_id
    WHERE a.recorded > :since AND a.recorded <= :until AND a.posting_date <= :as_of
) AS x JOIN audit_event AS v ON v.seq = x.recorded
"""

TOTALS = pl.Schema(
    {
        "currency": pl.String,
        "old_minor": pl.Int64,
        "new_minor": pl.Int64,
        "change_minor": pl.Int64,
    }
)
_BALANCE = """
SELECT currency, sum(amount_minor) FROM entry_effect
WHERE posting_date <= :as_of AND recorded <= :known GROUP BY currency
"""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What was learnt after one recorded time and up to another.

    Attributes:
        since: What was known before; `since_at` is its label, UTC.
        until: The last step that counts.
        as_of: The day whose balances are compared.
        steps: Rows of `STEPS`.
        changes: Rows of `CHANGES`, by customer and document.
        reasons: Rows of `REASONS`, as they were recorded.
        totals: Rows of `TOTALS`: the open balance of the day, by currency.
    """

    since: int
    since_at: str
    until: int
    until_at: str
    as_of: dt.date
    steps: pl.DataFrame
    changes: pl.DataFrame
    reasons: pl.DataFrame
    totals: pl.DataFrame

    def reasons_of(self, entry_ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
        """The reasons of some entries, by entry, as they were recorded."""
        found: dict[int, list[dict[str, Any]]] = {entry_id: [] for entry_id in entry_ids}
        asked = self.reasons.filter(pl.col("entry_id").is_in(list(found)))
        for row in asked.iter_rows(named=True):
            found[row.pop("entry_id")].append(row)
        return found

    def as_json(self) -> dict[str, object]:
        """One document; amounts in minor units."""
        reasons = self.reasons_of(self.changes["entry_id"])
        return {
            "from": {"seq": self.since, "at": self.since_at},
            "to": {"seq": self.until, "at": self.until_at},
            "as_of": self.as_of,
            "steps": self.steps.to_dicts(),
            "totals": self.totals.to_dicts(),
            "changes": [
                row | {"reasons": reasons[row["entry_id"]]}
                for row in self.changes.iter_rows(named=True)
            ],
        }


def learnt(reader: Reader, *, since: int, until: int, as_of: dt.date) -> Learnt:
    """What the steps after one number and up to another changed of a day's open balance.

    Raises:
        BadMomentError: The second lies before the first.
    """
    if since > until:
        raise BadMomentError(f"step {since} is later than step {until}")
    asked = {"since": since, "until": until, "as_of": as_of.isoformat()}
    changes = reader.gathered(_CHANGES, asked, schema=CHANGES)
    reasons = reader.gathered(_REASONS, asked, schema=REASONS)
    totals = _totals(reader, since=since, until=until, as_of=as_of)
    _require_explained(changes, reasons, totals)
    return Learnt(
        since=since,
        since_at=label_of(reader, since),
        until=until,
        until_at=label_of(reader, until),
        as_of=as_of,
        steps=reader.frame(_STEPS, {"since": since, "until": until}, schema=STEPS),
        changes=changes.sort("customer_no", "document_no", "entry_id"),
        reasons=reasons.sort("recorded", "entry_id", maintain_order=True),
        totals=totals,
    )


def _totals(reader: Reader, *, since: int, until: int, as_of: dt.date) -> pl.DataFrame:
    old, new = (
        dict(reader.rows(_BALANCE, {"as_of": as_of.isoformat(), "known": known}))
        for known in (since, until)
    )
    rows = [
        (currency, old.get(currency, 0), new[currency], new[currency] - old.get(currency, 0))
        for currency in sorted(new)
    ]
    return pl.DataFrame(rows, schema=TOTALS, orient="row")


def _require_explained(
    changes: pl.DataFrame, reasons: pl.DataFrame, totals: pl.DataFrame
) -> None:
    """Every change of an entry, and of the balance, is the sum of the rows listed for it."""
    by_entry = reasons.group_by("entry_id").agg(pl.col("amount_minor").sum()).sort("entry_id")
    told = changes.select("entry_id", amount_minor="change_minor").sort("entry_id")
    assert by_entry.equals(told)
    by_currency = dict(
        reasons.group_by("currency").agg(pl.col("amount_minor").sum()).iter_rows()
    )
    for currency, change in totals.select("currency", "change_minor").iter_rows():
        assert by_currency.get(currency, 0) == change, currency
