"""Facts stay facts: triggers refuse, and the audit log names whatever was changed."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import pytest

from workbench.store import audit
from workbench.store.workspace import Workspace

#: Tables whose rows can be neither changed nor deleted.
FIXED = (*audit.VOUCHED, "audit_event", "audit_row", "entry", "file_section")

#: How somebody with an SQLite tool would mend history.
TAMPERED = {
    "source_file": "UPDATE source_file SET name = 'other' WHERE file_id = {row}",
    "file_attempt": "UPDATE file_attempt SET reason = 'fine' WHERE attempt_id = {row}",
    "problem_acceptance": "UPDATE problem_acceptance SET actor = 'bo'",
    "voucher": "UPDATE voucher SET posting_date = '2026-01-01' WHERE voucher_id = {row}",
    "posting": "UPDATE posting SET amount_minor = amount_minor + 1 WHERE posting_id = {row}",
    "application": "UPDATE application SET kind = 'penny' WHERE application_id = {row}",
    "payment_line": "UPDATE payment_line SET customer_no = '7' WHERE payment_line_id = {row}",
    "line_outcome": "UPDATE line_outcome SET residual_minor = 5 WHERE outcome_id = {row}",
    "posting_permission": "UPDATE posting_permission SET by_rule = NULL "
    "WHERE permission_id = {row}",
    "line_posting": "UPDATE line_posting SET kind = 'on_account' WHERE payment_line_id = {row}",
    "collection_register": "UPDATE collection_register SET reason = 'x' "
    "WHERE register_id = {row}",
    "total_adjustment": "UPDATE total_adjustment SET amount_minor = 2",
    "erp_mapping": "UPDATE erp_mapping SET text = 'other'",
    "erp_import": "UPDATE erp_import SET as_of = '2026-01-01' WHERE import_id = {row}",
    "erp_import_undo": "UPDATE erp_import_undo SET reason = 'other'",
    "entry_withdrawal": "UPDATE entry_withdrawal SET reason = 'changed_in_erp'",
    "erp_entry_link": "UPDATE erp_entry_link SET erp_entry_no = '4712'",
    "erp_difference": "UPDATE erp_difference SET shown_minor = shown_minor + 1",
    "erp_difference_end": "UPDATE erp_difference_end SET decision = 'booked'",
    "handover": "UPDATE handover SET mapping_name = 'other' WHERE handover_id = {row}",
    "handover_file": "UPDATE handover_file SET lines = lines + 1",
    "handover_total": "UPDATE handover_total SET postings = postings + 1",
    "handover_posting": "UPDATE handover_posting SET handover_id = handover_id + 1",
    "handover_application": "UPDATE handover_application SET handover_id = handover_id + 1",
    "handover_mark": "UPDATE handover_mark SET booked = 0 WHERE mark_id = {row}",
    "refund": "UPDATE refund SET amount_minor = amount_minor + 1 WHERE refund_id = {row}",
    "handover_refund": "UPDATE handover_refund SET handover_id = handover_id + 1",
    "refund_withdrawal": "UPDATE refund_withdrawal SET actor = 'bo'",
    "tolerance": "UPDATE tolerance SET amount_minor = amount_minor + 1",
    "period_event": "UPDATE period_event SET reason = 'other'",
    "role_event": "UPDATE role_event SET role = 'administer' WHERE role <> 'administer'",
    "disclosure": "UPDATE disclosure SET reason = 'other'",
    "retention": "UPDATE retention SET removed = '[]'",
    "archive_removal": "UPDATE archive_removal SET sha256 = '01'",
    "take_on": "UPDATE take_on SET summary = '[]'",
}


@contextlib.contextmanager
def opened(workspace: Workspace, *, guarded: bool = True) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(workspace.database)
    if not guarded:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (name,) in triggers.fetchall():
            connection.execute(f"DROP TRIGGER {name}")
    yield connection
    connection.commit()
    connection.close()


def check(workspace: Workspace, *, against: str | None = None) -> audit.ChainState:
    with workspace.read() as reader:
        return audit.check(reader, against=against)


def first_row(connection: sqlite3.Connection, table: str) -> object:
    key = audit.VOUCHED[table].split(", ")[0]
    (found,) = connection.execute(f"SELECT min({key}) FROM {table}").fetchone()  # noqa: S608
    return found


@pytest.mark.parametrize("table", FIXED)
def test_facts_can_be_neither_changed_nor_deleted(full: Workspace, table: str) -> None:
    with opened(full) as connection:
        if (
            table == "audit_row"
            and not connection.execute("SELECT 1 FROM audit_row").fetchone()
        ):
            connection.execute(
                "INSERT INTO audit_row VALUES (1, 1, 'customer', 1, '[]', 'ab', 'cd')"
            )
        (rows,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        assert rows, table
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        column = columns[0][1]
        with pytest.raises(sqlite3.IntegrityError, match="cannot be changed"):
            connection.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608
        with pytest.raises(sqlite3.IntegrityError, match="cannot be deleted"):
            connection.execute(f"DELETE FROM {table}")  # noqa: S608
        connection.rollback()
    assert check(full).holds


def test_tampering_is_tried_with_every_vouched_table() -> None:
    assert set(TAMPERED) == set(audit.VOUCHED)


@pytest.mark.parametrize("table", audit.VOUCHED)
def test_a_changed_row_is_named(full: Workspace, table: str) -> None:
    assert check(full).holds
    with opened(full, guarded=False) as connection:
        row = first_row(connection, table)
        assert connection.execute(TAMPERED[table].format(row=row)).rowcount >= 1
    state = check(full)
    assert not state.holds
    assert all(f"rows of {table} recorded by event" in fault for fault in state.faults)


def test_a_deleted_and_an_added_row_are_named(full: Workspace) -> None:
    with opened(full, guarded=False) as connection:
        row = first_row(connection, "application")
        connection.execute("DELETE FROM application WHERE application_id = ?", [row])
        connection.execute(
            "INSERT INTO problem_acceptance SELECT acceptance_id + 1000000, sha256, code, "
            "reason, actor, 999999 FROM problem_acceptance"
        )
    faults = " ".join(check(full).faults)
    assert "rows of application" in faults
    assert "problem_acceptance has rows that no event vouches for" in faults


def test_a_changed_or_missing_event_is_named(full: Workspace) -> None:
    with opened(full, guarded=False) as connection:
        connection.execute("UPDATE audit_event SET actor = 'bo' WHERE seq = 2")
    assert "event 2 was changed" in check(full).faults
    with opened(full) as connection:
        connection.execute("DELETE FROM audit_event WHERE seq = 2")
    assert "event 2 is missing" in check(full).faults


def test_a_rewritten_log_does_not_contain_a_head_kept_elsewhere(full: Workspace) -> None:
    with full.read() as reader:
        noted = audit.head(reader)
    with full.transaction("later"):
        pass
    assert check(full, against=noted).holds
    _rewrite(full, actor="somebody else")
    assert check(full).holds  # the chain has no key: it is consistent again
    state = check(full, against=noted)
    assert state.faults == (f"the log does not contain {noted}",)


def _rewrite(workspace: Workspace, *, actor: str) -> None:
    """Change the second event, and every hash from there on."""
    with workspace.read() as reader:
        events = reader.records("SELECT * FROM audit_event ORDER BY seq")
    with opened(workspace, guarded=False) as connection:
        previous = events[0]["hash"]
        for event in events[1:]:
            changed = actor if event["seq"] == 2 else event["actor"]
            event |= {"actor": changed, "previous_hash": previous}
            previous = audit.event_hash(event)
            connection.execute(
                "UPDATE audit_event SET actor = ?, previous_hash = ?, hash = ? WHERE seq = ?",
                [changed, event["previous_hash"], previous, event["seq"]],
            )


def test_a_garbled_head_is_not_in_the_log(workspace: Workspace) -> None:
    for noted in ("", "1", "x:y", "1:" + "0" * 64):
        assert not check(workspace, against=noted).holds
