"""The story of money in the ledger: posted, settled, taken back, handed over, booked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from workbench.ledger.handover.standing import booked_of
from workbench.reports.story_teller import NOW, Teller, as_list
from workbench.reports.story_words import HANDOVER, HOW, POSTED, SETTLED

_POSTED = """
SELECT x.payment_line_id, x.kind, x.recorded, v.voucher_id, v.document_no AS voucher,
       v.posting_date, v.bank_date,
       max(CASE WHEN g.amount_minor > 0 THEN g.account_no || ' ' || a.name END) AS debit,
       max(CASE WHEN g.amount_minor < 0 THEN g.account_no || ' ' || a.name END) AS credit,
       max(g.amount_minor) AS amount_minor, g.currency
FROM line_posting AS x JOIN voucher AS v USING (voucher_id)
JOIN posting AS g ON g.payment_line_id = x.payment_line_id AND g.voucher_id = x.voucher_id
JOIN account AS a USING (account_no)
WHERE x.payment_line_id IN (SELECT value FROM json_each(?))
GROUP BY x.payment_line_id, x.kind
"""
_POSTINGS_OUT = """
SELECT g.payment_line_id, g.voucher_id, v.document_no AS voucher, o.recorded, o.handover_id,
       h.document_no AS handover
FROM posting AS g JOIN handover_posting AS o USING (posting_id)
JOIN handover AS h USING (handover_id) JOIN voucher AS v ON v.voucher_id = g.voucher_id
WHERE g.payment_line_id IN (SELECT value FROM json_each(?))
GROUP BY g.payment_line_id, g.voucher_id
"""
_APPLICATIONS = """
SELECT a.*, t.kind AS to_kind, t.document_no AS to_no, f.kind AS from_kind,
       f.document_no AS from_no, (
           SELECT x.state FROM application_exchange AS x
           WHERE x.application_id = a.application_id
       ) AS state, o.recorded AS out_recorded,
       h.document_no AS handover, o.handover_id,
       json_extract(s.subject, '$.reason') AS reason
FROM application AS a JOIN audit_event AS s ON s.seq = a.recorded
JOIN entry AS t ON t.entry_id = a.to_entry_id JOIN entry AS f ON f.entry_id = a.from_entry_id
LEFT JOIN handover_application AS o USING (application_id)
LEFT JOIN handover AS h ON h.handover_id = o.handover_id
WHERE a.application_id IN (
    SELECT application_id FROM application
    WHERE from_entry_id IN (SELECT value FROM json_each(?1))
    UNION SELECT application_id FROM application
    WHERE to_entry_id IN (SELECT value FROM json_each(?1)))
"""
_MARKS = """
SELECT m.*, h.document_no AS handover, v.document_no AS voucher
FROM handover_mark AS m JOIN handover AS h USING (handover_id)
LEFT JOIN voucher AS v ON v.voucher_id = m.voucher_id
WHERE m.handover_id IN (SELECT value FROM json_each(:handovers))
  AND (m.application_id IN (SELECT value FROM json_each(:applications))
       OR m.application_id IS NULL AND (
           m.voucher_id IS NULL OR :every_voucher
           OR m.voucher_id IN (SELECT value FROM json_each(:vouchers))))
"""
_VOUCHER = """
SELECT v.*, r.document_no AS other FROM voucher AS v
LEFT JOIN voucher AS r ON r.voucher_id = v.reverses_voucher_id WHERE v.voucher_id = ?
"""
_ACCOUNTS = """
SELECT g.account_no || ' ' || a.name, g.currency, count(*), sum(g.amount_minor)
FROM posting AS g JOIN account AS a USING (account_no)
WHERE g.voucher_id = ? GROUP BY 1, 2 ORDER BY 1, 2
"""
_VOUCHER_OUT = """
SELECT DISTINCT o.handover_id, o.recorded, h.document_no
FROM posting AS g JOIN handover_posting AS o USING (posting_id)
JOIN handover AS h USING (handover_id) WHERE g.voucher_id = ?
"""
_HANDOVER = """
SELECT h.*, (SELECT group_concat(f.file_name, ', ') FROM handover_file AS f
             WHERE f.handover_id = h.handover_id) AS files
FROM handover AS h WHERE h.handover_id = ?
"""
_SETTLED_MARKS = """
SELECT recorded, booked, how, count(*), min(mark_id) FROM handover_mark
WHERE handover_id = ? AND application_id IS NOT NULL GROUP BY 1, 2, 3
"""
_TOTALS = "SELECT * FROM handover_total WHERE handover_id = ?"


def tell_postings(teller: Teller, payment_line_ids: Iterable[int]) -> None:
    """Tell where payments were posted, and with which hand-over that left for the ERP."""
    ids = as_list(payment_line_ids)
    for row in teller.reader.records(_POSTED, [ids]):
        place = {"table": "line_posting", "row_id": row["payment_line_id"]}
        teller.tell(
            row["recorded"], "posted", POSTED[row["kind"]], part=row["kind"], **place,
            voucher=row["voucher"], date=teller.day(row["posting_date"]),
            debit=row["debit"], credit=row["credit"],
            amount=teller.money(row["amount_minor"], row["currency"]),
        )  # fmt: skip
        if row["bank_date"] and row["posting_date"] != row["bank_date"]:
            teller.tell(
                row["recorded"], "posted", POSTED["rolled"], part=f"{row['kind']} rolled",
                **place, voucher=row["voucher"], date=teller.day(row["posting_date"]),
                bank_date=teller.day(row["bank_date"]),
            )  # fmt: skip
    rows = teller.reader.records(_POSTINGS_OUT, [ids])
    for row in rows:
        teller.tell(
            row["recorded"], "handover", HANDOVER["posting"], table="handover",
            row_id=row["handover_id"], part=row["voucher"], handover=row["handover"],
            voucher=row["voucher"],
        )  # fmt: skip
    _tell_marks(
        teller,
        {row["handover_id"] for row in rows},
        vouchers={row["voucher_id"] for row in rows},
    )


def tell_settlements(teller: Teller, entry_ids: Iterable[int]) -> None:
    """Tell what settled entries, or was settled by them, and what the ERP knows of it."""
    rows = teller.reader.records(_APPLICATIONS, [as_list(entry_ids)])
    claims = {row["application_id"]: _claim(teller, row) for row in rows}
    reversed_ids = {row["reverses_application_id"] for row in rows}
    for row in rows:
        _tell_settlement(teller, row, claims[row["application_id"]])
        if row["state"] == "waiting" and row["application_id"] not in reversed_ids:
            which = "waits" if row["reverses_application_id"] is None else "back_waits"
            teller.tell(
                NOW, "standing", HANDOVER[which], table="application",
                row_id=row["application_id"], claim=claims[row["application_id"]],
            )  # fmt: skip
    _tell_marks(
        teller,
        {row["handover_id"] for row in rows if row["handover_id"]},
        vouchers={row["voucher_id"] for row in rows if row["voucher_id"]},
        claims=claims,
        backs={row["application_id"] for row in rows if row["kind"] == "unapplied"},
    )


def tell_voucher(teller: Teller, voucher_id: int) -> None:
    """Tell what a voucher posted, and where it went."""
    voucher = teller.reader.record(_VOUCHER, [voucher_id])
    assert voucher is not None, voucher_id
    named: dict[str, Any] = {"voucher": voucher["document_no"]}
    place: dict[str, Any] = {"table": "voucher", "row_id": voucher_id}
    recorded = voucher["recorded"]
    teller.tell(
        recorded, "posted", POSTED["voucher"], **place, **named, journal=voucher["journal"],
        date=teller.day(voucher["posting_date"]), about=voucher["text"],
    )  # fmt: skip
    if voucher["bank_date"] and voucher["bank_date"] != voucher["posting_date"]:
        teller.tell(
            recorded, "posted", POSTED["rolled"], part="rolled", **place, **named,
            bank_date=teller.day(voucher["bank_date"]),
            date=teller.day(voucher["posting_date"]),
        )  # fmt: skip
    if voucher["other"] is not None:
        teller.tell(
            recorded, "posted", POSTED["reverses"], part="reverses", **place, **named,
            other=voucher["other"],
        )  # fmt: skip
    for account, currency, count, amount in teller.reader.rows(_ACCOUNTS, [voucher_id]):
        teller.tell(
            recorded, "posted", POSTED["account"], part=f"{account} {currency}", **place,
            **named, account=account, count=teller.notation.integer(count),
            amount=teller.money(amount, currency),
        )  # fmt: skip
    out = teller.reader.rows(_VOUCHER_OUT, [voucher_id])
    for handover_id, at, handover in out:
        teller.tell(
            at, "handover", HANDOVER["posting"], table="handover", row_id=handover_id,
            part=voucher["document_no"], handover=handover, **named,
        )  # fmt: skip
    _tell_marks(teller, {row[0] for row in out}, vouchers={voucher_id})


def tell_handover(teller: Teller, handover_id: int) -> None:
    """Tell what a hand-over holds, and what the ERP booked of it."""
    row = teller.reader.record(_HANDOVER, [handover_id])
    assert row is not None, handover_id
    teller.tell(
        row["recorded"], "handover", HANDOVER["made"], table="handover", row_id=handover_id,
        handover=row["document_no"], date=teller.day(row["as_of"]), files=row["files"] or "–",
    )  # fmt: skip
    for total in teller.reader.records(_TOTALS, [handover_id]):
        teller.tell(
            row["recorded"], "handover", HANDOVER["total"], table="handover",
            row_id=handover_id, part=total["currency"], handover=row["document_no"],
            count=teller.notation.integer(total["postings"]),
            amount=teller.money(total["debit_minor"], total["currency"]),
        )  # fmt: skip
    _tell_marks(teller, {handover_id}, every_voucher=True)
    for recorded, booked, how, count, first in teller.reader.rows(
        _SETTLED_MARKS, [handover_id]
    ):
        what = teller.say(
            HANDOVER["some"], handover=row["document_no"], count=teller.notation.integer(count)
        )
        teller.tell(
            recorded, "booked", HANDOVER["booked" if booked else "unbooked"],
            table="handover_mark", row_id=first, what=what, why=teller.word(HOW, how),
        )  # fmt: skip
    things, booked = booked_of(teller.reader, handover_id)
    teller.tell(
        NOW, "standing", HANDOVER["standing"], table="handover", row_id=handover_id,
        handover=row["document_no"], things=teller.notation.integer(things),
        booked=teller.notation.integer(booked),
    )  # fmt: skip


def _claim(teller: Teller, row: dict[str, Any]) -> str:
    return teller.entry({"kind": row["to_kind"], "document_no": row["to_no"]})


def _tell_settlement(teller: Teller, row: dict[str, Any], claim: str) -> None:
    kind = row["kind"]
    credit = teller.entry({"kind": row["from_kind"], "document_no": row["from_no"]})
    text = SETTLED["same" if kind == "reversal" and row["amount_minor"] > 0 else kind]
    row_id = row["application_id"]
    teller.tell(
        row["recorded"], "settled", text, table="application", row_id=row_id, claim=claim,
        credit=credit, amount=teller.money(abs(row["amount_minor"]), row["currency"]),
        date=teller.day(row["posting_date"]),
    )  # fmt: skip
    back = kind == "unapplied"
    if row["reason"] and kind != "settled_in_erp":  # its decision tells the reason
        teller.tell(
            row["recorded"], "settled", SETTLED["back_reason" if back else "reason"],
            table="application", row_id=row_id, part="reason", claim=claim,
            reason=row["reason"],
        )  # fmt: skip
    if row["handover"] is not None:
        teller.tell(
            row["out_recorded"], "handover", HANDOVER["back" if back else "settlement"],
            table="handover_application", row_id=row_id, handover=row["handover"], claim=claim,
        )  # fmt: skip


def _tell_marks(
    teller: Teller,
    handovers: set[int],
    *,
    vouchers: Iterable[int] = (),
    claims: dict[int, str] | None = None,
    backs: Collection[int] = (),
    every_voucher: bool = False,
) -> None:
    """Tell what the ERP booked: whole hand-overs, vouchers, or single settlements."""
    if not handovers:
        return
    claims = claims or {}
    parameters = {
        "handovers": as_list(handovers),
        "vouchers": as_list(vouchers),
        "applications": as_list(claims),
        "every_voucher": int(every_voucher),
    }
    for mark in teller.reader.records(_MARKS, parameters):
        one = "one_back" if mark["application_id"] in backs else "one"
        which = "all" if mark["application_id"] is None else one
        which = "voucher" if mark["voucher_id"] is not None else which
        what = teller.say(
            HANDOVER[which], handover=mark["handover"], voucher=mark["voucher"],
            claim=claims.get(mark["application_id"], f"#{mark['application_id']}"),
        )  # fmt: skip
        why = " ".join(part for part in (teller.word(HOW, mark["how"]), mark["reason"]) if part)
        teller.tell(
            mark["recorded"], "booked", HANDOVER["booked" if mark["booked"] else "unbooked"],
            table="handover_mark", row_id=mark["mark_id"], what=what, why=why,
        )  # fmt: skip
