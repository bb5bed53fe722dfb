"""Entries as they can be settled: what remains, what is reserved, where the money lies."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.ledger.handover.refunds import available_minor
from workbench.ledger.open_entries import REMAINING
from workbench.model.money import decimal_from_minor
from workbench.store.connection import Reader

_SETTLEABLE = f"""
SELECT e.entry_id, e.customer_id, c.customer_no, e.kind, e.document_no, e.amount_minor,
       e.currency, e.profile, e.payment_line_id, {REMAINING} AS remaining_minor,
       EXISTS (SELECT 1 FROM refund AS r WHERE r.entry_id = e.entry_id) AS reserved_minor,
       max(e.posting_date,
           ifnull((SELECT max(a.posting_date) FROM application AS a
                   WHERE a.to_entry_id = e.entry_id), ''),
           ifnull((SELECT max(a.posting_date) FROM application AS a
                   WHERE a.from_entry_id = e.entry_id), '')) AS moved_on,
       p.account_no, p.purpose
FROM json_each(?) AS wanted JOIN entry AS e ON e.entry_id = wanted.value
JOIN customer AS c USING (customer_id)
LEFT JOIN posting AS p ON p.entry_id = e.entry_id AND p.voucher_id = e.voucher_id
    AND p.purpose IN ('receivable', 'on_account')
"""  # noqa: S608  # our own text


class SettlementError(Exception):
    """What was asked for is no settlement; nothing was changed."""


class UnknownEntryError(SettlementError):
    """No entry has this identifier."""


@dataclass(slots=True)
class Settleable:
    """An entry on its way through a settlement; ledger view of sign.

    Attributes:
        remaining_minor: What is left of it.
        reserved_minor: What of a credit is asked back and not paid yet; positive.
        moved_on: The last day on which anything happened to it.
        account_no: Where it was posted.
        purpose: As what it was posted: receivable or on account.
    """

    entry_id: int
    customer_id: int
    customer_no: str
    kind: str
    document_no: str
    amount_minor: int
    currency: str
    profile: str
    payment_line_id: int | None
    remaining_minor: int
    reserved_minor: int
    moved_on: dt.date
    account_no: str
    purpose: str

    @property
    def free_minor(self) -> int:
        """How much of it can be settled; never negative."""
        if self.remaining_minor > 0:
            return self.remaining_minor
        return max(0, -self.remaining_minor - self.reserved_minor)


def settleable(reader: Reader, entry_ids: Iterable[int]) -> dict[int, Settleable]:
    """The entries, by identifier.

    Raises:
        UnknownEntryError: There is none with one of the identifiers.
    """
    wanted = list(dict.fromkeys(entry_ids))
    found = {}
    for row in reader.records(_SETTLEABLE, [json.dumps(wanted)]):
        row["moved_on"] = dt.date.fromisoformat(row["moved_on"])
        if row["reserved_minor"]:
            available = available_minor(reader, row["entry_id"])
            row["reserved_minor"] = max(0, -row["remaining_minor"] - available)
        found[row["entry_id"]] = Settleable(**row)
    for entry_id in wanted:
        if entry_id not in found:
            raise UnknownEntryError(f"there is no entry #{entry_id}")
    return found


def shown(amount_minor: int, currency: str) -> str:
    """An amount as a sentence holds it."""
    return f"{decimal_from_minor(amount_minor, currency=currency):,f} {currency}"
