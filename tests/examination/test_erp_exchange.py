"""The exchange with the ERP from the outside: what an accountant may do to it by mistake."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from workbench.cli.command_list import app
from workbench.collection import erp_exchange
from workbench.ledger import setup
from workbench.ledger.customers import import_customers
from workbench.ledger.mapping import MappingText
from workbench.reports.verification import verify
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

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.workspace: Workspace = init(folder / "ws", company="Nordvand")
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
        assert said["problems"][0]["params"] == {"found": 25, "known": 30}
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


def test_confirming_is_approving(desk: Desk) -> None:
    desk.take(desk.file("all.csv", *map(row, range(1, 31))), "--full")
    few = desk.file("few.csv", row(1))
    done = erp_exchange.import_entries(
        desk.workspace, few, mapping=ENTRIES, as_of=NEXT, full=True, confirmed="checked"
    )
    assert done.outcome == "accepted"
    again = erp_exchange.import_entries(
        desk.workspace, few, mapping=ENTRIES, as_of=NEXT, full=True, confirmed="checked"
    )
    assert again.outcome == "read_before"
