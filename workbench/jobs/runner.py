"""One run of a job: recorded, executed, shown, ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from workbench.jobs.current import kernel_environment
from workbench.jobs.definition import Job, find_job
from workbench.jobs.history import RunResult, RunState, run
from workbench.jobs.lease import DEFAULT_TERMS, Heartbeat, Terms
from workbench.jobs.outcome import Outcome, read_report
from workbench.jobs.parameters import AS_OF, WORKSPACE, Value, accepted
from workbench.jobs.records import (
    Ending,
    end_run,
    recover,
    run_folder,
    start_run,
    unfinished_copy,
)
from workbench.model.masking import mask
from workbench.model.texts import marked, translate
from workbench.store.archive import digest
from workbench.store.workspace import Workspace

#: A run that waits for a person has done its work; its report says what waits.
_ENDS = {
    Outcome.DONE: RunState.DONE,
    Outcome.WAITING: RunState.DONE,
    Outcome.NOTHING_TO_DO: RunState.NOTHING_TO_DO,
}

_WORDS = {
    RunState.DONE: marked("done"),
    RunState.NOTHING_TO_DO: marked("nothing to do"),
    RunState.FAILED: marked("failed"),
}


def run_job(
    workspace: Workspace,
    name: str,
    parameters: Mapping[str, str] | None = None,
    *,
    as_of: dt.date | None = None,
    actor: str | None = None,
    queue_entry_id: int | None = None,
    notebooks: Path | None = None,
    cell_timeout: int | None = None,
    terms: Terms = DEFAULT_TERMS,
) -> RunResult:
    """Run a job now and wait for its end; a failure of its notebook is a result.

    Args:
        parameters: Texts by name, as typed.
        as_of: The day that counts as today, unless the parameters say it; without either
            the workspace clock's day where this machine stands.
        notebooks: The folder that holds `jobs`; the packaged screens when None.
        cell_timeout: Seconds that one cell may take; without end when None.

    Raises:
        UnknownJobError: There is no such job.
        ParameterError: A parameter was refused; nothing was recorded.
        JobRunningError: The job runs already; nothing was recorded.
        LeaseLostError: The run was declared interrupted while it still worked.
    """
    job = find_job(name, notebooks=notebooks)
    today = as_of or workspace.clock().astimezone().date()
    values = accepted(job.parameters, {AS_OF: today.isoformat(), **(parameters or {})})
    recover(workspace)
    actor = actor or workspace.actor
    run_id = start_run(
        workspace, job, values, actor=actor, queue_entry_id=queue_entry_id, terms=terms
    )
    try:
        with Heartbeat(workspace, run_id, terms=terms):
            ending = _work(
                workspace,
                job,
                values,
                run_id=run_id,
                actor=actor,
                cell_timeout=cell_timeout,
            )
    except BaseException as error:
        state = RunState.FAILED if isinstance(error, Exception) else RunState.INTERRUPTED
        message = mask(f"{type(error).__name__}: {error}")
        end_run(workspace, run_id, Ending(state, message), actor=actor)
        raise
    end_run(workspace, run_id, ending, actor=actor)
    return run(workspace, run_id)


def _work(
    workspace: Workspace,
    job: Job,
    values: Mapping[str, Value],
    *,
    run_id: int,
    actor: str,
    cell_timeout: int | None,
) -> Ending:
    """Execute the notebook and keep what it left."""
    # Heavy, and loaded only by whoever runs a job: papermill and the kernel's client.
    from workbench.jobs.execution import execute  # noqa: PLC0415  # see above

    folder = run_folder(workspace, run_id, job.name)
    folder.mkdir(parents=True)
    copy = unfinished_copy(folder, job.name)
    failure = execute(
        job,
        {**values, WORKSPACE: str(workspace.folder.resolve())},
        environment=kernel_environment(workspace, run_id, actor=actor),
        copy=copy,
        cell_timeout=cell_timeout,
    )
    if not copy.exists():
        assert failure is not None, copy
        return Ending(RunState.FAILED, failure.message)
    notebook = copy.replace(folder / f"{job.name}.ipynb")
    if failure:
        ending = Ending(RunState.FAILED, failure.message, failed_cell=failure.cell)
    else:
        report = read_report(notebook)
        ending = Ending(_ENDS[report.outcome], report=report)
    html = _show(workspace, job, values, ending, run_id=run_id, notebook=notebook)
    digests = {path.name: digest(path.read_bytes()) for path in (notebook, html)}
    return replace(ending, notebook=notebook, html=html, digests=digests)


def _show(
    workspace: Workspace,
    job: Job,
    values: Mapping[str, Value],
    ending: Ending,
    *,
    run_id: int,
    notebook: Path,
) -> Path:
    """Write the page of a run beside its executed notebook."""
    # As heavy as papermill: nbconvert and its template machine.
    from workbench.jobs.page import Head, write_page  # noqa: PLC0415  # see above

    language = workspace.settings.language
    words = partial(translate, language=language)
    started = run(workspace, run_id)
    given = ", ".join(f"{name} = {value}" for name, value in values.items() if value != "")
    head = Head(
        title=job.title,
        lines=(
            f"{words('Run')} {run_id} · {job.name} · {words(_WORDS[ending.state])}",
            f"{words('Started')} {_minute(started.started_at)} · {started.actor}",
            f"{words('Parameters')}: {mask(given)}",
        ),
        message=ending.message,
        foot=f"{workspace.settings.company} · {job.path.name} · SHA-256 {job.sha256}",
    )
    page = notebook.with_suffix(".html")
    write_page(notebook, head, page, language=language)
    return page


def _minute(label: str) -> str:
    return f"{label[:10]} {label[11:16]} UTC"
