"""The exchange with the ERP from the outside: what an accountant may do to it by mistake."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from workbench.cli.command_list import app
from workbench.collection import erp_exchange
from workbench.ledger import setup
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.settlement import unsettling as unsettlement
from workbench.ledger.settlement.settling import Pair, settle
from workbench.reports.verification import verify
from workbench.store import users
from workbench.store.people import MissingRoleError
from workbench.store.workspace import Workspace, init

DAY = dt.date(2026, 10, 12)
NEXT = dt.date(2026, 10, 19)

CUSTOMERS = MappingText(
    "customers", '[columns]\ncustomer_no = "no"\nname = "name"\n[defaults]\ncountry = "DK"\n'
)
ENTRIES = MappingText(
    "entries",
    """
[file]
delimiter = ";"
decimal = "."
thousands = ""
date = "%Y-%m-%d"

[columns]
erp_entry_no = "no"
customer_no = "customer"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"
""",
)
HEADING = "no;customer;kind;document;date;due;amount;remaining;currency"


def row(no: int, **special: Any) -> str:
    values = {
        "no": no, "customer": "1042", "kind": "invoice", "document": f"F{no}",
        "date": "2026-10-01", "due": "2026-11-02", "amount": "100.00", "remaining": "100.00",
        "currency": "DKK",
    }  # fmt: skip
    return ";".join(map(str, (values | special).values()))


class Desk:
    """An accountant's desk: a company, its ERP's files, and the command line."""

    def __init__(self, folder: Path, *, currency: str = "DKK") -> None:
        self.folder = folder
        self.currency = currency
        self.workspace: Workspace = init(folder / "ws", company="Nordvand", currency=currency)
        setup.install(self.workspace, first_year=2026, last_year=2027)
        customers = self.put("customers.csv", "no;name\n1042;Ida\n3001;Bo\n")
        import_customers(self.workspace, customers, mapping=CUSTOMERS, as_of=DAY)
        self.map = self.put("map.toml", ENTRIES.text)

    def put(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def file(self, name: str, *rows: str) -> Path:
        return self.put(name, "\n".join([HEADING, *rows]) + "\n")

    def run(self, *arguments: object) -> tuple[int, str]:
        done = CliRunner().invoke(
            app, ["--workspace", str(self.workspace.folder), *map(str, arguments)]
        )
        return done.exit_code, done.stdout

    def take(self, path: Path, *more: object, day: dt.date = DAY) -> tuple[int, Any]:
        code, said = self.run(
            "import", "entries", path, "--map", self.map, "--as-of", day, "--json", *more
        )
        return code, json.loads(said)

    def settle(self, credit: int, claim: int, amount_minor: int) -> list[int]:
        ids = {
            row["erp_entry_no"]: row["entry_id"]
            for row in self.rows("SELECT * FROM entry WHERE erp_entry_no IS NOT NULL")
        }
        pair = Pair(ids[str(credit)], ids[str(claim)], amount_minor)
        return [*settle(self.workspace, pairs=[pair], as_of=DAY).application_ids]

    def unsettle(self, applications: list[int]) -> None:
        unsettlement.unsettle(self.workspace, applications, reason="a mistake", as_of=DAY)

    def export(self, layout: object = "plain_csv") -> list[Path]:
        code, said = self.run("export", "postings", "--map", layout, "--as-of", DAY, "--json")
        assert code == 0, said
        return sorted((self.workspace.outbox / "erp").glob("*"))

    def cash(self, text: str, **dimensions: str) -> None:
        """Money that came in and is held: two postings."""
        with self.workspace.transaction("cash") as transaction:
            first = transaction.draw_ids(3)
            head = (first, "PAYMENTS", DAY, DAY, text, None)
            vouchers = pl.DataFrame([head], schema=VOUCHERS, orient="row")
            draw_vouchers(transaction, vouchers)
            shared = {
                "voucher_id": first, "profile": "STANDARD", "currency": self.currency,
                "text": text, "dimensions": json.dumps(dimensions, ensure_ascii=False),
            }  # fmt: skip
            sides = [
                shared | {"posting_id": first + 1, "purpose": "bank_clearing",
                          "amount_minor": 12345},
                shared | {"posting_id": first + 2, "purpose": "held", "amount_minor": -12345},
            ]  # fmt: skip
            postings = pl.DataFrame(sides, schema={**POSTINGS, "dimensions": pl.String})
            add_postings(transaction, vouchers=vouchers, postings=postings)

    def prove(self) -> None:
        verify(self.workspace).require()

    def rows(self, sql: str) -> list[dict[str, Any]]:
        with self.workspace.read() as reader:
            return reader.records(sql)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_filtered_list_settles_nothing_until_somebody_confirms_it(desk: Desk) -> None:
    numbers = range(1, 31)
    assert desk.take(desk.file("all.csv", *map(row, numbers)), "--full")[0] == 0
    filtered = desk.file("filtered.csv", *map(row, range(1, 6)))
    for more in ((), ("--dry-run",), ("--confirm", "  ")):
        code, said = desk.take(filtered, "--full", *more, day=NEXT)
        assert code == 1
        assert [p["code"] for p in said["problems"]] == ["erp_full_too_few"]
        assert said["problems"][0]["params"] == {"found": 25, "known": 30, "currency": "DKK"}
    assert desk.rows("SELECT count(*) AS n FROM application")[0]["n"] == 0

    code, said = desk.take(filtered, "--full", "--confirm", "All paid by giro", day=NEXT)
    assert (code, said["outcome"], said["confirmed"]) == (0, "accepted", "All paid by giro")
    assert desk.rows("SELECT count(*) AS n FROM application")[0]["n"] == 25
    assert "confirmed: All paid by giro" in desk.run("erp", "imports")[1]
    (event,) = desk.rows("SELECT * FROM audit_event WHERE subject LIKE '%All paid by giro%'")
    assert json.loads(event["subject"])["confirmed"] == "All paid by giro"
    desk.prove()


def test_another_companys_list_with_the_same_numbers_is_stopped_too(desk: Desk) -> None:
    desk.take(desk.file("ours.csv", *map(row, range(1, 21))), "--full")
    theirs = desk.file(
        "theirs.csv", *(row(n, amount="77.00", remaining="77.00") for n in range(1, 21))
    )
    code, said = desk.take(theirs, "--full", day=NEXT)
    assert (code, said["outcome"]) == (1, "refused")
    assert [p["code"] for p in said["problems"]] == ["erp_full_too_few"]
    nothing_left = desk.file("zeros.csv", *(row(n, remaining="0.00") for n in range(1, 21)))
    assert desk.take(nothing_left, "--full", day=NEXT)[0] == 1
    desk.prove()


def test_a_confirmation_waives_nothing_else(desk: Desk) -> None:
    desk.take(desk.file("all.csv", *map(row, range(1, 31))), "--full")
    wrong = desk.file("wrong.csv", row(1), row(31, customer="9999"))
    code, said = desk.take(wrong, "--full", "--confirm", "I know", day=NEXT)
    assert (code, said["outcome"]) == (1, "refused")
    assert desk.rows("SELECT count(*) AS n FROM application")[0]["n"] == 0


def test_a_list_of_one_currency_alone_is_stopped(desk: Desk) -> None:
    kroner = [row(n) for n in range(1, 81)]
    kronor = [row(n, currency="SEK") for n in range(81, 96)]
    desk.take(desk.file("all.csv", *kroner, *kronor), "--full")
    code, said = desk.take(desk.file("kroner.csv", *kroner), "--full", day=NEXT)
    assert (code, said["outcome"]) == (1, "refused")
    (problem,) = said["problems"]
    assert problem["params"] == {"found": 15, "known": 15, "currency": "SEK"}


def test_a_handful_is_warned_of_and_a_few_of_many_are_nothing(desk: Desk) -> None:
    desk.take(desk.file("all.csv", *map(row, range(1, 10))), "--full")
    code, said = desk.take(desk.file("one.csv", row(1)), "--full", day=NEXT)
    assert (code, [p["code"] for p in said["problems"]]) == (0, ["erp_many_missing"])
    desk.take(desk.file("more.csv", *map(row, range(10, 40))))
    later = desk.file("later.csv", row(1), *map(row, range(25, 40)))
    code, said = desk.take(later, "--full", day=NEXT)
    assert (code, said["problems"], said["confirmed"]) == (0, [], "")


def test_confirming_is_approving(desk: Desk) -> None:
    desk.take(desk.file("all.csv", *map(row, range(1, 31))), "--full")
    few = desk.file("few.csv", row(1))
    users.add(desk.workspace, "bo", name="Bo", roles=["prepare"])
    with pytest.raises(MissingRoleError):
        erp_exchange.import_entries(
            replace(desk.workspace, actor="bo"),
            few,
            mapping=ENTRIES,
            as_of=NEXT,
            full=True,
            confirmed="me",
        )
    done = erp_exchange.import_entries(
        desk.workspace, few, mapping=ENTRIES, as_of=NEXT, full=True, confirmed="checked"
    )
    assert done.outcome == "accepted"
    again = erp_exchange.import_entries(
        desk.workspace, few, mapping=ENTRIES, as_of=NEXT, full=True, confirmed="checked"
    )
    assert again.outcome == "read_before"


CREDIT = {"kind": "credit_note", "amount": "-30.00"}


def test_a_settlement_booked_before_its_reversal_is_not_the_erps_own(desk: Desk) -> None:
    opening = desk.file("open.csv", row(1), row(2, **CREDIT, remaining="-30.00"))
    desk.take(opening, "--full")
    made = desk.settle(2, 1, 3000)
    desk.export()
    desk.unsettle(made)
    desk.export()
    halfway = desk.file("half.csv", row(1, remaining="70.00"), row(2, **CREDIT, remaining="0"))
    code, said = desk.take(halfway, "--full", day=NEXT)
    assert code == 0
    assert {(e["effect"], e["class"]) for e in said["effects"]} == {("held", "partly_booked")}
    difference, _ = json.loads(desk.run("erp", "differences", "--json")[1])
    given = ("--reason", "seen in the ERP", "--as-of", NEXT)
    assert desk.run("erp", "decide", difference["difference_id"], "booked", *given)[0] == 0
    desk.prove()
    booked = desk.file("done.csv", row(1), row(2, **CREDIT, remaining="-30.00"))
    code, said = desk.take(booked, "--full", day=NEXT + dt.timedelta(1))
    assert [e["effect"] for e in said["effects"]] == ["booked", "booked"]
    desk.prove()


def test_what_never_left_the_house_does_not_hold_a_fall(desk: Desk) -> None:
    opening = desk.file("open.csv", row(1), row(2, **CREDIT, remaining="-30.00"))
    desk.take(opening, "--full")
    desk.unsettle(desk.settle(2, 1, 3000))
    desk.export()
    paid = desk.file(
        "paid.csv", row(1, remaining="70.00"), row(2, **CREDIT, remaining="-30.00")
    )
    _, said = desk.take(paid, "--full", day=NEXT)
    assert [(e["effect"], e["settled_minor"]) for e in said["effects"]] == [
        ("settled_in_erp", 3000),
        ("equal", None),
    ]
    desk.prove()


def test_another_file_is_no_receipt_that_was_read_before(desk: Desk) -> None:
    desk.cash("Money")
    (postings,) = desk.export()
    code, said = desk.run("export", "receipt", postings)
    assert code == 1
    assert "read before" not in said


def test_a_delivery_is_made_again_after_company_and_accounts_were_renamed(
    tmp_path: Path,
) -> None:
    desk = Desk(tmp_path, currency="SEK")
    desk.cash("Inbetalning")
    (path,) = desk.export("sie_4")
    sent = path.read_bytes()
    path.unlink()
    settings = desk.workspace.folder / "workbench.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("Nordvand", "Sydvand"), encoding="utf-8")
    with desk.workspace.transaction("set_up") as transaction:
        transaction.execute("UPDATE account SET name = 'Annat namn'", [])
    assert desk.run("export", "postings", "--again", "HO-000001")[0] == 0
    assert path.read_bytes() == sent
    assert b"Sydvand" not in sent


def test_dimensions_of_any_name_go_out_and_a_guarded_text_is_cut(desk: Desk) -> None:
    named = {"cost center": "C1", "Område.1": "Ø", "it's": "x", "department": "D"}
    columns = "".join(f'[[column]]\nheading = "{n}"\ndimension = "{n}"\n' for n in named)
    columns += '[[column]]\nheading = "T"\nfield = "voucher_text"\nmax = 9\n'
    layout = desk.put("layout.toml", f'format = "csv"\n{columns}')
    desk.cash("=1+1+1+1+1", **named)
    desk.cash("\N{FULLWIDTH EQUALS SIGN}1")
    (path,) = desk.export(layout)
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    assert lines[1] == "C1;Ø;x;D;'=1+1+1+1"
    assert lines[3] == ";;;;'\N{FULLWIDTH EQUALS SIGN}1"


UNREADABLE = {
    "nothing.csv": b"",
    "letter.pdf": b"%PDF-1.4",
    "broken.xlsx": b"PK\x03\x04broken",
    "broken.parquet": b"PAR1brokenPAR1",
    "wide.csv": "no;customer".encode("utf-16"),
}


@pytest.mark.parametrize("name", UNREADABLE)
@pytest.mark.parametrize("mode", ["--full", "--delta"])
def test_what_cannot_be_read_is_refused_in_words(desk: Desk, name: str, mode: str) -> None:
    path = desk.folder / name
    path.write_bytes(UNREADABLE[name])
    code, said = desk.take(path, mode)
    assert (code, said["outcome"]) == (1, "refused")
    assert said["problems"]


def test_an_undone_payment_of_a_refund_frees_nothing(desk: Desk) -> None:
    credit = {"kind": "credit_note", "amount": "-80.00"}
    desk.take(desk.file("open.csv", row(1), row(2, **credit, remaining="-80.00")), "--full")
    (entry,) = desk.rows("SELECT entry_id FROM entry WHERE erp_entry_no = '2'")
    ask = ("refund", "ask", entry["entry_id"])
    assert desk.run(*ask, "50.00", "--reason", "moved")[0] == 0
    desk.export()
    paid = desk.file("paid.csv", row(1), row(2, **credit, remaining="-30.00"))
    _, said = desk.take(paid, "--full", day=NEXT)
    given = ("--reason", "wrong file", "--as-of", NEXT)
    assert desk.run("erp", "undo", said["import_id"], *given)[0] == 0
    assert desk.run(*ask, "30.01", "--reason", "moved")[0] == 1
    assert desk.run(*ask, "30.00", "--reason", "moved")[0] == 0
    desk.prove()
