"""Literal rows: each names only what differs from an ordinary payment or collection."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from workbench.matching.match import match_payments
from workbench.matching.rules import RULES
from workbench.matching.schemas import COLLECTIONS, PAYMENTS

Row = dict[str, Any]
Match = Callable[..., list[Row]]

DUE = dt.date(2026, 11, 2)
BOOKED = dt.date(2026, 11, 3)

PAYMENT: Row = {
    "section": 1,
    "section_kind": "0211",
    "kind": "payment_completed",
    "code": "0236",
    "creditor_no": "87654321",
    "debtor_group": "00001",
    "customer_no": "1042",
    "agreement_no": "123456789",
    "reference": "100000003",
    "due_date": DUE,
    "payment_date": DUE,
    "booking_date": BOOKED,
    "amount_minor": 15_000,
    "amount_paid_minor": 15_000,
    "currency": "DKK",
    "fee_minor": 0,
    "faulty": False,
    "known": False,
}
COLLECTION: Row = {
    "creditor_no": "87654321",
    "debtor_group": "00001",
    "customer_no": "1042",
    "agreement_no": "123456789",
    "reference": "100000003",
    "due_date": DUE,
    "amount_minor": 15_000,
    "currency": "DKK",
    "status": "in_process",
    "sent": True,
    "section_kind": "0112",
}


def payments_frame(rows: Iterable[Row]) -> pl.DataFrame:
    numbered = [
        {"payment_id": 9_000 + n, "line": 10 + n, "raw_key": 7_000 + n, **PAYMENT, **row}
        for n, row in enumerate(rows)
    ]
    return pl.DataFrame(numbered, schema=PAYMENTS)


def collections_frame(rows: Iterable[Row]) -> pl.DataFrame:
    numbered = [{"collection_id": 1 + n, **COLLECTION, **row} for n, row in enumerate(rows)]
    return pl.DataFrame(numbered, schema=COLLECTIONS)


@pytest.fixture
def match() -> Match:
    """Matches literal rows and gives the outcomes as rows."""

    def run(
        payments: Iterable[Row],
        collections: Iterable[Row],
        *,
        customers: Iterable[str] = ("1042", "2077"),
        tolerance_minor: int = 0,
    ) -> list[Row]:
        return match_payments(
            payments_frame(payments),
            collections=collections_frame(collections),
            customers=pl.Series(list(customers), dtype=pl.String),
            rules=replace(RULES, tolerance_minor=tolerance_minor),
        ).to_dicts()

    return run
