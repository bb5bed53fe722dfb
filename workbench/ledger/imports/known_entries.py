"""What is known of the entries and customers that a file of the ERP names."""

from __future__ import annotations

import json

import polars as pl

from workbench.ledger.profiles import PROFILE
from workbench.ledger.setup import DEFAULT_PROFILE
from workbench.store.connection import Reader

#: So many numbers are looked up one by one; more, and everything is gathered.
_FEW = 20_000

#: An entry that a number of the ERP names. `withdrawn`: no longer, and only its revision
#: counts. `linked`: an entry of our own that the ERP has booked. `recorded`: when the number
#: became known.
KNOWN = pl.Schema(
    {
        "erp_entry_no": pl.String,
        "entry_id": pl.Int64,
        "revision": pl.Int64,
        "version": pl.Int64,
        "customer_id": pl.Int64,
        "kind": pl.String,
        "document_no": pl.String,
        "document_date": pl.Date,
        "due_date": pl.Date,
        "amount": pl.Int64,
        "currency": pl.String,
        "on_hold": pl.Boolean,
        "disputed": pl.Boolean,
        "promised_on": pl.Date,
        "vat_code": pl.String,
        "vat_rate": pl.Int64,
        "vat_base": pl.Int64,
        "vat_amount": pl.Int64,
        "recorded": pl.Int64,
        "withdrawn": pl.Boolean,
        "linked": pl.Boolean,
    }
)

_FACTS = """
       e.version, e.customer_id, e.kind, e.document_no, e.document_date, e.due_date,
       e.amount_minor, e.currency, e.on_hold, e.disputed, e.promised_on, v.vat_code,
       v.rate_basis_points, v.base_minor, v.vat_minor"""
_VAT = "LEFT JOIN entry_vat AS v ON v.entry_id = e.entry_id AND v.number = 1"

#: Entries from the ERP, and entries of ours under the ERP's numbers; links that an undone
#: import made count no more.
_KNOWN = f"""
SELECT e.erp_entry_no, e.entry_id, e.erp_revision, {_FACTS}, e.recorded,
       EXISTS (SELECT 1 FROM entry_withdrawal AS w WHERE w.entry_id = e.entry_id), 0
FROM {{entries}} {_VAT} WHERE e.erp_entry_no IS NOT NULL
UNION ALL
SELECT k.erp_entry_no, e.entry_id, 0, {_FACTS}, k.recorded, 0, 1
FROM {{links}} JOIN entry AS e USING (entry_id) {_VAT}
WHERE NOT EXISTS (SELECT 1 FROM erp_import AS i JOIN erp_import_undo USING (import_id)
                  WHERE i.recorded = k.recorded)
"""  # noqa: S608  # our own names
_ALL_KNOWN = _KNOWN.format(entries="entry AS e", links="erp_entry_link AS k")
_FEW_KNOWN = _KNOWN.format(
    entries="json_each(:numbers) AS n CROSS JOIN entry AS e ON e.erp_entry_no = n.value",
    links="json_each(:numbers) AS n CROSS JOIN erp_entry_link AS k ON k.erp_entry_no = n.value",
)

_CUSTOMERS = pl.Schema(
    {"customer_no": pl.String, "customer_id": pl.Int64, "profile": pl.String}
)
_ALL_CUSTOMERS = f"SELECT c.customer_no, c.customer_id, {PROFILE} FROM customer AS c"  # noqa: S608  # our own text
_FEW_CUSTOMERS = f"""
SELECT c.customer_no, c.customer_id, {PROFILE}
FROM json_each(:numbers) AS n CROSS JOIN customer AS c ON c.customer_no = n.value
"""  # noqa: S608  # our own text


def known_entries(reader: Reader, numbers: pl.Series, *, everything: bool) -> pl.DataFrame:
    """The last revision under each number; rows of `KNOWN`.

    Args:
        reader: The view to ask.
        numbers: The numbers of a file.
        everything: Whether entries that the file does not name are wanted too.
    """
    wanted = numbers.drop_nulls().unique()
    if everything or wanted.len() > _FEW:
        found = reader.gathered(_ALL_KNOWN, schema=KNOWN)
    else:
        parameters = {"numbers": json.dumps(wanted.to_list())}
        found = reader.gathered(_FEW_KNOWN, parameters, schema=KNOWN)
    # A link stands only where no entry came from the ERP under the number.
    last = pl.col("revision").max().over("erp_entry_no")
    revised = found.filter(pl.col("revision") > 1).select("erp_entry_no").unique()
    linked = found.filter("linked").select("erp_entry_no").unique()
    several = pl.concat([revised, linked]).unique()
    if several.is_empty():
        return found
    one = found.join(several, on="erp_entry_no", how="anti")
    more = found.join(several, on="erp_entry_no", how="semi")
    return pl.concat([one, more.filter(pl.col("revision") == last)])


def customers(reader: Reader, numbers: pl.Series) -> pl.DataFrame:
    """Number, identifier and posting profile of customers."""
    wanted = numbers.drop_nulls().unique()
    parameters: dict[str, object] = {"system": "", "default": DEFAULT_PROFILE}
    if wanted.len() > _FEW:
        return reader.gathered(_ALL_CUSTOMERS, parameters, schema=_CUSTOMERS)
    parameters["numbers"] = json.dumps(wanted.to_list())
    return reader.gathered(_FEW_CUSTOMERS, parameters, schema=_CUSTOMERS)


_NUMBERS = """
SELECT c.customer_id, c.customer_no
FROM json_each(?) AS n CROSS JOIN customer AS c ON c.customer_id = n.value
"""
_NUMBERS_SCHEMA = pl.Schema({"customer_id": pl.Int64, "customer_no": pl.String})


def customer_numbers(reader: Reader, customer_ids: pl.Series) -> pl.DataFrame:
    """The numbers of customers, by identifier."""
    wanted = json.dumps(customer_ids.drop_nulls().unique().to_list())
    return reader.gathered(_NUMBERS, [wanted], schema=_NUMBERS_SCHEMA)
