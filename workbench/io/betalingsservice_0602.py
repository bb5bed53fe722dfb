"""Betalingsservice 0602: payment information from the payment center (betalingsoplysninger).

Sections 0211 (automatic payments) and 0215 (payment slips). Positions: Betalingsservice
Guidelines for Data Suppliers (11 February 2025), checked against files of the network.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from workbench.layout import betalingsservice_rows as rows
from workbench.layout.betalingsservice_delivery import is_delivery, reading
from workbench.layout.betalingsservice_records import SectionEnd, SectionStart
from workbench.layout.betalingsservice_rows import Kind
from workbench.layout.betalingsservice_totals import check, sum_by_section
from workbench.layout.betalingsservice_walk import Walk, walk
from workbench.layout.betalingsservice_writing import (
    DeliveryWriter,
    Envelope,
    Part,
    Written,
    debtor_texts,
    part,
    write_sections,
)
from workbench.layout.digits import Bytes, Numbers
from workbench.layout.fields import (
    Constant,
    CustomerNumber,
    Date,
    Identifier,
    MinorUnits,
    Repeated,
    Sign,
    Text,
    Value,
    canonical_customer,
    zeros,
)
from workbench.layout.formats import Format
from workbench.layout.records import Columns, FixedRecord
from workbench.model.deliveries import Delivery
from workbench.model.frames import TRANSACTIONS
from workbench.model.problems import Reading

AUTOMATIC = "0211"
SLIPS = "0215"

#: Transaction codes and what they tell.
CODES = {
    AUTOMATIC: {
        "0236": Kind("payment_completed", cash=1),
        "0237": Kind("payment_rejected", cash=0),
        "0238": Kind("agreement_cancelled", cash=0),
        "0239": Kind("payment_reversed", cash=-1),
    },
    SLIPS: {"0297": Kind("slip_paid", cash=1), "0299": Kind("slip_reversed", cash=-1)},
}


class AutomaticPayment(FixedRecord):
    """BS042 in section 0211, tc 0236 to 0239."""

    record_type = Constant(1, 5, text="BS042")
    creditor_no = Repeated(6, 13, "PBS number", fill="zero")
    code = Text(14, 17, "transaction code")
    filler = zeros(18, 20)
    debtor_group = Repeated(21, 25, "debtor group number", fill="zero")
    customer_no = CustomerNumber(26, 40, "customer number", fill="zero")
    agreement_no = Identifier(41, 49, "agreement number")
    due_date = Date(50, 55, "due date")
    sign = Sign(56, 56, "sign code")
    collected_minor = MinorUnits(57, 69, "amount collected for")
    reference = Text(70, 99, "creditor reference as sent")
    payment_date = Date(104, 109, "actual payment date")
    booking_date = Date(110, 115, "bookkeeping date")
    paid_minor = MinorUnits(116, 128, "amount paid or charged back")


class SlipPayment(FixedRecord):
    """BS042 in section 0215, tc 0297 and 0299."""

    record_type = Constant(1, 5, text="BS042")
    creditor_no = Repeated(6, 13, "PBS number", fill="zero")
    code = Text(14, 17, "transaction code")
    filler = zeros(18, 20)
    debtor_group = Repeated(21, 25, "debtor group number", fill="zero")
    payer = Text(26, 44, "payer identification", fill="zero")
    card_type = Repeated(45, 46, "card type")
    fee_sign = Repeated(47, 47, "fee sign: 0 none, 1 fee")
    fee_minor = MinorUnits(48, 52, "fee added to the payment", blank=True)
    due_date = Date(53, 58, "due date")
    sign = Sign(59, 59, "sign code")
    collected_minor = MinorUnits(60, 72, "invoiced amount")
    reference = Text(73, 81, "creditor reference, its first 9 characters")
    bank_reference = Text(82, 103, "archive number of the bank")
    payment_date = Date(104, 109, "payment date")
    booking_date = Date(110, 115, "bookkeeping date")
    paid_minor = MinorUnits(116, 128, "amount paid or charged back")


def identify(head: bytes) -> bool:
    """Whether a file that begins like this is a 0602 delivery."""
    return is_delivery(head, delivery_type="0602")


def read(content: bytes, *, name: str) -> Reading[Delivery | None]:
    """The payment information of one delivery, every line accounted for.

    Args:
        content: The whole file.
        name: Its name without folders, for problems.
    """
    found = walk(content, name=name, section_start=SectionStart, section_end=SectionEnd)
    frames: list[pl.DataFrame] = []
    gross = np.zeros(len(found.spans) + 1, np.int64)
    net = gross.copy()
    for chunk in _chunks(found):
        raw, back = chunk.frame["raw_minor"].to_numpy(), chunk.frame["back_minor"].to_numpy()
        sums = sum_by_section(raw, chunk.sections, count=len(found.spans))
        gross += sums
        net += sums - 2 * sum_by_section(back, chunk.sections, count=len(found.spans))
        frames.append(chunk.frame)
    amounts, sections = rows.amounts_of_unknown(found, kinds=tuple(CODES), first=116, last=128)
    strange = sum_by_section(amounts, sections, count=len(found.spans))
    unknown = rows.unknown_rows(found, kinds=tuple(CODES))
    transactions = rows.in_file_order([*frames, unknown], schema=TRANSACTIONS)
    transactions = rows.with_texts(found, transactions)
    checked = check(
        found, {"gross": gross + strange, "net": net + strange}, text_counts_optional=True
    )
    return reading(
        found, checked, format_id=FORMAT.id, content=content, transactions=transactions
    )


def write(transactions: pl.DataFrame, *, envelope: Envelope, strip: bool = True) -> Written:
    """A delivery of payment information, as the payment center sends it.

    One section per section kind, creditor and debtor group, in the order in which they first
    occur. Totals are gross: the digits of every record, reversals included.

    Args:
        transactions: By the schema TRANSACTIONS; line, section and raw key are not used.
        envelope: What the delivery says about itself.
        strip: Whether trailing blanks are removed.

    Returns:
        The file, and the physical line of each transaction's 042 by row of the frame.

    Raises:
        CannotWriteError: A value does not fit its field.
    """
    writer = DeliveryWriter(
        envelope, "0602", SectionStart, SectionEnd, strip=strip, counts_texts=False
    )
    return write_sections(writer, transactions, _write_rows)


def _write_rows(writer: DeliveryWriter, rows_: pl.DataFrame) -> Numbers:
    frame = rows_.with_columns(texts=pl.col("text").str.split("\n"))
    zero_filled = pl.col("customer_no").fill_null("").str.pad_start(15, "0")
    slips = frame["section_kind"][0] == SLIPS
    payments = _slips(frame) if slips else _automatic(frame)
    return writer.records(
        addresses=[],
        payments=payments,
        texts=[debtor_texts(frame.with_columns(zero_filled))],
        amount_minor=int(frame["amount_paid_minor"].abs().sum()),
    )


def _payment_values(frame: pl.DataFrame) -> dict[str, Value]:
    return {
        "code": frame["code"],
        "due_date": frame["due_date"],
        "sign": frame["amount_minor"],
        "collected_minor": frame["amount_minor"].abs(),
        "reference": frame["reference"],
        "payment_date": frame["payment_date"],
        "booking_date": frame["booking_date"],
        "paid_minor": frame["amount_paid_minor"].abs(),
    }


def _automatic(frame: pl.DataFrame) -> Part:
    values = _payment_values(frame)
    return part(AutomaticPayment, frame, {**values, "agreement_no": frame["agreement_no"]})


def _slips(frame: pl.DataFrame) -> Part:
    fee = frame["fee_minor"].fill_null(0)
    customer = "0000" + frame["customer_no"].str.pad_start(15, "0")
    own: dict[str, Value] = {
        "payer": customer.zip_with(frame["customer_no"].is_not_null(), frame["payer"]),
        "card_type": "71",
        "fee_sign": (fee > 0).cast(pl.Int8).cast(pl.String),
        "fee_minor": fee,
        "bank_reference": frame["bank_reference"],
    }
    return part(SlipPayment, frame, {**_payment_values(frame), **own})


def _chunks(found: Walk) -> Iterator[rows.Chunk]:
    automatic = rows.Layout(
        AutomaticPayment, (AUTOMATIC,), CODES[AUTOMATIC], _transactions, _forgive_unpaid
    )
    yield from rows.chunks(found, automatic)
    yield from rows.chunks(
        found, rows.Layout(SlipPayment, (SLIPS,), CODES[SLIPS], _slip_transactions)
    )


def _forgive_unpaid(columns: Columns, matrix: Bytes) -> None:
    """Positions 104-128 say nothing in a 0238, and may be blank in a 0237."""
    code = columns.values["code"].fill_null("")
    blank = (matrix[:, 115:128] == ord(" ")).all(axis=1)
    unsaid = (code == "0238").to_numpy() | ((code == "0237").to_numpy() & blank)
    names = ("payment_date", "booking_date", "paid_minor")
    bits = np.bitwise_or.reduce([AutomaticPayment.fault_bit(name) for name in names])
    columns.faults[unsaid] &= ~bits


def _transactions(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of TRANSACTIONS from the fields of either section.

    Two more serve the totals: positions 116-128 of every record, and of those records that
    take money from the creditor.
    """
    raw = pl.col("paid_minor").fill_null(0)
    direction = pl.when(pl.col("sign") < 0).then(-1).otherwise(1)
    effect = pl.col("cash") * direction
    said = pl.col("code") != "0238"
    return frame.with_columns(
        payment_date=pl.when(said).then("payment_date"),
        booking_date=pl.when(said).then("booking_date"),
        amount_minor=pl.col("collected_minor") * pl.col("sign"),
        amount_paid_minor=pl.when(effect == 0).then(0).otherwise(pl.col("paid_minor") * effect),
        currency=pl.lit("DKK"),
        raw_minor=raw,
        back_minor=pl.when(effect < 0).then(raw).otherwise(0),
    )


def _slip_transactions(frame: pl.DataFrame) -> pl.DataFrame:
    return _transactions(frame).with_columns(**_payers())


def _payers() -> dict[str, pl.Expr]:
    """Customer number of slips that Betalingsservice issued, else who paid as printed."""
    payer = pl.col("payer")
    ours = payer.str.starts_with("0000")
    customer = canonical_customer(payer.str.slice(4)).fill_null("0")
    return {
        "customer_no": pl.when(ours).then(customer),
        "payer": pl.when(~ours).then(payer.str.strip_chars_start(" ")),
    }


FORMAT = Format(
    "betalingsservice_0602", "Betalingsservice 0602, payment information", identify, read
)
