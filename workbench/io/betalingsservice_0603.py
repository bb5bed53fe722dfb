"""Betalingsservice 0603: agreements from the payment center (aftaleoplysninger).

Sections 0210 (all active agreements), 0212 (changes), 0219 (active agreements on electronic
slips) and the older 0217 (payment identifications of issued slips). Positions:
Betalingsservice Guidelines for Data Suppliers (11 February 2025), checked against files of
the network.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from workbench.layout import betalingsservice_rows as rows
from workbench.layout.betalingsservice_delivery import is_delivery, reading
from workbench.layout.betalingsservice_records import SectionEnd, SectionStartAgreements
from workbench.layout.betalingsservice_rows import Kind
from workbench.layout.betalingsservice_totals import check, sum_by_section
from workbench.layout.betalingsservice_walk import Walk, walk
from workbench.layout.betalingsservice_writing import (
    DeliveryWriter,
    Envelope,
    Written,
    part,
    write_sections,
)
from workbench.layout.digits import Numbers
from workbench.layout.fields import (
    Constant,
    CustomerNumber,
    Date,
    Identifier,
    MinorUnits,
    Repeated,
    Text,
    Value,
    zeros,
)
from workbench.layout.formats import Format
from workbench.layout.records import FixedRecord
from workbench.model.deliveries import Delivery
from workbench.model.frames import AGREEMENTS, TRANSACTIONS
from workbench.model.problems import Reading

#: Sections of agreement records.
AGREEMENT_SECTIONS = ("0210", "0212", "0219")
#: The older section of issued slips; its records have an amount.
ISSUED_SLIPS = "0217"

#: Transaction codes and what they tell.
CODES = {
    "0230": Kind("active"),
    "0231": Kind("registered"),
    "0232": Kind("cancelled_by_bank"),
    "0233": Kind("cancelled_by_creditor"),
    "0234": Kind("cancelled_by_center"),
}
#: The same of issued slips.
SLIP_CODES = {"0295": Kind("slip_issued")}


class Agreement(FixedRecord):
    """BS042 in sections 0210, 0212 and 0219, tc 0230 to 0234.

    On a cancellation the network's sources disagree about which day stands first; the code
    alone says that it is one.
    """

    record_type = Constant(1, 5, text="BS042")
    creditor_no = Repeated(6, 13, "PBS number", fill="zero")
    code = Text(14, 17, "transaction code")
    filler = zeros(18, 20)
    debtor_group = Repeated(21, 25, "debtor group number", fill="zero")
    customer_no = CustomerNumber(26, 40, "customer number", fill="zero")
    agreement_no = Identifier(41, 49, "agreement number")
    valid_from = Date(50, 55, "start")
    valid_to = Date(56, 61, "end")


class IssuedSlip(FixedRecord):
    """BS042 in the older section 0217, tc 0295: the payment identification of a slip."""

    record_type = Constant(1, 5, text="BS042")
    creditor_no = Repeated(6, 13, "PBS number", fill="zero")
    code = Text(14, 17, "transaction code")
    filler = zeros(18, 20)
    debtor_group = Repeated(21, 25, "debtor group number", fill="zero")
    customer_no = CustomerNumber(26, 40, "customer number", fill="zero")
    card_type = Repeated(41, 42, "card type")
    card_creditor_no = Repeated(43, 50, "creditor number on the card", fill="zero")
    payer = Text(51, 69, "payment identification", strip="both", fill="zero")
    due_date = Date(70, 75, "due date")
    amount_minor = MinorUnits(76, 88, "amount")
    reference = Text(89, 97, "creditor reference, its first 9 characters")


def identify(head: bytes) -> bool:
    """Whether a file that begins like this is a 0603 delivery."""
    return is_delivery(head, delivery_type="0603")


def read(content: bytes, *, name: str) -> Reading[Delivery | None]:
    """The agreements of one delivery, every line accounted for.

    Issued slips (0217) are transactions of the kind "slip_issued" that move no money.
    Unknown records are rows of the agreements, of the kind "unknown".

    Args:
        content: The whole file.
        name: Its name without folders, for problems.
    """
    found = walk(
        content, name=name, section_start=SectionStartAgreements, section_end=SectionEnd
    )
    slips, sums = _issued_slips(found)
    known = (*AGREEMENT_SECTIONS, ISSUED_SLIPS)
    frames = [*_agreements(found), rows.unknown_rows(found, kinds=known)]
    return reading(
        found,
        check(found, {"gross": sums}, text_counts_optional=True),
        format_id=FORMAT.id,
        content=content,
        transactions=slips,
        agreements=rows.in_file_order(frames, schema=AGREEMENTS),
    )


def write(agreements: pl.DataFrame, *, envelope: Envelope, strip: bool = True) -> Written:
    """A delivery of agreements, as the payment center sends it; without issued slips.

    One section per section kind, creditor and debtor group, in the order in which they first
    occur.

    Args:
        agreements: By the schema AGREEMENTS; line, section and raw key are not used.
        envelope: What the delivery says about itself.
        strip: Whether trailing blanks are removed.

    Returns:
        The file, and the physical line of each agreement's 042 by row of the frame.

    Raises:
        CannotWriteError: A value does not fit its field.
    """
    writer = DeliveryWriter(
        envelope, "0603", SectionStartAgreements, SectionEnd, strip=strip, counts_texts=False
    )
    return write_sections(writer, agreements, _write_rows)


def _write_rows(writer: DeliveryWriter, frame: pl.DataFrame) -> Numbers:
    names = ("code", "agreement_no", "valid_from", "valid_to")
    values: dict[str, Value] = {name: frame[name] for name in names}
    payments = part(Agreement, frame, values)
    return writer.records(addresses=[], payments=payments, texts=[], amount_minor=0)


def _agreements(found: Walk) -> list[pl.DataFrame]:
    layout = rows.Layout(Agreement, AGREEMENT_SECTIONS, CODES, _as_read)
    return [chunk.frame for chunk in rows.chunks(found, layout)]


def _issued_slips(found: Walk) -> tuple[pl.DataFrame, Numbers]:
    """The issued slips as transactions, and their amounts by section."""
    frames = []
    sums = np.zeros(len(found.spans) + 1, np.int64)
    layout = rows.Layout(IssuedSlip, (ISSUED_SLIPS,), SLIP_CODES, _in_kroner)
    for chunk in rows.chunks(found, layout):
        raw = chunk.frame["raw_minor"].to_numpy()
        sums += sum_by_section(raw, chunk.sections, count=len(found.spans))
        frames.append(chunk.frame)
    return rows.in_file_order(frames, schema=TRANSACTIONS), sums


def _as_read(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def _in_kroner(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        currency=pl.lit("DKK"), raw_minor=pl.col("amount_minor").fill_null(0)
    )


FORMAT = Format("betalingsservice_0603", "Betalingsservice 0603, agreements", identify, read)
