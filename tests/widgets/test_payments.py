"""The screen of payments: files, evidence, decisions and posting, looked up in the database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.collection import decisions
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.payments import Payments
from workbench.widgets.proof import BrokenClaimError
from workbench.widgets.screen import open_screen

At = Callable[[str], Workspace]


def opened(workspace: Workspace) -> Payments:
    return Payments(open_screen(str(workspace.folder), as_of="2026-12-02"))


def outcome(workspace: Workspace, line_id: int) -> dict[str, Any]:
    with workspace.read() as reader:
        found = reader.record(
            "SELECT * FROM current_outcome WHERE payment_line_id = ?", [line_id]
        )
    assert found is not None
    return found


def choose(screen: Payments, **values: object) -> dict[str, Any]:
    """Choose the first line with these values, as a click would."""
    same = [pl.col(name).eq_missing(value) for name, value in values.items()]
    line = screen.lines.table.frame.filter(*same).row(0, named=True)
    screen.lines.table.choose([line["payment_line_id"]])
    return line


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    return at_stage("read")


@pytest.fixture
def screen(workspace: Workspace) -> Payments:
    return opened(workspace)


def test_the_inbox_is_read_and_every_line_has_its_outcome(at_stage: At) -> None:
    workspace = at_stage("inbox")
    screen = opened(workspace)
    assert screen.lines.table.frame.is_empty()
    screen.files.read_button.click()
    assert "files were read" in screen.files.desk.answer
    assert not list(workspace.inbox.iterdir())
    assert screen.files.read_button.disabled
    with workspace.read() as reader:
        lines = reader.value("SELECT count(*) FROM payment_line")
    assert screen.lines.table.frame.height == lines > 0
    screen.proof().require()


def test_a_file_that_waits_is_accepted_with_codes_and_a_reason(at_stage: At) -> None:
    workspace = at_stage("inbox")
    path = spoiled(workspace)
    screen = opened(workspace)
    screen.files.read_button.click()
    assert f"{path.name} waits for you" in screen.files.desk.answer
    assert "wb-warn" in screen.files.desk.answer
    assert path.name in screen.files.problems.value
    (box,) = screen.files.accepted.children
    screen.files.accept_button.click()
    assert "Tick the problems" in screen.files.desk.answer
    box.value = True
    screen.files.reason.value = "The center confirmed it"
    screen.files.accept_button.click()
    assert "The center confirmed it" in screen.files.desk.question
    before = screen.lines.table.frame.height
    screen.files.desk.confirm_button.click()
    assert "was read" in screen.files.desk.answer
    assert screen.lines.table.frame.height > before
    assert not path.exists()
    with workspace.read() as reader:
        assert reader.rows("SELECT code, reason FROM problem_acceptance") == [
            ("bad_date", "The center confirmed it")
        ]
    verify(workspace).require()


def test_a_waiting_file_that_left_the_inbox_comes_from_the_archive(at_stage: At) -> None:
    workspace = at_stage("inbox")
    path = spoiled(workspace)
    screen = opened(workspace)
    screen.files.read_button.click()
    path.unlink()
    screen.files.accepted.children[0].value = True
    screen.files.reason.value = "The center confirmed it"
    screen.files.accept_button.click()
    screen.files.desk.confirm_button.click()
    assert "was read" in screen.files.desk.answer


def test_held_lines_come_first_with_their_evidence(screen: Payments) -> None:
    frame = screen.lines.table.frame
    held = frame.filter(pl.col("outcome") == "held").height
    assert set(frame["outcome"].head(held)) == {"held"}
    choose(screen, outcome="matched", kind="payment_completed")
    shown = screen.lines.detail.value
    assert "✓ agrees" in shown
    assert "+100" in shown
    assert "the matching" in shown
    assert screen.lines.decision.view.layout.display == "none"
    line = choose(screen, outcome="held", **{"class": "over"})
    assert "More was paid than collected." in screen.lines.detail.value
    assert screen.lines.decision.view.layout.display == ""
    assert screen.lines.decision.search.value == line["customer_no"]


def test_money_is_matched_by_a_person(workspace: Workspace, screen: Payments) -> None:
    line = choose(screen, outcome="held", **{"class": "over"})
    form = screen.lines.decision
    form.search.value = line["reference"]
    form.decide_button.click()
    assert "Say why" in screen.lines.desk.answer
    form.reason.value = "Rounded up"
    form.decide_button.click()
    assert "Remains as residual" in screen.lines.desk.question
    assert outcome(workspace, line["payment_line_id"])["outcome"] == "held"
    screen.lines.desk.confirm_button.click()
    now = outcome(workspace, line["payment_line_id"])
    assert (now["outcome"], now["locked"], now["reason"]) == ("matched", 1, "Rounded up")
    assert now["collection_line_id"] == line["collection_line_id"]
    assert now["residual_minor"] == line["difference_minor"]
    assert "Rounded up" in screen.lines.detail.value, "the history shows the decision"
    assert "✓ agrees" in screen.lines.detail.value, "and what the matching found stays"
    screen.proof().require()
    verify(workspace).require()


def test_money_is_put_on_account(workspace: Workspace, screen: Payments) -> None:
    line = choose(screen, outcome="held", **{"class": "unknown_customer"})
    with workspace.read() as reader:
        customer = reader.rows("SELECT customer_id, customer_no FROM customer")[0]
    form = screen.lines.decision
    form.way.value = "on_account"
    form.search.value = customer[1]
    form.target.value = customer[0]
    form.reason.value = "The payer called"
    form.decide_button.click()
    screen.lines.desk.confirm_button.click()
    now = outcome(workspace, line["payment_line_id"])
    assert (now["outcome"], now["class"]) == ("matched", "on_account")
    assert now["customer_id"] == customer[0]
    verify(workspace).require()


def test_a_line_is_ignored_with_a_reason(workspace: Workspace, screen: Payments) -> None:
    line = choose(screen, outcome="held")
    form = screen.lines.decision
    form.way.value = "ignore"
    assert form.search.layout.display == "none"
    form.reason.value = "Sent back by the bank"
    form.decide_button.click()
    screen.lines.desk.confirm_button.click()
    now = outcome(workspace, line["payment_line_id"])
    assert (now["outcome"], now["reason"]) == ("ignored", "Sent back by the bank")
    screen.proof().require()


def test_what_somebody_else_decided_is_refused(workspace: Workspace, screen: Payments) -> None:
    line = choose(screen, outcome="held")
    form = screen.lines.decision
    form.way.value = "ignore"
    form.reason.value = "Mine"
    form.decide_button.click()
    decisions.ignore(workspace, line["payment_line_id"], seen_outcome=line["outcome_id"],
                     reason="Theirs")  # fmt: skip
    screen.lines.desk.confirm_button.click()
    assert "cannot be decided" in screen.lines.desk.answer
    assert outcome(workspace, line["payment_line_id"])["reason"] == "Theirs"
    assert form.view.layout.display == "none"


def test_allowed_money_is_posted_and_only_that(workspace: Workspace, screen: Payments) -> None:
    line = choose(screen, outcome="matched", kind="payment_completed")
    screen.lines.allow_button.click()
    assert "In all: 1 line" in screen.lines.desk.question
    screen.lines.desk.confirm_button.click()
    assert "1 mark was written" in screen.lines.desk.answer
    screen.posting.post_button.click()
    assert "To customers" in screen.posting.desk.question
    screen.posting.desk.confirm_button.click()
    with workspace.read() as reader:
        posted = reader.rows("SELECT payment_line_id FROM line_posting WHERE kind = 'payment'")
        held = reader.value("SELECT count(*) FROM line_posting WHERE kind = 'held'")
    assert posted == [(line["payment_line_id"],)]
    assert held == screen.lines.table.frame.filter(pl.col("outcome") == "held").height
    assert screen.posting.post_button.disabled
    screen.lines.allow_button.click()
    assert "not posted to a customer yet" in screen.lines.desk.answer
    screen.proof().require()
    verify(workspace).require()


def test_the_rule_allows_and_a_mark_is_taken_back(screen: Payments) -> None:
    screen.lines.rule_button.click()
    allowed = screen.lines.table.frame.filter("allowed").height
    assert allowed > 80
    assert f"{allowed} lines were allowed" in screen.lines.desk.answer
    choose(screen, outcome="matched", allowed=True)
    screen.lines.forbid_button.click()
    screen.lines.desk.confirm_button.click()
    assert screen.lines.table.frame.filter("allowed").height == allowed - 1


def test_a_posting_that_changed_since_is_not_done(
    workspace: Workspace, screen: Payments
) -> None:
    screen.posting.post_button.click()
    decisions.allow_by_rule(workspace)
    screen.posting.desk.confirm_button.click()
    assert "Something changed since" in screen.posting.desk.answer
    with workspace.read() as reader:
        assert reader.value("SELECT count(*) FROM line_posting") == 0


def test_the_proof_fails_when_a_line_is_missing(screen: Payments) -> None:
    frame = screen.lines.table.frame
    screen.lines.table.show(frame.filter(pl.col("outcome") != "held"))
    with pytest.raises(BrokenClaimError, match="Lines read"):
        screen.proof().require()


def spoiled(workspace: Workspace) -> Path:
    """The largest file of the inbox with an impossible date in one record."""
    path = max(workspace.inbox.iterdir(), key=lambda one: one.stat().st_size)
    lines = path.read_bytes().split(b"\r\n")
    at = next(n for n, line in enumerate(lines) if line.startswith(b"BS042"))
    lines[at] = lines[at][:103] + b"310299" + lines[at][109:]
    path.write_bytes(b"\r\n".join(lines))
    return path
