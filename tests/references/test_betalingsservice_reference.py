from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from workbench.references import betalingsservice_reference as reference

COUNTERS = st.integers(min_value=0, max_value=reference.CAPACITY - 1)
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def test_the_counter_starts_at_10000000_and_runs_in_base_36() -> None:
    assert [reference.from_counter(n)[:8] for n in (0, 9, 10, 35, 36)] == [
        "10000000", "10000009", "1000000A", "1000000Z", "10000010",
    ]  # fmt: skip
    assert reference.from_counter(reference.CAPACITY - 1)[:8] == "ZZZZZZZZ"


@given(COUNTERS)
def test_every_reference_is_valid_and_has_no_leading_zero(n: int) -> None:
    made = reference.from_counter(n)
    assert reference.validate(made) == made
    assert len(made) == 9
    assert made[0] != "0"


@given(COUNTERS, st.integers(min_value=0, max_value=8), st.sampled_from(DIGITS))
def test_one_wrong_character_is_found(n: int, position: int, character: str) -> None:
    made = reference.from_counter(n)
    mistyped = made[:position] + character + made[position + 1 :]
    assert reference.is_valid(mistyped) is (mistyped == made)


@given(st.integers(min_value=0, max_value=reference.CAPACITY - 200), st.integers(0, 200))
def test_many_at_once_are_the_same_as_one_by_one(first: int, count: int) -> None:
    made = reference.from_counters(first, count)
    assert made.to_list() == [reference.from_counter(n) for n in range(first, first + count)]


def test_a_large_batch_repeats_nothing() -> None:
    assert reference.from_counters(1_000, 100_000).n_unique() == 100_000


@pytest.mark.parametrize(("first", "count"), [(-1, 1), (0, -1), (reference.CAPACITY, 1)])
def test_beyond_the_counter_there_is_nothing(first: int, count: int) -> None:
    with pytest.raises(reference.CounterExhaustedError):
        reference.from_counters(first, count)
    if count == 1:
        with pytest.raises(reference.CounterExhaustedError):
            reference.from_counter(first)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", InvalidLength),
        ("10000000", InvalidLength),
        ("1000000033", InvalidLength),
        ("000000001", InvalidFormat),
        ("10000000Æ", InvalidFormat),
        ("100000007", InvalidChecksum),
    ],
)
def test_what_is_not_a_reference(text: str, fault: type[ValidationError]) -> None:
    with pytest.raises(fault):
        reference.validate(text)
    assert not reference.is_valid(text)


def test_blanks_and_case_do_not_matter() -> None:
    assert reference.validate(" 1000000a" + reference.from_counter(10)[8].lower()) == (
        reference.from_counter(10)
    )
    assert reference.format("1000 0000 3") == "100000003"
