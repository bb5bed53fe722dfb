"""Which posting profile (bogføringsgruppe) counts for a customer, and its accounts.

The customer's own profile counts; else that of the customer's group in the collection
system that collects; else that of the group in every system; else the default. Entries of
the ERP are not collected yet, so they ask without a system; what is posted of a payment
stays on the profile of the entries that it settles.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

import polars as pl

from workbench.ledger.setup import DEFAULT_PROFILE
from workbench.store.connection import Reader

#: The profile that counts for each customer.
PROFILES = pl.Schema({"customer_id": pl.Int64, "customer_no": pl.String, "profile": pl.String})

#: The profile of a customer `c` in the system `:system`, else `:default`.
PROFILE = """coalesce(c.profile,
    (SELECT g.profile FROM group_profile AS g
     WHERE g.customer_group = c.customer_group AND g.system IN (:system, '')
     ORDER BY g.system = '' LIMIT 1), :default)"""

_PROFILES = f"""
SELECT c.customer_id, c.customer_no, {PROFILE} AS profile
FROM json_each(:wanted) AS wanted JOIN customer AS c ON c.%s = wanted.value
"""  # noqa: S608  # our own names


def profiles(
    reader: Reader, customers: Iterable[int] | Iterable[str], *, system: str = ""
) -> pl.DataFrame:
    """The profile that counts for each of some customers.

    Args:
        reader: The view to ask.
        customers: Their identifiers, or their canonical numbers; unknown ones are left out.
        system: The collection system that collects; empty where none does.

    Returns:
        Rows of `PROFILES`, in no order.
    """
    wanted = list(dict.fromkeys(customers))
    key = "customer_id" if wanted and isinstance(wanted[0], int) else "customer_no"
    parameters = {
        "wanted": json.dumps(wanted, ensure_ascii=False),
        "system": system,
        "default": DEFAULT_PROFILE,
    }
    return reader.gathered(_PROFILES % key, parameters, schema=PROFILES)
