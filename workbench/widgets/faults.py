"""Bad use in words: what the rooms below refuse, and what the reader can do about it."""

from __future__ import annotations

from workbench.collection.decisions import NotDecidableError
from workbench.collection.journal import NotEditableError
from workbench.collection.register import IllegalMoveError
from workbench.collection.systems import UnknownSystemError
from workbench.collection.unknown_deliveries import NotUnknownError
from workbench.collection.waiting import NoReasonError
from workbench.ledger.files.mapping import BadMappingError
from workbench.ledger.handover.files import FileInTheWayError
from workbench.ledger.handover.handing_over import ChangedHandoverError
from workbench.ledger.handover.refunds import RefundTooLargeError
from workbench.ledger.imports.decisions import (
    DifferenceEndedError,
    DifferenceMovedError,
    UndecidableError,
)
from workbench.ledger.period_states import EarlierPeriodOpenError
from workbench.ledger.periods import NoOpenPeriodError
from workbench.ledger.settlement.entries import SettlementError
from workbench.ledger.settlement.settling import StaleRemainingError
from workbench.ledger.undo.undoing import AlreadyUndoneError
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.store.people import MissingRoleError
from workbench.store.transaction import StaleRowError, StaleViewError
from workbench.widgets.screen import Screen
from workbench.widgets.words import STATUSES


class NotReadyError(Exception):
    """Something is missing before the decision can be made; the message says what."""


class ChangedSinceError(Exception):
    """What would happen now is not what was confirmed."""


#: What to do, by the kind of fault. `{fault}` is the fault's own words.
_ADVICE: dict[type[Exception], str] = {
    StaleRowError: marked(
        "A line changed since it was shown ({fault}). Nothing was done. "
        "The screen shows it as it stands now: look at it and decide again."
    ),
    StaleViewError: marked(
        "Somebody else wrote at the same moment. Nothing was done: try again."
    ),
    ChangedSinceError: marked(
        "Something changed since you were asked. Nothing was done: look again and confirm."
    ),
    NotDecidableError: marked(
        "This cannot be decided for the line any more ({fault}). Nothing was done. "
        "The screen shows it as it stands now."
    ),
    NotEditableError: marked(
        "The line cannot be changed any more ({fault}): it left the house or was stopped. "
        "Stop it, or correct it by a new line."
    ),
    IllegalMoveError: marked(
        "A line's status does not allow this ({fault}). Nothing was done: "
        "choose only lines whose status fits."
    ),
    UnknownSystemError: marked(
        "No collection system can be used ({fault}). "
        "Whoever looks after the workbench sets one up first."
    ),
    NotUnknownError: marked("This delivery is settled already. Nothing was done."),
    NoReasonError: marked("Accepting needs both the problems and a reason. Nothing was done."),
    ChangedHandoverError: marked(
        "The files would differ from those that were handed over ({fault}). Nothing was "
        "written: keep this workspace and ask for help."
    ),
    FileInTheWayError: marked(
        "The outbox has another file of that name ({fault}). Move it away and try again."
    ),
    BadMappingError: marked("The mapping cannot be used: {fault}. Nothing was changed."),
    AlreadyUndoneError: marked("This import was taken back before. Nothing was done."),
    DifferenceEndedError: marked("Somebody decided about it already. Nothing was done."),
    DifferenceMovedError: marked(
        "Our side has moved since. Nothing was done: import the ERP's open entries again."
    ),
    UndecidableError: marked("The readings do not allow this: {fault}. Nothing was done."),
    EarlierPeriodOpenError: marked(
        "{fault} is still open. Nothing was closed: close it first, or say that earlier months "
        "may stay open."
    ),
    MissingRoleError: marked("You may not do this: {fault}. Nothing was done."),
    StaleRemainingError: marked(
        "An entry changed since it was shown ({fault}). Nothing was done. "
        "The screen shows it as it stands now: pair it again."
    ),
    SettlementError: marked("This cannot be settled so: {fault}. Nothing was done."),
    RefundTooLargeError: marked(
        "The entry has less open credit than that by now. Nothing was done: look again."
    ),
    NoOpenPeriodError: marked(
        "No period is open on or after {fault}. Nothing was posted: open one first."
    ),
}


def explained(fault: Exception, screen: Screen) -> str | None:
    """The words of a fault that was foreseen; None for any other."""
    if isinstance(fault, NotReadyError):
        return str(fault)
    for kind, advice in _ADVICE.items():
        if isinstance(fault, kind):
            return screen.say(advice, fault=_own_words(fault, screen))
    return None


def _own_words(fault: Exception, screen: Screen) -> str:
    if isinstance(fault, MissingRoleError):
        who = ", ".join(fault.administrators)
        return screen.say(fault.words, login=fault.login, role=fault.role, who=who)
    if isinstance(fault, IllegalMoveError):
        moved = str(fault).split(" → ")
        return " → ".join(screen.say(STATUSES.texts.get(one, one)) for one in moved)
    return mask(str(fault))
