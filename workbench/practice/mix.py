"""The mix: how many collections of ten thousand come to which end."""

from __future__ import annotations

from dataclasses import dataclass

#: Of ten thousand.
WHOLE = 10_000

#: What becomes of a collection by agreement; the first is what happens to all the rest.
AUTOMATIC = ("completed", "rejected", "cancelled", "reversed")

#: What becomes of a payment slip; the first is what happens to all the rest.
SLIPS = (
    "slip_paid",
    "slip_over",
    "slip_under",
    "slip_fee",
    "slip_twice",
    "slip_reversed",
    "slip_unpaid",
)

#: Drawn for a delivery, not for a collection: a slip paid right but under another customer's
#: number, and money of somebody whom the delivery does not know.
WRONG_CUSTOMER = "slip_wrong_customer"
UNKNOWN_CUSTOMER = "unknown_customer"

CLASSES = (*AUTOMATIC, *SLIPS, WRONG_CUSTOMER, UNKNOWN_CUSTOMER)


class BadMixError(ValueError):
    """A share is negative, or the shares are more than the whole."""


@dataclass(frozen=True, slots=True)
class Mix:
    """Shares of ten thousand, by the names of the classes; the rest is paid as collected.

    Attributes:
        wrong_customers: How many slips of a delivery are paid under another's number.
        unknown_customers: How many payments of a delivery nobody can name.
        strangers_from: Deliveries with fewer collections have neither.
        every_class_from: From so many collections on, each class with a share occurs.
    """

    rejected: int = 300
    cancelled: int = 120
    reversed: int = 150
    slip_over: int = 150
    slip_under: int = 150
    slip_fee: int = 150
    slip_twice: int = 150
    slip_reversed: int = 0
    slip_unpaid: int = 1_400
    wrong_customers: int = 3
    unknown_customers: int = 3
    strangers_from: int = 100
    every_class_from: int = 300

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn.

        Raises:
            BadMixError: A share is negative, or the shares are more than the whole.
        """
        for classes in (AUTOMATIC, SLIPS):
            shares = list(self.shares(classes).values())
            if min(shares) < 0 or sum(shares) > WHOLE:
                raise BadMixError(f"{dict(zip(classes[1:], shares, strict=True))}")

    def shares(self, classes: tuple[str, ...]) -> dict[str, int]:
        """The shares of all classes but the first."""
        return {name: int(getattr(self, name)) for name in classes[1:]}


#: The demo's month: most is paid, and everything that happens to a creditor happens.
DEMO_MIX = Mix()
