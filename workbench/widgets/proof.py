"""A screen's proof: what it shows and what the store holds, found on two ways."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.widgets.markup import Cell, plain_table
from workbench.widgets.screen import Screen


class BrokenClaimError(AssertionError):
    """A screen shows something else than the store holds; every difference is named."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Two numbers that must be equal.

    Attributes:
        label: What they are, in the reader's language.
        currency: Where they are amounts in minor units; None for counts.
    """

    label: str
    left: int
    right: int
    currency: str | None = None

    @property
    def holds(self) -> bool:
        """Whether they are."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class Proof:
    """All claims of a screen at the moment when its proof was asked for."""

    screen: Screen
    claims: tuple[Claim, ...]

    def require(self) -> None:
        """Fail unless every claim holds.

        Raises:
            BrokenClaimError: Names those that do not.
        """
        broken = [f"{c.label}: {c.left} ≠ {c.right}" for c in self.claims if not c.holds]
        if broken:
            raise BrokenClaimError("; ".join(broken))

    def _repr_html_(self) -> str:
        rows = [self._row(claim) for claim in self.claims]
        heads = [Cell(""), Cell(self.screen.say("Proof")), Cell("", number=True)]
        return f'<div class="wb">{plain_table([*heads, Cell("", number=True)], rows)}</div>'

    def _row(self, claim: Claim) -> list[Cell]:
        sign = Cell("✓", tone="good") if claim.holds else Cell("✗", tone="bad")
        sides = [self._side(claim, number) for number in (claim.left, claim.right)]
        return [sign, Cell(claim.label), *sides]

    def _side(self, claim: Claim, number: int) -> Cell:
        if claim.currency is None:
            return Cell(self.screen.numbers.integer(number), number=True)
        return Cell(self.screen.money(number, claim.currency), number=True)


def proof(screen: Screen, claims: Iterable[Claim]) -> Proof:
    """The proof of a screen."""
    return Proof(screen, tuple(claims))
