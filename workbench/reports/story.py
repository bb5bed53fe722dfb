"""The story of a number: from the ERP's row to the file, the posting and the person.

Every sentence says when it was recorded, who did it, and in which row it can be found. The
sentences stand in the order in which the workbench learnt of them; what stands now comes
last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.reports.story_claims import tell_entries
from workbench.reports.story_collections import tell_delivery, tell_lines
from workbench.reports.story_files import tell_customer, tell_file, tell_imports
from workbench.reports.story_payments import tell_payments
from workbench.reports.story_postings import (
    tell_handover,
    tell_postings,
    tell_settlements,
    tell_voucher,
)
from workbench.reports.story_subjects import Subject, find
from workbench.reports.story_teller import Sentence, Teller, as_list
from workbench.store.connection import Reader

#: The payments of a voucher are told one by one up to so many; else the voucher alone.
_PAYMENTS_MOST = 20

#: A customer's latest entries and collections up to so many.
_ROWS_MOST = 500

_DELIVERIES = "SELECT delivery_id FROM delivery WHERE file_id = ?"
_LINES_OF_ENTRIES = """
SELECT DISTINCT collection_line_id FROM json_each(?) AS wanted
JOIN collection_line_entry ON entry_id = wanted.value
"""
_ENTRIES_OF_LINES = """
SELECT DISTINCT entry_id FROM collection_line_entry
WHERE collection_line_id IN (SELECT value FROM json_each(?))
"""
_PAYMENTS_OF_LINES = """
SELECT DISTINCT payment_line_id FROM line_outcome
WHERE collection_line_id IN (SELECT value FROM json_each(?))
"""
_PAYMENTS_OF_ENTRIES = """
SELECT payment_line_id FROM entry
WHERE entry_id IN (SELECT value FROM json_each(?1)) AND payment_line_id IS NOT NULL
UNION SELECT payment_line_id FROM application
WHERE from_entry_id IN (SELECT value FROM json_each(?1)) AND payment_line_id IS NOT NULL
UNION SELECT payment_line_id FROM application
WHERE to_entry_id IN (SELECT value FROM json_each(?1)) AND payment_line_id IS NOT NULL
"""
_TWINS = """
SELECT payment_line_id FROM line_outcome
WHERE reverses_payment_line_id IN (SELECT value FROM json_each(?1))
UNION SELECT reverses_payment_line_id FROM line_outcome
WHERE payment_line_id IN (SELECT value FROM json_each(?1))
  AND reverses_payment_line_id IS NOT NULL
"""
_LINES_OF_PAYMENTS = """
SELECT DISTINCT collection_line_id FROM line_outcome
WHERE payment_line_id IN (SELECT value FROM json_each(?)) AND collection_line_id IS NOT NULL
"""
_PAID_BY = """
SELECT paid_payment_line_id FROM collection_line
WHERE collection_line_id IN (SELECT value FROM json_each(?))
  AND paid_payment_line_id IS NOT NULL
"""
_ENTRIES_OF_PAYMENTS = """
SELECT entry_id FROM entry WHERE payment_line_id IN (SELECT value FROM json_each(?))
"""
_PAYMENTS_OF_VOUCHER = """
SELECT DISTINCT payment_line_id FROM posting
WHERE voucher_id = ? AND payment_line_id IS NOT NULL LIMIT ?
"""
_OF_CUSTOMER = {
    "entries": "SELECT entry_id FROM entry WHERE customer_id = ? "
    "ORDER BY due_date DESC LIMIT ?",
    "lines": "SELECT collection_line_id FROM collection_line WHERE customer_id = ? "
    "ORDER BY due_date DESC LIMIT ?",
}
_FILES = """
SELECT DISTINCT file_id FROM entry
WHERE entry_id IN (SELECT value FROM json_each(?)) AND file_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Story:
    """What became of one thing.

    Attributes:
        subject: What it is.
        sentences: What happened, in the order in which it was recorded.
    """

    subject: Subject
    sentences: tuple[Sentence, ...]


@dataclass(slots=True)
class _Scope:
    """The rows that a story is about."""

    entries: set[int] = field(default_factory=set)
    lines: set[int] = field(default_factory=set)
    payments: set[int] = field(default_factory=set)


def story(reader: Reader, number: str, *, language: str = "en") -> Story:
    """The story of a number.

    Args:
        reader: The view to ask.
        number: A document number, a number of the ERP's, our reference, a bank reference, a
            delivery, a customer, a hand-over, a file; or `kind#id`, or `kind:number`.
        language: The reader's.

    Raises:
        UnknownNumberError: Nothing has it.
        AmbiguousNumberError: Several things have it; they are named.
    """
    teller = Teller(reader, language=language)
    subject = find(teller, number)
    scope = _scope(reader, subject)
    _tell_scope(teller, scope, subject)
    if subject.kind == "voucher":
        tell_voucher(teller, subject.row_id)
    elif subject.kind == "delivery":
        tell_delivery(teller, subject.row_id)
    elif subject.kind == "handover":
        tell_handover(teller, subject.row_id)
    elif subject.kind == "file":
        tell_file(teller, subject.row_id)
        for (delivery_id,) in reader.rows(_DELIVERIES, [subject.row_id]):
            tell_delivery(teller, delivery_id)
    elif subject.kind == "customer":
        tell_customer(teller, subject.row_id)
    return Story(subject, teller.sentences())


def _scope(reader: Reader, subject: Subject) -> _Scope:
    row_id = subject.row_id
    if subject.kind == "entry":
        return _around_entries(reader, {row_id})
    if subject.kind == "line":
        entries = _ids(reader, _ENTRIES_OF_LINES, {row_id})
        payments = _with_twins(reader, _ids(reader, _PAYMENTS_OF_LINES, {row_id}))
        return _Scope(entries, {row_id}, payments)
    if subject.kind == "payment":
        return _around_payments(reader, {row_id})
    if subject.kind == "voucher":
        rows = reader.rows(_PAYMENTS_OF_VOUCHER, [row_id, _PAYMENTS_MOST + 1])
        few = len(rows) <= _PAYMENTS_MOST
        return _around_payments(reader, {row[0] for row in rows}) if few else _Scope()
    if subject.kind == "customer":
        scope = _around_entries(reader, _of_customer(reader, "entries", row_id))
        lines = _of_customer(reader, "lines", row_id)
        scope.lines |= lines
        scope.payments |= _with_twins(reader, _ids(reader, _PAYMENTS_OF_LINES, lines))
        return scope
    return _Scope()


def _around_entries(reader: Reader, entries: set[int]) -> _Scope:
    lines = _ids(reader, _LINES_OF_ENTRIES, entries)
    payments = _ids(reader, _PAYMENTS_OF_LINES, lines)
    payments |= _ids(reader, _PAYMENTS_OF_ENTRIES, entries)
    return _Scope(entries, lines, _with_twins(reader, payments))


def _around_payments(reader: Reader, payments: set[int]) -> _Scope:
    lines = _ids(reader, _LINES_OF_PAYMENTS, payments)
    payments = _with_twins(reader, payments | _ids(reader, _PAID_BY, lines))
    entries = _ids(reader, _ENTRIES_OF_LINES, lines)
    return _Scope(entries | _ids(reader, _ENTRIES_OF_PAYMENTS, payments), lines, payments)


def _of_customer(reader: Reader, what: str, customer_id: int) -> set[int]:
    return {row[0] for row in reader.rows(_OF_CUSTOMER[what], [customer_id, _ROWS_MOST])}


def _with_twins(reader: Reader, payments: set[int]) -> set[int]:
    """Payments with what takes them back, and what they take back."""
    return payments | _ids(reader, _TWINS, payments)


def _ids(reader: Reader, question: str, ids: Iterable[int]) -> set[int]:
    return {row[0] for row in reader.rows(question, [as_list(ids)])}


def _tell_scope(teller: Teller, scope: _Scope, subject: Subject) -> None:
    own = subject.kind in {"entry", "customer"}
    tell_entries(teller, scope.entries, own=own)
    files = _ids(teller.reader, _FILES, scope.entries)
    tell_imports(teller, sorted(files))
    tell_lines(teller, scope.lines)
    tell_payments(teller, scope.payments)
    tell_postings(teller, scope.payments)
    tell_settlements(teller, scope.entries)
