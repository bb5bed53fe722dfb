"""The lines of a hand-over: postings by what they settle, and settlements as instructions.

A posting to a customer whose entry settles several others becomes one line for each, and one
for the rest; the lines of a posting always add up to it. A settlement that no posting of its
own voucher carries (by hand, between a credit note and an invoice, or taken back) goes out as
an instruction. One that was made and taken back within a delivery goes out as nothing.
"""

from __future__ import annotations

import json

import polars as pl

from workbench.ledger.handover_postings import Source, applications_of
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
_CUSTOMER_SIDES = ("receivable", "on_account")


def lines_of(
    reader: Reader, source: Source, *, postings: pl.DataFrame, staying: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of a delivery, and its settlements.

    Args:
        reader: The view to ask.
        source: Where its settlements come from.
        postings: Those of the delivery, whole vouchers.
        staying: The vouchers that the ERP does not get yet; settlements that rest on them
            stay with them.

    Returns:
        Lines with every field of a posting's line but those of the delivery itself, and the
        settlements with both their entries and `carried`: whether a line carries it, or
        another row of the delivery takes it back.
    """
    settlements = applications_of(reader, source)
    entries = _entries(reader, postings, settlements)
    settlements = _with_netted(_without_staying(settlements, entries, staying))
    carried = _carried(postings, settlements)
    lines = _described(_split(postings, carried), postings, entries)
    assert _adds_up(lines, postings), "the lines of a posting do not add up to it"
    return lines, _instructions(settlements, carried, entries)


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


def _carried(postings: pl.DataFrame, settlements: pl.DataFrame) -> pl.DataFrame:
    """Which posting carries which settlement, and what it settles: ledger view."""
    own = postings.filter(
        pl.col("entry_id").is_not_null() & pl.col("purpose").is_in(_CUSTOMER_SIDES)
    ).sort("posting_id")
    made = settlements.filter(~pl.col("netted") & (pl.col("amount_minor") > 0))
    sides = [
        made.join(
            own.filter(sign * pl.col("amount_minor") > 0)
            .unique(["voucher_id", "entry_id"], keep="last", maintain_order=True)
            .select("posting_id", "voucher_id", "entry_id"),
            left_on=["voucher_id", near],
            right_on=["voucher_id", "entry_id"],
        ).select(
            "posting_id",
            "application_id",
            pl.col(far).alias("applied_entry_id"),
            (sign * pl.col("amount_minor")).alias("amount"),
        )
        for near, far, sign in (
            ("from_entry_id", "to_entry_id", -1),
            ("to_entry_id", "from_entry_id", 1),
        )
    ]
    return pl.concat(sides).unique("application_id", keep="first", maintain_order=True)


def _split(postings: pl.DataFrame, carried: pl.DataFrame) -> pl.DataFrame:
    """One row per line: posting, application, applied entry, amount and base amount."""
    columns = ["posting_id", "application_id", "applied_entry_id", "amount"]
    settled = carried.group_by("posting_id").agg(settled=pl.col("amount").sum())
    rest = (
        postings.select("posting_id", "amount_minor")
        .join(settled, on="posting_id", how="left")
        .with_columns(amount=pl.col("amount_minor") - pl.col("settled").fill_null(0))
        .filter(pl.col("settled").is_null() | (pl.col("amount") != 0))
        .select(
            "posting_id",
            pl.lit(None, pl.Int64).alias("application_id"),
            pl.lit(None, pl.Int64).alias("applied_entry_id"),
            "amount",
        )
    )
    lines = pl.concat([carried.select(columns), rest]).sort(
        "posting_id", "application_id", nulls_last=True
    )
    whole = lines.join(
        postings.select("posting_id", "amount_minor", "base_amount_minor"), on="posting_id"
    )
    return _with_base(whole.sort("posting_id", "application_id", nulls_last=True)).drop(
        "amount_minor"
    )


def _with_base(lines: pl.DataFrame) -> pl.DataFrame:
    """The base amount of each line: its share, such that the shares add up exactly."""
    so_far = pl.col("amount").cum_sum().over("posting_id")
    share = (
        pl.when(pl.col("amount_minor") == 0)
        .then(pl.col("base_amount_minor"))
        .otherwise(
            (pl.col("base_amount_minor").cast(pl.Int128) * so_far // pl.col("amount_minor"))
            .cast(pl.Int64)
        )
    )  # fmt: skip
    reached = lines.with_columns(reached=share)
    return reached.with_columns(
        base_amount=pl.col("reached")
        - pl.col("reached").shift(1).over("posting_id").fill_null(0)
    ).drop("reached", "base_amount_minor")


def _described(
    lines: pl.DataFrame, postings: pl.DataFrame, entries: pl.DataFrame
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
    customer = pl.col("customer_no").is_not_null()
    return (
        lines.join(postings.drop("amount_minor", "base_amount_minor"), on="posting_id")
        .join(applied, on="applied_entry_id", how="left")
        .join(types, on="voucher_id", how="left")
        .join(clearing, on=["voucher_id", "currency"], how="left")
        .with_columns(
            pl.when(customer).then(pl.lit("customer")).otherwise(pl.lit("ledger"))
            .alias("account_type"),
            pl.coalesce("customer_no", "ledger_account").alias("account_no"),
            debit=pl.max_horizontal("amount", 0),
            credit=pl.max_horizontal(-pl.col("amount"), 0),
            external_document_no=pl.coalesce("bank_reference", "reference"),
        )
        .sort(
            "posting_date", "journal", "voucher_number", "number", "application_id",
            nulls_last=True,
        )
        .with_columns(line_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64))
    )  # fmt: skip


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


def _adds_up(lines: pl.DataFrame, postings: pl.DataFrame) -> bool:
    sums = lines.group_by("posting_id").agg(pl.col("amount", "base_amount").sum())
    both = postings.join(sums, on="posting_id", how="left")
    same = (pl.col("amount_minor") == pl.col("amount")) & (
        pl.col("base_amount_minor").fill_null(0) == pl.col("base_amount")
    )
    return bool(both.select(same.fill_null(value=False).all()).item())
