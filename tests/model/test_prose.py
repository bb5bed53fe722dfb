"""The prose of a notebook, in the reader's language."""

from __future__ import annotations

import json

import pytest

from workbench.model.prose import localized, paragraphs
from workbench.model.resources import resource_folder
from workbench.model.texts import translate

NOTEBOOK = {
    "metadata": {"workbench": {"title": "Payments", "rank": 20}},
    "cells": [
        {"cell_type": "markdown", "source": ["# What was paid?\n", "\n", "Unknown words."]},
        {"cell_type": "code", "source": "'# What was paid?'", "outputs": []},
    ],
}


def test_headings_keep_their_marks_and_code_stays() -> None:
    danish = localized(NOTEBOOK, language="da")
    assert danish["cells"][0]["source"] == "# Hvad blev betalt?\n\nUnknown words."
    assert danish["cells"][1] == NOTEBOOK["cells"][1]  # type: ignore[index]  # a literal
    assert danish["metadata"]["workbench"] == {"title": "Betalinger", "rank": 20}


def test_english_changes_no_word() -> None:
    assert localized(NOTEBOOK, language="en") == NOTEBOOK
    assert list(paragraphs(NOTEBOOK)) == ["Payments", "What was paid?", "Unknown words."]


@pytest.mark.parametrize("language", ["da", "nb", "sv"])
def test_every_screen_speaks_the_readers_language(language: str) -> None:
    untranslated = {
        text
        for notebook in resource_folder("notebooks").rglob("*.ipynb")
        for text in paragraphs(json.loads(notebook.read_text("utf-8")))
        if translate(text, language=language) == text
    }
    assert not untranslated
