"""The lists of the ledger, each as of a day and as known at a number."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.ledger import customer_account
from workbench.ledger.imports.known_rows import as_was
from workbench.ledger.named_list import NamedList
from workbench.ledger.open_entries import OPEN_ENTRIES, open_entries
from workbench.matching.aging import CREDITS, PERIODS, age, age_by_customer
from workbench.model.texts import marked
from workbench.store.connection import Reader

_BUCKETS = [(f"{period.id}_minor", pl.Int64()) for period in PERIODS]
_AGED = [*_BUCKETS, (f"{CREDITS}_minor", pl.Int64()), ("remaining_minor", pl.Int64())]
AGED = pl.Schema([("currency", pl.String()), *_AGED])
AGED_CUSTOMERS = pl.Schema([("customer_no", pl.String()), ("currency", pl.String()), *_AGED])

BALANCES = pl.Schema(
    {
        "customer_no": pl.String,
        "currency": pl.String,
        "entries": pl.Int64,
        "claims_minor": pl.Int64,
        "credits_minor": pl.Int64,
        "remaining_minor": pl.Int64,
    }
)

POSTINGS = pl.Schema(
    {
        "posting_date": pl.Date,
        "document_no": pl.String,
        "number": pl.Int64,
        "journal": pl.String,
        "account_no": pl.String,
        "purpose": pl.String,
        "text": pl.String,
        "customer_no": pl.String,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "recorded": pl.Int64,
    }
)
_POSTINGS = """
SELECT p.posting_date, v.document_no, p.number, v.journal, p.account_no, p.purpose, p.text,
       c.customer_no, p.amount_minor, p.currency, p.recorded
FROM posting AS p JOIN voucher AS v USING (voucher_id)
LEFT JOIN customer AS c USING (customer_id)
WHERE p.posting_date <= :as_of AND p.recorded <= :known
"""

TRIAL_BALANCE = pl.Schema(
    {
        "account_no": pl.String,
        "name": pl.String,
        "currency": pl.String,
        "postings": pl.Int64,
        "debit_minor": pl.Int64,
        "credit_minor": pl.Int64,
        "balance_minor": pl.Int64,
    }
)
_TRIAL_BALANCE = """
SELECT account_no, a.name, s.currency, s.postings, s.debit, s.credit, s.debit + s.credit
FROM (
    SELECT account_no, currency, count(*) AS postings, sum(max(amount_minor, 0)) AS debit,
           sum(min(amount_minor, 0)) AS credit
    FROM posting WHERE posting_date <= :as_of AND recorded <= :known GROUP BY 1, 2
) AS s JOIN account AS a USING (account_no) ORDER BY 1, 3
"""

APPLICATIONS = pl.Schema(
    {
        "application_id": pl.Int64,
        "posting_date": pl.Date,
        "kind": pl.String,
        "customer_no": pl.String,
        "from_customer_no": pl.String,
        "from_document_no": pl.String,
        "to_document_no": pl.String,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "reverses_application_id": pl.Int64,
        "taken_back": pl.Boolean,
        "voucher_no": pl.String,
        "actor": pl.String,
        "recorded": pl.Int64,
    }
)
_APPLICATIONS = """
SELECT a.application_id, a.posting_date, a.kind, c.customer_no, d.customer_no,
       f.document_no, t.document_no, a.amount_minor, a.currency, a.reverses_application_id,
       EXISTS (SELECT 1 FROM application AS r
               WHERE r.reverses_application_id = a.application_id
                 AND r.posting_date <= :as_of AND r.recorded <= :known),
       v.document_no, a.actor, a.recorded
FROM application AS a JOIN entry AS f ON f.entry_id = a.from_entry_id
JOIN entry AS t ON t.entry_id = a.to_entry_id
JOIN customer AS c ON c.customer_id = t.customer_id
JOIN customer AS d ON d.customer_id = f.customer_id
LEFT JOIN voucher AS v ON v.voucher_id = a.voucher_id
WHERE a.posting_date <= :as_of AND a.recorded <= :known
"""

VOUCHERS = pl.Schema(
    {
        "document_no": pl.String,
        "journal": pl.String,
        "posting_date": pl.Date,
        "bank_date": pl.Date,
        "text": pl.String,
        "reverses": pl.String,
        "currency": pl.String,
        "postings": pl.Int64,
        "debit_minor": pl.Int64,
        "actor": pl.String,
        "recorded": pl.Int64,
    }
)
_VOUCHERS = """
SELECT v.document_no, v.journal, v.posting_date, v.bank_date, v.text, r.document_no,
       p.currency, p.postings, p.debit, v.actor, v.recorded
FROM voucher AS v JOIN (
    SELECT voucher_id, currency, count(*) AS postings, sum(max(amount_minor, 0)) AS debit
    FROM posting WHERE posting_date <= :as_of AND recorded <= :known GROUP BY 1, 2
) AS p USING (voucher_id)
LEFT JOIN voucher AS r ON r.voucher_id = v.reverses_voucher_id
WHERE v.posting_date <= :as_of AND v.recorded <= :known
"""

PERIOD_STATES = pl.Schema(
    {
        "first_day": pl.Date,
        "last_day": pl.Date,
        "journal": pl.String,
        "state": pl.String,
    }
)
_PERIOD_STATES = f"""
SELECT p.first_day, p.last_day, ifnull(p.journal, ''),
       ifnull((SELECT e.from_state FROM period_event AS e
               WHERE e.period_id = p.period_id AND e.recorded > :known
               ORDER BY e.event_id LIMIT 1), {as_was("period", "p", "state")})
FROM period AS p WHERE p.first_day <= :as_of ORDER BY 3, 1
"""  # noqa: S608  # our own text


def _asked(as_of: dt.date, known: int) -> dict[str, object]:
    return {"as_of": as_of.isoformat(), "known": known}


def _open(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    return open_entries(reader, as_of=as_of, known=known)


def _aged(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    found = age(_open(reader, as_of, known), as_of=as_of)
    return _in_minor(found).select(AGED.names())


def _aged_customers(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    entries = _open(reader, as_of, known)
    numbers = entries.select("customer_id", "customer_no").unique()
    found = age_by_customer(entries, as_of=as_of).join(numbers, on="customer_id")
    return _in_minor(found).select(AGED_CUSTOMERS.names()).sort("customer_no", "currency")


def _in_minor(aged: pl.DataFrame) -> pl.DataFrame:
    """The aged list with the unit in the names of its amounts."""
    return aged.rename({name: f"{name}_minor" for name in (*(p.id for p in PERIODS), CREDITS)})


def _balances(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    remaining = pl.col("remaining_minor")
    return (
        _open(reader, as_of, known)
        .group_by("customer_no", "currency")
        .agg(
            pl.len().cast(pl.Int64).alias("entries"),
            remaining.filter(remaining > 0).sum().alias("claims_minor"),
            remaining.filter(remaining < 0).sum().alias("credits_minor"),
            remaining.sum(),
        )
        .sort("customer_no", "currency")
    )


def _account(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    return customer_account.movements(reader, as_of=as_of, known=known)


def _postings(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    found = reader.gathered(_POSTINGS, _asked(as_of, known), schema=POSTINGS)
    return found.sort("posting_date", "document_no", "number")


def _trial_balance(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    return reader.frame(_TRIAL_BALANCE, _asked(as_of, known), schema=TRIAL_BALANCE)


def _applications(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    found = reader.gathered(_APPLICATIONS, _asked(as_of, known), schema=APPLICATIONS)
    return found.sort("posting_date", "application_id")


def _vouchers(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    found = reader.gathered(_VOUCHERS, _asked(as_of, known), schema=VOUCHERS)
    return found.sort("posting_date", "document_no", "currency")


def _periods(reader: Reader, as_of: dt.date, known: int) -> pl.DataFrame:
    return reader.frame(_PERIOD_STATES, _asked(as_of, known), schema=PERIOD_STATES)


#: Every list of the ledger, in the order in which they are offered.
LISTS = (
    NamedList("open_entries", marked("Open entries"), OPEN_ENTRIES, _open),
    NamedList("aged_balance", marked("Aged balance"), AGED, _aged),
    NamedList(
        "aged_customers", marked("Aged balance by customer"), AGED_CUSTOMERS, _aged_customers
    ),
    NamedList("customer_balances", marked("Balances of customers"), BALANCES, _balances),
    NamedList(
        "customer_account",
        marked("Accounts of customers"),
        customer_account.MOVEMENTS,
        _account,
    ),
    NamedList("postings", marked("Postings"), POSTINGS, _postings),
    NamedList("trial_balance", marked("Trial balance"), TRIAL_BALANCE, _trial_balance),
    NamedList("applications", marked("Settlements"), APPLICATIONS, _applications),
    NamedList("vouchers", marked("Vouchers"), VOUCHERS, _vouchers),
    NamedList("periods", marked("Accounting periods"), PERIOD_STATES, _periods),
)
