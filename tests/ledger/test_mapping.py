"""A mapping is checked as a whole before any file is read by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from workbench.ledger.files.mapping import BadMappingError, MappingText, load, of
from workbench.ledger.imports import customers, entry_rows

GOOD = """
[file]
encoding = "cp1252"
thousands = ""
date = "%Y-%m-%d"
credit_sign = "positive"
[columns]
erp_entry_no = "No"
customer_no = 2
kind = "Kind"
document_no = "Doc"
document_date = "Date"
due_date = "Due"
amount = "Amount"
[dimensions]
department = "Dept"
[values.kind]
F = "invoice"
[defaults]
currency = "DKK"
"""


def put(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "map.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_mapping_holds_what_its_file_says(tmp_path: Path) -> None:
    mapping = load(put(tmp_path, GOOD), known=entry_rows.FIELDS, dimensions=True)
    assert mapping.notation.encoding == "cp1252"
    assert mapping.notation.delimiter == ";"
    assert mapping.columns["customer_no"] == 2
    assert mapping.columns["dimension.department"] == "Dept"
    assert mapping.values == {"kind": {"F": "invoice"}}
    assert mapping.defaults == {"currency": "DKK"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"cp1252"', '"utf-16"', "[file] encoding must be one of"),
        ('"cp1252"', "7", "[file] encoding must be a str, not 7"),
        ('thousands = ""', 'thousands = ","', "decimal and thousands must differ"),
        ('thousands = ""', 'thousands = "_"', "[file] thousands must be one of"),
        ('thousands = ""', 'delimiter = ";;"', "[file] delimiter must be one character"),
        ('thousands = ""', 'quote = ""', "[file] quote must be one character"),
        ('thousands = ""', 'colour = "red"', "[file] has no colour"),
        ('thousands = ""', "header_row = 0", "[file] header_row must be a number from 1"),
        ('thousands = ""', 'header_row = "3"', "[file] header_row must be a int"),
        ('thousands = ""', "sheet = 1", "[file] sheet must be a str"),
        ('thousands = ""', 'totals_row = "keep"', "[file] totals_row must be one of"),
        ('"%Y-%m-%d"', '"%Y-%m"', "does not give day, month and year"),
        ('"%Y-%m-%d"', '"%Q"', "does not give day, month and year"),
        ('credit_sign = "positive"', 'credit_sign = "red"', "[file] credit_sign must be"),
        ('amount = "Amount"', "", "amount is required and missing"),
        ('amount = "Amount"', 'amount = "Amount"\nprice = "P"', "unknown field price"),
        ("customer_no = 2", "customer_no = 0", "customer_no must be a heading or a number"),
        ("customer_no = 2", "customer_no = true", "customer_no must be a heading or a number"),
        ("customer_no = 2", 'customer_no = " "', "customer_no must be a heading or a number"),
        ('"cp1252"', '"cp1252"\nheader = false', "kind must be a number from 1"),
        ('F = "invoice"', 'F = "bill"', "[values.kind] F = 'bill'; known: invoice"),
        ('F = "invoice"', "F = 1", "[values.kind] F must be a text"),
        ("[values.kind]", "[values.colour]", "[values] unknown field colour"),
        ('currency = "DKK"', "currency = 208", "[defaults] currency must be a text"),
        ('currency = "DKK"', 'price = "1"', "[defaults] unknown field price"),
        ("[defaults]", "[default]", "unknown table [default]"),
        ("[file]", "file = 1\n[other]", "[file] must be a table"),
        ("[file]", "[file", "Expected"),
    ],
)
def test_a_bad_mapping_says_what_is_wrong(
    tmp_path: Path, old: str, new: str, fault: str
) -> None:
    assert old in GOOD
    with pytest.raises(BadMappingError) as caught:
        load(put(tmp_path, GOOD.replace(old, new)), known=entry_rows.FIELDS, dimensions=True)
    assert fault in str(caught.value)


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    text = '[file]\ndecimal = "x"\n[columns]\nnme = "Navn"\n'
    with pytest.raises(BadMappingError) as caught:
        load(put(tmp_path, text), known=customers.FIELDS)
    assert len(caught.value.faults) == 4  # the mark, the unknown field, two required ones


def test_only_entries_have_dimensions(tmp_path: Path) -> None:
    text = '[columns]\ncustomer_no = "A"\nname = "B"\n[dimensions]\ndepartment = "C"\n'
    with pytest.raises(BadMappingError, match="unknown table"):
        load(put(tmp_path, text), known=customers.FIELDS)


def test_a_mapping_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "map.toml"
    path.write_bytes(b"[columns]\nname = '\xf8'\n")
    with pytest.raises(BadMappingError):
        load(path, known=customers.FIELDS)


def test_a_mapping_is_the_same_from_a_file_and_as_a_text(tmp_path: Path) -> None:
    path = put(tmp_path, GOOD)
    loaded = load(path, known=entry_rows.FIELDS, dimensions=True)
    assert loaded.text == GOOD
    text = MappingText("saved", GOOD)
    assert of(text, known=entry_rows.FIELDS, dimensions=True) == loaded
    path.write_text(GOOD, encoding="utf-8-sig")
    assert of(path, known=entry_rows.FIELDS, dimensions=True) == loaded
    with pytest.raises(BadMappingError, match="saved: "):
        of(MappingText("saved", "x"), known=entry_rows.FIELDS)
