"""The fields of a file from the ERP: what each is called, holds, and must have.

What an entry carries beside its own amount is said with the same kinds:

    Field("remaining", Kind.AMOUNT)          what the ERP shows as open, currency of the row
    Field("base_amount", Kind.BASE_AMOUNT)   in the company's own currency
    Field("rate", Kind.EXCHANGE_RATE)        "7.4605", kept as text
    Field("rate_date", Kind.DATE)
    Field("promised_on", Kind.DATE)

A purpose with a base amount gives `read_rows` the company's currency, as `base_currency`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import polars as pl

#: Fields of this name and a dimension's name hold an entry's dimensions.
DIMENSION = "dimension."


class Kind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    #: Its value is the canonical form: no blanks, no leading zeros, upper case.
    CUSTOMER_NO = "customer_no"
    #: An ISO 4217 code.
    CURRENCY = "currency"
    #: Its value is minor units of the currency that the field `currency` of the row names.
    AMOUNT = "amount"
    #: Its value is minor units of the company's own currency, whatever the row's.
    BASE_AMOUNT = "base_amount"
    #: An exchange rate above zero; its value is the text of that decimal number, such as
    #: "7.4605", without marks between thousands and without zeros that say nothing.
    EXCHANGE_RATE = "exchange_rate"
    #: A percentage; its value is hundredths of a percent (basis points).
    RATE = "rate"
    DATE = "date"
    #: Yes or no; an empty cell is no.
    FLAG = "flag"


_DTYPES: dict[Kind, pl.DataType] = {
    Kind.AMOUNT: pl.Int64(),
    Kind.BASE_AMOUNT: pl.Int64(),
    Kind.RATE: pl.Int64(),
    Kind.DATE: pl.Date(),
    Kind.FLAG: pl.Boolean(),
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field, under the name that the workbench has for it.

    Attributes:
        required: A mapping must name its column or a default, and no cell may be empty.
        codes: The only values that a text may have, after the mapping's translation.
        pattern: What the whole text must match; `pattern_words` says it to a person.
    """

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    codes: tuple[str, ...] = ()
    pattern: str = ""
    pattern_words: str = ""

    @property
    def dtype(self) -> pl.DataType:
        """The type of its values in a frame."""
        return _DTYPES.get(self.kind, pl.String())
