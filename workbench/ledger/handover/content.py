"""What a delivery holds, before it is a file: lines, settlements, refunds and totals."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from workbench.ledger.handover.fields import Role
from workbench.ledger.handover.layout import Layout
from workbench.ledger.handover.lines import lines_of
from workbench.ledger.handover.postings import (
    Source,
    names,
    postings_of,
    source_delivery,
    source_waiting,
)
from workbench.ledger.handover.refund_rows import refunds_of_delivery, refunds_waiting
from workbench.ledger.handover.waiting import CHOSEN_WAITING, chosen
from workbench.ledger.setup import HANDOVER_SERIES
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.workspace import Settings

#: The currency of every amount in a SIE file.
_SIE_CURRENCY = "SEK"

_ACCOUNT = pl.Schema({"account_no": pl.String, "name": pl.String})

_ALL_WAITING = f"SELECT DISTINCT p.voucher_id FROM {CHOSEN_WAITING}"  # noqa: S608  # our own text

_NEXT = """
SELECT next_number, prefix, digits FROM number_series WHERE series = ?
"""


@dataclass(frozen=True, slots=True)
class Content:
    """A delivery as rows.

    Attributes:
        number: The delivery's own, such as `HO-000001`.
        seq: The recorded time at which the rows were read.
        lines: The fields of `FIELDS["postings"]` that the layout looks at, and `posting_id`.
        settlements: Every settlement of the delivery; `carried` ones are in a line.
        refunds: Every field of `FIELDS["refunds"]`, and `refund_id`.
        totals: currency, postings, debit_minor and credit_minor, found from the lines.
        accounts: account_no and name of the ledger accounts that the lines use.
        staying: Vouchers that the format cannot hold; they wait on.
    """

    number: str
    as_of: dt.date
    seq: int
    company: str
    base_currency: str
    lines: pl.DataFrame
    settlements: pl.DataFrame
    refunds: pl.DataFrame
    accounts: pl.DataFrame
    totals: pl.DataFrame
    problems: tuple[Problem, ...]
    staying: tuple[str, ...]

    @property
    def instructions(self) -> pl.DataFrame:
        """The settlements that no line carries, numbered."""
        return self.settlements.filter(~pl.col("carried")).with_columns(
            line_no=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
        )

    @property
    def heading(self) -> dict[str, Any]:
        """The names that may change later, kept so that the delivery can be made again."""
        return {"company": self.company, "accounts": dict(self.accounts.iter_rows())}

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to hand over."""
        return self.lines.is_empty() and self.settlements.is_empty() and self.refunds.is_empty()


@dataclass(frozen=True, slots=True)
class RenderedFile:
    """One file as bytes; its name holds the delivery's number."""

    role: Role
    name: str
    content: bytes
    lines: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of a delivery; with a problem none of them may leave."""

    files: tuple[RenderedFile, ...]
    problems: tuple[Problem, ...] = ()


#: Makes the files of a delivery.
Render = Callable[[Layout, Content], Rendered]


def content_waiting(
    reader: Reader,
    layout: Layout,
    *,
    settings: Settings,
    as_of: dt.date,
    up_to: dt.date | None,
    journal: str | None,
) -> Content:
    """What would go out now."""
    source = source_waiting(up_to=up_to, journal=journal)
    postings = postings_of(reader, source, needed=layout.needed)
    unfit = _unfit(postings, settings.currency) if layout.format == "sie" else postings.clear()
    postings = postings.join(unfit, on="voucher_id", how="anti")
    waiting = pl.Series(
        "voucher_id",
        [row[0] for row in reader.rows(_ALL_WAITING, chosen(up_to=None, journal=None))],
        pl.Int64,
    )
    staying = waiting.filter(~waiting.is_in(postings["voucher_id"].unique().implode()))
    row = reader.record(_NEXT, [HANDOVER_SERIES])
    assert row is not None, HANDOVER_SERIES
    content = _content(
        reader, layout, source,
        number=f"{row['prefix']}{row['next_number']:0{row['digits']}d}",
        as_of=as_of,
        settings=settings,
        known=reader.seq,
        postings=postings,
        staying=staying,
        refunds=refunds_waiting(reader),
    )  # fmt: skip
    documents = tuple(unfit["document_no"].unique().sort())
    problems = tuple(
        Problem("handover_unfit_voucher", {"voucher": voucher, "currency": _SIE_CURRENCY})
        for voucher in documents
    )
    return replace(content, problems=problems, staying=documents)


def content_of_delivery(
    reader: Reader, layout: Layout, row: Mapping[str, Any], *, settings: Settings
) -> Content:
    """What went out in a delivery, as it was known then."""
    source = source_delivery(row["handover_id"])
    found = _content(
        reader, layout, source,
        number=row["document_no"],
        as_of=dt.date.fromisoformat(row["as_of"]),
        settings=settings,
        known=row["recorded"],
        postings=postings_of(reader, source, needed=layout.needed),
        staying=pl.Series("voucher_id", [], pl.Int64),
        refunds=refunds_of_delivery(reader, row["document_no"], known=row["recorded"]),
    )  # fmt: skip
    heading = json.loads(row["heading"])
    named = [*heading.get("accounts", {}).items()]
    accounts = pl.DataFrame(named, schema=_ACCOUNT, orient="row")
    return replace(found, company=heading.get("company", found.company), accounts=accounts)


def _content(
    reader: Reader,
    layout: Layout,
    source: Source,
    *,
    number: str,
    as_of: dt.date,
    settings: Settings,
    postings: pl.DataFrame,
    staying: pl.Series,
    refunds: pl.DataFrame,
    known: int,
) -> Content:
    lines, settlements = lines_of(
        reader, source, postings=postings, staying=staying, needed=layout.needed,
        applies=layout.applies,
    )  # fmt: skip
    if layout.asks_for("customer_name"):
        people = names(reader, known=known)
        lines = lines.join(people, on="customer_no", how="left", maintain_order="left")
        refunds = refunds.join(people, on="customer_no", how="left", maintain_order="left")
    delivery = pl.lit(number).alias("delivery_no")
    base = settings.currency
    return Content(
        number=number,
        as_of=as_of,
        seq=reader.seq,
        company=settings.company,
        base_currency=base,
        lines=lines.with_columns(
            delivery,
            pl.lit(base).alias("base_currency"),
            pl.when(pl.col("currency") != base)
            .then(pl.col("currency"))
            .alias("foreign_currency"),
        ),
        settlements=settlements.join(
            postings.select("voucher_id", "document_no").unique(), on="voucher_id", how="left"
        )
        .with_columns(delivery)
        .sort("application_id"),
        refunds=refunds.with_columns(
            delivery, pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("line_no")
        ),
        accounts=_accounts(reader, lines),
        totals=_totals(lines),
        problems=(),
        staying=(),
    )


def _unfit(postings: pl.DataFrame, base_currency: str) -> pl.DataFrame:
    """Vouchers that a SIE file cannot hold: amounts that are not in kronor, even as base."""
    own = pl.col("currency") == _SIE_CURRENCY
    has_base = pl.col("base_amount_minor").is_not_null()
    known = own | (has_base & pl.lit(base_currency == _SIE_CURRENCY))
    in_kronor = pl.when(own).then("amount_minor").otherwise("base_amount_minor")
    found = postings.group_by("voucher_id", "document_no").agg(
        known=known.all(), total=in_kronor.sum()
    )
    fits = pl.col("known") & (pl.col("total") == 0)
    return found.filter(~fits).select("voucher_id", "document_no")


def _totals(lines: pl.DataFrame) -> pl.DataFrame:
    amount = pl.col("amount")
    sums = lines.group_by("posting_id", "currency").agg(amount.sum())
    return (
        sums.group_by("currency")
        .agg(
            pl.len().cast(pl.Int64).alias("postings"),
            amount.clip(lower_bound=0).sum().alias("debit_minor"),
            amount.clip(upper_bound=0).sum().alias("credit_minor"),
        )
        .sort("currency")
    )


def _accounts(reader: Reader, lines: pl.DataFrame) -> pl.DataFrame:
    used = json.dumps(lines["ledger_account"].unique().sort().to_list())
    return reader.frame(
        "SELECT account_no, name FROM account "
        "WHERE account_no IN (SELECT value FROM json_each(?)) ORDER BY account_no",
        [used],
        schema=_ACCOUNT,
    )
