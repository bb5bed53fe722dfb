"""Whatever is learnt later: every past day adds up, and what was known of it stays known."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import polars as pl
import pytest

from workbench.collection import decisions, erp_exchange
from workbench.collection.decisions import NotDecidableError
from workbench.collection.register import IllegalMoveError
from workbench.collection.settlement import post_payments
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.open_entries import open_entries
from workbench.ledger.period_states import change_state
from workbench.ledger.settlement.entries import SettlementError
from workbench.ledger.settlement.penny import post_away
from workbench.ledger.settlement.priority import PRIORITIES, preview, settle_by_priority
from workbench.ledger.settlement.settling import Pair, settle
from workbench.ledger.settlement.tolerance import set_tolerance
from workbench.ledger.settlement.unsettling import unsettle
from workbench.ledger.undo.undoing import AlreadyUndoneError, UndoBlockedError
from workbench.matching.aging import age
from workbench.reports import lists
from workbench.reports.learnt import learnt
from workbench.store.connection import Reader
from workbench.store.transaction import StaleRowError

CUSTOMERS = ("1001", "1002", "1003")
FIRST, LAST = dt.date(2026, 10, 12), dt.date(2026, 12, 31)

#: Days whose balances are asked for again and again.
DAYS = (FIRST, dt.date(2026, 10, 31), dt.date(2026, 11, 20), LAST)

#: Lists that are kept of every day and every moment.
KEPT = ("open_entries", "trial_balance", "customer_account", "applications", "held_payments",
        "collection_lines", "periods")  # fmt: skip

#: What the house may answer to a wish that does not fit.
REFUSALS = (
    SettlementError, UndoBlockedError, AlreadyUndoneError, NotDecidableError,
    IllegalMoveError, StaleRowError,
)  # fmt: skip

FULL = """
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
remaining = "remaining"
currency = "currency"
"""

KNOWN_TO_ERP = """
SELECT e.erp_entry_no AS entry, c.customer_no AS no, e.kind, e.document_no AS document,
       e.document_date AS date, e.due_date AS due, e.amount_minor AS amount,
       sum(f.amount_minor) AS remaining, e.currency
FROM entry AS e JOIN customer AS c USING (customer_id) JOIN entry_effect AS f USING (entry_id)
WHERE e.erp_entry_no IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM entry_withdrawal AS w WHERE w.entry_id = e.entry_id)
GROUP BY e.entry_id HAVING sum(f.amount_minor) <> 0
"""


#: What is posted on each control account, by customer.
CONTROL = """
SELECT account_no, customer_id, sum(amount_minor) FROM posting
WHERE posting_date <= :day AND recorded <= :known AND purpose IN ('receivable', 'on_account')
GROUP BY 1, 2 HAVING sum(amount_minor) <> 0 ORDER BY 1, 2
"""

#: What is left of the entries that were posted there.
LYING = """
SELECT p.account_no, e.customer_id, sum(f.amount_minor) FROM entry_effect AS f
JOIN entry AS e USING (entry_id) JOIN posting AS p ON p.entry_id = e.entry_id
    AND p.voucher_id = e.voucher_id AND p.purpose IN ('receivable', 'on_account')
WHERE f.posting_date <= :day AND f.recorded <= :known
GROUP BY 1, 2 HAVING sum(f.amount_minor) <> 0 ORDER BY 1, 2
"""


class History:
    """A company to which things happen by chance, on days in no order."""

    def __init__(self, company: Any, seed: int) -> None:
        self.company = company
        self.workspace = company.workspace
        self.chance = Random(seed)  # a repeatable story, no secret
        self.known: dict[int, dict[tuple[str, dt.date], pl.DataFrame]] = {}
        self.told: list[dict[str, Any]] = []
        company.sent(*((no, amount) for no in CUSTOMERS for amount in (10_000, 5_040)))
        company.bill(*((no, -5_000) for no in CUSTOMERS))

    def day(self) -> dt.date:
        return FIRST + dt.timedelta(days=self.chance.randrange(70))

    # -- what happens ----------------------------------------------------------------------

    def bill(self) -> None:
        self.company.AS_OF = self.day()
        amounts = self.chance.choices([10_000, 5_040, 2_500, -1_000, -4_980], k=2)
        self.company.bill(*((self.chance.choice(CUSTOMERS), amount) for amount in amounts))

    def full(self) -> None:
        """All that the ERP has open; some of it settled there, wholly or in part."""
        rows = [row for row in self.company.rows(KNOWN_TO_ERP) if self.chance.random() < 0.8]
        for row in rows:
            if self.chance.random() < 0.3:
                row["remaining"] = row["remaining"] // 2 or row["remaining"]
            for name in ("amount", "remaining"):
                row[name] = f"{row[name] / 100:.2f}"
        if not rows:
            return
        text = "\n".join([",".join(rows[0]), *(",".join(map(str, r.values())) for r in rows)])
        path = self.company.files / f"full{self.now()}.csv"
        path.write_text(text + "\n", encoding="utf-8")
        erp_exchange.import_entries(
            self.workspace, path, mapping=MappingText("full", FULL), as_of=self.day(), full=True
        )

    def undo(self) -> None:
        imports = self.company.rows("SELECT import_id FROM erp_import WHERE mode = 'full'")
        if imports:
            erp_exchange.undo_import(
                self.workspace, self.chance.choice(imports)["import_id"],
                reason="by chance", as_of=self.day(),
            )  # fmt: skip

    def tell(self) -> None:
        kinds = ["payment_completed", "slip_paid", "slip_paid", "slip_reversed"]
        record = self.company.record(self.chance.choice(CUSTOMERS), self.chance.choice(kinds))
        if self.chance.random() < 0.3 and self.told:
            record = self.chance.choice(self.told) | {"kind": "slip_reversed", "code": "0299"}
            record["amount_paid_minor"] = -abs(record["amount_paid_minor"])
            record["section_kind"] = "0215"
        elif self.chance.random() < 0.4:
            record["amount_paid_minor"] = record["amount_paid_minor"] * 3 // 2
        record["booking_date"] = dt.date(2026, 11, 3) + dt.timedelta(
            days=self.chance.randrange(20)
        )
        self.told.append(record)
        self.company.receive(self.company.delivery(record))

    def decide(self) -> None:
        held = [row for row in self.company.outcomes() if row["outcome"] == "held"]
        if held:
            row = self.chance.choice(held)
            decisions.put_on_account(
                self.workspace, row["payment_line_id"],
                self.company.line(self.chance.choice(CUSTOMERS))["customer_id"],
                seen_outcome=row["outcome_id"], reason="by chance",
            )  # fmt: skip

    def post(self) -> None:
        matched = [row for row in self.company.outcomes() if row["outcome"] == "matched"]
        decisions.allow_posting(self.workspace, [r["payment_line_id"] for r in matched])
        post_payments(self.workspace, as_of=self.day())

    def settle(self) -> None:
        open_ = self.open().rows(named=True)
        credit = [row for row in open_ if row["remaining_minor"] < 0]
        claims = [row for row in open_ if row["remaining_minor"] > 0]
        if not credit or not claims:
            return
        pairs = [
            Pair(
                self.chance.choice(credit)["entry_id"],
                self.chance.choice(claims)["entry_id"],
                self.chance.choice([None, None, 700, 4_000]),
            )
            for _ in range(self.chance.randint(1, 2))
        ]
        reason = self.chance.choice(["", "by chance"])
        settle(self.workspace, pairs=pairs, as_of=self.day(), reason=reason)

    def by_priority(self) -> None:
        with self.workspace.read() as reader:
            found = preview(
                reader,
                customer_id=self.company.line(self.chance.choice(CUSTOMERS))["customer_id"],
                as_of=self.day(),
                priority=self.chance.choice(PRIORITIES),
            )
        settle_by_priority(self.workspace, previews=[found], as_of=self.day())

    def tolerate(self) -> None:
        amount = self.chance.choice([0, 50, 100])
        set_tolerance(self.workspace, currency="DKK", amount_minor=amount)

    def post_penny(self) -> None:
        entry = self.chance.choice(self.open()["entry_id"].to_list())
        post_away(self.workspace, [entry], as_of=self.day())

    def unsettle(self) -> None:
        made = self.company.rows("SELECT application_id FROM application")
        if made:
            ids = [self.chance.choice(made)["application_id"]]
            unsettle(self.workspace, ids, reason="by chance", as_of=self.day())

    def period(self) -> None:
        change_state(
            self.workspace,
            first_day=self.chance.choice([dt.date(2026, 10, 1), dt.date(2026, 11, 1)]),
            to_state=self.chance.choice(["open", "soft_closed", "closed"]),
            reason="by chance",
            earlier_open=True,
        )

    def dispute(self) -> None:
        row = self.chance.choice(self.company.rows("SELECT * FROM entry"))
        with self.workspace.transaction("dispute") as step:
            changes = {"disputed": 1 - row["disputed"]}
            step.edit("entry", row["entry_id"], version=row["version"], changes=changes)

    # -- what stands -----------------------------------------------------------------------

    def now(self) -> int:
        with self.workspace.read() as reader:
            return int(reader.seq)

    def open(self) -> pl.DataFrame:
        with self.workspace.read() as reader:
            return open_entries(reader, as_of=LAST)

    def look(self) -> None:
        """Prove every day as it is known now, and keep what is known of it."""
        with self.workspace.read() as reader:
            seq = reader.seq
            for day in DAYS:
                prove(reader, day, seq)
            self.known[seq] = kept(reader, seq)

    def look_back(self) -> None:
        """What is known now of what was known then is what was known then."""
        with self.workspace.read() as reader:
            for seq, before in self.known.items():
                for (name, day), rows in kept(reader, seq).items():
                    assert rows.equals(before[name, day]), (name, day, seq)
                for day in DAYS:
                    prove(reader, day, seq)
            for since, until in zip(list(self.known), list(self.known)[3:], strict=False):
                learnt(reader, since=since, until=until, as_of=self.chance.choice(DAYS))
        self.company.prove()
        beyond = self.company.rows(
            "SELECT e.entry_id, e.amount_minor, sum(f.amount_minor) AS rest FROM entry AS e "
            "JOIN entry_effect AS f USING (entry_id) GROUP BY e.entry_id "
            "HAVING rest * sign(e.amount_minor) NOT BETWEEN 0 AND abs(e.amount_minor)"
        )
        assert beyond == [], "an entry was settled beyond its amount"


def kept(reader: Reader, known: int) -> dict[tuple[str, dt.date], pl.DataFrame]:
    return {
        (name, day): lists.named(name).rows(reader, as_of=day, known=known)
        for name in KEPT
        for day in DAYS
    }


def prove(reader: Reader, day: dt.date, known: int) -> None:
    """Open balance = effects = customers = control accounts = aged, of a day as known then."""
    asked = {"day": day.isoformat(), "known": known}
    entries = open_entries(reader, as_of=day, known=known)
    balance = int(entries["remaining_minor"].sum())
    effects = reader.value(
        "SELECT ifnull(sum(amount_minor), 0) FROM entry_effect "
        "WHERE posting_date <= :day AND recorded <= :known", asked,
    )  # fmt: skip
    control = reader.rows(CONTROL, asked)
    lying = reader.rows(LYING, asked)
    customers = entries.group_by("customer_id").agg(pl.col("remaining_minor").sum())
    owed = {row for row in customers.iter_rows() if row[1]}
    posted = Counter({customer: 0 for _, customer, _ in control})
    posted.update({customer: 0 for customer, _ in owed})
    for _, customer, amount in control:
        posted[customer] += amount
    aged = age(entries, as_of=day)
    assert (effects, aged["remaining_minor"].sum()) == (balance, balance)
    assert posted.total() == balance
    assert {row for row in posted.items() if row[1]} == owed, (day, known)
    assert control == lying, (day, known)


STEPS: dict[Callable[[History], None], int] = {
    History.bill: 3,
    History.full: 2,
    History.undo: 1,
    History.tell: 4,
    History.decide: 3,
    History.post: 3,
    History.settle: 5,
    History.by_priority: 2,
    History.tolerate: 2,
    History.post_penny: 1,
    History.unsettle: 3,
    History.period: 2,
    History.dispute: 1,
}


def live(company: Any, seed: int, *, steps: int) -> None:
    history = History(company, seed)
    history.look()
    for happens in history.chance.choices(list(STEPS), list(STEPS.values()), k=steps):
        try:
            happens(history)
        except REFUSALS:
            continue
        history.look()
    history.look_back()


@pytest.mark.parametrize("seed", range(6))
def test_the_past_as_known_never_changes(company: Any, seed: int) -> None:
    live(company, seed, steps=20)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_the_past_as_known_never_changes_in_long_histories(company: Any, seed: int) -> None:
    live(company, seed, steps=80)
