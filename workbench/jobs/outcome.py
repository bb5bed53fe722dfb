"""What a job's notebook says of itself, carried from its kernel to the runner."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

#: The form in which an executed notebook carries its outcome.
MIME_TYPE = "application/vnd.collection-workbench+json"


class Outcome(StrEnum):
    """What came of a job that ran to its end."""

    DONE = "done"
    #: There was no work; a queue shows it apart, so that silence is noticed.
    NOTHING_TO_DO = "nothing_to_do"
    #: Something waits for a person.
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Report:
    """What a notebook reported.

    Attributes:
        summary: One sentence for the accountant.
        facts: Counts and names, as JSON values.
    """

    outcome: Outcome
    summary: str
    facts: Mapping[str, Any]


class NoOutcomeError(Exception):
    """A notebook reported an outcome that no job has, or facts that JSON cannot hold."""


def report(*, state: str = Outcome.DONE, summary: str, **facts: object) -> None:
    """Tell the runner, and the reader of the notebook, what came of the job.

    Called from a notebook's last cells; a later call replaces an earlier one.

    Args:
        state: `done`, `nothing_to_do` or `waiting`.
        summary: One sentence for the accountant.
        facts: Text, whole numbers, and lists and mappings of them.

    Raises:
        NoOutcomeError: There is no such state, or a fact is of another kind.
    """
    # Only a kernel needs IPython; the runner reads what it left.
    from IPython.display import display  # noqa: PLC0415  # see above

    if state not in list(Outcome):
        raise NoOutcomeError(f"expected {', '.join(Outcome)}, found {state!r}")
    content = {"state": str(state), "summary": summary, "facts": facts}
    try:
        json.dumps(content, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise NoOutcomeError(str(error)) from error
    display({MIME_TYPE: content, "text/plain": summary}, raw=True)  # type: ignore[no-untyped-call]  # IPython types little


def read_report(notebook: Path) -> Report:
    """The last report among the outputs of an executed notebook.

    A notebook that reports nothing is done, without a summary.
    """
    found = [
        output["data"][MIME_TYPE]
        for cell in json.loads(notebook.read_bytes())["cells"]
        for output in cell.get("outputs", ())
        if MIME_TYPE in output.get("data", ())
    ]
    if not found:
        return Report(Outcome.DONE, "", {})
    last = found[-1]
    return Report(Outcome(last["state"]), last["summary"], last["facts"])
