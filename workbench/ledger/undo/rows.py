"""The rows that take an import out of the ledger again: mirrors, never changes.

Each entry that the import made gets a mirror of the opposite amount in a voucher that
reverses its own, and both settle each other. What the import had settled in the ERP is
taken back before.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl

from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.setup import ERP_JOURNAL
from workbench.ledger.undo.scope import Scope
from workbench.store.transaction import Transaction

_MADE = """
SELECT e.entry_id, e.customer_id, e.document_no, e.due_date, e.posting_date, e.amount_minor,
       e.currency, e.base_amount_minor, e.rate, e.rate_date, e.profile, e.dimensions,
       e.voucher_id, p.posting_id, p.purpose, p.account_no, p.profile AS posting_profile,
       p.vat_code
FROM json_each(?) AS wanted CROSS JOIN entry AS e
JOIN posting AS p ON p.entry_id = e.entry_id AND p.voucher_id = e.voucher_id
WHERE e.entry_id = wanted.value
"""
_MADE_SCHEMA = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "document_no": pl.String,
        "due_date": pl.Date,
        "posting_date": pl.Date,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "base_amount_minor": pl.Int64,
        "rate": pl.String,
        "rate_date": pl.Date,
        "profile": pl.String,
        "dimensions": pl.String,
        "voucher_id": pl.Int64,
        "posting_id": pl.Int64,
        "purpose": pl.String,
        "account_no": pl.String,
        "posting_profile": pl.String,
        "vat_code": pl.String,
    }
)

#: Against what the vouchers posted their entries.
_TRANSFER = """
SELECT p.voucher_id, p.currency, min(p.account_no), min(p.profile)
FROM json_each(?) AS wanted CROSS JOIN posting AS p
WHERE p.voucher_id = wanted.value AND p.purpose = 'erp_transfer'
GROUP BY p.voucher_id, p.currency
"""
_TRANSFER_SCHEMA = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "currency": pl.String,
        "account_no": pl.String,
        "profile": pl.String,
    }
)

#: New entries of a voucher, with the voucher whose account of ERP transfer they use.
PLACED = (
    "voucher_id",
    "like_voucher_id",
    "entry_id",
    "customer_id",
    "purpose",
    "profile",
    "account_no",
    "amount_minor",
    "currency",
    "base_amount_minor",
    "rate",
    "rate_date",
    "vat_code",
    "dimensions",
    "text",
    "reverses_posting_id",
)

#: What is appended to `application`, beside what the step itself knows.
APPLIED = pl.Schema(
    {
        "from_entry_id": pl.Int64,
        "to_entry_id": pl.Int64,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "kind": pl.String,
        "reverses_application_id": pl.Int64,
        "voucher_id": pl.Int64,
    }
)


@dataclass(frozen=True, slots=True)
class Mirrored:
    """The vouchers that took an import out, and their day."""

    document_nos: tuple[str, ...]
    posting_date: dt.date | None
    rolled: Rolled | None = None


def mirror(transaction: Transaction, scope: Scope, *, text: str, as_of: dt.date) -> Mirrored:
    """Take what stands of an import out of the ledger.

    Args:
        transaction: The step that this is part of.
        scope: What stands of it; nothing else may have happened to its entries.
        text: What the vouchers say.
        as_of: Today; the posting date is never before what is taken out.

    Raises:
        NoOpenPeriodError: No period is open from then on.
    """
    made = transaction.gathered(_MADE, [json.dumps(scope.taken_out)], schema=_MADE_SCHEMA)
    assert made.height == len(scope.taken_out), "an entry was not posted once"
    if made.is_empty():
        return Mirrored((), None)
    last = made["posting_date"].max()
    assert isinstance(last, dt.date)
    asked = max(as_of, last)
    day = open_posting_date(transaction, asked, journal=ERP_JOURNAL)
    made = _with_mirrors(transaction, made.sort("voucher_id", "entry_id"))
    vouchers = _vouchers(made, text=text, day=day)
    documents = draw_vouchers(transaction, vouchers)
    _append_entries(transaction, made, day=day)
    postings = postings_of(transaction, _placed(made), text=text)
    add_postings(transaction, vouchers=vouchers, postings=postings)
    append_applications(
        transaction,
        pl.concat([_taken_back(scope.settlements, made), _closing(made)]),
        posting_date=day,
    )
    moved = Rolled(asked, day) if day != asked else None
    return Mirrored(tuple(documents.values()), day, moved)


def append_applications(
    transaction: Transaction, rows: pl.DataFrame, *, posting_date: dt.date
) -> None:
    """Append applications of a step; rows of `APPLIED`."""
    assert rows.schema == APPLIED, rows.schema
    first = transaction.draw_ids(rows.height)
    transaction.append(
        "application",
        rows.with_columns(
            application_id=pl.int_range(first, first + rows.height, dtype=pl.Int64),
            posting_date=pl.lit(posting_date),
            run_id=pl.lit(transaction.step.run_id, pl.Int64),
            actor=pl.lit(transaction.step.actor),
        ),
    )


def _with_mirrors(transaction: Transaction, made: pl.DataFrame) -> pl.DataFrame:
    """Each entry with the identifiers of its mirror and of that one's voucher."""
    first_entry = transaction.draw_ids(made.height)
    reversed_ids = made["voucher_id"].unique(maintain_order=True)
    first_voucher = transaction.draw_ids(reversed_ids.len())
    mirrors = pl.DataFrame({"voucher_id": reversed_ids}).with_row_index(
        "mirror_voucher_id", offset=first_voucher
    )
    return made.join(
        mirrors.with_columns(pl.col("mirror_voucher_id").cast(pl.Int64)),
        on="voucher_id",
        maintain_order="left",
    ).with_columns(
        mirror_id=pl.int_range(first_entry, first_entry + made.height, dtype=pl.Int64)
    )


def _vouchers(made: pl.DataFrame, *, text: str, day: dt.date) -> pl.DataFrame:
    pairs = made.select("mirror_voucher_id", "voucher_id").unique(maintain_order=True)
    return pairs.select(
        voucher_id="mirror_voucher_id",
        journal=pl.lit(ERP_JOURNAL),
        posting_date=pl.lit(day),
        bank_date=pl.lit(None, pl.Date),
        text=pl.lit(text),
        reverses_voucher_id="voucher_id",
    ).select(VOUCHERS.names())


def _append_entries(transaction: Transaction, made: pl.DataFrame, *, day: dt.date) -> None:
    transaction.append(
        "entry",
        made.select(
            "customer_id",
            "document_no",
            "due_date",
            "currency",
            "rate",
            "rate_date",
            "profile",
            "dimensions",
            entry_id="mirror_id",
            kind=pl.lit("erp_settlement"),
            document_date=pl.lit(day),
            posting_date=pl.lit(day),
            amount_minor=-pl.col("amount_minor"),
            base_amount_minor=-pl.col("base_amount_minor"),
            voucher_id="mirror_voucher_id",
        ),
    )


def postings_of(transaction: Transaction, placed: pl.DataFrame, *, text: str) -> pl.DataFrame:
    """A posting for each entry on its customer, and their sum on ERP transfer, per currency.

    Args:
        transaction: The step that this is part of.
        placed: New entries with where the ones they follow were posted: `PLACED`.
        text: What the postings on ERP transfer say.

    Returns:
        Rows of `POSTINGS`, and of what they carry.
    """
    entries = placed.select(*PLACED).drop("like_voucher_id")
    vouchers = placed["like_voucher_id"].unique().to_list()
    accounts = transaction.frame(_TRANSFER, [json.dumps(vouchers)], schema=_TRANSFER_SCHEMA)
    transfer = (
        placed.group_by("like_voucher_id", "voucher_id", "currency", maintain_order=True)
        .agg(-pl.col("amount_minor").sum())
        .filter(pl.col("amount_minor") != 0)
        .join(
            accounts,
            left_on=["like_voucher_id", "currency"],
            right_on=["voucher_id", "currency"],
            maintain_order="left",
        )
        .select(
            "voucher_id",
            "amount_minor",
            "currency",
            "account_no",
            "profile",
            purpose=pl.lit("erp_transfer"),
            text=pl.lit(text),
        )
    )
    both = pl.concat([entries, transfer], how="diagonal")
    first = transaction.draw_ids(both.height)
    numbered = both.with_columns(
        posting_id=pl.int_range(first, first + both.height, dtype=pl.Int64)
    )
    absent = [
        pl.lit(None).cast(kind).alias(name)
        for name, kind in POSTINGS.items()
        if name not in numbered.columns
    ]
    return numbered.with_columns(absent).select(*POSTINGS, pl.exclude(*POSTINGS))


def _placed(made: pl.DataFrame) -> pl.DataFrame:
    return made.with_columns(
        like_voucher_id="voucher_id",
        voucher_id="mirror_voucher_id",
        entry_id="mirror_id",
        profile="posting_profile",
        amount_minor=-pl.col("amount_minor"),
        base_amount_minor=-pl.col("base_amount_minor"),
        text="document_no",
        reverses_posting_id="posting_id",
    )


def _taken_back(settlements: pl.DataFrame, made: pl.DataFrame) -> pl.DataFrame:
    """What was settled in the ERP is open again."""
    vouchers = made.select(settlement_id="entry_id", voucher_id="mirror_voucher_id")
    return settlements.join(vouchers, on="settlement_id", maintain_order="left").select(
        "from_entry_id",
        "to_entry_id",
        -pl.col("amount_minor"),
        "currency",
        kind=pl.lit("reversal"),
        reverses_application_id="application_id",
        voucher_id="voucher_id",
    )


def _closing(made: pl.DataFrame) -> pl.DataFrame:
    """Entry and mirror settle each other: the credit goes to the claim."""
    claim = pl.col("amount_minor") > 0
    return made.select(
        from_entry_id=pl.when(claim).then("mirror_id").otherwise("entry_id"),
        to_entry_id=pl.when(claim).then("entry_id").otherwise("mirror_id"),
        amount_minor=pl.col("amount_minor").abs(),
        currency="currency",
        kind=pl.lit("settled_in_erp"),
        reverses_application_id=pl.lit(None, pl.Int64),
        voucher_id="mirror_voucher_id",
    )
