"""Makes `docs/problems.md` from the catalog and the broken samples.

Run: python tools/make_docs.py
"""

from __future__ import annotations

from pathlib import Path

from workbench import io
from workbench.model.catalog import CATALOG, Entry

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "problems.md"
BROKEN = ROOT / "tests" / "samples" / "problems"

_HEAD = """# Problems

What the workbench can find wrong with what it is given, made by `tools/make_docs.py` from the
catalog of problems. **Fatal**: nothing can be accepted. **Error**: stops until a person accepts
it with a reason, which is logged. **Warning**: is shown and never stops. An example shows what
the workbench says about the file of that name in `tests/samples/problems`.
"""


def problems_page() -> str:
    """The whole page."""
    parts = [_HEAD]
    for severity in ("fatal", "error", "warning"):
        entries = {code: e for code, e in CATALOG.items() if e.severity == severity}
        parts.append(f"## {severity.capitalize()}\n")
        parts += [_entry(code, entry) for code, entry in sorted(entries.items())]
    return "\n".join(parts)


def _entry(code: str, entry: Entry) -> str:
    lines = [f"### `{code}`\n", f"{entry.message}\n", f"*What to do:* {entry.advice}\n"]
    for sample in sorted(BROKEN.glob(f"{code}.*")):
        reading = io.read(sample.read_bytes(), name=sample.name)
        problem = next(found for found in reading.problems if found.code == code)
        lines.append(f"*Example:* `{problem.place()}`: {problem.message()}\n")
    return "\n".join(lines)


if __name__ == "__main__":
    PAGE.write_text(problems_page(), encoding="utf-8")
