from __future__ import annotations

from pathlib import Path

import pytest

from workbench.jobs.parameters import (
    DeclarationError,
    Kind,
    MissingParameterError,
    Parameter,
    ParameterError,
    UnknownParameterError,
    WrongParameterError,
    accepted,
    declared,
)

BASE = 'as_of: str = ""  # date: the day that counts as today\nworkspace: str = ""  # filled\n'
FULL = (
    BASE
    + 'file: str = ""  # file: what to read; # all of the inbox when empty\n'
    + "limit: int = -3  # note: how many\n"
    + "dry_run: bool = False\n"
    + "# a line of its own\n"
    + 'reason: str = "none # yet"  # required: why\n'
    + "until: str  # date: the last day\n"
)


def test_the_cell_declares_names_kinds_defaults_and_help() -> None:
    assert declared(FULL) == (
        Parameter("as_of", Kind.DATE, "", False, "the day that counts as today"),
        Parameter("workspace", Kind.TEXT, "", False, "filled"),
        Parameter("file", Kind.FILE, "", False, "what to read; # all of the inbox when empty"),
        Parameter("limit", Kind.INTEGER, -3, False, "note: how many"),
        Parameter("dry_run", Kind.BOOLEAN, False, False, ""),
        Parameter("reason", Kind.TEXT, "none # yet", True, "why"),
        Parameter("until", Kind.DATE, None, True, "the last day"),
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("limit = 3", "name: type = value"),
        ("import os", "name: type = value"),
        ("limit: float = 3.0", "found float"),
        ("limit: int = 3.0", "not text or whole number"),
        ("limit: int = True", "not a whole number"),
        ("dry: bool = 1", "not true or false"),
        ("name: str = 5", "not text"),
        ("limit: int = 1 + max(2, 3)", "plain literal"),
        ("limit: int = None", "not text or whole number"),
        ('day: str = "2026-02-30"  # date: day', "not a date"),
        ("day: int = 5  # date: day", "annotated as str"),
        ('as_of: str = ""  # date: again', "twice"),
        ("limit: int = (", "not Python"),
    ],
)
def test_a_cell_that_declares_anything_else_is_refused(line: str, words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        declared(BASE + line + "\n")


@pytest.mark.parametrize(
    "source",
    ["", 'as_of: str = ""  # date: day\n', 'workspace: str = ""\n', BASE.replace("date", "x")],
)
def test_every_job_has_a_day_and_a_workspace(source: str) -> None:
    with pytest.raises(DeclarationError, match="must declare as_of"):
        declared(source)


def test_what_was_typed_becomes_plain_literals(tmp_path: Path) -> None:
    file = tmp_path / "in.txt"
    file.touch()
    given = {
        "as_of": "2026-10-12",
        "file": str(tmp_path / "." / "in.txt"),
        "limit": "40",
        "dry_run": "Yes",
        "reason": "the bank confirmed it",
        "until": "2028-02-29",
    }
    assert accepted(declared(FULL), given) == {
        "as_of": "2026-10-12",
        "file": str(file),
        "limit": 40,
        "dry_run": True,
        "reason": "the bank confirmed it",
        "until": "2028-02-29",
    }


def test_defaults_fill_what_was_not_passed() -> None:
    found = accepted(declared(FULL), {"reason": "r", "until": "2026-01-01", "file": ""})
    assert found["file"] == ""
    assert found["as_of"] == ""
    assert found["limit"] == -3
    assert found["dry_run"] is False


def test_a_relative_file_is_meant_from_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in.txt").touch()
    monkeypatch.chdir(tmp_path)
    found = accepted(declared(BASE + 'file: str = ""  # file: f\n'), {"file": "in.txt"})
    assert found["file"] == str(tmp_path / "in.txt")


WRONG: list[tuple[dict[str, str], type[ParameterError], str]] = [
    ({"limits": "4"}, UnknownParameterError, "limits"),
    ({"workspace": "/elsewhere"}, UnknownParameterError, "workspace"),
    ({"limit": "4.0"}, WrongParameterError, "limit"),
    ({"limit": "1_000"}, WrongParameterError, "limit"),
    ({"limit": "٣"}, WrongParameterError, "limit"),
    ({"limit": ""}, WrongParameterError, "limit"),
    ({"dry_run": "1"}, WrongParameterError, "dry_run"),
    ({"as_of": "12-10-2026"}, WrongParameterError, "as_of"),
    ({"as_of": "20261012"}, WrongParameterError, "as_of"),
    ({"as_of": "2026-W41-1"}, WrongParameterError, "as_of"),
    ({"as_of": "2026-02-29"}, WrongParameterError, "as_of"),
    ({"file": "/no/such/file"}, WrongParameterError, "file"),
    ({"file": "/"}, WrongParameterError, "file"),
    ({"until": ""}, WrongParameterError, "until"),
]


@pytest.mark.parametrize(("given", "kind", "name"), WRONG)
def test_wrong_parameters_are_refused(
    given: dict[str, str], kind: type[ParameterError], name: str
) -> None:
    with pytest.raises(kind) as caught:
        accepted(declared(FULL), {"reason": "r", "until": "2026-01-01", **given})
    assert caught.value.name == name
    assert caught.value.found == given[name]
    assert caught.value.known == ("as_of", "file", "limit", "dry_run", "reason", "until")
    assert repr(given[name]) in str(caught.value)


def test_required_parameters_are_asked_for_even_with_a_default() -> None:
    with pytest.raises(MissingParameterError, match="reason: expected text, found nothing"):
        accepted(declared(FULL), {"until": "2026-01-01"})
    with pytest.raises(MissingParameterError, match="until: expected a date"):
        accepted(declared(FULL), {"reason": "r"})
