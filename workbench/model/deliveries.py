"""A delivery: one file from or to a payment center, with what it says about itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import polars as pl


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes that were read: name without folders, digest, size, physical lines."""

    name: str
    sha256: str
    bytes: int
    lines: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts and an amount in the file's own rule and sign; None where a level has none."""

    sections: int | None = None
    count: int | None = None
    amount_minor: int | None = None
    text_count: int | None = None
    address_count: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A homogeneous part of a delivery (sektion, oppdrag) with totals of its own.

    Attributes:
        index: Counted from 1 in the file.
        kind: The section number as text, such as "0211".
        rule: How its amount is summed: "gross" or "net".
    """

    index: int
    kind: str
    creditor_no: str
    debtor_group: str | None
    rule: str
    declared: Totals
    computed: Totals
    agrees: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """The payment center's answer (kvittering) to a delivery of ours.

    Attributes:
        kind: "received" when the file arrived, "validated" when its content was checked.
        code: The center's code, such as "PN00".
        delivery_id: Our delivery identification as far as the receipt gives it.
        text: The center's words; labelled values of a report as `label: value` lines.
        own_id: The id that the sender's software gave the transmission; None if not given.
        assigned_id: The delivery number that the center assigned; None if not given.
        subsystem: The stream that it answers; None if not given.
        totals: What the center counted, where it says so.
    """

    line: int
    kind: Literal["received", "validated"]
    code: str
    accepted: bool
    delivery_id: str | None
    text: str
    own_id: str | None = None
    assigned_id: str | None = None
    supplier_no: str | None = None
    subsystem: str | None = None
    totals: Totals = Totals()


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one file holds. `transactions` and `agreements` follow `model.frames`.

    Attributes:
        format: Its id in `workbench.io.FORMATS`.
        id: The delivery identification; None for a receipt.
        type: The delivery type, such as "0602".
        agrees: Whether every level's computed totals equal the declared ones.
    """

    format: str
    source: Source
    id: str | None
    type: str | None
    creditor_no: str | None
    supplier_no: str | None
    subsystem: str | None
    created: dt.date | None
    declared: Totals
    computed: Totals
    agrees: bool
    sections: tuple[Section, ...]
    transactions: pl.DataFrame
    agreements: pl.DataFrame
    receipts: tuple[Receipt, ...] = ()
