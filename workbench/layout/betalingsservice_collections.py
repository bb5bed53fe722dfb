"""The records of a Betalingsservice 0601 between its section records: 022, 042."""

from __future__ import annotations

from workbench.layout.fields import (
    Constant,
    CustomerNumber,
    Date,
    Identifier,
    MinorUnits,
    Number,
    Repeated,
    Sign,
    Text,
    zeros,
)
from workbench.layout.records import FixedRecord


class Address(FixedRecord):
    """BS022, tc 0240: what all name and address records have in common."""

    record_type = Constant(1, 5, text="BS022")
    creditor_no = Repeated(6, 13, "PBS number", fill="zero")
    code = Constant(14, 17, text="0240")
    number = Number(18, 22, "record number")
    debtor_group = Repeated(23, 27, "debtor group number", fill="zero")
    customer_no = Repeated(28, 42, "customer number")


class AddressLine(Address):
    """BS022, record numbers 00001 to 00005: the name, then address lines."""

    agreement_no = zeros(43, 51)
    text = Text(52, 86, "name or address line")


class Postcode(Address):
    """BS022, record number 00009: postcode and country; the town is derived."""

    agreement_no = zeros(43, 51)
    postcode = Text(67, 70, "postcode")
    country = Text(71, 73, "country")


class LegalId(Address):
    """BS022, record number 00010: the debtor's CPR or CVR number, for digital delivery."""

    legal_id = Text(83, 92, "CPR or CVR number", fill="zero")


class Collection(FixedRecord):
    """BS042, tc 0280 in section 0112 and 0285 in section 0117: one collection.

    Positions 121-128 are blank in some sources and zeros in others; they are not read.
    """

    record_type = Constant(1, 5, text="BS042")
    creditor_no = Repeated(6, 13, "PBS number", fill="zero")
    code = Text(14, 17, "transaction code")
    filler = zeros(18, 22)
    debtor_group = Repeated(23, 27, "debtor group number", fill="zero")
    customer_no = CustomerNumber(28, 42, "customer number")
    agreement_no = Identifier(43, 51, "agreement number")
    due_date = Date(52, 59, "due date")
    sign = Sign(60, 60, "sign code")
    collected_minor = MinorUnits(61, 73, "amount")
    reference = Text(74, 103, "creditor reference")
    filler_end = zeros(104, 105)
