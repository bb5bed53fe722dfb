"""A small ledger that tests of the hand-over fill: invoices, payments, settlements."""

from __future__ import annotations

import csv
import datetime as dt
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.ledger import setup
from workbench.ledger.handover.handing_over import HandedOver, waiting
from workbench.ledger.handover.identity import handed_over
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.setup import ERP_JOURNAL, PAYMENT_JOURNAL
from workbench.reports.hand_over import export_postings
from workbench.store import audit
from workbench.store.workspace import Workspace, init

DAY = dt.date(2026, 11, 3)
NOW = dt.datetime(2026, 11, 3, 8, tzinfo=dt.UTC)


class Books:
    """The ledger of a company with one customer."""

    def __init__(self, workspace: Workspace, *, bank_account: str = "99990000123456") -> None:
        self.workspace = workspace
        with workspace.transaction("customer") as transaction:
            self.customer_id = transaction.draw_ids(1)
            person = {"person_id": 900, "name": "=Å. Ørsted", "bank_account": bank_account}
            transaction.execute(
                "INSERT INTO person (person_id, name, bank_account) VALUES (?, ?, ?)",
                list(person.values()),
            )
            row = {"customer_id": self.customer_id, "customer_no": "1001", "printed_no": "1001"}
            transaction.append("customer", pl.DataFrame([row | {"person_id": 900}]))

    def _book(
        self,
        journal: str,
        entries: list[dict[str, Any]],
        postings: list[dict[str, Any]],
        applications: list[dict[str, Any]],
        *,
        day: dt.date = DAY,
        text: str = "Betalingsservice 0211",
    ) -> str:
        with self.workspace.transaction("book") as transaction:
            voucher_id = transaction.draw_ids(1)
            head = {
                "voucher_id": voucher_id, "journal": journal, "posting_date": day,
                "bank_date": day, "text": text,
            }  # fmt: skip
            vouchers = pl.DataFrame([head], schema=VOUCHERS)
            document = draw_vouchers(transaction, vouchers)[voucher_id]
            for entry in entries:
                usual = {
                    "document_no": document, "document_date": day, "due_date": day,
                    "posting_date": day, "currency": "DKK", "profile": "STANDARD",
                    "customer_id": self.customer_id, "voucher_id": voucher_id,
                }  # fmt: skip
                transaction.append("entry", pl.DataFrame([usual | entry]))
            rows = [
                {
                    "posting_id": transaction.draw_ids(1), "voucher_id": voucher_id,
                    "profile": "STANDARD", "currency": "DKK", "text": "test",
                } | posting
                for posting in postings
            ]  # fmt: skip
            carried = ("base_amount_minor", "dimensions", "vat_code")
            extra = {
                name: pl.String if name != "base_amount_minor" else pl.Int64
                for name in carried
                if any(name in row for row in rows)
            }
            frame = pl.DataFrame(rows, schema={**POSTINGS, **extra})
            add_postings(transaction, vouchers=vouchers, postings=frame)
            for application in applications:
                self._apply(transaction, application | {"voucher_id": voucher_id}, day)
        return document

    def _apply(self, transaction: Any, row: dict[str, Any], day: dt.date) -> int:
        application_id = int(transaction.draw_ids(1))
        usual = {
            "application_id": application_id, "currency": "DKK", "kind": "payment",
            "posting_date": day, "actor": "ida",
        }  # fmt: skip
        transaction.append("application", pl.DataFrame([usual | row]))
        return application_id

    def invoice(self, amount: int, *, document: str) -> int:
        """An invoice of the ERP."""
        entry_id = self.workspace.draw_ids(1)
        entry = {
            "entry_id": entry_id, "kind": "invoice", "amount_minor": amount,
            "document_no": document, "erp_entry_no": f"E{entry_id}",
        }  # fmt: skip
        sides = [
            {"purpose": "receivable", "amount_minor": amount, "entry_id": entry_id,
             "customer_id": self.customer_id},
            {"purpose": "erp_transfer", "amount_minor": -amount},
        ]  # fmt: skip
        self._book(ERP_JOURNAL, [entry], sides, [])
        return entry_id

    def payment(
        self,
        amount: int,
        settles: dict[int, int],
        *,
        day: dt.date = DAY,
        journal: str = PAYMENT_JOURNAL,
        **more: Any,
    ) -> tuple[int, str]:
        """Money in, and what it settles: amount by entry; its entry and document number."""
        entry_id = self.workspace.draw_ids(1)
        entry = {"entry_id": entry_id, "kind": "payment", "amount_minor": -amount}
        if "currency" in more:
            entry["currency"] = more["currency"]
        base = more.pop("base", None)
        bases = (
            ({"base_amount_minor": base}, {"base_amount_minor": -base}) if base else ({}, {})
        )
        sides = [
            {"purpose": "bank_clearing", "amount_minor": amount, **more, **bases[0]},
            {"purpose": "receivable", "amount_minor": -amount, "entry_id": entry_id,
             "customer_id": self.customer_id, **more, **bases[1]},
        ]  # fmt: skip
        applied = [
            {"from_entry_id": entry_id, "to_entry_id": to, "amount_minor": part}
            for to, part in settles.items()
        ]
        return entry_id, self._book(journal, [entry], sides, applied, day=day)

    def settle(self, from_entry: int, to_entry: int, amount: int) -> int:
        """A settlement by hand."""
        row = {"from_entry_id": from_entry, "to_entry_id": to_entry, "amount_minor": amount}
        with self.workspace.transaction("settle") as transaction:
            return self._apply(transaction, row, DAY)

    def unsettle(self, application_id: int) -> None:
        """Take a settlement back."""
        with self.workspace.transaction("unsettle") as transaction:
            row = transaction.record(
                "SELECT from_entry_id, to_entry_id, amount_minor FROM application "
                "WHERE application_id = ?",
                [application_id],
            )
            assert row is not None
            self._apply(
                transaction,
                row
                | {
                    "amount_minor": -row["amount_minor"],
                    "kind": "unapplied",
                    "reverses_application_id": application_id,
                },
                DAY,
            )

    def rows(self, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with self.workspace.read() as reader:
            return reader.rows(sql, parameters)

    def waiting(self) -> pl.DataFrame:
        with self.workspace.read() as reader:
            return waiting(reader)

    def export(self, mapping: Any = "plain_csv", **more: Any) -> HandedOver:
        """Hand over what waits."""
        return export_postings(self.workspace, mapping=mapping, as_of=DAY, **more)

    def lines(self, done: HandedOver, role: str = "postings") -> list[dict[str, str]]:
        """A CSV file of a delivery."""
        path = next(file.path for file in done.files if file.role == role)
        assert path is not None
        text = path.read_bytes().decode("utf-8-sig")
        delimiter = ";" if ";" in text.partition("\n")[0] else ","
        return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))

    def prove(self) -> None:
        """The identity of the hand-over and the audit log hold."""
        with self.workspace.read() as reader:
            found = handed_over(reader, currencies=["DKK"])
            state = audit.check(reader)
        assert all(identity.holds for identity in found), found
        assert state.holds, state.faults


@pytest.fixture
def books(workspace: Workspace) -> Books:
    return Books(workspace)


@pytest.fixture(scope="session")
def new_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company that nothing happened to, to be copied."""
    made = init(tmp_path_factory.mktemp("handover") / "ws", company="Nordvand")
    setup.install(made, first_year=2026, last_year=2026)
    return made.folder


@pytest.fixture
def new_books(new_ledger: Path, tmp_path: Path) -> Callable[[], Books]:
    """Makes one company after the other."""

    def make() -> Books:
        folder = tmp_path / f"books{len(list(tmp_path.iterdir()))}"
        shutil.copytree(new_ledger, folder)
        return Books(Workspace(folder, clock=lambda: NOW))

    return make
