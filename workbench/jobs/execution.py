"""One execution of a job's notebook by papermill, and what can be read from the copy."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbclient.exceptions import CellTimeoutError
from papermill import execute_notebook
from papermill.exceptions import PapermillExecutionError
from papermill.execute import ERROR_MARKER_TAG

from workbench.jobs.definition import Job
from workbench.jobs.kernel import kernel_options
from workbench.jobs.parameters import Value
from workbench.model.masking import mask

#: A message is a line of the history; the whole traceback stays in the executed copy.
_MESSAGE_LENGTH = 500

#: Cells that papermill adds; a person knows the cells of the packaged notebook.
_ADDED = {"injected-parameters", ERROR_MARKER_TAG}


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a notebook stopped.

    Attributes:
        cell: Of the packaged notebook, counted from 1; None when no cell had started.
        message: Notebook, cell, name of the error and its words; long numbers masked.
    """

    cell: int | None
    message: str


def execute(
    job: Job,
    parameters: Mapping[str, Value],
    *,
    environment: Mapping[str, str],
    copy: Path,
    cell_timeout: int | None,
) -> Failure | None:
    """Run the notebook in a kernel of its own; None when every cell passed.

    Args:
        parameters: Everything to inject.
        environment: What the kernel has beyond the environment of this process.
        copy: Where the executed notebook is written, cell by cell; absolute.
        cell_timeout: Seconds that one cell may take.
    """
    with tempfile.TemporaryDirectory(prefix="job-", ignore_cleanup_errors=True) as folder:
        try:
            execute_notebook(
                job.path,
                copy,
                parameters=dict(parameters),
                progress_bar=False,
                kernel_name="python3",
                language="python",
                execution_timeout=cell_timeout,
                resources={"metadata": {"path": str(copy.parent)}},
                **kernel_options(Path(folder), environment=environment),
            )
        except PapermillExecutionError as error:
            return _failure(job, copy, error.ename, error.evalue)
        except CellTimeoutError:
            return _failure(job, copy, "Timeout", f"more than {cell_timeout} seconds")
        except RuntimeError as error:
            # The kernel did not start or died: nbclient has no narrower kind for both.
            return _failure(job, copy, "Kernel", str(error))
    return None


def packaged_cells(notebook: nbformat.NotebookNode) -> list[Any]:
    """The cells of an executed notebook without those that papermill added."""
    return [cell for cell in notebook.cells if _ADDED.isdisjoint(cell.metadata.get("tags", ()))]


def _failure(job: Job, copy: Path, name: str, words: str) -> Failure:
    cell = _last_started(copy) if copy.exists() else None
    place = job.path.name if cell is None else f"{job.path.name}, cell {cell}"
    message = mask(f"{place}: {name}: {words.strip()}")
    return Failure(cell, message[:_MESSAGE_LENGTH])


def _last_started(copy: Path) -> int | None:
    executed = nbformat.read(copy, as_version=4)  # type: ignore[no-untyped-call]  # no types
    cells = packaged_cells(executed)
    started = [
        number
        for number, cell in enumerate(cells, start=1)
        if cell.metadata.get("papermill", {}).get("start_time")
    ]
    return started[-1] if started else None
