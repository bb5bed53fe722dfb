"""What is past its time is gone from every byte of the workspace, and every sum holds."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.cli.command_list import app
from workbench.collection import journal
from workbench.collection.decisions import allow_by_rule
from workbench.collection.evidence import line_evidence
from workbench.collection.past_time import first_day_kept
from workbench.collection.settlement import post_payments
from workbench.ledger.open_entries import open_entries
from workbench.reports.backups import back_up
from workbench.reports.forgetting import approve, listed
from workbench.reports.verification import verify
from workbench.store import archive, users
from workbench.store.archive import RemovedFromArchiveError
from workbench.store.people import MissingRoleError
from workbench.store.personal_data import (
    NoPersonError,
    NoReasonError,
    masked_name,
    person_of,
    show_personal,
)
from workbench.store.soundness import faults_of
from workbench.store.workspace import Workspace, open_workspace
from workbench.widgets.journal_lines import COLUMNS
from workbench.widgets.screen import open_screen

#: The month of the fixtures is that of 2026; this is the first day of its removal.
LATER = dt.date(2033, 1, 1)
REASON = "yearly clean-up"


@pytest.fixture
def company(month: Path, tmp_path: Path) -> Workspace:
    """A posted month, with traces of its people in every corner of the folder."""
    shutil.copytree(month / "read", tmp_path / "company")
    paid = dt.datetime(2026, 12, 2, 8, tzinfo=dt.UTC)
    workspace = open_workspace(tmp_path / "company", clock=lambda: paid)
    allow_by_rule(workspace)
    post_payments(workspace, as_of=paid.date())
    with workspace.transaction("said", role="prepare") as transaction:
        transaction.execute(
            "INSERT INTO payment_person SELECT payment_line_id, '7100000000000012347', "
            "iif(outcome = 'held', 'Hilsen Wilhelmina Xanthe', 'Hilsen Quirinus Zwolle') "
            "FROM current_outcome"
        )
    return workspace


def names_of(workspace: Workspace, numbers: list[str]) -> list[str]:
    """The names of these customers that nobody else has."""
    with workspace.read() as reader:
        found = reader.rows(
            "SELECT name FROM person JOIN customer USING (person_id) GROUP BY name "
            "HAVING sum(customer_no NOT IN (SELECT value FROM json_each(?))) = 0",
            [json.dumps(numbers)],
        )
    return [name for (name,) in found]


def end(workspace: Workspace) -> None:
    """Nothing is open any more, and the files were written when it happened."""
    with workspace.transaction("end", role="administer") as transaction:
        transaction.execute(
            "UPDATE agreement SET status = 'cancelled', valid_to = '2026-12-31'"
        )
    old = dt.datetime(2026, 12, 31, tzinfo=dt.UTC).timestamp()
    (workspace.folder / "reports" / "reconciliation.html").write_text("Quirinus Zwolle")
    for home in ("reports", "inbox", "outbox"):
        for path in (workspace.folder / home).iterdir():
            os.utime(path, (old, old))


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def holds(content: bytes, name: str) -> bool:
    return any(name.encode(encoding) in content for encoding in ("utf-8", "latin-1"))


def test_papers_are_kept_for_years_beyond_their_financial_year() -> None:
    day = dt.date
    assert first_day_kept(day(2031, 12, 31), years=5) == day(2026, 1, 1)
    assert first_day_kept(day(2032, 1, 1), years=5) == day(2027, 1, 1)
    assert first_day_kept(day(2032, 6, 30), years=5, first_month=7) == day(2026, 7, 1)
    assert first_day_kept(day(2032, 7, 1), years=5, first_month=7) == day(2027, 7, 1)


def test_nothing_is_past_its_time_while_something_is_open(company: Workspace) -> None:
    early = listed(company, as_of=dt.date(2031, 12, 31))
    assert set(early.removal.counts.values()) == {0}
    found = listed(company, as_of=LATER).found.people["customer_no"]
    with company.read() as reader:
        remaining = open_entries(reader, as_of=LATER)["customer_no"]
    agreed = _rows(
        company,
        "SELECT customer_no FROM agreement JOIN customer USING (customer_id) "
        "WHERE status <> 'cancelled'",
    )
    assert len(found) > 0
    assert not set(found) & set(remaining)
    assert not set(found) & {number for (number,) in agreed}
    end(company)
    assert len(listed(company, as_of=LATER).found.people) > len(found)


def test_what_is_removed_is_gone_from_every_byte(company: Workspace) -> None:
    end(company)
    back_up(company)
    with company.read() as reader:
        words = "SELECT count(*), min(payment_line_id) FROM payment_person WHERE text LIKE ?"
        ((personal, line_id),) = reader.rows(words, ["%Quirinus%"])
        ((held, _),) = reader.rows(words, ["%Wilhelmina%"])
    assert personal > 0
    assert held > 0
    found = listed(company, as_of=LATER)
    numbers = found.found.people["customer_no"].to_list()
    names = names_of(company, numbers)
    assert len(numbers) > 10
    kept = {name for (name,) in _rows(company, "SELECT name FROM person")} - set(names)
    assert kept, "customers with open entries stay"
    before = bytes_of(company.folder)
    assert all(holds(before, name) for name in names)
    made = approve(company, found, reason=REASON)
    after = bytes_of(company.folder)
    assert [name for name in names if holds(after, name)] == []
    assert [name for name in kept if not holds(after, name)] == []
    assert b"Quirinus Zwolle" not in after
    assert _rows(company, "SELECT count(*) FROM payment_person") == [(held,)]
    verify(company).require()
    assert faults_of(company) == ()
    assert made is not None
    assert [path.name for path in (company.folder / "backups").iterdir()] == [made.name]
    (row,) = _rows(company, "SELECT before, removed, reason, actor FROM retention")
    counts = json.loads(row[1])
    assert row[0] == "2028-01-01"
    assert counts["people"] == len(numbers)
    assert counts["payments"] == personal
    assert counts["files"] == len(_rows(company, "SELECT * FROM archive_removal")) > 3
    assert row[2:] == (REASON, company.actor)
    with company.read() as reader:
        assert line_evidence(reader, line_id).payment["text"] is None
        with pytest.raises(NoPersonError):
            person_of(reader, numbers[0])
    (sha256, *_) = found.removal.archived
    with pytest.raises(RemovedFromArchiveError, match="removed on 2026-12-02 under retention"):
        archive.fetch(company, sha256)
    again = listed(company, as_of=LATER)
    assert set(again.removal.counts.values()) == {0}


def _rows(workspace: Workspace, question: str) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(question)


#: Ends itself before the n-th deletion of a file.
PROGRAM = """
import datetime as dt, os, signal, sys
from pathlib import Path
from typing import Any
from workbench.reports.forgetting import approve, listed
from workbench.store.workspace import open_workspace

workspace = open_workspace(Path(sys.argv[1]))
found = listed(workspace, as_of=dt.date(2033, 1, 1))
count = 0

def watch(event, arguments):
    global count
    if event in {"os.remove", "os.rmdir"}:
        count += 1
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
approve(workspace, found, reason="killed")
"""


@pytest.mark.parametrize("stop", [1, 4])
def test_a_removal_that_was_killed_is_finished_at_the_next_start(
    company: Workspace, stop: int
) -> None:
    end(company)
    found = listed(company, as_of=LATER)
    names = names_of(company, found.found.people["customer_no"].to_list())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, company.folder, str(stop)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    opened = open_workspace(company.folder)
    after = bytes_of(company.folder)
    assert [name for name in names if holds(after, name)] == []
    assert faults_of(opened) == ()
    assert not _rows(opened, "SELECT 1 FROM setting WHERE key = 'retention_pending'")
    (last,) = _rows(opened, "SELECT step FROM audit_event ORDER BY seq DESC LIMIT 1")
    assert last == ("retention_finished",)


def test_only_who_administers_removes(company: Workspace) -> None:
    end(company)
    users.add(company, "bo", name="Bo", roles=["prepare", "approve", "post"])
    bo = Workspace(company.folder, clock=company.clock, actor="bo")
    before = bytes_of(company.folder / "archive")
    with pytest.raises(MissingRoleError):
        approve(bo, listed(bo, as_of=LATER), reason=REASON)
    assert bytes_of(company.folder / "archive") == before


def test_personal_data_is_shown_to_who_says_what_for(company: Workspace) -> None:
    ((customer_no, name),) = _rows(
        company, "SELECT customer_no, name FROM customer JOIN person USING (person_id) LIMIT 1"
    )
    with company.read() as reader:
        person_id = person_of(reader, str(customer_no))
    with pytest.raises(NoReasonError):
        show_personal(company, person_id, reason="  ")
    assert _rows(company, "SELECT * FROM disclosure") == []
    assert show_personal(company, person_id, reason="she called")["name"] == name
    assert _rows(company, "SELECT person_id, reason, actor FROM disclosure") == [
        (person_id, "she called", company.actor)
    ]
    verify(company).require()


def test_a_masked_name_is_its_first_letters() -> None:
    assert masked_name("Anders And") == "A••••• A•••••"
    assert masked_name("") == ""


def test_the_command_lists_masked_and_removes_only_when_approved(company: Workspace) -> None:
    end(company)
    runner = CliRunner()
    base = ["--workspace", str(company.folder)]
    (name, *_) = names_of(
        company, listed(company, as_of=LATER).found.people["customer_no"].to_list()
    )
    told = runner.invoke(app, [*base, "retention", "--as-of", "2033-01-01"])
    assert told.exit_code == 0, told.output
    assert name not in told.output
    assert "Nothing was removed" in told.output
    refused = runner.invoke(app, [*base, "retention", "--as-of", "2033-01-01", "--approve"])
    assert refused.exit_code == 2
    done = runner.invoke(
        app,
        [*base, "retention", "--as-of", "2033-01-01", "--approve", "--reason", "x", "--json"],
    )
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["removed"] is True
    assert _rows(company, "SELECT reason FROM retention") == [("x",)]


def test_a_removed_person_is_shown_as_removed(company: Workspace) -> None:
    end(company)
    approve(company, listed(company, as_of=LATER), reason=REASON)
    screen = open_screen(str(company.folder), as_of=LATER.isoformat())
    with company.read() as reader:
        names = journal.lines(reader)["name"]
    column = next(column for column in COLUMNS if column.name == "name")
    shown = {column.cell(name, screen, currency="").text for name in names}
    assert names.null_count() > 0
    assert "removed" in shown
