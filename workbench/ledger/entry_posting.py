"""The voucher of an import of entries: receivable against ERP transfer, per currency.

New entries raise what customers owe. What the ERP settled takes it down again: an entry of
kind `erp_settlement` for each settled entry, and one application between the two.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass

import polars as pl

from workbench.ledger.erp_import import Posted, Source
from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.posting import CARRIED, POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.setup import DEFAULT_PROFILE, ERP_JOURNAL
from workbench.store.transaction import Transaction

#: A known entry, how much of it was settled in the ERP (ledger view), and the file's line.
SETTLED = pl.Schema({"entry_id": pl.Int64, "settled_minor": pl.Int64, "line": pl.Int64})

#: Where a settlement belongs: where its entry was posted, or a new one will be.
_PLACED = pl.Schema(
    {
        "entry_id": pl.Int64,
        "settled_minor": pl.Int64,
        "line": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "profile": pl.String,
        "dimensions": pl.String,
        "purpose": pl.String,
        "account_no": pl.String,
    }
)
_PLACES = """
SELECT e.entry_id, e.customer_id, e.currency, p.profile, e.dimensions, p.purpose,
       p.account_no, e.posting_date
FROM json_each(?) AS n CROSS JOIN entry AS e ON e.entry_id = n.value
JOIN posting AS p ON p.posting_id = (
    SELECT o.posting_id FROM posting AS o WHERE o.entry_id = e.entry_id
      AND o.purpose IN ('receivable', 'on_account') ORDER BY o.posting_id LIMIT 1)
"""
_PLACES_SCHEMA = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "profile": pl.String,
        "dimensions": pl.String,
        "purpose": pl.String,
        "account_no": pl.String,
        "posting_date": pl.Date,
    }
)

#: What a posting on the customer's side has of its entry.
_SIDE = ("profile", "amount_minor", "currency", "customer_id", "entry_id", "dimensions")

_ENTRY = (
    "entry_id", "customer_id", "kind", "erp_entry_no", "erp_revision", "document_no", "text",
    "document_date", "due_date", "posting_date", "amount_minor", "currency",
    "base_amount_minor", "rate", "rate_date", "profile", "dimensions", "on_hold", "disputed",
    "promised_on", "voucher_id", "file_id", "file_line",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Voucher:
    """The voucher that everything of an import stands on."""

    frame: pl.DataFrame
    document_no: str
    source: Source
    asked: dt.date

    @property
    def posted(self) -> Posted:
        """Its number and its day, with the one that was asked for where that is closed."""
        day = self.frame["posting_date"][0]
        rolled = Rolled(self.asked, day) if day != self.asked else None
        return Posted(self.document_no, day, rolled=rolled)

    @property
    def shared(self) -> dict[str, pl.Expr]:
        """What all its entries have in common."""
        return {
            "posting_date": pl.lit(self.frame["posting_date"][0]),
            "voucher_id": pl.lit(self.source.voucher_id, pl.Int64),
            "file_id": pl.lit(self.source.file_id, pl.Int64),
        }


def post_entries(
    transaction: Transaction, *, new: pl.DataFrame, settled: pl.DataFrame, source: Source
) -> Posted | None:
    """Add entries with their VAT, settle what the ERP settled, and post one voucher for both.

    Args:
        transaction: The step that this is part of.
        new: The plan's new entries; what is settled of them in the ERP is `settled`.
        settled: Rows of `SETTLED`.
        source: The file and the voucher.

    Raises:
        NoOpenPeriodError: No period is open from the day of the import on.
    """
    if new.is_empty():
        return settle_in_erp(transaction, settled, source=source) if settled.height else None
    first_id = transaction.draw_ids(new.height)
    numbered = new.with_columns(
        entry_id=pl.int_range(first_id, first_id + new.height, dtype=pl.Int64)
    )
    places, not_before = _places(transaction, settled)
    settlements = pl.concat([places, _own_places(numbered)])
    said = f"Entries from the ERP, {new.height}"
    if settlements.height:
        said = f"{said}; {_settled_text(settlements)}"
    voucher = _draw(transaction, said, not_before=not_before, source=source)
    entries = numbered.with_columns(text=pl.col("text").fill_null(""), **voucher.shared).rename(
        {"amount": "amount_minor", "base_amount": "base_amount_minor", "line": "file_line"}
    )
    _append(transaction, entries)
    sides = [_receivable(entries)]
    if settlements.height:
        sides.append(_settle(transaction, settlements, voucher))
    _post(transaction, sides, voucher)
    return voucher.posted


def settle_in_erp(transaction: Transaction, settled: pl.DataFrame, *, source: Source) -> Posted:
    """Settle known entries as the ERP did, and post one voucher for it.

    Args:
        transaction: The step that this is part of.
        settled: Rows of `SETTLED`; at least one.
        source: The file that shows it, and the voucher.

    Raises:
        NoOpenPeriodError: No period is open from the day of the file on.
    """
    settlements, not_before = _places(transaction, settled)
    said = _settled_text(settlements)
    voucher = _draw(transaction, said, not_before=not_before, source=source)
    _post(transaction, [_settle(transaction, settlements, voucher)], voucher)
    return voucher.posted


def _settled_text(settlements: pl.DataFrame) -> str:
    return f"Settled in the ERP, {settlements.height}"


def _draw(
    transaction: Transaction, text: str, *, not_before: dt.date | None, source: Source
) -> _Voucher:
    """The voucher, dated as the file, but never before what it settles."""
    day = max(source.as_of, not_before or source.as_of)
    row = {
        "voucher_id": source.voucher_id,
        "journal": ERP_JOURNAL,
        "posting_date": open_posting_date(transaction, day, journal=ERP_JOURNAL),
        "text": text,
    }
    frame = pl.DataFrame([row], schema=VOUCHERS)
    document_no = draw_vouchers(transaction, frame)[source.voucher_id]
    return _Voucher(frame, document_no, source, asked=day)


def _append(transaction: Transaction, entries: pl.DataFrame) -> None:
    transaction.append("entry", entries.select(_ENTRY))
    vat = entries.filter(pl.col("vat_code").is_not_null()).select(
        "entry_id",
        "vat_code",
        number=pl.lit(1),
        rate_basis_points="vat_rate",
        base_minor="vat_base",
        vat_minor="vat_amount",
    )
    transaction.append("entry_vat", vat, recorded=False)


def _places(
    transaction: Transaction, settled: pl.DataFrame
) -> tuple[pl.DataFrame, dt.date | None]:
    """Settlements of known entries lie where those were posted; the last day of posting."""
    assert settled.schema == SETTLED, settled.schema
    wanted = json.dumps(settled["entry_id"].to_list())
    places = transaction.gathered(_PLACES, [wanted], schema=_PLACES_SCHEMA)
    placed = settled.join(places, on="entry_id", how="left", maintain_order="left")
    assert placed["purpose"].null_count() == 0, "an entry without a posting"
    last = placed["posting_date"].max()
    assert last is None or isinstance(last, dt.date)
    return placed.select(_PLACED.names()), last


def _own_places(numbered: pl.DataFrame) -> pl.DataFrame:
    """Settlements of new entries lie where these will be posted."""
    partly = numbered.filter(pl.col("settled") != 0)
    return partly.rename({"settled": "settled_minor"}).select(
        (
            pl.lit("receivable").alias(name)
            if name == "purpose"
            else pl.lit(None, pl.String).alias(name)
            if name == "account_no"
            else pl.col(name)
        )
        for name in _PLACED
    )


def _settle(
    transaction: Transaction, settlements: pl.DataFrame, voucher: _Voucher
) -> pl.DataFrame:
    """Add an entry that settles each of the others, and apply it; its postings."""
    first_id = transaction.draw_ids(2 * settlements.height)
    ids = pl.int_range(first_id, first_id + settlements.height, dtype=pl.Int64)
    as_of = pl.lit(voucher.source.as_of)
    entries = settlements.rename({"entry_id": "settled_id", "line": "file_line"}).with_columns(
        entry_id=ids,
        kind=pl.lit("erp_settlement"),
        document_no=pl.lit(voucher.document_no),
        document_date=as_of,
        due_date=as_of,
        amount_minor=-pl.col("settled_minor"),
        **voucher.shared,
    )
    columns = [name for name in _ENTRY if name in entries.columns]
    transaction.append("entry", entries.select(columns))
    claim = pl.col("settled_minor") > 0
    transaction.append(
        "application",
        entries.select(
            application_id=ids + settlements.height,
            from_entry_id=pl.when(claim).then("entry_id").otherwise("settled_id"),
            to_entry_id=pl.when(claim).then("settled_id").otherwise("entry_id"),
            amount_minor=pl.col("settled_minor").abs(),
            currency="currency",
            kind=pl.lit("settled_in_erp"),
            posting_date="posting_date",
            voucher_id="voucher_id",
            run_id=pl.lit(transaction.step.run_id, pl.Int64),
            actor=pl.lit(transaction.step.actor),
        ),
    )
    return entries.select(*_SIDE, "purpose", "account_no", text="document_no")


def _receivable(entries: pl.DataFrame) -> pl.DataFrame:
    """The customers' side of new entries, with all that these carry."""
    return entries.select(
        *_SIDE,
        "base_amount_minor",
        "rate",
        "rate_date",
        "vat_code",
        purpose=pl.lit("receivable"),
        text="document_no",
    )


def _post(transaction: Transaction, sides: list[pl.DataFrame], voucher: _Voucher) -> None:
    """Post the customers' sides, and the sum of each against ERP transfer, per currency."""
    transfer = [
        side.group_by("currency", maintain_order=True)
        .agg(amount_minor=-pl.col("amount_minor").sum())
        .with_columns(
            profile=pl.lit(DEFAULT_PROFILE),
            purpose=pl.lit("erp_transfer"),
            text=pl.lit(voucher.frame["text"][0]),
        )
        for side in sides
    ]
    rows = pl.concat([*sides, *transfer], how="diagonal")
    first_id = transaction.draw_ids(rows.height)
    numbered = rows.with_columns(
        posting_id=pl.int_range(first_id, first_id + pl.len(), dtype=pl.Int64),
        voucher_id=pl.lit(voucher.source.voucher_id, pl.Int64),
    )
    postings = numbered.select(
        pl.col(name).cast(kind)
        if name in numbered.columns
        else pl.lit(None).cast(kind).alias(name)
        for name, kind in {**POSTINGS, **CARRIED}.items()
    )
    add_postings(transaction, vouchers=voucher.frame, postings=postings)
