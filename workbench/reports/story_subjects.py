"""What a number may be: an entry, a collection, a payment, a voucher, and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from workbench.references import betalingsservice_customer
from workbench.reports.story_teller import Teller, masked
from workbench.reports.story_words import FORMATS, SUBJECTS


@dataclass(frozen=True, slots=True)
class Subject:
    """What a story is about.

    Attributes:
        kind: entry, line, payment, voucher, delivery, customer, handover or file.
        row_id: Its identifier; `kind#row_id` names it without doubt.
        words: What it is, in the reader's language, personal numbers masked.
    """

    kind: str
    row_id: int
    words: str

    @property
    def key(self) -> str:
        """What names it without doubt."""
        return f"{self.kind}#{self.row_id}"


class UnknownNumberError(Exception):
    """Nothing in the workspace has this number."""


class AmbiguousNumberError(Exception):
    """The number may be several things; they are named."""

    def __init__(self, number: str, subjects: tuple[Subject, ...]) -> None:
        keys = ", ".join(f"{subject.key} ({subject.words})" for subject in subjects[:10])
        super().__init__(f"{number}: {keys}")
        self.subjects = subjects


#: How many things of a kind are named when a number is ambiguous.
_MOST = 20

_ENTRY = """
SELECT e.entry_id AS row_id, e.document_no AS number, c.customer_no, e.amount_minor,
       e.currency, e.due_date
FROM entry AS e JOIN customer AS c USING (customer_id)
"""
_LINE = """
SELECT collection_line_id AS row_id, reference AS number, customer_no, amount_minor, currency,
       due_date
FROM collection_line
"""
_PAYMENT = """
SELECT p.payment_line_id AS row_id, ifnull(p.bank_reference, p.reference) AS number,
       f.name AS file, p.line, p.amount_paid_minor AS amount_minor, p.currency
FROM payment_line AS p JOIN source_file AS f USING (file_id)
"""
_VOUCHER = """
SELECT voucher_id AS row_id, document_no AS number, posting_date AS date, text AS about
FROM voucher
"""
_DELIVERY = """
SELECT delivery_id AS row_id, delivery_no AS number, amount_minor, currency, count
FROM delivery
"""
_CUSTOMER = "SELECT customer_id AS row_id, customer_no AS number FROM customer"
_HANDOVER = "SELECT handover_id AS row_id, document_no AS number FROM handover"
_FILE = "SELECT file_id AS row_id, name AS number, format AS about FROM source_file"

#: By kind: what describes a row, its key, and how a number finds it.
_FINDERS = {
    "entry": (
        _ENTRY,
        "e.entry_id",
        """e.entry_id IN (
            SELECT entry_id FROM entry JOIN voucher AS v USING (voucher_id)
            WHERE entry.document_no = :number AND v.document_no <> entry.document_no
            UNION SELECT entry_id FROM entry WHERE erp_entry_no = :number
            UNION SELECT entry_id FROM erp_entry_link WHERE erp_entry_no = :number)""",
    ),
    "line": (
        _LINE,
        "collection_line_id",
        """creditor_no IN (SELECT creditor_no FROM creditor)
           AND reference = upper(replace(:number, ' ', ''))""",
    ),
    "payment": (_PAYMENT, "p.payment_line_id", "p.bank_reference = :number"),
    "voucher": (_VOUCHER, "voucher_id", "document_no = :number"),
    "delivery": (
        _DELIVERY, "delivery_id", "ltrim(delivery_no, '0') = ltrim(:number, '0')"
    ),
    "customer": (_CUSTOMER, "customer_id", "customer_no = :customer"),
    "handover": (_HANDOVER, "handover_id", "document_no = :number"),
    "file": (
        _FILE,
        "file_id",
        """name = :number OR (direction = 'in' AND delivery_no IS NOT NULL
                             AND ltrim(delivery_no, '0') = ltrim(:number, '0'))""",
    ),
}  # fmt: skip

#: Rows that belong to a subject's story: from their identifier to the subject's.
_WITHIN = {
    "import": ("file", "SELECT file_id FROM erp_import WHERE import_id = ?"),
    "application": ("entry", "SELECT to_entry_id FROM application WHERE application_id = ?"),
    "difference": ("entry", "SELECT entry_id FROM erp_difference WHERE difference_id = ?"),
    "refund": ("entry", "SELECT entry_id FROM refund WHERE refund_id = ?"),
    "posting": ("voucher", "SELECT voucher_id FROM posting WHERE posting_id = ?"),
}


def find(teller: Teller, number: str) -> Subject:
    """The only thing that a number may be.

    Args:
        teller: Whose reader is asked, and whose language is spoken.
        number: As it is printed; or `kind#id`, or `kind:number` to name the kind.

    Raises:
        UnknownNumberError: Nothing has it.
        AmbiguousNumberError: Several things have it.
    """
    found = tuple(_found(teller, number.strip()))
    if not found:
        raise UnknownNumberError(number)
    if len(found) > 1:
        raise AmbiguousNumberError(number, found)
    return found[0]


def _found(teller: Teller, number: str) -> Iterator[Subject]:
    kind, mark, rest = number.partition("#")
    if mark and rest.isdigit() and (kind in _FINDERS or kind in _WITHIN):
        yield from _by_id(teller, kind, int(rest))
        return
    kind, mark, rest = number.partition(":")
    kinds = [kind] if mark and kind in _FINDERS else list(_FINDERS)
    wanted = rest.strip() if mark and kind in _FINDERS else number
    parameters = {"number": wanted, "customer": betalingsservice_customer.compact(wanted)}
    if not wanted:
        return
    for name in kinds:
        described, _, condition = _FINDERS[name]
        question = f"{described} WHERE {condition} LIMIT {_MOST}"
        for row in teller.reader.records(question, parameters):
            yield _subject(teller, name, row)


def _by_id(teller: Teller, kind: str, row_id: int) -> Iterator[Subject]:
    if kind in _WITHIN:
        kind, question = _WITHIN[kind]
        row_id = teller.reader.value(question, [row_id])
    described, key, _ = _FINDERS[kind]
    for row in teller.reader.records(f"{described} WHERE {key} = ?", [row_id]):
        yield _subject(teller, kind, row)


def _subject(teller: Teller, kind: str, row: dict[str, Any]) -> Subject:
    shown: dict[str, Callable[[], object]] = {
        "number": lambda: row["number"] or f"{kind}#{row['row_id']}",
        "customer": lambda: row.get("customer_no"),
        "amount": lambda: teller.money(row.get("amount_minor"), row.get("currency")),
        "due": lambda: teller.day(row.get("due_date")),
        "date": lambda: teller.day(row.get("date")),
        "about": lambda: teller.word(FORMATS, row.get("about")),
        "file": lambda: row.get("file"),
        "line": lambda: row.get("line"),
        "count": lambda: teller.notation.integer(row.get("count")),
    }
    params = {name: masked(name, value()) for name, value in shown.items()}
    if kind in {"file", "delivery", "handover", "voucher"}:
        params["number"] = str(row["number"])
    return Subject(kind, int(row["row_id"]), teller.say(SUBJECTS[kind], **params))
