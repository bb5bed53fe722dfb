"""What came of a file, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.collection.incoming import Import
from workbench.widgets.screen import Screen
from workbench.widgets.words import OUTCOMES

#: Outcomes after which a file asks nothing of anybody.
SETTLED = frozenset({"accepted", "read_before"})


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


def imported_all(files: Sequence[Import], screen: Screen) -> str:
    """What came of several files: those that were read together, each of the others."""
    if not files:
        return screen.say("The inbox is empty.")
    read = [one for one in files if one.outcome == "accepted"]
    sums = {key: sum(outcomes(one).get(key, 0) for one in read) for key in OUTCOMES.texts}
    told = screen.counted("{count} file was read", "{count} files were read", len(read))
    lines = screen.counted("{count} payment line", "{count} payment lines", sum(sums.values()))
    each = ", ".join(
        f"{screen.say(OUTCOMES.texts[key]).lower()} {screen.numbers.integer(number)}"
        for key, number in sums.items()
        if number
    )
    others = [imported(one, screen) for one in files if one not in read]
    good = [f"{told}, {lines}{f': {each}' if each else ''}."] * bool(read)
    return " ".join([*good, *others])


def outcomes(one: Import) -> Mapping[str, int]:
    """The outcomes of a payment file's lines; nothing for a receipt."""
    return {key: number for key, number in one.counts.items() if key in OUTCOMES.texts}
