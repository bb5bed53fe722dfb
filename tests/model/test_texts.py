from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from string import Formatter
from types import ModuleType

import pytest

from workbench.model.texts import LANGUAGES, marked, translate, translate_plural, words

ROOT = Path(__file__).resolve().parents[2]
TRANSLATED = LANGUAGES[1:]

#: Where the words of the reconciliation report stand; they are translated without a gap.
REPORT = (
    "templates/",
    "workbench/collection/advice.py",
    "workbench/documents/",
    "workbench/matching/aging.py",
    "workbench/matching/classes.py",
    "workbench/matching/rules.py",
)


@pytest.fixture(scope="module")
def extraction() -> ModuleType:
    path = ROOT / "tools" / "update_catalogs.py"
    spec = importlib.util.spec_from_file_location("update_catalogs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fields(message: str) -> list[str]:
    """The placeholders of a message."""
    return sorted(name for _, name, _, _ in Formatter().parse(message) if name is not None)


def test_words_in_each_language() -> None:
    shown = [translate("Amount", language=language) for language in LANGUAGES]
    assert shown == ["Amount", "Beløb", "Beløp", "Belopp"]


def test_an_unknown_message_stays_english() -> None:
    assert translate("No catalog has this.", language="da") == "No catalog has this."
    assert translate("", language="da") == ""
    plural = translate_plural("{n} owl", "{n} owls", number=2, language="sv")
    assert plural == "{n} owls"
    assert marked("Amount") == "Amount"


@pytest.mark.parametrize("number", [0, 1, 2, 21])
def test_plural_forms(number: int) -> None:
    english = translate_plural("{count} event", "{count} events", number=number, language="en")
    danish = translate_plural("{count} event", "{count} events", number=number, language="da")
    assert english == ("{count} event" if number == 1 else "{count} events")
    assert danish == ("{count} hændelse" if number == 1 else "{count} hændelser")


def test_an_unknown_language_is_a_mistake() -> None:
    with pytest.raises(AssertionError):
        translate("Amount", language="de")


@pytest.mark.parametrize("language", TRANSLATED)
def test_placeholders_survive_translation(language: str) -> None:
    catalog = words(language)
    for message, translation in catalog.messages.items():
        assert fields(translation) == fields(message), message
    for message, forms in catalog.plurals.items():
        for form in forms:
            assert fields(form) == fields(message), message


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_report_is_translated_and_the_rest_is_listed(
    language: str, extraction: ModuleType
) -> None:
    catalog = words(language)
    missing = {
        f"{place}: {message}"
        for place, message in extraction.texts()
        if (
            message not in catalog.messages
            if isinstance(message, str)
            else message[0] not in catalog.plurals
        )
    }
    print(*sorted(missing), sep="\n")  # noqa: T201  # the list, shown by pytest -rP
    assert not [line for line in sorted(missing) if line.startswith(REPORT)]


def test_extraction_finds_python_templates_and_problems(extraction: ModuleType) -> None:
    found = {
        message if isinstance(message, str) else message[0] for _, message in extraction.texts()
    }
    assert {"Reconciliation report", "Signature", "Overpaid", "{count} event"} <= found
    assert "{name} is empty." in found


def test_english_readers_do_not_load_babel() -> None:
    code = (
        "import sys; from workbench.model.texts import translate;"
        "translate('Amount', language='en'); sys.exit('babel' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
