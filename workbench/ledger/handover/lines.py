"""The lines of a hand-over: postings by what they settle, and settlements as instructions.

A posting to a customer whose entry settles several others becomes one line for each, and one
for the rest; the lines of a posting always add up to it. A settlement that no posting of its
own voucher carries (by hand, between a credit note and an invoice, or taken back) goes out as
an instruction. One that was made and taken back within a delivery goes out as nothing.
"""

from __future__ import annotations

import json

import polars as pl

from workbench.ledger.handover.postings import Source, applications_of
from workbench.ledger.handover.split import carried_settlements, split
from workbench.store.connection import Reader

_ENTRIES = """
SELECT e.entry_id, e.kind, e.document_no, e.erp_entry_no, e.voucher_id, c.customer_no
FROM entry AS e JOIN customer AS c ON c.customer_id = e.customer_id
WHERE e.entry_id IN (SELECT value FROM json_each(?))
"""
_ENTRY = pl.Schema(
    {
        "entry_id": pl.Int64,
        "kind": pl.String,
        "document_no": pl.String,
        "erp_entry_no": pl.String,
        "voucher_id": pl.Int64,
        "customer_no": pl.String,
    }
)

#: What a voucher is to the ERP, by the kind of an entry that it made.
_DOCUMENT_TYPES = {"payment": "payment", "on_account": "payment", "payment_reversal": "refund"}

#: What the lines are found by, whatever the layout looks at.
_KEYS = frozenset(
    {"posting_id", "voucher_id", "amount", "currency", "ledger_account", "customer_no"}
)
_NEEDED = _KEYS | {
    "entry_id", "purpose", "amount_minor", "base_amount_minor", "reference",
    "bank_reference",
}  # fmt: skip


def lines_of(
    reader: Reader,
    source: Source,
    *,
    postings: pl.DataFrame,
    staying: pl.Series,
    needed: frozenset[str],
    applies: bool,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of a delivery, and its settlements.

    Args:
        reader: The view to ask.
        source: Where its settlements come from.
        postings: Those of the delivery, whole vouchers.
        staying: The vouchers that the ERP does not get yet; settlements that rest on them
            stay with them.
        needed: The fields that somebody will look at; others need not be there.
        applies: Whether a line can say what it settles; else each posting is one line, and
            every settlement an instruction.

    Returns:
        Lines with the needed fields of a posting's line but those of the delivery itself,
        in order, and the settlements with both their entries and `carried`: whether a line
        carries it, or another row of the delivery takes it back.
    """
    settlements = applications_of(reader, source)
    entries = _entries(reader, postings, settlements)
    settlements = _with_netted(_without_staying(settlements, entries, staying))
    postings = _in_order(postings, needed)
    carried = carried_settlements(postings, settlements if applies else settlements.clear())
    lines = _described(split(postings, carried), postings, entries, needed)
    return lines, _instructions(settlements, carried, entries)


def _in_order(postings: pl.DataFrame, needed: frozenset[str]) -> pl.DataFrame:
    """By date, journal, voucher and number; `place` counts from 0."""
    order = pl.arg_sort_by("posting_date", "journal", "voucher_number", "number")
    wanted = [name for name in postings.columns if name in needed | _NEEDED]
    return postings.select(pl.col(wanted).gather(order)).with_columns(
        place=pl.int_range(0, pl.len(), dtype=pl.Int64)
    )


def _with_netted(settlements: pl.DataFrame) -> pl.DataFrame:
    """Which settlements the delivery itself takes back: both rows of such a pair."""
    backs = settlements.filter(
        pl.col("reverses_application_id").is_in(settlements["application_id"].implode())
    )
    pairs = pl.concat([backs["application_id"], backs["reverses_application_id"]])
    return settlements.with_columns(netted=pl.col("application_id").is_in(pairs.implode()))


def _entries(reader: Reader, postings: pl.DataFrame, settlements: pl.DataFrame) -> pl.DataFrame:
    wanted = pl.concat(
        [postings["entry_id"], settlements["from_entry_id"], settlements["to_entry_id"]]
    )
    ids = json.dumps(wanted.drop_nulls().unique().to_list())
    return reader.gathered(_ENTRIES, [ids], schema=_ENTRY)


def _without_staying(
    settlements: pl.DataFrame, entries: pl.DataFrame, staying: pl.Series
) -> pl.DataFrame:
    """Without what rests on a voucher that the ERP does not get yet."""
    if staying.is_empty():
        return settlements
    unknown = entries.filter(pl.col("voucher_id").is_in(staying.implode()))["entry_id"]
    rests = (
        pl.col("voucher_id").is_in(staying.implode()).fill_null(value=False)
        | pl.col("from_entry_id").is_in(unknown.implode())
        | pl.col("to_entry_id").is_in(unknown.implode())
    )
    return settlements.filter(~rests)


def _described(
    lines: pl.DataFrame,
    postings: pl.DataFrame,
    entries: pl.DataFrame,
    needed: frozenset[str],
) -> pl.DataFrame:
    """The lines with what they say about voucher, account, customer and applied entry."""
    applied = entries.select(
        pl.col("entry_id").alias("applied_entry_id"),
        applied_type="kind",
        applied_document_no="document_no",
        applied_erp_entry_no="erp_entry_no",
    )
    types = (
        postings.select("voucher_id", "entry_id")
        .join(entries.select("entry_id", "kind"), on="entry_id")
        .with_columns(
            document_type=pl.col("kind").replace_strict(
                _DOCUMENT_TYPES, default=None, return_dtype=pl.String
            )
        )
        .group_by("voucher_id")
        .agg(pl.col("document_type").drop_nulls().sort().last())
    )
    clearing = (
        postings.filter(pl.col("purpose") == "bank_clearing")
        .group_by("voucher_id", "currency")
        .agg(clearing_account=pl.col("ledger_account").sort().first())
    )
    known = postings.drop("place", "amount_minor", "base_amount_minor")
    whole = (
        pl.concat([lines, known.select(pl.all().gather(lines["place"]))], how="horizontal")
        .join(applied, on="applied_entry_id", how="left", maintain_order="left")
        .join(types, on="voucher_id", how="left", maintain_order="left")
        .join(clearing, on=["voucher_id", "currency"], how="left", maintain_order="left")
    )
    customer = pl.col("customer_no").is_not_null()
    derived = {
        "account_type": pl.when(customer).then(pl.lit("customer")).otherwise(pl.lit("ledger")),
        "account_no": pl.coalesce("customer_no", "ledger_account"),
        "debit": pl.max_horizontal("amount", 0),
        "credit": pl.max_horizontal(-pl.col("amount"), 0),
        "line_no": pl.int_range(1, pl.len() + 1, dtype=pl.Int64),
    }
    if "external_document_no" in needed:
        derived["external_document_no"] = pl.coalesce("bank_reference", "reference")
    made = [cell.alias(name) for name, cell in derived.items() if name in needed]
    names = [name for name in (*whole.columns, *derived) if name in needed | _KEYS]
    return whole.with_columns(made).select(names)


def _instructions(
    settlements: pl.DataFrame, carried: pl.DataFrame, entries: pl.DataFrame
) -> pl.DataFrame:
    sides = [
        entries.select(
            pl.col("entry_id").alias(f"{side}_entry_id"),
            pl.col("kind").alias(f"{side}_type"),
            pl.col("document_no").alias(f"{side}_document_no"),
            pl.col("erp_entry_no").alias(f"{side}_erp_entry_no"),
            pl.col("customer_no").alias(f"{side}_customer_no"),
        )
        for side in ("from", "to")
    ]
    rows = settlements.join(sides[0], on="from_entry_id").join(sides[1], on="to_entry_id")
    return rows.with_columns(
        carried=pl.col("netted")
        | pl.col("application_id").is_in(carried["application_id"].implode()),
        instruction=pl.when(pl.col("amount_minor") > 0)
        .then(pl.lit("settle"))
        .otherwise(pl.lit("unsettle")),
        customer_no="to_customer_no",
        amount=pl.col("amount_minor").abs(),
    ).sort("application_id")
