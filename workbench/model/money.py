"""Money: whole minor units of an ISO 4217 currency, and the two views of its sign.

*Cash view* (files, payments): money to the creditor is positive, money taken back is
negative.
*Ledger view* (entries, postings to a customer): a claim is positive, what reduces it is
negative.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

#: Minor units per unit, as a power of ten (ISO 4217, table A.1).
EXPONENTS = {"DKK": 2, "NOK": 2, "SEK": 2, "EUR": 2, "USD": 2, "GBP": 2, "CHF": 2, "ISK": 0}


class UnknownCurrencyError(ValueError):
    """The currency is not one that the workbench knows."""


class InexactAmountError(ValueError):
    """The amount has more decimals than its currency."""


def exponent(currency: str) -> int:
    """Decimals of a currency.

    Raises:
        UnknownCurrencyError: The currency is not in the table.
    """
    try:
        return EXPONENTS[currency]
    except KeyError as cause:
        raise UnknownCurrencyError(currency) from cause


def minor_from_decimal(amount: Decimal, *, currency: str) -> int:
    """Whole minor units of a decimal amount; nothing is rounded.

    Raises:
        InexactAmountError: The amount has more decimals than the currency.
    """
    scaled = amount.scaleb(exponent(currency))
    if scaled != scaled.to_integral_value():
        raise InexactAmountError(str(amount))
    return int(scaled)


def decimal_from_minor(amount_minor: int, *, currency: str) -> Decimal:
    """The decimal amount of whole minor units, with the currency's decimals."""
    return Decimal(amount_minor).scaleb(-exponent(currency))


def parse_decimal(text: str, *, decimal_mark: str, thousands_mark: str) -> Decimal:
    """The number that a text holds in the notation of a mapping, such as `1.234,56`.

    Args:
        text: Digits with an optional sign in front or behind; U+2212 is a minus as well.
        decimal_mark: The character before the decimals.
        thousands_mark: The character between thousands; "" when none is used. Where it
            stands, it must separate groups of three digits.

    Raises:
        ValueError: The text is not a number in this notation.
    """
    compact = text.strip().replace("\N{MINUS SIGN}", "-")
    negative = compact.startswith("-") or compact.endswith("-")
    compact = compact.strip("-").removeprefix("+")
    whole, mark, decimals = compact.partition(decimal_mark)
    if thousands_mark and thousands_mark in whole:
        first, *groups = whole.split(thousands_mark)
        if not 1 <= len(first) <= 3 or any(len(group) != 3 for group in groups):
            raise ValueError(text)
        whole = first + "".join(groups)
    digits_only = whole.isascii() and whole.isdigit()
    decimals_only = not decimals or (decimals.isascii() and decimals.isdigit())
    if not digits_only or not decimals_only or (mark and not decimals):
        raise ValueError(text)
    try:
        number = Decimal(f"{whole}.{decimals or '0'}")
    except InvalidOperation as cause:
        raise ValueError(text) from cause
    return -number if negative else number


def minor_from_typed(text: str, *, currency: str) -> int:
    """Minor units of an amount that a person typed, with a decimal point or a comma.

    >>> minor_from_typed("12,5", currency="DKK")
    1250

    Raises:
        ValueError: It is no amount, or has more decimals than the currency: `1.000` may be
            meant as a thousand, and is not guessed at.
    """
    plain = text.replace(",", ".")
    if len(plain.strip().partition(".")[2]) > exponent(currency):
        raise InexactAmountError(text)
    number = parse_decimal(plain, decimal_mark=".", thousands_mark="")
    return minor_from_decimal(number, currency=currency)


def ledger_from_cash(amount_minor: int) -> int:
    """The effect on the customer's claim of cash received (+) or taken back (−).

    The only place where the two views meet: cash in reduces a claim.
    """
    return -amount_minor
