"""The process is killed at random moments and started again: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[1] / "tools" / "kill_test.py"


# The tool ends with an error at the first line that is lost, doubled or half done.
def kill(*arguments: str) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, str(TOOL), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    counts: dict[str, int] = json.loads(done.stdout)
    return counts


def test_ten_random_moments_of_export_import_and_posting() -> None:
    counts = kill("--rounds", "10", "--job-rounds", "1")
    assert counts["rounds"] == 11


@pytest.mark.long
def test_a_hundred_moments() -> None:
    counts = kill("--rounds", "100", "--job-rounds", "5", "--seed", "7")
    assert counts["rounds"] == 105
