"""A receipt of the ERP: which deliveries or vouchers it booked, and which it refused.

A CSV file in UTF-8 with `;` or `,` between its cells, whose first row holds the headings
`delivery`, `voucher`, `status` and, where the ERP says more, `erp_document` and `reason`:

    delivery;voucher;status;erp_document;reason
    HO-000001;;booked;;
    HO-000002;PAY-000007;refused;;Account 5830 is blocked

A row without a voucher speaks of the whole delivery, one without a delivery of whichever
delivery holds the voucher. What was refused stays handed over, and is named.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from workbench.ledger.handover.marks import MARKS, mark
from workbench.model.problems import Problem, Severity, worst
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

_REQUIRED = ("delivery", "voucher", "status")
_STATUSES = {"booked": True, "refused": False}

_HELD = """
SELECT DISTINCT h.handover_id, d.document_no, v.voucher_id, v.document_no
FROM voucher AS v JOIN posting AS p USING (voucher_id)
JOIN handover_posting AS h USING (posting_id) JOIN handover AS d USING (handover_id)
WHERE v.document_no IN (SELECT value FROM json_each(?))
"""

#: The bytes of another kind of file were read as such, not as a receipt.
_READ_BEFORE = """
SELECT EXISTS (SELECT 1 FROM source_file WHERE sha256 = ? AND format = 'handover_receipt')
"""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What came of a receipt.

    Attributes:
        outcome: `read_before` changes nothing, as `refused` and `dry_run` do not.
        booked: How many deliveries and vouchers it says are booked.
        refused: The numbers of those that the ERP refused; they stay handed over.
    """

    name: str
    outcome: Literal["accepted", "refused", "read_before", "dry_run"]
    booked: int
    refused: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row that could be read, and the physical line on which it ends."""

    line: int
    delivery: str
    voucher: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says of a thing that we know."""

    handover_id: int
    voucher_id: int | None
    number: str
    booked: bool
    words: str


def read_receipt(workspace: Workspace, path: Path, *, dry_run: bool = False) -> Receipt:
    """Take a receipt of the ERP: all of it, or with a problem nothing.

    Args:
        workspace: The company.
        path: The file.
        dry_run: Whether nothing is recorded.

    Raises:
        OSError: The file cannot be read.
    """
    content = path.read_bytes()
    name, sha256 = path.name, archive.digest(content)
    rows, problems = _rows(content, name)
    with workspace.read() as reader:
        if reader.value(_READ_BEFORE, [sha256]):
            return Receipt(name, "read_before", 0, (), ())
        said, wrong = _judged(reader, rows, name)
        seen = reader.seq
    problems += wrong
    booked = sum(one.booked for one in said)
    refused = tuple(one.number for one in said if not one.booked)
    if worst(problems) in {Severity.FATAL, Severity.ERROR}:
        return Receipt(name, "refused", booked, refused, tuple(problems))
    if dry_run:
        return Receipt(name, "dry_run", booked, refused, tuple(problems))
    archive.keep(workspace, content)
    with workspace.transaction(
        "handover_receipt", role="post", as_seen=seen, file=name, sha256=sha256
    ) as transaction:
        file_id = _file_id(transaction, sha256)
        if file_id is None:
            file_id = _add_file(transaction, content, name=name, sha256=sha256)
        _mark(transaction, said, file_id=file_id)
    return Receipt(name, "accepted", booked, refused, tuple(problems))


def _rows(content: bytes, name: str) -> tuple[list[_Row], list[Problem]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        line = content[: cause.start].count(b"\n") + 1
        return [], [Problem("handover_receipt_encoding", source=name, line=line)]
    heading = text.partition("\n")[0]
    delimiter = ";" if ";" in heading else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return _cells(reader, name)
    except csv.Error as cause:
        params = {"fault": str(cause)}
        return [], [Problem("handover_receipt_row", params, name, reader.line_num)]


def _cells(reader: Iterator[list[str]], name: str) -> tuple[list[_Row], list[Problem]]:
    headings = [cell.strip().lower() for cell in next(reader, [])]
    missing = [wanted for wanted in _REQUIRED if wanted not in headings]
    if missing:
        params = {"expected": ", ".join(missing)}
        return [], [Problem("handover_receipt_heading", params, name, 1)]
    rows, problems = [], []
    for cells in reader:
        line = getattr(reader, "line_num", 0)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            params = {"fault": f"{len(cells)} / {len(headings)}"}
            problems.append(Problem("handover_receipt_row", params, name, line))
            continue
        row = dict(zip(headings, (cell.strip() for cell in cells), strict=True))
        words = " · ".join(row[each] for each in ("erp_document", "reason") if row.get(each))
        rows.append(_Row(line, row["delivery"], row["voucher"], row["status"].lower(), words))
    return rows, problems


def _judged(
    reader: Reader, rows: Sequence[_Row], name: str
) -> tuple[list[_Said], list[Problem]]:
    deliveries = dict(reader.rows("SELECT document_no, handover_id FROM handover"))
    wanted = json.dumps(sorted({row.voucher for row in rows if row.voucher}))
    vouchers = {
        number: (handover_id, delivery, voucher_id)
        for handover_id, delivery, voucher_id, number in reader.rows(_HELD, [wanted])
    }
    said: dict[tuple[int, int | None], _Said] = {}
    problems = []
    for row in rows:
        found = _found(row, deliveries, vouchers)
        if isinstance(found, Problem):
            problems.append(_at(found, name, row.line))
            continue
        earlier = said.setdefault((found.handover_id, found.voucher_id), found)
        if earlier.booked != found.booked:
            problem = Problem("handover_receipt_disagrees", {"number": found.number})
            problems.append(_at(problem, name, row.line))
    return list(said.values()), problems


def _found(
    row: _Row, deliveries: dict[str, int], vouchers: dict[str, tuple[int, str, int]]
) -> _Said | Problem:
    if row.status not in _STATUSES:
        expected = ", ".join(_STATUSES)
        return Problem("handover_receipt_status", {"found": row.status, "expected": expected})
    booked = _STATUSES[row.status]
    if not row.voucher:
        if row.delivery not in deliveries:
            return Problem("handover_receipt_unknown", {"number": row.delivery})
        return _Said(deliveries[row.delivery], None, row.delivery, booked, row.words)
    handover_id, delivery, voucher_id = vouchers.get(row.voucher, (0, "", 0))
    if not handover_id or row.delivery not in {"", delivery}:
        number = f"{row.delivery} {row.voucher}".strip()
        return Problem("handover_receipt_unknown", {"number": number})
    return _Said(handover_id, voucher_id, row.voucher, booked, row.words)


def _at(problem: Problem, source: str, line: int) -> Problem:
    return Problem(problem.code, problem.params, source, line)


def _mark(transaction: Transaction, said: Sequence[_Said], *, file_id: int) -> None:
    """Mark what it says; whole deliveries first, so that a word on a voucher counts more."""
    alike: dict[tuple[bool, bool, str], list[tuple[int, int | None, None]]] = {}
    for one in said:
        key = (one.voucher_id is not None, one.booked, one.words)
        alike.setdefault(key, []).append((one.handover_id, one.voucher_id, None))
    for (_, booked, words), rows in sorted(alike.items()):
        things = pl.DataFrame(rows, schema=MARKS, orient="row")
        mark(transaction, things, how="receipt", booked=booked, reason=words, file_id=file_id)


def _file_id(reader: Reader, sha256: str) -> int | None:
    found = reader.value("SELECT file_id FROM source_file WHERE sha256 = ?", [sha256])
    return None if found is None else int(found)


def _add_file(transaction: Transaction, content: bytes, *, name: str, sha256: str) -> int:
    file_id = transaction.draw_ids(1)
    row = {
        "file_id": file_id,
        "sha256": sha256,
        "name": name,
        "bytes": len(content),
        "lines": content.count(b"\n"),
        "format": "handover_receipt",
        "direction": "in",
    }
    transaction.append("source_file", pl.DataFrame([row]))
    return file_id
