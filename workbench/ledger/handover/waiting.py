"""What waits to be handed to the ERP: vouchers, settlements and money to be paid back.

A journal whose postings the ERP must hear of is marked so (`handed_back`). What it told us
itself, settlements in the ERP included, never goes back to it.
"""

from __future__ import annotations

import datetime as dt

import polars as pl

from workbench.store.connection import Reader

#: One row per voucher and currency that is in no delivery.
WAITING = pl.Schema(
    {
        "voucher_id": pl.Int64,
        "journal": pl.String,
        "document_no": pl.String,
        "posting_date": pl.Date,
        "bank_date": pl.Date,
        "text": pl.String,
        "currency": pl.String,
        "postings": pl.Int64,
        "debit_minor": pl.Int64,
    }
)

#: Settlements of ours that are in no delivery; those in a voucher go out with it.
WAITING_SETTLEMENTS = pl.Schema(
    {
        "application_id": pl.Int64,
        "customer_no": pl.String,
        "kind": pl.String,
        "from_document_no": pl.String,
        "to_document_no": pl.String,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "posting_date": pl.Date,
        "document_no": pl.String,
    }
)

#: Postings `p` of vouchers `v` that are in no delivery, with a filter.
CHOSEN_WAITING = """
    posting AS p JOIN voucher AS v ON v.voucher_id = p.voucher_id
    JOIN journal AS j ON j.journal = v.journal AND j.handed_back = 1
    WHERE NOT EXISTS (SELECT 1 FROM handover_posting AS h WHERE h.posting_id = p.posting_id)
      AND (:up_to IS NULL OR v.posting_date <= :up_to)
      AND (:journal IS NULL OR v.journal = :journal)
"""

#: Settlements `a` of ours that are in no delivery.
CHOSEN_APPLICATIONS = """
    application AS a
    WHERE a.kind <> 'settled_in_erp'
      AND NOT EXISTS (SELECT 1 FROM handover_application AS h
                      WHERE h.application_id = a.application_id)
      AND NOT EXISTS (SELECT 1 FROM application AS r
                      WHERE r.application_id = a.reverses_application_id
                        AND r.kind = 'settled_in_erp')
"""

_WAITING = f"""
SELECT v.voucher_id, v.journal, v.document_no, v.posting_date, v.bank_date, v.text,
       p.currency, count(*), sum(max(p.amount_minor, 0))
FROM {CHOSEN_WAITING}
GROUP BY v.voucher_id, p.currency ORDER BY v.posting_date, v.journal, v.number, p.currency
"""  # noqa: S608  # our own text

_SETTLEMENTS = f"""
SELECT a.application_id,
       (SELECT customer_no FROM customer AS c WHERE c.customer_id = t.customer_id), a.kind,
       f.document_no, t.document_no, a.amount_minor, a.currency, a.posting_date,
       (SELECT document_no FROM voucher AS v WHERE v.voucher_id = a.voucher_id)
FROM (SELECT a.* FROM {CHOSEN_APPLICATIONS}) AS a
JOIN entry AS f ON f.entry_id = a.from_entry_id JOIN entry AS t ON t.entry_id = a.to_entry_id
ORDER BY a.application_id
"""  # noqa: S608  # our own text


def waiting(
    reader: Reader, *, up_to: dt.date | None = None, journal: str | None = None
) -> pl.DataFrame:
    """The vouchers that the ERP has not been handed yet.

    Args:
        reader: The view to ask.
        up_to: The last posting date that is wanted; None for all.
        journal: The only journal that is wanted; None for all.

    Returns:
        Rows of `WAITING`, by posting date, journal and number.
    """
    return reader.frame(_WAITING, chosen(up_to=up_to, journal=journal), schema=WAITING)


def waiting_settlements(reader: Reader) -> pl.DataFrame:
    """The settlements that the ERP has not been handed yet: rows of `WAITING_SETTLEMENTS`."""
    return reader.frame(_SETTLEMENTS, schema=WAITING_SETTLEMENTS)


def chosen(*, up_to: dt.date | None, journal: str | None) -> dict[str, object]:
    """The parameters of a filter."""
    return {"up_to": up_to.isoformat() if up_to else None, "journal": journal}
