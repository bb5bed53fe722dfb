"""The screen of the collection journal: every click, looked up in the database."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Thread

import pytest

from workbench.collection import journal
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.collection_journal import CollectionJournal
from workbench.widgets.proof import BrokenClaimError
from workbench.widgets.screen import open_screen

At = Callable[[str], Workspace]


def opened(workspace: Workspace, *, as_of: str = "2026-10-12") -> CollectionJournal:
    return CollectionJournal(open_screen(str(workspace.folder), as_of=as_of))


def statuses(workspace: Workspace) -> dict[str, int]:
    with workspace.read() as reader:
        return dict(reader.rows("SELECT status, count(*) FROM collection_line GROUP BY status"))


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    return at_stage("open")


@pytest.fixture
def suggested(workspace: Workspace) -> CollectionJournal:
    screen = opened(workspace)
    screen.suggestion.suggest_button.click()
    return screen


def test_a_month_from_suggestion_to_delivery(workspace: Workspace) -> None:
    screen = opened(workspace)
    assert screen.lines.table.frame.is_empty()
    assert "2026-11-01 – 2026-11-30" in str(screen.suggestion.view.children[0].value)
    screen.suggestion.suggest_button.click()
    made = statuses(workspace)["created"]
    assert f"{made} lines were made" in screen.suggestion.desk.answer
    screen.suggestion.suggest_button.click()
    assert "Nothing new falls due" in screen.suggestion.desk.answer
    screen.lines.validate_button.click()
    assert statuses(workspace) == {"valid": made}
    screen.lines.approve_all_button.click()
    assert statuses(workspace) == {"valid": made}, "nothing before the confirmation"
    assert f"In all: {made} lines" in screen.lines.desk.question
    screen.lines.desk.confirm_button.click()
    assert statuses(workspace) == {"approved": made}
    screen.sending.send_button.click()
    assert not list(workspace.outbox.iterdir())
    screen.sending.desk.confirm_button.click()
    assert statuses(workspace) == {"sent": made}
    assert len(list(workspace.outbox.iterdir())) == 1
    assert screen.sending.send_button.disabled
    screen.proof().require()
    verify(workspace).require()


def test_only_what_was_seen_is_approved(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    suggested.lines.validate_button.click()
    made = statuses(workspace)["valid"]
    suggested.lines.table.boxes[0].value = True
    suggested.lines.approve_button.click()
    line = suggested.lines.table.chosen.row(0, named=True)
    journal.edit(
        workspace, line["collection_line_id"], version=line["version"],
        changes={"text": "Changed by somebody else"}, as_of=dt.date(2026, 10, 12),
    )  # fmt: skip
    suggested.lines.desk.confirm_button.click()
    assert "decide again" in suggested.lines.desk.answer
    assert statuses(workspace) == {"valid": made - 1, "created": 1}
    assert "Changed by somebody else" in suggested.lines.table.rows.value


def test_mending_asks_first_and_makes_the_line_created_again(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    part = suggested.lines
    part.validate_button.click()
    assert part.mending.view.layout.display == "none"
    part.table.boxes[1].value = True
    assert part.mending.view.layout.display == ""
    line = part.table.chosen.row(0, named=True)
    part.mending.save_button.click()
    assert "Nothing was changed in the form" in part.desk.answer
    part.mending.due_date.value = dt.date(2026, 11, 3)
    part.mending.slip_only.value = True
    part.mending.save_button.click()
    assert "2026-11-03" in part.desk.question
    part.desk.confirm_button.click()
    with workspace.read() as reader:
        stored = reader.record(
            "SELECT due_date, slip_only, status, version FROM collection_line "
            "WHERE collection_line_id = ?", [line["collection_line_id"]],
        )  # fmt: skip
    assert stored is not None
    assert (stored["due_date"], stored["slip_only"]) == ("2026-11-03", 1)
    assert stored["status"] == "created"
    assert part.table.chosen["due_date"].to_list() == [dt.date(2026, 11, 3)]


def test_a_stale_mend_is_refused_and_shows_the_line_as_it_is(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    part = suggested.lines
    part.table.boxes[0].value = True
    line = part.table.chosen.row(0, named=True)
    part.mending.text.value = "Mine"
    part.mending.save_button.click()
    journal.edit(
        workspace, line["collection_line_id"], version=line["version"],
        changes={"text": "Theirs"}, as_of=dt.date(2026, 10, 12),
    )  # fmt: skip
    part.desk.confirm_button.click()
    assert "decide again" in part.desk.answer
    assert part.mending.text.value == "Theirs"


def test_errors_are_told_in_words_with_what_to_do(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    part = suggested.lines
    part.table.boxes[0].value = True
    part.mending.due_date.value = dt.date(2027, 5, 3)
    part.mending.save_button.click()
    part.desk.confirm_button.click()
    part.validate_button.click()
    assert statuses(workspace)["error"] == 1
    assert "1 has errors" in part.desk.answer
    assert "2027-05-03" in part.detail.value
    assert "wb-bad" in part.detail.value
    part.approve_button.click()
    assert "Choose lines that are valid" in part.desk.answer


def test_stopping_needs_a_reason(workspace: Workspace, suggested: CollectionJournal) -> None:
    part = suggested.lines
    part.table.boxes[0].value = True
    part.stop_button.click()
    assert "say why" in part.desk.answer
    part.reason.value = "Moved away"
    part.stop_button.click()
    assert "Moved away" in part.desk.question
    part.desk.confirm_button.click()
    with workspace.read() as reader:
        stopped = reader.rows("SELECT status, stop_reason FROM collection_line "
                              "WHERE status = 'stopped'")  # fmt: skip
    assert stopped == [("stopped", "Moved away")]


def test_a_delivery_that_changed_since_is_not_sent(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    suggested.lines.validate_button.click()
    suggested.lines.approve_all_button.click()
    suggested.lines.desk.confirm_button.click()
    suggested.sending.send_button.click()
    line = suggested.lines.table.frame.row(0, named=True)
    seen = [(line["collection_line_id"], line["version"])]
    journal.stop(workspace, seen, reason="late", as_of=dt.date(2026, 10, 12))
    suggested.sending.desk.confirm_button.click()
    assert "Something changed since" in suggested.sending.desk.answer
    assert not list(workspace.outbox.iterdir())


def test_lines_whose_entries_changed_are_told_and_not_sent(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    suggested.lines.validate_button.click()
    suggested.lines.approve_all_button.click()
    suggested.lines.desk.confirm_button.click()
    with workspace.transaction("other") as transaction:  # what the line asks for is less now
        transaction.execute(
            "UPDATE collection_line_entry SET amount_minor = amount_minor - 1 "
            "WHERE collection_line_id = (SELECT min(collection_line_id) FROM collection_line)"
        )
    made = statuses(workspace)["approved"]
    suggested.sending.send_button.click()
    suggested.sending.desk.confirm_button.click()
    assert statuses(workspace) == {"sent": made - 1, "created": 1}
    assert f"with {made - 1} lines" in suggested.sending.desk.answer
    assert "1 line was not sent" in suggested.sending.desk.answer


def test_unsent_lines_of_an_older_journal_stay_in_sight(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    first = suggested.lines.table.frame.height
    suggested.suggestion.due_to.value = dt.date(2027, 6, 30)
    suggested.suggestion.due_from.value = dt.date(2025, 1, 1)
    suggested.suggestion.suggest_button.click()
    both = suggested.lines.table.frame.height
    assert statuses(workspace) == {"created": both}
    assert both > first
    suggested.proof().require()


def test_what_was_left_out_says_why(suggested: CollectionJournal) -> None:
    left_out = suggested.skipped.frame
    assert left_out.height > 0
    assert "Credit notes outweigh the invoices" in suggested.skipped.rows.value


def test_callbacks_on_other_threads_reach_the_database(
    workspace: Workspace, suggested: CollectionJournal
) -> None:
    """JupyterLab calls back on a thread of its own; SQLite must not mind."""
    click = [suggested.lines.validate_button.click, suggested.lines.approve_all_button.click,
             suggested.lines.desk.confirm_button.click]  # fmt: skip
    for one in click:
        thread = Thread(target=one)
        thread.start()
        thread.join()
    assert set(statuses(workspace)) == {"approved"}


def test_without_a_system_nothing_can_be_suggested(at_stage: At) -> None:
    screen = opened(at_stage("empty"))
    assert screen.suggestion.suggest_button.disabled
    assert screen.sending.send_button.disabled
    screen.proof().require()


def test_the_proof_fails_when_a_row_is_missing(suggested: CollectionJournal) -> None:
    table = suggested.lines.table
    table.show(table.frame.head(table.frame.height - 1))
    with pytest.raises(BrokenClaimError, match="Lines shown"):
        suggested.proof().require()
