"""Rows of the ERP that are our own postings come back under numbers of the ERP.

The ERP books what we hand over under our voucher numbers. A row that names such a number
proves that the voucher is booked, and tells how the ERP calls our entry on it from now on.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import polars as pl

from workbench.ledger.handover.marks import MARKS
from workbench.ledger.imports.standings import last_marks, marks
from workbench.store.connection import Reader

#: Vouchers of journals that go back to the ERP.
_VOUCHERS = """
SELECT voucher_id, document_no FROM voucher JOIN journal USING (journal)
WHERE handed_back = 1
"""
_VOUCHER_SCHEMA = pl.Schema({"voucher_id": pl.Int64, "document_no": pl.String})

#: Of such vouchers, those that were handed over, and our entries on them that the ERP has
#: given no number yet.
_HANDED_OVER = """
SELECT v.value, (SELECT h.handover_id FROM posting AS p JOIN handover_posting AS h
                 USING (posting_id) WHERE p.voucher_id = v.value LIMIT 1)
FROM json_each(?) AS v
"""
_HANDED_OVER_SCHEMA = pl.Schema({"voucher_id": pl.Int64, "handover_id": pl.Int64})
_ENTRIES = """
SELECT DISTINCT p.voucher_id, e.entry_id, e.customer_id, e.currency, e.amount_minor
FROM json_each(?) AS v CROSS JOIN posting AS p ON p.voucher_id = v.value
JOIN entry AS e ON e.entry_id = p.entry_id AND e.voucher_id = p.voucher_id
WHERE NOT EXISTS (
    SELECT 1 FROM erp_entry_link AS k WHERE k.entry_id = e.entry_id AND NOT EXISTS (
        SELECT 1 FROM erp_import AS i JOIN erp_import_undo USING (import_id)
        WHERE i.recorded = k.recorded))
ORDER BY e.entry_id
"""
_ENTRY_SCHEMA = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "currency": pl.String,
        "amount": pl.Int64,
    }
)

#: What makes a row fit an entry of ours; where several are the same, the n-th fits the n-th.
_FIT = ("voucher_id", "customer_id", "currency", "amount")


@dataclass(frozen=True, slots=True)
class OwnPostings:
    """What came back.

    Attributes:
        rows: `row` of the file that names a voucher of ours, and `entry_id` of the entry that
            fits it; null where none does.
        marks: Vouchers that are proven booked and were not known to be; rows of `MARKS`.
    """

    rows: pl.DataFrame
    marks: pl.DataFrame


def own_postings(reader: Reader, rows: pl.DataFrame) -> OwnPostings:
    """Which rows are postings of ours.

    Args:
        reader: The view to ask.
        rows: Rows whose number is not known: `row`, `document_no`, `customer_id`, `currency`
            and `amount` in ledger view.
    """
    vouchers = reader.gathered(_VOUCHERS, schema=_VOUCHER_SCHEMA)
    named = rows.join(vouchers, on="document_no", how="inner", maintain_order="left")
    parameters = [json.dumps(named["voucher_id"].unique().to_list())]
    handed_over = reader.frame(_HANDED_OVER, parameters, schema=_HANDED_OVER_SCHEMA)
    named = named.join(handed_over.drop_nulls(), on="voucher_id", maintain_order="left")
    entries = reader.frame(_ENTRIES, parameters, schema=_ENTRY_SCHEMA)
    nth = pl.int_range(pl.len()).over(_FIT).alias("nth")
    fitted = named.with_columns(nth).join(
        entries.with_columns(nth), on=[*_FIT, "nth"], how="left", maintain_order="left"
    )
    return OwnPostings(fitted.select("row", "entry_id"), _unmarked(reader, fitted))


def _unmarked(reader: Reader, fitted: pl.DataFrame) -> pl.DataFrame:
    """The vouchers of rows that fit, without those that are known to be booked."""
    proven = fitted.filter(pl.col("entry_id").is_not_null())
    proven = proven.select("handover_id", "voucher_id").unique(maintain_order=True)
    found = marks(reader, proven["handover_id"])
    whole = last_marks(found).rename({"mark_id": "whole", "booked": "whole_booked"})
    known = proven.join(whole, on="handover_id", how="left").join(
        last_marks(found, "voucher_id"), on=["handover_id", "voucher_id"], how="left"
    )
    booked = (
        pl.when(pl.col("mark_id").fill_null(0) > pl.col("whole").fill_null(0))
        .then("booked")
        .otherwise("whole_booked")
    )
    things = known.filter(~booked.fill_null(value=False)).with_columns(
        application_id=pl.lit(None, pl.Int64)
    )
    return things.select(MARKS.names()).sort("voucher_id")
