from __future__ import annotations

import subprocess
import sys

HEAVY = ["numpy", "pandas", "pyarrow", "sqlite3", "fpdf", "papermill", "ipywidgets", "jinja2"]

SCRIPT = f"""
import sys
import workbench.matching.match, workbench.matching.explain, workbench.matching.aging
print(*sorted(set({HEAVY}) & set(sys.modules)))
"""


def test_matching_loads_polars_and_nothing_else_that_is_heavy() -> None:
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    assert run.stdout.split() == []
