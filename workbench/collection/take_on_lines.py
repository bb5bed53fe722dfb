"""A delivery that the predecessor sent, as collection lines of ours.

References, numbers, due dates and amounts stay as they were sent, so that the first payment
file finds its collections. What cannot be taken on is named; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from workbench.collection.suggest import COLLECTABLE, TAKEN_ENTRIES
from workbench.collection.take_on_links import LINKS, link
from workbench.io import betalingsservice_0601
from workbench.ledger.open_entries import open_entries
from workbench.model.deliveries import Delivery
from workbench.model.problems import Problem, Severity
from workbench.store.connection import Reader

#: How much of a reference a payment slip returns.
_SHORT = 9

_CUSTOMERS = pl.Schema({"customer_no": pl.String, "customer_id": pl.Int64})
_CREDITORS = pl.Schema({"creditor_no": pl.String, "system": pl.String, "currency": pl.String})
_AGREEMENTS = pl.Schema(
    {
        "agreement_id": pl.Int64,
        "creditor_no": pl.String,
        "debtor_group": pl.String,
        "customer_id": pl.Int64,
        "agreement_no": pl.String,
    }
)
_KNOWN = """
SELECT creditor_no, reference, substr(reference, 1, 9) FROM collection_line
WHERE creditor_no IN (SELECT value FROM json_each(?)) AND reference IS NOT NULL
"""
_KNOWN_SCHEMA = pl.Schema(
    {"creditor_no": pl.String, "reference": pl.String, "short": pl.String}
)


@dataclass(frozen=True, slots=True)
class SentPlan:
    """What taking on one sent delivery would do.

    Attributes:
        delivery: The file as it was read; None when it is no 0601.
        system: The collection system of its creditors.
        lines: The collections to take on, as `collection_line` has them, with `row` (their
            number) and `settled` (paid before the take-on).
        links: Rows of `take_on_links.LINKS`.
        unlinked: Rows that are to be paid and have no entries.
        stopped: Entries held back, since they may be what an unlinked line collects.
        problems: What speaks against it, and what a person should know.
    """

    delivery: Delivery | None
    system: str
    lines: pl.DataFrame
    links: pl.DataFrame
    unlinked: pl.DataFrame
    stopped: pl.DataFrame
    problems: tuple[Problem, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing stops the file."""
        return not any(p.severity is not Severity.WARNING for p in self.problems)


def plan(
    reader: Reader,
    content: bytes,
    *,
    name: str,
    as_of: dt.date,
    paid_before: dt.date | None,
) -> SentPlan:
    """Judge a sent delivery against the workspace as it stands.

    Args:
        reader: The view to ask.
        content: The whole file, a 0601.
        name: Its name without folders, for problems.
        as_of: The day of the take-on, whose open entries count.
        paid_before: Collections due before this day were settled with the predecessor.
    """
    reading = betalingsservice_0601.read(content, name=name)
    delivery, problems = reading.value, list(reading.problems)
    if delivery is None or any(p.severity is Severity.FATAL for p in problems):
        return _refused(delivery, problems)
    creditors = reader.frame(
        "SELECT creditor_no, system, currency FROM creditor", schema=_CREDITORS
    )
    systems = sorted(_systems(delivery, creditors))
    problems += _delivery_problems(reader, delivery, creditors, systems, name)
    if any(p.severity is Severity.FATAL for p in problems):
        return _refused(delivery, problems)
    lines = _lines(reader, delivery.transactions, creditors)
    problems += _line_problems(lines, name)
    lines = _taken(lines, paid_before=paid_before)
    entries = _free_entries(reader, as_of=as_of)
    open_lines = lines.filter(~pl.col("settled"))
    links = link(open_lines, entries)
    unlinked = open_lines.filter(~pl.col("row").is_in(links["row"].implode()))
    problems += _unlinked_problems(unlinked, name)
    return SentPlan(
        delivery=delivery,
        system=systems[0],
        lines=lines,
        links=links,
        unlinked=unlinked,
        stopped=_stopped(entries, links, unlinked),
        problems=tuple(sorted(problems, key=lambda p: p.line or 0)),
    )


def _refused(delivery: Delivery | None, problems: list[Problem]) -> SentPlan:
    nothing = pl.DataFrame()
    return SentPlan(delivery, "", nothing, LINKS.to_frame(), nothing, nothing, tuple(problems))


def _systems(delivery: Delivery, creditors: pl.DataFrame) -> set[str]:
    meant = [section.creditor_no for section in delivery.sections]
    return set(creditors.filter(pl.col("creditor_no").is_in(meant))["system"])


def _delivery_problems(
    reader: Reader,
    delivery: Delivery,
    creditors: pl.DataFrame,
    systems: list[str],
    name: str,
) -> list[Problem]:
    known = set(creditors["creditor_no"])
    strangers = sorted({section.creditor_no for section in delivery.sections} - known)
    problems = [Problem("unknown_creditor", {"found": no}, name) for no in strangers]
    if not strangers and len(systems) != 1:
        problems.append(
            Problem("take_on_no_single_system", {"found": ", ".join(systems)}, name)
        )
    before = reader.value(
        "SELECT file_name FROM delivery WHERE system IN (SELECT value FROM json_each(?)) "
        "AND delivery_no = ?",
        [json.dumps(systems), delivery.id],
    )
    if before is not None:
        params = {"delivery": str(delivery.id), "before": str(before)}
        problems.append(Problem("take_on_delivery_known", params, name))
    return problems


def _lines(reader: Reader, transactions: pl.DataFrame, creditors: pl.DataFrame) -> pl.DataFrame:
    """The file's collections with what the workspace knows of them."""
    numbers = transactions["customer_no"].drop_nulls().unique()
    customers = reader.frame(
        "SELECT customer_no, customer_id FROM customer "
        "WHERE customer_no IN (SELECT value FROM json_each(?))",
        [json.dumps(numbers.to_list())],
        schema=_CUSTOMERS,
    )
    agreements = reader.frame(
        "SELECT agreement_id, creditor_no, debtor_group, customer_id, agreement_no "
        "FROM agreement",
        schema=_AGREEMENTS,
    )
    known = reader.frame(
        _KNOWN, [json.dumps(creditors["creditor_no"].to_list())], schema=_KNOWN_SCHEMA
    )
    reference = pl.col("reference").str.strip_chars_end()
    in_file = ("creditor_no", "reference")
    return (
        transactions.with_row_index("row")
        .with_columns(
            pl.col("row").cast(pl.Int64),
            pl.when(reference != "").then(reference).alias("reference"),
            pl.col("text").fill_null(""),
        )
        .with_columns(short=pl.col("reference").str.slice(0, _SHORT))
        .join(customers, on="customer_no", how="left", maintain_order="left")
        .join(
            creditors.select("creditor_no", sent_in="currency"),
            on="creditor_no",
            how="left",
            maintain_order="left",
        )
        .join(
            agreements.unique(_AGREEMENTS.names()[1:], keep="first", maintain_order=True),
            on=["creditor_no", "debtor_group", "customer_id", "agreement_no"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            repeated=pl.col("reference").is_not_null() & (pl.len().over(in_file) > 1),
            known=_among(known, *in_file),
            shared=pl.col("short").is_not_null()
            & (
                (pl.col("reference").n_unique().over("creditor_no", "short") > 1)
                | _among(known, "creditor_no", "short")
            ),
        )
    )


def _among(known: pl.DataFrame, creditor: str, reference: str) -> pl.Expr:
    """Whether a pair of creditor and reference is one of those known."""
    pairs = known.select(pl.concat_str(creditor, reference, separator="/")).to_series()
    found = pl.concat_str(creditor, reference, separator="/").is_in(pairs.unique().implode())
    return found.fill_null(value=False)


def _line_problems(lines: pl.DataFrame, name: str) -> list[Problem]:
    collected = lines.filter(pl.col("amount_minor") > 0)
    judged = (
        ("take_on_unknown_customer", pl.col("customer_id").is_null(), "customer_no"),
        ("take_on_reference_known", pl.col("known") & ~pl.col("repeated"), "reference"),
        ("take_on_repeated_reference", pl.col("repeated"), "reference"),
        ("take_on_short_reference", pl.col("shared") & ~pl.col("repeated"), "reference"),
    )
    problems = [
        Problem(code, {"found": str(found)}, name, line)
        for code, where, column in judged
        for line, found in collected.filter(where).select("line", column).iter_rows()
    ]
    left_out = lines.filter((pl.col("amount_minor") > 0).not_().fill_null(value=True))
    problems += [
        Problem("take_on_not_collected", {"found": str(amount or 0)}, name, line)
        for line, amount in left_out.select("line", "amount_minor").iter_rows()
    ]
    return problems


def _taken(lines: pl.DataFrame, *, paid_before: dt.date | None) -> pl.DataFrame:
    """The lines that collect something; a reference that stands twice names nothing."""
    settled = pl.lit(value=False) if paid_before is None else pl.col("due_date") < paid_before
    return lines.filter(pl.col("amount_minor") > 0).with_columns(
        settled=settled,
        reference=pl.when(~pl.col("repeated")).then("reference"),
        currency=pl.col("sent_in"),
        slip_only=(pl.col("section_kind") == "0117"),
    )


def _free_entries(reader: Reader, *, as_of: dt.date) -> pl.DataFrame:
    """The open entries that may be collected and stand on no collection yet."""
    taken = [entry_id for (entry_id,) in reader.rows(TAKEN_ENTRIES)]
    return open_entries(reader, as_of=as_of).filter(
        pl.col("kind").is_in(COLLECTABLE), ~pl.col("entry_id").is_in(taken)
    )


def _stopped(
    entries: pl.DataFrame, links: pl.DataFrame, unlinked: pl.DataFrame
) -> pl.DataFrame:
    """Entries that an unlinked collection may already collect: same customer and due date."""
    free = entries.filter(
        ~pl.col("entry_id").is_in(links["entry_id"].implode()), ~pl.col("on_hold")
    )
    return free.join(unlinked, on=["customer_id", "due_date"], how="semi").select("entry_id")


def _unlinked_problems(unlinked: pl.DataFrame, name: str) -> Iterable[Problem]:
    return [
        Problem("take_on_not_linked", {"customer": str(customer)}, name, line)
        for line, customer in unlinked.select("line", "customer_no").iter_rows()
    ]
