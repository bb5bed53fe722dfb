from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from workbench.references import betalingsservice_customer as customer


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1042", "1042"),
        ("000000000001042", "1042"),
        ("1042           ", "1042"),
        ("00000000NV00012", "NV00012"),
        ("nv 000 12", "NV00012"),
        ("åse", "ÅSE"),
        ("0", "0"),
        ("000000000000000", "0"),
        ("", "0"),
    ],
)
def test_the_canonical_form(text: str, expected: str) -> None:
    assert customer.compact(text) == expected


@given(st.lists(st.none() | st.text(alphabet="0123aåÆZß \t\u00a0\n-", max_size=18)))
def test_a_column_is_made_canonical_like_one_number(texts: list[str | None]) -> None:
    frame = pl.DataFrame({"customer_no": texts}, schema={"customer_no": pl.String})
    found = frame.select(customer.canonical(pl.col("customer_no")))["customer_no"]
    assert found.to_list() == [None if t is None else customer.compact(t) for t in texts]


@given(st.text(alphabet="0123456789ABCÆØÅ", min_size=1, max_size=15))
def test_a_number_as_it_comes_back_is_the_number_that_was_sent(text: str) -> None:
    assert len(customer.format(text)) == 15
    assert customer.compact(customer.format(text)) == customer.compact(text)
    assert customer.validate(text) == customer.compact(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [("", InvalidFormat), ("  ", InvalidFormat), ("12-34", InvalidFormat),
     ("12&34", InvalidFormat), ("1234567890123456", InvalidLength)],
)  # fmt: skip
def test_what_the_center_does_not_take(text: str, fault: type[ValidationError]) -> None:
    with pytest.raises(fault):
        customer.validate(text)
    assert not customer.is_valid(text)


def test_leading_zeros_do_not_count_towards_the_length() -> None:
    assert customer.is_valid("0" * 10 + "1234567890")
