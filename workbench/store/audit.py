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
from typing import TYPE_CHECKING, Any

import polars as pl

from workbench.store.connection import has_table

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
    "total_adjustment": "adjustment_id",
    "erp_mapping": "mapping_id",
    "erp_import": "import_id",
    "erp_import_undo": "import_id",
    "entry_withdrawal": "entry_id",
    "erp_entry_link": "erp_entry_no, entry_id",
    "erp_difference": "difference_id",
    "erp_difference_end": "difference_id",
    "handover": "handover_id",
    "handover_file": "handover_id, role",
    "handover_total": "handover_id, currency",
    "handover_posting": "posting_id",
    "handover_application": "application_id",
    "handover_mark": "mark_id",
    "refund": "refund_id",
    "handover_refund": "refund_id",
    "refund_withdrawal": "refund_id",
    "tolerance": "tolerance_id",
    "period_event": "event_id",
    "role_event": "event_id",
    "disclosure": "disclosure_id",
    "retention": "retention_id",
    "archive_removal": "sha256",
    "take_on": "take_on_id",
}

#: The table of what people edited, row by row.
_EDITS = "audit_row"

#: The digest of no rows.
_NO_ROWS = (0, hashlib.sha256().hexdigest())

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
            digest.update(_csv(piece))
        count += frame.height
    return count, digest.hexdigest()


def _csv(frame: pl.DataFrame) -> bytes:
    return frame.write_csv(include_header=False).encode()


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


def check(reader: Reader, *, against: str | None = None, rows: bool = True) -> ChainState:
    """Recompute the whole chain and the digests of all rows that it vouches for.

    Args:
        reader: The view to check.
        against: A head noted earlier, `seq:hash`; that event must still be the same.
        rows: Whether every row is read again; without, only the chain of events is checked.
    """
    events = reader.records("SELECT * FROM audit_event ORDER BY seq")
    faults = list(_chain_faults(events))
    if rows:
        faults += _row_faults(reader, events)
    if against is not None and not _contains(events, against):
        faults.append(f"the log does not contain {against}")
    return ChainState(len(events), head(reader), tuple(faults))


def _chain_faults(events: list[dict[str, Any]]) -> Iterator[str]:
    previous = GENESIS
    for expected_seq, event in enumerate(events, start=1):
        if event["seq"] != expected_seq:
            yield f"event {expected_seq} is missing"
            return
        if event["previous_hash"] != previous or event_hash(event) != event["hash"]:
            yield f"event {expected_seq} was changed"
        previous = event["hash"]


def _contains(events: list[dict[str, Any]], noted: str) -> bool:
    seq, _, digest = noted.strip().partition(":")
    return any(str(e["seq"]) == seq and e["hash"] == digest for e in events)


#: What an event says of the rows that it added to a table: how many, and their digest.
_Noted = tuple[int, str]


def _row_faults(reader: Reader, events: list[dict[str, Any]]) -> Iterator[str]:
    vouched = dict.fromkeys([*VOUCHED, _EDITS], 0)
    for (table, columns), noted in _noted(events).items():
        if not has_table(reader, table):
            yield f"the table {table} is gone"
            continue
        found = dict(_digests(reader, table, columns))
        for seq, said in noted.items():
            vouched[table] += said[0]
            if found.get(seq, _NO_ROWS) != said:
                yield f"rows of {table} recorded by event {seq} were changed"
    for table, count in vouched.items():
        if not has_table(reader, table):  # an older schema
            continue
        if reader.value(f"SELECT count(*) FROM {table}") != count:  # noqa: S608  # our names
            yield f"{table} has rows that no event vouches for, or lacks some"


def _noted(
    events: list[dict[str, Any]],
) -> dict[tuple[str, tuple[str, ...]], dict[int, _Noted]]:
    """By table and columns: what each event noted."""
    noted: dict[tuple[str, tuple[str, ...]], dict[int, _Noted]] = {}
    for event in events:
        for table, said in json.loads(event["digests"]).items():
            by_seq = noted.setdefault((table, tuple(said["columns"])), {})
            by_seq[event["seq"]] = (said["rows"], said["sha256"])
    return noted


def _digests(
    reader: Reader, table: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, _Noted]]:
    """The digest of the rows of every event, in one walk through the table."""
    mark = "seq" if table == _EDITS else "recorded"
    order = "number" if table == _EDITS else VOUCHED[table]
    question = (
        f"SELECT {mark} AS _event, {', '.join(columns)} FROM {table} "  # noqa: S608  # our names
        f"ORDER BY {mark}, {order}"
    )
    current, count, digest = 0, 0, hashlib.sha256()
    for rows in reader.pieces(question, size=_CHUNK):
        frame = pl.DataFrame(
            rows, schema=["_event", *columns], orient="row", infer_schema_length=None
        )
        for part in frame.partition_by("_event", maintain_order=True):
            if part["_event"][0] != current:
                if count:
                    yield current, (count, digest.hexdigest())
                current, count, digest = part["_event"][0], 0, hashlib.sha256()
            count += part.height
            digest.update(_csv(part.drop("_event")))
    if count:
        yield current, (count, digest.hexdigest())
