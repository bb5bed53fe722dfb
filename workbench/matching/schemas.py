"""The frames that matching takes and gives. Amounts are Int64 minor units, cash view."""

from __future__ import annotations

import polars as pl

from workbench.model.frames import TRANSACTIONS

#: One row per payment record. `payment_id` is opaque and unique; `known` marks a line that
#: an earlier delivery already brought.
PAYMENTS = pl.Schema({**TRANSACTIONS, "payment_id": pl.Int64(), "known": pl.Boolean()})

#: One row per collection that the payments' creditors may mean: as sent, and as it stands.
COLLECTIONS = pl.Schema(
    {
        "collection_id": pl.Int64,  # opaque, unique
        "creditor_no": pl.String,
        "debtor_group": pl.String,
        "customer_no": pl.String,  # canonical
        "agreement_no": pl.String,  # null: none, zeros were sent
        "reference": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,  # collection +, disbursement −
        "currency": pl.String,
        "status": pl.String,  # model.statuses.Status
        "sent": pl.Boolean,  # whether it ever left the house
        "section_kind": pl.String,
        "paid_by": pl.Int64,  # payment_id of the payment that made it paid; null: none
        "paid_minor": pl.Int64,  # cash of that payment
        "paid_by_kind": pl.String,  # kind of that payment
        "paid_applied": pl.Boolean,  # whether that payment was applied; false: all residual
    }
)

#: One row per payment, in the order of the payments.
OUTCOMES = pl.Schema(
    {
        "payment_id": pl.Int64,
        "outcome": pl.String,  # matched, rejected, held
        "class": pl.String,  # why it is held (`classes.CLASSES`); null when it is not
        "collection_id": pl.Int64,  # null when none was found, or none alone
        "reverses_payment_id": pl.Int64,  # the payment that a reversal takes back
        "rule": pl.String,  # id of the rule that found the collection or the runner-up
        "confidence": pl.String,  # certain, high, medium, low; null when nothing was found
        "applied_minor": pl.Int64,  # applied + residual = cash
        "residual_minor": pl.Int64,
        "new_status": pl.String,  # what the collection becomes; null: stays as it is
        "difference_minor": pl.Int64,  # paid − collected; null when there is none
        "agreed": pl.String,  # ids of the criteria that agreed, blank between
        "differed": pl.String,  # ids of the criteria that differed
        "weight": pl.Int32,
        "runner_up_collection_id": pl.Int64,  # the next best, or what is only suggested
        "margin": pl.Int32,  # weight ahead of the runner-up; null when there is none
        "sequence": pl.Int32,  # turn among the lines of its collection; null: took no turn
    }
)


class WrongFrameError(TypeError):
    """A frame lacks a column, or has one of another type."""


def checked(frame: pl.DataFrame, schema: pl.Schema, *, name: str) -> pl.DataFrame:
    """The columns of a schema, in its order; other columns are left out.

    Raises:
        WrongFrameError: A column is missing or of another type; all are named.
    """
    found = frame.schema
    wrong = [
        f"{column}: {found.get(column, 'missing')}, not {dtype}"
        for column, dtype in schema.items()
        if found.get(column) != dtype
    ]
    if wrong:
        raise WrongFrameError(name, *wrong)
    return frame.select(schema.names())
