"""What is proposed for a file reads it, and what it does not show is asked."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no types
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from workbench.collection import agreements
from workbench.ledger.files.fields import Field
from workbench.ledger.files.mapping import FileMapping, MappingText, of
from workbench.ledger.files.mapping_proposal import Proposal, propose
from workbench.ledger.files.rows import read_rows
from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports import customers, entry_rows
from workbench.model.texts import LANGUAGES

SAMPLES = Path(__file__).parents[1] / "samples" / "erp"
EXPORTS = SAMPLES / "exports"
FIELDS = {
    "customers": customers.FIELDS,
    "entries": entry_rows.FIELDS,
    "agreements": agreements.FIELDS,
}


def proposed(
    content: bytes, purpose: str = "entries"
) -> tuple[Proposal, FileMapping, ErpTable]:
    known: tuple[Field, ...] = FIELDS[purpose]
    found = propose(content, name="f", purpose=purpose, known=known)
    mapping = of(MappingText("f", found.text), known=known, dimensions=purpose == "entries")
    table = read_rows(content, name="f", mapping=mapping, known=known, base_currency="DKK")
    return found, mapping, table


def codes(found: Proposal) -> list[str]:
    return [question.code for question in found.questions]


@pytest.mark.parametrize(
    ("name", "kinds", "amounts", "sign", "asked"),
    [
        ("business_central_en", ["invoice", "credit_note", "interest"],
         [123450, -5000, 1200], "negative", ["choice", "choice", "currency"]),
        ("business_central_da", ["invoice", "credit_note", "reminder"],
         [123450, 5000, 10000], "positive", []),
        ("entries_nb", ["invoice", "credit_note"], [123450, -5000], "negative", ["currency"]),
        ("entries_sv", ["invoice", "credit_note"], [123450, -5000], "negative", []),
    ],
)  # fmt: skip
def test_exports_of_entries_are_read_as_proposed(
    name: str, kinds: list[str], amounts: list[int], sign: str, asked: list[str]
) -> None:
    found, mapping, table = proposed((EXPORTS / f"{name}.csv").read_bytes())
    assert table.problems == ()
    assert table.values["kind"].to_list() == kinds
    assert table.values["amount"].to_list() == amounts
    assert table.values["document_date"].to_list()[0] == dt.date(2026, 10, 13)
    assert table.values["due_date"].to_list()[0] == dt.date(2026, 11, 2)
    assert mapping.notation.credit_sign == sign
    assert codes(found) == asked


def test_the_currency_that_a_file_does_not_name_is_asked_for() -> None:
    found, mapping, _ = proposed((EXPORTS / "entries_nb.csv").read_bytes())
    assert mapping.defaults["currency"] == "NOK"
    assert "NOK" in found.questions[0].text()


def test_a_table_of_dynamics_365_is_known_by_its_headings() -> None:
    found, mapping, table = proposed((EXPORTS / "dynamics_365_custtrans.csv").read_bytes())
    assert mapping.columns == {
        "erp_entry_no": "RecId",
        "customer_no": "AccountNum",
        "kind": "TransType",
        "document_no": "Invoice",
        "text": "Txt",
        "document_date": "TransDate",
        "due_date": "DueDate",
        "amount": "AmountCur",
        "remaining": "RemainAmountCur",
        "currency": "CurrencyCode",
        "base_amount": "AmountMST",
    }
    assert table.values["kind"].to_list() == ["invoice", "other"]
    # The payment has no invoice: the file's own fault stays one.
    assert [(one.code, one.line) for one in table.problems] == [("erp_value_missing", 3)]
    assert codes(found) == ["choice", "sign"]


def test_customers_and_agreements_are_proposed_as_well() -> None:
    found, _, table = proposed((EXPORTS / "customers_bc.csv").read_bytes(), "customers")
    assert (found.questions, table.problems) == ((), ())
    assert table.values["name"].to_list() == ["Anne Soerensen", "Bo Holm"]
    assert table.values["postcode"].to_list() == ["9300", "9990"]
    found, _, table = proposed((EXPORTS / "agreements_da.csv").read_bytes(), "agreements")
    assert (found.questions, table.problems) == ((), ())
    assert table.values["status"].to_list() == ["ok", "cancelled"]


def test_the_proposal_comes_to_what_a_person_wrote() -> None:
    content = (SAMPLES / "entries.csv").read_bytes()
    written = of(SAMPLES / "mapping_entries.toml", known=entry_rows.FIELDS, dimensions=True)
    by_hand = read_rows(content, name="f", mapping=written, known=entry_rows.FIELDS)
    _, _, table = proposed(content)
    assert_frame_equal(table.values, by_hand.values, check_column_order=False)


def test_a_workbook_is_proposed_with_its_headings_where_they_stand() -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    sheet = book.add_worksheet("Poster")
    sheet.write_string(0, 0, "Åbne poster")
    heading = ["Løbenr", "Debitornr", "Type", "Bilagsnr", "Dato", "Forfald", "Beløb", "Valuta"]
    sheet.write_row(2, 1, heading)
    for row in (3, 4):
        sheet.write_row(row, 1, [row, 1042, "Faktura", f"F{row}", 46296, 46328, 12.5, "DKK"])
    book.close()
    found, mapping, table = proposed(written.getvalue())
    assert mapping.notation.header_row == 3
    assert table.problems == ()
    assert table.values["due_date"].to_list() == [dt.date(2026, 11, 2)] * 2
    assert table.values["amount"].to_list() == [1250, 1250]
    assert codes(found) == ["sign"]


def test_the_sheet_with_the_rows_is_found_behind_a_front_page() -> None:
    written = io.BytesIO()
    book = xlsxwriter.Workbook(written, {"in_memory": True})
    front, hidden, sheet = (book.add_worksheet(name) for name in ("Front", "Old", "Debitorer"))
    front.write_string(0, 0, "Nordvand")
    hidden.hide()
    for place in (hidden, sheet):
        place.write_row(0, 0, ["Kundenr", "Navn"])
        place.write_row(1, 0, [1042, place.get_name()])
    book.close()
    found, mapping, table = proposed(written.getvalue(), "customers")
    assert mapping.notation.sheet == "Debitorer"
    assert table.values["name"].to_list() == ["Debitorer"]
    assert [question.text() for question in found.questions] == [
        "The workbook has the sheets Front, Debitorer; 'Debitorer' was taken."
    ]


@pytest.mark.parametrize(
    ("old", "new", "asked"),
    [
        ("13-10-2026", "46308", "content"),
        ("Kreditnota", "Hokuspokus", "code"),
        ("1.234,50", "1.234", ""),
        ("Forfaldsdato", "Ukendt", "missing"),
        ("K1;10000;Retur;DKK;50,00", "K1;10000;Retur;DKK;-50,00", ""),
        ("Beskrivelse", "Restsaldo", ""),
        ("Rykker;R1", ";R1", "kind"),
    ],
)
def test_what_the_file_does_not_show_is_a_question(old: str, new: str, asked: str) -> None:
    text = (EXPORTS / "business_central_da.csv").read_bytes().decode("cp1252")
    assert old in text
    found = propose(text.replace(old, new).encode("cp1252"), name="f", purpose="entries")
    assert (asked in codes(found)) == bool(asked)
    assert found.usable == (asked not in ("missing", "content"))
    for question in found.questions:
        assert f"# - {question.text()}" in found.text
        assert all(question.text(language) for language in LANGUAGES)


def test_days_and_months_that_could_be_turned_around_are_asked_about() -> None:
    text = (EXPORTS / "entries_sv.csv").read_text("utf-8")
    for day in ("13", "14", "02"):
        text = text.replace(f"2026-10-{day}", "10/02/2026").replace("2026-11-02", "11/02/2026")
    found = propose(text.encode(), name="f", purpose="entries")
    question = next(one for one in found.questions if one.code == "date")
    assert question.params == {"chosen": "%d/%m/%Y", "other": "%m/%d/%Y"}


def test_a_mark_that_no_number_shows_is_asked_about() -> None:
    text = (EXPORTS / "entries_sv.csv").read_text("utf-8")
    text = text.replace("1234,50", "1.234").replace("-50,00", "-50")
    found = propose(text.encode(), name="f", purpose="entries")
    assert "marks" in codes(found)


def test_columns_without_headings_are_left_to_the_person() -> None:
    content = b"1;1042;F1;01-10-2026;99,50\n2;1042;F2;01-10-2026;99,50\n"
    found = propose(content, name="f", purpose="entries")
    assert "no_header" in codes(found)
    assert "header = false" in found.text
    assert not found.usable


@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", "a;b\n1;2".encode("utf-16"), b"\xd0\xcf\x11\xe0", b"PK\x03\x04", b"PAR1"],
)
def test_a_file_that_cannot_be_read_is_said_to_be_so(content: bytes) -> None:
    found = propose(content, name="f", purpose="customers")
    assert not found.usable
    assert found.questions


@settings(deadline=None)  # reading a file takes as long as the machine is busy
@given(st.binary(max_size=200) | st.text('a;,"\n\t=1.5\x00', max_size=60).map(str.encode))
def test_no_file_breaks_the_proposal(content: bytes) -> None:
    found = propose(content, name="f", purpose="entries")
    assert found.questions


def test_the_fingerprint_is_that_of_the_headings() -> None:
    content = (EXPORTS / "business_central_da.csv").read_bytes()
    later = content.replace(b"1.234,50", b"77,00").replace(b"F1", b"F7")
    other = content.replace(b"Beskrivelse", b"Tekst")
    prints = [propose(c, name="f", purpose="entries").fingerprint for c in (content, later)]
    assert prints[0] == prints[1] != propose(other, name="f", purpose="entries").fingerprint
