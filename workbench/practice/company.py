"""The demo company: a Danish utility's files from its ERP, as a real one would export them.

The same seed gives the same bytes. Semicolons, `1.234,56`, `31-10-2026`, ISO-8859-1.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

from workbench.practice.company_claims import Claim, Role, draw_claims, draw_roles
from workbench.practice.company_people import draw_person

NAME = "Nordvand Forsyning A/S"
CREDITOR_NO = "09999999"
#: Has the check digit of a CVR number; the register gives out none so high.
SUPPLIER_NO = "99999993"

_AGREEMENT_SHARE = 0.78
_CANCELLED_SHARE = 0.02
#: How the customer's number is printed, and how many of a hundred are.
_NUMBER_STYLES = {"{:08d}": 70, "{}": 15, "NV {}": 10, "A{:09d}": 4, "Ø{}": 1}

_FILE = """\
[file]
encoding = "iso-8859-1"
delimiter = ";"
decimal = ","
thousands = "."
date = "%d-%m-%Y"
"""

_CUSTOMER_MAPPING = f"""{_FILE}
[columns]
customer_no = "Kundenr"
name = "Navn"
address_1 = "Adresse"
address_2 = "Adresse 2"
postcode = "Postnr"
city = "By"
email = "E-mail"
customer_group = "Kundegruppe"
on_hold = "Spærret"

[defaults]
country = "DK"
language = "da"
"""

_ENTRY_MAPPING = f"""{_FILE}credit_sign = "negative"

[columns]
erp_entry_no = "Løbenr"
customer_no = "Kundenr"
kind = "Type"
document_no = "Bilagsnr"
text = "Tekst"
document_date = "Bilagsdato"
due_date = "Forfaldsdato"
amount = "Beløb"
currency = "Valuta"
on_hold = "Afvent"
disputed = "Tvist"
vat_code = "Momskode"
vat_rate = "Momspct"
vat_base = "Momsgrundlag"
vat_amount = "Moms"

[dimensions]
department = "Afdeling"

[values.kind]
Faktura = "invoice"
Kreditnota = "credit_note"
"""

_AGREEMENT_MAPPING = f"""{_FILE}
[columns]
customer_no = "Kundenr"
agreement_no = "Aftalenr"
status = "Status"
valid_from = "Fra"
valid_to = "Til"

[values.status]
Aktiv = "ok"
Afmeldt = "cancelled"

[defaults]
creditor_no = "{CREDITOR_NO}"
"""

_SETUP = f"""\
[company]
name = "{NAME}"
language = "da"
currency = "DKK"

[system]
system = "BS"
scheme = "betalingsservice_total"
name = "Betalingsservice Total"
supplier_no = "{SUPPLIER_NO}"
subsystem = "KR9"
test = true
due_from = "LM+1"
due_to = "+2LM"

[posting]
rule = "matched_without_residual"

[[creditor]]
creditor_no = "{CREDITOR_NO}"
name = "{NAME}"
currency = "DKK"
bank_account = "99990000123456"

[[creditor.group]]
debtor_group = "00001"
name = "Forbrugere"
main_text = "Betaling til {NAME}"
"""

_KINDS = {"invoice": ("Faktura", "F"), "credit_note": ("Kreditnota", "K")}


@dataclass(frozen=True, slots=True)
class CompanyFiles:
    """Where the demo company's files lie."""

    customers: Path
    entries: Path
    agreements: Path
    customer_mapping: Path
    entry_mapping: Path
    agreement_mapping: Path
    setup: Path


def write_company(folder: Path, *, seed: int, customers: int = 2000) -> CompanyFiles:
    """Write the demo company's exports, their mappings and its set-up into a folder.

    Args:
        folder: Is made where it is missing; files of the same names are replaced.
        seed: The same seed and number of customers give the same bytes.
    """
    folder.mkdir(parents=True, exist_ok=True)
    chance = Random(seed)  # noqa: S311  # a repeatable story, no secret
    files = CompanyFiles(
        customers=folder / "customers.csv",
        entries=folder / "entries.csv",
        agreements=folder / "agreements.csv",
        customer_mapping=folder / "customers.toml",
        entry_mapping=folder / "entries.toml",
        agreement_mapping=folder / "agreements.toml",
        setup=folder / "setup.toml",
    )
    numbers = [_printed_no(chance, 100_003 + 7 * index) for index in range(customers)]
    roles = draw_roles(chance, customers=customers)
    _write(files.customers, _customer_rows(chance, numbers, roles))
    _write(files.agreements, _agreement_rows(chance, numbers))
    _write(files.entries, _entry_rows(draw_claims(chance, roles=roles), numbers))
    files.customer_mapping.write_text(_CUSTOMER_MAPPING, encoding="utf-8")
    files.entry_mapping.write_text(_ENTRY_MAPPING, encoding="utf-8")
    files.agreement_mapping.write_text(_AGREEMENT_MAPPING, encoding="utf-8")
    files.setup.write_text(_SETUP, encoding="utf-8")
    return files


def _printed_no(chance: Random, number: int) -> str:
    style = chance.choices(list(_NUMBER_STYLES), list(_NUMBER_STYLES.values()))[0]
    return style.format(number)


def _customer_rows(
    chance: Random, numbers: Sequence[str], roles: Sequence[Role]
) -> Iterable[Sequence[str]]:
    yield (
        "Kundenr",
        "Navn",
        "Adresse",
        "Adresse 2",
        "Postnr",
        "By",
        "E-mail",
        "Kundegruppe",
        "Spærret",
    )
    for index, (number, role) in enumerate(zip(numbers, roles, strict=True), start=1):
        person = draw_person(chance)
        yield (
            number,
            person.name,
            person.address_1,
            person.address_2,
            person.postcode,
            person.city,
            f"kunde{index}@example.com" if chance.random() < 0.6 else "",
            "FORENING" if person.association else "PRIVAT",
            "Ja" if role is Role.CUSTOMER_ON_HOLD else "Nej",
        )


def _agreement_rows(chance: Random, numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    yield ("Kundenr", "Aftalenr", "Status", "Fra", "Til")
    for index, number in enumerate(numbers):
        draw = chance.random()
        if draw >= _AGREEMENT_SHARE + _CANCELLED_SHARE:
            continue
        since = dt.date(2012, 1, 1) + dt.timedelta(days=chance.randrange(5_000))
        agreement_no = 100_000_000 + 17 * index + chance.randrange(17)
        if draw < _AGREEMENT_SHARE:
            yield (number, str(agreement_no), "Aktiv", _day(since), "")
        else:
            until = since + dt.timedelta(days=chance.randrange(30, 350))
            yield (number, str(agreement_no), "Afmeldt", _day(since), _day(until))


def _entry_rows(claims: Sequence[Claim], numbers: Sequence[str]) -> Iterable[Sequence[str]]:
    yield (
        "Løbenr",
        "Kundenr",
        "Type",
        "Bilagsnr",
        "Tekst",
        "Bilagsdato",
        "Forfaldsdato",
        "Beløb",
        "Valuta",
        "Afvent",
        "Tvist",
        "Momskode",
        "Momspct",
        "Momsgrundlag",
        "Moms",
        "Afdeling",
    )
    for entry_no, claim in enumerate(claims, start=500_001):
        kind, letter = _KINDS[claim.kind]
        yield (
            str(entry_no),
            numbers[claim.customer],
            kind,
            f"{letter}{entry_no}",
            claim.text,
            _day(claim.month.document_date),
            _day(claim.month.due_date),
            _amount(claim.amount_minor),
            "DKK",
            "Ja" if claim.on_hold else "",
            "Ja" if claim.disputed else "",
            "S25",
            "25,00",
            _amount(claim.net_minor),
            _amount(claim.vat_minor),
            "VARME" if "varme" in claim.text else "VAND",
        )


def _amount(amount_minor: int) -> str:
    """The amount as a Danish ERP prints it: `-1.234,56`."""
    return f"{Decimal(amount_minor).scaleb(-2):,.2f}".translate({44: ".", 46: ","})


def _day(date: dt.date) -> str:
    return f"{date:%d-%m-%Y}"


def _write(path: Path, rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", encoding="iso-8859-1", newline="") as target:
        csv.writer(target, delimiter=";", lineterminator="\r\n").writerows(rows)
