"""A step is everything or nothing, leaves one event, and refuses what is stale."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from workbench.store.transaction import StaleRowError, StaleViewError
from workbench.store.workspace import Workspace


def users(workspace: Workspace) -> list[dict[str, Any]]:
    with workspace.read() as reader:
        return reader.records("SELECT * FROM user_account")


def rename(workspace: Workspace, name: str, *, version: int) -> int:
    with workspace.transaction("rename") as transaction:
        changes = {"display_name": name}
        return transaction.edit("user_account", 1, version=version, changes=changes)


def test_a_step_that_fails_leaves_nothing(workspace: Workspace) -> None:
    before = users(workspace)
    with workspace.read() as reader:
        seq = reader.seq

    def fail() -> None:
        with workspace.transaction("rename") as transaction:
            transaction.edit("user_account", 1, version=1, changes={"display_name": "Ida"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert users(workspace) == before
    with workspace.read() as reader:
        assert reader.seq == seq


def test_every_step_leaves_one_event(workspace: Workspace) -> None:
    ida = replace(workspace, actor="ida")
    with ida.transaction("one", file="f.csv") as transaction:
        transaction.note(lines=3)
        number = transaction.number
    with workspace.read() as reader:
        (event,) = reader.records("SELECT * FROM audit_event WHERE step = 'one'")
    assert (event["seq"], event["actor"]) == (number, "ida")
    assert event["subject"] == '{"file": "f.csv", "lines": 3}'
    assert event["at"] == "2026-10-12T08:00:00.000000Z"


def test_an_edit_keeps_what_was_there(workspace: Workspace) -> None:
    assert rename(workspace, "Ida", version=1) == 2
    assert rename(workspace, "Bo", version=2) == 3
    with workspace.read() as reader:
        versions = reader.rows("SELECT version, fields FROM row_version ORDER BY version")
        edits = reader.records("SELECT * FROM audit_row ORDER BY seq")
    assert versions[1] == (2, '{"display_name": "Ida"}')
    assert [edit["fields"] for edit in edits] == ['["display_name"]'] * 2
    assert edits[0]["after_digest"] == edits[1]["before_digest"]
    assert "Ida" not in str(edits)


def test_a_stale_edit_says_what_changed_and_who_did_it(workspace: Workspace) -> None:
    rename(replace(workspace, actor="bo"), "Bo", version=1)
    rename(replace(workspace, actor="eva"), "Eva", version=2)
    with pytest.raises(StaleRowError) as refused:
        rename(workspace, "Ida", version=1)
    assert (refused.value.version, refused.value.row_id) == (3, 1)
    said = str(refused.value)
    assert "display_name changed by bo at 2026-10-12" in said
    assert "display_name changed by eva" in said
    assert users(workspace)[0]["display_name"] == "Eva"
    with pytest.raises(StaleRowError) as later:
        rename(workspace, "Ida", version=2)
    assert "bo" not in str(later.value)


def test_acting_on_an_old_view_is_refused(workspace: Workspace) -> None:
    with workspace.read() as reader:
        seen = reader.seq
    with workspace.transaction("now", as_seen=seen):
        pass
    with pytest.raises(StaleViewError), workspace.transaction("late", as_seen=seen):
        pass


def test_a_view_is_one_moment(workspace: Workspace) -> None:
    with workspace.read() as reader:
        before = reader.seq
        rename(workspace, "Ida", version=1)
        assert reader.seq == before
        assert reader.value("SELECT display_name FROM user_account") != "Ida"


def test_identifiers_are_never_drawn_twice(workspace: Workspace) -> None:
    drawn = [workspace.draw_ids(3), workspace.draw_ids(1)]
    assert drawn[1] == drawn[0] + 3
    frame = workspace.with_ids(pl.DataFrame({"a": [1, 2]}), "row_id")
    assert frame["row_id"].to_list() == [drawn[1] + 1, drawn[1] + 2]
    with workspace.transaction("draw") as transaction:
        within = transaction.draw_ids(2)
    assert within == drawn[1] + 3
    with workspace.read() as reader:
        assert reader.value("SELECT next_id FROM id_sequence") == within + 2


def test_frames_come_back_as_they_went(workspace: Workspace) -> None:
    schema = pl.Schema({"day": pl.Date, "yes": pl.Boolean, "key": pl.UInt64, "text": pl.String})
    sql = "SELECT '2026-10-12', 1, -1, NULL UNION ALL SELECT NULL, 0, 5, 'å'"
    with workspace.read() as reader:
        found = reader.frame(sql, schema=schema)
        assert reader.frame(f"{sql} LIMIT 0", schema=schema).schema == schema
    assert found.rows() == [
        (dt.date(2026, 10, 12), True, 2**64 - 1, None),
        (None, False, 5, "å"),
    ]


def test_gathered_rows_are_those_of_a_frame(workspace: Workspace) -> None:
    question = "SELECT 1, 'æ\"', '2026-11-02', 1, NULL UNION ALL SELECT -2, NULL, NULL, 0, 'x'"
    schema = pl.Schema(
        {"n": pl.Int64, "t": pl.String, "d": pl.Date, "b": pl.Boolean, "e": pl.String}
    )
    with workspace.read() as reader:
        frame = reader.frame(question, schema=schema)
        gathered = reader.gathered(question, schema=schema)
        none = reader.gathered(f"{question} LIMIT 0", schema=schema)
    assert gathered.sort("n").equals(frame.sort("n"))
    assert none.schema == frame.schema
    assert none.is_empty()
