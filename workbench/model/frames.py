"""The frames that rooms hand to each other. Amounts are Int64 minor units, never floats."""

from __future__ import annotations

import polars as pl

#: One row per payment record of an incoming file, whatever its format; cash view of sign.
#: `raw_key` is equal for records with equal raw fields; `faulty` marks one with a problem.
TRANSACTIONS = pl.Schema(
    {
        "line": pl.Int64,  # physical, from 1
        "section": pl.Int32,  # index of its section, from 1
        "section_kind": pl.String,  # "0211"
        "kind": pl.String,  # payment_completed, payment_rejected, ...; "unknown"
        "code": pl.String,  # the transaction code as text
        "creditor_no": pl.String,
        "debtor_group": pl.String,
        "customer_no": pl.String,  # canonical; null when the file has none
        "agreement_no": pl.String,
        "reference": pl.String,
        "due_date": pl.Date,
        "payment_date": pl.Date,
        "booking_date": pl.Date,
        "amount_minor": pl.Int64,  # what was to be collected
        "amount_paid_minor": pl.Int64,  # cash: paid +, reversed −, rejected and cancelled 0
        "currency": pl.String,
        "reason": pl.String,
        "fee_minor": pl.Int64,
        "payer": pl.String,
        "text": pl.String,
        "bank_reference": pl.String,
        "raw_key": pl.UInt64,
        "faulty": pl.Boolean,
    }
)

#: One row per agreement record of an incoming file.
AGREEMENTS = pl.Schema(
    {
        "line": pl.Int64,
        "section": pl.Int32,
        "section_kind": pl.String,
        "kind": pl.String,  # registered, active, cancelled_by_bank, ...
        "code": pl.String,
        "creditor_no": pl.String,
        "debtor_group": pl.String,
        "customer_no": pl.String,
        "agreement_no": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
        "reason": pl.String,
        "raw_key": pl.UInt64,
        "faulty": pl.Boolean,
    }
)

#: One row per collection to send, in the order of the file.
COLLECTIONS = pl.Schema(
    {  # type: ignore[arg-type]  # a list type beside plain ones
        "section_kind": pl.String,  # "0112" or "0117"
        "creditor_no": pl.String,
        "debtor_group": pl.String,
        "customer_no": pl.String,
        "agreement_no": pl.String,  # null: no agreement, the network makes a slip
        "reference": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,  # collection +, disbursement −
        "addressed": pl.Boolean,  # whether name and address records go with it
        "name": pl.String,
        "address": pl.List(pl.String()),  # address lines below the name, at most four
        "postcode": pl.String,
        "country": pl.String,  # ISO 3166 alpha-2
        "legal_id": pl.String,  # CPR or CVR, digits; null when not sent
        "texts": pl.List(pl.String()),  # advice lines, 60 characters each at most
    }
)
