"""The catalog of problems: severity, words and what to do, keyed by code.

A new problem is one entry here. Words in braces are the problem's params.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Entry:
    """The severity and the English words of one problem code."""

    severity: Literal["fatal", "error", "warning"]
    message: str
    advice: str


#: Files as such.
FILES: dict[str, Entry] = {
    "unknown_format": Entry(
        "fatal",
        "{name} is of no known kind.",
        "Check that it is the file that the payment center or the bank sent.",
    ),
    "empty_file": Entry(
        "fatal",
        "{name} is empty.",
        "Fetch the file again from the sender.",
    ),
}

#: Every problem that the workbench can report.
CATALOG: dict[str, Entry] = {**FILES}
