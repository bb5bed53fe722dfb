"""Mappings that were saved: the last of a name counts, and files find theirs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from workbench.ledger.files import saved_mappings
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.files.mapping_proposal import propose
from workbench.ledger.files.saved_mappings import (
    UnknownMappingError,
    detect,
    find,
    listing,
    save,
)
from workbench.store.workspace import Workspace

EXPORTS = Path(__file__).parents[1] / "samples" / "erp" / "exports"
FILE = EXPORTS / "business_central_da.csv"


def test_the_last_mapping_of_a_name_counts(workspace: Workspace) -> None:
    first = save(workspace, purpose="entries", name="BC", text="a = 1\n")
    assert save(workspace, purpose="entries", name="BC", text="a = 2\n") != first
    save(workspace, purpose="customers", name="BC", text="b = 1\n")
    with workspace.read() as reader:
        assert find(reader, purpose="entries", name="BC") == MappingText("BC", "a = 2\n")
        found = listing(reader).select("purpose", "name", "versions").rows()
        assert found == [("customers", "BC", 1), ("entries", "BC", 2)]


def test_saving_the_same_again_changes_nothing(workspace: Workspace) -> None:
    saved = save(workspace, purpose="entries", name="BC", text="a = 1\n")
    with workspace.read() as reader:
        seen = reader.seq
    assert save(workspace, purpose="entries", name="BC", text="a = 1\n") == saved
    with workspace.read() as reader:
        assert reader.seq == seen


def test_a_file_finds_the_mapping_saved_for_its_headings(workspace: Workspace) -> None:
    content = FILE.read_bytes()
    text = propose(content, name=FILE.name, purpose="entries").text
    with workspace.read() as reader:
        assert detect(reader, purpose="entries", content=content, name="f") is None
    save(workspace, purpose="entries", name="old", text=text)
    save(workspace, purpose="entries", name="new", text=f"{text}\n")
    save(workspace, purpose="entries", name="other", text="[columns]\n")
    later = content.replace(b"F1", b"F2")
    other = content.replace(b"Forfaldsdato", b"Forfald")
    with workspace.read() as reader:
        found = detect(reader, purpose="entries", content=later, name="f")
        assert found is not None
        assert found.name == "new"
        assert detect(reader, purpose="entries", content=other, name="f") is None
        assert detect(reader, purpose="customers", content=later, name="f") is None


def test_an_unknown_mapping_is_told_with_those_that_are_known(workspace: Workspace) -> None:
    save(workspace, purpose="entries", name="BC", text="a = 1\n")
    with workspace.read() as reader, pytest.raises(UnknownMappingError, match="saved: BC"):
        find(reader, purpose="entries", name="bc")


def test_a_path_is_a_file_where_there_is_one(workspace: Workspace, tmp_path: Path) -> None:
    save(workspace, purpose="entries", name="BC", text="a = 1\n")
    path = tmp_path / "map.toml"
    path.write_text("", encoding="utf-8")
    source = saved_mappings.source
    assert source(workspace, purpose="entries", mapping=path) == path
    assert source(workspace, purpose="entries", mapping=Path("BC")) == MappingText(
        "BC", "a = 1\n"
    )


def test_a_saved_mapping_is_never_changed(workspace: Workspace) -> None:
    save(workspace, purpose="entries", name="BC", text="a = 1\n")
    for statement in ("UPDATE erp_mapping SET text = ''", "DELETE FROM erp_mapping"):
        with (
            pytest.raises(sqlite3.IntegrityError),
            workspace.transaction("tamper") as transaction,
        ):
            transaction.execute(statement)
