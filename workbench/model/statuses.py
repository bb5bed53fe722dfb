"""The statuses of a collection line, the legal moves between them, and line outcomes.

The status is the scheme's view of a line; whether it may be posted and is posted stands
beside it. All moves that are not declared here are illegal.
"""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """What the scheme knows about a collection line."""

    CREATED = "created"
    #: Passed validation.
    VALID = "valid"
    #: Failed validation; its reasons stand in the error log.
    ERROR = "error"
    APPROVED = "approved"
    SIGNED = "signed"
    #: Left the house; no proof of receipt.
    SENT = "sent"
    #: The center accepted the delivery.
    IN_PROCESS = "in_process"
    #: The center says that it was collected; not yet paid to the creditor.
    COLLECTED = "collected"
    #: Money came; reversible until it is final.
    PAID = "paid"
    #: The center refused the line.
    CENTER_ERROR = "center_error"
    #: The debtor or the debtor's bank refused it.
    REJECTED = "rejected"
    #: The agreement ended before it was paid.
    AGREEMENT_CANCELLED = "agreement_cancelled"
    #: Was paid, and the money was taken back.
    REVERSED = "reversed"
    #: Withdrawn by the creditor.
    STOPPED = "stopped"


class Outcome(StrEnum):
    """What became of a line of an incoming file. Every line has exactly one."""

    #: Money, in or back, tied to its collection or entries.
    MATCHED = "matched"
    #: Waits for a person.
    HELD = "held"
    #: The center's *no*, tied to its collection; moves no money.
    REJECTED = "rejected"
    #: Put aside by a person, with a reason.
    IGNORED = "ignored"


_MOVES: dict[str, str] = {
    "created": "valid error stopped",
    "error": "created",
    "valid": "approved created stopped",
    "approved": "signed sent created stopped",
    "signed": "sent created stopped",
    "sent": "in_process center_error paid rejected agreement_cancelled stopped",
    "in_process": "collected center_error paid rejected agreement_cancelled stopped",
    "collected": "paid rejected agreement_cancelled",
    "paid": "reversed",
    "reversed": "paid",
}


def _pairs(moves: dict[str, str]) -> frozenset[tuple[Status, Status]]:
    return frozenset(
        (Status(start), Status(end)) for start, ends in moves.items() for end in ends.split()
    )


#: The moves (from, to) that are legal whether or not the line was sent.
LEGAL: frozenset[tuple[Status, Status]] = _pairs(_MOVES)

#: Moves that are legal only for a line that was sent: the center may not have heard of the
#: stop.
LEGAL_AFTER_SENDING: frozenset[tuple[Status, Status]] = _pairs({"stopped": "paid rejected"})


def is_legal(start: Status, end: Status, *, sent: bool) -> bool:
    """Whether a line may go from one status to another; staying is no move.

    Args:
        start: Status that it has.
        end: Status that it is to get.
        sent: Whether the line was ever sent.
    """
    move = (start, end)
    return move in LEGAL or (sent and move in LEGAL_AFTER_SENDING)
