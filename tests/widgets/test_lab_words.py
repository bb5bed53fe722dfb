"""What the front door says is known to the catalogs."""

from __future__ import annotations

import re

from workbench.model.resources import resource_folder
from workbench.widgets.lab_words import WORDS, front_door_words

_SAID = re.compile(r"say\('([^']+)'\)")
_NOTICE = re.compile(r"^  \w+: '([^']+)',$", re.MULTILINE)


def test_every_word_of_the_front_door_is_listed() -> None:
    source = resource_folder("labextension") / "static"
    said = {
        text
        for script in source.glob("*.js")
        for pattern in (_SAID, _NOTICE)
        for text in pattern.findall(script.read_text("utf-8"))
    }
    assert said == set(WORDS)


def test_danes_read_danish() -> None:
    danish = front_door_words("da")
    assert danish["Reload"] == "Genindlæs"
    assert front_door_words("en")["Reload"] == "Reload"
