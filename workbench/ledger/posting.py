"""Posting: vouchers with gapless numbers, balanced per currency, or nothing at all."""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader
from workbench.store.transaction import Transaction

#: Vouchers to post; `posting_date` lies in an open period, `bank_date` is what a file says.
VOUCHERS = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "journal": pl.String,
        "posting_date": pl.Date,
        "bank_date": pl.Date,
        "text": pl.String,
        "reverses_voucher_id": pl.Int64,
    }
)

#: Their postings: debit +, credit −. The account follows from profile and purpose.
POSTINGS = pl.Schema(
    {
        "posting_id": pl.Int64,
        "voucher_id": pl.Int64,
        "purpose": pl.String,
        "profile": pl.String,
        "creditor_no": pl.String,  # narrows the account where the profile says so; may be null
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "text": pl.String,
        "customer_id": pl.Int64,
        "entry_id": pl.Int64,
        "payment_line_id": pl.Int64,
        "reverses_posting_id": pl.Int64,
    }
)

#: What postings carry when it is known: VAT code, dimensions as JSON, and the amount in the
#: company's base currency with its rate, as the ERP gave them. A posting that moves or takes
#: back another names that one's account, which the profile may have changed since. A frame
#: may leave them out.
CARRIED = pl.Schema(
    {
        "account_no": pl.String,
        "vat_code": pl.String,
        "dimensions": pl.String,
        "base_amount_minor": pl.Int64,
        "rate": pl.String,
        "rate_date": pl.Date,
    }
)


class UnbalancedVoucherError(Exception):
    """The postings of a voucher do not add up to zero in a currency."""


class NoAccountError(Exception):
    """A posting profile names no account for a purpose."""


def post(
    transaction: Transaction, *, vouchers: pl.DataFrame, postings: pl.DataFrame
) -> dict[int, str]:
    """Post vouchers within a transaction; their document numbers are drawn in it.

    Args:
        transaction: The step that this is part of.
        vouchers: Rows of `VOUCHERS`; numbered in this order within their journal.
        postings: Rows of `POSTINGS`, and of `CARRIED` where known; numbered in this order
            within their voucher.

    Returns:
        Document number by voucher.

    Raises:
        UnbalancedVoucherError: Nothing may be committed then.
        NoAccountError: The set-up lacks an account.
    """
    documents = draw_vouchers(transaction, vouchers)
    add_postings(transaction, vouchers=vouchers, postings=postings)
    return documents


def draw_vouchers(transaction: Transaction, vouchers: pl.DataFrame) -> dict[int, str]:
    """Give vouchers their document numbers; their postings must follow in the same step.

    Entries that a voucher makes are added between the two.

    Returns:
        Document number by voucher.
    """
    assert vouchers.schema == VOUCHERS, vouchers.schema
    numbered = _numbered(transaction, vouchers)
    transaction.append(
        "voucher",
        numbered.with_columns(
            pl.lit(transaction.step.run_id, pl.Int64).alias("run_id"),
            pl.lit(transaction.step.actor).alias("actor"),
        ),
    )
    return dict(numbered.select("voucher_id", "document_no").iter_rows())


def add_postings(
    transaction: Transaction, *, vouchers: pl.DataFrame, postings: pl.DataFrame
) -> None:
    """Add the postings of vouchers that were drawn in this step.

    Raises:
        UnbalancedVoucherError: Nothing may be committed then.
        NoAccountError: The set-up lacks an account.
    """
    stored = stored_postings(transaction, vouchers=vouchers, postings=postings)
    transaction.append("posting", stored)


def stored_postings(
    reader: Reader, *, vouchers: pl.DataFrame, postings: pl.DataFrame
) -> pl.DataFrame:
    """Postings as they are stored: balanced, dated as their vouchers, with their accounts.

    For very many, which are staged before the step that makes them real.

    Raises:
        UnbalancedVoucherError: They may not be stored.
        NoAccountError: The set-up lacks an account.
    """
    required = postings.select(name for name in postings.columns if name not in CARRIED)
    assert required.schema == POSTINGS, postings.schema
    _require_balance(postings)
    dated = (
        _with_carried(postings)
        .join(vouchers.select("voucher_id", "posting_date", "bank_date"), on="voucher_id")
        .with_columns(pl.int_range(1, pl.len() + 1).over("voucher_id").alias("number"))
    )
    return _with_accounts(reader, dated).drop("creditor_no")


def next_document(reader: Reader, journal: str) -> str:
    """The number that the next voucher of a journal gets, if nothing is posted before it."""
    number = reader.value(
        "SELECT prefix || printf('%0*d', digits, next_number) FROM number_series "
        "JOIN journal USING (series) WHERE journal = ?",
        [journal],
    )
    assert number is not None, journal
    return str(number)


def _with_carried(postings: pl.DataFrame) -> pl.DataFrame:
    absent = [
        pl.lit(None).cast(kind).alias(name)
        for name, kind in CARRIED.items()
        if name not in postings.columns
    ]
    return postings.with_columns(absent).with_columns(pl.col("dimensions").fill_null("{}"))


def _require_balance(postings: pl.DataFrame) -> None:
    sums = postings.group_by("voucher_id", "currency").agg(pl.col("amount_minor").sum())
    wrong = sums.filter(pl.col("amount_minor") != 0).sort("voucher_id")
    if wrong.height:
        raise UnbalancedVoucherError(str(wrong.head(5).rows()))


def _numbered(transaction: Transaction, vouchers: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for journal in vouchers["journal"].unique(maintain_order=True):
        part = vouchers.filter(pl.col("journal") == journal)
        series = transaction.record(
            "SELECT series, prefix, digits, next_number FROM number_series "
            "JOIN journal USING (series) WHERE journal = ?",
            [journal],
        )
        assert series is not None, journal
        first = series["next_number"]
        transaction.execute(
            "UPDATE number_series SET next_number = ? WHERE series = ?",
            [first + part.height, series["series"]],
        )
        number = pl.int_range(first, first + part.height, dtype=pl.Int64)
        digits = number.cast(pl.String).str.zfill(series["digits"])
        parts.append(
            part.with_columns(
                number.alias("number"),
                pl.concat_str(pl.lit(series["prefix"]), digits).alias("document_no"),
            )
        )
    return pl.concat(parts)


def _with_accounts(reader: Reader, postings: pl.DataFrame) -> pl.DataFrame:
    keys = ["profile", "purpose", "creditor_no", "currency"]
    wanted = postings.filter(pl.col("account_no").is_null()).select(keys).unique()
    found = [_account(reader, *row) for row in wanted.iter_rows()]
    accounts = wanted.with_columns(pl.Series("profile_account", found, pl.String))
    return (
        postings.join(accounts, on=keys, how="left", nulls_equal=True, maintain_order="left")
        .with_columns(pl.coalesce("account_no", "profile_account").alias("account_no"))
        .drop("profile_account")
    )


def _account(
    reader: Reader, profile: str, purpose: str, creditor_no: str | None, currency: str
) -> str:
    """The account of the narrowest rule that fits: creditor and currency, one, or none."""
    found = reader.value(
        "SELECT account_no FROM profile_account WHERE profile = ? AND purpose = ? "
        "AND creditor_no IN ('', ?) AND currency IN ('', ?) "
        "ORDER BY creditor_no = '', currency = '' LIMIT 1",
        [profile, purpose, creditor_no or "", currency],
    )
    if found is None:
        raise NoAccountError(f"{profile}: {purpose} {creditor_no or ''} {currency}")
    return str(found)
