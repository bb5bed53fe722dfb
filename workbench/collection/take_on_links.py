"""Which open entries a collection of the predecessor collects, where there is no doubt.

Three ways, the surest first: the advice names the documents and they come to the amount;
one open entry has the amount and the due date; the entries of the due date come to the
amount, all of them or exactly one choice. An entry that two collections could claim belongs
to neither.
"""

from __future__ import annotations

from itertools import combinations

import polars as pl

#: What links are found for: one row per collection.
CLAIMED = pl.Schema(
    {
        "row": pl.Int64,
        "customer_id": pl.Int64,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "text": pl.String,
    }
)

#: The entry's part of a collection, with its sign, and how it was found.
LINKS = pl.Schema(
    {"row": pl.Int64, "entry_id": pl.Int64, "amount_minor": pl.Int64, "how": pl.String}
)

#: So many entries of one due date are tried in every combination.
_ENTRIES_MOST = 12

#: Digits alone name a document from this length on; shorter ones are days and counts.
_DIGITS_LEAST = 4


def link(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """The links of collections to open entries, rows of `LINKS`.

    Args:
        lines: Rows of `CLAIMED`.
        entries: Open entries that no collection has yet: `entry_id`, `customer_id`,
            `due_date`, `remaining_minor`, `document_no`.
    """
    named = _named(lines, entries)
    found = [_fitting(named, lines, how="document")]
    rest = lines.filter(~pl.col("row").is_in(named["row"].unique().implode()))
    for ways in (_by_amount, _by_sum):
        taken = pl.concat(found)
        free = entries.filter(~pl.col("entry_id").is_in(taken["entry_id"].implode()))
        open_rows = rest.filter(~pl.col("row").is_in(taken["row"].implode()))
        found.append(ways(open_rows, free))
    links = pl.concat(found)
    assert links["entry_id"].is_unique().all()
    return links


def _named(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """The entries whose document numbers the advice names: row, entry_id, remaining_minor."""
    words = (
        lines.select("row", "customer_id", word=pl.col("text").str.extract_all(r"[^\s,;()]+"))
        .explode("word")
        .with_columns(pl.col("word").str.strip_chars(".:"))
        .filter(
            ~pl.col("word").str.contains(r"^\d*$")
            | (pl.col("word").str.len_chars() >= _DIGITS_LEAST)
        )
        .unique()
    )
    return words.join(
        entries, left_on=["customer_id", "word"], right_on=["customer_id", "document_no"]
    ).select("row", "entry_id", "remaining_minor")


def _fitting(named: pl.DataFrame, lines: pl.DataFrame, *, how: str) -> pl.DataFrame:
    """The links of the rows whose entries come to their amount and are nobody else's."""
    judged = (
        named.join(lines.select("row", "amount_minor"), on="row")
        .with_columns(claims=pl.len().over("entry_id"))
        .filter(
            pl.col("remaining_minor").sum().over("row") == pl.col("amount_minor"),
            pl.col("claims").max().over("row") == 1,
        )
    )
    return _links(judged, how=how)


def _by_amount(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """One entry with the amount and the due date, and one collection that it fits."""
    pairs = lines.join(
        entries,
        left_on=["customer_id", "due_date", "amount_minor"],
        right_on=["customer_id", "due_date", "remaining_minor"],
    ).filter((pl.len().over("row") == 1) & (pl.len().over("entry_id") == 1))
    return _links(pairs.with_columns(remaining_minor="amount_minor"), how="due_date_and_amount")


def _by_sum(lines: pl.DataFrame, entries: pl.DataFrame) -> pl.DataFrame:
    """The entries of a due date that come to the amount of its only collection."""
    alone = lines.filter(pl.len().over("customer_id", "due_date") == 1)
    groups = alone.join(entries, on=["customer_id", "due_date"]).group_by(
        "row", maintain_order=True
    ).agg(pl.col("amount_minor").first(), "entry_id", "remaining_minor")  # fmt: skip
    chosen = [
        (row, entry_ids[n], amounts[n], "sum")
        for row, amount, entry_ids, amounts in groups.iter_rows()
        for n in _only_choice(amounts, amount)
    ]
    return pl.DataFrame(chosen, schema=LINKS, orient="row")


def _only_choice(amounts: list[int], wanted: int) -> tuple[int, ...]:
    """The positions that sum to what is wanted: all, or the only choice; else none."""
    everything = tuple(range(len(amounts)))
    if sum(amounts) == wanted:
        return everything
    if len(amounts) > _ENTRIES_MOST:
        return ()
    choices = [
        chosen
        for size in range(1, len(amounts))
        for chosen in combinations(everything, size)
        if sum(amounts[n] for n in chosen) == wanted
    ]
    return choices[0] if len(choices) == 1 else ()


def _links(found: pl.DataFrame, *, how: str) -> pl.DataFrame:
    return found.select(
        "row",
        "entry_id",
        pl.col("remaining_minor").alias("amount_minor"),
        pl.lit(how).alias("how"),
    ).cast(dict(LINKS))  # type: ignore[arg-type]  # names with their types
