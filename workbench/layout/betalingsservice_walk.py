"""Walking a Betalingsservice file: which line is what, and which section holds it.

Only the few envelope records are looked at one by one; payment, address and text records
are ranges of lines between them.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

from workbench.layout.betalingsservice_records import DeliveryEnd, DeliveryStart, SectionEnd
from workbench.layout.fields import Field
from workbench.layout.lines import Lines, sha256, split
from workbench.layout.records import FixedRecord
from workbench.model.problems import Problem

#: The length of a record; lines may be shorter, because trailing blanks are stripped.
WIDTH = 128


class Tag(IntEnum):
    """What a line is, by its first five characters."""

    UNKNOWN = 0
    #: Blank lines, end-of-file marks and the transport's wrapper lines (PBCNET...).
    SKIPPED = 1
    DELIVERY_START = 2
    SECTION_START = 12
    ADDRESS = 22
    PAYMENT = 42
    TEXT = 52
    SEPARATE_TEXT = 62
    SECTION_END = 92
    DELIVERY_END = 99


_TAGS = {
    b"BS002": Tag.DELIVERY_START,
    b"BS012": Tag.SECTION_START,
    b"BS022": Tag.ADDRESS,
    b"BS042": Tag.PAYMENT,
    b"BS052": Tag.TEXT,
    b"BS062": Tag.SEPARATE_TEXT,
    b"BS092": Tag.SECTION_END,
    b"BS992": Tag.DELIVERY_END,
}
_BULK = (Tag.ADDRESS, Tag.PAYMENT, Tag.TEXT, Tag.SEPARATE_TEXT)
#: What a line of nothing may hold: blanks, form feeds, end-of-file marks.
NOTHING = b" \t\x00\x0c\x1a\r"
#: The first lines of receipts; they look like the transport's lines.
RECEIPTS = (b"PBCNET40", b"PBCNET41")


@dataclass(slots=True)
class Span:
    """The lines of one section: `start` and `stop` are line indexes, its ends inside."""

    index: int
    start: int
    creditor_no: str
    kind: str
    debtor_group: str | None
    stop: int = 0
    #: The values of its BS092; None when it has none.
    end: dict[str, object] | None = None


@dataclass(slots=True)
class Walk:
    """A file's structure.

    Attributes:
        digest: The SHA-256 of the file; it is computed beside the reading.
        tags: What each line is.
        sections: The section that each line belongs to, counted from 1; 0 for none.
        start: The values of BS002.
        end: The values of BS992; None when the file is truncated.
        end_line: The index of its line.
        problems: What is wrong with the structure.
    """

    name: str
    digest: Future[str]
    lines: Lines
    tags: npt.NDArray[np.uint8]
    sections: npt.NDArray[np.int32]
    start: dict[str, object] = field(default_factory=dict)
    end: dict[str, object] | None = None
    end_line: int | None = None
    spans: list[Span] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def report(self, code: str, index: int, /, *, column: int = 1, **params: str | int) -> None:
        """Note a problem of one line, which is given by its index."""
        self.problems.append(
            Problem(
                code,
                params,
                source=self.name,
                line=index + 1,
                column=column,
                excerpt=self.lines.text(index),
            )
        )

    def record(self, record: type[FixedRecord], index: int) -> dict[str, object]:
        """One line read by its declaration; its faults are noted."""
        where = np.array([index])
        matrix = self.lines.rows(where, width=WIDTH)
        columns = record.read(matrix)
        self.problems += record.problems(
            matrix, columns.faults, lines=where + 1, source=self.name
        )
        return columns.first()


def walk(
    content: bytes,
    *,
    name: str,
    section_start: type[FixedRecord],
    section_end: type[FixedRecord],
) -> Walk:
    """The structure of a delivery, read with the section records of its format."""
    pool = ThreadPoolExecutor(1)
    digest = pool.submit(sha256, content)
    pool.shutdown(wait=False)
    lines = split(content)
    found = Walk(name, digest, lines, _tags(lines), np.zeros(len(lines), np.int32))
    _check_receipts(found)
    _follow(found, section_start, section_end)
    for span in found.spans:
        found.sections[span.start : span.stop] = span.index
    _check_bulk(found)
    return found


def _tags(lines: Lines) -> npt.NDArray[np.uint8]:
    heads = lines.heads() & np.uint64(0xFFFFFFFFFF)
    tags = np.full(len(lines), Tag.UNKNOWN, np.uint8)
    for text, tag in _TAGS.items():
        tags[heads == np.uint64(int.from_bytes(text, "little"))] = tag
    for index in np.flatnonzero(tags == Tag.UNKNOWN):
        raw = lines.raw(int(index)).strip(NOTHING)
        if not raw or raw.startswith(b"PBCNET"):
            tags[index] = Tag.SKIPPED
    return tags


def _check_receipts(found: Walk) -> None:
    """A receipt among the transport's lines is passed over, but not silently."""
    for at in np.flatnonzero(found.tags == Tag.SKIPPED).tolist():
        if found.lines.raw(at).startswith(RECEIPTS):
            found.report("receipt_in_delivery", at)


def _follow(
    found: Walk, section_start: type[FixedRecord], section_end: type[FixedRecord]
) -> None:
    """Go from envelope record to envelope record."""
    events = np.flatnonzero(~np.isin(found.tags, (*_BULK, Tag.SKIPPED)))
    span: Span | None = None
    for at in events.tolist():
        tag = found.tags[at]
        if tag == Tag.DELIVERY_START and found.start:
            found.report("two_deliveries", at, first=str(found.start["delivery_id"] or ""))
            found.tags[at:] = Tag.SKIPPED
            break
        if found.end_line is not None:
            continue
        if tag == Tag.DELIVERY_START:
            found.start = found.record(DeliveryStart, at)
        elif tag == Tag.UNKNOWN:
            found.report("unknown_record", at, record=found.lines.text(at)[:5])
        elif tag == Tag.SECTION_END and span is not None:
            _leave(found, span, found.record(section_end, at), at)
            span = None
        elif tag == Tag.SECTION_END:
            found.report("record_outside_section", at, record="092")
        else:
            _abandon(found, span, at)
            span = _enter(found, section_start, at) if tag == Tag.SECTION_START else None
            if tag == Tag.DELIVERY_END:
                _finish(found, at)
    _abandon(found, span, len(found.lines))
    _check_end(found)


def _enter(found: Walk, section_start: type[FixedRecord], at: int) -> Span:
    values = found.record(section_start, at)
    span = Span(
        index=len(found.spans) + 1,
        start=at,
        creditor_no=str(values["creditor_no"] or ""),
        kind=str(values["section_no"] or ""),
        debtor_group=_text(values["debtor_group"]),
    )
    found.spans.append(span)
    return span


def _leave(found: Walk, span: Span, end: dict[str, object], at: int) -> None:
    span.end, span.stop = end, at + 1
    for name, declared in (("creditor_no", span.creditor_no), ("section_no", span.kind)):
        field_ = SectionEnd.fields[name]
        _compare(found, "section_end_disagrees", at, field_, end[name], declared)


def _abandon(found: Walk, span: Span | None, at: int) -> None:
    """Close a section that has no end record."""
    if span is not None:
        span.stop = at
        found.report("section_without_end", span.start, section=span.kind)


def _finish(found: Walk, at: int) -> None:
    found.end_line = at
    if found.lines.lengths[at] < DeliveryEnd.fields["amount_minor"].last:
        return  # cut off within its totals
    found.end = found.record(DeliveryEnd, at)
    for name in ("supplier_no", "subsystem", "delivery_type"):
        field_ = DeliveryEnd.fields[name]
        _compare(found, "end_disagrees", at, field_, found.end[name], found.start[name])


def _compare(
    found: Walk, code: str, at: int, field_: Field, value: object, expected: object
) -> None:
    if (value or "") != (expected or ""):
        words = {"field": field_.label, "found": str(value or "")}
        found.report(code, at, column=field_.first, **words, expected=str(expected or ""))


def _check_end(found: Walk) -> None:
    """A delivery has an end record, and nothing behind it."""
    two = any(problem.code == "two_deliveries" for problem in found.problems)
    if found.end is None and not two:
        last = np.flatnonzero(found.tags != Tag.SKIPPED)[-1]
        found.report("truncated", int(last))
    if found.end_line is not None:
        behind = np.flatnonzero(found.tags[found.end_line + 1 :] != Tag.SKIPPED)
        if len(behind):
            first = found.end_line + 1 + int(behind[0])
            found.report("records_after_end", first, count=len(behind))


def _check_bulk(found: Walk) -> None:
    """Payment, address and text records that no section holds; lines that are too long."""
    stop = len(found.lines) if found.end_line is None else found.end_line
    outside = np.isin(found.tags[:stop], _BULK) & (found.sections[:stop] == 0)
    for at in np.flatnonzero(outside).tolist():
        found.report("record_outside_section", at, record=found.lines.text(at)[2:5])
    long = (found.lines.lengths > WIDTH) & (found.tags != Tag.SKIPPED)
    for at in np.flatnonzero(long).tolist():
        if found.lines.raw(at)[WIDTH:].strip(NOTHING):
            found.report("line_too_long", at, length=int(found.lines.lengths[at]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
