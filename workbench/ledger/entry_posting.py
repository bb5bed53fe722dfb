"""The voucher of imported entries: receivable against ERP transfer, per currency."""

from __future__ import annotations

import polars as pl

from workbench.ledger.erp_import import Posted, Source
from workbench.ledger.periods import open_posting_date
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.setup import DEFAULT_PROFILE, ERP_JOURNAL
from workbench.store.transaction import Transaction


def post_entries(transaction: Transaction, new: pl.DataFrame, *, source: Source) -> Posted:
    """Add entries with their VAT, and post one voucher for them.

    Args:
        new: The plan's new entries; at least one.
        source: The file, the voucher, and two identifiers for each entry.

    Raises:
        NoOpenPeriodError: No period is open from the day of the import on.
    """
    posting_date = open_posting_date(transaction, source.as_of, journal=ERP_JOURNAL)
    first_posting_id = source.first_id + new.height
    entries = new.with_columns(
        entry_id=pl.int_range(source.first_id, first_posting_id, dtype=pl.Int64),
        text=pl.col("text").fill_null(""),
        posting_date=pl.lit(posting_date),
        voucher_id=pl.lit(source.voucher_id, pl.Int64),
        file_id=pl.lit(source.file_id, pl.Int64),
    ).rename({"amount": "amount_minor", "line": "file_line"})
    text = f"Entries from the ERP, {entries.height}"
    voucher = {
        "voucher_id": source.voucher_id,
        "journal": ERP_JOURNAL,
        "posting_date": posting_date,
        "text": text,
    }
    vouchers = pl.DataFrame([voucher], schema=VOUCHERS)
    documents = draw_vouchers(transaction, vouchers)
    _append(transaction, entries)
    postings = _postings(entries, first_id=first_posting_id, text=text)
    add_postings(transaction, vouchers=vouchers, postings=postings)
    return Posted(documents[source.voucher_id], posting_date)


def _append(transaction: Transaction, entries: pl.DataFrame) -> None:
    transaction.append(
        "entry",
        entries.select(
            "entry_id",
            "customer_id",
            "kind",
            "erp_entry_no",
            "document_no",
            "text",
            "document_date",
            "due_date",
            "posting_date",
            "amount_minor",
            "currency",
            "profile",
            "dimensions",
            "on_hold",
            "disputed",
            "voucher_id",
            "file_id",
            "file_line",
        ),
    )
    vat = entries.filter(pl.col("vat_code").is_not_null()).select(
        "entry_id",
        "vat_code",
        number=pl.lit(1),
        rate_basis_points="vat_rate",
        base_minor="vat_base",
        vat_minor="vat_amount",
    )
    transaction.append("entry_vat", vat, recorded=False)


def _postings(entries: pl.DataFrame, *, first_id: int, text: str) -> pl.DataFrame:
    """A debit for each entry on its customer, and their sum on ERP transfer, per currency."""
    receivable = entries.select(
        "profile",
        "amount_minor",
        "currency",
        "customer_id",
        "entry_id",
        purpose=pl.lit("receivable"),
        text=pl.col("document_no"),
    )
    transfer = (
        entries.group_by("currency", maintain_order=True)
        .agg(amount_minor=-pl.col("amount_minor").sum())
        .with_columns(
            profile=pl.lit(DEFAULT_PROFILE), purpose=pl.lit("erp_transfer"), text=pl.lit(text)
        )
    )
    both = pl.concat([receivable, transfer], how="diagonal").with_columns(
        posting_id=pl.int_range(first_id, first_id + pl.len(), dtype=pl.Int64),
        voucher_id=entries["voucher_id"][0],
    )
    absent = [name for name in POSTINGS if name not in both.columns]
    return both.with_columns(
        pl.lit(None).cast(POSTINGS[name]).alias(name) for name in absent
    ).select(pl.col(name).cast(kind) for name, kind in POSTINGS.items())
