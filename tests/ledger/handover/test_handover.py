"""Lines, layouts and deliveries: what the ERP gets is what was posted, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ledger.files import saved_mappings
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover.files import FileInTheWayError
from workbench.ledger.handover.handing_over import ChangedHandoverError, UnknownHandoverError
from workbench.ledger.handover.identity import handed_over
from workbench.ledger.handover.layout import BadLayoutError, layout_of
from workbench.ledger.handover.layouts import UnknownLayoutError, ready_made
from workbench.ledger.period_states import UnknownJournalError
from workbench.reports.hand_over import export_again
from workbench.store.transaction import StaleViewError

DAY = dt.date(2026, 11, 3)


def minor(text: str) -> int:
    """Minor units of an amount with two decimals."""
    return int(text.replace(",", "").replace(".", "") or 0)


def test_a_payment_of_two_invoices_and_a_rest_is_three_lines(books: Any) -> None:
    one, two = books.invoice(30_000, document="F1"), books.invoice(20_000, document="F2")
    _, document = books.payment(60_000, {one: 30_000, two: 20_000})
    lines = books.lines(books.export())
    told = [(line["account_no"], line["applied_document_no"], line["amount"]) for line in lines]
    assert told == [
        ("5820", "", "600,00"),
        ("1001", "F1", "-300,00"),
        ("1001", "F2", "-200,00"),
        ("1001", "", "-100,00"),
    ]
    assert {line["document_no"] for line in lines} == {document}
    assert {line["document_type"] for line in lines} == {"payment"}
    assert {line["clearing_account"] for line in lines} == {"5820"}
    assert [line["line_no"] for line in lines] == ["1", "2", "3", "4"]
    books.prove()


def test_base_amounts_are_shared_out_exactly(books: Any) -> None:
    one, two = books.invoice(100, document="F1"), books.invoice(100, document="F2")
    books.payment(300, {one: 100, two: 100}, currency="EUR", base=2_239)
    lines = books.lines(books.export())
    assert sum(minor(line["base_amount"]) for line in lines if line["customer_no"]) == -2_239
    assert {line["foreign_currency"] for line in lines if "foreign_currency" in line} <= {"EUR"}


def test_settlements_go_out_beside_the_postings(books: Any) -> None:
    invoice = books.invoice(10_000, document="F1")
    payment, document = books.payment(10_000, {})
    books.settle(payment, invoice, 10_000)
    done = books.export()
    (row,) = books.lines(done, "settlements")
    assert (row["instruction"], row["from_document_no"], row["to_document_no"]) == (
        "settle", document, "F1",
    )  # fmt: skip
    assert row["amount"] == "100,00"
    assert books.rows("SELECT count(*) FROM handover_application") == [(1,)]


def test_what_was_made_and_taken_back_goes_out_as_nothing(books: Any) -> None:
    invoice = books.invoice(10_000, document="F1")
    payment, _ = books.payment(10_000, {})
    books.unsettle(books.settle(payment, invoice, 10_000))
    done = books.export()
    assert [file.role for file in done.files] == ["postings"]
    assert books.rows("SELECT count(*) FROM handover_application") == [(2,)]
    assert books.export().nothing


def test_what_was_handed_over_is_taken_back_by_an_instruction(books: Any) -> None:
    invoice = books.invoice(10_000, document="F1")
    payment, _ = books.payment(10_000, {})
    application = books.settle(payment, invoice, 10_000)
    books.export()
    books.unsettle(application)
    (row,) = books.lines(books.export(), "settlements")
    assert row["instruction"] == "unsettle"
    books.prove()


def test_a_settlement_waits_for_the_voucher_that_it_rests_on(books: Any) -> None:
    invoice = books.invoice(10_000, document="F1")
    books.payment(500, {})
    later, _ = books.payment(10_000, {}, day=dt.date(2026, 11, 20))
    books.settle(later, invoice, 10_000)
    first = books.export(up_to=DAY)
    assert [file.role for file in first.files] == ["postings"]
    second = books.export()
    assert [file.role for file in second.files] == ["postings", "settlements"]
    assert first.number == "HO-000001"
    assert second.number == "HO-000002"
    books.prove()


def test_one_journal_alone(books: Any) -> None:
    books.payment(500, {})
    books.payment(700, {}, journal="GENERAL")
    assert books.export(journal="GENERAL").totals["debit_minor"].to_list() == [700]
    assert books.waiting()["debit_minor"].to_list() == [500]
    with pytest.raises(UnknownJournalError):
        books.export(journal="ERP")


def test_a_formula_cannot_leave(books: Any) -> None:
    text = '[[column]]\nheading = "Name"\nfield = "customer_name"\n'
    books.payment(500, {})
    lines = books.lines(books.export(MappingText("named", text)))
    assert [line["Name"] for line in lines] == ["", "'=Å. Ørsted"]


def test_a_name_is_told_as_it_was(books: Any) -> None:
    text = '[[column]]\nheading = "Name"\nfield = "customer_name"\n'
    books.payment(500, {})
    done = books.export(MappingText("named", text))
    with books.workspace.transaction("rename") as transaction:
        transaction.edit("person", 900, version=1, changes={"name": "Someone else"})
    again = export_again(books.workspace, done.number)
    assert again.files[0].sha256 == done.files[0].sha256


def test_a_character_that_the_encoding_lacks_keeps_everything(books: Any) -> None:
    text = '[file]\nencoding = "cp437"\n[[column]]\nheading = "N"\nfield = "customer_name"\n'
    books.payment(500, {})
    done = books.export(MappingText("named", text))
    assert done.number is None
    (problem,) = done.problems
    assert (problem.code, problem.line, problem.column) == ("handover_unencodable", 3, 1)
    assert books.rows("SELECT count(*) FROM handover") == [(0,)]
    assert not (books.workspace.outbox / "erp").exists()


def test_a_number_that_is_too_long_is_a_problem_and_words_are_cut(books: Any) -> None:
    text = (
        '[[column]]\nheading = "A"\nfield = "document_no"\nmax = 3\n'
        '[[column]]\nheading = "T"\nfield = "voucher_text"\nmax = 3\n'
    )
    books.payment(500, {})
    done = books.export(MappingText("short", text))
    assert {problem.code for problem in done.problems} == {"handover_too_long"}
    assert {problem.column for problem in done.problems} == {1}


def test_dimensions_and_codes_in_the_words_of_the_erp(books: Any) -> None:
    books.payment(500, {}, dimensions='{"department": "NORD"}', vat_code="I25")
    lines = books.lines(books.export("business_central_general_journal"))
    assert {line["Shortcut Dimension 1 Code"] for line in lines} == {"NORD"}
    assert {line["VAT Prod. Posting Group"] for line in lines} == {"I25"}
    assert [line["Account Type"] for line in lines] == ["G/L Account", "Customer"]
    assert {line["Currency Code"] for line in lines} == {""}
    assert {line["Posting Date"] for line in lines} == {"03-11-2026"}


def test_the_payment_journal_marks_the_invoice(books: Any) -> None:
    one = books.invoice(30_000, document="F1")
    books.payment(30_000, {one: 30_000})
    lines = books.lines(books.export("dynamics_365_customer_payment_journal"))
    assert [line["ACCOUNTTYPE"] for line in lines] == ["Ledger", "Cust"]
    assert [line["MARKEDINVOICE"] for line in lines] == ["", "F1"]
    assert [line["CREDITAMOUNT"] for line in lines] == ["0.00", "300.00"]


def test_another_file_of_that_name_is_never_overwritten(books: Any) -> None:
    books.payment(500, {})
    done = books.export()
    done.files[0].path.write_bytes(b"mine")
    with pytest.raises(FileInTheWayError):
        export_again(books.workspace, done.number)
    assert done.files[0].path.read_bytes() == b"mine"


def test_a_file_of_that_name_keeps_the_delivery_back(books: Any) -> None:
    books.payment(500, {})
    place = books.workspace.outbox / "erp"
    place.mkdir()
    (place / "HO-000001-postings.csv").write_bytes(b"from another past")
    with pytest.raises(FileInTheWayError):
        books.export()
    assert books.rows("SELECT count(*) FROM handover") == [(0,)]
    (place / "HO-000001-postings.csv").unlink()
    assert books.export().number == "HO-000001"


def test_a_saved_layout_goes_before_a_ready_made_one(books: Any) -> None:
    text = '[[column]]\nheading = "A"\nfield = "amount"\n'
    saved_mappings.save(books.workspace, purpose="postings", name="plain_csv", text=text)
    books.payment(500, {})
    lines = books.lines(books.export("plain_csv"))
    assert {next(iter(line)) for line in lines} == {"A"}


SPOILED = (
    "UPDATE handover_total SET debit_minor = debit_minor + 1, credit_minor = credit_minor - 1",
    "UPDATE handover_total SET postings = postings + 1",
    """DELETE FROM handover_posting
       WHERE posting_id = (SELECT max(posting_id) FROM handover_posting)""",
    "UPDATE posting SET amount_minor = amount_minor + 1 WHERE purpose = 'bank_clearing'",
)


@pytest.mark.parametrize("sql", SPOILED)
def test_the_identity_sees_what_was_spoiled(books: Any, sql: str) -> None:
    books.payment(500, {})
    books.export()
    books.payment(700, {})
    books.prove()
    with books.workspace.transaction("spoil") as transaction:
        for name in ("handover_total_fixed", "handover_posting_kept", "posting_fixed"):
            transaction.execute(f"DROP TRIGGER {name}")
        transaction.execute(sql)
    with books.workspace.read() as reader:
        assert not all(one.holds for one in handed_over(reader, currencies=["DKK"]))


def test_a_delivery_that_would_be_another_is_told(books: Any) -> None:
    books.payment(500, {})
    done = books.export()
    with books.workspace.transaction("spoil") as transaction:
        transaction.execute("DROP TRIGGER posting_fixed")
        transaction.execute("UPDATE posting SET text = 'other' WHERE account_no = '5820'")
    with pytest.raises(ChangedHandoverError, match=r"HO-000001-postings.csv: line"):
        export_again(books.workspace, done.number)
    with pytest.raises(UnknownHandoverError):
        export_again(books.workspace, "HO-000009")


def test_what_was_shown_is_what_goes_out(books: Any) -> None:
    books.payment(500, {})
    preview = books.export(dry_run=True)
    books.payment(700, {})
    with pytest.raises(StaleViewError):
        books.export(as_seen=preview.seq)
    assert books.rows("SELECT count(*) FROM handover") == [(0,)]


def test_the_same_bytes_twice_are_two_deliveries(books: Any) -> None:
    text = '[[column]]\nheading = "A"\nfield = "amount"\n'
    for _ in range(2):
        books.payment(500, {})
        assert books.export(MappingText("bare", text)).number is not None
    assert books.rows("SELECT count(DISTINCT file_id), count(*) FROM handover_file") == [(1, 2)]
    books.prove()


FAULTS = {
    "format = 'pdf'": "format must be",
    "format = ": "Invalid value",
    "[file]\nencoding = 'utf-16'": "encoding must be one of",
    "[file]\ndelimiter = ';;'": "one character",
    "[file]\ndate = '%d'": "does not give",
    "[file]\nheader = 'yes'": "must be a bool",
    "[file]\nnoise = 1": "unknown setting noise",
    "[[column]]\nheading = 'A'": "needs one of",
    "[[column]]\nfield = 'amount'": "needs a heading",
    "[[column]]\nheading = 'A'\nfield = 'fish'": "unknown field fish",
    "[[column]]\nheading = 'A'\nfield = 'amount'\nmax = 0": "max must be",
    "[[column]]\nheading = 'A'\nfield = 'amount'\nmin = 0": "unknown setting min",
    "[[refund]]\nheading = 'A'\ndimension = 'x'": "only postings",
    "[values.fish]\na = 'b'": "unknown field of text fish",
    "[values.account_type]\na = 1": "must be a table",
    "[sie.dimensions]\nx = 'one'": "must be a number",
    "[sie]\nnoise = 1": "unknown setting noise",
    "[noise]": "unknown table noise",
}


@pytest.mark.parametrize("text", FAULTS)
def test_each_fault_of_a_layout_is_told(text: str) -> None:
    with pytest.raises(BadLayoutError, match=FAULTS[text]):
        layout_of(MappingText("mine", text))


def test_every_ready_made_layout_is_one() -> None:
    assert {layout_of(path).name for path in ready_made().values()} == set(ready_made())
    assert set(ready_made()) >= {"plain_csv", "plain_xlsx", "sie_4"}


def test_a_layout_of_no_name(books: Any) -> None:
    with pytest.raises(UnknownLayoutError, match="plain_csv"):
        books.export("fish")


Deed = tuple[Any, ...]
DEEDS = st.lists(
    st.one_of(
        st.tuples(st.just("invoice"), st.integers(1, 9_999)),
        st.tuples(
            st.just("pay"), st.integers(1, 9_999), st.lists(st.integers(0, 99), max_size=3)
        ),
        st.tuples(st.just("settle"), st.integers(0, 99), st.integers(0, 99)),
        st.tuples(st.just("unsettle"), st.integers(0, 99)),
        st.tuples(st.just("export"), st.sampled_from([None, DAY])),
    ),
    min_size=3,
    max_size=14,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=DEEDS)
def test_whatever_happens_each_posting_is_in_one_delivery_or_waits(
    new_books: Callable[[], Any], deeds: list[Deed]
) -> None:
    books = new_books()
    invoices: list[int] = []
    payments: list[int] = []
    made: list[int] = []
    exports: list[Any] = []
    for deed, *what in [*deeds, ("export", None)]:
        if deed == "invoice":
            invoices.append(books.invoice(what[0], document=f"F{len(invoices)}"))
        elif deed == "pay":
            settled = {invoices[n % len(invoices)]: n + 1 for n in what[1]} if invoices else {}
            day = DAY if what[0] % 2 else dt.date(2026, 11, 20)
            payments.append(books.payment(what[0], settled, day=day)[0])
        elif deed == "settle" and invoices and payments:
            pair = payments[what[0] % len(payments)], invoices[what[1] % len(invoices)]
            made.append(books.settle(*pair, what[0] + 1))
        elif deed == "unsettle" and made:
            books.unsettle(made.pop(what[0] % len(made)))
        elif deed == "export":
            done = books.export(up_to=what[0])
            assert done.clean
            if done.number:
                exports.append(done)
        books.prove()
    _require_whole(books, exports)


def _require_whole(books: Any, exports: list[Any]) -> None:
    """Everything is out, once, and the files say what the postings say."""
    assert books.waiting().is_empty()
    sums: dict[str, int] = {}
    for done in exports:
        if any(file.role == "postings" for file in done.files):
            for line in books.lines(done):
                account = line["ledger_account"]
                sums[account] = sums.get(account, 0) + minor(line["amount"])
    posted = books.rows(
        "SELECT account_no, sum(amount_minor) FROM posting JOIN voucher USING (voucher_id) "
        "WHERE journal <> 'ERP' GROUP BY 1"
    )
    assert sums == dict(posted)
    assert [done.number for done in exports] == [
        f"HO-{n:06d}" for n in range(1, len(exports) + 1)
    ]
    for done in exports:
        kept: dict[str, bytes] = {
            file.name: Path(file.path).read_bytes() for file in done.files
        }
        for file in done.files:
            file.path.unlink()
        again = export_again(books.workspace, done.number)
        assert {file.name: Path(file.path or "").read_bytes() for file in again.files} == kept
