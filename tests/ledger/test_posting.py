"""Vouchers balance, their numbers have no gaps, and closed periods stay closed."""

from __future__ import annotations

import datetime as dt
import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ledger import periods, setup
from workbench.ledger.posting import (
    CARRIED,
    POSTINGS,
    VOUCHERS,
    NoAccountError,
    UnbalancedVoucherError,
    post,
)
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

DAY = dt.date(2026, 11, 3)

#: Purpose, amount, and perhaps what differs from the usual.
Side = tuple[Any, ...]


def put(
    transaction: Transaction,
    *vouchers: Sequence[Side],
    day: dt.date = DAY,
    journal: str = setup.PAYMENT_JOURNAL,
) -> dict[int, str]:
    """Post vouchers, each given by its sides."""
    heads, sides = [], []
    for parts in vouchers:
        voucher_id = transaction.draw_ids(1)
        heads.append({"voucher_id": voucher_id, "journal": journal, "posting_date": day,
                      "bank_date": DAY, "text": "test"})  # fmt: skip
        sides += [
            {"posting_id": transaction.draw_ids(1), "voucher_id": voucher_id,
             "purpose": purpose, "profile": "STANDARD", "amount_minor": amount,
             "currency": "DKK", "text": "test"} | (more[0] if more else {})
            for purpose, amount, *more in parts
        ]  # fmt: skip
    return post(
        transaction,
        vouchers=pl.DataFrame(heads, schema=VOUCHERS),
        postings=pl.DataFrame(sides, schema=POSTINGS),
    )


def step(workspace: Workspace, *vouchers: Sequence[Side], **more: Any) -> list[str]:
    with workspace.transaction("post") as transaction:
        return list(put(transaction, *vouchers, **more).values())


def rows(workspace: Workspace, sql: str) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(sql)


GOOD: Sequence[Side] = (("bank_clearing", 100), ("held", -100))


def test_numbers_have_no_gap_even_after_a_step_that_failed(workspace: Workspace) -> None:
    assert step(workspace, GOOD, GOOD) == ["PAY-000001", "PAY-000002"]
    unknown = {"profile": "UNKNOWN"}
    for bad in ((("bank_clearing", 1),), (("bank_clearing", 1), ("held", -1, unknown))):
        with pytest.raises((UnbalancedVoucherError, NoAccountError)):
            step(workspace, GOOD, bad)
    assert step(workspace, GOOD) == ["PAY-000003"]
    assert step(workspace, GOOD, journal="ERP") == ["ERP-000001"]
    numbers = rows(workspace, "SELECT number FROM voucher WHERE journal = 'PAYMENTS'")
    assert numbers == [(1,), (2,), (3,)]
    assert len(rows(workspace, "SELECT * FROM posting")) == 8


@pytest.mark.parametrize(
    "bad",
    [
        [("bank_clearing", 100), ("held", -99)],
        [("bank_clearing", 100), ("held", -100, {"currency": "EUR"})],
        [("bank_clearing", 100)],
    ],
)
def test_what_does_not_balance_is_refused(workspace: Workspace, bad: Sequence[Side]) -> None:
    with pytest.raises(UnbalancedVoucherError):
        step(workspace, GOOD, bad)
    assert rows(workspace, "SELECT * FROM voucher") == []


def test_accounts_follow_from_the_narrowest_rule(workspace: Workspace) -> None:
    with workspace.transaction("accounts") as transaction:
        for account_no, creditor_no, currency in (
            ("5821", "09999999", ""),
            ("5822", "", "EUR"),
            ("5823", "09999999", "EUR"),
        ):
            transaction.execute(
                "INSERT INTO account VALUES (?, 'Bank', 'bank_clearing')", [account_no]
            )
            transaction.execute(
                "INSERT INTO profile_account VALUES ('STANDARD', 'bank_clearing', ?, ?, ?)",
                [creditor_no, currency, account_no],
            )
    ours, euro = {"creditor_no": "09999999"}, {"currency": "EUR"}
    cases = [{}, ours, euro, ours | euro, {"creditor_no": "01111111"}]
    sides: list[Side] = []
    for case in cases:
        sides += [("bank_clearing", 1, case), ("held", -1, {k: v for k, v in case.items()
                                                            if k == "currency"})]  # fmt: skip
    step(workspace, sides)
    found = rows(
        workspace,
        "SELECT account_no FROM posting WHERE purpose = 'bank_clearing' ORDER BY number",
    )
    assert [row[0] for row in found] == ["5820", "5821", "5822", "5823", "5820"]


@given(
    amounts=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=6),
    currency=st.sampled_from(["DKK", "EUR"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_postings_balance_per_currency(
    workspace: Workspace, amounts: list[int], currency: str
) -> None:
    sides: list[Side] = [("receivable", amount, {"currency": currency}) for amount in amounts]
    step(workspace, [*sides, ("held", -sum(amounts), {"currency": currency})])
    sums = rows(
        workspace, "SELECT sum(amount_minor) FROM posting GROUP BY voucher_id, currency"
    )
    assert set(sums) == {(0,)}
    assert rows(workspace, "SELECT max(number) - count(*) FROM voucher") == [(0,)]
    with pytest.raises(UnbalancedVoucherError):
        step(workspace, [*sides, ("held", 1 - sum(amounts), {"currency": currency})])


def test_a_posting_carries_what_is_known(workspace: Workspace) -> None:
    carried = {
        "vat_code": "S25", "dimensions": '{"department": "VAND"}',
        "base_amount_minor": 746, "rate": "7.46", "rate_date": DAY,
    }  # fmt: skip
    with workspace.transaction("post") as transaction:
        head = {"voucher_id": 900, "journal": "GENERAL", "posting_date": DAY, "text": "x"}
        sides = [
            {"posting_id": 901, "purpose": "receivable", "amount_minor": 100} | carried,
            {"posting_id": 902, "purpose": "fee", "amount_minor": -100, "account_no": "1195"},
        ]
        shared = {"voucher_id": 900, "profile": "STANDARD", "currency": "EUR", "text": "x"}
        post(
            transaction,
            vouchers=pl.DataFrame([head], schema=VOUCHERS),
            postings=pl.DataFrame([shared | side for side in sides], schema=POSTINGS | CARRIED),
        )
    names = "account_no, vat_code, dimensions, base_amount_minor, rate, rate_date"
    assert rows(workspace, f"SELECT {names} FROM posting ORDER BY number") == [  # noqa: S608  # our names
        ("5600", "S25", '{"department": "VAND"}', 746, "7.46", "2026-11-03"),
        ("1195", None, "{}", None, None, None),
    ]


# -- periods ---------------------------------------------------------------------------------


def close(workspace: Workspace, month: int, *, state: str = "closed") -> None:
    with workspace.transaction("period") as transaction:
        periods.set_state(transaction, first_day=dt.date(2026, month, 1), state=state)


def open_date(workspace: Workspace, day: dt.date, journal: str = "PAYMENTS") -> dt.date:
    with workspace.read() as reader:
        return periods.open_posting_date(reader, day, journal=journal)


@pytest.mark.parametrize("state", ["closed", "soft_closed"])
def test_a_closed_period_refuses_postings(workspace: Workspace, state: str) -> None:
    close(workspace, 11, state=state)
    with pytest.raises(sqlite3.IntegrityError, match="open period"):
        step(workspace, GOOD)
    assert rows(workspace, "SELECT * FROM voucher") == []
    close(workspace, 11, state="open")
    assert step(workspace, GOOD) == ["PAY-000001"]


def test_a_day_outside_of_all_periods_is_refused(workspace: Workspace) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="open period"):
        step(workspace, GOOD, day=dt.date(2031, 1, 1))


def test_a_journal_may_be_closed_alone(workspace: Workspace) -> None:
    with workspace.transaction("period") as transaction:
        transaction.execute(
            "INSERT INTO period (period_id, journal, first_day, last_day, state) "
            "VALUES (99, 'PAYMENTS', '2026-11-01', '2026-11-30', 'closed')"
        )
    with pytest.raises(sqlite3.IntegrityError, match="open period"):
        step(workspace, GOOD)
    assert step(workspace, GOOD, journal="ERP") == ["ERP-000001"]
    assert open_date(workspace, DAY) == dt.date(2026, 12, 1)
    assert open_date(workspace, DAY, "ERP") == DAY
    step(workspace, GOOD, day=open_date(workspace, DAY))
    dates = rows(workspace, "SELECT posting_date, bank_date FROM voucher ORDER BY journal")
    assert dates == [("2026-11-03", "2026-11-03"), ("2026-12-01", "2026-11-03")]


def test_the_posting_date_rolls_to_the_next_open_day(workspace: Workspace) -> None:
    assert open_date(workspace, DAY) == DAY
    close(workspace, 11)
    assert open_date(workspace, DAY) == dt.date(2026, 12, 1)
    assert open_date(workspace, dt.date(2026, 10, 31)) == dt.date(2026, 10, 31)
    close(workspace, 12)
    with pytest.raises(periods.NoOpenPeriodError):
        open_date(workspace, DAY)
    with workspace.transaction("year") as transaction:
        setup.open_year(transaction, 2027)
        setup.open_year(transaction, 2027)
    assert open_date(workspace, DAY) == dt.date(2027, 1, 1)
    assert rows(workspace, "SELECT count(*) FROM period") == [(24,)]
    with (
        pytest.raises(periods.NoOpenPeriodError),
        workspace.transaction("period") as transaction,
    ):
        periods.set_state(transaction, first_day=dt.date(2026, 1, 2), state="closed")


def test_who_closed_a_period_is_known(workspace: Workspace) -> None:
    close(workspace, 11)
    edits = rows(
        workspace,
        "SELECT table_name, fields, actor FROM audit_row JOIN audit_event USING (seq)",
    )
    assert edits == [("period", '["state"]', workspace.actor)]


def test_a_copy_of_the_books_is_the_books(workspace: Workspace, tmp_path: Path) -> None:
    """Numbers go on where they were, whoever opens the workspace."""
    step(workspace, GOOD)
    shutil.copytree(workspace.folder, tmp_path / "copy")
    assert step(Workspace(tmp_path / "copy", clock=workspace.clock), GOOD) == ["PAY-000002"]
