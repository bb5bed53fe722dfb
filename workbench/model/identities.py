"""An identity: two sums, found on different ways, that must be equal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Identity:
    """Two sums that must be equal, per currency where they are amounts.

    Attributes:
        name: Stable, as the public contract lists it.
        unit: Minor units of the currency, or a count.
    """

    name: str
    currency: str | None
    unit: Literal["minor", "count"]
    left: int
    right: int

    @property
    def holds(self) -> bool:
        """Whether both ways came to the same."""
        return self.left == self.right

    def as_json(self) -> dict[str, object]:
        """The identity as the public JSON contract shows it."""
        return {
            "name": self.name,
            "currency": self.currency,
            "unit": self.unit,
            "left": self.left,
            "right": self.right,
            "holds": self.holds,
        }


def per_currency(
    name: str,
    left: Iterable[tuple[Any, ...]],
    right: Iterable[tuple[Any, ...]],
    *,
    currencies: Iterable[str],
) -> list[Identity]:
    """An identity of amounts for each currency; what a side does not name counts as zero.

    Args:
        name: Of the identity.
        left: Currency and sum.
        right: Currency and sum.
        currencies: Those to state even when both sides are empty.
    """
    lefts = {currency: amount or 0 for currency, amount in left}
    rights = {currency: amount or 0 for currency, amount in right}
    named = {*currencies, *lefts, *rights} - {None}
    return [
        Identity(name, currency, "minor", lefts.get(currency, 0), rights.get(currency, 0))
        for currency in sorted(named)
    ]
