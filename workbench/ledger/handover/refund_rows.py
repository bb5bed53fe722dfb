"""Refunds as rows: what was asked for, what waits, and what a delivery holds."""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader

#: One row per refund that was asked for; `state` is waiting, handed_over or withdrawn.
REFUNDS = pl.Schema(
    {
        "refund_id": pl.Int64,
        "entry_id": pl.Int64,
        "customer_no": pl.String,
        "document_no": pl.String,
        "erp_entry_no": pl.String,
        "amount": pl.Int64,
        "currency": pl.String,
        "reason": pl.String,
        "actor": pl.String,
        "delivery": pl.String,
        "state": pl.String,
    }
)

_REFUNDS = """
SELECT r.refund_id, r.entry_id, c.customer_no, e.document_no, e.erp_entry_no,
       r.amount_minor, r.currency, r.reason, r.actor, h.document_no,
       CASE WHEN w.refund_id IS NOT NULL THEN 'withdrawn'
            WHEN o.refund_id IS NOT NULL THEN 'handed_over' ELSE 'waiting' END
FROM refund AS r JOIN entry AS e USING (entry_id)
JOIN customer AS c ON c.customer_id = r.customer_id
LEFT JOIN refund_withdrawal AS w USING (refund_id)
LEFT JOIN handover_refund AS o USING (refund_id)
LEFT JOIN handover AS h USING (handover_id)
ORDER BY r.refund_id
"""

#: The account as it was at a recorded time: the first later edit says what stood there.
_ACCOUNTS = """
SELECT c.customer_no, ifnull(
    (SELECT json_extract(v.fields, '$.bank_account') FROM person_version AS v
     WHERE v.person_id = p.person_id AND v.recorded > :known
       AND json_type(v.fields, '$.bank_account') = 'text' ORDER BY v.version LIMIT 1),
    p.bank_account)
FROM customer AS c JOIN person AS p ON p.person_id = c.person_id
WHERE EXISTS (SELECT 1 FROM refund AS r WHERE r.customer_id = c.customer_id)
"""
_ACCOUNT = pl.Schema({"customer_no": pl.String, "bank_account": pl.String})

#: How many of an account's characters stay readable.
_SHOWN = 4


def refunds(reader: Reader) -> pl.DataFrame:
    """Every refund that was asked for: rows of `REFUNDS`."""
    return reader.frame(_REFUNDS, schema=REFUNDS)


def refunds_waiting(reader: Reader) -> pl.DataFrame:
    """Those that go out with the next delivery, as its lines."""
    return _as_lines(reader, refunds(reader).filter(pl.col("state") == "waiting"), reader.seq)


def refunds_of_delivery(reader: Reader, document_no: str, *, known: int) -> pl.DataFrame:
    """Those that went out with a delivery, as its lines, as known then."""
    return _as_lines(reader, refunds(reader).filter(pl.col("delivery") == document_no), known)


def _as_lines(reader: Reader, rows: pl.DataFrame, known: int) -> pl.DataFrame:
    accounts = reader.frame(_ACCOUNTS, {"known": known}, schema=_ACCOUNT)
    account = pl.col("bank_account")
    hidden = pl.lit("*").repeat_by(account.str.len_chars().cast(pl.Int64) - _SHOWN)
    return (
        rows.join(accounts, on="customer_no", how="left")
        .with_columns(
            refund_no="refund_id",
            masked_bank_account=pl.when(account.str.len_chars() > _SHOWN).then(
                hidden.list.join("") + account.str.slice(-_SHOWN)
            ),
        )
        .sort("refund_id")
    )
