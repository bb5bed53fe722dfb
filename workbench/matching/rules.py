"""The rules of matching, as data: what finds a collection, and what counts as evidence.

A set of rules is stored with the run (`as_json`), so that every match can be explained
again by the rules that made it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from workbench.model.texts import marked

#: Kinds of payment records, by what they do to a collection.
PAYS = ("payment_completed", "slip_paid")
REJECTS = ("payment_rejected",)
CANCELS = ("agreement_cancelled",)
TAKES_BACK = ("payment_reversed", "slip_reversed")
KINDS = (*PAYS, *REJECTS, *CANCELS, *TAKES_BACK)

_SLIPS = ("slip_paid", "slip_reversed")
_AUTOMATIC = tuple(kind for kind in KINDS if kind not in _SLIPS)


class Confidence(StrEnum):
    """How far a match may be trusted."""

    #: Named by its reference, and nothing differs.
    CERTAIN = "certain"
    #: Named by its reference, though something differs.
    HIGH = "high"
    #: Found by other fields.
    MEDIUM = "medium"
    #: Only suggested, or one of several.
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a payment and a collection may agree on.

    Attributes:
        column: The column that both frames have; a criterion that only the collection has
            must be true there.
        points: Added where they agree, taken where they differ, none where one is silent.
    """

    id: str
    label: str
    column: str
    points: int


@dataclass(frozen=True, slots=True)
class Rule:
    """One way in which a payment finds its collections.

    Attributes:
        kinds: The payment records that it is for.
        equal: Columns that must be equal.
        compatible: Columns that must be equal unless one side has none.
        reference_length: How much of a reference the center returns; None: all of it.
        names_collection: Whether the payment itself names the collection. A rule that
            does not only suggests where the payment names one that is not found.
        repeated_is_tie: Whether several collections are a tie whatever the evidence says.
        confidence: Where nothing differs.
        confidence_differing: Where a criterion differs.
    """

    id: str
    label: str
    kinds: tuple[str, ...]
    equal: tuple[str, ...]
    compatible: tuple[str, ...] = ()
    reference_length: int | None = None
    names_collection: bool = False
    repeated_is_tie: bool = False
    confidence: Confidence = Confidence.MEDIUM
    confidence_differing: Confidence = Confidence.LOW


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one run, in the order in which they are tried.

    Attributes:
        version: Rises with every change of meaning.
        tolerance_minor: The difference between paid and collected that is still matched;
            0 unless the company decided otherwise.
    """

    version: int
    criteria: tuple[Criterion, ...]
    rules: tuple[Rule, ...]
    tolerance_minor: int = 0


#: The rules that ship.
RULES = RuleSet(
    version=1,
    criteria=(
        Criterion("reference", marked("Reference"), "reference", 100),
        Criterion("customer", marked("Customer number"), "customer_no", 30),
        Criterion("amount", marked("Amount to collect"), "amount_minor", 20),
        Criterion("due_date", marked("Due date"), "due_date", 15),
        Criterion("agreement", marked("Agreement number"), "agreement_no", 10),
        Criterion("currency", marked("Currency"), "currency", 5),
        Criterion("sent", marked("Was sent"), "sent", 3),
        Criterion("debtor_group", marked("Debtor group"), "debtor_group", 1),
    ),
    rules=(
        Rule(
            "our_reference",
            marked("The whole reference is the collection's"),
            kinds=_AUTOMATIC,
            equal=("creditor_no", "reference"),
            names_collection=True,
            confidence=Confidence.CERTAIN,
            confidence_differing=Confidence.HIGH,
        ),
        Rule(
            "slip_reference",
            marked("The first 9 characters of the reference are the collection's"),
            kinds=_SLIPS,
            equal=("creditor_no", "reference"),
            reference_length=9,
            names_collection=True,
            repeated_is_tie=True,
            confidence=Confidence.CERTAIN,
            confidence_differing=Confidence.HIGH,
        ),
        Rule(
            "customer_due_amount",
            marked("Customer, due date and amount are the collection's"),
            kinds=KINDS,
            equal=("creditor_no", "customer_no", "due_date", "amount_minor"),
            compatible=("agreement_no",),
        ),
    ),
)


def as_json(rules: RuleSet) -> str:
    """The rules as the text that is stored with a run; equal rules give equal text."""
    return json.dumps(asdict(rules), ensure_ascii=False, sort_keys=True)


def from_json(text: str) -> RuleSet:
    """The rules that a run stored."""
    stored = json.loads(text)
    return RuleSet(
        version=stored["version"],
        criteria=tuple(Criterion(**criterion) for criterion in stored["criteria"]),
        rules=tuple(_rule(rule) for rule in stored["rules"]),
        tolerance_minor=stored["tolerance_minor"],
    )


def _rule(stored: dict[str, object]) -> Rule:
    fields: dict[str, object] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in stored.items()
    }
    for level in ("confidence", "confidence_differing"):
        fields[level] = Confidence(str(fields[level]))
    return Rule(**fields)  # type: ignore[arg-type]  # our own text, typed by its writer
