"""The demo is killed on its way, again and again, and ends as if nothing had happened."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from workbench.cli.demo import REPORTED_ON
from workbench.collection import overview
from workbench.model.identities import Identity
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, open_workspace

#: Seconds after which it is killed; each time it has come a little further.
MOMENTS = (1.0, 2.0, 4.0, 7.0)
CUSTOMERS = "300"


def proven(workspace: Workspace) -> tuple[list[tuple[object, ...]], tuple[Identity, ...]]:
    with workspace.read() as reader:
        totals = overview.totals(reader, as_of=REPORTED_ON).sort("kind", "currency").rows()
    found = verify(workspace)
    assert found.holds
    return totals, found.identities


@pytest.mark.slow
def test_a_killed_demo_goes_on(tmp_path: Path, demo_workspace: Path) -> None:
    folder = tmp_path / "demo"
    command = [
        sys.executable, "-c", "from workbench.cli import main; main()",
        "demo", str(folder), "--customers", CUSTOMERS,
    ]  # fmt: skip
    for seconds in MOMENTS:
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            with suppress(subprocess.TimeoutExpired):  # a fast machine may have finished
                process.wait(seconds)
            process.kill()
    subprocess.run(command, check=True, capture_output=True)
    assert proven(open_workspace(folder)) == proven(open_workspace(demo_workspace))
