"""The chart of accounts, journals, number series and periods that a new company starts with."""

from __future__ import annotations

import calendar
import datetime as dt

from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: The posting profile (bogføringsgruppe) of a customer or creditor that names no other.
DEFAULT_PROFILE = "STANDARD"

#: Journal of what the ERP tells us; never handed back to it.
ERP_JOURNAL = "ERP"

#: Journal of what customers pay and what is taken back.
PAYMENT_JOURNAL = "PAYMENTS"

#: Journal of what people post by hand, such as penny differences.
DAILY_JOURNAL = "GENERAL"

#: Number series of the deliveries that go back to the ERP.
HANDOVER_SERIES = "HANDOVER"

#: Account number, name and purpose.
CHART = (
    ("5600", "Trade receivables", "receivable"),
    ("5690", "ERP transfer", "erp_transfer"),
    ("5820", "Bank clearing", "bank_clearing"),
    ("5830", "Held payments", "held"),
    ("5840", "Money on account", "on_account"),
    ("1190", "Collection fees", "fee"),
    ("1180", "Interest income", "interest"),
    ("1195", "Penny differences", "penny"),
    ("1196", "Over- and underpayments", "over_under"),
    ("1280", "Write-offs", "write_off"),
    ("5710", "VAT payable", "vat"),
)

#: Journal, name, type, number series, whether its postings go back to the ERP.
JOURNALS = (
    (ERP_JOURNAL, "Entries from the ERP", "erp", "ERP", 0),
    (PAYMENT_JOURNAL, "Customer payments", "customer_payment", "PAY", 1),
    (DAILY_JOURNAL, "Daily journal", "daily", "GEN", 1),
)

#: Number series, prefix and digits of the running number.
SERIES = (
    ("ERP", "ERP-", 6),
    ("PAY", "PAY-", 6),
    ("GEN", "GEN-", 6),
    (HANDOVER_SERIES, "HO-", 6),
)


def install(workspace: Workspace, *, first_year: int, last_year: int) -> None:
    """Give a new workspace its accounts, journals and open months of those years."""
    with workspace.transaction(
        "ledger_setup", role="administer", years=[first_year, last_year]
    ) as transaction:
        _install_accounts(transaction)
        for year in range(first_year, last_year + 1):
            open_year(transaction, year)


def open_year(transaction: Transaction, year: int) -> None:
    """Open the twelve months of a year; months that exist already stay as they are."""
    months = [_month(year, month) for month in range(1, 13)]
    for first_day, last_day in months:
        transaction.execute(
            "INSERT INTO period (period_id, first_day, last_day, state) "
            "SELECT ifnull(max(period_id), 0) + 1, ?1, ?2, 'open' FROM period "
            "HAVING NOT EXISTS (SELECT 1 FROM period WHERE journal IS NULL AND first_day = ?1)",
            [first_day.isoformat(), last_day.isoformat()],
        )


def _install_accounts(transaction: Transaction) -> None:
    transaction.execute_many("INSERT INTO account VALUES (?, ?, ?)", CHART)
    transaction.execute_many(
        "INSERT INTO profile_account (profile, purpose, account_no) VALUES (?, ?, ?)",
        [(DEFAULT_PROFILE, purpose, account_no) for account_no, _, purpose in CHART],
    )
    transaction.execute_many("INSERT INTO journal VALUES (?, ?, ?, ?, ?)", JOURNALS)
    transaction.execute_many("INSERT INTO number_series VALUES (?, ?, ?, 1)", SERIES)


def _month(year: int, month: int) -> tuple[dt.date, dt.date]:
    last = calendar.monthrange(year, month)[1]
    return dt.date(year, month, 1), dt.date(year, month, last)
