"""Entries as people name them: by document number, the ERP's number, or `#` and our own."""

from __future__ import annotations

from workbench.ledger.settlement.entries import SettlementError, UnknownEntryError, shown
from workbench.model.masking import mask_personal
from workbench.store.connection import Reader

_NAMED = """
SELECT e.entry_id, c.customer_no, e.kind, e.document_no, e.amount_minor, e.currency
FROM entry AS e JOIN customer AS c USING (customer_id)
WHERE (e.document_no = ?1 OR e.erp_entry_no = ?1
       OR e.entry_id IN (SELECT entry_id FROM erp_entry_link WHERE erp_entry_no = ?1))
  AND NOT EXISTS (SELECT 1 FROM entry_withdrawal AS w WHERE w.entry_id = e.entry_id)
ORDER BY e.entry_id
"""


class AmbiguousEntryError(SettlementError):
    """Several entries have this name; they are listed."""


def entry_named(reader: Reader, name: str, *, customer_no: str | None = None) -> int:
    """The entry that a person means.

    Args:
        reader: The view to ask.
        name: A document number, a number of the ERP, or `#` and the entry's own number.
        customer_no: The only customer whose entries count.

    Raises:
        UnknownEntryError: There is none.
        AmbiguousEntryError: There are several; names each with its own number.
    """
    text = name.strip()
    if text.startswith("#") and text[1:].isascii() and text[1:].isdigit():
        return _existing(reader, int(text[1:]))
    found = [
        row
        for row in reader.records(_NAMED, [text])
        if customer_no is None or row["customer_no"] == customer_no
    ]
    if not found:
        raise UnknownEntryError(f"there is no entry {text}")
    if len(found) > 1:
        listed = "; ".join(
            f"#{row['entry_id']}: {row['kind']} {row['document_no']} of customer "
            f"{mask_personal(row['customer_no'])}, "
            f"{shown(row['amount_minor'], row['currency'])}"
            for row in found
        )
        raise AmbiguousEntryError(f"{text} names several entries, say which: {listed}")
    return int(found[0]["entry_id"])


def _existing(reader: Reader, entry_id: int) -> int:
    if reader.value("SELECT 1 FROM entry WHERE entry_id = ?", [entry_id]) is None:
        raise UnknownEntryError(f"there is no entry #{entry_id}")
    return entry_id
