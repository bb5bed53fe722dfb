"""Allocation: which amount of which entry settles which, oldest claim first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(slots=True)
class Part:
    """An entry with what is left of it: a claim +, what reduces one −."""

    entry_id: int
    remaining_minor: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """An amount, always positive, of one entry that settles another."""

    from_entry_id: int
    to_entry_id: int
    amount_minor: int


def allocate(sources: Iterable[Part], claims: Iterable[Part]) -> Iterator[Allocation]:
    """Let credits settle claims, both in the order given, until one side is used up.

    >>> list(allocate([Part(9, -100)], [Part(1, 60), Part(2, 60)]))[1]
    Allocation(from_entry_id=9, to_entry_id=2, amount_minor=40)
    """
    open_claims = [Part(p.entry_id, p.remaining_minor) for p in claims if p.remaining_minor > 0]
    for source in sources:
        left = -source.remaining_minor
        for claim in open_claims:
            amount = min(left, claim.remaining_minor)
            if amount > 0:
                yield Allocation(source.entry_id, claim.entry_id, amount)
                left -= amount
                claim.remaining_minor -= amount
