"""The words of entries and settlements on screens, and an amount that a person typed."""

from __future__ import annotations

from workbench.model.money import minor_from_decimal, parse_decimal
from workbench.model.texts import marked
from workbench.widgets.columns import Column, Kind
from workbench.widgets.faults import NotReadyError
from workbench.widgets.screen import Screen
from workbench.widgets.words import YES, Words

ENTRY_KINDS = Words(
    {
        "invoice": marked("Invoice"),
        "credit_note": marked("Credit note"),
        "reminder": marked("Reminder"),
        "interest": marked("Interest"),
        "fee": marked("Fee"),
        "other": marked("Other"),
        "payment": marked("Payment"),
        "payment_reversal": marked("Payment taken back"),
        "on_account": marked("On account"),
        "refund": marked("Refund"),
        "erp_settlement": marked("Settled in the ERP"),
    }
)

SETTLEMENT_KINDS = Words(
    {
        "payment": marked("Payment"),
        "credit_note": marked("Credit"),
        "reversal": marked("Payment taken back"),
        "unapplied": marked("Settlement taken back"),
        "settled_in_erp": marked("Settled in the ERP"),
        "write_off": marked("Written off"),
        "penny": marked("Penny difference"),
    },
    {"reversal": "dim", "unapplied": "dim"},
)

#: What stops an entry is seen at once; what does not is quiet.
_STOPS = Words(YES.texts, {"true": "warn", "false": "dim"})

CUSTOMER = (
    Column("customer_no", marked("Customer"), width=95),
    Column("name", marked("Name"), Kind.PERSON, 125),
)
FACTS = (
    Column("kind", marked("Kind"), Kind.WORD, 105, ENTRY_KINDS),
    Column("document_no", marked("Document"), Kind.CODE, 110),
    Column("erp_entry_no", marked("ERP no."), Kind.CODE, 85),
    Column("due_date", marked("Due"), Kind.DATE, 105),
    Column("amount_minor", marked("Amount"), Kind.AMOUNT, 100),
    Column("remaining_minor", marked("Remaining"), Kind.AMOUNT, 105),
    Column("currency", marked("Currency"), Kind.CODE, 75),
    Column("on_hold", marked("On hold"), Kind.WORD, 85, _STOPS),
    Column("disputed", marked("Disputed"), Kind.WORD, 100, _STOPS),
    Column("promised_on", marked("Promised"), Kind.DATE, 100),
)


def typed_minor(text: str, *, currency: str, screen: Screen) -> int:
    """An amount as a person typed it, in minor units.

    Raises:
        NotReadyError: It is none, finer than the currency, or not above zero.
    """
    numbers = screen.numbers
    try:
        number = parse_decimal(
            text.strip(),
            decimal_mark=numbers.decimal_mark,
            thousands_mark=numbers.thousands_mark,
        )
        amount = minor_from_decimal(number, currency=currency)
    except ValueError:
        amount = 0
    if amount <= 0:
        raise NotReadyError(
            screen.say("Write an amount above zero, such as {example}.",
                       example=numbers.amount(123_450, currency))
        )  # fmt: skip
    return amount
