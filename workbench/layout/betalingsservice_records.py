"""The envelope that all Betalingsservice deliveries share: records 002, 012, 092 and 992.

Positions: Betalingsservice Guidelines for Data Suppliers (11 February 2025), checked against
code in production and files of the network.
"""

from __future__ import annotations

from workbench.layout.fields import Constant, Date, MinorUnits, Number, Repeated, Text, zeros
from workbench.layout.records import FixedRecord


class DeliveryStart(FixedRecord):
    """BS002: the first record of every delivery (leverancestart)."""

    record_type = Constant(1, 5, text="BS002")
    supplier_no = Text(6, 13, "data supplier number", fill="zero")
    subsystem = Text(14, 16, "subsystem")
    delivery_type = Text(17, 20, "delivery type")
    delivery_id = Text(21, 30, "delivery identification", fill="zero")
    created = Date(50, 55, "creation date")


class DeliveryEnd(FixedRecord):
    """BS992: the last record, with the totals of the delivery (leveranceslut)."""

    record_type = Constant(1, 5, text="BS992")
    supplier_no = Text(6, 13, "data supplier number", fill="zero")
    subsystem = Text(14, 16, "subsystem")
    delivery_type = Text(17, 20, "delivery type")
    sections = Number(21, 31, "number of sections")
    count = Number(32, 42, "number of 042 records")
    amount_minor = MinorUnits(43, 57, "amount of the 042 records, no sign")
    text_count = Number(58, 68, "number of 052 and 062 records", blank=True)
    filler = zeros(69, 83)
    address_count = Number(84, 94, "number of 022 records", blank=True)
    filler_end = zeros(95, 128)


class SectionStart(FixedRecord):
    """BS012 of an incoming delivery, 0602 and 0603 (sektionsstart)."""

    record_type = Constant(1, 5, text="BS012")
    creditor_no = Text(6, 13, "PBS number", fill="zero")
    section_no = Text(14, 17, "section number")
    filler = zeros(18, 20)
    debtor_group = Text(21, 25, "debtor group number", fill="zero")
    supplier_id = Text(26, 40, "identification with the data supplier")
    date = Date(50, 55, "section date")


class SectionStartAgreements(SectionStart):
    """BS012 of a 0603: positions 18-20 are blank there."""

    filler = Constant(18, 20, "blank", text=" ")


class SectionStartCollections(FixedRecord):
    """BS012 of a 0601, sections 0112 and 0117."""

    record_type = Constant(1, 5, text="BS012")
    creditor_no = Text(6, 13, "PBS number", fill="zero")
    section_no = Text(14, 17, "section number")
    debtor_group = Text(23, 27, "debtor group number", fill="zero")
    supplier_id = Text(28, 42, "identification with the data supplier")
    date = Date(47, 54, "section date")
    bank_registration = Text(55, 58, "creditor's bank registration number, older")
    bank_account = Text(59, 68, "creditor's bank account number, older")
    main_text = Text(69, 128, "main text line of the advice")


class SectionEnd(FixedRecord):
    """BS092 of an incoming delivery, 0602 and 0603 (sektionsslut)."""

    record_type = Constant(1, 5, text="BS092")
    creditor_no = Text(6, 13, "PBS number", fill="zero")
    section_no = Text(14, 17, "section number")
    filler = zeros(18, 20)
    debtor_group = Text(21, 25, "debtor group number", fill="zero")
    count = Number(32, 42, "number of 042 records")
    amount_minor = MinorUnits(43, 57, "amount of the 042 records, no sign", blank=True)
    text_count = Number(58, 68, "number of 052 and 062 records", blank=True)
    address_count = Number(84, 94, "number of 022 records", blank=True)


class SectionEndCollections(SectionEnd):
    """BS092 of a 0601: the debtor group stands at 23-27."""

    filler = zeros(18, 22)
    debtor_group = Text(23, 27, "debtor group number", fill="zero")


class DebtorText(FixedRecord):
    """BS052, tc 0241: a text line to or from the debtor; BS062 is laid out alike."""

    record_type = Constant(1, 5, text="BS052")
    creditor_no = Text(6, 13, "PBS number", fill="zero")
    code = Constant(14, 17, text="0241")
    number = Repeated(18, 22, "record number", fill="zero")
    debtor_group = Repeated(23, 27, "debtor group number", fill="zero")
    customer_no = Repeated(28, 42, "customer number")
    agreement_no = Repeated(43, 51, "agreement number", fill="zero")
    text = Text(53, 112, "text")


class IncomingDebtorText(FixedRecord):
    """BS052 of a 0602 if it is laid out as the 042 there: two positions further left."""

    record_type = Constant(1, 5, text="BS052")
    text = Text(51, 110, "text")


class UnknownRecord(FixedRecord):
    """What every record behind the envelope has, known or not."""

    code = Text(14, 17, "transaction code", strip="both")
