"""Lines of the journal as the formats write them."""

from __future__ import annotations

import datetime as dt
import json
import textwrap

import polars as pl

from workbench.model.frames import COLLECTIONS
from workbench.store.connection import Reader

#: Characters of a name or address line (0601, record 022).
_ADDRESS_WIDTH = 35

_COLLECTIONS = """
SELECT l.collection_line_id, CASE WHEN l.slip_only THEN '0117' ELSE '0112' END AS section_kind,
       l.creditor_no, l.debtor_group, c.printed_no, l.agreement_no, l.reference, l.due_date,
       l.amount_minor, p.name, p.address, p.postcode, p.country, p.legal_id, l.text
FROM collection_line AS l JOIN customer AS c USING (customer_id)
LEFT JOIN person AS p USING (person_id)
WHERE l.collection_line_id IN (SELECT value FROM json_each(?))
"""


def collections_of(reader: Reader, line_ids: list[int]) -> pl.DataFrame:
    """Lines as the formats write them: rows of `COLLECTIONS`, in the order of the ids."""
    records = {
        row["collection_line_id"]: row
        for row in reader.records(_COLLECTIONS, [json.dumps(line_ids)])
    }
    rows = [_collection(records[line_id]) for line_id in line_ids]
    return pl.DataFrame(rows, schema=COLLECTIONS)


def _collection(row: dict[str, object]) -> dict[str, object]:
    address = json.loads(str(row["address"] or "[]"))
    name, *more = [part for text in [row["name"] or "", *address] for part in _wrapped(text)]
    return {
        "section_kind": row["section_kind"],
        "creditor_no": row["creditor_no"],
        "debtor_group": row["debtor_group"],
        "customer_no": str(row["printed_no"]).replace(" ", "").upper(),
        "agreement_no": None if row["section_kind"] == "0117" else row["agreement_no"],
        "reference": row["reference"],
        "due_date": dt.date.fromisoformat(str(row["due_date"])),
        "amount_minor": row["amount_minor"],
        "addressed": True,
        "name": name,
        "address": more,
        "postcode": row["postcode"] or "",
        "country": row["country"] or "DK",
        "legal_id": row["legal_id"],
        "texts": str(row["text"]).split("\n") if row["text"] else [],
    }


def _wrapped(text: object) -> list[str]:
    """A name or address line as lines that fit the record; at least one."""
    return textwrap.wrap(str(text), _ADDRESS_WIDTH) or [""]
