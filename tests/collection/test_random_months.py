"""Whatever a month brings, in whatever order: every identity holds after every step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from workbench.collection import decisions, journal
from workbench.collection.decisions import NotDecidableError
from workbench.collection.register import IllegalMoveError
from workbench.collection.settlement import planned, post_payments
from workbench.store.transaction import StaleRowError

STEPS = 12

#: What the house may answer to a wish that does not fit any more.
REFUSALS = (NotDecidableError, IllegalMoveError, StaleRowError)

KINDS = {
    "payment_completed": 6,
    "slip_paid": 4,
    "payment_rejected": 2,
    "agreement_cancelled": 1,
    "payment_reversed": 3,
    "slip_reversed": 2,
}


class Month:
    """A company to which things happen by chance."""

    def __init__(self, company: Any, seed: int) -> None:
        self.company = company
        self.chance = Random(seed)  # a repeatable story, no secret
        self.numbers: list[str] = []
        self.told: list[dict[str, Any]] = []
        self.day = dt.date(2026, 11, 3)

    def bill(self, *first: tuple[str, int]) -> None:
        count = self.chance.randint(1, 4)
        new = [str(1000 + len(self.numbers) + n) for n in range(count)]
        claims = [
            (no, amount)
            for no in new
            for amount in self.chance.choices([10_000, 5_000, 2_500, -1_000, -9_000], k=3)
        ]
        self.numbers += new
        self.company.sent(*first, *claims)

    def tell(self) -> None:
        records = [self._record() for _ in range(self.chance.randint(1, 6))]
        self.told += records
        result = self.company.receive(self.company.delivery(*records))
        assert result.outcome in {"accepted", "waiting"}, result.problems

    def _record(self) -> dict[str, Any]:
        if self.told and self.chance.random() < 0.15:
            return self.chance.choice(self.told)
        (kind,) = self.chance.choices(list(KINDS), list(KINDS.values()))
        record: dict[str, Any] = self.company.record(self.chance.choice(self.numbers), kind)
        self.day += dt.timedelta(days=self.chance.choice([0, 0, 1]))
        record["booking_date"] = record["booking_date"] and self.day
        spoil = self.chance.random()
        if spoil < 0.2 and record["amount_paid_minor"]:
            factor = self.chance.choice([2, 3])
            record["amount_paid_minor"] = record["amount_paid_minor"] * factor // 2
        elif spoil < 0.25:
            record["customer_no"] = self.chance.choice([*self.numbers, "9999"])
        elif spoil < 0.3:
            record["reference"] = None
        elif spoil < 0.35 and kind in {"payment_rejected", "agreement_cancelled"}:
            record["amount_paid_minor"] = record["amount_minor"]
        return record

    def decide(self) -> None:
        held = [row for row in self.company.outcomes() if row["outcome"] == "held"]
        for row in self.chance.sample(held, min(len(held), 3)):
            collection = self.chance.choice(self.company.lines())
            seen, line = row["outcome_id"], row["payment_line_id"]
            workspace, choice = self.company.workspace, self.chance.randrange(4)
            try:
                if choice == 0:
                    decisions.ignore(workspace, line, seen_outcome=seen, reason="by chance")
                elif choice == 1:
                    decisions.put_on_account(
                        workspace, line, collection["customer_id"],
                        seen_outcome=seen, reason="by chance",
                    )  # fmt: skip
                else:
                    own = row["collection_line_id"] or collection["collection_line_id"]
                    decisions.match_to(
                        workspace, line, own, seen_outcome=seen,
                        reason="by chance", as_of=self.day,
                    )  # fmt: skip
            except REFUSALS:
                continue

    def allow(self) -> None:
        rows = [
            r["payment_line_id"] for r in self.company.outcomes() if r["outcome"] == "matched"
        ]
        chosen = self.chance.sample(rows, len(rows) // 2)
        decisions.allow_posting(self.company.workspace, chosen)

    def post(self) -> None:
        if self.chance.random() < 0.5:
            decisions.allow_by_rule(self.company.workspace)
        with self.company.workspace.read() as reader:
            expected = planned(reader).kinds
        posted = post_payments(self.company.workspace, as_of=self.day)
        found: dict[str, int] = {}
        for (kind, _), (lines, _) in expected.items():
            found[kind] = found.get(kind, 0) + lines
        assert posted.counts == found

    def stop(self) -> None:
        line = self.chance.choice(self.company.lines())
        try:
            journal.stop(
                self.company.workspace, [(line["collection_line_id"], line["version"])],
                reason="by chance", as_of=self.day,
            )  # fmt: skip
        except REFUSALS:
            return

    def collect_again(self) -> None:
        self.company.suggest()
        self.company.validate()
        self.company.approve()
        self.company.export()

    def prove(self) -> None:
        company = self.company
        company.prove()
        over = company.rows(
            "SELECT e.entry_id, e.amount_minor, sum(f.amount_minor) AS rest FROM entry AS e "
            "JOIN entry_effect AS f USING (entry_id) GROUP BY e.entry_id "
            "HAVING rest * sign(e.amount_minor) NOT BETWEEN 0 AND abs(e.amount_minor)"
        )
        assert over == [], "an entry was settled beyond its amount"
        twice = company.rows(
            "SELECT entry_id FROM collection_line_entry JOIN collection_line "
            "USING (collection_line_id) WHERE status IN ('in_process', 'sent', 'approved') "
            "GROUP BY entry_id HAVING count(*) > 1"
        )
        assert twice == [], "an entry is asked for twice"
        gaps = company.rows(
            "SELECT journal FROM voucher GROUP BY 1 HAVING max(number) <> count(*)"
        )
        assert gaps == []


@pytest.mark.parametrize("seed", [0, 1, 4, 5, 25, 35, 46, 50])
def test_every_identity_holds_after_every_step(
    make_company: Callable[[], Any], seed: int
) -> None:
    month = Month(make_company(), seed)
    month.bill(("999", 10_000))
    month.prove()
    steps = {
        month.bill: 1, month.tell: 6, month.decide: 3, month.allow: 1,
        month.post: 4, month.stop: 1, month.collect_again: 1,
    }  # fmt: skip
    for step in month.chance.choices(list(steps), list(steps.values()), k=STEPS):
        step()
        month.prove()
    decisions.allow_by_rule(month.company.workspace)
    month.post()
    before = month.company.money()
    assert post_payments(month.company.workspace, as_of=month.day).lines == 0
    assert month.company.money() == before
    month.prove()
