"""The center's books: JSON-lines in a folder, written by the center alone.

`deliveries.jsonl`, one line per delivery that was fetched:
    delivery (the center's count from 1), name, sha256, as_of, supplier_no, subsystem,
    delivery_id, verdict, assigned_id, records, sections, text_count, count, amount_minor,
    seed, mix, releases (the days on which something is told of it), truth_bytes and
    planned_bytes (where its lines stand in the next two files: [from, to]).

`truth.jsonl`, one line per accepted collection, and per payment of an unknown customer:
    delivery, line (physical, in the delivery; null for an unknown customer), section_kind,
    creditor_no, debtor_group, customer_no, agreement_no, reference, due_date, amount_minor,
    class.

`planned.jsonl`, one line per payment record that the center tells on its day:
    delivery, line, class, truth (what the payment is in truth), released_on (its day), and
    the record: section_kind, kind, code, creditor_no, debtor_group, customer_no,
    agreement_no, reference, due_date, payment_date, booking_date, amount_minor,
    amount_paid_minor (cash), fee_minor, bank_reference.

`answers.jsonl`, one line per file that the center sends, written before anybody sees it:
    name, sha256, as_of, kind (received, validated, payments), delivery_id (the center's
    number; null for a receipt), deliveries (whose answer it is), and of payments:
    released_on, count, amount_paid_minor, kinds and truths ({name: {count, amount_minor,
    paid_minor}}), lumps ([{creditor_no, section_kind, booking_date, amount_minor}]: what the
    bank books in one sum).

`marks.jsonl`, what is finished: {"fetched": delivery} when its file left the outbox,
    {"placed": name} when an answer stands in the inbox.

`fetched/` and `sent/` keep the bytes of every file, by digest and by name.
Dates are ISO 8601, amounts are minor units of DKK.
"""

from __future__ import annotations

import hashlib
import io
import os
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.practice import json_lines

_PLACE = {"delivery": pl.Int64, "line": pl.Int64}
_CLAIM = {
    "section_kind": pl.String,
    "creditor_no": pl.String,
    "debtor_group": pl.String,
    "customer_no": pl.String,
    "agreement_no": pl.String,
    "reference": pl.String,
    "due_date": pl.Date,
    "amount_minor": pl.Int64,
    "class": pl.String,
}

#: The lines of `truth.jsonl`.
TRUTH = pl.Schema({**_PLACE, **_CLAIM})

#: The lines of `planned.jsonl`.
PLANNED = pl.Schema(
    {
        **_PLACE,
        **_CLAIM,
        "truth": pl.String,
        "released_on": pl.Date,
        "kind": pl.String,
        "code": pl.String,
        "payment_date": pl.Date,
        "booking_date": pl.Date,
        "amount_paid_minor": pl.Int64,
        "currency": pl.String,
        "fee_minor": pl.Int64,
        "bank_reference": pl.String,
    }
)

Row = dict[str, object]

_FIRST_NUMBER = 1_000_000_001


@dataclass(frozen=True, slots=True)
class Books:
    """The files of the books, and what is asked of them at every step."""

    folder: Path

    @property
    def deliveries(self) -> Path:
        """The deliveries that were fetched."""
        return self.folder / "deliveries.jsonl"

    @property
    def truth(self) -> Path:
        """What becomes of each collection."""
        return self.folder / "truth.jsonl"

    @property
    def planned(self) -> Path:
        """The payment records that are told of them, each on its day."""
        return self.folder / "planned.jsonl"

    @property
    def answers(self) -> Path:
        """The files that the center sends."""
        return self.folder / "answers.jsonl"

    @property
    def marks(self) -> Path:
        """What is finished."""
        return self.folder / "marks.jsonl"

    def open(self) -> None:
        """Make the books, and remove what was being written when the machine stopped."""
        for name in ("fetched", "sent"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for path in (self.deliveries, self.answers, self.marks):
            json_lines.cut_torn(path)
        rows = self.delivery_rows()
        for path in (self.truth, self.planned):
            json_lines.cut(path, length=max((_span(path, row)[1] for row in rows), default=0))

    def lines_of(self, row: Row, path: Path, schema: pl.Schema) -> pl.DataFrame:
        """The lines of one delivery in `truth.jsonl` or `planned.jsonl`."""
        start, end = _span(path, row)
        if start == end:
            return pl.DataFrame(schema=schema)
        with path.open("rb") as source:
            source.seek(start)
            content = source.read(end - start)
        return pl.read_ndjson(io.BytesIO(content), schema=schema)

    def delivery_rows(self) -> list[Row]:
        """The lines of `deliveries.jsonl`."""
        return json_lines.rows(self.deliveries)

    def answer_rows(self) -> list[Row]:
        """The lines of `answers.jsonl`."""
        return json_lines.rows(self.answers)

    def marked(self, mark: str) -> set[object]:
        """What is finished in the sense of a mark."""
        return {row[mark] for row in json_lines.rows(self.marks) if mark in row}

    def mark(self, mark: str, what: object) -> None:
        """Note that something is finished."""
        json_lines.append_row(self.marks, {mark: what})

    def next_number(self) -> str:
        """The next delivery number that the center assigns, of 10 digits, rising."""
        used = [row["assigned_id"] for row in self.delivery_rows()]
        used += [row["delivery_id"] for row in self.answer_rows()]
        numbers = [int(str(number)) for number in used if number is not None]
        return f"{max(numbers, default=_FIRST_NUMBER - 1) + 1:010d}"

    def keep(self, kind: str, name: str, content: bytes) -> None:
        """Keep the bytes of a file that was fetched or is sent."""
        path = self.folder / kind / name
        unfinished = path.with_name(f".{name}.part")
        with unfinished.open("wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        unfinished.replace(path)


def _span(path: Path, row: Row) -> tuple[int, int]:
    span = row[f"{path.stem}_bytes"]
    assert isinstance(span, list)
    start, end = span
    return int(start), int(end)


def digest(content: bytes) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
