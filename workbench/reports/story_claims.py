"""The story of entries: where each came from, what was done to it, what the ERP says of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from workbench.ledger.open_entries import REMAINING
from workbench.reports.story_teller import NOW, Teller, as_list
from workbench.reports.story_words import CLASSES, ENTRY, ERP, KINDS, REFUND

_ENTRIES = f"""
SELECT e.*, c.customer_no, v.document_no AS voucher, f.name AS file, {REMAINING} AS remaining
FROM entry AS e JOIN customer AS c USING (customer_id)
JOIN voucher AS v ON v.voucher_id = e.voucher_id
LEFT JOIN source_file AS f ON f.file_id = e.file_id
WHERE e.entry_id IN (SELECT value FROM json_each(?))
"""  # noqa: S608  # our own text
_VERSIONS = """
SELECT r.row_id AS entry_id, r.version, r.recorded, r.fields FROM json_each(?) AS wanted
JOIN row_version AS r ON r.table_name = 'entry' AND r.row_id = wanted.value
ORDER BY r.row_id, r.version
"""
_WITHDRAWALS = """
SELECT w.*, e.document_no, e.kind FROM entry_withdrawal AS w JOIN entry AS e USING (entry_id)
WHERE w.entry_id IN (SELECT value FROM json_each(?))
"""
_LINKS = """
SELECT k.*, e.document_no, e.kind FROM erp_entry_link AS k JOIN entry AS e USING (entry_id)
WHERE k.entry_id IN (SELECT value FROM json_each(?))
"""
_DIFFERENCES = """
SELECT d.*, e.document_no, e.kind, x.decision, x.reason, x.recorded AS ended
FROM erp_difference AS d JOIN entry AS e USING (entry_id)
LEFT JOIN erp_difference_end AS x USING (difference_id)
WHERE d.entry_id IN (SELECT value FROM json_each(?))
"""
_REFUNDS = """
SELECT r.*, e.document_no, e.kind, o.recorded AS handed_over, h.document_no AS handover,
       w.recorded AS withdrawn, w.reason AS why
FROM refund AS r JOIN entry AS e USING (entry_id)
LEFT JOIN handover_refund AS o USING (refund_id)
LEFT JOIN handover AS h ON h.handover_id = o.handover_id
LEFT JOIN refund_withdrawal AS w USING (refund_id)
WHERE r.entry_id IN (SELECT value FROM json_each(?))
"""

#: The sentence of a field that was set or taken back, by field and value after.
_MARKS = {
    ("on_hold", 1): "on_hold",
    ("on_hold", 0): "off_hold",
    ("disputed", 1): "disputed",
    ("disputed", 0): "undisputed",
}


def tell_entries(teller: Teller, entry_ids: Iterable[int], *, own: bool = False) -> None:
    """Tell where entries came from and what the ERP and people did to them.

    Args:
        teller: Collects the sentences.
        entry_ids: The entries.
        own: Whether those that our own vouchers made are told as well.
    """
    ids = as_list(entry_ids)
    rows = {row["entry_id"]: row for row in teller.reader.records(_ENTRIES, [ids])}
    for entry in rows.values():
        _tell_entry(teller, entry, own=own)
    _tell_edits(teller, rows, teller.reader.records(_VERSIONS, [ids]))
    for row in teller.reader.records(_WITHDRAWALS, [ids]):
        teller.tell(
            row["recorded"], "entry_changed", ENTRY[row["reason"]], table="entry_withdrawal",
            row_id=row["entry_id"], document=teller.entry(row),
        )  # fmt: skip
    for row in teller.reader.records(_LINKS, [ids]):
        teller.tell(
            row["recorded"], "erp", ENTRY["linked"], table="erp_entry_link",
            row_id=row["entry_id"], document=teller.entry(row), erp=row["erp_entry_no"],
        )  # fmt: skip
    _tell_differences(teller, teller.reader.records(_DIFFERENCES, [ids]))
    _tell_refunds(teller, teller.reader.records(_REFUNDS, [ids]))


def _tell_entry(teller: Teller, entry: dict[str, Any], *, own: bool) -> None:
    from_erp = entry["file_id"] is not None
    if not (from_erp or own):
        return
    teller.tell(
        entry["recorded"],
        "entry",
        ENTRY["imported" if from_erp else "made"],
        table="entry",
        row_id=entry["entry_id"],
        what=teller.word(KINDS, entry["kind"]),
        document=entry["document_no"],
        amount=teller.money(entry["amount_minor"], entry["currency"]),
        customer=entry["customer_no"],
        due=teller.day(entry["due_date"]),
        erp=entry["erp_entry_no"],
        file=entry["file"],
        line=entry["file_line"],
        voucher=entry["voucher"],
        date=teller.day(entry["posting_date"]),
    )
    if from_erp or entry["remaining"]:
        teller.tell(
            NOW, "standing", ENTRY["remains"], table="entry", row_id=entry["entry_id"],
            document=teller.entry(entry),
            amount=teller.money(entry["remaining"], entry["currency"]),
        )  # fmt: skip


def _tell_edits(
    teller: Teller, rows: dict[int, dict[str, Any]], versions: list[dict[str, Any]]
) -> None:
    """Tell each edit by what a field became: what the next edit found there, or it has now."""
    for at, version in enumerate(versions):
        entry = rows[version["entry_id"]]
        before = json.loads(version["fields"])
        later = [
            json.loads(one["fields"])
            for one in versions[at + 1 :]
            if one["entry_id"] == version["entry_id"]
        ]
        for name, was in before.items():
            now = next((one[name] for one in later if name in one), entry[name])
            mark = _MARKS.get((name, now), "edited") if now != was else None
            if mark is not None:
                teller.tell(
                    version["recorded"], "entry_changed", ENTRY[mark], table="entry",
                    row_id=version["entry_id"], part=f"{version['version']}{name}",
                    document=teller.entry(entry), fields=name,
                )  # fmt: skip


def _tell_differences(teller: Teller, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        currency = row["currency"]
        teller.tell(
            row["recorded"],
            "erp",
            ERP["changed" if row["class"] == "changed" else "difference"],
            table="erp_difference",
            row_id=row["difference_id"],
            document=teller.entry(row),
            shown=teller.money(row["shown_minor"], currency),
            ours=teller.money(row["ours_minor"], currency),
            handed_over=teller.money(row["handed_over_minor"], currency),
            waiting=teller.money(row["waiting_minor"], currency),
            class_=teller.word(CLASSES, row["class"]),
        )
        if row["ended"] is not None:
            teller.tell(
                row["ended"], "erp", ERP[row["decision"]], table="erp_difference_end",
                row_id=row["difference_id"], document=teller.entry(row),
                reason=row["reason"],
            )  # fmt: skip


def _tell_refunds(teller: Teller, rows: list[dict[str, Any]]) -> None:
    def events(row: dict[str, Any]) -> Iterator[tuple[int, str, str, str]]:
        yield row["recorded"], "ordered", "refund", row["reason"]
        if row["handed_over"] is not None:
            yield row["handed_over"], "handed_over", "handover_refund", ""
        if row["withdrawn"] is not None:
            yield row["withdrawn"], "withdrawn", "refund_withdrawal", row["why"]

    for row in rows:
        for recorded, what, table, reason in events(row):
            teller.tell(
                recorded, "refund", REFUND[what], table=table, row_id=row["refund_id"],
                amount=teller.money(row["amount_minor"], row["currency"]),
                document=teller.entry(row), handover=row["handover"], reason=reason,
            )  # fmt: skip
