"""The prose of a notebook in the reader's language: headings, paragraphs, title.

Notebooks are stored in English. What a person opens is a copy, and its words come from the
catalogs, paragraph by paragraph, as all other words do.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

from workbench.model.texts import translate

#: The language in which notebooks are stored.
SOURCE_LANGUAGE = "en"

#: The marks that make a paragraph a heading or an item; they are no words.
_MARKS = re.compile(r"^(#+ |[-*] )?(.*)$", re.DOTALL)

#: What the front door shows of a screen.
_SHOWN = ("title", "about")


def paragraphs(notebook: dict[str, Any]) -> Iterator[str]:
    """Every text of a notebook (nbformat 4, as JSON) that has a translation of its own."""
    shown = notebook.get("metadata", {}).get("workbench", {})
    yield from (shown[key] for key in _SHOWN if key in shown)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            yield from (_words(part)[1] for part in _parts(cell) if part.strip())


def localized(notebook: dict[str, Any], *, language: str) -> dict[str, Any]:
    """A copy of a notebook with its prose in a language."""
    found = copy.deepcopy(notebook)
    if language == SOURCE_LANGUAGE:
        return found
    shown = found.get("metadata", {}).get("workbench", {})
    for key in _SHOWN:
        if key in shown:
            shown[key] = translate(shown[key], language=language)
    for cell in found["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = "\n\n".join(_said(part, language) for part in _parts(cell))
    return found


def _parts(cell: dict[str, Any]) -> list[str]:
    source = cell["source"]
    text = source if isinstance(source, str) else "".join(source)
    return text.split("\n\n")


def _words(part: str) -> tuple[str, str]:
    found = _MARKS.match(part)
    assert found is not None  # the pattern takes any text
    return found[1] or "", found[2].strip()


def _said(part: str, language: str) -> str:
    marks, words = _words(part)
    return marks + translate(words, language=language) if words else part
