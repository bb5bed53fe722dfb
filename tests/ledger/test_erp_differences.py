"""Held differences with the ERP: what a person may decide, and what that does."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.ledger import periods
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.identities import identities
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.decisions import (
    Decided,
    Decision,
    DifferenceEndedError,
    DifferenceMovedError,
    UndecidableError,
    UnknownDifferenceError,
    decide,
)
from workbench.ledger.imports.differences import open_differences, words
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.open_entries import REMAINING
from workbench.ledger.settlement.settling import Pair, settle
from workbench.ledger.undo.undoing import undo_import
from workbench.store import audit
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

AS_OF = dt.date(2026, 10, 12)
LATER = dt.date(2026, 10, 20)

ENTRIES = MappingText(
    "entries",
    """
[file]
delimiter = ","
decimal = "."
thousands = ""
date = "%Y-%m-%d"
credit_sign = "negative"

[columns]
erp_entry_no = "entry"
customer_no = "no"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
""",
)
HEADING = "entry,no,kind,document,date,due,amount,remaining,currency"
CUSTOMERS = MappingText(
    "customers", '[file]\ndelimiter = ","\n[columns]\ncustomer_no = "no"\nname = "name"\n'
)
numbers = itertools.count(1)


def row(entry: int, amount: int, remaining: int, **more: Any) -> str:
    values = {
        "entry": entry,
        "no": "1001",
        "kind": "invoice" if amount > 0 else "credit_note",
        "document": f"F{entry}",
        "date": "2026-10-01",
        "due": "2026-11-02",
        "amount": f"{amount / 100:.2f}",
        "remaining": f"{remaining / 100:.2f}",
        "currency": "DKK",
    } | more
    return ",".join(map(str, values.values()))


class Collected:
    """Collections in which some entries were delivered; it remembers what it stopped."""

    def __init__(self, *delivered: int) -> None:
        self._delivered = set(delivered)
        self.stopped: list[int] = []

    def delivered(self, _reader: Reader, entry_ids: list[int]) -> set[int]:
        return self._delivered & set(entry_ids)

    def stop(
        self,
        _transaction: Transaction,
        entry_ids: list[int],
        *,
        reason: str,
        as_of: dt.date,
    ) -> int:
        assert reason
        assert as_of
        self.stopped += entry_ids
        return len(entry_ids)


class Held:
    """A company with claim 1 of 100.00 and four credit notes of 10, 20, 30, and 40."""

    CREDITS = (1_000, 2_000, 3_000, 4_000)

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        path = self._file("no,name", ["1001,Ida", "1002,Bo"])
        import_customers(workspace, path, mapping=CUSTOMERS, as_of=AS_OF)
        credits_ = [row(n, -minor, -minor) for n, minor in enumerate(self.CREDITS, start=2)]
        self.tell(row(1, 10_000, 10_000), *credits_)

    def _file(self, heading: str, rows: Sequence[str]) -> Path:
        number = next(numbers)
        path = self.folder / f"{number}.csv"
        lines = [heading, *rows, *[""] * number]  # the same bytes would be read before
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    def tell(self, *rows: str, collections: Collected | None = None) -> ErpImport:
        result = import_entries(
            self.workspace,
            self._file(HEADING, rows),
            mapping=ENTRIES,
            as_of=AS_OF,
            collections=collections,
        )
        assert result.outcome == "accepted", result.problems
        return result

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        with self.workspace.read() as reader:
            return reader.records(sql, parameters)

    def entry(self, number: int) -> int:
        found = self.rows("SELECT entry_id FROM entry WHERE erp_entry_no = ?", str(number))
        return int(found[-1]["entry_id"])

    def remaining(self, number: int = 1) -> int:
        found = self.rows(
            f"SELECT {REMAINING} AS r FROM entry AS e WHERE entry_id = ?",  # noqa: S608  # our own text
            self.entry(number),
        )
        return int(found[0]["r"])

    def settle(self, *numbers_: int) -> list[int]:
        """Let credit notes settle the claim."""
        pairs = [Pair(self.entry(n), self.entry(1)) for n in numbers_]
        return list(settle(self.workspace, pairs=pairs, as_of=AS_OF).application_ids)

    def hand_over(self, application_ids: list[int]) -> None:
        with self.workspace.transaction("hand_over") as transaction:
            number = transaction.draw_ids(1)
            head = {
                "handover_id": number,
                "number": number,
                "document_no": f"HO-{number}",
                "format": "csv",
                "mapping_name": "m",
                "mapping": "",
                "as_of": AS_OF.isoformat(),
                "actor": "ida",
            }
            transaction.append("handover", pl.DataFrame([head]))
            settled = pl.DataFrame({"application_id": application_ids})
            transaction.append(
                "handover_application", settled.with_columns(handover_id=pl.lit(number))
            )

    def states(self) -> list[str]:
        found = self.rows("SELECT state FROM application_exchange ORDER BY application_id")
        return [r["state"] for r in found]

    def difference(self) -> dict[str, Any]:
        with self.workspace.read() as reader:
            found = open_differences(reader)
        assert found.height == 1, found
        return found.row(0, named=True)

    def decide(
        self,
        decision: Decision,
        *,
        reason: str = "The ERP's bookkeeper said so",
        collections: Collected | None = None,
        as_of: dt.date = LATER,
    ) -> Decided:
        return decide(
            self.workspace,
            self.difference()["difference_id"],
            decision=decision,
            reason=reason,
            as_of=as_of,
            collections=collections,
        )

    def open(self) -> int:
        with self.workspace.read() as reader:
            return open_differences(reader).height

    def prove(self) -> None:
        with self.workspace.read() as reader:
            for identity in identities(reader, as_of=LATER, currencies=["DKK"]):
                assert identity.holds, identity
            assert audit.check(reader).holds


@pytest.fixture
def held(workspace: Workspace, tmp_path: Path) -> Held:
    return Held(workspace, tmp_path)


def test_both_readings_are_told(held: Held) -> None:
    held.hand_over(held.settle(3, 4))
    held.settle(2)
    held.tell(row(1, 10_000, 7_500))
    found = held.difference()
    readings = ("class", "ours_minor", "handed_over_minor", "waiting_minor", "shown_minor")
    assert [found[name] for name in readings] == ["partly_booked", 10_000, 5_000, 1_000, 7_500]
    assert (found["erp_entry_no"], found["customer_no"], found["remaining_minor"]) == (
        "1", "1001", 4_000
    )  # fmt: skip
    assert not found["stale"]
    assert words(found, language="en") == (
        "The ERP has booked a part of what was handed over. The ERP shows 75.00 DKK. With us "
        "40.00 DKK remain; 50.00 DKK were handed over and are not booked, 10.00 DKK wait."
    )


def test_booked_are_those_that_come_to_the_fall(held: Held) -> None:
    held.hand_over(held.settle(2, 3, 4))
    held.tell(row(1, 10_000, 6_000))  # 10 and 30 of 10, 20, 30; the oldest two come to 30
    done = held.decide("booked")
    assert (done.marks, done.document_no) == (2, None)
    assert held.states() == ["booked", "handed_over", "booked"]
    assert held.open() == 0
    held.tell(row(1, 10_000, 6_000))
    assert held.open() == 0
    held.prove()


def test_the_oldest_are_taken_where_several_fit(held: Held) -> None:
    held.hand_over(held.settle(2, 3, 4))
    held.tell(row(1, 10_000, 7_000))  # 10 + 20, or 30
    assert held.decide("booked").marks == 2
    assert held.states() == ["booked", "booked", "handed_over"]


def test_what_no_settlements_come_to_is_not_booked(held: Held) -> None:
    held.hand_over(held.settle(2, 3))
    held.tell(row(1, 10_000, 8_500))
    with pytest.raises(UndecidableError, match="no settlements"):
        held.decide("booked")
    assert (held.open(), held.states()) == (1, ["handed_over", "handed_over"])


def test_the_lower_reading_may_count(held: Held) -> None:
    held.settle(2)
    held.tell(row(1, 10_000, 4_000))
    assert held.difference()["class"] == "fall_while_waiting"
    collected = Collected()
    done = held.decide("settled_in_erp", collections=collected)
    assert (done.marks, done.settled_minor) == (0, 6_000)
    assert (done.posting_date, done.stopped) == (LATER, 1)
    assert collected.stopped == [held.entry(1)]
    assert (held.remaining(), held.states()) == (3_000, ["waiting"])
    held.prove()
    held.tell(row(1, 10_000, 4_000))
    assert held.open() == 0
    assert held.remaining() == 3_000


def test_the_lower_reading_books_what_it_explains(held: Held) -> None:
    held.hand_over(held.settle(3))
    held.settle(2)
    held.tell(row(1, 10_000, 5_000))
    done = held.decide("settled_in_erp")
    assert (done.marks, done.settled_minor) == (1, 3_000)
    assert (held.remaining(), held.states()) == (4_000, ["booked", "waiting"])
    held.prove()


def test_a_fall_that_ours_does_not_explain_leaves_ours_handed_over(held: Held) -> None:
    held.hand_over(held.settle(5))
    held.tell(row(1, 10_000, 8_500))
    done = held.decide("settled_in_erp")
    assert (done.marks, done.settled_minor) == (0, 1_500)
    assert (held.remaining(), held.states()) == (4_500, ["handed_over"])
    held.tell(row(1, 10_000, 8_500))
    assert held.open() == 0
    held.tell(row(1, 10_000, 4_500))
    assert held.states() == ["booked"]
    held.prove()


def test_no_more_is_settled_than_remains(held: Held) -> None:
    held.settle(2, 3, 4, 5)
    held.tell(row(1, 10_000, 0))
    with pytest.raises(UndecidableError, match="take back"):
        held.decide("settled_in_erp")
    assert (held.open(), held.remaining()) == (1, 0)


def test_more_than_ours_can_only_stand_beside_it(held: Held) -> None:
    held.tell(row(1, 10_000, 8_000))
    held.tell(row(1, 10_000, 9_000))
    assert held.difference()["class"] == "above"
    decisions: tuple[Decision, ...] = ("booked", "settled_in_erp")
    for decision in decisions:
        with pytest.raises(UndecidableError):
            held.decide(decision)
    held.decide("ours_stands")
    held.tell(row(1, 10_000, 9_000))
    assert held.open() == 0
    held.tell(row(1, 10_000, 9_500))
    assert held.open() == 1


def test_a_delivered_entry_told_lower_may_be_settled_down(held: Held) -> None:
    collected = Collected(held.entry(1))
    held.tell(row(1, 8_000, 8_000), collections=collected)
    assert held.difference()["class"] == "changed"
    assert held.decide("settled_in_erp").settled_minor == 2_000
    assert held.remaining() == 8_000
    held.prove()


@pytest.mark.parametrize("more", [{"no": "1002"}, {"currency": "EUR"}])
def test_another_customer_or_currency_is_never_settled(
    held: Held, more: dict[str, str]
) -> None:
    held.tell(row(1, 8_000, 8_000, **more), collections=Collected(held.entry(1)))
    with pytest.raises(UndecidableError, match="otherwise"):
        held.decide("settled_in_erp")
    held.decide("ours_stands")
    assert (held.open(), held.remaining()) == (0, 10_000)


def test_credits_are_read_in_their_own_direction(held: Held) -> None:
    held.settle(5)
    held.tell(row(5, -4_000, -1_000))
    assert held.difference()["class"] == "fall_while_waiting"
    with pytest.raises(UndecidableError, match="take back"):
        held.decide("settled_in_erp")
    pair = Pair(held.entry(4), held.entry(1), 1_000)
    settle(held.workspace, pairs=[pair], as_of=AS_OF)
    held.decide("ours_stands")
    held.tell(row(4, -3_000, -1_500))
    assert held.decide("settled_in_erp").settled_minor == -1_500
    assert held.remaining(4) == -500
    held.prove()


def test_a_decision_rests_on_what_was_shown(held: Held) -> None:
    application_ids = held.settle(2, 3)
    held.hand_over(application_ids[:1])
    held.tell(row(1, 10_000, 5_000))
    number = held.difference()["difference_id"]
    held.hand_over(application_ids[1:])
    assert held.difference()["stale"]
    assert "import the ERP's open entries again" in words(held.difference(), language="en")
    decisions: tuple[Decision, ...] = ("booked", "settled_in_erp")
    for decision in decisions:
        with pytest.raises(DifferenceMovedError):
            held.decide(decision)
    held.decide("ours_stands")
    with pytest.raises(DifferenceEndedError):
        decide(held.workspace, number, decision="ours_stands", reason="Again", as_of=LATER)
    with pytest.raises(UnknownDifferenceError):
        decide(held.workspace, 1, decision="ours_stands", reason="None", as_of=LATER)


def test_a_decision_has_a_reason(held: Held) -> None:
    held.settle(2)
    held.tell(row(1, 10_000, 4_000))
    with pytest.raises(UndecidableError, match="no reason"):
        held.decide("ours_stands", reason="  ")


def test_a_closed_period_moves_what_a_decision_posts(held: Held) -> None:
    held.settle(2)
    held.tell(row(1, 10_000, 4_000))
    with held.workspace.transaction("close") as transaction:
        periods.set_state(transaction, first_day=dt.date(2026, 10, 1), state="closed")
    done = held.decide("settled_in_erp")
    assert done.posting_date == dt.date(2026, 11, 1)
    assert done.rolled is not None
    assert done.rolled.asked == LATER


def test_what_was_decided_is_undone_with_its_import(held: Held) -> None:
    held.hand_over(held.settle(3))
    held.settle(2)
    result = held.tell(row(1, 10_000, 5_000))
    before = (held.remaining(), held.states())
    held.decide("settled_in_erp")
    assert result.import_id is not None
    done = undo_import(held.workspace, result.import_id, reason="Wrong", as_of=LATER)
    assert (done.marks, done.settlements, done.differences) == (1, 1, 0)
    assert (held.remaining(), held.states()) == before
    held.prove()
    held.tell(row(1, 10_000, 5_000))
    assert held.open() == 1
