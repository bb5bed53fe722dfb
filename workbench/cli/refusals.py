"""What a refused command says, by the exception that refused it."""

from __future__ import annotations

#: Name of the exception to a sentence; `{}` is what it carries.
REFUSALS = {
    "NoWorkspaceError": "there is no workspace in {}. Make one with `workbench init FOLDER`.",
    "WorkspaceExistsError": "{} holds a workspace already; nothing was changed.",
    "NewerWorkspaceError": "a newer version of the workbench wrote this workspace ({}).",
    "SetupError": "the set-up was not taken: {}",
    "BadMappingError": "the mapping cannot be used: {}",
    "UnknownSystemError": "no such collection system: {}",
    "NoOpenPeriodError": "no accounting period is open on or after {}; open one first.",
    "NoAccountError": "the posting profile lacks an account: {}",
    "UnknownJobError": "{}",
    "ParameterError": "{}",
    "BadPairError": "{}",
    "ScheduleError": "{}",
    "UnknownEntryError": "{}",
    "LabDidNotStartError": "{}",
    "DemoStepError": "the demo stopped: {}",
    "JobRunningError": "{}",
    "DemoInTheWayError": "{}",
    "FileNotFoundError": "{}",
}
