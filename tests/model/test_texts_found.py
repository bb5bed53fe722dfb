"""No text of the code hides from the catalogs, as those inside an f-string would."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from workbench.model.texts import words

PACKAGE = Path(__file__).parents[2] / "workbench"
SAYING = frozenset({"say", "marked", "translate", "counted", "translate_plural"})


def texts() -> Iterator[tuple[str, str]]:
    """Place and text of every call that says something."""
    for source in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            text = getattr(node.args[0], "value", None)
            if name in SAYING and isinstance(text, str):
                yield f"{source.relative_to(PACKAGE)}:{node.lineno}", text


def test_every_text_is_in_the_catalogs() -> None:
    danish = words("da")
    known = {*danish.messages, *danish.plurals}
    hidden = [place for place, text in texts() if text not in known]
    assert not hidden
