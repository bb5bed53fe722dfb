"""Deliveries leave the house at most once, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workbench.collection import journal, unknown_deliveries
from workbench.collection.deliveries import Sent, finish_interrupted
from workbench.io import betalingsservice_0601
from workbench.store import archive
from workbench.store.transaction import StaleViewError
from workbench.transport import folder

CREDITOR_NO = "09999999"


def state(company: Any) -> str:
    return str(company.rows("SELECT state FROM delivery")[-1]["state"])


def outbox(company: Any) -> list[str]:
    return sorted(path.name for path in company.workspace.outbox.iterdir())


def test_the_file_holds_what_was_approved(company: Any) -> None:
    company.approved(("1001", 10_000), ("1002", 20_000), ("1002", -500))
    sent = company.export()
    assert (sent.lines, sent.amount_minor, sent.delivery_no) == (2, 29_500, "0000000001")
    content = sent.path.read_bytes()
    reading = betalingsservice_0601.read(content, name=sent.path.name)
    assert reading.problems == ()
    assert reading.value is not None
    assert reading.value.agrees
    told = reading.value.transactions
    assert told.select("customer_no", "amount_minor", "due_date").rows() == [
        ("1001", 10_000, company.DUE),
        ("1002", 19_500, company.DUE),
    ]
    stored = [(line["reference"], line["delivery_line"]) for line in company.lines()]
    assert told.select("reference", "line").rows() == stored
    assert [line["status"] for line in company.lines()] == ["sent", "sent"]
    assert outbox(company) == ["BS0601-0000000001.KR9"]
    events = company.rows("SELECT state, reason FROM delivery_event ORDER BY recorded")
    assert [event["state"] for event in events] == ["sending", "sent"]
    company.prove()


def test_the_bytes_are_these(company: Any) -> None:
    """Typed by position from the specification of the 0601: the money and the ends."""
    company.approved(("1001", 10_000))
    lines = company.export().path.read_bytes().decode("latin-1").split("\r\n")
    reference = company.line("1001")["reference"]
    payment = next(row for row in lines if row.startswith("BS042"))
    written = (
        "BS042" + CREDITOR_NO + "0280" + "00000" + "00001"
        + "1001".ljust(15) + "000000000" + "02112026" + "1" + "0000000010000"
        + reference.ljust(30) + "00"
    )  # fmt: skip
    assert payment == written
    assert (payment[73:82], payment[82:103].strip()) == (reference, "")
    (end,) = [row for row in lines if row.startswith("BS992")]
    assert end[:57] == "BS992" + "99999993" + "KR9" + "0601" + "00000000001" + (
        "00000000001" + "000000000010000"
    )
    assert lines[-1] == ""


def test_nothing_ready_sends_nothing(company: Any) -> None:
    before = company.money()
    assert company.export().delivery_id is None
    assert company.money() == before
    assert outbox(company) == []


def test_the_next_delivery_has_the_next_number(company: Any) -> None:
    company.approved(("1001", 10_000))
    assert company.export().delivery_no == "0000000001"
    company.approved(("1002", 10_000))
    assert company.export().delivery_no == "0000000002"
    assert company.rows("SELECT count(*) AS n FROM delivery") == [{"n": 2}]


def test_signing_where_it_is_on(company: Any) -> None:
    with company.workspace.transaction("signing_on") as transaction:
        transaction.execute("UPDATE collection_system SET signing = 1")
    company.approved(("1001", 10_000))
    assert company.export().lines == 0
    lines = [(line["collection_line_id"], line["version"]) for line in company.lines()]
    journal.sign(company.by("bo"), lines, as_of=company.AS_OF)
    kinds = company.rows("SELECT kind, actor FROM approval ORDER BY approval_id")
    assert kinds == [{"kind": "approved", "actor": "ida"}, {"kind": "signed", "actor": "bo"}]
    assert company.export().lines == 1


# -- a crash between the steps ---------------------------------------------------------------


class CrashError(Exception):
    """The machine stopped here."""


def crashing(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, after: bool) -> None:
    """Let a step of the export be the last thing that happens."""
    real = getattr(owner, name)

    def stop(*args: object, **kwargs: object) -> object:
        if after:
            real(*args, **kwargs)
        raise CrashError(name)

    monkeypatch.setattr(owner, name, stop)


def crash_export(
    company: Any, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, after: bool
) -> None:
    with monkeypatch.context() as patched:
        crashing(patched, owner, name, after=after)
        with pytest.raises(CrashError):
            company.export()


def test_a_file_that_was_not_recorded_is_forgotten(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.approved(("1001", 10_000))
    crash_export(company, monkeypatch, folder, "prepare", after=True)
    assert outbox(company) == [".BS0601-0000000001.KR9.part"]
    assert finish_interrupted(company.workspace, as_of=company.AS_OF) == []
    assert outbox(company) == []
    assert company.status("1001") == "approved"
    assert company.export().delivery_no == "0000000001"
    company.prove()


def test_a_file_that_was_recorded_is_released(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.approved(("1001", 10_000))
    crash_export(company, monkeypatch, folder, "release", after=False)
    assert (state(company), company.status("1001")) == ("sending", "approved")
    company.prove()
    found = finish_interrupted(company.workspace, as_of=company.AS_OF)
    assert found == [("0000000001", "sent")]
    assert outbox(company) == ["BS0601-0000000001.KR9"]
    assert (state(company), company.status("1001")) == ("sent", "sent")
    assert company.export().lines == 0
    company.prove()


def test_a_file_that_lies_in_the_outbox_was_sent(
    company: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.approved(("1001", 10_000))
    crash_export(company, monkeypatch, folder, "release", after=True)
    assert state(company) == "sending"
    company.prove()
    assert company.export().lines == 0  # settles what was interrupted, sends nothing
    assert (state(company), company.status("1001")) == ("sent", "sent")
    assert outbox(company) == ["BS0601-0000000001.KR9"]
    company.prove()


@pytest.fixture
def vanished(company: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Somebody fetched the file before it was recorded as sent."""
    company.approved(("1001", 10_000), ("1002", 20_000))
    crash_export(company, monkeypatch, folder, "release", after=True)
    for path in company.workspace.outbox.iterdir():
        path.unlink()
    found = finish_interrupted(company.workspace, as_of=company.AS_OF)
    assert found == [("0000000001", "unknown")]
    return company


def test_an_unknown_delivery_is_never_sent_again(vanished: Any) -> None:
    assert state(vanished) == "unknown"
    assert finish_interrupted(vanished.workspace, as_of=vanished.AS_OF) == []
    assert vanished.suggest().lines == 0
    assert vanished.export().lines == 0
    assert outbox(vanished) == []
    assert vanished.status("1001") == "approved"
    line = vanished.line("1001")
    with pytest.raises(journal.NotEditableError):
        journal.edit(
            vanished.workspace, line["collection_line_id"], version=line["version"],
            changes={"text": "Vand"}, as_of=vanished.AS_OF,
        )  # fmt: skip
    vanished.prove()


def test_a_receipt_proves_that_it_was_sent(vanished: Any) -> None:
    (row,) = vanished.rows("SELECT delivery_id, delivery_no FROM delivery")
    sent = Sent(row["delivery_id"], row["delivery_no"], None, None, 2, 30_000)
    line = vanished.line("1002")
    journal.stop(
        vanished.workspace,
        [(line["collection_line_id"], line["version"])],
        reason="moved",
        as_of=vanished.AS_OF,
    )
    vanished.prove()
    assert vanished.receive(vanished.received(sent)).outcome == "accepted"
    assert (state(vanished), vanished.status("1001")) == ("received", "in_process")
    assert vanished.status("1002") == "stopped"
    vanished.prove()


@pytest.mark.parametrize(("was_sent", "status"), [(True, "sent"), (False, "stopped")])
def test_a_person_settles_what_is_unknown(vanished: Any, was_sent: bool, status: str) -> None:  # noqa: FBT001  # a parameter of the test
    (row,) = vanished.rows("SELECT delivery_id FROM delivery")

    def settle(reason: str) -> int:
        return unknown_deliveries.settle_unknown(
            vanished.workspace, row["delivery_id"],
            was_sent=was_sent, reason=reason, as_of=vanished.AS_OF,
        )  # fmt: skip

    with pytest.raises(unknown_deliveries.NotUnknownError):
        settle(" ")
    assert settle("Nets was asked") == 2
    assert vanished.status("1001") == status
    vanished.prove()
    assert vanished.suggest().lines == (0 if was_sent else 2)
    with pytest.raises(unknown_deliveries.NotUnknownError):
        settle("again")


def test_two_who_send_at_once_send_once(company: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody approves and sends while the file of somebody else is being written."""
    company.approved(("1001", 10_000))
    write = betalingsservice_0601.write
    inner: list[Any] = []

    def interrupted(*args: Any, **kwargs: Any) -> Any:
        written = write(*args, **kwargs)
        if not inner:
            inner.append(None)
            company.approved(("1002", 20_000))
            inner.append(company.export())
        return written

    monkeypatch.setattr(betalingsservice_0601, "write", interrupted)
    with pytest.raises(StaleViewError):
        company.export()
    sent = inner[1]
    assert sent.lines == 2
    assert outbox(company) == [sent.path.name]
    assert archive.digest(sent.path.read_bytes()) == sent.sha256
    assert [line["status"] for line in company.lines()] == ["sent", "sent"]
    company.prove()


# -- receipts --------------------------------------------------------------------------------


def test_receipts_are_accepted(company: Any) -> None:
    company.approved(("1001", 10_000))
    sent = company.export()
    result = company.receive(company.received(sent))
    assert (result.outcome, dict(result.counts)) == ("accepted", {"receipts": 1, "moved": 1})
    assert (state(company), company.status("1001")) == ("received", "in_process")
    company.receive(company.validated(sent))
    (row,) = company.rows("SELECT state, received_code, validated_code FROM delivery")
    assert tuple(row.values()) == ("accepted", "PN00", "BS00")
    company.prove()


def test_a_refusal_puts_the_lines_in_error(company: Any) -> None:
    company.approved(("1001", 10_000))
    sent = company.export()
    company.receive(company.received(sent))
    company.receive(company.validated(sent, code="BS07"))
    assert (state(company), company.status("1001")) == ("refused", "center_error")
    company.prove()
    assert company.suggest().lines == 1


def test_that_it_was_received_does_not_undo_the_verdict(company: Any) -> None:
    company.approved(("1001", 10_000))
    sent = company.export()
    company.receive(company.validated(sent, code="BS07"))
    company.receive(company.received(sent))
    assert (state(company), company.status("1001")) == ("refused", "center_error")
    company.prove()


def test_a_receipt_of_nobody_waits(company: Any) -> None:
    company.approved(("1001", 10_000))
    sent = company.export()
    foreign = Sent(None, "0000004711", None, None, 1, 10_000)
    company.receive(company.received(sent))
    before = company.money()
    result = company.receive(company.received(foreign))
    assert (result.outcome, result.reason) == ("waiting", "receipt_without_delivery")
    assert company.money() == before


def test_a_receipt_counts_once(company: Any) -> None:
    company.approved(("1001", 10_000))
    sent = company.export()
    content = company.received(sent)
    company.receive(content)
    before = company.money()
    assert company.receive(content).outcome == "read_before"
    other = company.receive(company.received(sent, code="PN17"))
    assert (other.outcome, other.reason) == ("waiting", "receipt_twice")
    assert company.money() == before


def test_a_receipt_belongs_to_the_delivery_that_it_names(company: Any) -> None:
    company.approved(("1001", 10_000))
    first = company.export()
    company.approved(("1002", 10_000))
    second = company.export()
    company.receive(company.received(second))
    assert (company.status("1001"), company.status("1002")) == ("sent", "in_process")
    company.receive(company.received(first))
    assert company.status("1001") == "in_process"
    assert dt.date.fromisoformat(company.lines()[0]["due_date"]) == company.DUE
