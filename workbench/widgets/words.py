"""The words of stable keys on screens: statuses, outcomes, kinds. English, marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.documents.reconciliation_words import HELD, TOTALS
from workbench.model.texts import marked


@dataclass(frozen=True, slots=True)
class Words:
    """Words by key, and the tone in which some of them are shown."""

    texts: Mapping[str, str]
    tones: Mapping[str, str] = field(default_factory=dict)


STATUSES = Words(
    {
        "created": marked("Created"),
        "valid": marked("Valid"),
        "error": marked("Error"),
        "approved": marked("Approved"),
        "signed": marked("Signed"),
        "sent": marked("Sent"),
        "in_process": marked("In process"),
        "collected": marked("Collected"),
        "paid": marked("Paid"),
        "center_error": marked("Refused by the center"),
        "rejected": marked("Rejected"),
        "agreement_cancelled": marked("Agreement canceled"),
        "reversed": marked("Reversed"),
        "stopped": marked("Stopped"),
    },
    {
        "error": "bad",
        "center_error": "bad",
        "rejected": "bad",
        "agreement_cancelled": "bad",
        "reversed": "bad",
        "valid": "good",
        "approved": "good",
        "signed": "good",
        "paid": "good",
        "stopped": "dim",
    },
)

OUTCOMES = Words(
    {
        "matched": marked("Matched"),
        "held": marked("Held"),
        "rejected": marked("Rejected"),
        "ignored": marked("Ignored"),
    },
    {"held": "warn", "matched": "good", "ignored": "dim"},
)

#: Why a line is held, in two or three words; money that a person put on account.
CLASSES = Words({**HELD, "on_account": marked("On account")})

KINDS = Words(
    {
        "payment_completed": marked("Payment"),
        "payment_rejected": marked("Rejection"),
        "agreement_cancelled": marked("Agreement canceled"),
        "payment_reversed": marked("Reversal"),
        "slip_paid": marked("Slip paid"),
        "slip_reversed": marked("Slip reversed"),
        "unknown": marked("Unknown record"),
    }
)

#: What a posting does with money. A line's postings stand together: "held release".
POSTINGS = Words(
    {
        "payment": marked("To customers"),
        "held": marked("To held money"),
        "release": marked("From held money to customers"),
        "on_account": marked("On account"),
        "reversal": marked("Taken back"),
        "held release": marked("Released"),
        "held on_account": marked("On account"),
    }
)

#: What a file that did not go in waits for.
FILE_OUTCOMES = Words(
    {
        "accepted": marked("Read"),
        "waiting": marked("Waits for you"),
        "refused": marked("Refused"),
        "read_before": marked("Read before"),
    },
    {"waiting": "warn", "refused": "bad", "accepted": "good"},
)

SEVERITIES = Words(
    {
        "fatal": marked("cannot be accepted"),
        "error": marked("needs your acceptance"),
        "warning": marked("for your information"),
    },
    {"fatal": "bad", "error": "warn", "warning": "dim"},
)

RUNS = Words(
    {
        "running": marked("running"),
        "done": marked("done"),
        "nothing_to_do": marked("nothing to do"),
        "waiting": marked("waits for you"),
        "failed": marked("failed"),
        "interrupted": marked("interrupted"),
    },
    {"done": "good", "waiting": "warn", "failed": "bad", "interrupted": "bad"},
)

YES = Words({"true": marked("Yes"), "false": marked("No")}, {"false": "dim"})

#: The month by kind: what the report calls totals, and statuses beside them.
MONTH = Words({**STATUSES.texts, **TOTALS, "sent": marked("Sent, no answer yet")})
