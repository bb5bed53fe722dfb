"""What came of a file, in a sentence."""

from __future__ import annotations

from workbench.collection.incoming import Import
from workbench.widgets.screen import Screen


def imported(result: Import, screen: Screen) -> str:
    """What came of a file: read, waiting, or why not."""
    if result.outcome == "accepted" and result.counts:
        lines = screen.counted("{count} line", "{count} lines", sum(result.counts.values()))
        return screen.say("{name} was read: {lines}.", name=result.name, lines=lines)
    if result.outcome == "accepted":
        return screen.say("{name} was read.", name=result.name)
    language = screen.language
    gravest = next((p for p in result.problems if p.code == result.reason), None)
    why = "" if gravest is None else f" {gravest.message(language=language)}"
    if result.outcome == "waiting":
        return screen.say("{name} waits for you.", name=result.name) + why
    return screen.say("{name} was not read.", name=result.name) + why
