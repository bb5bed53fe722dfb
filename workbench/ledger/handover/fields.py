"""The fields that a layout may ask for: what a line of each file of a hand-over knows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal, get_args

#: What a file of a delivery holds.
Role = Literal["postings", "settlements", "refunds"]
ROLES: tuple[Role, ...] = get_args(Role)


class Kind(Enum):
    """What a cell holds, which decides how it is written."""

    #: A number or a code of ours, never cut.
    CODE = "code"
    #: Words for a person; cut where the ERP takes fewer.
    TEXT = "text"
    DATE = "date"
    #: Whole minor units; the currency stands in another field of the line.
    AMOUNT = "amount"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class HandoverField:
    """One field of a line.

    Attributes:
        currency: The field that holds an amount's currency.
        usual: Whether the file has it when the layout names no columns.
    """

    kind: Kind = Kind.CODE
    currency: str = "currency"
    usual: bool = True

    @property
    def is_text(self) -> bool:
        """Whether its cells are texts, which a layout may translate."""
        return self.kind in {Kind.CODE, Kind.TEXT}


_CODE = HandoverField()
_DATE = HandoverField(Kind.DATE)
_TEXT = HandoverField(Kind.TEXT)
_NUMBER = HandoverField(Kind.NUMBER)
_AMOUNT = HandoverField(Kind.AMOUNT)
_ON_REQUEST = HandoverField(usual=False)

#: By file: field and what it holds, in the usual order.
FIELDS: dict[Role, dict[str, HandoverField]] = {
    "postings": {
        "delivery_no": _CODE,
        "line_no": _NUMBER,
        "posting_date": _DATE,
        "bank_date": _DATE,
        "document_type": _CODE,
        "document_no": _CODE,
        "journal": _CODE,
        "account_type": _CODE,
        "account_no": _CODE,
        "ledger_account": _CODE,
        "customer_no": _CODE,
        "customer_name": HandoverField(Kind.TEXT, usual=False),
        "amount": _AMOUNT,
        "debit": _AMOUNT,
        "credit": _AMOUNT,
        "currency": _CODE,
        "foreign_currency": _ON_REQUEST,
        "base_amount": HandoverField(Kind.AMOUNT, "base_currency"),
        "base_currency": _CODE,
        "rate": _CODE,
        "vat_code": _CODE,
        "dimensions": _CODE,
        "text": _TEXT,
        "voucher_text": _TEXT,
        "applied_type": _CODE,
        "applied_document_no": _CODE,
        "applied_erp_entry_no": _CODE,
        "external_document_no": _CODE,
        "profile": _CODE,
        "purpose": _CODE,
        "reference": _CODE,
        "clearing_account": _CODE,
        "reverses_document_no": _CODE,
    },
    "settlements": {
        "delivery_no": _CODE,
        "line_no": _NUMBER,
        "instruction": _CODE,
        "posting_date": _DATE,
        "document_no": _CODE,
        "customer_no": _CODE,
        "from_type": _CODE,
        "from_document_no": _CODE,
        "from_erp_entry_no": _CODE,
        "to_type": _CODE,
        "to_document_no": _CODE,
        "to_erp_entry_no": _CODE,
        "amount": _AMOUNT,
        "currency": _CODE,
    },
    "refunds": {
        "delivery_no": _CODE,
        "line_no": _NUMBER,
        "refund_no": _NUMBER,
        "customer_no": _CODE,
        "customer_name": HandoverField(Kind.TEXT, usual=False),
        "document_no": _CODE,
        "erp_entry_no": _CODE,
        "amount": _AMOUNT,
        "currency": _CODE,
        "reason": _TEXT,
        "bank_account": _ON_REQUEST,
        "masked_bank_account": _CODE,
    },
}

#: Fields of persons: a layout that asks for them is named in the audit log.
PERSONAL = ("customer_name", "bank_account")
