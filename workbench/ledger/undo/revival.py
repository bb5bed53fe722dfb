"""Entries that an undone import had replaced come back: as a new revision, same facts.

A withdrawal is a fact and stays. What had been settled of the old revision before it was
withdrawn is settled of the new one as well, so that as much remains as before.
"""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from workbench.ledger.periods import open_posting_date
from workbench.ledger.posting import VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.setup import ERP_JOURNAL
from workbench.ledger.undo.rows import APPLIED, append_applications, postings_of
from workbench.ledger.undo.scope import STEPS
from workbench.store.transaction import Transaction

#: What is the same in every revision.
_FACTS = pl.Schema(
    {
        "customer_id": pl.Int64,
        "kind": pl.String,
        "erp_entry_no": pl.String,
        "document_no": pl.String,
        "text": pl.String,
        "document_date": pl.Date,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "base_amount_minor": pl.Int64,
        "rate": pl.String,
        "rate_date": pl.Date,
        "profile": pl.String,
        "dimensions": pl.String,
        "on_hold": pl.Boolean,
        "disputed": pl.Boolean,
        "promised_on": pl.Date,
        "agency_case": pl.String,
        "file_id": pl.Int64,
        "file_line": pl.Int64,
    }
)
_POSTED = pl.Schema(
    {
        "old_id": pl.Int64,
        "like_voucher_id": pl.Int64,
        "withdrawn_on": pl.Date,
        "erp_revision": pl.Int64,
        "remained_minor": pl.Int64,
        "purpose": pl.String,
        "account_no": pl.String,
        "posting_profile": pl.String,
        "vat_code": pl.String,
    }
)
_WITHDRAWN = f"""
SELECT {", ".join(f"e.{name}" for name in _FACTS)},
       e.entry_id, e.voucher_id, ifnull(s.posting_date, e.posting_date),
       (SELECT max(o.erp_revision) + 1 FROM entry AS o WHERE o.erp_entry_no = e.erp_entry_no),
       ifnull(-s.amount_minor, 0), p.purpose, p.account_no, p.profile, p.vat_code
FROM entry_withdrawal AS w JOIN entry AS e USING (entry_id)
JOIN posting AS p ON p.entry_id = e.entry_id AND p.voucher_id = e.voucher_id
LEFT JOIN application AS a ON a.application_id = (
    SELECT o.application_id FROM application AS o
    WHERE o.recorded = w.recorded AND o.kind = 'settled_in_erp'
      AND (o.to_entry_id = e.entry_id OR o.from_entry_id = e.entry_id))
LEFT JOIN entry AS s ON s.kind = 'erp_settlement'
                    AND s.entry_id IN (a.from_entry_id, a.to_entry_id)
WHERE w.reason = 'changed_in_erp' AND w.recorded IN ({STEPS})
ORDER BY e.entry_id
"""  # noqa: S608  # our own text


def bring_back(
    transaction: Transaction, import_id: int, *, text: str, as_of: dt.date
) -> list[int]:
    """Bring back what an import replaced; the new entries.

    Raises:
        NoOpenPeriodError: No period is open from `as_of` on.
    """
    schema = pl.Schema({**_FACTS, **_POSTED})
    old = transaction.frame(_WITHDRAWN, {"import_id": import_id}, schema=schema)
    if old.is_empty():
        return []
    last = old["withdrawn_on"].max()
    assert isinstance(last, dt.date)
    day = open_posting_date(transaction, max(as_of, last), journal=ERP_JOURNAL)
    voucher_id = transaction.draw_ids(1)
    vouchers = pl.DataFrame(
        [{"voucher_id": voucher_id, "journal": ERP_JOURNAL, "posting_date": day, "text": text}],
        schema=VOUCHERS,
    )
    draw_vouchers(transaction, vouchers)
    first = transaction.draw_ids(2 * old.height)
    old = old.with_columns(
        entry_id=pl.int_range(first, first + old.height, dtype=pl.Int64),
        voucher_id=pl.lit(voucher_id, pl.Int64),
        posting_date=pl.lit(day),
    )
    settled = _settled_before(old, first_id=first + old.height, day=day)
    _append(transaction, old, settled)
    both = pl.concat([old, settled], how="diagonal").with_columns(
        profile="posting_profile",
        text="document_no",
        reverses_posting_id=pl.lit(None, pl.Int64),
    )
    add_postings(
        transaction, vouchers=vouchers, postings=postings_of(transaction, both, text=text)
    )
    append_applications(transaction, _applied(settled), posting_date=day)
    return old["entry_id"].to_list()


def _settled_before(old: pl.DataFrame, *, first_id: int, day: dt.date) -> pl.DataFrame:
    """What had been settled of the old revision, as entries that settle the new one."""
    before = old.with_columns(
        amount_minor=pl.col("remained_minor") - pl.col("amount_minor"),
        settles_id="entry_id",
    ).filter(pl.col("amount_minor") != 0)
    return before.with_columns(
        entry_id=pl.int_range(first_id, first_id + before.height, dtype=pl.Int64),
        kind=pl.lit("erp_settlement"),
        document_date=pl.lit(day),
        base_amount_minor=pl.lit(None, pl.Int64),
    )


def _append(transaction: Transaction, old: pl.DataFrame, settled: pl.DataFrame) -> None:
    dated = ("entry_id", "voucher_id", "posting_date")
    transaction.append("entry", old.select(*dated, "erp_revision", *_FACTS))
    left_out = {"erp_entry_no", "on_hold", "disputed", "promised_on", "agency_case",
                "file_id", "file_line"}  # fmt: skip
    facts = [name for name in _FACTS if name not in left_out]
    transaction.append("entry", settled.select(*dated, *facts))
    transaction.execute(
        "INSERT INTO entry_vat SELECT n.value, v.number, v.vat_code, v.rate_basis_points, "
        "v.base_minor, v.vat_minor FROM json_each(?) AS o JOIN json_each(?) AS n USING (key) "
        "JOIN entry_vat AS v ON v.entry_id = o.value",
        [json.dumps(old["old_id"].to_list()), json.dumps(old["entry_id"].to_list())],
    )


def _applied(settled: pl.DataFrame) -> pl.DataFrame:
    credit = pl.col("amount_minor") < 0
    return settled.select(
        from_entry_id=pl.when(credit).then("entry_id").otherwise("settles_id"),
        to_entry_id=pl.when(credit).then("settles_id").otherwise("entry_id"),
        amount_minor=pl.col("amount_minor").abs(),
        currency="currency",
        kind=pl.lit("settled_in_erp"),
        reverses_application_id=pl.lit(None, pl.Int64),
        voucher_id="voucher_id",
    ).cast(APPLIED)
