"""What the reconciliation report knows: plain facts that the rooms below have computed.

Amounts are minor units. Labels, classes and names are stable keys whose words stand in
`reconciliation_words`; an English sentence does as well. No name of a person who owes
or pays appears here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class FileFact:
    """One file that was read or sent.

    Attributes:
        kind: Its format's id, such as "betalingsservice_0602".
        total_minor: The total that the file declares; None where it declares none.
        agrees: Whether its own counts and totals equal its lines.
    """

    name: str
    kind: str
    sha256: str
    lines: int
    total_minor: int | None
    currency: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class Total:
    """One line of a summary: what, how many, how much."""

    label: str
    currency: str
    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class IdentityFact:
    """Two sums that must be equal, reached in two ways.

    Attributes:
        name: Stable name, such as "file_total".
        label: Its words; "" for those that belong to the name.
        currency: None where things are counted.
    """

    name: str
    currency: str | None
    unit: Literal["minor", "count"]
    left: int
    right: int
    holds: bool
    label: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """One kind of money on its way: in the files, in the journal, in the ledger.

    Attributes:
        waiting_minor: In the files, not yet posted. None where that cannot be.
        agrees: Whether file = journal + waiting and journal = ledger.
    """

    label: str
    currency: str
    file_minor: int | None
    waiting_minor: int | None
    journal_minor: int | None
    ledger_minor: int | None
    agrees: bool


@dataclass(frozen=True, slots=True)
class HeldLine:
    """A line of a file that waits for a person.

    Attributes:
        held_class: Why, as a key: "over", "double_payment", ...
        reason: Why; a text of the catalogs, or in the reader's language.
        advice: What to do; a text of the catalogs, or in the reader's language.
        amount_minor: Cash view.
        currency: "" for the report's, where the line names none.
    """

    held_class: str
    reason: str
    advice: str
    customer_no: str | None
    reference: str | None
    due_date: dt.date | None
    amount_minor: int
    currency: str
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class MatchedLine:
    """A line of a file that is tied to its collection.

    Attributes:
        paid_minor: Cash view: paid +, taken back −.
        state: "provisional", "final", "reversed", "rejected" or "cancelled".
        document_no: Of its posting; None until posted.
        rule: The id of the rule that matched it, such as "our_reference".
    """

    reference: str | None
    customer_no: str | None
    due_date: dt.date | None
    paid_on: dt.date | None
    collected_minor: int | None
    paid_minor: int
    currency: str
    state: str
    document_no: str | None
    rule: str


@dataclass(frozen=True, slots=True)
class RegisterSum:
    """The sum below the register, of one currency; cash view."""

    currency: str
    count: int
    collected_minor: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class AgedBalance:
    """The open balance of one currency, ledger view.

    Attributes:
        buckets: One amount per bucket of the report, in its order.
        credits_minor: Credits and money on account, apart from the buckets.
    """

    currency: str
    buckets: tuple[int, ...]
    credits_minor: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class ReconciliationReport:
    """Everything that the reconciliation report prints.

    Attributes:
        currency: Of amounts that stand without one.
        prepared_by: "" leaves a line to sign on; reviewed_by as well.
        mode: "trusting" or "enforced".
        audit_head: The digest of the last audit event.
        aged_buckets: Labels of the aging periods, texts of the catalogs.
        held_totals: Held lines by class; may be empty.
        register_sums: One per currency; may be empty.
        notes: Sentences in the reader's language.
    """

    company: str
    creditor_nos: tuple[str, ...]
    currency: str
    as_of: dt.date
    period: tuple[dt.date, dt.date]
    language: str
    prepared_by: str
    reviewed_by: str
    run: str
    mode: Literal["trusting", "enforced"]
    audit_head: str
    audit_events: int
    files: tuple[FileFact, ...]
    totals: tuple[Total, ...]
    identities: tuple[IdentityFact, ...]
    flow: tuple[Flow, ...]
    aged_buckets: tuple[str, ...]
    aged: tuple[AgedBalance, ...]
    held: tuple[HeldLine, ...]
    matched: tuple[MatchedLine, ...]
    held_totals: tuple[Total, ...] = ()
    register_sums: tuple[RegisterSum, ...] = ()
    notes: tuple[str, ...] = ()
