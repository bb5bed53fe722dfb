"""The rows of a settlement: applications, and vouchers that move money to where it settles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.settlement.entries import Settleable
from workbench.ledger.setup import DAILY_JOURNAL
from workbench.store.transaction import Transaction

#: Applications to add; positive, or negative where they take one back.
APPLICATIONS = pl.Schema(
    {
        "application_id": pl.Int64,
        "from_entry_id": pl.Int64,
        "to_entry_id": pl.Int64,
        "amount_minor": pl.Int64,
        "currency": pl.String,
        "kind": pl.String,
        "reverses_application_id": pl.Int64,
        "posting_date": pl.Date,
        "voucher_id": pl.Int64,
        "payment_line_id": pl.Int64,
    }
)

#: Postings that go to the account of another posting, whatever the profile says now.
PLACED = pl.Schema([*POSTINGS.items(), ("account_no", pl.String())])

#: Credits that are money; all others settle as credit notes do.
_MONEY = frozenset({"payment", "on_account"})


@dataclass(frozen=True, slots=True)
class Application:
    """So much of a credit settles a claim."""

    credit: Settleable
    claim: Settleable
    amount_minor: int

    @property
    def kind(self) -> str:
        """By the credit's kind."""
        return "payment" if self.credit.kind in _MONEY else "credit_note"

    @property
    def moves(self) -> bool:
        """Whether the money lies elsewhere than the claim, or is another customer's."""
        here = (self.credit.account_no, self.credit.customer_id)
        return here != (self.claim.account_no, self.claim.customer_id)


@dataclass(frozen=True, slots=True)
class Written:
    """Identifiers in the order of the applications, and the vouchers' document numbers."""

    application_ids: tuple[int, ...]
    documents: tuple[str, ...]


def write(
    transaction: Transaction, applications: Sequence[Application], *, posting_date: dt.date
) -> Written:
    """Add applications, each with a voucher of its own where money moves."""
    first = transaction.draw_ids(len(applications))
    moving = [n for n, application in enumerate(applications) if application.moves]
    first_voucher = transaction.draw_ids(len(moving)) if moving else 0
    voucher_of = {n: first_voucher + k for k, n in enumerate(moving)}
    documents = _move(
        transaction,
        {voucher: applications[n] for n, voucher in voucher_of.items()},
        posting_date=posting_date,
    )
    rows = [
        {
            "application_id": first + n,
            "from_entry_id": application.credit.entry_id,
            "to_entry_id": application.claim.entry_id,
            "amount_minor": application.amount_minor,
            "currency": application.claim.currency,
            "kind": application.kind,
            "posting_date": posting_date,
            "voucher_id": voucher_of.get(n),
            # A payment that is taken back takes back with it what it settled by hand.
            "payment_line_id": application.credit.payment_line_id,
        }
        for n, application in enumerate(applications)
    ]
    append(transaction, rows)
    return Written(tuple(row["application_id"] for row in rows), documents)  # type: ignore[misc]  # drawn above


def append(transaction: Transaction, rows: Sequence[Mapping[str, object]]) -> None:
    """Add applications, rows of `APPLICATIONS`; what a row does not name is null."""
    if not rows:
        return
    step = transaction.step
    transaction.append(
        "application",
        pl.DataFrame(rows, schema=APPLICATIONS).with_columns(
            run_id=pl.lit(step.run_id, pl.Int64), actor=pl.lit(step.actor)
        ),
    )


def _move(
    transaction: Transaction, moves: Mapping[int, Application], *, posting_date: dt.date
) -> tuple[str, ...]:
    if not moves:
        return ()
    vouchers = pl.DataFrame(
        [
            {
                "voucher_id": voucher_id,
                "journal": DAILY_JOURNAL,
                "posting_date": posting_date,
                "text": f"{move.credit.document_no} settles {move.claim.document_no}",
            }
            for voucher_id, move in moves.items()
        ],
        schema=VOUCHERS,
    )
    documents = draw_vouchers(transaction, vouchers)
    first = transaction.draw_ids(2 * len(moves))
    rows = [
        placed(
            side,
            posting_id=first + 2 * n + k,
            voucher_id=voucher_id,
            amount_minor=sign * move.amount_minor,
        )
        for n, (voucher_id, move) in enumerate(moves.items())
        for k, (side, sign) in enumerate(((move.credit, 1), (move.claim, -1)))
    ]
    add_postings(transaction, vouchers=vouchers, postings=pl.DataFrame(rows, schema=PLACED))
    return tuple(documents.values())


def placed(
    entry: Settleable, *, posting_id: int, voucher_id: int, amount_minor: int
) -> dict[str, object]:
    """A posting where an entry lies, a row of `PLACED`."""
    return {
        "posting_id": posting_id,
        "voucher_id": voucher_id,
        "purpose": entry.purpose,
        "profile": entry.profile,
        "amount_minor": amount_minor,
        "currency": entry.currency,
        "text": entry.document_no,
        "customer_id": entry.customer_id,
        "entry_id": entry.entry_id,
        "account_no": entry.account_no,
    }
