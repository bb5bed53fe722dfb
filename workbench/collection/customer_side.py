"""The customer's side of a payment's postings: profile and dimensions.

A payment lies on the receivable account of the claims that it settles, whatever the
customer's profile is today, so that both meet on one account; where they lie on several,
it lies on the customer's, and settling moves it (`applying`). It carries their dimensions
when they all agree, and none otherwise: a payment is not divided. Money on account has the
customer's profile in the collection system. A reversal has what its payment had.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from workbench.ledger.profiles import profiles
from workbench.store.connection import Reader

#: The profiles and dimensions of the entries of each collection.
_CLAIMS = """
SELECT part.collection_line_id, min(e.profile), max(e.profile),
       min(e.dimensions), max(e.dimensions)
FROM collection_line_entry AS part JOIN entry AS e USING (entry_id)
WHERE part.collection_line_id IN (SELECT value FROM json_each(?))
GROUP BY part.collection_line_id
"""
#: What the customer's side of each payment was posted with; the last posting counts.
_PAID = """
SELECT p.payment_line_id, p.profile, p.dimensions FROM posting AS p
WHERE p.posting_id IN (
    SELECT max(posting_id) FROM posting WHERE purpose IN ('receivable', 'on_account')
    AND payment_line_id IN (SELECT value FROM json_each(?)) GROUP BY payment_line_id)
"""
_SYSTEMS = "SELECT creditor_no, system FROM creditor"


@dataclass(frozen=True, slots=True)
class CustomerSide:
    """With which profile and dimensions (as JSON) a line's customer side is posted.

    Attributes:
        parted: Whether the claims lie on several profiles, so that settling them moves money.
    """

    profile: str
    dimensions: str
    parted: bool = False


def customer_sides(
    reader: Reader, lines: Iterable[tuple[str, dict[str, Any]]]
) -> dict[int, CustomerSide]:
    """The customer side of each payment line that has one.

    Args:
        reader: The view to ask; the payments of reversals are posted in it.
        lines: How each line is posted (`payment`, `release`, `on_account`, `reversal`), and
            the line with `payment_line_id`, `creditor_no`, `customer_id`,
            `collection_line_id` and `reverses`.
    """
    by_kind: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for kind, line in lines:
        by_kind[kind].append(line)
    settling = [*by_kind["payment"], *by_kind["release"]]
    own = _own_profiles(reader, [*settling, *by_kind["on_account"]])
    claims = _claims(reader, [line["collection_line_id"] for line in settling])
    sides = {
        line["payment_line_id"]: _of_claims(
            claims.get(line["collection_line_id"]), own[line["payment_line_id"]]
        )
        for line in settling
    }
    for line in by_kind["on_account"]:
        sides[line["payment_line_id"]] = CustomerSide(own[line["payment_line_id"]], "{}")
    paid = _paid(reader, [line["reverses"] for line in by_kind["reversal"]])
    for line in by_kind["reversal"]:
        sides[line["payment_line_id"]] = paid[line["reverses"]]
    return sides


def _of_claims(claims: tuple[str, ...] | None, own: str) -> CustomerSide:
    if claims is None:  # a collection that was taken on without its entries
        return CustomerSide(own, "{}")
    first, last, dimensions, other_dimensions = claims
    return CustomerSide(
        profile=first if first == last else own,
        dimensions=dimensions if dimensions == other_dimensions else "{}",
        parted=first != last,
    )


def _claims(reader: Reader, collections: list[int]) -> dict[int, tuple[str, ...]]:
    if not collections:
        return {}
    return {
        line_id: tuple(facts)
        for line_id, *facts in reader.rows(_CLAIMS, [json.dumps(collections)])
    }


def _paid(reader: Reader, payments: list[int]) -> dict[int, CustomerSide]:
    if not payments:
        return {}
    return {
        line_id: CustomerSide(profile, dimensions)
        for line_id, profile, dimensions in reader.rows(_PAID, [json.dumps(payments)])
    }


def _own_profiles(reader: Reader, lines: list[dict[str, Any]]) -> dict[int, str]:
    """The customers' profiles in the systems of their creditors, by payment line."""
    if not lines:
        return {}
    systems = dict(reader.rows(_SYSTEMS))
    customers: dict[str, list[int]] = defaultdict(list)
    for line in lines:
        customers[systems[line["creditor_no"]]].append(line["customer_id"])
    found = {
        system: dict(
            profiles(reader, ids, system=system).select("customer_id", "profile").iter_rows()
        )
        for system, ids in customers.items()
    }
    return {
        line["payment_line_id"]: found[systems[line["creditor_no"]]][line["customer_id"]]
        for line in lines
    }
