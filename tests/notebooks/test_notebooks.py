"""The screens and jobs as files: clean, short, and proven on every stage of a month."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from papermill import execute_notebook

from workbench.jobs.history import RunState
from workbench.jobs.outcome import Outcome
from workbench.jobs.parameters import declared
from workbench.jobs.runner import run_job
from workbench.model.resources import resource_folder
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace

FOLDER = resource_folder("notebooks")
SCREENS = sorted(FOLDER.glob("*.ipynb"))
JOBS = sorted((FOLDER / "jobs").glob("*.ipynb"))
STAGES = ("empty", "open", "inbox", "read")

#: What a cell may be made of: it composes, and decides nothing.
ALLOWED = (
    ast.Assign, ast.AnnAssign, ast.Expr, ast.ImportFrom, ast.Import, ast.Call, ast.Name,
    ast.Attribute, ast.Constant, ast.keyword, ast.alias, ast.Load, ast.Store, ast.Module,
)  # fmt: skip
SQL = re.compile(r"\b(select|insert|update|delete|join|from\s+\w+\s+where)\b", re.IGNORECASE)

At = Callable[[str], Workspace]


def cells(path: Path, kind: str = "code") -> list[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def test_the_screens_and_jobs_are_there() -> None:
    screens = "collection_journal entries hand_over home import_from_erp month_close payments"
    assert names(SCREENS) == [*screens.split(), "reconciliation"]
    assert names(JOBS) == ["import_payments", "post_journal", "reconciliation_report"]


@pytest.mark.parametrize("path", SCREENS + JOBS, ids=names(SCREENS + JOBS))
def test_a_notebook_is_kept_clean(path: Path) -> None:
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert set(notebook["metadata"]["workbench"]) >= {"title", "rank"}
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch("[a-z][a-z-]*", one) for one in ids)
    for cell in cells(path):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    assert all(cell["metadata"]["editable"] is False for cell in cells(path, "markdown"))
    assert "widgets" not in notebook["metadata"]


@pytest.mark.parametrize("path", SCREENS + JOBS, ids=names(SCREENS + JOBS))
def test_a_notebook_composes(path: Path) -> None:
    for cell in cells(path):
        code = source(cell)
        tree = ast.parse(code)
        assert len([line for line in code.splitlines() if line.strip()]) <= 5, code
        strange = {type(node).__name__ for node in ast.walk(tree)} - {
            kind.__name__ for kind in ALLOWED
        }
        assert strange == set(), code
        assert not SQL.search(code.split("#")[0].partition("import")[0]), code
        imported = [n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
        assert all(str(module).startswith("workbench.widgets") for module in imported)


@pytest.mark.parametrize("path", SCREENS + JOBS, ids=names(SCREENS + JOBS))
def test_a_notebook_asks_first_and_proves_last(path: Path) -> None:
    first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "?" in source(first)
    assert "proof.require()" in source(cells(path)[-1])


@pytest.mark.parametrize("path", SCREENS + JOBS, ids=names(SCREENS + JOBS))
def test_a_notebook_declares_its_parameters(path: Path) -> None:
    tagged = [c for c in cells(path) if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assert {one.name for one in declared(source(tagged[0]))} >= {"as_of", "workspace"}


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_every_screen_opens_and_proves_itself(stage: str, at_stage: At) -> None:
    workspace = at_stage(stage)
    before = workspace.database.read_bytes()
    nbval(workspace, SCREENS)  # screens only read: one copy proves that of all of them
    assert workspace.database.read_bytes() == before, "opening a screen changes nothing"


@pytest.mark.slow
@pytest.mark.parametrize("path", JOBS, ids=names(JOBS))
def test_every_job_runs_as_it_lies_there(path: Path, at_stage: At) -> None:
    workspace = at_stage("inbox")
    nbval(workspace, [path])
    assert bool(list(workspace.inbox.iterdir())) is (path.stem != "import_payments")
    assert verify(workspace).holds


@pytest.mark.slow
@pytest.mark.parametrize("path", SCREENS, ids=names(SCREENS))
def test_a_screen_takes_its_parameters(path: Path, at_stage: At) -> None:
    workspace = at_stage("read")
    copy = workspace.folder / "runs" / path.name
    parameters = {"workspace": str(workspace.folder), "as_of": "2026-11-20"}
    execute_notebook(path, copy, parameters=parameters, progress_bar=False)
    assert "Today is 2026-11-20" in copy.read_text(encoding="utf-8")


def nbval(workspace: Workspace, notebooks: list[Path]) -> None:
    """Run notebooks one by one, each cell a test, in an environment of their own."""
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q",
               "-p", "no:cacheprovider", "-c", os.devnull, *map(str, notebooks)]  # fmt: skip
    environment = {
        **os.environ,
        "WORKBENCH_HOME": str(workspace.folder),
        "WORKBENCH_CLOCK": workspace.clock().isoformat(),
    }
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env=environment,
        cwd=workspace.folder.parent,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:]


@pytest.mark.slow
def test_the_jobs_do_a_month_and_then_find_nothing(at_stage: At) -> None:
    workspace = at_stage("inbox")
    waiting = len(list(workspace.inbox.iterdir()))
    imported = run_job(workspace, "import_payments")
    assert imported.is_clean, imported.message
    assert imported.report is not None
    facts = imported.report.facts
    assert facts["files"] == waiting > 0
    assert facts["matched"] == facts["allowed"] > 80
    posted = run_job(workspace, "post_journal")
    assert posted.is_clean, posted.message
    assert posted.report is not None
    assert posted.report.facts["waiting"] == 0
    for name in ("import_payments", "post_journal"):
        assert run_job(workspace, name).state is RunState.NOTHING_TO_DO, name
    report = run_job(workspace, "reconciliation_report")
    assert report.is_clean, report.message
    assert report.report is not None
    assert (workspace.folder / "reports" / report.report.facts["pdf"]).is_file()


@pytest.mark.slow
def test_a_wrong_file_waits_until_it_is_accepted_with_a_reason(at_stage: At) -> None:
    workspace = at_stage("inbox")
    path = spoiled(workspace)
    run = run_job(workspace, "import_payments", {"file": str(path)})
    assert run.state is RunState.DONE
    assert run.report is not None
    assert run.report.outcome is Outcome.WAITING
    assert run.report.facts["waiting"] == [path.name]
    with workspace.read() as reader:
        assert reader.value("SELECT count(*) FROM payment_line") == 0
    refused = run_job(workspace, "import_payments", {"file": str(path), "accept": "bad_date"})
    assert refused.state is RunState.FAILED
    assert "reason" in refused.message
    given = {"file": str(path), "accept": "bad_date", "reason": "The center confirmed it"}
    taken = run_job(workspace, "import_payments", given)
    assert taken.is_clean, taken.message
    with workspace.read() as reader:
        stored = reader.rows("SELECT code, reason FROM problem_acceptance")
        faulty = reader.value("SELECT count(*) FROM payment_line WHERE faulty")
    assert stored == [("bad_date", "The center confirmed it")]
    assert faulty == 1


def spoiled(workspace: Workspace) -> Path:
    """The largest file of the inbox with an impossible date in one record."""
    path = max(workspace.inbox.iterdir(), key=lambda one: one.stat().st_size)
    lines = path.read_bytes().split(b"\r\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(b"BS042"))
    lines[at] = lines[at][:103] + b"310299" + lines[at][109:]
    path.write_bytes(b"\r\n".join(lines))
    return path
