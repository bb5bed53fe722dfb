from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.jobs.definition import UnknownJobError, all_jobs, find_job
from workbench.jobs.parameters import DeclarationError


def test_a_job_is_a_notebook_with_its_hash(write: Callable[..., None], notebooks: Path) -> None:
    write("post_journal", "1")
    write("import_payments", "1")
    (notebooks / "jobs" / "Draft 2.ipynb").write_text("no job", encoding="utf-8")
    jobs = all_jobs(notebooks=notebooks)
    assert [job.name for job in jobs] == ["import_payments", "post_journal"]
    assert [job.title for job in jobs] == ["The job import_payments", "The job post_journal"]
    job = find_job("post_journal", notebooks=notebooks)
    assert job.sha256 == hashlib.sha256(job.path.read_bytes()).hexdigest()
    assert [parameter.name for parameter in job.parameters] == ["as_of", "workspace"]


@pytest.mark.parametrize("name", ["nothing", "../jobs/known", "", "Known", "known.ipynb"])
def test_an_unknown_name_is_refused_and_the_known_ones_told(
    write: Callable[..., None], notebooks: Path, name: str
) -> None:
    write("known", "1")
    with pytest.raises(UnknownJobError, match="known jobs: known"):
        find_job(name, notebooks=notebooks)


def test_a_notebook_without_declared_parameters_is_no_job(
    write: Callable[..., None], notebooks: Path
) -> None:
    write("bare", "1", parameters="x = 1")
    with pytest.raises(DeclarationError, match=r"bare\.ipynb: line 1"):
        find_job("bare", notebooks=notebooks)


def test_the_queue_loads_nothing_heavy() -> None:
    code = (
        "import sys, workbench.jobs.queue\n"
        "heavy = {'papermill', 'nbconvert', 'nbformat', 'jupyter_client', 'IPython'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    )
    assert found.stdout.strip() == "[]"
