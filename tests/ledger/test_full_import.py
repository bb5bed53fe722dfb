"""A file of the ERP against what we know: the rule, case by case, with both signs."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import pytest

from workbench.ledger.imports import entry_plan
from workbench.ledger.periods import Rolled, set_state
from workbench.store.transaction import StaleViewError


class Case(NamedTuple):
    """An entry of 100: what ours took off it, what the ERP shows, and what comes of it."""

    booked: int
    handed_over: int
    waiting: int
    shown: int
    effect: str
    why: str | None
    settled: int | None
    left: int
    marks: int


CASES = (
    # r = 100, nothing of ours
    Case(0, 0, 0, 100, "equal", None, None, 100, 0),
    Case(0, 0, 0, 40, "settled_in_erp", None, 60, 40, 0),
    Case(0, 0, 0, 0, "settled_in_erp", None, 100, 0, 0),
    # P = 30: r = 100, r - P = 70
    Case(0, 30, 0, 100, "not_booked_yet", None, None, 70, 0),
    Case(0, 30, 0, 70, "booked", None, None, 70, 1),
    Case(0, 30, 0, 50, "settled_in_erp", "booked", 20, 50, 1),
    Case(0, 30, 0, 0, "settled_in_erp", "booked", 70, 0, 1),
    Case(0, 30, 0, 85, "held", "partly_booked", None, 70, 0),
    # W = 25: r = 100
    Case(0, 0, 25, 100, "equal", None, None, 75, 0),
    Case(0, 0, 25, 75, "held", "fall_while_waiting", None, 75, 0),
    Case(0, 0, 25, 10, "held", "fall_while_waiting", None, 75, 0),
    # P = 30, W = 25: r = 100, r - P = 70
    Case(0, 30, 25, 100, "not_booked_yet", None, None, 45, 0),
    Case(0, 30, 25, 70, "booked", None, None, 45, 1),
    Case(0, 30, 25, 45, "held", "fall_while_waiting", None, 45, 0),
    Case(0, 30, 25, 80, "held", "partly_booked", None, 45, 0),
    # 20 booked before: r = 80
    Case(20, 0, 0, 80, "equal", None, None, 80, 0),
    Case(20, 0, 0, 100, "held", "above", None, 80, 0),
    Case(20, 0, 0, 79, "settled_in_erp", None, 1, 79, 0),
    Case(20, 30, 0, 80, "not_booked_yet", None, None, 50, 0),
    Case(20, 30, 0, 50, "booked", None, None, 50, 1),
    Case(20, 30, 0, 49, "settled_in_erp", "booked", 1, 49, 1),
    Case(20, 30, 0, 90, "held", "above", None, 50, 0),
    Case(20, 30, 25, 49, "held", "fall_while_waiting", None, 25, 0),
    # all of it ours
    Case(0, 100, 0, 100, "not_booked_yet", None, None, 0, 0),
    Case(0, 100, 0, 0, "booked", None, None, 0, 1),
    Case(0, 100, 0, 1, "held", "partly_booked", None, 0, 0),
    Case(0, 60, 40, 40, "booked", None, None, 0, 1),
    Case(0, 60, 40, 0, "held", "fall_while_waiting", None, 0, 0),
)

#: What the record of an import is made of.
RECORD = ("erp_import", "source_file", "file_attempt", "audit_event")


def _settle_all(exchange: Any, name: str, *, sign: int) -> None:
    for number, case in enumerate(CASES):
        if amount := getattr(case, name):
            exchange.settle(str(number), sign * amount)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_rule(exchange: Any, sign: int) -> None:
    row = exchange.row
    exchange.told(*(row(str(number), sign * 100) for number in range(len(CASES))))
    _settle_all(exchange, "booked", sign=sign)
    exchange.book(exchange.hand_over())
    _settle_all(exchange, "handed_over", sign=sign)
    exchange.hand_over()
    _settle_all(exchange, "waiting", sign=sign)
    said = [row(str(n), sign * 100, sign * case.shown) for n, case in enumerate(CASES)]
    path = exchange.file(*said)
    before = exchange.content()
    preview = exchange.take(path, dry_run=True)
    assert exchange.content() == before
    result = exchange.take(path, as_seen=preview.seq)
    assert result.outcome == "accepted"
    assert preview.effects.equals(result.effects)
    for number, (case, found) in enumerate(
        zip(CASES, result.effects.iter_rows(named=True), strict=True)
    ):
        assert (found["line"], found["erp_entry_no"]) == (number + 2, str(number))
        assert (found["effect"], found["class"]) == (case.effect, case.why), case
        amounts = {
            "amount": 100,
            "ours": 100 - case.booked,
            "handed_over": case.handed_over,
            "waiting": case.waiting,
            "shown": case.shown,
        }
        for name, amount in amounts.items():
            assert found[f"{name}_minor"] == sign * amount, (case, name)
        settled = None if case.settled is None else sign * case.settled
        assert found["settled_minor"] == settled, case
    assert exchange.remaining() == {str(n): sign * c.left for n, c in enumerate(CASES)}
    marks = exchange.rows("SELECT * FROM handover_mark WHERE how = 'amount'")
    assert len(marks) == sum(case.marks for case in CASES)
    assert len({mark["application_id"] for mark in marks}) == len(marks)
    held = [case for case in CASES if case.effect == "held"]
    assert [d["class"] for d in exchange.open_differences()] == [case.why for case in held]
    exchange.prove()
    # The ERP tells the same once more: nothing but the record of it is new.
    after = exchange.content(besides=RECORD)
    again = exchange.told(*said)
    assert exchange.content(besides=RECORD) == after
    quiet = {"booked": "equal", "settled_in_erp": "equal"}
    assert again.effects["effect"].to_list() == [
        quiet.get(case.effect, case.effect) for case in CASES
    ]
    assert exchange.take(path).outcome == "read_before"


#: A settlement of all 100 was booked and taken back: whether that was handed over, what the
#: ERP shows, and what comes of it.
TAKEN_BACK = (
    (True, 0, "not_booked_yet", None),
    (True, 100, "booked", None),
    (True, 40, "held", "partly_booked"),
    (False, 0, "equal", None),
    (False, 100, "held", "above"),
)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_settlement_that_was_booked_and_is_taken_back(exchange: Any, sign: int) -> None:
    numbers = [str(number) for number in range(len(TAKEN_BACK))]
    exchange.told(*(exchange.row(no, sign * 100) for no in numbers))
    applications = [exchange.settle(no, sign * 100) for no in numbers]
    exchange.book(exchange.hand_over())
    for handed_over in (True, False):
        for application, case in zip(applications, TAKEN_BACK, strict=True):
            if case[0] is handed_over:
                exchange.reverse(application)
        if handed_over:
            exchange.hand_over()
    result = exchange.told(
        *(
            exchange.row(no, sign * 100, sign * shown)
            for no, (_, shown, *_) in zip(numbers, TAKEN_BACK, strict=True)
        )
    )
    found = [(r["effect"], r["class"]) for r in result.effects.to_dicts()]
    assert found == [(effect, why) for _, _, effect, why in TAKEN_BACK]
    assert exchange.remaining() == dict.fromkeys(numbers, sign * 100)
    exchange.prove()


def test_a_missing_entry_shows_nothing(exchange: Any) -> None:
    exchange.told(
        exchange.row("1", 100),
        exchange.row("2", 200),
        exchange.row("3", -50),
        exchange.row("4", 70),
    )
    exchange.settle("2", 200)
    exchange.hand_over()
    exchange.settle("3", -10)
    result = exchange.told(exchange.row("4", 70), as_of=dt.date(2026, 10, 20))
    effects = {r["erp_entry_no"]: r for r in result.effects.to_dicts()}
    assert {no: r["effect"] for no, r in effects.items()} == {
        "1": "settled_in_erp",
        "2": "booked",
        "3": "held",
        "4": "equal",
    }
    assert effects["1"]["line"] is None
    assert effects["1"]["customer_no"] == "1042"
    assert effects["3"]["class"] == "fall_while_waiting"
    assert [p.code for p in result.problems] == ["erp_many_missing"]
    (settlement,) = exchange.rows("SELECT * FROM entry WHERE kind = 'erp_settlement'")
    assert (settlement["document_date"], settlement["posting_date"]) == (
        "2026-10-20",
        "2026-10-20",
    )
    assert result.posting_date == dt.date(2026, 10, 20)
    assert exchange.remaining() == {"1": 0, "2": 0, "3": -40, "4": 70}
    exchange.prove()
    again = exchange.told(exchange.row("4", 70), as_of=dt.date(2026, 10, 21))
    assert {r["erp_entry_no"]: r["effect"] for r in again.effects.to_dicts()} == {
        "3": "held",
        "4": "equal",
    }


def test_what_is_younger_than_a_full_file_is_not_missing(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100), as_of=dt.date(2026, 10, 1))
    exchange.told(exchange.row("2", 100, date="2026-10-11"), full=False)
    exchange.told(exchange.row("3", 100), full=False, as_of=dt.date(2026, 10, 15))
    result = exchange.told(exchange.row("1", 100), as_of=dt.date(2026, 10, 10))
    assert result.counts == {"new": 0, "equal": 1, "changed": 0}
    assert exchange.remaining() == {"1": 100, "2": 100, "3": 100}


def test_an_older_full_file_is_refused(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    result = exchange.take(exchange.file(exchange.row("1", 100)), as_of=dt.date(2026, 10, 11))
    assert (result.outcome, [p.code for p in result.problems]) == (
        "refused",
        ["erp_full_older"],
    )


def test_a_full_file_must_tell_what_remains(exchange: Any) -> None:
    result = exchange.take(exchange.file(exchange.row("1", 100)), mapping=exchange.PARTS)
    assert [p.code for p in result.problems] == ["erp_remaining_needed"]
    row = exchange.row("1", 100).replace("1.00;1.00", "1.00;")
    result = exchange.take(exchange.file(row))
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_value_missing", 2, 8)
    ]


def test_an_empty_full_file_is_refused(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    before = exchange.remaining()
    result = exchange.take(exchange.file())
    assert result.outcome == "refused"
    assert "erp_full_empty" in [p.code for p in result.problems]
    assert exchange.remaining() == before


@pytest.mark.parametrize(("amount", "shown"), [(100, 101), (100, -1), (-100, -101), (-100, 1)])
def test_what_remains_lies_between_nothing_and_the_amount(
    exchange: Any, amount: int, shown: int
) -> None:
    result = exchange.take(exchange.file(exchange.row("1", amount, shown)))
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_remaining_wrong", 2, 8)
    ]


@pytest.mark.parametrize("sign", [1, -1])
def test_a_partly_paid_entry_is_taken_on_with_its_full_amount(exchange: Any, sign: int) -> None:
    result = exchange.told(exchange.row("1", sign * 100, sign * 30), exchange.row("2", 50, 0))
    effects = [(r["effect"], r["class"], r["settled_minor"]) for r in result.effects.to_dicts()]
    assert effects == [("new", None, sign * 70), ("equal", "closed", None)]
    assert result.counts == {"new": 1, "equal": 1, "changed": 0}
    assert exchange.remaining() == {"1": sign * 30}
    assert len(exchange.rows("SELECT * FROM voucher")) == 1
    (application,) = exchange.rows("SELECT * FROM application")
    assert (application["kind"], application["amount_minor"]) == ("settled_in_erp", 70)
    exchange.prove()


def test_a_part_without_remaining_compares_nothing(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    result = exchange.told(exchange.row("1", 100, 20), full=False, mapping=exchange.PARTS)
    assert [r["effect"] for r in result.effects.to_dicts()] == ["equal"]
    assert exchange.remaining() == {"1": 100}
    result = exchange.told(exchange.row("1", 100, 20), full=False)
    assert [r["effect"] for r in result.effects.to_dicts()] == ["settled_in_erp"]
    assert exchange.remaining() == {"1": 20}


def test_a_closed_period_moves_a_settlement_visibly(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    with exchange.workspace.transaction("close") as transaction:
        set_state(transaction, first_day=dt.date(2026, 10, 1), state="closed")
    result = exchange.told(exchange.row("1", 100, 0))
    assert result.rolled == Rolled(exchange.AS_OF, dt.date(2026, 11, 1))
    assert result.posting_date == dt.date(2026, 11, 1)
    (application,) = exchange.rows("SELECT * FROM application")
    assert application["posting_date"] == "2026-11-01"
    exchange.prove()


def test_a_difference_ends_when_it_is_read_again(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100))
    exchange.settle("1", 30)
    exchange.told(exchange.row("1", 100, 70))
    (first,) = exchange.open_differences()
    exchange.told(exchange.row("1", 100, 60))
    (second,) = exchange.open_differences()
    assert (first["shown_minor"], second["shown_minor"]) == (70, 60)
    exchange.hand_over()
    exchange.told(exchange.row("1", 100, 70))
    assert exchange.open_differences() == []
    ends = exchange.rows("SELECT * FROM erp_difference_end")
    assert [e["decision"] for e in ends] == ["read_again", "read_again"]
    exchange.prove()


def test_a_settlement_that_only_one_side_shows_booked_is_held(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100), exchange.row("2", -40))
    with exchange.workspace.transaction("apply") as transaction:
        first, second = (
            n for (n,) in transaction.rows("SELECT entry_id FROM entry ORDER BY erp_entry_no")
        )
        exchange.apply(transaction, transaction.draw_ids(1), second, first, 40, None)
    exchange.hand_over()
    result = exchange.told(exchange.row("1", 100, 60), exchange.row("2", -40, -40))
    assert [(r["effect"], r["class"]) for r in result.effects.to_dicts()] == [
        ("held", "partly_booked"),
        ("not_booked_yet", None),
    ]
    assert exchange.states() == ["handed_over"]
    result = exchange.told(exchange.row("1", 100, 60), exchange.row("2", -40, 0))
    assert [r["effect"] for r in result.effects.to_dicts()] == ["booked", "booked"]
    assert exchange.states() == ["booked"]
    assert len(exchange.rows("SELECT * FROM handover_mark")) == 1


def test_a_preview_is_accepted_only_as_it_was_seen(exchange: Any) -> None:
    path = exchange.file(exchange.row("1", 100))
    preview = exchange.take(path, dry_run=True)
    exchange.told(exchange.row("2", 100), full=False)
    before = exchange.content()
    with pytest.raises(StaleViewError):
        exchange.take(path, as_seen=preview.seq)
    assert exchange.content() == before


def test_the_same_bytes_on_another_day_are_another_full_file(exchange: Any) -> None:
    path = exchange.file(exchange.row("1", 100))
    assert exchange.take(path).outcome == "accepted"
    assert exchange.take(path).outcome == "read_before"
    assert exchange.take(path, as_of=dt.date(2026, 10, 13)).outcome == "accepted"
    assert exchange.take(path, full=False).outcome == "accepted"
    assert exchange.take(path, full=False).outcome == "read_before"
    assert len(exchange.rows("SELECT * FROM source_file WHERE format = 'erp_entries'")) == 1
    imports = exchange.rows("SELECT * FROM erp_import WHERE purpose = 'erp_entries'")
    assert [(i["mode"], i["as_of"]) for i in imports] == [
        ("full", "2026-10-12"),
        ("full", "2026-10-13"),
        ("delta", "2026-10-12"),
    ]
    assert all(i["mapping"] == exchange.ENTRIES.text for i in imports)


def test_an_undone_import_may_come_again(exchange: Any) -> None:
    path = exchange.file(exchange.row("1", 100))
    first = exchange.take(path)
    with exchange.workspace.transaction("undo") as transaction:
        transaction.execute(
            "INSERT INTO erp_import_undo VALUES (?, 'wrong', 'ida', ?)",
            [first.import_id, transaction.number],
        )
        transaction.execute(
            "INSERT INTO entry_withdrawal SELECT entry_id, 'undone', ? FROM entry",
            [transaction.number],
        )
    result = exchange.take(path)
    assert (result.outcome, result.counts["new"]) == ("accepted", 1)
    assert set(exchange.remaining()) == {"1", "1/2"}


def test_everything_of_an_import_is_recorded_together(exchange: Any) -> None:
    exchange.told(exchange.row("1", 100), exchange.row("2", 100))
    exchange.settle("1", 20)
    exchange.hand_over()
    result = exchange.told(exchange.row("1", 100, 50), exchange.row("3", 100, 60))
    content = exchange.content(besides=["number_series", "audit_event", "entry_vat"])
    mine = {
        name: [r for r in rows if r["recorded"] == result.seq] for name, rows in content.items()
    }
    counts = {name: len(rows) for name, rows in mine.items() if rows}
    assert counts == {
        "entry": 4,
        "voucher": 1,
        "posting": 6,
        "application": 3,
        "handover_mark": 1,
        "erp_import": 1,
        "source_file": 1,
        "file_attempt": 1,
    }
    assert result.as_of == exchange.AS_OF


def test_many_rows_are_staged_and_come_out_the_same(
    exchange: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is staged is, identifiers aside, what would have been appended."""
    kept = []
    for number, few in enumerate((10_000, 0)):
        monkeypatch.setattr(entry_plan, "_FEW", few)
        names = [f"{number}{n}" for n in range(5)]
        exchange.told(
            *(exchange.row(no, 1000, 1000 - n) for n, no in enumerate(names)), full=False
        )
        result = exchange.told(
            *(exchange.row(no, 1000, 100) for no in names), full=False, as_of=exchange.AS_OF
        )
        assert result.counts["settled_in_erp"] == 5
        assert [exchange.remaining()[no] for no in names] == [100] * 5
        kept.append(
            exchange.rows(
                "SELECT e.kind, e.text, e.amount_minor, e.erp_revision, e.dimensions, "
                "e.file_line, p.number, p.purpose, p.account_no, a.amount_minor, a.actor "
                "FROM entry AS e JOIN posting AS p USING (entry_id) "
                "LEFT JOIN application AS a ON a.from_entry_id = e.entry_id "
                "ORDER BY e.entry_id DESC LIMIT 14"
            )
        )
    assert kept[0] == kept[1]
    exchange.prove()
