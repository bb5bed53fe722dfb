"""Credits settle claims, oldest first, and not an øre is lost or made."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.ledger.settlement.allocation import Part, allocate

claims = st.lists(st.integers(1, 1000), max_size=5)
sources = st.lists(st.integers(-1500, -1), max_size=4)


@given(sources, claims)
def test_every_amount_is_used_once(credits_: list[int], debits: list[int]) -> None:
    given_ = [Part(n, amount) for n, amount in enumerate(credits_)]
    owed = [Part(100 + n, amount) for n, amount in enumerate(debits)]
    found = list(allocate(given_, owed))
    assert all(a.amount_minor > 0 for a in found)
    assert sum(a.amount_minor for a in found) == min(-sum(credits_), sum(debits))
    for part in given_:
        used = sum(a.amount_minor for a in found if a.from_entry_id == part.entry_id)
        assert used <= -part.remaining_minor
    settled = [
        sum(a.amount_minor for a in found if a.to_entry_id == part.entry_id) for part in owed
    ]
    assert all(s <= part.remaining_minor for s, part in zip(settled, owed, strict=True))
    open_ = [part.remaining_minor - s for s, part in zip(settled, owed, strict=True)]
    first_open = next((n for n, rest in enumerate(open_) if rest), len(open_))
    assert settled[first_open + 1 :] == [0] * len(settled[first_open + 1 :])
    assert [part.remaining_minor for part in owed] == debits


def test_credits_among_the_claims_are_passed_over() -> None:
    found = list(allocate([Part(1, -50)], [Part(2, -10), Part(3, 0), Part(4, 80)]))
    assert [(a.to_entry_id, a.amount_minor) for a in found] == [(4, 50)]
