"""The story of payments: what the center told, what it was matched with and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from workbench.collection.evidence import line_evidence
from workbench.matching.classes import CLASSES
from workbench.reports.story_teller import Teller, as_list
from workbench.reports.story_words import DIFFERENCE, OUTCOME, PAYMENT, PERMISSION

_PAYMENTS = """
SELECT p.*, f.name AS file FROM payment_line AS p JOIN source_file AS f USING (file_id)
WHERE p.payment_line_id IN (SELECT value FROM json_each(?))
"""
_OUTCOMES = """
SELECT o.*, l.reference, ifnull(c.customer_no, l.customer_no) AS customer_no,
       b.line AS back_line, f.name AS back_file
FROM line_outcome AS o
LEFT JOIN collection_line AS l ON l.collection_line_id = o.collection_line_id
LEFT JOIN customer AS c ON c.customer_id = o.customer_id
LEFT JOIN payment_line AS b ON b.payment_line_id = o.reverses_payment_line_id
LEFT JOIN source_file AS f ON f.file_id = b.file_id
WHERE o.payment_line_id IN (SELECT value FROM json_each(?)) ORDER BY o.outcome_id
"""
_PERMISSIONS = """
SELECT * FROM posting_permission WHERE payment_line_id IN (SELECT value FROM json_each(?))
"""
_DIFFERENCES = """
SELECT d.*, r.recorded AS decided FROM difference AS d
LEFT JOIN row_version AS r ON r.table_name = 'difference' AND r.row_id = d.difference_id
    AND r.version = d.version - 1
WHERE d.payment_line_id IN (SELECT value FROM json_each(?))
"""


def tell_payments(teller: Teller, payment_line_ids: Iterable[int]) -> None:
    """Tell what came, what it was matched with and why, and what was allowed."""
    ids = as_list(payment_line_ids)
    for payment in teller.reader.records(_PAYMENTS, [ids]):
        _tell_payment(teller, payment)
    reasons: dict[int, str] = {}
    for outcome in teller.reader.records(_OUTCOMES, [ids]):
        line_id = outcome["payment_line_id"]
        if line_id not in reasons:
            found = line_evidence(teller.reader, line_id, language=teller.language)
            reasons[line_id] = found.explanation.sentence
        _tell_outcome(teller, outcome, reasons[line_id])
    for row in teller.reader.records(_PERMISSIONS, [ids]):
        how = "by_rule" if row["by_rule"] else "by_person"
        teller.tell(
            row["recorded"], "permission", PERMISSION[how if row["allowed"] else "taken_back"],
            table="posting_permission", row_id=row["permission_id"],
        )  # fmt: skip
    for row in teller.reader.records(_DIFFERENCES, [ids]):
        _tell_difference(teller, row)


def _tell_payment(teller: Teller, payment: dict[str, Any]) -> None:
    currency = payment["currency"]
    teller.tell(
        payment["recorded"],
        "payment",
        PAYMENT.get(payment["kind"], PAYMENT["unknown"]),
        table="payment_line",
        row_id=payment["payment_line_id"],
        paid=teller.money(abs(payment["amount_paid_minor"] or 0), currency),
        collected=teller.money(payment["amount_minor"], currency),
        date=teller.day(payment["payment_date"]),
        booked=teller.day(payment["booking_date"]),
        file=payment["file"],
        line=payment["line"],
        section=payment["section_kind"] or payment["section"],
    )


def _tell_outcome(teller: Teller, outcome: dict[str, Any], evidence: str) -> None:
    what = outcome["outcome"]
    if outcome["class"] == "on_account":
        what = "on_account"
    elif outcome["locked"]:
        what = {"matched": "by_person", "held": "released"}.get(what, what)
    by_person = bool(outcome["locked"]) or what == "ignored"
    teller.tell(
        outcome["recorded"],
        "outcome",
        OUTCOME[what],
        table="line_outcome",
        row_id=outcome["outcome_id"],
        reference=outcome["reference"] or "–",
        customer=outcome["customer_no"] or "–",
        why=_stopped(outcome["reason"]) if by_person else evidence,
    )
    if outcome["reverses_payment_line_id"] is not None:
        teller.tell(
            outcome["recorded"], "outcome", OUTCOME["takes_back"], table="line_outcome",
            row_id=outcome["outcome_id"], part="back", file=outcome["back_file"],
            line=outcome["back_line"],
        )  # fmt: skip


def _stopped(reason: str | None) -> str:
    """What a person wrote, as a sentence."""
    said = (reason or "").strip()
    return said if not said or said.endswith((".", "!", "?")) else f"{said}."


def _tell_difference(teller: Teller, row: dict[str, Any]) -> None:
    amount = teller.money(row["amount_minor"], row["currency"])
    teller.tell(
        row["recorded"], "difference", DIFFERENCE["found"], table="difference",
        row_id=row["difference_id"], amount=amount,
    )  # fmt: skip
    if row["disposition"] is not None and row["decided"] is not None:
        teller.tell(
            row["decided"], "difference", DIFFERENCE["decided"], table="difference",
            row_id=row["difference_id"], part="decided", amount=amount,
            reason=teller.word(CLASSES, row["disposition"]),
        )  # fmt: skip
