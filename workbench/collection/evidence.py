"""The evidence of one payment line, from the store: why it has its outcome, and since when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from workbench.matching.explain import Explanation, explain
from workbench.matching.rules import RULES, RuleSet, from_json
from workbench.store.connection import Reader

_PAYMENT = """
SELECT p.*, ifnull(w.payer, p.payer) AS payer, ifnull(w.text, p.text) AS text
FROM payment_line AS p LEFT JOIN payment_person AS w USING (payment_line_id)
WHERE p.payment_line_id = ?
"""
_OUTCOMES = """
SELECT o.*, o.runner_up AS runner_up_collection_id, e.at
FROM line_outcome AS o JOIN audit_event AS e ON e.seq = o.recorded
WHERE o.payment_line_id = ? ORDER BY o.outcome_id
"""
_COLLECTION = """
SELECT l.*, l.delivery_id IS NOT NULL AS sent, p.name
FROM collection_line AS l JOIN customer AS c USING (customer_id)
LEFT JOIN person AS p USING (person_id)
WHERE l.collection_line_id = ?
"""
_RULES = "SELECT rules FROM match_rules WHERE file_id = ? ORDER BY match_rules_id DESC LIMIT 1"


@dataclass(frozen=True, slots=True)
class Decision:
    """One outcome that the line had, the machine's or a person's."""

    outcome: str
    class_: str | None
    by_person: bool
    reason: str | None
    actor: str
    at: str


@dataclass(frozen=True, slots=True)
class LineEvidence:
    """Why a payment line stands as it does.

    Attributes:
        payment: The line as it was read.
        collection: What it was compared with: its collection or else the runner-up.
        is_runner_up: Whether `collection` is only the next best, or only suggested.
        explanation: The matching's reasons, by the rules that it used then.
        decisions: Every outcome, the first one first; the last one counts.
    """

    payment: dict[str, Any]
    collection: dict[str, Any] | None
    is_runner_up: bool
    explanation: Explanation
    decisions: tuple[Decision, ...]


def line_evidence(
    reader: Reader, payment_line_id: int, *, language: str = "en"
) -> LineEvidence:
    """The evidence of a line. A person's decision does not hide what the matching found."""
    payment = reader.record(_PAYMENT, [payment_line_id])
    assert payment is not None, payment_line_id
    outcomes = reader.records(_OUTCOMES, [payment_line_id])
    found = [outcome for outcome in outcomes if not outcome["locked"]][-1]
    named = found["collection_line_id"] or found["runner_up_collection_id"]
    collection = None if named is None else reader.record(_COLLECTION, [named])
    payment, collection = _dated(payment), collection and _dated(collection)
    return LineEvidence(
        payment=payment,
        collection=collection,
        is_runner_up=collection is not None and found["collection_line_id"] is None,
        explanation=explain(
            payment,
            collection=collection,
            outcome=found,
            rules=_rules(reader, payment["file_id"]),
            language=language,
        ),
        decisions=tuple(map(_decision, outcomes)),
    )


def _rules(reader: Reader, file_id: int) -> RuleSet:
    stored = reader.value(_RULES, [file_id])
    return RULES if stored is None else from_json(stored)


def _decision(outcome: dict[str, Any]) -> Decision:
    return Decision(
        outcome=outcome["outcome"],
        class_=outcome["class"],
        by_person=bool(outcome["locked"]),
        reason=outcome["reason"],
        actor=outcome["actor"],
        at=outcome["at"],
    )


def _dated(row: dict[str, Any]) -> dict[str, Any]:
    """The row with dates as dates and its yes and no as such."""
    dates = {name for name in row if name.endswith("_date")}
    return {
        name: dt.date.fromisoformat(value) if name in dates and value else value
        for name, value in row.items()
    } | ({"sent": bool(row["sent"])} if "sent" in row else {})
