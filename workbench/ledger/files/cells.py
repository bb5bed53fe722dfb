"""One cell of a file from the ERP: its text into its value."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import Notation
from workbench.model.money import (
    EXPONENTS,
    InexactAmountError,
    exponent,
    minor_from_decimal,
    parse_decimal,
)
from workbench.references import betalingsservice_customer

#: Far above any claim, and so small that the sum of millions fits the store.
_MINOR_MAX = 10**15
#: No currency is worth so many of another.
_RATE_MAX = 10**9
#: A longer text is no number that arithmetic with 28 digits keeps exact.
_LENGTH_MAX = 25
_EXAMPLE = Decimal("1234.56")
_EXAMPLE_DATE = dt.date(2026, 10, 31)
#: Excel counts days from here; workbooks of old Macs from EPOCH_1904. 29 February 1900,
#: which Excel has and the calendar has not, lies before any date that is taken.
EPOCH = dt.date(1899, 12, 30)
EPOCH_1904 = dt.date(1904, 1, 1)
_YEARS = (1990, 2100)
_FLAGS = {
    **dict.fromkeys(("1", "x", "true", "yes", "y", "ja", "j"), True),
    **dict.fromkeys(("0", "", "false", "no", "n", "nej", "nei"), False),
}

Value = str | int | bool | dt.date


class BadCellError(Exception):
    """A cell does not hold what its field wants: the problem's code and what was expected."""

    def __init__(self, code: str, expected: str) -> None:
        super().__init__(code, expected)
        self.code = code
        self.expected = expected


def parse(text: str, field: Field, *, notation: Notation, currency: str = "") -> Value:
    """The value of a cell's text.

    Args:
        text: Stripped and, where the mapping translates it, translated; not empty unless
            the field is a flag.
        currency: The row's currency for an amount, the company's for a base amount.

    Raises:
        BadCellError: The text is not what the field wants.
    """
    match field.kind:
        case Kind.TEXT:
            value: Value = _text(text, field)
        case Kind.CUSTOMER_NO:
            value = betalingsservice_customer.compact(text)
        case Kind.CURRENCY:
            value = _currency(text)
        case Kind.AMOUNT | Kind.BASE_AMOUNT:
            value = _amount(text, currency=currency, notation=notation)
        case Kind.EXCHANGE_RATE:
            value = _exchange_rate(text, notation=notation)
        case Kind.RATE:
            value = _rate(text, notation=notation)
        case Kind.DATE:
            value = _date(text, notation.date)
        case Kind.FLAG:
            value = _flag(text)
    return value


def parse_number(text: str, *, notation: Notation) -> Decimal:
    """The number that a text holds.

    Raises:
        BadCellError: It holds none in the file's notation.
    """
    try:
        if len(text) <= _LENGTH_MAX:
            return parse_decimal(
                text, decimal_mark=notation.decimal, thousands_mark=notation.thousands
            )
    except ValueError as cause:
        raise BadCellError(_bad_number(text, notation), number_example(notation)) from cause
    raise BadCellError("erp_bad_number", number_example(notation))


def _bad_number(text: str, notation: Notation) -> str:
    """The code for a text that is no number: perhaps it would be one elsewhere."""
    if text.startswith("="):
        return "erp_formula"
    other = {",": ".", ".": ","}[notation.decimal]
    try:
        parse_decimal(text, decimal_mark=other, thousands_mark=notation.decimal)
    except ValueError:
        return "erp_bad_number"
    return "erp_other_notation"


def _text(text: str, field: Field) -> str:
    if field.codes and text not in field.codes:
        raise BadCellError("erp_bad_value", ", ".join(field.codes))
    if field.pattern and not re.fullmatch(field.pattern, text):
        raise BadCellError("erp_bad_value", field.pattern_words)
    return text


def _currency(text: str) -> str:
    if text.upper() not in EXPONENTS:
        raise BadCellError("erp_unknown_currency", ", ".join(EXPONENTS))
    return text.upper()


def _amount(text: str, *, currency: str, notation: Notation) -> int:
    number = parse_number(text, notation=notation)
    try:
        amount_minor = minor_from_decimal(number, currency=currency)
    except InexactAmountError as cause:
        raise BadCellError("erp_too_many_decimals", str(exponent(currency))) from cause
    if abs(amount_minor) > _MINOR_MAX:
        raise BadCellError("erp_bad_number", number_example(notation))
    return amount_minor


def _rate(text: str, *, notation: Notation) -> int:
    basis_points = parse_number(text.removesuffix("%"), notation=notation).scaleb(2)
    if basis_points != basis_points.to_integral_value():
        raise BadCellError("erp_too_many_decimals", "2")
    if abs(basis_points) > _MINOR_MAX:
        raise BadCellError("erp_bad_number", number_example(notation))
    return int(basis_points)


def _exchange_rate(text: str, *, notation: Notation) -> str:
    number = parse_number(text, notation=notation)
    if not 0 < number < _RATE_MAX:
        raise BadCellError("erp_bad_number", number_example(notation))
    whole, _, decimals = f"{number:f}".partition(".")
    kept = decimals.rstrip("0")
    return f"{whole.lstrip('0') or '0'}{'.' if kept else ''}{kept}"


def number_example(notation: Notation) -> str:
    """A number as the file writes it."""
    marks = {",": notation.thousands, ".": notation.decimal}
    return "".join(marks.get(sign, sign) for sign in f"{_EXAMPLE:,}")


def _date(text: str, date_format: str) -> dt.date:
    try:
        return dt.datetime.strptime(text, date_format).date()  # noqa: DTZ007  # a date has no zone
    except ValueError as cause:
        serial = date_of_serial(text)
        if serial is not None:
            raise BadCellError("erp_excel_serial", f"{serial:{date_format}}") from cause
        code = "erp_formula" if text.startswith("=") else "erp_bad_date"
        raise BadCellError(code, f"{_EXAMPLE_DATE:{date_format}}") from cause


def date_of_serial(text: str, *, epoch: dt.date = EPOCH) -> dt.date | None:
    """The day that Excel means by a number, where it is one of these decades."""
    if not (len(text) == len("45992") and text.isascii() and text.isdigit()):
        return None
    day = epoch + dt.timedelta(days=int(text))
    return day if _YEARS[0] <= day.year <= _YEARS[1] else None


def _flag(text: str) -> bool:
    flag = _FLAGS.get(text.lower())
    if flag is None:
        raise BadCellError("erp_bad_value", ", ".join(filter(None, _FLAGS)))
    return flag
