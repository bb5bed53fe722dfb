"""Numbers, dates and flags in the notations of real exports."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.ledger.files.cells import BadCellError, number_example, parse
from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import MappingText, Notation, of
from workbench.ledger.files.rows import read_rows

DANISH = Notation()
AMOUNT = Field("amount", Kind.AMOUNT)
MARKS = [(",", "."), (",", ""), (".", ","), (".", ""), (",", " "), (".", "'"), (",", "\xa0")]

minors = st.integers(-(10**15), 10**15)
notations = st.sampled_from([Notation(decimal=d, thousands=t) for d, t in MARKS])


def printed(amount_minor: int, notation: Notation, *, exponent: int, grouped: bool) -> str:
    """The number as a program with these marks prints it."""
    number = Decimal(amount_minor).scaleb(-exponent)
    text = f"{number:,.{exponent}f}" if grouped else f"{number:.{exponent}f}"
    return "".join({",": notation.thousands, ".": notation.decimal}.get(c, c) for c in text)


@given(
    amount_minor=minors,
    notation=notations,
    grouped=st.booleans(),
    currency=st.sampled_from([("DKK", 2), ("ISK", 0)]),
)
def test_every_amount_comes_back_as_it_was_printed(
    *, amount_minor: int, notation: Notation, grouped: bool, currency: tuple[str, int]
) -> None:
    code, exponent = currency
    text = printed(amount_minor, notation, exponent=exponent, grouped=grouped)
    assert parse(text, AMOUNT, notation=notation, currency=code) == amount_minor
    if amount_minor < 0:
        behind = text.removeprefix("-") + "-"
        assert parse(behind, AMOUNT, notation=notation, currency=code) == amount_minor


@given(st.text(max_size=30), notations)
def test_no_text_breaks_the_reading_and_none_is_rounded(text: str, notation: Notation) -> None:
    try:
        amount_minor = parse(text, AMOUNT, notation=notation, currency="DKK")
    except BadCellError:
        return
    assert isinstance(amount_minor, int)
    digits = "".join(c for c in text if c.isdigit()).lstrip("0")
    assert digits.rstrip("0") == str(abs(amount_minor)).strip("0")


@given(st.integers(1, 999), st.integers(0, 99), st.integers(1, 9), st.integers(0, 20))
def test_a_third_decimal_is_never_dropped(
    whole: int, decimals: int, third: int, zeros: int
) -> None:
    text = f"{whole},{decimals:02}{'0' * zeros}{third}"
    with pytest.raises(BadCellError):
        parse(text, AMOUNT, notation=DANISH, currency="DKK")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12a,00", "erp_bad_number"),
        ("1.23,00", "erp_bad_number"),
        ("1,234.56", "erp_other_notation"),
        ("1234.56", "erp_other_notation"),
        ("=1+2", "erp_formula"),
        ("12,", "erp_bad_number"),
        (",50", "erp_bad_number"),
        ("1 234,56", "erp_bad_number"),
        ("٣", "erp_bad_number"),
        ("1e3", "erp_bad_number"),
        ("10000000000000000,00", "erp_bad_number"),
        ("1," + "0" * 40 + "1", "erp_bad_number"),
        ("1,005", "erp_too_many_decimals"),
    ],
)
def test_what_is_no_amount_is_told_apart(text: str, code: str) -> None:
    with pytest.raises(BadCellError) as caught:
        parse(text, AMOUNT, notation=DANISH, currency="DKK")
    assert caught.value.code == code


def test_an_example_is_written_as_the_file_writes() -> None:
    assert number_example(DANISH) == "1.234,56"
    assert number_example(Notation(decimal=".", thousands="")) == "1234.56"


def test_a_rate_is_hundredths_of_a_percent() -> None:
    rate = Field("vat_rate", Kind.RATE)
    assert parse("25", rate, notation=DANISH) == 2500
    assert parse("12,5%", rate, notation=DANISH) == 1250
    with pytest.raises(BadCellError):
        parse("12,555", rate, notation=DANISH)


@pytest.mark.parametrize("text", ["31-09-2026", "2026-10-31", "10-31-2026", "31-10-26", "x"])
def test_an_impossible_day_is_no_date(text: str) -> None:
    field = Field("due_date", Kind.DATE)
    assert parse("31-10-2026", field, notation=DANISH) == dt.date(2026, 10, 31)
    with pytest.raises(BadCellError) as caught:
        parse(text, field, notation=DANISH)
    assert caught.value.code == "erp_bad_date"
    assert caught.value.expected == "31-10-2026"


def test_yes_and_no_in_the_words_of_exports() -> None:
    flag = Field("on_hold", Kind.FLAG)
    assert [parse(text, flag, notation=DANISH) for text in ("Ja", "x", "1", "TRUE")] == [
        True
    ] * 4
    assert [parse(text, flag, notation=DANISH) for text in ("", "Nej", "0", "no")] == [
        False
    ] * 4
    with pytest.raises(BadCellError):
        parse("måske", flag, notation=DANISH)


def test_codes_patterns_and_currencies() -> None:
    assert parse("dkk", Field("currency", Kind.CURRENCY), notation=DANISH) == "DKK"
    with pytest.raises(BadCellError):
        parse("XYZ", Field("currency", Kind.CURRENCY), notation=DANISH)
    with pytest.raises(BadCellError):
        parse("bill", Field("kind", codes=("invoice",)), notation=DANISH)
    with pytest.raises(BadCellError):
        parse("12345678\n", Field("no", pattern="[0-9]{8}", pattern_words="8"), notation=DANISH)
    assert parse(" 00 nv12", Field("c", Kind.CUSTOMER_NO), notation=DANISH) == "NV12"


@pytest.mark.parametrize(
    ("text", "rate"),
    [("7,4605", "7.4605"), ("1.000,50", "1000.5"), ("1", "1"), ("0,05", "0.05"), ("07", "7")],
)
def test_an_exchange_rate_is_kept_as_the_text_of_its_number(text: str, rate: str) -> None:
    assert parse(text, Field("rate", Kind.EXCHANGE_RATE), notation=DANISH) == rate


@pytest.mark.parametrize("text", ["0", "-7,46", "7,4.6", "10000000000", "x"])
def test_what_is_no_exchange_rate_is_told(text: str) -> None:
    with pytest.raises(BadCellError, match="erp_bad_number"):
        parse(text, Field("rate", Kind.EXCHANGE_RATE), notation=DANISH)


def test_a_base_amount_is_in_the_currency_of_the_company() -> None:
    known = (Field("currency", Kind.CURRENCY), Field("base_amount", Kind.BASE_AMOUNT))
    text = '[columns]\ncurrency = "C"\nbase_amount = "B"\n'
    table = read_rows(
        b"C;B\nISK;7,46\n;-1\n",
        name="f",
        mapping=of(MappingText("m", text), known=known),
        known=known,
        base_currency="DKK",
    )
    assert table.problems == ()
    assert table.values["base_amount"].to_list() == [746, -100]
