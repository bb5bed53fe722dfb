"""Nothing is collected that the ERP settled, whatever comes first."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from workbench.collection import journal
from workbench.collection.erp_collected import COLLECTED
from workbench.collection.erp_exchange import blockers, decide, import_entries, undo_import
from workbench.collection.unknown_deliveries import settle_unknown
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.imports.differences import open_differences
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.undo.undoing import UndoBlockedError
from workbench.store.transaction import StaleRowError

MAPPING = MappingText(
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
disputed = "disputed"
""",
)
HEADING = "entry,no,kind,document,date,due,amount,remaining,currency,disputed"
numbers = itertools.count(1)


def row(entry: int, no: str, amount: int, remaining: int | None = None, **more: Any) -> str:
    values = {
        "entry": entry,
        "no": no,
        "kind": "invoice" if amount > 0 else "credit_note",
        "document": f"F{entry}",
        "date": "2026-10-01",
        "due": "2026-11-02",
        "amount": f"{amount / 100:.2f}",
        "remaining": f"{(amount if remaining is None else remaining) / 100:.2f}",
        "currency": "DKK",
        "disputed": "no",
    } | more
    return ",".join(map(str, values.values()))


def tell(company: Any, *rows: str, full: bool = True, **more: Any) -> ErpImport:
    """The ERP tells its open entries, and we take them over."""
    path = company.files / f"open{next(numbers)}.csv"
    path.write_text("\n".join([HEADING, *rows]) + "\n", encoding="utf-8")
    result = import_entries(
        company.workspace, path, mapping=MAPPING, as_of=company.AS_OF, full=full, **more
    )
    assert result.outcome == "accepted", result.problems
    return result


def number_of(result: ErpImport) -> int:
    assert result.import_id is not None
    return result.import_id


@pytest.fixture
def billed(company: Any) -> Any:
    """Two claims of one customer, of another one, and a credit note."""
    company.customers("1001", "1002")
    tell(company, *CLAIMS)
    return company


CLAIMS = (row(1, "1001", 10_000), row(2, "1001", 5_000), row(3, "1002", 20_000))


def approvals(company: Any) -> list[int | None]:
    return [r["voided"] for r in company.rows("SELECT voided FROM approval ORDER BY 1")]


def advance(company: Any, upto: str) -> None:
    """Take the journal so far: suggested, validated or approved."""
    steps: dict[str, Callable[[], object]] = {
        "suggested": company.suggest,
        "validated": company.validate,
        "approved": company.approve,
    }
    for name, step in steps.items():
        step()
        if name == upto:
            return


@pytest.mark.parametrize("upto", ["suggested", "validated", "approved"])
def test_an_import_stops_what_the_erp_settled(billed: Any, upto: str) -> None:
    advance(billed, upto)
    before = [(r["collection_line_id"], r["version"]) for r in billed.lines()]
    result = tell(billed, CLAIMS[0], CLAIMS[2])
    assert (result.stopped, billed.status("1001")) == (1, "stopped")
    assert billed.line("1001")["stop_reason"] == "settled in the ERP"
    register = billed.rows(
        "SELECT to_status, reason FROM collection_register WHERE collection_line_id = ? "
        "ORDER BY register_id DESC LIMIT 1",
        billed.line("1001")["collection_line_id"],
    )
    assert register == [{"to_status": "stopped", "reason": "settled in the ERP"}]
    with pytest.raises(StaleRowError):  # a person who still looks at the old line
        journal.approve(billed.workspace, before, as_of=billed.AS_OF)
    assert sum(voided is not None for voided in approvals(billed)) == (upto == "approved")
    # The customer's other claim is collected by the next suggestion, the settled one is not.
    assert billed.suggest().lines == 1
    assert billed.line("1001")["amount_minor"] == 10_000
    billed.validate()
    billed.approve()
    sent = billed.export()
    assert (sent.lines, sent.amount_minor, sent.taken_back) == (2, 30_000, 0)
    billed.prove()


def test_a_line_in_error_stops_as_well(billed: Any) -> None:
    billed.suggest()
    line = billed.line("1001")
    journal.edit(
        billed.workspace,
        line["collection_line_id"],
        version=line["version"],
        changes={"due_date": dt.date(2027, 6, 1)},
        as_of=billed.AS_OF,
    )
    billed.validate()
    assert billed.status("1001") == "error"
    tell(billed, CLAIMS[2])
    assert billed.status("1001") == "stopped"


def test_what_is_settled_without_a_stop_is_neither_validated_nor_sent(billed: Any) -> None:
    """Settled by somebody who knows nothing of collections, such as a person's settlement."""
    advance(billed, "approved")
    settled_behind(billed, "1001")
    sent = billed.export()
    assert (sent.lines, sent.amount_minor, sent.taken_back) == (1, 20_000, 1)
    assert billed.status("1001") == "created"
    assert sum(voided is not None for voided in approvals(billed)) == 1
    assert (billed.validate().errors, billed.status("1001")) == (1, "error")
    codes = billed.rows("SELECT code FROM collection_error")
    assert [r["code"] for r in codes] == ["entries_changed"]
    assert billed.export().lines == 0


def test_parts_that_change_against_each_other_are_seen(billed: Any) -> None:
    """The sum of a line's entries is as before, but one of them is settled."""
    advance(billed, "suggested")
    settled_behind(billed, "1001", amounts={10_000: 4_000, 5_000: -4_000})
    assert billed.validate().errors == 1


def test_what_is_settled_on_a_later_day_is_not_suggested(billed: Any) -> None:
    """A closed period moves the settlement to a day after the one that is today."""
    settled_behind(billed, "1001", day=dt.date(2026, 12, 1))
    suggestion = billed.suggest()
    assert (suggestion.lines, suggestion.amount_minor) == (1, 20_000)


def settled_behind(
    company: Any, customer_no: str, *, amounts: dict[int, int] | None = None, day: Any = None
) -> None:
    """Settle entries of a customer (all, or parts by their amount), and stop no line."""
    with company.workspace.transaction("settle_behind") as transaction:
        entries = transaction.records(
            "SELECT e.* FROM entry AS e JOIN customer USING (customer_id) "
            "WHERE customer_no = ? AND kind = 'invoice'",
            [customer_no],
        )
        credit = transaction.draw_ids(1)
        parts = [
            (e, (amounts or {}).get(e["amount_minor"], e["amount_minor"])) for e in entries
        ]
        if amounts:  # one entry's part moves to the other
            (first, some), (second, _) = parts
            assert some > 0
            pairs = [(second["entry_id"], first["entry_id"], some)]
        else:
            transaction.execute(
                "INSERT INTO entry (entry_id, customer_id, kind, document_no, document_date, "
                "due_date, posting_date, amount_minor, currency, profile, voucher_id, recorded)"
                " SELECT ?, customer_id, 'payment', 'P', document_date, due_date, "
                "posting_date, ?, currency, profile, voucher_id, ? FROM entry "
                "WHERE entry_id = ?",
                [credit, -sum(m for _, m in parts), transaction.number, entries[0]["entry_id"]],
            )
            pairs = [(credit, e["entry_id"], minor) for e, minor in parts]
        for source, target, minor in pairs:
            transaction.execute(
                "INSERT INTO application (application_id, from_entry_id, to_entry_id, "
                "amount_minor, currency, kind, posting_date, actor, recorded) "
                "VALUES (?, ?, ?, ?, 'DKK', 'payment', ?, 'ida', ?)",
                [
                    transaction.draw_ids(1), source, target, minor,
                    (day or company.AS_OF).isoformat(), transaction.number,
                ],
            )  # fmt: skip


def test_what_the_erp_reads_otherwise_waits_for_a_person(billed: Any) -> None:
    advance(billed, "approved")
    tell(billed, CLAIMS[0], row(2, "1001", 5_000, 5_000), row(3, "1002", 25_000, 25_000))
    assert billed.status("1002") == "stopped"  # told anew: the next revision is collected
    assert billed.suggest().amount_minor == 25_000
    billed.validate()
    billed.approve()
    billed.export()
    tell(billed, CLAIMS[0], CLAIMS[1], row(3, "1002", 26_000, 26_000))
    with billed.workspace.read() as reader:
        (difference,) = open_differences(reader).iter_rows(named=True)
    assert (difference["class"], difference["customer_no"]) == ("changed", "1002")
    billed.told(billed.record("1002", "payment_rejected"))
    suggestion = billed.suggest()
    assert suggestion.lines == 0
    assert suggestion.skipped["reason"].to_list() == ["held_with_erp"]
    decide(
        billed.workspace,
        difference["difference_id"],
        decision="ours_stands",
        reason="They agreed to the invoice",
        as_of=billed.AS_OF,
    )
    assert billed.suggest().amount_minor == 25_000
    billed.prove()


def test_a_line_with_a_held_entry_is_neither_valid_nor_sent(billed: Any) -> None:
    advance(billed, "approved")
    held_behind(billed, 3)
    assert billed.export().taken_back == 1
    assert billed.validate().errors == 1
    codes = billed.rows("SELECT code FROM collection_error")
    assert [r["code"] for r in codes] == ["entries_held_with_erp"]


@pytest.mark.parametrize("upto", ["suggested", "approved"])
def test_a_claim_that_the_erp_stopped_is_neither_validated_nor_sent(
    billed: Any, upto: str
) -> None:
    advance(billed, upto)
    tell(billed, row(3, "1002", 20_000, disputed="yes"), full=False)
    sent = billed.export()
    assert (sent.lines, sent.taken_back) == ((1, 1) if upto == "approved" else (0, 0))
    billed.validate()
    assert billed.status("1002") == "error"
    codes = billed.rows("SELECT code FROM collection_error")
    assert [r["code"] for r in codes] == ["entries_stopped"]
    assert billed.export().lines == 0


def held_behind(company: Any, entry_no: int) -> None:
    with company.workspace.transaction("hold_behind") as transaction:
        transaction.execute(
            "INSERT INTO erp_difference (difference_id, import_id, entry_id, class, currency, "
            "ours_minor, handed_over_minor, waiting_minor, shown_minor, recorded) "
            "SELECT ?, import_id, entry_id, 'above', 'DKK', 1, 0, 0, 2, ? "
            "FROM entry, erp_import WHERE erp_entry_no = ? LIMIT 1",
            [transaction.draw_ids(1), transaction.number, str(entry_no)],
        )


def test_delivered_is_what_may_have_left_the_house(company: Any) -> None:
    company.approved(("1001", 10_000))
    company.approved(("1002", 20_000))
    entries = [r["entry_id"] for r in company.rows("SELECT entry_id FROM entry ORDER BY 1")]

    def delivered() -> list[bool]:
        with company.workspace.read() as reader:
            found = COLLECTED.delivered(reader, entries)
        return [entry in found for entry in entries]

    assert delivered() == [False, False]
    company.export()
    assert delivered() == [True, True]
    with company.workspace.transaction("forget") as transaction:
        transaction.execute("UPDATE delivery SET state = 'unknown'")
        transaction.execute("UPDATE collection_line SET status = 'approved'")
        delivery = transaction.value("SELECT delivery_id FROM delivery")
    assert delivered() == [True, True]
    settle_unknown(
        company.workspace, delivery, was_sent=False, reason="found it", as_of=company.AS_OF
    )
    assert delivered() == [False, False]


def test_undo_stops_lines_and_is_refused_once_they_left(billed: Any) -> None:
    first = tell(billed, row(4, "1002", 700), full=False)
    advance(billed, "approved")
    done = undo_import(
        billed.workspace, number_of(first), reason="Wrong file", as_of=billed.AS_OF
    )
    assert (done.entries, done.stopped) == (1, 1)
    assert billed.line("1002")["stop_reason"] == "the import from the ERP was undone"
    billed.suggest()
    assert billed.line("1002")["amount_minor"] == 20_000
    billed.validate()
    billed.approve()
    again = tell(billed, row(5, "1002", 900, due="2026-11-03"), full=False)
    billed.suggest()
    billed.validate()
    billed.approve()
    billed.export()
    with billed.workspace.read() as reader:
        found = blockers(reader, number_of(again))
    assert found.select("reason", "erp_entry_no", "customer_no").rows() == [
        ("delivered", "5", "1002")
    ]
    with pytest.raises(UndoBlockedError):
        undo_import(billed.workspace, number_of(again), reason="Late", as_of=billed.AS_OF)
    billed.prove()
