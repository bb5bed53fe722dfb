"""From open entries to approved lines: what is suggested, judged, mended and approved."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from workbench.collection import journal
from workbench.collection.error_log import faults, journal_head
from workbench.collection.register import IllegalMoveError
from workbench.collection.suggest import suggest
from workbench.store.transaction import StaleRowError


def seen(company: Any) -> list[tuple[int, int]]:
    return [(line["collection_line_id"], line["version"]) for line in company.lines()]


def skipped(suggestion: Any) -> list[tuple[str, str]]:
    return sorted(suggestion.skipped.select("customer_no", "reason").rows())


# -- suggest ---------------------------------------------------------------------------------


def test_the_window_follows_from_the_systems_formulas(company: Any) -> None:
    company.customers("1001", "1002", "1003")
    company.bill(
        ("1001", 10_000, {"due": "2026-10-31"}),
        ("1002", 20_000, {"due": "2026-11-01"}),
        ("1003", 30_000, {"due": "2026-11-30"}),
        ("1003", 40_000, {"due": "2026-12-01"}),
    )
    suggestion = company.suggest()
    window = (dt.date(2026, 11, 1), dt.date(2026, 11, 30))
    assert (suggestion.due_from, suggestion.due_to) == window
    assert [line["amount_minor"] for line in company.lines()] == [20_000, 30_000]
    assert (suggestion.lines, suggestion.amount_minor) == (2, 50_000)
    other = suggest(
        company.workspace,
        system="BS",
        as_of=company.AS_OF,
        due_from=dt.date(2026, 12, 1),
        due_to=dt.date(2026, 12, 1),
    )
    assert (other.lines, other.amount_minor) == (1, 40_000)


def test_entries_of_a_customer_and_due_date_are_one_line(company: Any) -> None:
    company.customers("1001")
    company.bill(("1001", 10_000), ("1001", -2_500), ("1001", 500, {"due": "2026-11-03"}))
    company.suggest()
    first, second = company.lines()
    assert (first["amount_minor"], second["amount_minor"]) == (7_500, 500)
    parts = company.rows(
        "SELECT amount_minor FROM collection_line_entry WHERE collection_line_id = ? "
        "ORDER BY amount_minor",
        first["collection_line_id"],
    )
    assert [part["amount_minor"] for part in parts] == [-2_500, 10_000]
    assert first["text"].splitlines()[0].startswith("Faktura F1")
    assert "-25,00" in first["text"].splitlines()[1]
    assert first["reference"] != second["reference"]
    assert len(first["reference"]) == 9


def test_what_is_left_out_is_said(company: Any) -> None:
    company.customers("1001", "1002", "1003", "1004", "1005", hold=["1003"])
    company.bill(
        ("1001", 10_000, {"hold": "yes"}),
        ("1002", 10_000, {"disputed": "yes"}),
        ("1003", 10_000),
        ("1004", 10_000),
        ("1004", -10_000),
        ("1005", 10_000),
        ("1005", -12_000),
    )
    suggestion = company.suggest()
    assert suggestion.journal_id is None
    assert skipped(suggestion) == [
        ("1001", "on_hold"),
        ("1002", "disputed"),
        ("1003", "on_hold"),
        ("1004", "net_not_positive"),
        ("1005", "net_not_positive"),
    ]
    company.bill(("1001", 500))
    kept = company.suggest()
    with company.workspace.read() as reader:
        head = journal_head(reader, kept.journal_id)
    assert sorted(head.skipped.select("customer_no", "reason").rows()) == skipped(suggestion)


def test_nothing_is_suggested_twice(company: Any) -> None:
    company.customers("1001")
    company.bill(("1001", 10_000))
    assert company.suggest().lines == 1
    before = company.money()
    assert company.suggest().lines == 0
    assert company.money() == before
    journal.stop(company.workspace, seen(company), reason="moved out", as_of=company.AS_OF)
    again = company.suggest()
    assert again.lines == 1
    references = [line["reference"] for line in company.lines()]
    assert len(set(references)) == 2
    assert company.status("1001") == "created"


@pytest.mark.parametrize("kind", ["payment_rejected", "agreement_cancelled"])
def test_what_was_refused_may_be_suggested_again(company: Any, kind: str) -> None:
    company.sent(("1001", 10_000))
    assert company.suggest().lines == 0
    company.told(company.record("1001", kind))
    assert company.suggest().lines == 1


# -- validate --------------------------------------------------------------------------------


def test_faults_are_in_the_error_log(company: Any) -> None:
    company.customers("1001", "1002")
    company.bill(("1001", 10_000), ("1002", 20_000))
    company.suggest()
    line = company.line("1001")
    journal.edit(
        company.workspace,
        line["collection_line_id"],
        version=line["version"],
        changes={"due_date": dt.date(2026, 12, 24), "text": "x" * 61},
        as_of=company.AS_OF,
    )
    found = company.validate()
    assert (found.valid, found.errors) == (1, 1)
    assert (company.status("1001"), company.status("1002")) == ("error", "valid")
    with company.workspace.read() as reader:
        problems = faults(reader, line["collection_line_id"])
        shown = journal.lines(reader).filter(status="error")["errors"].item()
    assert [p.code for p in problems] == ["due_date_outside_window", "text_too_long"]
    assert shown == "due_date_outside_window text_too_long"
    assert "2026-12-24" in problems[0].message()
    line = company.line("1001")
    journal.edit(
        company.workspace,
        line["collection_line_id"],
        version=line["version"],
        changes={"due_date": company.DUE, "text": "Vand"},
        as_of=company.AS_OF,
    )
    assert company.status("1001") == "created"
    assert company.validate().valid == 1
    with company.workspace.read() as reader:
        assert faults(reader, line["collection_line_id"]) == []


def test_a_line_whose_entries_changed_is_wrong(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_rejected"))
    company.suggest()
    held = company.record("1001", "slip_paid") | {"reference": company.lines()[0]["reference"]}
    company.told(held)
    company.validate()
    assert company.status("1001") == "valid"  # the slip is held; nothing was settled


# -- edit, approve, stop ---------------------------------------------------------------------


def test_an_edit_voids_the_approval(company: Any) -> None:
    company.approved(("1001", 10_000))
    assert company.status("1001") == "approved"
    line = company.line("1001")
    journal.edit(
        company.workspace,
        line["collection_line_id"],
        version=line["version"],
        changes={"slip_only": 1},
        as_of=company.AS_OF,
    )
    line = company.line("1001")
    assert line["status"] == "created"
    (approval,) = company.rows("SELECT * FROM approval")
    assert approval["voided"] is not None
    assert approval["line_version"] < line["version"]
    assert company.export().lines == 0


def test_only_some_fields_of_lines_at_home_can_be_edited(company: Any) -> None:
    company.approved(("1001", 10_000), ("1002", 20_000))
    line = company.line("1001")
    with pytest.raises(journal.NotEditableError):
        _edit(company, line, amount_minor=1)
    company.export()
    with pytest.raises(journal.NotEditableError):
        _edit(company, company.line("1001"), text="Vand")


def _edit(company: Any, line: dict[str, Any], *, by: str = "ida", **changes: object) -> int:
    return journal.edit(
        company.by(by),
        line["collection_line_id"],
        version=line["version"],
        changes=changes,
        as_of=company.AS_OF,
    )


def test_a_stale_edit_is_refused_with_what_changed_and_who_did_it(company: Any) -> None:
    company.approved(("1001", 10_000))
    line = company.line("1001")
    _edit(company, line, by="bo", text="Vand")
    after = company.line("1001")
    with pytest.raises(StaleRowError, match="text changed by bo at 2026-10-12"):
        _edit(company, line, text="Varme")
    assert company.line("1001") == after


def test_a_stale_approval_approves_nothing(company: Any) -> None:
    company.customers("1001", "1002")
    company.bill(("1001", 10_000), ("1002", 20_000))
    company.suggest()
    company.validate()
    shown = seen(company)
    _edit(company, company.line("1002"), by="bo", text="Vand")
    company.validate()
    with pytest.raises(StaleRowError, match="text changed by bo"):
        journal.approve(company.workspace, shown, as_of=company.AS_OF)
    assert [line["status"] for line in company.lines()] == ["valid", "valid"]
    assert company.rows("SELECT * FROM approval") == []


def test_a_line_that_moved_on_says_so(company: Any) -> None:
    company.customers("1001")
    company.bill(("1001", 10_000))
    company.suggest()
    shown = seen(company)
    company.validate()
    with pytest.raises(StaleRowError, match="made valid by ida"):
        journal.stop(company.workspace, shown, reason="no", as_of=company.AS_OF)


def test_illegal_moves_are_refused(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    for move in (journal.approve, journal.sign):
        with pytest.raises(IllegalMoveError):
            move(company.workspace, seen(company), as_of=company.AS_OF)
    with pytest.raises(IllegalMoveError):
        journal.stop(company.workspace, seen(company), reason="no", as_of=company.AS_OF)
    assert company.status("1001") == "paid"
    with pytest.raises(journal.NotEditableError):
        journal.approve(company.workspace, [(999, 1)], as_of=company.AS_OF)


def test_a_line_stopped_after_sending_may_still_be_paid(company: Any) -> None:
    company.sent(("1001", 10_000))
    journal.stop(company.workspace, seen(company), reason="moved", as_of=company.AS_OF)
    assert company.suggest().lines == 0
    company.told(company.record("1001", "payment_completed"))
    assert (company.status("1001"), company.last()["outcome"]) == ("paid", "matched")
    company.prove()
