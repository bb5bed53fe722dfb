"""What people decide about payment lines: allow posting, match, put on account, ignore.

A decision is a new outcome row; nothing is overwritten. A manual match is a lock.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import polars as pl

from workbench.collection import register
from workbench.collection.calendar import final_on
from workbench.matching.rules import PAYS
from workbench.model.statuses import Status, is_legal
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: The rule of a company that lets every certain match be posted.
MATCHED_WITHOUT_RESIDUAL = "matched_without_residual"

_BY_RULE = """
SELECT o.payment_line_id FROM current_outcome AS o
JOIN payment_line AS p USING (payment_line_id)
WHERE o.outcome = 'matched' AND o.residual_minor = 0 AND p.amount_paid_minor <> 0
  AND NOT EXISTS (SELECT 1 FROM posting_permission AS m
                  WHERE m.payment_line_id = o.payment_line_id)
ORDER BY o.payment_line_id
"""

_LINE = """
SELECT p.*, o.outcome, o.class, o.collection_line_id, o.outcome_id
FROM payment_line AS p JOIN current_outcome AS o USING (payment_line_id)
WHERE p.payment_line_id = ?
"""


class NotDecidableError(Exception):
    """The line is in a state in which this decision cannot be made."""


def allow_posting(
    workspace: Workspace,
    payment_line_ids: Sequence[int],
    *,
    allowed: bool = True,
    by_rule: str | None = None,
    run_id: int | None = None,
) -> int:
    """Set or take back the mark *posting allowed*; how many marks were written.

    Raises:
        NotDecidableError: A line is not matched; no mark is written then.
    """
    if not payment_line_ids:
        return 0
    with workspace.transaction(
        "posting_allowed",
        role="approve" if by_rule is None else "post",
        run_id=run_id,
        lines=len(payment_line_ids),
        allowed=allowed,
    ) as transaction:
        _require_matched(transaction, payment_line_ids)
        first = transaction.draw_ids(len(payment_line_ids))
        transaction.append(
            "posting_permission",
            pl.DataFrame(
                {
                    "permission_id": range(first, first + len(payment_line_ids)),
                    "payment_line_id": list(payment_line_ids),
                },
                schema={"permission_id": pl.Int64, "payment_line_id": pl.Int64},
            ).with_columns(
                pl.lit(int(allowed)).cast(pl.Int64).alias("allowed"),
                pl.lit(by_rule, pl.String).alias("by_rule"),
                pl.lit(transaction.step.actor).alias("actor"),
            ),
        )
    return len(payment_line_ids)


def allow_by_rule(workspace: Workspace, *, run_id: int | None = None) -> int:
    """Mark what the company's own rule allows; nothing when it switched none on."""
    with workspace.read() as reader:
        rule = reader.value("SELECT value FROM setting WHERE key = 'posting_rule'")
        if rule != MATCHED_WITHOUT_RESIDUAL:
            return 0
        line_ids = [row[0] for row in reader.rows(_BY_RULE)]
    return allow_posting(workspace, line_ids, by_rule=MATCHED_WITHOUT_RESIDUAL, run_id=run_id)


def match_to(
    workspace: Workspace,
    payment_line_id: int,
    collection_line_id: int,
    *,
    seen_outcome: int,
    reason: str,
    as_of: dt.date,
) -> None:
    """Match held money to a collection, because a person says so.

    What goes beyond the collected amount stays as a residual on the customer.

    Args:
        workspace: The company.
        payment_line_id: The held line.
        collection_line_id: The collection; it must have been sent.
        seen_outcome: The outcome that the person saw.
        reason: Why, in the person's words.
        as_of: Today.

    Raises:
        NotDecidableError: The line is not held, moves no money in or its money was taken
            back, the outcome changed, or nothing of the collection is left to pay.
    """
    with workspace.transaction(
        "match", role="prepare", line=payment_line_id, reason=reason
    ) as transaction:
        line = _held_money(transaction, payment_line_id, seen_outcome)
        target = transaction.record(
            "SELECT * FROM collection_line WHERE collection_line_id = ?", [collection_line_id]
        )
        if target is None or target["delivery_id"] is None or line["kind"] not in PAYS:
            raise NotDecidableError(f"{payment_line_id} → {collection_line_id}")
        if target["currency"] != line["currency"]:
            raise NotDecidableError(f"{line['currency']} → {target['currency']}")
        cash = line["amount_paid_minor"]
        applied = min(cash, target["amount_minor"] - _applied(transaction, collection_line_id))
        if applied <= 0:
            raise NotDecidableError(f"nothing of collection {collection_line_id} is left")
        _append_outcome(
            transaction,
            payment_line_id,
            outcome="matched",
            collection_line_id=collection_line_id,
            customer_id=target["customer_id"],
            applied_minor=applied,
            residual_minor=cash - applied,
            reason=reason,
        )
        _pay(transaction, line, target, as_of=as_of)
        _decide_difference(transaction, payment_line_id, "matched")


def put_on_account(
    workspace: Workspace,
    payment_line_id: int,
    customer_id: int,
    *,
    seen_outcome: int,
    reason: str,
) -> None:
    """Give held money to a customer without settling anything with it.

    Raises:
        NotDecidableError: The line is not held or its money was taken back, the outcome
            changed, or there is no such customer.
    """
    with workspace.transaction(
        "put_on_account", role="prepare", line=payment_line_id, reason=reason
    ) as transaction:
        line = _held_money(transaction, payment_line_id, seen_outcome)
        if not transaction.value("SELECT 1 FROM customer WHERE customer_id = ?", [customer_id]):
            raise NotDecidableError(f"there is no customer {customer_id}")
        _append_outcome(
            transaction,
            payment_line_id,
            outcome="matched",
            class_="on_account",
            collection_line_id=line["collection_line_id"],
            customer_id=customer_id,
            applied_minor=0,
            residual_minor=line["amount_paid_minor"],
            reason=reason,
        )
        _decide_difference(transaction, payment_line_id, "on_account")


def ignore(
    workspace: Workspace, payment_line_id: int, *, seen_outcome: int, reason: str
) -> None:
    """Put a held line aside, with a reason; its money stays on the held account.

    Raises:
        NotDecidableError: The line is not held, the outcome changed, or no reason is given.
    """
    if not reason.strip():
        raise NotDecidableError("a reason is needed")
    with workspace.transaction(
        "ignore", role="prepare", line=payment_line_id, reason=reason
    ) as transaction:
        line = _held_line(transaction, payment_line_id, seen_outcome)
        _append_outcome(
            transaction,
            payment_line_id,
            outcome="ignored",
            class_=line["class"],
            collection_line_id=line["collection_line_id"],
            applied_minor=0,
            residual_minor=line["amount_paid_minor"] or 0,
            reason=reason,
        )
        _decide_difference(transaction, payment_line_id, "left")


def _held_line(
    transaction: Transaction, payment_line_id: int, seen_outcome: int
) -> dict[str, Any]:
    line = transaction.record(_LINE, [payment_line_id])
    if line is None or line["outcome"] != "held":
        raise NotDecidableError(f"line {payment_line_id} is not held")
    if line["outcome_id"] != seen_outcome:
        raise NotDecidableError(f"line {payment_line_id} was decided by somebody else")
    return line


def _held_money(
    transaction: Transaction, payment_line_id: int, seen_outcome: int
) -> dict[str, Any]:
    """A held line that still has the money it brought."""
    line = _held_line(transaction, payment_line_id, seen_outcome)
    if not line["amount_paid_minor"]:
        raise NotDecidableError(f"line {payment_line_id} moves no money that can be read")
    taken_back = transaction.value(
        "SELECT 1 FROM line_outcome WHERE reverses_payment_line_id = ?", [payment_line_id]
    )
    if taken_back:
        raise NotDecidableError(f"the money of line {payment_line_id} was taken back")
    return line


def _applied(transaction: Transaction, collection_line_id: int) -> int:
    """What payments, reversals subtracted, pay of a collection already."""
    return int(
        transaction.value(
            "SELECT ifnull(sum(applied_minor), 0) FROM current_outcome "
            "WHERE collection_line_id = ? AND outcome = 'matched'",
            [collection_line_id],
        )
    )


def _require_matched(transaction: Transaction, payment_line_ids: Sequence[int]) -> None:
    others = transaction.rows(
        "SELECT w.value FROM json_each(?) AS w LEFT JOIN current_outcome AS o "
        "ON o.payment_line_id = w.value WHERE o.outcome IS NOT 'matched' LIMIT 3",
        [json.dumps(list(payment_line_ids))],
    )
    if others:
        named = ", ".join(str(line) for (line,) in others)
        raise NotDecidableError(f"not matched: {named}")


def _append_outcome(
    transaction: Transaction,
    payment_line_id: int,
    *,
    outcome: str,
    applied_minor: int,
    residual_minor: int,
    reason: str,
    class_: str | None = None,
    collection_line_id: int | None = None,
    customer_id: int | None = None,
) -> None:
    row = {
        "outcome_id": transaction.draw_ids(1),
        "payment_line_id": payment_line_id,
        "outcome": outcome,
        "class": class_,
        "collection_line_id": collection_line_id,
        "customer_id": customer_id,
        "applied_minor": applied_minor,
        "residual_minor": residual_minor,
        "rule": "manual",
        "locked": 1,
        "reason": reason,
        "run_id": transaction.step.run_id,
        "actor": transaction.step.actor,
    }
    texts = {"outcome", "class", "rule", "reason", "actor"}
    schema = {name: pl.String if name in texts else pl.Int64 for name in row}
    transaction.append("line_outcome", pl.DataFrame([row], schema=schema))


def _pay(
    transaction: Transaction, line: dict[str, Any], target: dict[str, Any], *, as_of: dt.date
) -> None:
    """The collection becomes paid by this line, where the scheme allows the move."""
    before = Status(target["status"])
    if not is_legal(before, Status.PAID, sent=True):
        return
    moves = pl.DataFrame(
        [(target["collection_line_id"], before, "paid", "matched by a person",
          line["payment_line_id"])],
        schema=register.MOVES,
        orient="row",
    )  # fmt: skip
    register.move(transaction, moves, on_date=as_of, first_id=transaction.draw_ids(1))
    paid_on = line["payment_date"] or line["booking_date"]
    final = final_on(line["kind"], dt.date.fromisoformat(paid_on)) if paid_on else None
    transaction.execute(
        "UPDATE collection_line SET paid_payment_line_id = ?, final_on = ? "
        "WHERE collection_line_id = ?",
        [line["payment_line_id"], final and final.isoformat(), target["collection_line_id"]],
    )
    difference = line["amount_paid_minor"] - target["amount_minor"]
    if difference:
        _record_difference(transaction, line, target, amount_minor=difference)


def _record_difference(
    transaction: Transaction,
    line: dict[str, Any],
    target: dict[str, Any],
    *,
    amount_minor: int,
) -> None:
    transaction.execute(
        "INSERT INTO difference (difference_id, payment_line_id, collection_line_id, class, "
        "amount_minor, currency, recorded) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            transaction.draw_ids(1),
            line["payment_line_id"],
            target["collection_line_id"],
            "over" if amount_minor > 0 else "under",
            amount_minor,
            line["currency"],
            transaction.number,
        ],
    )


def _decide_difference(
    transaction: Transaction, payment_line_id: int, disposition: str
) -> None:
    for difference_id, version in transaction.rows(
        "SELECT difference_id, version FROM difference "
        "WHERE payment_line_id = ? AND disposition IS NULL",
        [payment_line_id],
    ):
        transaction.edit(
            "difference",
            difference_id,
            version=version,
            changes={"disposition": disposition, "decided_by": transaction.step.actor},
        )
