"""The story of files: given to us, read or refused, accepted, undone, taken on."""

from __future__ import annotations

import json
from typing import Any

from workbench.reports.story_teller import NOW, Teller, as_list
from workbench.reports.story_words import EFFECTS, ERP, FILE, OUTCOMES
from workbench.store.connection import Reader

_FILE = "SELECT * FROM source_file WHERE file_id = ?"
_ATTEMPTS = "SELECT * FROM file_attempt WHERE sha256 = ?"
_OUTCOMES = """
SELECT o.outcome, count(*), sum(p.amount_paid_minor), p.currency
FROM payment_line AS p JOIN line_outcome AS o USING (payment_line_id)
WHERE p.payment_line_id BETWEEN ? AND ? AND p.file_id = ?
  AND NOT EXISTS (SELECT 1 FROM line_outcome AS later
                  WHERE later.payment_line_id = o.payment_line_id
                    AND later.outcome_id > o.outcome_id)
GROUP BY 1, 4 ORDER BY 2 DESC
"""
_SPAN = "SELECT min(payment_line_id), max(payment_line_id) FROM payment_line WHERE file_id = ?"
_IMPORTS = """
SELECT i.*, u.recorded AS undone, u.reason FROM erp_import AS i
LEFT JOIN erp_import_undo AS u USING (import_id)
WHERE i.file_id IN (SELECT value FROM json_each(?))
"""
_TAKEN_ON = "SELECT * FROM take_on WHERE file_id = ?"


def tell_file(teller: Teller, file_id: int) -> None:
    """Tell every attempt to give us a file, what it holds, and what became of that."""
    file = teller.reader.record(_FILE, [file_id])
    assert file is not None, file_id
    for attempt in teller.reader.records(_ATTEMPTS, [file["sha256"]]):
        teller.tell(
            attempt["recorded"], "file", FILE[attempt["outcome"]], table="file_attempt",
            row_id=attempt["attempt_id"], file=attempt["name"],
            reason=_codes(attempt),
        )  # fmt: skip
    taken_on = teller.reader.records(_TAKEN_ON, [file_id])
    ours = file["direction"] == "out" and not taken_on
    teller.tell(
        file["recorded"], "file", FILE["written" if ours else "read"],
        table="source_file", row_id=file_id, file=file["name"],
        lines=teller.notation.integer(file["lines"]), sha256=file["sha256"],
    )  # fmt: skip
    tell_imports(teller, [file_id])
    for row in taken_on:
        summary = json.loads(row["summary"])
        teller.tell(
            row["recorded"], "import", FILE["taken_on"], table="take_on",
            row_id=row["take_on_id"], file=file["name"],
            count=teller.notation.integer(summary["lines"]),
        )  # fmt: skip
    if file["direction"] == "in" and file["delivery_no"] is not None:
        _tell_outcomes(teller, file)


def tell_imports(teller: Teller, file_ids: list[int]) -> None:
    """Tell who accepted files of the ERP, as what, and whether that was undone."""
    for row in teller.reader.records(_IMPORTS, [as_list(file_ids)]):
        file = teller.reader.value(
            "SELECT name FROM source_file WHERE file_id = ?", [row["file_id"]]
        )
        counts = json.loads(row["effects"]).get("counts", {})
        said = ", ".join(
            f"{teller.word(EFFECTS, name)} {teller.notation.integer(count)}"
            for name, count in counts.items()
            if count
        )
        teller.tell(
            row["recorded"], "import",
            ERP["imported" if row["mode"] == "full" else "imported_delta"],
            table="erp_import", row_id=row["import_id"], file=file,
            date=teller.day(row["as_of"]), effects=said or "–",
        )  # fmt: skip
        if row["undone"] is not None:
            teller.tell(
                row["undone"], "import", ERP["import_undone"], table="erp_import_undo",
                row_id=row["import_id"], file=file, reason=row["reason"],
            )  # fmt: skip


def tell_customer(teller: Teller, customer_id: int) -> None:
    """Tell where a customer came from."""
    row = teller.reader.record(
        "SELECT c.*, f.name AS file FROM customer AS c LEFT JOIN source_file AS f "
        "USING (file_id) WHERE c.customer_id = ?",
        [customer_id],
    )
    assert row is not None, customer_id
    teller.tell(
        row["recorded"], "customer", FILE["customer"], table="customer", row_id=customer_id,
        customer=row["customer_no"], file=row["file"] or "–", line=row["file_line"] or "–",
    )  # fmt: skip


def _tell_outcomes(teller: Teller, file: dict[str, Any]) -> None:
    for outcome, count, amount, currency in _outcomes(teller.reader, file["file_id"]):
        teller.tell(
            NOW, "standing", FILE["outcome"], table="source_file", row_id=file["file_id"],
            part=f"{outcome} {currency}", file=file["name"],
            count=teller.notation.integer(count), outcome=teller.word(OUTCOMES, outcome),
            amount=teller.money(amount or 0, currency),
        )  # fmt: skip


def _outcomes(reader: Reader, file_id: int) -> list[tuple[Any, ...]]:
    first, last = reader.rows(_SPAN, [file_id])[0]
    return [] if first is None else reader.rows(_OUTCOMES, [first, last, file_id])


def _codes(attempt: dict[str, Any]) -> str:
    """The codes of what was found in a file that was not accepted."""
    codes = dict.fromkeys(
        problem["code"] for problem in json.loads(attempt["problems"]) if "code" in problem
    )
    return "" if attempt["outcome"] == "accepted" else ", ".join(codes)
