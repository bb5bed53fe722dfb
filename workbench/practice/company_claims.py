"""Claims of the demo company: three months of invoices and credit notes still open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Role(StrEnum):
    """What is special about a customer's claims that fall due in November."""

    PLAIN = "plain"
    NO_CLAIM = "no_claim"
    TWO_INVOICES = "two_invoices"
    CREDIT = "credit"
    NET_ZERO = "net_zero"
    NET_NEGATIVE = "net_negative"
    ENTRY_ON_HOLD = "entry_on_hold"
    CUSTOMER_ON_HOLD = "customer_on_hold"
    DISPUTED = "disputed"


#: Share of the customers in each special role, in thousandths.
ROLE_SHARES = {
    Role.NO_CLAIM: 30,
    Role.TWO_INVOICES: 80,
    Role.CREDIT: 50,
    Role.NET_ZERO: 4,
    Role.NET_NEGATIVE: 4,
    Role.ENTRY_ON_HOLD: 12,
    Role.CUSTOMER_ON_HOLD: 3,
    Role.DISPUTED: 8,
}


@dataclass(frozen=True, slots=True)
class Month:
    """The invoices of one month."""

    document_date: dt.date
    due_date: dt.date
    text: str


AUGUST = Month(dt.date(2026, 8, 10), dt.date(2026, 9, 1), "Vand og spildevand, august 2026")
SEPTEMBER = Month(
    dt.date(2026, 9, 10), dt.date(2026, 10, 1), "Vand og spildevand, september 2026"
)
#: The month that the demo collects; 1 November is a Sunday.
OCTOBER = Month(dt.date(2026, 10, 9), dt.date(2026, 11, 2), "Vand og spildevand, oktober 2026")
NOVEMBER = Month(dt.date(2026, 10, 12), dt.date(2026, 12, 1), "Årsafregning varme 2026")

#: Share of the customers with a claim of the other months still open.
_OTHER_MONTHS = ((AUGUST, 0.015), (SEPTEMBER, 0.03), (NOVEMBER, 0.12))


@dataclass(frozen=True, slots=True)
class Claim:
    """One open entry of a customer; amounts in øre, a credit note's are negative."""

    customer: int
    kind: str
    month: Month
    text: str
    net_minor: int
    on_hold: bool = False
    disputed: bool = False

    @property
    def vat_minor(self) -> int:
        """25 % of the net amount, which is a multiple of four øre."""
        assert self.net_minor % 4 == 0, self.net_minor
        return self.net_minor // 4

    @property
    def amount_minor(self) -> int:
        """What the customer is to pay, VAT included."""
        return self.net_minor + self.vat_minor


def draw_roles(chance: Random, *, customers: int) -> list[Role]:
    """A role for each customer, in the shares of `ROLE_SHARES`."""
    roles = [Role.PLAIN] * customers
    order = list(range(customers))
    chance.shuffle(order)
    drawn = iter(order)
    for role, share in ROLE_SHARES.items():
        for _ in range(round(customers * share / 1000)):
            roles[next(drawn)] = role
    return roles


def draw_claims(chance: Random, *, roles: list[Role]) -> list[Claim]:
    """The open entries of all customers, by the date of their document."""
    claims: list[Claim] = []
    for customer, role in enumerate(roles):
        for month, share in _OTHER_MONTHS:
            if chance.random() < share:
                claims.append(_invoice(chance, customer, month))
        claims += _october(chance, customer, role)
    return sorted(claims, key=lambda claim: claim.month.document_date)


def _october(chance: Random, customer: int, role: Role) -> Iterator[Claim]:
    if role is Role.NO_CLAIM:
        return
    invoice = _invoice(
        chance,
        customer,
        OCTOBER,
        on_hold=role is Role.ENTRY_ON_HOLD,
        disputed=role is Role.DISPUTED,
    )
    yield invoice
    if role is Role.TWO_INVOICES:
        yield _invoice(chance, customer, OCTOBER, text="Målerleje og gebyr, 3. kvartal 2026")
    net_minor = {
        Role.CREDIT: -4 * chance.randrange(1, invoice.net_minor // 4),
        Role.NET_ZERO: -invoice.net_minor,
        Role.NET_NEGATIVE: -invoice.net_minor - 4 * chance.randrange(100, 5_000),
    }.get(role)
    if net_minor is not None:
        text = "Regulering af målt forbrug"
        yield Claim(customer, "credit_note", OCTOBER, text, net_minor)


def _invoice(
    chance: Random,
    customer: int,
    month: Month,
    *,
    text: str = "",
    on_hold: bool = False,
    disputed: bool = False,
) -> Claim:
    net_minor = 4 * chance.randrange(1_600, 40_000)
    return Claim(customer, "invoice", month, text or month.text, net_minor, on_hold, disputed)
