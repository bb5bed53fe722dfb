"""The audit log: one event per step, hash-chained.

Each write transaction leaves one event with the digests of the rows that it added; what a
person edits leaves row events as well. The chain has no key: it detects accidents and naive
edits. Keep the head elsewhere (every report prints it) to detect a rewritten chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from workbench.store.connection import Reader

#: Tables whose rows are never changed, with their primary keys: the events vouch for them.
VOUCHED = {
    "source_file": "file_id",
    "file_attempt": "attempt_id",
    "problem_acceptance": "acceptance_id",
    "voucher": "voucher_id",
    "posting": "posting_id",
    "application": "application_id",
    "payment_line": "payment_line_id",
    "line_outcome": "outcome_id",
    "posting_permission": "permission_id",
    "line_posting": "payment_line_id, kind",
    "collection_register": "register_id",
}

#: What stands before the first event.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class ChainState:
    """What a check of the audit log found."""

    events: int
    head: str
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every event, and every row that it vouches for, is as it was written."""
        return not self.faults


#: Rows that are looked at together.
_CHUNK = 100_000


def rows_digest(frames: Iterable[pl.DataFrame]) -> tuple[int, str]:
    """How many rows, and the SHA-256 of them as CSV in their order.

    Args:
        frames: Rows of whole numbers and text, in pieces of any size.
    """
    count, digest = 0, hashlib.sha256()
    for frame in frames:
        for piece in frame.iter_slices(_CHUNK):
            digest.update(piece.write_csv(include_header=False).encode())
        count += frame.height
    return count, digest.hexdigest()


def event_hash(event: dict[str, object]) -> str:
    """SHA-256 of an event's canonical JSON, without its own hash."""
    content = {key: value for key, value in event.items() if key != "hash"}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def keyed_digest(values: dict[str, object], *, key: str) -> str:
    """A digest that tells nothing about short values to whoever lacks the key."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=False, default=str)
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def head(reader: Reader) -> str:
    """The audit head as reports print it: `seq:hash`."""
    row = reader.rows("SELECT seq, hash FROM audit_event ORDER BY seq DESC LIMIT 1")
    return f"{row[0][0]}:{row[0][1]}" if row else f"0:{GENESIS}"


def check(reader: Reader, *, against: str | None = None) -> ChainState:
    """Recompute the whole chain and the digests of all rows that it vouches for.

    Args:
        against: A head noted earlier, `seq:hash`; that event must still be the same.
    """
    faults: list[str] = []
    events = reader.records("SELECT * FROM audit_event ORDER BY seq")
    vouched: dict[str, int] = dict.fromkeys(VOUCHED, 0)
    previous = GENESIS
    for expected_seq, event in enumerate(events, start=1):
        if event["seq"] != expected_seq:
            faults.append(f"event {expected_seq} is missing")
            break
        if event["previous_hash"] != previous or event_hash(event) != event["hash"]:
            faults.append(f"event {expected_seq} was changed")
        previous = str(event["hash"])
        faults += _rows_changed(reader, event, vouched)
    for table, count in vouched.items():
        if reader.value(f"SELECT count(*) FROM {table}") != count:  # noqa: S608  # our names
            faults.append(f"{table} has rows that no event vouches for")
    found = head(reader)
    if against is not None and not _contains(events, against):
        faults.append(f"the log does not contain {against}")
    return ChainState(len(events), found, tuple(faults))


def _contains(events: list[dict[str, object]], noted: str) -> bool:
    seq, _, digest = noted.strip().partition(":")
    return any(str(e["seq"]) == seq and e["hash"] == digest for e in events)


def _rows_changed(
    reader: Reader, event: dict[str, object], vouched: dict[str, int]
) -> list[str]:
    faults = []
    for table, noted in json.loads(str(event["digests"])).items():
        pieces = _read_back(reader, table, seq=event["seq"], columns=noted["columns"])
        count, digest = rows_digest(pieces)
        if table in vouched:
            vouched[table] += count
        if count != noted["rows"] or digest != noted["sha256"]:
            faults.append(f"rows of {table} recorded by event {event['seq']} were changed")
    return faults


def _read_back(
    reader: Reader, table: str, *, seq: object, columns: list[str]
) -> Iterator[pl.DataFrame]:
    order, mark = ("number", "seq") if table == "audit_row" else (VOUCHED[table], "recorded")
    question = (
        f"SELECT {', '.join(columns)} FROM {table} "  # noqa: S608  # our own names
        f"WHERE {mark} = ? ORDER BY {order}"
    )
    for rows in reader.pieces(question, [seq], size=_CHUNK):
        yield pl.DataFrame(rows, schema=columns, orient="row", infer_schema_length=None)
