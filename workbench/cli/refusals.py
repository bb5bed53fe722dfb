"""What a refused command says and exits with, by the exception that refused it.

Exceptions are named, not imported: the command that raised one has imported its room.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Refused; nothing was changed.
REFUSED = 1

#: The command was not used as it must be.
WRONG_USAGE = 2


@dataclass(frozen=True, slots=True)
class Refusal:
    """A sentence, in which `{}` is what the exception carries, and an exit code."""

    words: str
    code: int = REFUSED


_REFUSALS = {
    "NoWorkspaceError": Refusal(
        "there is no workspace in {}. Make one with `workbench init FOLDER`.", WRONG_USAGE
    ),
    "BadSettingError": Refusal("{}.", WRONG_USAGE),
    "WorkspaceExistsError": Refusal("{} holds a workspace already; nothing was changed."),
    "NewerWorkspaceError": Refusal("a newer version of the workbench wrote this one ({})."),
    "SetupError": Refusal("the set-up was not taken: {}"),
    "UnknownNumberError": Refusal("nothing here has the number {}."),
    "TakeOnError": Refusal("what is to be taken on cannot be: {}", WRONG_USAGE),
    "BadMappingError": Refusal("the mapping cannot be used: {}"),
    "NoMappingFitsError": Refusal(
        "no saved mapping fits {}. Name one with --map, or begin with "
        "`workbench mapping propose`.",
        WRONG_USAGE,
    ),
    "UnknownEffectsFormatError": Refusal(
        "effects are written as .csv or .parquet, not as {}.", WRONG_USAGE
    ),
    "UnknownMappingError": Refusal("no such mapping was saved: {}", WRONG_USAGE),
    "UnknownSystemError": Refusal("no such collection system: {}"),
    "NoOpenPeriodError": Refusal(
        "no accounting period is open on or after {}; open one first."
    ),
    "NoAccountError": Refusal("the posting profile lacks an account: {}"),
    "UnknownPeriodError": Refusal(
        "no period begins on {}; open its year with `workbench period open-year`.",
        WRONG_USAGE,
    ),
    "UnknownJournalError": Refusal("there is no journal {}.", WRONG_USAGE),
    "NoReasonError": Refusal("say why; the reason is kept.", WRONG_USAGE),
    "EarlierPeriodOpenError": Refusal(
        "{} is still open; close it first, or say --earlier-open."
    ),
    "MonthNotReadyError": Refusal("the month cannot be closed yet: {}"),
    "BadLayoutError": Refusal("the layout cannot be used: {}", WRONG_USAGE),
    "UnknownLayoutError": Refusal("there is no layout {}.", WRONG_USAGE),
    "UnknownHandoverError": Refusal("there is no delivery {}.", WRONG_USAGE),
    "NotInDeliveryError": Refusal("there is no such delivery or voucher: {}.", WRONG_USAGE),
    "ChangedHandoverError": Refusal(
        "made again, the delivery is not what was handed over: {}. What was handed over lies "
        "in the archive."
    ),
    "FileInTheWayError": Refusal("the outbox has another file named {}; move it away."),
    "UnknownRefundError": Refusal("there is no such {}.", WRONG_USAGE),
    "RefundTooLargeError": Refusal("the entry has less open credit (minor units): {}."),
    "RefundGoneError": Refusal("the refund cannot be withdrawn any more: {}."),
    "BadAmountError": Refusal("{} is no amount in that currency.", WRONG_USAGE),
    "UnknownImportError": Refusal("there is no import {}.", WRONG_USAGE),
    "AlreadyUndoneError": Refusal("import {} was undone before; nothing was changed."),
    "UndoBlockedError": Refusal("the import cannot be undone: {}"),
    "UnknownDifferenceError": Refusal("there is no difference {}.", WRONG_USAGE),
    "DifferenceEndedError": Refusal("difference {} ended before; nothing was changed."),
    "DifferenceMovedError": Refusal(
        "our side is not what was shown any more ({}); import the open entries again."
    ),
    "UndecidableError": Refusal("that cannot be decided: {}. Nothing was changed."),
    "UnknownJobError": Refusal("{}", WRONG_USAGE),
    "ParameterError": Refusal("{}", WRONG_USAGE),
    "BadPairError": Refusal("{}", WRONG_USAGE),
    "ScheduleError": Refusal("{}", WRONG_USAGE),
    "SettlementError": Refusal("{}. Nothing was changed."),
    "UnknownListError": Refusal("{}", WRONG_USAGE),
    "BadMomentError": Refusal("{}", WRONG_USAGE),
    "UnknownHeadError": Refusal(
        "the audit log here does not contain {}: it is of another workspace, or the log was "
        "changed."
    ),
    "NoCustomersError": Refusal("the list {} knows no customers.", WRONG_USAGE),
    "UnknownEntryError": Refusal("{}", WRONG_USAGE),
    "StaleViewError": Refusal("somebody else wrote at the same moment; try again."),
    "MissingRoleError": Refusal("{}"),
    "UnknownUserError": Refusal("there is no user '{}'.", WRONG_USAGE),
    "UserExistsError": Refusal("there is a user '{}' already; grant them what they lack."),
    "LastAdministratorError": Refusal(
        "'{}' is the last who administers; give that role to somebody else first."
    ),
    "BackupError": Refusal("{}"),
    "WorkspaceInTheWayError": Refusal(
        "{} is not empty. Name another folder, or put the workspace aside with --replace."
    ),
    "NoPersonError": Refusal("nothing personal is known of {}."),
    "RemovedFromArchiveError": Refusal("{}"),
    "BadLoginError": Refusal("'{}' is no login.", WRONG_USAGE),
    "AdministratorHereError": Refusal(
        "{} can sign in here and give roles; nobody takes them by themselves."
    ),
    "NotOwnerError": Refusal("{} belongs to another user of this machine."),
    "JobRunningError": Refusal("{}"),
    "LabDidNotStartError": Refusal("{}"),
    "OverlappingFoldersError": Refusal("{}"),
    "DemoInTheWayError": Refusal("{}"),
    "DemoStepError": Refusal("the demo stopped: {}"),
    "FileNotFoundError": Refusal("{}", WRONG_USAGE),
    "BrokenPipeError": Refusal("nobody reads what is printed any more; what was done stands."),
    "OSError": Refusal("the disk or a folder refused: {}. What was begun was taken back."),
    "OperationalError": Refusal("the database refused: {}. What was begun was taken back."),
}


def refusal_of(error: Exception) -> Refusal | None:
    """How an exception, or what it is a kind of, is told; None when it is a fault of ours."""
    kinds = (kind.__name__ for kind in type(error).__mro__)
    return next((_REFUSALS[name] for name in kinds if name in _REFUSALS), None)
