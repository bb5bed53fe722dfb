"""A file of entries against the ledger: which rows are new, known, our own, or missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from workbench.ledger.files.mapping import FileMapping
from workbench.ledger.files.table import ErpTable
from workbench.ledger.handover.marks import MARKS
from workbench.ledger.imports import effects
from workbench.ledger.imports.collected import Collections
from workbench.ledger.imports.compare import compare
from workbench.ledger.imports.effects import EFFECTS
from workbench.ledger.imports.entry_facts import with_changes, with_differing
from workbench.ledger.imports.entry_plan import (
    HELD_REASON,
    REPLACED_REASON,
    SETTLED_REASON,
    EntryPlan,
)
from workbench.ledger.imports.entry_posting import SETTLED
from workbench.ledger.imports.entry_rows import (
    STOPS,
    in_ledger_view,
    row_problems,
    with_dimensions,
)
from workbench.ledger.imports.held import last_differences, with_earlier
from workbench.ledger.imports.known_entries import customer_numbers, customers, known_entries
from workbench.ledger.imports.own_postings import OwnPostings, own_postings
from workbench.ledger.imports.standings import standings
from workbench.model.problems import Problem, Severity, worst
from workbench.store.connection import Reader

#: What an entry is compared by, and told as. `row`: of the file; null where it is missing.
_TOUCHED = pl.Schema(
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


@dataclass(frozen=True, slots=True)
class _File:
    """A file of entries beside what is known.

    Attributes:
        rows: Every row in ledger view, with what is known under its number.
        known: What is known under its numbers, or everything for a full file.
        own: Which rows are postings of ours.
    """

    reader: Reader
    table: ErpTable
    as_of: dt.date
    full: bool
    rows: pl.DataFrame
    known: pl.DataFrame
    own: OwnPostings


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
    file = _beside_known(reader, table, mapping, as_of=as_of, full=full)
    last = last_differences(reader)
    touched, outstanding = _touched(file, last)
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
            *_file_problems(file, told, last_full=_last_full(reader)),
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
        links=_own_rows(file).select("erp_entry_no", "entry_id"),
        compared=compared,
        halted={
            SETTLED_REASON: _ids(told, effects.SETTLED),
            REPLACED_REASON: _ids(told, effects.REPLACED),
            HELD_REASON: _ids(told, effects.HELD),
        },
        collections=collections,
    )


def _beside_known(
    reader: Reader, table: ErpTable, mapping: FileMapping, *, as_of: dt.date, full: bool
) -> _File:
    values = in_ledger_view(table.values, mapping).with_columns(
        row=pl.int_range(pl.len(), dtype=pl.Int64)
    )
    rows = values.join(
        customers(reader, values["customer_no"]),
        on="customer_no",
        how="left",
        maintain_order="left",
    )
    known = known_entries(reader, rows["erp_entry_no"], everything=full)
    live = known.filter(~pl.col("withdrawn")).drop("withdrawn", "recorded")
    joined = rows.join(
        live, on="erp_entry_no", how="left", suffix=".known", maintain_order="left"
    )
    unknown = joined.filter(pl.col("entry_id").is_null(), pl.col("customer_id").is_not_null())
    own = own_postings(
        reader, unknown.select("row", "document_no", "customer_id", "currency", "amount")
    )
    return _File(reader, table, as_of, full, with_differing(joined, table), known, own)


def _own_rows(file: _File) -> pl.DataFrame:
    """Rows that are entries of ours come back."""
    fitting = file.own.rows.drop_nulls("entry_id")
    return file.rows.drop("entry_id").join(fitting, on="row", maintain_order="left")


def _touched(file: _File, last: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
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


def _named(file: _File) -> pl.DataFrame:
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
    own = _own_rows(file).select(
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
    return pl.concat([known.select(_TOUCHED.names()), own.select(_TOUCHED.names())])


#: Imports of a later day's state: what they brought may be missing from this one.
_LATER = "SELECT recorded FROM erp_import WHERE purpose = 'erp_entries' AND as_of > ?"


def _missing(file: _File, standing: pl.DataFrame, last: pl.DataFrame) -> pl.DataFrame:
    """The entries that a full file should name and does not; it shows nothing of them.

    Closed ones with nothing to compare are left out, and so is what is younger than the file.
    """
    later = [recorded for (recorded,) in file.reader.rows(_LATER, [file.as_of.isoformat()])]
    named = pl.concat([file.rows["erp_entry_no"], _own_rows(file)["erp_entry_no"]])
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


def _judged(
    file: _File,
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


def _differing(file: _File, differing: pl.DataFrame, collections: Collections) -> pl.DataFrame:
    """Entries told otherwise: replaced while nobody was told of them, else held."""
    ids = differing["entry_id"].to_list()
    delivered = list(collections.delivered(file.reader, ids)) if ids else []
    fixed = pl.col("entry_id").is_in(delivered) | (pl.col("ours") > 0) | pl.col("linked")
    rows = file.rows.join(differing, on="row", how="semi", maintain_order="left")
    told = with_changes(file.reader, rows).select("row", "changed", "amount")
    shown = pl.coalesce("shown_minor", "amount").fill_null(0)
    return differing.join(told, on="row", how="left", maintain_order="left").with_columns(
        pl.when(fixed).then(pl.lit(effects.HELD)).otherwise(pl.lit(effects.REPLACED))
        .alias("effect"),
        pl.when(fixed).then(pl.lit(effects.CHANGED)).alias("class"),
        shown_minor=shown,
    )  # fmt: skip


def _new(file: _File, judged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
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
    told: pl.DataFrame, new: pl.DataFrame, closed: pl.DataFrame, file: _File
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


def _stops(file: _File) -> pl.DataFrame:
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


_LAST_FULL = """
SELECT max(as_of) FROM erp_import AS i WHERE purpose = 'erp_entries' AND mode = 'full'
  AND NOT EXISTS (SELECT 1 FROM erp_import_undo AS u WHERE u.import_id = i.import_id)
"""


def _last_full(reader: Reader) -> dt.date | None:
    found = reader.value(_LAST_FULL)
    return None if found is None else dt.date.fromisoformat(found)


def _file_problems(
    file: _File, told: pl.DataFrame, *, last_full: dt.date | None
) -> Iterator[Problem]:
    """What the ledger has against the file."""
    table, rows = file.table, file.rows
    unknown = rows["customer_no"].is_not_null() & rows["customer_id"].is_null()
    yield from table.faults("erp_unknown_customer", "customer_no", where=unknown)
    for row in file.own.rows.filter(pl.col("entry_id").is_null())["row"]:
        yield table.fault("erp_voucher_unfit", "document_no", row=row)
    if not file.full:
        return
    if rows.is_empty() and worst(table.problems) in {None, Severity.WARNING}:
        yield Problem("erp_full_empty", {}, source=table.name)
    if last_full is not None and file.as_of < last_full:
        days = {"found": file.as_of.isoformat(), "last": last_full.isoformat()}
        yield Problem("erp_full_older", days, source=table.name)
    yield from _too_few(told, table)


#: So many entries a person looks at one by one in the preview.
_HANDFUL = 10


def _too_few(told: pl.DataFrame, table: ErpTable) -> Iterator[Problem]:
    """When a full file would close most of what is open here.

    A list that was filtered, also by currency, or another company's, looks so. More than a
    handful of entries stop the file until a person confirms it; fewer are a warning.
    """
    opened = told.filter(pl.col("remaining_minor") != 0)
    closed = (pl.col("effect") == effects.SETTLED) & (pl.col("shown_minor") == 0)
    of_currency = opened.group_by("currency").agg(
        known=pl.len(), gone=(closed | (pl.col("effect") == effects.REPLACED)).sum()
    )
    every = of_currency.select(pl.lit("*").alias("currency"), pl.col("known", "gone").sum())
    judged = pl.concat([every, of_currency.sort("currency")])
    few = judged.filter(2 * pl.col("gone") > pl.col("known"), pl.col("gone") >= _HANDFUL)
    missing = opened["row"].null_count()
    if few.height:
        currency, known, gone = few.row(0)
        where = ", ".join(of_currency["currency"].sort()) if currency == "*" else currency
        counts: dict[str, str | int] = {"found": gone, "known": known, "currency": where}
        yield Problem("erp_full_too_few", counts, source=table.name)
    elif 2 * missing > opened.height:
        counts = {"found": missing, "known": opened.height}
        yield Problem("erp_many_missing", counts, source=table.name)
