"""A small creditor whose month is played step by step: bill, send, pay, post, prove."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.collection import journal
from workbench.collection import setup as collection
from workbench.collection.decisions import allow_by_rule
from workbench.collection.deliveries import Sent, export
from workbench.collection.inbox import import_file
from workbench.collection.incoming import Acceptance, Import
from workbench.collection.settlement import Posted, post_payments
from workbench.collection.suggest import Suggestion, suggest
from workbench.collection.validate import Validation, validate
from workbench.io import betalingsservice_0602
from workbench.io import betalingsservice_receipt as receipt
from workbench.layout.betalingsservice_writing import Envelope
from workbench.ledger import setup as ledger
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.model.deliveries import Totals
from workbench.model.frames import TRANSACTIONS
from workbench.reports.verification import verify
from workbench.store import users
from workbench.store.people import ROLES
from workbench.store.workspace import Workspace, init

CREDITOR_NO, SUPPLIER_NO, SUBSYSTEM = "09999999", "99999993", "KR9"

SETUP = f"""
[system]
system = "BS"
scheme = "betalingsservice_total"
name = "Betalingsservice Total"
supplier_no = "{SUPPLIER_NO}"
subsystem = "{SUBSYSTEM}"
test = true
due_from = "LM+1"
due_to = "+2LM"

[posting]
rule = "matched_without_residual"

[[creditor]]
creditor_no = "{CREDITOR_NO}"
name = "Nordvand"
bank_account = "99990000123456"

[[creditor.group]]
debtor_group = "00001"
main_text = "Betaling til Nordvand"
"""

CUSTOMERS = """
[file]
delimiter = ","

[columns]
customer_no = "no"
name = "name"
postcode = "postcode"
on_hold = "hold"

[defaults]
country = "DK"
"""

ENTRIES = """
[file]
delimiter = ","
decimal = "."
thousands = " "
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
currency = "currency"
on_hold = "hold"
disputed = "disputed"
"""

#: How each kind of record looks in the file: section, code, and what it does to our money.
KINDS = {
    "payment_completed": ("0211", "0236", 1),
    "payment_rejected": ("0211", "0237", 0),
    "agreement_cancelled": ("0211", "0238", 0),
    "payment_reversed": ("0211", "0239", -1),
    "slip_paid": ("0215", "0297", 1),
    "slip_reversed": ("0215", "0299", -1),
}


class Company:
    """A creditor with a workspace, and everything that happens to it in a month."""

    AS_OF = dt.date(2026, 10, 12)
    DUE = dt.date(2026, 11, 2)
    PAID = dt.date(2026, 11, 2)
    BOOKED = dt.date(2026, 11, 3)

    def __init__(self, folder: Path, files: Path) -> None:
        self.workspace = Workspace(folder, clock=self._clock, actor="ida")
        self.by("ida")
        self.files = files
        self._entries = self._delivery = self._file = 0

    def _clock(self) -> dt.datetime:
        return dt.datetime.combine(self.AS_OF, dt.time(8), dt.UTC)

    def by(self, actor: str) -> Workspace:
        """The same workspace in the hands of somebody else, who may do everything."""
        with self.workspace.read() as reader:
            known = actor in users.listing(reader)["login"]
        if not known:
            maker = Workspace(self.workspace.folder, clock=self._clock)
            users.add(maker, actor, name=actor.title(), roles=ROLES)
        return replace(self.workspace, actor=actor)

    # -- the ERP ---------------------------------------------------------------------------

    def customers(self, *numbers: str, hold: Iterable[str] = ()) -> None:
        held = set(hold)
        rows = [f"{no},Kunde {no},9300,{'yes' if no in held else 'no'}" for no in numbers]
        self._take(import_customers, "no,name,postcode,hold", rows, CUSTOMERS)

    def bill(self, *claims: tuple[Any, ...]) -> None:
        """Open entries: customer, amount in minor units, and what differs from the usual."""
        rows = []
        for no, amount_minor, *more in claims:
            self._entries += 1
            special = more[0] if more else {}
            values = {
                "entry": self._entries,
                "no": no,
                "kind": "invoice" if amount_minor > 0 else "credit_note",
                "document": f"F{self._entries}",
                "date": "2026-10-01",
                "due": special.pop("due", self.DUE),
                "amount": f"{amount_minor / 100:.2f}",
                "currency": "DKK",
                "hold": "no",
                "disputed": "no",
            } | special
            rows.append(",".join(map(str, values.values())))
        heading = "entry,no,kind,document,date,due,amount,currency,hold,disputed"
        self._take(import_entries, heading, rows, ENTRIES)

    def _take(
        self, take: Callable[..., Any], heading: str, rows: list[str], mapping: str
    ) -> None:
        self._file += 1
        path = self.files / f"erp{self._file}.csv"
        path.write_text("\n".join([heading, *rows]) + "\n", encoding="utf-8")
        map_path = path.with_suffix(".toml")
        map_path.write_text(mapping, encoding="utf-8")
        result = take(self.workspace, path, mapping=map_path, as_of=self.AS_OF)
        assert result.outcome == "accepted", result.problems

    # -- out -------------------------------------------------------------------------------

    def suggest(self) -> Suggestion:
        return suggest(self.workspace, system="BS", as_of=self.AS_OF)

    def validate(self) -> Validation:
        return validate(self.workspace, as_of=self.AS_OF)

    def approve(self) -> int:
        lines = [(r["collection_line_id"], r["version"]) for r in self.lines(status="valid")]
        return journal.approve(self.workspace, lines, as_of=self.AS_OF)

    def approved(self, *claims: tuple[Any, ...]) -> None:
        """Claims of new customers on their way to the center, not sent yet."""
        self.customers(*dict.fromkeys(no for no, *_ in claims))
        self.bill(*claims)
        self.suggest()
        self.validate()
        self.approve()

    def export(self) -> Sent:
        return export(self.workspace, system="BS", as_of=self.AS_OF)

    def sent(self, *claims: tuple[Any, ...]) -> Sent:
        """Claims of new customers, sent to the center and in process there."""
        self.approved(*claims)
        sent = self.export()
        if not sent.lines:
            return sent
        result = self.receive(self.received(sent))
        assert result.outcome == "accepted", result.problems
        return sent

    # -- in --------------------------------------------------------------------------------

    def received(self, sent: Sent, *, code: str = "PN00") -> bytes:
        moment = dt.datetime.combine(self.AS_OF, dt.time(10))
        return receipt.write_received(
            subsystem=SUBSYSTEM, own_id=str(sent.delivery_no)[-8:], time=moment, code=code
        )

    def validated(self, sent: Sent, *, code: str = "BS00") -> bytes:
        moment = dt.datetime.combine(self.AS_OF, dt.time(11))
        return receipt.write_validated(
            subsystem=SUBSYSTEM,
            own_id=str(sent.delivery_no)[-8:],
            time=moment,
            assigned_id="0009000001",
            supplier_no=SUPPLIER_NO,
            records=10,
            totals=Totals(1, sent.lines, sent.amount_minor, 0, 0),
            code=code,
        )

    def record(self, customer_no: str, kind: str, /, **special: Any) -> dict[str, Any]:
        """One record of the center about the last collection of a customer."""
        lines = [r for r in self.lines() if r["customer_no"] == customer_no]
        line: dict[str, Any] = (
            lines[-1] if lines else {"amount_minor": 10_000, "reference": None}
        )
        section, code, cash = KINDS[kind]
        slip = section == "0215"
        return {
            "section_kind": section,
            "kind": kind,
            "code": code,
            "creditor_no": CREDITOR_NO,
            "debtor_group": "00001",
            "customer_no": customer_no,
            "agreement_no": None,
            "reference": line["reference"],
            "due_date": self.DUE,
            "payment_date": None if cash == 0 else self.PAID,
            "booking_date": None if cash == 0 else self.BOOKED,
            "amount_minor": line["amount_minor"],
            "amount_paid_minor": cash * line["amount_minor"],
            "currency": "DKK",
            "fee_minor": 0 if slip else None,
            "bank_reference": "ARK1" if slip else None,
        } | special

    def delivery(self, *records: dict[str, Any], number: int | None = None) -> bytes:
        """A 0602 of the center with these records."""
        self._delivery += 1
        frame = pl.DataFrame(list(records), schema_overrides=dict(TRANSACTIONS))
        missing = [
            pl.lit(None).cast(kind).alias(name)
            for name, kind in TRANSACTIONS.items()
            if name not in frame.columns
        ]
        envelope = Envelope(
            SUPPLIER_NO, SUBSYSTEM, f"{number or 700 + self._delivery:010d}", self.BOOKED
        )
        rows = frame.with_columns(missing).select(TRANSACTIONS.names())
        return betalingsservice_0602.write(rows, envelope=envelope).content

    def receive(
        self,
        content: bytes,
        *,
        name: str | None = None,
        accept: str = "",
        reason: str = "The center confirmed it",
    ) -> Import:
        """Give the workspace a file of the center."""
        self._file += 1
        path = self.files / (name or f"D{self._file:03d}-602")
        path.write_bytes(content)
        accepted = Acceptance(frozenset(accept.split()), reason) if accept else None
        return import_file(self.workspace, path, as_of=self.BOOKED, acceptance=accepted)

    def told(self, *records: dict[str, Any]) -> Import:
        """The center tells of these records, and they are imported."""
        result = self.receive(self.delivery(*records))
        assert result.outcome == "accepted", result.problems
        return result

    def post(self) -> Posted:
        """Let the company's rule allow what it does, and post."""
        allow_by_rule(self.workspace)
        return post_payments(self.workspace, as_of=self.BOOKED)

    # -- what stands -----------------------------------------------------------------------

    def rows(self, sql: str, *parameters: object) -> list[dict[str, Any]]:
        with self.workspace.read() as reader:
            return reader.records(sql, parameters)

    def lines(self, *, status: str | None = None) -> list[dict[str, Any]]:
        return self.rows(
            "SELECT * FROM collection_line WHERE ?1 IS NULL OR status = ?1 "
            "ORDER BY collection_line_id",
            status,
        )

    def line(self, customer_no: str) -> dict[str, Any]:
        """The last collection of a customer."""
        return next(r for r in reversed(self.lines()) if r["customer_no"] == customer_no)

    def status(self, customer_no: str) -> str:
        return str(self.line(customer_no)["status"])

    def outcomes(self) -> list[dict[str, Any]]:
        """The payment lines with the outcome that counts, in the order of reading."""
        return self.rows(
            "SELECT o.*, p.kind, p.customer_no, p.amount_paid_minor FROM payment_line AS p "
            "JOIN current_outcome AS o USING (payment_line_id) ORDER BY p.payment_line_id"
        )

    def last(self) -> dict[str, Any]:
        return self.outcomes()[-1]

    def remaining(self, customer_no: str) -> int:
        """What a customer owes: the sum of everything, money on account included."""
        return int(
            self.rows(
                "SELECT ifnull(sum(f.amount_minor), 0) AS owed FROM entry_effect AS f "
                "JOIN entry USING (entry_id) JOIN customer USING (customer_id) "
                "WHERE customer_no = ?",
                customer_no,
            )[0]["owed"]
        )

    def claim(self, customer_no: str) -> int:
        """What is open of a customer's claims from the ERP."""
        return int(
            self.rows(
                "SELECT sum(f.amount_minor) AS owed FROM entry_effect AS f "
                "JOIN entry AS e USING (entry_id) JOIN customer USING (customer_id) "
                "WHERE customer_no = ? AND e.erp_entry_no IS NOT NULL",
                customer_no,
            )[0]["owed"]
        )

    def balance(self, purpose: str) -> int:
        return int(
            self.rows(
                "SELECT ifnull(sum(amount_minor), 0) AS b FROM posting WHERE purpose = ?",
                purpose,
            )[0]["b"]
        )

    def money(self) -> dict[str, list[dict[str, Any]]]:
        """Money and statuses: what a refused file must leave as it was."""
        tables = (
            "payment_line", "line_outcome", "voucher", "posting", "application", "entry",
            "number_series", "collection_line", "collection_register", "difference",
            "delivery", "source_file",
        )  # fmt: skip
        return {name: self.rows(f"SELECT * FROM {name}") for name in tables}  # noqa: S608

    def prove(self) -> None:
        """Every identity holds, and the audit log."""
        verify(self.workspace).require()


@pytest.fixture(scope="session")
def new_company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with accounts, open months and a collection system."""
    folder = tmp_path_factory.mktemp("company")
    workspace = init(folder / "new", company="Nordvand")
    ledger.install(workspace, first_year=2026, last_year=2027)
    (folder / "setup.toml").write_text(SETUP, encoding="utf-8")
    collection.install(workspace, folder / "setup.toml")
    return workspace.folder


@pytest.fixture
def make_company(new_company: Path, tmp_path: Path) -> Callable[[], Company]:
    """Makes one company after the other, each in a folder of its own."""

    def make() -> Company:
        number = len(list(tmp_path.iterdir()))
        folder = tmp_path / f"company{number}"
        shutil.copytree(new_company, folder / "ws")
        (folder / "files").mkdir()
        return Company(folder / "ws", folder / "files")

    return make


@pytest.fixture
def company(make_company: Callable[[], Company]) -> Company:
    return make_company()
