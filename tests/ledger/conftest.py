"""A new company with accounts and open months, and files from its ERP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.ledger import setup
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.handover.marks import MARKS, mark
from workbench.ledger.identities import identities
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.store import audit
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace, init

NOW = dt.datetime(2026, 10, 12, 8, tzinfo=dt.UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = init(tmp_path / "company", company="Nordvand", language="da", clock=lambda: NOW)
    setup.install(made, first_year=2026, last_year=2026)
    return made


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str], Path]:
    """Write a file of the ERP, in the bytes that Danish systems export."""

    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode("iso-8859-1"))
        return path

    return write


AS_OF = dt.date(2026, 10, 12)

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
on_hold = "hold"
""",
)
PARTS = MappingText("parts", ENTRIES.text.replace('remaining = "remaining"\n', ""))

HEADING = "no;customer;kind;document;date;due;amount;remaining;currency;hold"


#: What is to be handed over, by the table that says it was.
_WAITING = {
    ("handover_posting", "posting_id"): """
        SELECT posting_id FROM posting JOIN voucher USING (voucher_id)
        JOIN journal USING (journal) WHERE handed_back = 1""",
    ("handover_application", "application_id"): """
        SELECT application_id FROM application_exchange WHERE state = 'waiting'""",
}


class Exchange:
    """A ledger beside an ERP: the ERP's files, our settlements, and what is handed over."""

    AS_OF = AS_OF
    ENTRIES = ENTRIES
    PARTS = PARTS

    @staticmethod
    def row(no: str, amount: int, remaining: int | None = None, **special: Any) -> str:
        """A row of the ERP; amounts in minor units, ledger view."""
        shown = amount if remaining is None else remaining
        values = {
            "no": no,
            "customer": "1042",
            "kind": "invoice" if amount > 0 else "other",
            "document": f"D{no}",
            "date": "2026-10-01",
            "due": "2026-11-02",
            "amount": f"{amount / 100:.2f}",
            "remaining": f"{shown / 100:.2f}",
            "currency": "DKK",
            "hold": "",
        } | special
        return ";".join(map(str, values.values()))

    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self.workspace = workspace
        self.folder = folder
        self._files = 0
        path = folder / "customers.csv"
        path.write_text("no;name\n1042;Ida\n3001;Bo\n", encoding="utf-8")
        import_customers(workspace, path, mapping=CUSTOMERS, as_of=AS_OF)

    # -- in ------------------------------------------------------------------------------

    def file(self, *rows: str) -> Path:
        self._files += 1
        path = self.folder / f"entries{self._files}.csv"
        # A blank line at the end makes the bytes of every file its own.
        path.write_text("\n".join([HEADING, *rows]) + "\n" * self._files, encoding="utf-8")
        return path

    def told(self, *rows: str, full: bool = True, **special: Any) -> ErpImport:
        """The ERP tells these rows, and they are accepted."""
        result = self.take(self.file(*rows), full=full, **special)
        assert result.outcome == "accepted", result.problems
        return result

    def take(self, path: Path, **special: Any) -> ErpImport:
        arguments: dict[str, Any] = {"mapping": ENTRIES, "as_of": AS_OF, "full": True} | special
        return import_entries(self.workspace, path, **arguments)

    # -- ours ----------------------------------------------------------------------------

    def settle(self, no: str, amount: int) -> int:
        """Take so much off an entry, with an entry of our own; the application.

        Args:
            no: The entry's number in the ERP.
            amount: Minor units that are taken off, in ledger view.
        """
        with self.workspace.transaction("settle") as transaction:
            entry_id, customer_id = transaction.rows(
                "SELECT entry_id, customer_id FROM entry WHERE erp_entry_no = ? "
                "AND entry_id NOT IN (SELECT entry_id FROM entry_withdrawal)",
                [no],
            )[0]
            first = transaction.draw_ids(5)
            vouchers = pl.DataFrame(
                [(first, "PAYMENTS", AS_OF, AS_OF, "Payment", None)],
                schema=VOUCHERS,
                orient="row",
            )
            document_no = draw_vouchers(transaction, vouchers)[first]
            entry = {
                "entry_id": first + 1,
                "customer_id": customer_id,
                "kind": "payment",
                "document_no": document_no,
                "document_date": AS_OF,
                "due_date": AS_OF,
                "posting_date": AS_OF,
                "amount_minor": -amount,
                "currency": "DKK",
                "profile": "STANDARD",
                "voucher_id": first,
            }
            transaction.append("entry", pl.DataFrame([entry]))
            sides = [("bank_clearing", amount, None), ("receivable", -amount, first + 1)]
            postings = [
                {
                    "posting_id": first + 2 + n,
                    "voucher_id": first,
                    "purpose": purpose,
                    "profile": "STANDARD",
                    "amount_minor": minor,
                    "currency": "DKK",
                    "text": "payment",
                    "customer_id": customer_id if entry_of else None,
                    "entry_id": entry_of,
                }
                for n, (purpose, minor, entry_of) in enumerate(sides)
            ]
            add_postings(
                transaction, vouchers=vouchers, postings=pl.DataFrame(postings, schema=POSTINGS)
            )
            self.apply(transaction, first + 4, first + 1, entry_id, amount, first)
        return first + 4

    def apply(
        self,
        transaction: Transaction,
        number: int,
        own: int,
        entry_id: int,
        amount: int,
        voucher: int | None,
    ) -> None:
        """Let one entry take an amount off another; ledger view of the latter."""
        sides = (own, entry_id) if amount > 0 else (entry_id, own)
        application = {
            "application_id": number,
            "from_entry_id": sides[0],
            "to_entry_id": sides[1],
            "amount_minor": abs(amount),
            "currency": "DKK",
            "kind": "payment",
            "posting_date": AS_OF,
            "voucher_id": voucher,
            "actor": "ida",
        }
        transaction.append("application", pl.DataFrame([application]))

    def reverse(self, application_id: int) -> int:
        """Take an application of ours back, without a voucher; the mirror."""
        with self.workspace.transaction("reverse") as transaction:
            before = transaction.record(
                "SELECT * FROM application WHERE application_id = ?", [application_id]
            )
            assert before is not None
            number = transaction.draw_ids(1)
            mirror = {
                **{name: before[name] for name in ("from_entry_id", "to_entry_id", "currency")},
                "application_id": number,
                "amount_minor": -before["amount_minor"],
                "kind": "unapplied",
                "reverses_application_id": application_id,
                "posting_date": AS_OF,
                "actor": "ida",
            }
            transaction.append("application", pl.DataFrame([mirror]))
        return number

    def hand_over(self) -> int:
        """Hand over everything that waits."""
        with self.workspace.transaction("hand_over") as transaction:
            number = transaction.draw_ids(1)
            head = {
                "handover_id": number,
                "number": number,
                "document_no": f"HO-{number}",
                "format": "csv",
                "mapping_name": "m",
                "mapping": "",
                "as_of": AS_OF,
                "actor": "ida",
            }
            transaction.append("handover", pl.DataFrame([head]))
            for (table, key), waiting in _WAITING.items():
                rows = transaction.rows(
                    f"{waiting} EXCEPT SELECT {key} FROM {table}"  # noqa: S608  # our names
                )
                ids = [n for (n,) in rows]
                transaction.append(
                    table,
                    pl.DataFrame({key: ids}, schema={key: pl.Int64}).with_columns(
                        handover_id=pl.lit(number, pl.Int64)
                    ),
                )
        return number

    def book(self, handover_id: int, *, application_id: int | None = None) -> None:
        """Say that the ERP booked a delivery, or one settlement of it."""
        things = pl.DataFrame([(handover_id, None, application_id)], schema=MARKS, orient="row")
        with self.workspace.transaction("book") as transaction:
            mark(transaction, things, how="person", reason="seen")

    # -- what stands -----------------------------------------------------------------------

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        with self.workspace.read() as reader:
            return reader.records(sql, parameters)

    def remaining(self) -> dict[str, int]:
        """What is left of every entry of the ERP, by its number and revision."""
        rows = self.rows(
            "SELECT erp_entry_no || iif(erp_revision = 1, '', '/' || erp_revision) AS no, "
            "sum(f.amount_minor) AS left FROM entry AS e JOIN entry_effect AS f "
            "USING (entry_id) WHERE e.erp_entry_no IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
        return {r["no"]: r["left"] for r in rows}

    def states(self) -> list[str]:
        """Where our settlements stand."""
        return [r["state"] for r in self.rows("SELECT * FROM application_exchange")]

    def open_differences(self) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT * FROM erp_difference WHERE difference_id NOT IN "
            "(SELECT difference_id FROM erp_difference_end) ORDER BY difference_id"
        )

    def content(self, *, besides: Iterable[str] = ()) -> dict[str, list[dict[str, Any]]]:
        """Every row of the ledger."""
        tables = (
            "entry", "entry_vat", "entry_withdrawal", "voucher", "posting", "application",
            "number_series", "erp_entry_link", "erp_difference", "erp_difference_end",
            "handover_mark", "erp_import", "source_file", "file_attempt", "audit_event",
        )  # fmt: skip
        names = [name for name in tables if name not in set(besides)]
        return {name: self.rows(f"SELECT * FROM {name}") for name in names}  # noqa: S608

    def prove(self) -> None:
        """The sums are equal on both ways, and the audit log is whole."""
        with self.workspace.read() as reader:
            found = {
                identity.name: identity.holds
                for identity in identities(reader, as_of=AS_OF, currencies=["DKK"])
            }
            for name in ("import_balance", "control_account", "aged_balance"):
                assert found[name], name
            checked = audit.check(reader)
            assert checked.holds, checked.faults


@pytest.fixture
def exchange(workspace: Workspace, tmp_path: Path) -> Exchange:
    """A ledger beside an ERP, which has told two customers and no entries yet."""
    return Exchange(workspace, tmp_path)
