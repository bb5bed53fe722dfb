"""A file of entries against the ledger: which rows are new, known, our own, or missing."""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.table import ErpTable
from workbench.ledger.handover.marks import MARKS
from workbench.ledger.imports import effects
from workbench.ledger.imports.collected import Collections
from workbench.ledger.imports.compare import compare
from workbench.ledger.imports.effects import EFFECTS
from workbench.ledger.imports.entry_facts import with_changes
from workbench.ledger.imports.entry_plan import (
    HELD_REASON,
    REPLACED_REASON,
    SETTLED_REASON,
    EntryPlan,
)
from workbench.ledger.imports.entry_posting import SETTLED
from workbench.ledger.imports.entry_rows import STOPS, row_problems, with_dimensions
from workbench.ledger.imports.file_beside import FileBeside, beside_known, own_rows
from workbench.ledger.imports.file_problems import file_problems
from workbench.ledger.imports.held import last_differences, with_earlier
from workbench.ledger.imports.touched_entries import touched_entries
from workbench.store.connection import Reader


def judge(
    reader: Reader,
    table: ErpTable,
    mapping: FileMapping,
    *,
    as_of: dt.date,
    full: bool,
    collections: Collections,
) -> EntryPlan:
    """What the rows of a file would do to the entries that are known.

    Args:
        reader: The ledger as it stands.
        table: The file.
        mapping: How the file says it.
        as_of: The day whose state the file tells.
        full: Whether what it does not name is closed.
        collections: Where entries stand in collections.
    """
    file = beside_known(reader, table, mapping, as_of=as_of, full=full)
    last = last_differences(reader)
    touched, outstanding = touched_entries(file, last)
    judged = _judged(file, touched, outstanding, collections=collections)
    compared = with_earlier(judged.filter("compared"), last)
    others = judged.filter(~pl.col("compared"))
    new, closed = _new(file, judged)
    told = pl.concat([compared.select(others.columns), others])
    found = _effects(told, new, closed, file)
    added = new.drop_nulls(["currency"]).group_by("currency").agg(pl.col("amount").sum())
    return EntryPlan(
        problems=(
            *row_problems(table, mapping, full=full),
            *file_problems(file, told),
        ),
        counts=effects.counts(found),
        sums=dict(added.sort("currency").iter_rows()),
        effects=found,
        new=new,
        stops=_stops(file),
        settled=_settled(told),
        withdrawn=told.filter(pl.col("effect") == effects.REPLACED).select("entry_id"),
        booked=_booked(compared, outstanding, file.own.marks),
        vouchers=file.own.marks,
        links=own_rows(file).select("erp_entry_no", "entry_id"),
        compared=compared,
        halted={
            SETTLED_REASON: _ids(told, effects.SETTLED),
            REPLACED_REASON: _ids(told, effects.REPLACED),
            HELD_REASON: _ids(told, effects.HELD),
        },
        collections=collections,
    )


def _judged(
    file: FileBeside,
    touched: pl.DataFrame,
    outstanding: pl.DataFrame,
    *,
    collections: Collections,
) -> pl.DataFrame:
    """Every touched entry with its effect; `compared` says whether the ERP was read."""
    differs, shown = pl.col("differs"), pl.col("shown_minor").is_not_null()
    compared = _agreeing(compare(touched.filter(~differs & shown)), outstanding)
    ours = touched.with_columns(
        ours_minor=pl.sum_horizontal("remaining_minor", "handed_over_minor", "waiting_minor"),
        settled_minor=pl.lit(None, pl.Int64),
        books=pl.lit(value=False),
    )
    unread = ours.filter(~differs & ~shown).with_columns(
        effect=pl.lit(effects.EQUAL), **{"class": pl.lit(None, pl.String)}
    )
    differing = _differing(file, ours.filter(differs), collections)
    columns = [*unread.columns, "changed", "compared"]
    said = pl.lit("{}")
    return pl.concat(
        [
            compared.with_columns(changed=said, compared=pl.lit(value=True)).select(columns),
            unread.with_columns(changed=said, compared=pl.lit(value=False)).select(columns),
            differing.with_columns(compared=pl.lit(value=True)).select(columns),
        ]
    )


def _agreeing(compared: pl.DataFrame, outstanding: pl.DataFrame) -> pl.DataFrame:
    """What is booked for one of a settlement's entries and not for the other is held."""
    sides = outstanding.select("application_id", "entry_id")
    unbooked = compared.filter(pl.col("effect") == effects.NOT_BOOKED_YET)
    disputed = sides.join(unbooked, on="entry_id", how="semi")["application_id"]
    entries = sides.filter(pl.col("application_id").is_in(disputed.to_list()))["entry_id"]
    torn = pl.col("books") & pl.col("entry_id").is_in(entries.to_list())
    return compared.with_columns(
        pl.when(torn).then(pl.lit(effects.HELD)).otherwise("effect").alias("effect"),
        pl.when(torn).then(pl.lit("partly_booked")).otherwise("class").alias("class"),
        pl.when(~torn).then("settled_minor").alias("settled_minor"),
        (pl.col("books") & ~torn).alias("books"),
    )


def _differing(
    file: FileBeside, differing: pl.DataFrame, collections: Collections
) -> pl.DataFrame:
    """Entries told otherwise: replaced while nobody was told of them, else held."""
    ids = differing["entry_id"].to_list()
    delivered = list(collections.delivered(file.reader, ids)) if ids else []
    fixed = pl.col("entry_id").is_in(delivered) | (pl.col("ours") > 0) | pl.col("linked")
    rows = file.differing.join(differing, on="row", how="semi", maintain_order="left")
    told = with_changes(file.reader, rows).select("row", "changed", "amount")
    shown = pl.coalesce("shown_minor", "amount").fill_null(0)
    return differing.join(told, on="row", how="left", maintain_order="left").with_columns(
        pl.when(fixed).then(pl.lit(effects.HELD)).otherwise(pl.lit(effects.REPLACED))
        .alias("effect"),
        pl.when(fixed).then(pl.lit(effects.CHANGED)).alias("class"),
        shown_minor=shown,
    )  # fmt: skip


def _new(file: FileBeside, judged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Entries to add, and rows that nobody needs: never seen here, and closed in the ERP."""
    replaced = judged.filter(pl.col("effect") == effects.REPLACED)
    revision = file.known.select("erp_entry_no", last_revision="revision")
    unseen = (
        file.rows.filter(pl.col("entry_id").is_null())
        .join(file.own.rows, on="row", how="anti", maintain_order="left")
        .with_columns(replaces=pl.lit(value=False))
    )
    told_anew = file.rows.join(replaced, on="row", how="semi", maintain_order="left")
    told_anew = told_anew.with_columns(
        *(pl.col(name) | pl.col(f"{name}.known") for name in STOPS),
        pl.coalesce("promised_on", "promised_on.known").alias("promised_on"),
        replaces=pl.lit(value=True),
    )
    rows = (
        pl.concat([unseen, told_anew])
        .join(revision, on="erp_entry_no", how="left", maintain_order="left")
        .with_columns(
            erp_revision=pl.col("last_revision").fill_null(0) + 1,
            settled=pl.col("amount") - pl.col("remaining").fill_null(pl.col("amount")),
        )
    )
    closed = ~pl.col("replaces") & (pl.col("remaining") == 0).fill_null(value=False)
    return with_dimensions(rows.filter(~closed)), rows.filter(closed)


def _effects(
    told: pl.DataFrame, new: pl.DataFrame, closed: pl.DataFrame, file: FileBeside
) -> pl.DataFrame:
    """The effect of every row and of every entry that is missing, in the order of the file."""
    effect = pl.col("effect")
    quiet = effect.is_in([effects.EQUAL, effects.NOT_BOOKED_YET])
    came_back = pl.col("own") & (quiet | (effect == effects.BOOKED))
    stopped = pl.col("stop") & quiet
    known = told.with_columns(
        pl.when(came_back).then(pl.lit(effects.OURS))
        .when(stopped).then(pl.lit(effects.CHANGED)).otherwise("effect").alias("effect"),
        pl.when(stopped).then(pl.lit("stopped")).otherwise("class").alias("class"),
    )  # fmt: skip
    unfit = file.rows.join(
        file.own.rows.filter(pl.col("entry_id").is_null()), on="row", how="semi"
    )
    parts = [
        known,
        _of_rows(new.filter(~pl.col("replaces")), effects.NEW, settled=pl.col("settled")),
        _of_rows(closed, effects.EQUAL, why="closed"),
        _of_rows(unfit, effects.OURS, why="unfit"),
    ]
    whole = pl.concat([part.select("row", *EFFECTS.names()) for part in parts])
    return whole.sort("row", "entry_id", nulls_last=True).drop("row")


def _of_rows(
    rows: pl.DataFrame, effect: str, *, why: str | None = None, settled: pl.Expr | None = None
) -> pl.DataFrame:
    nothing = pl.lit(None, pl.Int64)
    return rows.select(
        "row",
        "line",
        "erp_entry_no",
        "customer_no",
        "document_no",
        "currency",
        pl.lit(why, pl.String).alias("class"),
        entry_id=nothing,
        effect=pl.lit(effect),
        amount_minor="amount",
        ours_minor=nothing,
        handed_over_minor=nothing,
        waiting_minor=nothing,
        shown_minor=pl.col("remaining").fill_null(pl.col("amount")),
        settled_minor=nothing if settled is None else settled,
    )


def _stops(file: FileBeside) -> pl.DataFrame:
    """Known entries that the file stops and that are not stopped."""
    stop = pl.any_horizontal(pl.col(name) & ~pl.col(f"{name}.known") for name in STOPS)
    return file.rows.filter(pl.col("entry_id").is_not_null() & stop).select(
        "entry_id", "version", *(pl.col(name) | pl.col(f"{name}.known") for name in STOPS)
    )


def _settled(told: pl.DataFrame) -> pl.DataFrame:
    """What the ERP settled of known entries, and all that is left of replaced ones."""
    replaced = pl.col("effect") == effects.REPLACED
    amount = pl.when(replaced).then("remaining_minor").otherwise("settled_minor")
    settled = told.select("entry_id", amount.alias("settled_minor"), "line")
    return settled.filter(pl.col("settled_minor") != 0).select(SETTLED.names())


def _booked(
    compared: pl.DataFrame, outstanding: pl.DataFrame, vouchers: pl.DataFrame
) -> pl.DataFrame:
    """The settlements that the amounts prove booked, beside those that vouchers prove."""
    found = (
        outstanding.join(compared.filter("books"), on="entry_id", how="semi")
        .join(vouchers, on=["handover_id", "voucher_id"], how="anti")
        .with_columns(voucher_id=pl.lit(None, pl.Int64))
    )
    return found.select(MARKS.names()).unique().sort("application_id")


def _ids(told: pl.DataFrame, effect: str) -> list[int]:
    return told.filter(pl.col("effect") == effect)["entry_id"].to_list()
