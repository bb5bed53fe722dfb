"""How small a rest may be posted away: a decision with who and when.

Per currency, narrowed by customer. The last decision counts; a customer's own wins; without
one nothing is posted away.
"""

from __future__ import annotations

import polars as pl

from workbench.store.connection import Reader
from workbench.store.workspace import Workspace

#: Every decision on how small a rest may be.
TOLERANCES = pl.Schema(
    {
        "currency": pl.String,
        "customer_no": pl.String,
        "amount_minor": pl.Int64,
        "actor": pl.String,
        "at": pl.String,
        "recorded": pl.Int64,
    }
)


def set_tolerance(
    workspace: Workspace, *, currency: str, amount_minor: int, customer_id: int | None = None
) -> None:
    """Decide how small a rest may be posted away; 0 stops it.

    Args:
        workspace: The company.
        currency: ISO 4217 code.
        amount_minor: The largest rest, in minor units.
        customer_id: The only customer that this is for; None for all others.
    """
    assert amount_minor >= 0, amount_minor
    with workspace.transaction(
        "set_tolerance", role="administer", kind="penny", currency=currency,
        customer_id=customer_id, amount_minor=amount_minor,
    ) as transaction:  # fmt: skip
        row = {
            "tolerance_id": transaction.draw_ids(1),
            "kind": "penny",
            "currency": currency,
            "customer_id": customer_id,
            "amount_minor": amount_minor,
            "actor": transaction.step.actor,
        }
        schema = {"customer_id": pl.Int64}
        transaction.append("tolerance", pl.DataFrame([row], schema_overrides=schema))


def tolerance_minor(reader: Reader, *, currency: str, customer_id: int) -> int:
    """The largest rest of a customer's entry that may be posted away; 0 where none is set."""
    found = reader.value(
        "SELECT amount_minor FROM tolerance WHERE kind = 'penny' AND currency = ?1 "
        "AND (customer_id IS NULL OR customer_id = ?2) "
        "ORDER BY customer_id IS NULL, tolerance_id DESC LIMIT 1",
        [currency, customer_id],
    )
    return int(found or 0)


def tolerances(reader: Reader) -> pl.DataFrame:
    """Every decision, the last one first; rows of `TOLERANCES`."""
    return reader.frame(
        "SELECT t.currency, c.customer_no, t.amount_minor, t.actor, e.at, t.recorded "
        "FROM tolerance AS t JOIN audit_event AS e ON e.seq = t.recorded "
        "LEFT JOIN customer AS c USING (customer_id) WHERE t.kind = 'penny' "
        "ORDER BY t.tolerance_id DESC",
        schema=TOLERANCES,
    )
