"""Looking for the collection, or the customer, that held money may belong to."""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader

#: Collections that were sent, as a person compares them with a payment.
FOUND = pl.Schema(
    {
        "collection_line_id": pl.Int64,
        "customer_id": pl.Int64,
        "customer_no": pl.String,
        "name": pl.String,
        "reference": pl.String,
        "due_date": pl.Date,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "status": pl.String,
    }
)
CUSTOMERS = pl.Schema({"customer_id": pl.Int64, "customer_no": pl.String, "name": pl.String})

#: A name in small letters; SQLite's own `lower` leaves the Nordic ones as they are.
_NAME = "lower(p.name)"
for _large in "ÆØÅÄÖÜÉ":
    _NAME = f"replace({_NAME}, '{_large}', '{_large.lower()}')"

_COLLECTIONS = f"""
SELECT l.collection_line_id, l.customer_id, l.customer_no, p.name, l.reference, l.due_date,
       l.amount_minor, l.currency, l.status
FROM collection_line AS l JOIN customer AS c USING (customer_id)
LEFT JOIN person AS p USING (person_id)
WHERE l.delivery_id IS NOT NULL
  AND (l.reference LIKE :start ESCAPE '\\' OR l.customer_no LIKE :start ESCAPE '\\'
       OR {_NAME} LIKE :within ESCAPE '\\')
ORDER BY l.due_date DESC, l.customer_no LIMIT :limit
"""  # noqa: S608  # our own text
_CUSTOMERS = f"""
SELECT c.customer_id, c.customer_no, p.name
FROM customer AS c LEFT JOIN person AS p USING (person_id)
WHERE c.customer_no LIKE :start ESCAPE '\\' OR {_NAME} LIKE :within ESCAPE '\\'
ORDER BY c.customer_no LIMIT :limit
"""  # noqa: S608  # our own text


def find_collections(reader: Reader, text: str, *, limit: int = 50) -> pl.DataFrame:
    """Sent collections by the start of reference or customer number, or part of a name."""
    if not text.strip():
        return FOUND.to_frame()
    return reader.frame(_COLLECTIONS, _patterns(text, limit), schema=FOUND)


def find_customers(reader: Reader, text: str, *, limit: int = 50) -> pl.DataFrame:
    """Customers by the start of their number, or part of their name."""
    if not text.strip():
        return CUSTOMERS.to_frame()
    return reader.frame(_CUSTOMERS, _patterns(text, limit), schema=CUSTOMERS)


def _patterns(text: str, limit: int) -> dict[str, object]:
    literal = text.strip()
    for special in "\\%_":
        literal = literal.replace(special, f"\\{special}")
    return {"start": f"{literal}%", "within": f"%{literal.lower()}%", "limit": limit}
