"""Names and addresses (022) of the collections of a Betalingsservice 0601."""

from __future__ import annotations

import numpy as np
import polars as pl

from workbench.layout.betalingsservice_collections import AddressLine, LegalId, Postcode
from workbench.layout.betalingsservice_walk import WIDTH, Tag, Walk
from workbench.layout.digits import Bytes, Numbers

_SCHEMA = pl.Schema(
    {  # type: ignore[arg-type]  # a list type beside plain ones
        "line": pl.Int64,
        "addressed": pl.Boolean,
        "name": pl.String,
        "address": pl.List(pl.String()),
        "postcode": pl.String,
        "country": pl.String,
        "legal_id": pl.String,
    }
)


def addresses(found: Walk) -> pl.DataFrame:
    """One row per collection that has address records, by the line of its 042.

    Address records stand before the collection that they belong to.
    """
    index = np.flatnonzero((found.tags == Tag.ADDRESS) & (found.sections > 0))
    payments = np.flatnonzero(found.tags == Tag.PAYMENT)
    if not len(index) or index[0] > payments.max(initial=-1):
        return pl.DataFrame(schema=_SCHEMA)
    after = np.searchsorted(payments, index)
    index, after = index[after < len(payments)], after[after < len(payments)]
    lines = _lines(found.lines.rows(index, width=WIDTH), payments[after] + 1)
    number = pl.col("number")
    texts = pl.col("text").filter(number <= 5)
    return (
        lines.group_by("line", maintain_order=True)
        .agg(
            pl.lit(True).alias("addressed"),
            texts.first().alias("name"),
            texts.slice(1).alias("address"),
            pl.col("postcode").filter(number == 9).first(),
            pl.col("country").filter(number == 9).first(),
            pl.col("legal_id").filter(number == 10).first(),
        )
        .select(pl.col(name).cast(dtype) for name, dtype in _SCHEMA.items())
    )


def _lines(matrix: Bytes, owner: Numbers) -> pl.DataFrame:
    first = AddressLine.read(matrix).values
    return pl.DataFrame(
        {
            "line": owner,
            "number": first["number"],
            "text": first["text"],
            "postcode": Postcode.read(matrix).values["postcode"],
            "country": Postcode.read(matrix).values["country"],
            "legal_id": LegalId.read(matrix).values["legal_id"],
        }
    )
