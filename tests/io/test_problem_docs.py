"""The page of problems is what the catalog and the broken samples make of it."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_problem_page_is_up_to_date() -> None:
    made = runpy.run_path(str(ROOT / "tools" / "make_docs.py"))["problems_page"]()
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert page == made, "run: python tools/make_docs.py"
