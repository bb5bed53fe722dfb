"""The voucher of an import of entries: receivable against ERP transfer, per currency.

New entries raise what customers owe. What the ERP settled takes it down again: an entry of
kind `erp_settlement` for each settled entry, and one application between the two. Everything
is made ready before the step that posts it, so that very many rows can be staged.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace

import polars as pl

from workbench.ledger.imports.importing import Posted, Source
from workbench.ledger.periods import Rolled, open_posting_date
from workbench.ledger.posting import (
    CARRIED,
    POSTINGS,
    VOUCHERS,
    draw_vouchers,
    next_document,
    stored_postings,
)
from workbench.ledger.setup import DEFAULT_PROFILE, ERP_JOURNAL
from workbench.model.money import EXPONENTS
from workbench.store.connection import Reader
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

#: The tables of a prepared voucher, parents first; VAT parts carry no recorded time.
_TABLES = ("entry", "entry_vat", "application", "posting")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A voucher with everything that stands on it, ready to be posted.

    Attributes:
        voucher: One row of `VOUCHERS`.
        document_no: The number that it gets.
        rows: As they will be stored, by table; no frame is empty.
        asked: The day on which it would stand if that day's period were open.
    """

    voucher: pl.DataFrame
    document_no: str
    rows: Mapping[str, pl.DataFrame]
    asked: dt.date

    @property
    def rolled(self) -> Rolled | None:
        """The day asked for and the one used, where they differ."""
        day = self.posting_date
        return Rolled(self.asked, day) if day != self.asked else None

    @property
    def posting_date(self) -> dt.date:
        """The day of the voucher."""
        day = self.voucher["posting_date"][0]
        assert isinstance(day, dt.date)
        return day

    def write(self, transaction: Transaction, *, staged: Container[str] = ()) -> Posted:
        """Post it.

        Args:
            transaction: The step; nothing was posted since this was prepared.
            staged: Tables whose rows were staged for the step.
        """
        (drawn,) = draw_vouchers(transaction, self.voucher).values()
        assert drawn == self.document_no, (drawn, self.document_no)
        for table in _TABLES:
            recorded = table != "entry_vat"
            if table in staged:
                transaction.append_staged(table, recorded=recorded)
            elif table in self.rows:
                transaction.append(table, self.rows[table], recorded=recorded)
        return Posted(self.document_no, self.posting_date, rolled=self.rolled)


def ids_needed(*, new: pl.DataFrame, settled: pl.DataFrame) -> int:
    """Identifiers that a voucher's rows need at most."""
    settlements = settled.height + new.height
    return 2 * new.height + 3 * settlements + 2 * len(EXPONENTS)


def prepare(
    reader: Reader, *, new: pl.DataFrame, settled: pl.DataFrame, source: Source
) -> Prepared | None:
    """The voucher of new entries with their VAT, and of what the ERP settled.

    Args:
        reader: The ledger as it stands; the voucher is good as long as nothing is written.
        new: The plan's new entries; what is settled of them in the ERP is `settled`.
        settled: Rows of `SETTLED`.
        source: The file, the voucher, and `ids_needed` identifiers.

    Raises:
        NoOpenPeriodError: No period is open from the day of the import on.
    """
    if new.is_empty() and settled.is_empty():
        return None
    first_id = source.first_id
    numbered = new.with_columns(
        entry_id=pl.int_range(first_id, first_id + new.height, dtype=pl.Int64)
    )
    first_id += new.height
    settlements, not_before = _places(reader, settled)
    said = []
    if new.height:
        settlements = pl.concat([settlements, _own_places(numbered)])
        said.append(f"Entries from the ERP, {new.height}")
    if settlements.height:
        said.append(f"Settled in the ERP, {settlements.height}")
    # Dated as the file, but never before what it settles.
    asked = max(source.as_of, not_before or source.as_of)
    voucher = {
        "voucher_id": source.voucher_id,
        "journal": ERP_JOURNAL,
        "posting_date": open_posting_date(reader, asked, journal=ERP_JOURNAL),
        "text": "; ".join(said),
    }
    blank = Prepared(
        pl.DataFrame([voucher], schema=VOUCHERS),
        next_document(reader, ERP_JOURNAL),
        rows={},
        asked=asked,
    )
    entries = _entries(numbered, blank, source)
    settling = _settling(settlements, blank, replace(source, first_id=first_id))
    first_id += 2 * settlements.height
    rows = {
        "entry": pl.concat([_stored(entries), _stored(settling)], how="diagonal_relaxed"),
        "entry_vat": _vat(entries),
        "application": _applications(settling, source),
        "posting": _postings(reader, entries, settling, blank, first_id=first_id),
    }
    return replace(blank, rows={name: frame for name, frame in rows.items() if frame.height})


def settle_in_erp(transaction: Transaction, settled: pl.DataFrame, *, source: Source) -> Posted:
    """Settle known entries as the ERP did, and post one voucher for it.

    Args:
        transaction: The step that this is part of.
        settled: Rows of `SETTLED`; at least one.
        source: The file that shows it, and the voucher.

    Raises:
        NoOpenPeriodError: No period is open from the day of the file on.
    """
    nothing = pl.DataFrame(schema=_NEW)
    own = replace(
        source,
        first_id=transaction.draw_ids(ids_needed(new=nothing, settled=settled)),
        run_id=transaction.step.run_id,
        actor=transaction.step.actor,
    )
    prepared = prepare(transaction, new=nothing, settled=settled, source=own)
    assert prepared is not None, "nothing to settle"
    return prepared.write(transaction)


#: What a plan's new entries have at least, in the plan's words.
_NEW = pl.Schema(
    {
        "line": pl.Int64,
        "customer_id": pl.Int64,
        "kind": pl.String,
        "erp_entry_no": pl.String,
        "erp_revision": pl.Int64,
        "document_no": pl.String,
        "text": pl.String,
        "document_date": pl.Date,
        "due_date": pl.Date,
        "amount": pl.Int64,
        "settled": pl.Int64,
        "currency": pl.String,
        "base_amount": pl.Int64,
        "rate": pl.String,
        "rate_date": pl.Date,
        "profile": pl.String,
        "dimensions": pl.String,
        "on_hold": pl.Boolean,
        "disputed": pl.Boolean,
        "promised_on": pl.Date,
        "vat_code": pl.String,
        "vat_rate": pl.Int64,
        "vat_base": pl.Int64,
        "vat_amount": pl.Int64,
    }
)


def _entries(numbered: pl.DataFrame, voucher: Prepared, source: Source) -> pl.DataFrame:
    return numbered.with_columns(
        text=pl.col("text").fill_null(""), **_shared(voucher, source)
    ).rename(
        {"amount": "amount_minor", "base_amount": "base_amount_minor", "line": "file_line"}
    )


def _settling(settlements: pl.DataFrame, voucher: Prepared, source: Source) -> pl.DataFrame:
    """An entry that settles each of the others, which is its `settled_id`."""
    first_id = source.first_id
    as_of = pl.lit(source.as_of)
    return settlements.rename({"entry_id": "settled_id", "line": "file_line"}).with_columns(
        entry_id=pl.int_range(first_id, first_id + settlements.height, dtype=pl.Int64),
        kind=pl.lit("erp_settlement"),
        erp_revision=pl.lit(1, pl.Int64),
        document_no=pl.lit(voucher.document_no),
        text=pl.lit(""),
        document_date=as_of,
        due_date=as_of,
        amount_minor=-pl.col("settled_minor"),
        on_hold=pl.lit(value=False),
        disputed=pl.lit(value=False),
        **_shared(voucher, source),
    )


def _shared(voucher: Prepared, source: Source) -> dict[str, pl.Expr]:
    """What all entries of a voucher have in common."""
    return {
        "posting_date": pl.lit(voucher.posting_date),
        "voucher_id": pl.lit(source.voucher_id, pl.Int64),
        "file_id": pl.lit(source.file_id, pl.Int64),
    }


def _stored(entries: pl.DataFrame) -> pl.DataFrame:
    return entries.select(name for name in _ENTRY if name in entries.columns)


def _vat(entries: pl.DataFrame) -> pl.DataFrame:
    return entries.filter(pl.col("vat_code").is_not_null()).select(
        "entry_id",
        "vat_code",
        number=pl.lit(1),
        rate_basis_points="vat_rate",
        base_minor="vat_base",
        vat_minor="vat_amount",
    )


def _places(reader: Reader, settled: pl.DataFrame) -> tuple[pl.DataFrame, dt.date | None]:
    """Settlements of known entries lie where those were posted; the last day of posting."""
    assert settled.schema == SETTLED, settled.schema
    wanted = json.dumps(settled["entry_id"].to_list())
    places = reader.gathered(_PLACES, [wanted], schema=_PLACES_SCHEMA)
    placed = settled.join(places, on="entry_id", how="left", maintain_order="left")
    assert placed["purpose"].null_count() == 0, "an entry without a posting"
    last = placed["posting_date"].max()
    assert last is None or isinstance(last, dt.date)
    return placed.select(_PLACED.names()), last


def _own_places(numbered: pl.DataFrame) -> pl.DataFrame:
    """Settlements of new entries lie where these will be posted."""
    partly = numbered.filter(pl.col("settled") != 0)
    return partly.with_columns(
        settled_minor="settled",
        purpose=pl.lit("receivable"),
        account_no=pl.lit(None, pl.String),
    ).select(_PLACED.names())


def _applications(settling: pl.DataFrame, source: Source) -> pl.DataFrame:
    claim = pl.col("settled_minor") > 0
    return settling.select(
        application_id=pl.col("entry_id") + settling.height,
        from_entry_id=pl.when(claim).then("entry_id").otherwise("settled_id"),
        to_entry_id=pl.when(claim).then("settled_id").otherwise("entry_id"),
        amount_minor=pl.col("settled_minor").abs(),
        currency="currency",
        kind=pl.lit("settled_in_erp"),
        posting_date="posting_date",
        voucher_id="voucher_id",
        run_id=pl.lit(source.run_id, pl.Int64),
        actor=pl.lit(source.actor),
    )


def _postings(
    reader: Reader,
    entries: pl.DataFrame,
    settling: pl.DataFrame,
    voucher: Prepared,
    *,
    first_id: int,
) -> pl.DataFrame:
    """The customers' sides, and the sum of each against ERP transfer, per currency."""
    carried = ("base_amount_minor", "rate", "rate_date", "vat_code")
    receivable = entries.select(
        *_SIDE, *carried, purpose=pl.lit("receivable"), text="document_no"
    )
    settled = settling.select(*_SIDE, "purpose", "account_no", text="document_no")
    sides = [side for side in (receivable, settled) if side.height]
    transfer = [
        side.group_by("currency", maintain_order=True)
        .agg(amount_minor=-pl.col("amount_minor").sum())
        .with_columns(
            profile=pl.lit(DEFAULT_PROFILE),
            purpose=pl.lit("erp_transfer"),
            text=pl.lit(voucher.voucher["text"][0]),
        )
        for side in sides
    ]
    rows = pl.concat([*sides, *transfer], how="diagonal").with_columns(
        posting_id=pl.int_range(first_id, first_id + pl.len(), dtype=pl.Int64),
        voucher_id=pl.lit(voucher.voucher["voucher_id"][0], pl.Int64),
    )
    postings = rows.select(
        pl.col(name).cast(kind) if name in rows.columns else pl.lit(None).cast(kind).alias(name)
        for name, kind in {**POSTINGS, **CARRIED}.items()
    )
    return stored_postings(reader, vouchers=voucher.voucher, postings=postings)
