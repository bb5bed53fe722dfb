"""The demo company: the same bytes from the same seed, and every kind of case in them."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from stdnum.dk import cvr

from workbench.practice.company import CompanyFiles, write_company
from workbench.references import betalingsservice_customer

DUE = "02-11-2026"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="iso-8859-1", newline="") as source:
        return list(csv.DictReader(source, delimiter=";"))


def minor(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> CompanyFiles:
    return write_company(tmp_path_factory.mktemp("erp"), seed=7)


def test_the_same_seed_gives_the_same_bytes(company: CompanyFiles, tmp_path: Path) -> None:
    again = write_company(tmp_path / "again", seed=7)
    other = write_company(tmp_path / "other", seed=8)
    assert again.entries.read_bytes() == company.entries.read_bytes()
    assert again.customers.read_bytes() == company.customers.read_bytes()
    assert again.agreements.read_bytes() == company.agreements.read_bytes()
    assert other.entries.read_bytes() != company.entries.read_bytes()


def test_every_customer_has_a_number_that_the_center_takes(company: CompanyFiles) -> None:
    customers = rows(company.customers)
    assert len(customers) == 2000
    numbers = [row["Kundenr"] for row in customers]
    assert all(betalingsservice_customer.is_valid(number) for number in numbers)
    assert len({betalingsservice_customer.compact(number) for number in numbers}) == 2000
    assert any(number.startswith("0") for number in numbers)
    assert any(number.startswith("NV ") for number in numbers)
    assert any(number.startswith("Ø") for number in numbers)
    assert all(row["Navn"] and row["Adresse"] and row["Postnr"] for row in customers)
    assert 0.9 < sum(row["Kundegruppe"] == "PRIVAT" for row in customers) / 2000 < 1


def test_most_customers_have_an_active_agreement(company: CompanyFiles) -> None:
    agreements = rows(company.agreements)
    numbers = [row["Aftalenr"] for row in agreements]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 9 for number in numbers)
    active = sum(row["Status"] == "Aktiv" for row in agreements)
    assert 0.75 < active / 2000 < 0.81
    assert all((row["Til"] == "") == (row["Status"] == "Aktiv") for row in agreements)


def test_the_amounts_add_up_and_are_written_in_danish(company: CompanyFiles) -> None:
    for row in rows(company.entries):
        assert minor(row["Momsgrundlag"]) + minor(row["Moms"]) == minor(row["Beløb"])
        assert minor(row["Moms"]) * 4 == minor(row["Momsgrundlag"])
        assert (minor(row["Beløb"]) < 0) == (row["Type"] == "Kreditnota")
        assert len(row["Tekst"]) <= 60
    assert any("." in row["Beløb"] for row in rows(company.entries))
    assert len({row["Løbenr"] for row in rows(company.entries)}) == len(rows(company.entries))


def test_the_month_holds_every_kind_of_case(company: CompanyFiles) -> None:
    entries = rows(company.entries)
    due = Counter(row["Forfaldsdato"] for row in entries)
    assert set(due) == {"01-09-2026", "01-10-2026", DUE, "01-12-2026"}
    assert due["01-09-2026"] < due["01-10-2026"] < due["01-12-2026"] < due[DUE]
    by_customer: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in entries:
        if row["Forfaldsdato"] == DUE:
            by_customer[row["Kundenr"]].append(row)
    assert 1900 < len(by_customer) < 2000
    nets = [sum(minor(row["Beløb"]) for row in found) for found in by_customer.values()]
    assert sum(net < 0 for net in nets) == 8
    assert sum(net == 0 for net in nets) == 8
    kinds = Counter(tuple(row["Type"] for row in found) for found in by_customer.values())
    assert kinds["Faktura", "Faktura"] == 160
    assert kinds["Faktura", "Kreditnota"] == 116
    assert sum(row["Afvent"] == "Ja" for row in entries) == 24
    assert sum(row["Tvist"] == "Ja" for row in entries) == 16
    assert sum(row["Spærret"] == "Ja" for row in rows(company.customers)) == 6


def test_the_set_up_names_a_test_system(company: CompanyFiles) -> None:
    setup = tomllib.loads(company.setup.read_text(encoding="utf-8"))
    assert setup["system"]["test"] is True
    assert setup["system"]["subsystem"] == "KR9"
    assert cvr.is_valid(setup["system"]["supplier_no"])
    (creditor,) = setup["creditor"]
    assert [group["debtor_group"] for group in creditor["group"]] == ["00001"]
    agreements = tomllib.loads(company.agreement_mapping.read_text(encoding="utf-8"))
    assert agreements["defaults"]["creditor_no"] == creditor["creditor_no"]


@pytest.mark.parametrize("customers", [0, 1, 3])
def test_a_company_of_few(tmp_path: Path, customers: int) -> None:
    files = write_company(tmp_path, seed=1, customers=customers)
    assert len(rows(files.customers)) == customers
    in_month = {row["Kundenr"] for row in rows(files.entries) if row["Forfaldsdato"] == DUE}
    assert len(in_month) == customers
