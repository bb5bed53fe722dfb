"""An import is taken back as new rows: as much remains as before, and every sum holds."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ledger import periods
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover import refunds
from workbench.ledger.identities import identities
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.history import listing
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.open_entries import REMAINING
from workbench.ledger.settlement.entries import SettlementError
from workbench.ledger.settlement.settling import Pair, settle
from workbench.ledger.settlement.unsettling import unsettle
from workbench.ledger.undo.undoing import (
    AlreadyUndoneError,
    NoReasonError,
    UndoBlockedError,
    Undone,
    UnknownImportError,
    blockers,
    undo_import,
)
from workbench.store import audit
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
on_hold = "hold"
vat_code = "code"
vat_rate = "rate"
vat_base = "base"
vat_amount = "vat"
""",
)
CUSTOMERS = MappingText(
    "customers",
    """
[file]
delimiter = ","

[columns]
customer_no = "no"
name = "name"
city = "city"
customer_group = "group"
""",
)
HEADING = "entry,no,kind,document,date,due,amount,remaining,currency,hold,code,rate,base,vat"
#: What stands under each number of the ERP, without what differs between revisions.
STANDING = f"""
SELECT erp_entry_no, customer_id, kind, e.document_no, document_date, due_date, amount_minor,
       currency, on_hold, dimensions, vat_code, base_minor, vat_minor, {REMAINING} AS remaining
FROM entry AS e LEFT JOIN entry_vat USING (entry_id)
WHERE erp_entry_no IS NOT NULL
  AND entry_id NOT IN (SELECT entry_id FROM entry_withdrawal)
ORDER BY CAST(erp_entry_no AS INTEGER)
"""  # noqa: S608  # our own text
numbers = itertools.count(1)


def row(entry: int | str, amount: int, remaining: int | None = None, **more: Any) -> str:
    base = amount * 4 // 5
    values = {
        "entry": entry,
        "no": "1001",
        "kind": "invoice" if amount > 0 else "credit_note",
        "document": f"F{entry}",
        "date": "2026-10-01",
        "due": "2026-11-02",
        "amount": f"{amount / 100:.2f}",
        "remaining": f"{(amount if remaining is None else remaining) / 100:.2f}",
        "currency": "DKK",
        "hold": "no",
        "code": "S25",
        "rate": "25",
        "base": f"{base / 100:.2f}",
        "vat": f"{(amount - base) / 100:.2f}",
    } | more
    return ",".join(map(str, values.values()))


class Books:
    """A company, its ERP, and what both say."""

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        self.customers("1001,Ida Dahl,Aalborg,private", "1002,Bo Krogh,Skive,private")

    def customers(self, *rows: str) -> ErpImport:
        path = self.file("no,name,city,group", rows)
        return import_customers(self.workspace, path, mapping=CUSTOMERS, as_of=AS_OF)

    def tell(self, *rows: str, full: bool = True, as_of: dt.date = AS_OF) -> ErpImport:
        path = self.file(HEADING, rows)
        return self.take(path, full=full, as_of=as_of)

    def take(self, path: Path, *, full: bool = True, as_of: dt.date = AS_OF) -> ErpImport:
        result = import_entries(self.workspace, path, mapping=ENTRIES, as_of=as_of, full=full)
        assert result.outcome == "accepted", result.problems
        return result

    def file(self, heading: str, rows: Sequence[str]) -> Path:
        path = self.folder / f"{next(numbers)}.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        return path

    def undo(self, result: ErpImport, *, as_of: dt.date = LATER) -> Undone:
        assert result.import_id is not None
        return undo_import(self.workspace, result.import_id, reason="Wrong file", as_of=as_of)

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        with self.workspace.read() as reader:
            return reader.records(sql, parameters)

    def entry(self, number: int | str) -> dict[str, Any]:
        return self.rows(
            f"SELECT e.*, {REMAINING} AS remaining FROM entry AS e WHERE erp_entry_no = ? "  # noqa: S608  # our own text
            "ORDER BY erp_revision DESC LIMIT 1",
            str(number),
        )[0]

    def settle(self, credit: int, claim: int, amount: int | None = None) -> int:
        pair = Pair(self.entry(credit)["entry_id"], self.entry(claim)["entry_id"], amount)
        return settle(self.workspace, pairs=[pair], as_of=AS_OF).application_ids[0]

    def hand_over(self, *application_ids: int) -> None:
        """A delivery to the ERP with these settlements."""
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

    def state(self) -> dict[str, list[dict[str, Any]]]:
        """What a person sees: what stands under each number, and the exchange with the ERP."""
        return {
            "entries": self.rows(STANDING),
            "exchange": self.rows(
                "SELECT application_id, state FROM application_exchange ORDER BY 1"
            ),
            "differences": self.rows(
                "SELECT entry_id, class, ours_minor, handed_over_minor, waiting_minor, "
                "shown_minor, changed FROM erp_difference WHERE difference_id NOT IN "
                "(SELECT difference_id FROM erp_difference_end) ORDER BY 1"
            ),
        }

    def prove(self) -> None:
        with self.workspace.read() as reader:
            for day in (AS_OF, LATER, dt.date(2026, 12, 31)):
                for identity in identities(reader, as_of=day, currencies=["DKK", "EUR"]):
                    assert identity.holds, identity
            assert audit.check(reader).holds
            open_withdrawn = reader.rows(
                f"SELECT entry_id FROM entry AS e JOIN entry_withdrawal USING (entry_id) "  # noqa: S608  # our own text
                f"WHERE {REMAINING} <> 0"
            )
            assert not open_withdrawn


@pytest.fixture
def books(workspace: Workspace, tmp_path: Path) -> Books:
    return Books(workspace, tmp_path)


FIRST = (row(1, 10_000), row(2, -3_000), row(3, 5_000, currency="EUR"))


def test_new_entries_are_taken_out_by_a_mirror(books: Books) -> None:
    result = books.tell(*FIRST)
    done = books.undo(result)
    assert (done.entries, done.settlements, done.brought_back) == (3, 0, 0)
    assert (done.document_nos, done.posting_date) == (("ERP-000002",), LATER)
    assert books.state()["entries"] == []
    (original, mirror) = books.rows("SELECT * FROM voucher ORDER BY number")
    assert mirror["reverses_voucher_id"] == original["voucher_id"]
    pairs = books.rows(
        "SELECT m.amount_minor AS back, p.amount_minor AS was, m.account_no = p.account_no "
        "AS same FROM posting AS m JOIN posting AS p ON p.posting_id = m.reverses_posting_id"
    )
    assert sorted((r["was"], r["back"], r["same"]) for r in pairs) == [
        (-3_000, 3_000, 1), (5_000, -5_000, 1), (10_000, -10_000, 1)
    ]  # fmt: skip
    assert books.rows("SELECT sum(amount_minor) AS s FROM posting")[0]["s"] == 0
    books.prove()


def test_the_same_bytes_come_in_again(books: Books) -> None:
    result = books.tell(*FIRST)
    before = books.state()
    path = max(books.folder.glob("*.csv"), key=lambda p: int(p.stem))
    books.undo(result)
    again = books.take(path)
    assert again.import_id != result.import_id
    assert again.counts["new"] == 3
    assert books.state() == before
    assert books.entry(1)["erp_revision"] == 2
    books.undo(again)
    assert books.state()["entries"] == []
    books.prove()


def test_an_undo_that_was_done_before_is_refused(books: Books) -> None:
    result = books.tell(*FIRST)
    books.undo(result)
    before = books.rows("SELECT count(*) AS n FROM audit_event")
    with pytest.raises(AlreadyUndoneError):
        books.undo(result)
    with pytest.raises(UnknownImportError):
        undo_import(books.workspace, 1, reason="No such", as_of=LATER)
    other = books.tell(row(4, 100), full=False)
    assert other.import_id is not None
    with pytest.raises(NoReasonError):
        undo_import(books.workspace, other.import_id, reason=" ", as_of=LATER)
    assert len(before) == 1


def test_what_was_settled_in_the_erp_is_open_again(books: Books) -> None:
    books.tell(*FIRST)
    before = books.state()
    second = books.tell(row(1, 10_000, 4_000), FIRST[2])
    assert (books.entry(1)["remaining"], books.entry(2)["remaining"]) == (4_000, 0)
    done = books.undo(second)
    assert (done.entries, done.settlements) == (0, 2)
    assert books.state() == before
    reversals = books.rows(
        "SELECT r.amount_minor, a.kind FROM application AS r JOIN application AS a "
        "ON a.application_id = r.reverses_application_id"
    )
    assert sorted((r["amount_minor"], r["kind"]) for r in reversals) == [
        (-6_000, "settled_in_erp"), (-3_000, "settled_in_erp")
    ]  # fmt: skip
    books.prove()
    third = books.tell(row(1, 10_000, 4_000), FIRST[2])
    assert books.entry(1)["remaining"] == 4_000
    assert third.document_no is not None
    books.prove()


def test_a_new_entry_that_comes_half_settled_goes_whole(books: Books) -> None:
    result = books.tell(row(1, 10_000, 2_500))
    assert books.entry(1)["remaining"] == 2_500
    done = books.undo(result)
    assert (done.entries, done.settlements) == (1, 1)
    assert books.state()["entries"] == []
    books.prove()


def test_booked_marks_are_taken_back(books: Books) -> None:
    books.tell(*FIRST[:2])
    books.hand_over(books.settle(2, 1))
    before = books.state()
    second = books.tell(row(1, 10_000, 7_000), as_of=LATER)
    assert [r["state"] for r in books.state()["exchange"]] == ["booked"]
    done = books.undo(second)
    assert done.marks == 1
    assert books.state() == before
    assert [r["state"] for r in before["exchange"]] == ["handed_over"]
    books.prove()


def test_a_mark_that_a_person_made_since_stays(books: Books) -> None:
    books.tell(*FIRST[:2])
    application = books.settle(2, 1)
    books.hand_over(application)
    second = books.tell(row(1, 10_000, 7_000), as_of=LATER)
    (handover,) = books.rows("SELECT handover_id FROM handover")
    with books.workspace.transaction("person") as transaction:
        transaction.append(
            "handover_mark",
            pl.DataFrame(
                [
                    {
                        "mark_id": transaction.draw_ids(1),
                        "handover_id": handover["handover_id"],
                        "application_id": application,
                        "booked": 1,
                        "how": "person",
                        "actor": "ida",
                    }
                ]
            ),
        )
    assert books.undo(second).marks == 0
    assert [r["state"] for r in books.state()["exchange"]] == ["booked"]


def test_stops_are_lifted_where_nobody_touched_them(books: Books) -> None:
    books.tell(*FIRST)
    second = books.tell(
        row(1, 10_000, hold="yes"), row(2, -3_000, hold="yes"), FIRST[2], full=False
    )
    entry = books.entry(2)
    with books.workspace.transaction("release") as transaction:
        for hold in (0, 1):  # a person looked at it since
            version = transaction.value(
                "SELECT version FROM entry WHERE entry_id = ?", [entry["entry_id"]]
            )
            transaction.edit(
                "entry", entry["entry_id"], version=version, changes={"on_hold": hold}
            )
    done = books.undo(second)
    assert done.restored == 1
    assert [(table, fields) for table, _, fields in done.kept] == [("entry", ("on_hold",))]
    assert (books.entry(1)["on_hold"], books.entry(2)["on_hold"]) == (0, 1)


def test_what_was_replaced_comes_back_with_what_was_settled_of_it(books: Books) -> None:
    books.tell(row(1, 10_000), row(2, -3_000), full=False)
    books.tell(row(1, 10_000, 6_000), row(2, -3_000))
    before = books.state()
    second = books.tell(row(1, 12_000), row(2, -4_000, -500, no="1002"))
    assert (books.entry(1)["remaining"], books.entry(2)["remaining"]) == (12_000, -500)
    done = books.undo(second)
    assert (done.entries, done.brought_back) == (2, 2)
    assert books.state() == before
    assert [books.entry(n)["erp_revision"] for n in (1, 2)] == [3, 3]
    books.prove()
    again = books.tell(row(1, 12_000), row(2, -4_000, -500, no="1002"))
    assert books.entry(2)["remaining"] == -500
    books.undo(again)
    assert books.state() == before
    books.prove()


def test_imports_are_undone_one_after_the_other(books: Books) -> None:
    first = books.tell(row(1, 10_000, 8_000))
    second = books.tell(row(1, 11_000))
    with pytest.raises(UndoBlockedError) as refused:
        books.undo(first)
    assert refused.value.blockers["reason"].unique().to_list() == ["later_import"]
    books.undo(second)
    assert books.entry(1)["remaining"] == 8_000
    done = books.undo(first)
    assert done.entries == 1
    assert books.state()["entries"] == []
    books.prove()


def test_the_same_bytes_on_two_days_are_two_imports(books: Books) -> None:
    first = books.tell(row(1, 10_000))
    path = max(books.folder.glob("*.csv"), key=lambda p: int(p.stem))
    second = books.take(path, as_of=LATER)
    assert second.import_id != first.import_id
    assert books.undo(second).entries == 0
    assert books.entry(1)["remaining"] == 10_000
    assert books.undo(first).entries == 1
    books.prove()


def test_a_later_file_of_new_entries_does_not_stand_against_it(books: Books) -> None:
    first = books.tell(row(1, 10_000), full=False)
    books.tell(row(2, 5_000), full=False)
    books.undo(first)
    assert [r["erp_entry_no"] for r in books.state()["entries"]] == ["2"]
    books.prove()


def blocked(books: Books, result: ErpImport) -> list[tuple[str, str | None]]:
    before = books.state()
    with pytest.raises(UndoBlockedError):
        books.undo(result)
    assert books.state() == before
    assert result.import_id is not None
    with books.workspace.read() as reader:
        found = blockers(reader, result.import_id)
    return found.select("reason", "erp_entry_no").sort("reason", "erp_entry_no").rows()


def test_a_settlement_of_ours_stands_against_it_until_it_is_taken_back(books: Books) -> None:
    first = books.tell(*FIRST)
    application = books.settle(2, 1)
    assert blocked(books, first) == [("settled", "1"), ("settled", "2")]
    unsettle(books.workspace, [application], reason="Wrong", as_of=AS_OF)
    books.undo(first)
    assert books.state()["entries"] == []
    books.prove()


def test_a_refund_stands_against_it_until_it_is_withdrawn(books: Books) -> None:
    first = books.tell(*FIRST)
    entry = books.entry(2)["entry_id"]
    refunds.ask(books.workspace, entry_id=entry, amount_minor=1_000, reason="Moved")
    assert blocked(books, first) == [("refund", "2")]
    (refund,) = books.rows("SELECT refund_id FROM refund")
    refunds.withdraw(books.workspace, refund["refund_id"], reason="Stays")
    books.undo(first)
    books.prove()


def test_differences_end_with_it_and_earlier_ones_open_again(books: Books) -> None:
    books.tell(row(1, 10_000))
    books.tell(row(1, 10_000, 10_000), row(2, -3_000), full=False)
    books.hand_over(books.settle(2, 1))
    second = books.tell(row(1, 10_000, 8_000), row(2, -3_000), as_of=LATER)
    before = books.state()
    assert len(before["differences"]) == 1
    third = books.tell(row(1, 10_000, 9_000), row(2, -3_000), as_of=LATER)
    assert books.state()["differences"] != before["differences"]
    done = books.undo(third)
    assert (done.differences, done.reopened) == (1, 1)
    assert books.state() == before
    done = books.undo(second)
    assert done.differences == 1
    assert books.state()["differences"] == []
    books.prove()


def test_a_closed_period_moves_the_undo_visibly(books: Books) -> None:
    result = books.tell(*FIRST)
    with books.workspace.transaction("close") as transaction:
        periods.set_state(transaction, first_day=dt.date(2026, 10, 1), state="closed")
    done = books.undo(result, as_of=AS_OF)
    assert done.posting_date == dt.date(2026, 11, 1)
    assert done.rolled is not None
    assert done.rolled.asked == AS_OF
    books.prove()


def test_an_undo_is_never_dated_before_what_it_takes_out(books: Books) -> None:
    result = books.tell(*FIRST)
    assert books.undo(result, as_of=dt.date(2026, 9, 1)).posting_date == AS_OF


def test_customers_get_back_what_nobody_changed_since(books: Books) -> None:
    result = books.customers("1001,Ida Holm,Skagen,business", "1003,Per Lund,Ribe,private")
    with books.workspace.transaction("moved") as transaction:
        person, version = transaction.rows(
            "SELECT person_id, p.version FROM customer JOIN person AS p USING (person_id) "
            "WHERE customer_no = '1001'"
        )[0]
        transaction.edit("person", person, version=version, changes={"city": "Thisted"})
    done = books.undo(result)
    assert (done.restored, done.on_hold, done.posting_date) == (2, 1, None)
    assert [(table, fields) for table, _, fields in done.kept] == [("person", ("city",))]
    found = books.rows(
        "SELECT customer_no, name, city, customer_group, on_hold FROM customer "
        "JOIN person USING (person_id) WHERE customer_no <> '1002' ORDER BY 1"
    )
    assert [tuple(r.values()) for r in found] == [
        ("1001", "Ida Dahl", "Thisted", "private", 0),
        ("1003", "Per Lund", "Ribe", "private", 1),
    ]
    with pytest.raises(AlreadyUndoneError):
        books.undo(result)


def test_customers_come_in_again_without_the_hold_of_the_undo(books: Books) -> None:
    rows = ("1003,Per Lund,Ribe,private", "1001,Ida Holm,Aalborg,private")
    question = (
        "SELECT customer_no, name, on_hold FROM customer JOIN person USING (person_id) "
        "WHERE customer_no <> '1002' ORDER BY 1"
    )
    first = books.customers(*rows)
    before = books.rows(question)
    path = max(books.folder.glob("*.csv"), key=lambda p: int(p.stem))
    books.undo(first)
    assert [r["on_hold"] for r in books.rows(question)] == [0, 1]
    again = import_customers(books.workspace, path, mapping=CUSTOMERS, as_of=AS_OF)
    assert again.counts == {"new": 0, "equal": 0, "changed": 2}
    assert books.rows(question) == before
    books.undo(again)
    assert [(r["name"], r["on_hold"]) for r in books.rows(question)] == [
        ("Ida Dahl", 0), ("Per Lund", 1)
    ]  # fmt: skip
    with books.workspace.transaction("hold") as transaction:  # a person holds the other one
        customer, version = transaction.rows(
            "SELECT customer_id, version FROM customer WHERE customer_no = '1001'"
        )[0]
        transaction.edit("customer", customer, version=version, changes={"on_hold": 1})
    import_customers(books.workspace, path, mapping=CUSTOMERS, as_of=AS_OF)
    assert [r["on_hold"] for r in books.rows(question)] == [1, 0]


def test_the_list_of_imports(books: Books) -> None:
    first = books.tell(*FIRST)
    books.undo(first)
    with books.workspace.read() as reader:
        found = listing(reader)
    last = found.row(0, named=True)
    assert (last["import_id"], last["mode"], last["as_of"]) == (first.import_id, "full", AS_OF)
    assert json.loads(last["effects"])["counts"]["new"] == 3
    assert (last["undone_by"], last["undone_because"]) == (
        books.workspace.actor, "Wrong file"
    )  # fmt: skip
    assert found["purpose"].to_list() == ["erp_entries", "erp_customers"]


#: What the ERP shows of each of five entries: nothing, or a remaining amount in tenths.
shown = st.lists(st.one_of(st.none(), st.integers(1, 10)), min_size=5, max_size=5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("full"), shown),
        st.tuples(st.just("delta"), shown),
        st.tuples(st.just("settle"), st.tuples(st.integers(0, 4), st.integers(0, 4))),
        st.tuples(st.just("hand_over"), st.none()),
        st.tuples(st.just("undo"), st.none()),
    ),
    min_size=1,
    max_size=7,
)
#: Three claims and two credits, and another amount that the ERP may come to tell.
AMOUNTS = (10_000, 20_000, -5_000, 7_000, -8_000)


def play(books: Books, step: tuple[str, Any], done: list[ErpImport]) -> None:
    kind, what = step
    if kind in {"full", "delta"}:
        rows = [
            row(n, AMOUNTS[n], AMOUNTS[n] * tenths // 10)
            for n, tenths in enumerate(what)
            if tenths is not None
        ]
        path = books.file(HEADING, rows)
        result = import_entries(
            books.workspace, path, mapping=ENTRIES, as_of=AS_OF, full=kind == "full"
        )
        if result.outcome == "accepted":
            done.append(result)
    elif kind == "settle":
        known = {entry["erp_entry_no"] for entry in books.rows(STANDING)}
        if {str(n) for n in what} <= known:
            with suppress(SettlementError):  # not every pair can be settled
                books.settle(*what)
    elif kind == "hand_over":
        waiting = books.rows(
            "SELECT application_id FROM application_exchange WHERE state = 'waiting'"
        )
        if waiting:
            books.hand_over(*(r["application_id"] for r in waiting))
    elif done:
        with suppress(UndoBlockedError):
            books.undo(done[-1])
            done.pop()


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(history=steps, last=shown, kind=st.sampled_from(["full", "delta"]))
def test_undo_right_after_an_import_restores_everything(
    make_books: Callable[[], Books], history: list[Any], last: list[Any], kind: str
) -> None:
    books = make_books()
    done: list[ErpImport] = []
    for step in history:
        play(books, step, done)
        books.prove()
    before, imports = books.state(), len(done)
    play(books, (kind, last), done)
    if len(done) == imports:
        return
    books.prove()
    books.undo(done[-1])
    books.prove()
    assert books.state() == before


@pytest.fixture
def make_books(workspace: Workspace, tmp_path: Path) -> Callable[[], Books]:
    """Makes one company after the other."""

    def make() -> Books:
        folder = tmp_path / f"books{next(numbers)}"
        shutil.copytree(workspace.folder, folder / "ws")
        return Books(Workspace(folder / "ws", clock=workspace.clock), folder)

    return make
