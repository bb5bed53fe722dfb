"""The story of collections: suggested, judged, approved, sent, and what the center did."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from workbench.matching.classes import CLASSES
from workbench.model.problems import Problem
from workbench.reports.story_teller import NOW, Teller, as_list
from workbench.reports.story_words import DELIVERY, KINDS, LINE, REASONS, STATUSES

_LINES = """
SELECT l.*, d.delivery_no, (
    SELECT group_concat(e.kind || ':' || e.document_no, ';') FROM collection_line_entry AS part
    JOIN entry AS e USING (entry_id) WHERE part.collection_line_id = l.collection_line_id
) AS documents
FROM collection_line AS l LEFT JOIN delivery AS d USING (delivery_id)
WHERE l.collection_line_id IN (SELECT value FROM json_each(?))
"""
_REGISTER = """
SELECT * FROM collection_register
WHERE collection_line_id IN (SELECT value FROM json_each(?)) ORDER BY register_id
"""
_ERRORS = """
SELECT collection_line_id, recorded, code, params FROM collection_error
WHERE collection_line_id IN (SELECT value FROM json_each(?))
"""
_EVENTS = """
SELECT x.*, d.delivery_no, d.file_name, f.name AS answer FROM delivery_event AS x
JOIN delivery AS d USING (delivery_id) LEFT JOIN source_file AS f ON f.file_id = x.file_id
WHERE x.delivery_id IN (SELECT value FROM json_each(?))
"""
_STANDING = """
SELECT status, count(*), sum(amount_minor), currency FROM collection_line
WHERE delivery_id = ? GROUP BY 1, 4 ORDER BY 2 DESC
"""

#: Reasons that the sentence itself says.
_SILENT = frozenset({"PN00", "BS00", "PN00 received", "BS00 validated", "written"})

#: States of a delivery that its lines tell already.
_TOLD_BY_LINES = frozenset({"created", "sending", "sent"})


def tell_lines(teller: Teller, line_ids: Iterable[int]) -> None:
    """Tell everything that happened to collections, and to their deliveries."""
    ids = as_list(line_ids)
    lines = {row["collection_line_id"]: row for row in teller.reader.records(_LINES, [ids])}
    objections = _objections(teller, ids)
    for move in teller.reader.records(_REGISTER, [ids]):
        _tell_move(teller, lines[move["collection_line_id"]], move, objections)
    for line in lines.values():
        if line["status"] == "paid" and line["final_on"]:
            teller.tell(
                NOW, "standing", LINE["final"], table="collection_line",
                row_id=line["collection_line_id"], date=teller.day(line["final_on"]),
            )  # fmt: skip
    sent = {line["delivery_id"] for line in lines.values() if line["delivery_id"]}
    _tell_events(teller, sent, without=_TOLD_BY_LINES)


def tell_delivery(teller: Teller, delivery_id: int) -> None:
    """Tell what happened to a delivery, and how its lines stand."""
    _tell_events(teller, [delivery_id], without=frozenset())
    number = teller.reader.value(
        "SELECT delivery_no FROM delivery WHERE delivery_id = ?", [delivery_id]
    )
    for status, count, amount, currency in teller.reader.rows(_STANDING, [delivery_id]):
        teller.tell(
            NOW, "standing", DELIVERY["standing"], table="delivery", row_id=delivery_id,
            part=status, delivery=number, count=teller.notation.integer(count),
            amount=teller.money(amount, currency), status=teller.word(STATUSES, status),
        )  # fmt: skip


def _tell_move(
    teller: Teller,
    line: dict[str, Any],
    move: dict[str, Any],
    objections: dict[tuple[int, int], str],
) -> None:
    first = move["from_status"] is None
    status = str(move["to_status"])
    text = LINE["taken_on" if first and status == "sent" else status]
    if status == "created" and not first:
        text = LINE["set_back"]
    found = objections.get((line["collection_line_id"], move["recorded"]), "")
    teller.tell(
        move["recorded"],
        "line" if first else "status",
        text,
        table="collection_register",
        row_id=move["register_id"],
        documents=_documents(teller, line["documents"]),
        amount=teller.money(line["amount_minor"], line["currency"]),
        due=teller.day(line["due_date"]),
        reference=line["reference"] or "–",
        delivery=line["delivery_no"],
        line=line["delivery_line"],
        reason=found or _reason(teller, move["reason"]),
    )


def _reason(teller: Teller, reason: str | None) -> str:
    """Why a line moved, in words; codes of the machine that nobody reads are left out."""
    if reason is None:
        return ""
    if reason in REASONS:
        return teller.word(REASONS, reason)
    return "" if reason in CLASSES or reason in _SILENT else f"{reason}."


def _documents(teller: Teller, packed: str | None) -> str:
    """The entries of a collection, as a sentence lists them."""
    pairs = (part.split(":", 1) for part in (packed or "").split(";") if part)
    return ", ".join(f"{teller.word(KINDS, kind)} {number}" for kind, number in pairs) or "–"


def _objections(teller: Teller, ids: str) -> dict[tuple[int, int], str]:
    """What validation found, by line and the step that found it."""
    found: dict[tuple[int, int], list[str]] = {}
    for line_id, recorded, code, params in teller.reader.rows(_ERRORS, [ids]):
        problem = Problem(code, json.loads(params))
        words = problem.message(language=teller.language)
        found.setdefault((line_id, recorded), []).append(words)
    return {key: " ".join(words) for key, words in found.items()}


def _tell_events(
    teller: Teller, delivery_ids: Iterable[int], *, without: frozenset[str]
) -> None:
    for event in teller.reader.records(_EVENTS, [as_list(delivery_ids)]):
        if event["state"] in without:
            continue
        teller.tell(
            event["recorded"],
            "delivery",
            DELIVERY[event["state"]],
            table="delivery",
            row_id=event["delivery_id"],
            part=str(event["number"]),
            delivery=event["delivery_no"],
            file=event["answer"] or event["file_name"],
            reason=_reason(teller, event["reason"]),
        )
