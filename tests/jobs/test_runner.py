from __future__ import annotations

import datetime as dt
import html.parser
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.jobs.history import RunState, history
from workbench.jobs.outcome import NoOutcomeError, Outcome, report
from workbench.jobs.parameters import UnknownParameterError, WrongParameterError
from workbench.jobs.runner import run_job
from workbench.store import audit
from workbench.store.archive import digest
from workbench.store.workspace import Workspace

Write = Callable[..., None]

MOMENT = dt.datetime(2026, 10, 12, 6, 30, tzinfo=dt.UTC)
REPORT = "from workbench.jobs.outcome import report\n"


class References(html.parser.HTMLParser):
    """Everything in a page that would be fetched or executed."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "link", "iframe", "object", "embed", "base"}:
            self.found.append((tag, None))
        self.found += [(name, value) for name, value in attrs if name in {"src", "srcset"}]


def test_a_run_is_kept_whole(workspace: Workspace, write: Write, notebooks: Path) -> None:
    write(
        "kept",
        "import os, sys, pathlib\nimport polars as pl\n"
        "from workbench.jobs.current import current_run\n"
        "from workbench.store.workspace import open_workspace",
        "pl.DataFrame({'amount_minor': [1250, -300], 'name': ['Ærø', '<b>']})",
        "import ipywidgets\nipywidgets.Label('a screen')",
        "print('secret_word'.upper())\nimport warnings\nwarnings.warn('quoted code')",
        REPORT + "report(summary='2 lines read', lines=2, day=as_of, limit=limit, "
        "home=os.environ['WORKBENCH_HOME'], workspace=workspace, python=sys.executable, "
        "folder=os.getcwd(), run=current_run().run_id, actor=current_run().actor, "
        "now=open_workspace(pathlib.Path(workspace)).now())",
        parameters='as_of: str = ""  # date: d\nworkspace: str = ""\nlimit: int = 5\n',
    )
    workspace = replace(workspace, clock=lambda: MOMENT)
    found = run_job(
        workspace,
        "kept",
        {"limit": "7"},
        as_of=dt.date(2026, 10, 12),
        actor="anna",
        notebooks=notebooks,
    )
    assert found.state is RunState.DONE
    assert found.is_clean
    assert found.started_at == "2026-10-12T06:30:00.000000Z"
    assert found.parameters == {"as_of": "2026-10-12", "limit": 7}
    assert found.report is not None
    assert found.report.outcome is Outcome.DONE
    assert found.report.summary == "2 lines read"
    folder = workspace.folder / "runs" / f"{found.run_id}-kept"
    assert found.report.facts == {
        "lines": 2,
        "day": "2026-10-12",
        "limit": 7,
        "home": str(workspace.folder),
        "workspace": str(workspace.folder),
        "python": sys.executable,
        "folder": str(folder),
        "run": found.run_id,
        "actor": "anna",
        "now": found.started_at,
    }
    assert found.notebook == folder / "kept.ipynb"
    assert found.html == folder / "kept.html"
    assert sorted(path.name for path in folder.iterdir()) == ["kept.html", "kept.ipynb"]
    assert history(workspace) == (found,)
    check_page(found.html.read_text(encoding="utf-8"))
    check_events(workspace, found.run_id, notebook=found.notebook, page=found.html)


def check_page(page: str) -> None:
    references = References()
    references.feed(page)
    assert references.found == []
    assert "@import" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page
    assert "<title>The job kept</title>" in page
    assert "SECRET_WORD" in page
    assert "Ærø" in page
    assert "&lt;b&gt;" in page
    assert "2 lines read" in page
    assert "as_of = 2026-10-12" in page
    for code in ("secret_word", "import ", "pl.DataFrame", "warn", "Label", "workspace:"):
        assert code not in page, code


def check_events(workspace: Workspace, run_id: int, *, notebook: Path, page: Path) -> None:
    with workspace.read() as reader:
        assert audit.check(reader).holds
        events = reader.records(
            "SELECT step, actor, subject FROM audit_event WHERE run_id = ? ORDER BY seq",
            [run_id],
        )
    assert [(event["step"], event["actor"]) for event in events] == [
        ("run_started", "anna"),
        ("run_ended", "anna"),
    ]
    assert json.loads(events[1]["subject"])["files"] == {
        path.name: digest(path.read_bytes()) for path in (notebook, page)
    }


def test_a_failure_names_notebook_cell_and_words(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("broken", "1 + 1", "left = 2\nassert left == 3, 'CPR 010203-1234'", "never = 1")
    found = run_job(workspace, "broken", notebooks=notebooks)
    assert found.state is RunState.FAILED
    assert not found.is_clean
    assert found.failed_cell == 4
    assert found.message == "broken.ipynb, cell 4: AssertionError: CPR •••••••••34"
    assert found.report is None
    assert found.notebook is not None
    assert "never" in found.notebook.read_text(encoding="utf-8")
    assert found.html is not None
    page = found.html.read_text(encoding="utf-8")
    assert found.message in page
    assert "left == 3" not in page
    assert "010203-1234" not in page


@pytest.mark.parametrize(
    ("state", "run_state", "clean"),
    [("nothing_to_do", RunState.NOTHING_TO_DO, True), ("waiting", RunState.DONE, False)],
)
def test_a_notebook_says_what_came_of_it(
    workspace: Workspace,
    write: Write,
    notebooks: Path,
    *,
    state: str,
    run_state: RunState,
    clean: bool,
) -> None:
    write("says", REPORT + f"report(summary='first')\nreport(state='{state}', summary='s')")
    found = run_job(workspace, "says", notebooks=notebooks)
    assert found.state is run_state
    assert found.is_clean is clean
    assert found.report is not None
    assert found.report.outcome == state


@pytest.mark.parametrize("facts", [{"state": "perhaps"}, {"at": dt.date(2026, 1, 1)}])
def test_an_outcome_is_one_of_three_with_facts_that_json_holds(facts: dict[str, Any]) -> None:
    with pytest.raises(NoOutcomeError):
        report(summary="s", **facts)


def test_a_cell_that_takes_too_long_is_stopped(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("slow", "1", "import time\ntime.sleep(60)")
    found = run_job(workspace, "slow", notebooks=notebooks, cell_timeout=1)
    assert found.state is RunState.FAILED
    assert found.failed_cell == 4
    assert found.message == "slow.ipynb, cell 4: Timeout: more than 1 seconds"


def test_a_kernel_that_dies_is_a_failure_of_its_cell(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("dies", "import os\nos._exit(9)")
    found = run_job(workspace, "dies", notebooks=notebooks)
    assert found.state is RunState.FAILED
    assert found.failed_cell == 3
    assert found.message == "dies.ipynb, cell 3: Kernel: Kernel died"


@pytest.mark.parametrize(
    ("given", "kind"),
    [({"nme": "x"}, UnknownParameterError), ({"as_of": "today"}, WrongParameterError)],
)
def test_a_refused_parameter_leaves_no_trace(
    workspace: Workspace,
    write: Write,
    notebooks: Path,
    *,
    given: dict[str, str],
    kind: type[Exception],
) -> None:
    write("job", "1")
    with workspace.read() as reader:
        before = reader.seq
    with pytest.raises(kind):
        run_job(workspace, "job", given, notebooks=notebooks)
    with workspace.read() as reader:
        assert reader.seq == before
    assert history(workspace) == ()
    assert list((workspace.folder / "runs").iterdir()) == []


def test_a_fault_of_the_runner_ends_the_run_and_is_raised(
    workspace: Workspace, write: Write, notebooks: Path
) -> None:
    write("job", "1")
    (workspace.folder / "runs").rmdir()
    (workspace.folder / "runs").touch()
    with pytest.raises(NotADirectoryError):
        run_job(workspace, "job", notebooks=notebooks)
    (found,) = history(workspace)
    assert found.state is RunState.FAILED
    assert "NotADirectoryError" in found.message
