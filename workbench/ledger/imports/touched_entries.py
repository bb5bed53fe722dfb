"""The known entries that a file names or misses, each as it stands with us."""

from __future__ import annotations

import polars as pl

from workbench.ledger.imports.entry_rows import STOPS
from workbench.ledger.imports.file_beside import FileBeside, own_rows
from workbench.ledger.imports.known_entries import customer_numbers
from workbench.ledger.imports.standings import standings

#: What an entry is compared by, and told as. `row`: of the file; null where it is missing.
TOUCHED = pl.Schema(
    {
        "row": pl.Int64,
        "line": pl.Int64,
        "erp_entry_no": pl.String,
        "entry_id": pl.Int64,
        "customer_no": pl.String,
        "document_no": pl.String,
        "currency": pl.String,
        "amount_minor": pl.Int64,
        "shown_minor": pl.Int64,
        "own": pl.Boolean,
        "stop": pl.Boolean,
        "differs": pl.Boolean,
        "linked": pl.Boolean,
    }
)


def touched_entries(file: FileBeside, last: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The known entries that the file names or misses, as they stand; what is outstanding."""
    named = _named(file)
    standing, outstanding = standings(
        file.reader, None if file.full else named["entry_id"].unique()
    )
    parts = [named]
    if file.full:
        parts.append(_missing(file, standing, last))
    proven = (
        outstanding.join(file.own.marks, on=["handover_id", "voucher_id"], how="semi")
        .group_by("entry_id")
        .agg(pl.col("taken").sum().alias("proven_minor"))
    )
    unproven = outstanding.join(file.own.marks, on=["handover_id", "voucher_id"], how="anti")
    mixed = _mixed(unproven)
    touched = (
        pl.concat(parts)
        .join(standing, on="entry_id", how="left", maintain_order="left")
        .join(proven, on="entry_id", how="left", maintain_order="left")
        .rename({"handed_over": "handed_over_minor", "waiting": "waiting_minor"})
        .with_columns(
            pl.col(
                "taken", "handed_over_minor", "waiting_minor", "ours", "proven_minor"
            ).fill_null(0)
        )
        .with_columns(
            remaining_minor=pl.col("amount_minor") - pl.col("taken"),
            mixed=pl.col("entry_id").is_in(mixed.implode()),
        )
    )
    return touched, outstanding


def _mixed(outstanding: pl.DataFrame) -> pl.Series:
    """The entries of which settlements and settlements taken back are out, both not booked.

    What a delivery took back itself without any posting is nothing that the ERP heard of.
    """
    unposted = outstanding.filter(pl.col("voucher_id").is_null())
    backs = unposted.drop_nulls("reverses_application_id").select(
        "handover_id",
        made="reverses_application_id",
        back="application_id",
    )
    pairs = backs.join(
        unposted.select("handover_id", "application_id").unique(),
        left_on=["handover_id", "made"],
        right_on=["handover_id", "application_id"],
    )
    silent = pl.concat([pairs["made"], pairs["back"]])
    heard = outstanding.filter(~pl.col("application_id").is_in(silent.implode()))
    taken = pl.col("taken")
    signs = heard.group_by("entry_id").agg(both=(taken > 0).any() & (taken < 0).any())
    return signs.filter("both")["entry_id"]


def _named(file: FileBeside) -> pl.DataFrame:
    """The entries that rows name: known under their numbers, or our own come back."""
    stop = pl.any_horizontal(pl.col(name) & ~pl.col(f"{name}.known") for name in STOPS)
    shared = ("row", "line", "erp_entry_no", "customer_no", "document_no")
    known = file.rows.filter(pl.col("entry_id").is_not_null()).select(
        *shared,
        "entry_id",
        "linked",
        currency="currency.known",
        amount_minor="amount.known",
        shown_minor="remaining",
        own=pl.lit(value=False),
        stop=stop,
        differs=pl.col("differing").list.len() > 0,
    )
    own = own_rows(file).select(
        *shared,
        "entry_id",
        "currency",
        linked=pl.lit(value=True),
        amount_minor="amount",
        shown_minor="remaining",
        own=pl.lit(value=True),
        stop=pl.lit(value=False),
        differs=pl.lit(value=False),
    )
    return pl.concat([known.select(TOUCHED.names()), own.select(TOUCHED.names())])


#: Imports of a later day's state: what they brought may be missing from this one.
_LATER = "SELECT recorded FROM erp_import WHERE purpose = 'erp_entries' AND as_of > ?"


def _missing(file: FileBeside, standing: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """The entries that a full file should name and does not; it shows nothing of them.

    Closed ones with nothing to compare are left out, and so is what is younger than the file.
    """
    later = [recorded for (recorded,) in file.reader.rows(_LATER, [file.as_of.isoformat()])]
    named = pl.concat([file.rows["erp_entry_no"], own_rows(file)["erp_entry_no"]])
    was_open = last.filter(pl.col("decision").is_null())["entry_id"].to_list()
    outstanding = pl.sum_horizontal("amount", -pl.col("taken"), "handed_over", "waiting")
    missing = (
        file.known.filter(
            ~pl.col("withdrawn"),
            pl.col("document_date") <= file.as_of,
            ~pl.col("recorded").is_in(later),
        )
        .join(named.to_frame(), on="erp_entry_no", how="anti")
        .join(standing, on="entry_id", how="left")
        .with_columns(pl.col("taken", "handed_over", "waiting").fill_null(0))
        .filter(
            (outstanding != 0)
            | (pl.col("handed_over") != 0)
            | pl.col("entry_id").is_in(was_open)
        )
        .sort("entry_id")
    )
    numbers = customer_numbers(file.reader, missing["customer_id"])
    return missing.join(numbers, on="customer_id", how="left", maintain_order="left").select(
        pl.lit(None, pl.Int64).alias("row"),
        pl.lit(None, pl.Int64).alias("line"),
        "erp_entry_no",
        "entry_id",
        "customer_no",
        "document_no",
        "currency",
        pl.col("amount").alias("amount_minor"),
        pl.lit(0, pl.Int64).alias("shown_minor"),
        pl.lit(value=False).alias("own"),
        pl.lit(value=False).alias("stop"),
        pl.lit(value=False).alias("differs"),
        "linked",
    )
