"""A delivery that may not have left: shown, and settled by a person's word."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbench.collection.suggest import suggest
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.collection_journal import CollectionJournal
from workbench.widgets.screen import open_screen

At = Callable[[str], Workspace]
DAY = "2026-10-12"


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    """A workspace whose delivery vanished between *sending* and *sent*."""
    workspace = at_stage("inbox")
    with workspace.transaction("test") as transaction:
        transaction.execute("UPDATE delivery SET state = 'unknown'")
        transaction.execute(
            "UPDATE collection_line SET status = 'approved' WHERE delivery_id IS NOT NULL"
        )
    return workspace


def states(workspace: Workspace) -> tuple[set[str], set[str]]:
    with workspace.read() as reader:
        return (
            {state for (state,) in reader.rows("SELECT state FROM delivery")},
            {
                status
                for (status,) in reader.rows(
                    "SELECT status FROM collection_line WHERE delivery_id IS NOT NULL"
                )
            },
        )


def test_it_is_not_settled_without_a_reason(workspace: Workspace) -> None:
    part = CollectionJournal(open_screen(str(workspace.folder), as_of=DAY)).sending.unknown
    assert part.question.layout.display == ""
    part.sent_button.click()
    assert "how you know" in part.desk.answer
    assert states(workspace) == ({"unknown"}, {"approved"})


def test_sent_means_that_the_answer_is_waited_for(workspace: Workspace) -> None:
    part = CollectionJournal(open_screen(str(workspace.folder), as_of=DAY)).sending.unknown
    part.reason.value = "The center confirmed it"
    part.sent_button.click()
    assert "The center confirmed it" in part.desk.question
    part.desk.confirm_button.click()
    assert states(workspace) == ({"sent"}, {"sent"})
    assert part.question.layout.display == "none"
    assert verify(workspace).holds


def test_not_sent_lets_the_entries_come_again(workspace: Workspace) -> None:
    screen = open_screen(str(workspace.folder), as_of=DAY)
    part = CollectionJournal(screen).sending.unknown
    part.reason.value = "The center knows nothing of it"
    part.not_sent_button.click()
    part.desk.confirm_button.click()
    assert states(workspace) == ({"not_sent"}, {"stopped"})
    again = suggest(workspace, system="BS", as_of=screen.as_of)
    with workspace.read() as reader:
        stopped, fresh = (
            {row[0] for row in reader.rows(question)}
            for question in (
                "SELECT reference FROM collection_line WHERE status = 'stopped'",
                "SELECT reference FROM collection_line WHERE status = 'created'",
            )
        )
    assert again.lines == len(fresh) >= len(stopped) > 0
    assert not stopped & fresh
    assert verify(workspace).holds
