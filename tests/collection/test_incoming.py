"""Files that are not as they should be change nothing, and the attempt is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench import io
from workbench.collection.inbox import import_inbox
from workbench.collection.incoming import Incoming, read_meanwhile, receive
from workbench.collection.payments import import_payments
from workbench.collection.waiting import (
    NoReasonError,
    UnknownProblemError,
    acceptance,
    import_waiting,
    problems_of,
)
from workbench.model.problems import Severity
from workbench.store import archive

SAMPLES = Path(__file__).parents[1] / "samples"


def with_field(content: bytes, record: bytes, first: int, value: bytes) -> bytes:
    """The file with other bytes at a position (from 1) of the first line of a record."""
    lines = content.split(b"\r\n")
    at = next(n for n, row in enumerate(lines) if row.startswith(record))
    row = lines[at].ljust(128)
    lines[at] = (row[: first - 1] + value + row[first - 1 + len(value) :]).rstrip()
    return b"\r\n".join(lines)


def content_of(company: Any) -> bytes:
    return bytes(
        company.delivery(
            company.record("1001", "payment_completed"),
            company.record("1002", "payment_completed"),
        )
    )


@pytest.fixture
def waiting(company: Any) -> Any:
    """A company with two collections in process and two payments on their way."""
    company.sent(("1001", 10_000), ("1002", 20_000))
    return company


REFUSED: dict[str, Callable[[bytes], bytes]] = {
    "truncated": lambda content: content[: content.index(b"BS992")],
    "empty_file": lambda _: b"\r\n \r\n",
    "unknown_format": lambda _: b"Hello,\r\nthis is a letter.\r\n",
    "two_deliveries": lambda content: content + content,
    "unknown_creditor": lambda content: content.replace(b"09999999", b"08888888"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_accepted_changes_nothing(waiting: Any, code: str) -> None:
    content = REFUSED[code](content_of(waiting))
    before = waiting.money()
    result = waiting.receive(content, name="broken")
    assert (result.outcome, result.reason) == ("refused", code)
    assert waiting.money() == before
    attempts = waiting.rows("SELECT * FROM file_attempt ORDER BY attempt_id DESC LIMIT 1")
    assert [(a["name"], a["outcome"], a["reason"]) for a in attempts] == [
        ("broken", "refused", code)
    ]
    (problem, *_) = [p for p in json.loads(attempts[0]["problems"]) if p["code"] == code]
    assert problem["message"]
    if code in {"truncated", "two_deliveries"}:
        assert problem["line"] > 1
    assert archive.fetch(waiting.workspace, result.sha256) == content
    accepted = waiting.receive(content, name="broken", accept=code)
    assert accepted.outcome == "refused"
    assert waiting.money() == before
    waiting.prove()


#: What is wrong, where it is written, the line and position that are told, and the cash.
FAULTS = {
    "wrong_total": (b"BS092", 43, b"000000000031000", (5, 43), 30_000),
    "wrong_count": (b"BS092", 32, b"00000000003", (5, 32), 30_000),
    "bad_amount": (b"BS042", 116, b"00000001X0000", (3, 116), 20_000),
    "bad_date": (b"BS042", 104, b"311126", (3, 104), 30_000),
    "unknown_code": (b"BS042", 14, b"0777", (3, 14), 20_000),
}


@pytest.mark.parametrize("code", FAULTS)
def test_errors_wait_for_a_person_and_then_prove(waiting: Any, code: str) -> None:
    record, first, value, place, cash = FAULTS[code]
    content = with_field(content_of(waiting), record, first, value)
    before = waiting.money()
    result = waiting.receive(content)
    assert result.outcome == "waiting"
    assert place in {(p.line, p.column) for p in result.problems if p.code == code}
    assert waiting.money() == before
    with waiting.workspace.read() as reader:
        told = problems_of(reader, result.sha256)
    assert {p.code for p in told} == {p.code for p in result.problems}
    codes = ",".join(sorted({p.code for p in told if p.severity == "error"}))
    again = import_waiting(
        waiting.workspace,
        result.sha256,
        accepted=acceptance(codes.split(","), reason="Nets rang: it is so"),
        as_of=waiting.BOOKED,
    )
    assert again.outcome == "accepted"
    rows = waiting.rows("SELECT code, reason, actor FROM problem_acceptance ORDER BY code")
    assert [row["code"] for row in rows] == codes.split(",")
    assert {(r["reason"], r["actor"]) for r in rows} == {("Nets rang: it is so", "ida")}
    outcomes = waiting.outcomes()
    assert len(outcomes) == 2
    assert sum(row["amount_paid_minor"] or 0 for row in outcomes) == cash
    if record == b"BS042":
        faulty = outcomes[0]
        assert faulty["outcome"] == "held"
        assert faulty["class"] in {"faulty_record", "unknown_record"}
        (problem,) = [p for p in told if p.code == code]
        assert problem.message() in faulty["reason"]
        assert waiting.status("1001") == "in_process"
    assert outcomes[1]["outcome"] == "matched"
    waiting.prove()
    waiting.post()
    waiting.prove()


def test_an_accepted_total_is_shown_as_such(waiting: Any) -> None:
    content = with_field(content_of(waiting), b"BS092", 43, b"000000000031000")
    content = with_field(content, b"BS992", 43, b"000000000031000")
    assert waiting.receive(content, accept="wrong_total").outcome == "accepted"
    rows = waiting.rows("SELECT kind, section, amount_minor FROM total_adjustment")
    assert rows == [{"kind": "accepted", "section": 1, "amount_minor": 1_000}]
    waiting.prove()


def test_accepting_one_code_does_not_accept_another(waiting: Any) -> None:
    content = with_field(content_of(waiting), b"BS042", 104, b"311126")
    content = with_field(content, b"BS092", 32, b"00000000003")
    assert waiting.receive(content, accept="bad_date").outcome == "waiting"
    assert waiting.rows("SELECT * FROM problem_acceptance") == []


def test_an_acceptance_needs_a_code_and_a_reason() -> None:
    assert acceptance([], reason="") is None
    for codes, reason in ((["bad_date"], " "), ([], "why not")):
        with pytest.raises(NoReasonError):
            acceptance(codes, reason=reason)
    with pytest.raises(UnknownProblemError):
        acceptance(["no_such_code"], reason="why not")


ALL_SAMPLES = sorted(SAMPLES.glob("betalingsservice/*.0602")) + sorted(
    SAMPLES.glob("problems/*.0602")
)


@pytest.mark.parametrize("path", ALL_SAMPLES, ids=lambda path: path.name)
def test_every_sample_proves_once_it_is_taken(company: Any, path: Path) -> None:
    """Old wrappers, unknown records, wrong totals: accepted, all of it is accounted for."""
    content = path.read_bytes()
    reading = io.read(content, name=path.name)
    if reading.worst is Severity.FATAL:
        assert company.receive(content).outcome == "refused"
        company.prove()
        return
    assert reading.value is not None
    with company.workspace.transaction("creditors") as transaction:
        for number in {section.creditor_no for section in reading.value.sections}:
            transaction.execute(
                "INSERT OR IGNORE INTO creditor (creditor_no, system, name, profile) "
                "VALUES (?, 'BS', 'Test', 'STANDARD')",
                [number],
            )
    codes = " ".join({p.code for p in reading.problems if p.severity is Severity.ERROR})
    assert company.receive(content).outcome == ("waiting" if codes else "accepted")
    if codes:
        assert company.receive(content, accept=codes).outcome == "accepted"
    assert len(company.outcomes()) == reading.value.transactions.height
    company.prove()
    company.post()
    company.prove()


# -- the same thing twice --------------------------------------------------------------------


def test_the_same_file_is_refused(waiting: Any) -> None:
    content = content_of(waiting)
    waiting.receive(content, name="first")
    before = waiting.money()
    result = waiting.receive(content, name="second")
    assert (result.outcome, result.reason) == ("read_before", "read_before")
    assert "first" in result.problems[0].message()
    assert waiting.money() == before


def test_the_same_delivery_with_other_bytes_is_refused(waiting: Any) -> None:
    first = waiting.delivery(waiting.record("1001", "payment_completed"), number=77)
    other = waiting.delivery(waiting.record("1002", "payment_completed"), number=77)
    waiting.receive(first, name="first")
    before = waiting.money()
    result = waiting.receive(other, name="other")
    assert (result.outcome, result.reason) == ("refused", "delivery_read_before")
    message = result.problems[0].message()
    assert "first" in message
    assert "other" in message
    assert waiting.money() == before


def test_a_delivery_of_known_lines_waits_and_may_be_accepted(waiting: Any) -> None:
    record = waiting.record("1001", "payment_completed")
    waiting.told(record)
    before = waiting.money()
    again = waiting.delivery(record)
    result = waiting.receive(again)
    assert (result.outcome, result.reason) == ("waiting", "all_lines_known")
    assert waiting.money() == before
    result = waiting.receive(again, accept="all_lines_known", reason="A second bank transfer")
    assert result.outcome == "accepted"
    rows = waiting.rows("SELECT code, reason FROM problem_acceptance")
    assert rows == [{"code": "all_lines_known", "reason": "A second bank transfer"}]
    assert waiting.last()["class"] == "possible_duplicate"
    waiting.prove()


def test_some_known_lines_are_held_the_nth_if_n_are_stored(waiting: Any) -> None:
    record = waiting.record("1001", "payment_completed")
    waiting.told(record)
    waiting.told(record, waiting.record("1002", "payment_completed"), record)
    assert [(row["outcome"], row["class"]) for row in waiting.outcomes()][1:] == [
        ("held", "possible_duplicate"),
        ("matched", None),
        ("held", "double_payment"),  # the second equal line: only one was stored
    ]
    waiting.prove()


def test_whoever_comes_second_is_refused(waiting: Any) -> None:
    """Two processes were given the same file at the same moment."""
    content = content_of(waiting)
    mine, yours = (receive(waiting.workspace, content, name=n) for n in ("mine", "yours"))
    assert isinstance(mine, Incoming)
    assert isinstance(yours, Incoming)
    assert import_payments(waiting.workspace, mine, as_of=waiting.BOOKED).outcome == "accepted"
    result = import_payments(waiting.workspace, yours, as_of=waiting.BOOKED)
    assert (result.outcome, result.reason) == ("read_before", "read_before")
    with waiting.workspace.read() as reader:
        assert read_meanwhile(reader, yours) is not None
    assert len(waiting.outcomes()) == 2


# -- the inbox -------------------------------------------------------------------------------


def test_the_inbox_keeps_only_what_waits(waiting: Any) -> None:
    inbox = waiting.workspace.inbox
    (inbox / "good").write_bytes(content_of(waiting))
    (inbox / "letter.txt").write_bytes(b"Hello")
    results = import_inbox(waiting.workspace, as_of=waiting.BOOKED)
    assert [(r.name, r.outcome) for r in results] == [
        ("good", "accepted"),
        ("letter.txt", "refused"),
    ]
    assert [path.name for path in inbox.iterdir()] == ["letter.txt"]


def test_agreements_are_read_but_not_imported_yet(company: Any, samples: Any) -> None:
    content = (samples / "betalingsservice" / "agreements.0603").read_bytes()
    before = company.money()
    result = company.receive(content.replace(b"12345674", b"09999999"))
    assert result.outcome in {"waiting", "refused"}
    assert company.money() == before
