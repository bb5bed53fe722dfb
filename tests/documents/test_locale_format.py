from __future__ import annotations

import datetime as dt

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from workbench.documents.locale_format import NOTHING, locale_format
from workbench.model.money import EXPONENTS, decimal_from_minor, exponent, parse_decimal
from workbench.model.texts import LANGUAGES

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("en", "−1,234,567.05"),
        ("da", "−1.234.567,05"),
        ("nb", f"−1{NBSP}234{NBSP}567,05"),
        ("sv", f"−1{NBSP}234{NBSP}567,05"),
    ],
)
def test_amount(language: str, shown: str) -> None:
    assert locale_format(language).amount(-123_456_705, "DKK") == shown


def test_small_amounts_keep_their_zeros() -> None:
    danish = locale_format("da")
    assert danish.amount(0, "DKK") == "0,00"
    assert danish.amount(-5, "DKK") == "−0,05"
    assert danish.amount(12_345, "ISK") == "12.345"
    assert danish.money(100_000, "EUR") == f"1.000,00{NBSP}EUR"


def test_nothing_is_a_dash_everywhere() -> None:
    danish = locale_format("da")
    shown = {danish.amount(None, "DKK"), danish.money(None, "DKK"), danish.integer(None)}
    assert shown | {danish.date(None)} == {NOTHING}


@given(
    st.integers(-(10**15), 10**15),
    st.sampled_from(sorted(EXPONENTS)),
    st.sampled_from(LANGUAGES),
)
def test_amount_is_what_babel_writes_and_our_parser_reads(
    amount_minor: int, currency: str, language: str
) -> None:
    form = locale_format(language)
    shown = form.amount(amount_minor, currency)
    amount = decimal_from_minor(amount_minor, currency=currency)
    decimals = exponent(currency)
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    babel = format_decimal(amount, format=pattern, locale=language)
    assert shown == babel.replace("-", "−")
    read = parse_decimal(
        shown, decimal_mark=form.decimal_mark, thousands_mark=form.thousands_mark
    )
    assert read == amount


def test_dates() -> None:
    day = dt.date(2026, 11, 2)
    shown = [locale_format(language).date(day) for language in LANGUAGES]
    assert shown == ["2026-11-02", "02.11.2026", "02.11.2026", "2026-11-02"]
    moment = dt.datetime(2026, 12, 2, 6, 30, tzinfo=dt.UTC)
    assert locale_format("da").moment(moment) == "02.12.2026 06:30 UTC"
