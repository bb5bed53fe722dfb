"""The vouchers, postings and entries that posting payment lines makes.

Lines of one section and booking day share a voucher: the bank shows them as one amount.
Bank and *held* use the creditor's profile, the customer's side its own (`customer_side`).
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.collection.customer_side import customer_sides
from workbench.ledger.periods import Rolled, open_posting_date, rolled
from workbench.ledger.posting import CARRIED, POSTINGS, VOUCHERS, add_postings, draw_vouchers
from workbench.ledger.setup import PAYMENT_JOURNAL
from workbench.model.money import ledger_from_cash
from workbench.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Action:
    """One line to post: from which account to which, and whose entry it makes."""

    kind: str
    line: dict[str, Any]
    debit: str
    credit: str

    @property
    def lump(self) -> tuple[Any, ...]:
        """What shares a voucher: the bank shows one amount per section and booking day."""
        line = self.line
        return (line["creditor_no"], line["section_kind"], line["booking_date"], self.kind)


class Booking:
    """The vouchers, postings and entries of some actions, with their identifiers."""

    def __init__(
        self, transaction: Transaction, actions: list[Action], *, as_of: dt.date
    ) -> None:
        self.transaction = transaction
        self.actions = actions
        lumps = list(dict.fromkeys(action.lump for action in actions))
        first = transaction.draw_ids(len(lumps))
        self.voucher_of = {lump: first + n for n, lump in enumerate(lumps)}
        self.asked = {
            lump: dt.date.fromisoformat(lump[2]) if lump[2] else as_of for lump in lumps
        }
        self.dates = {
            lump: open_posting_date(transaction, day, journal=PAYMENT_JOURNAL)
            for lump, day in self.asked.items()
        }
        with_entry = [a for a in actions if a.credit != "held"]
        first = transaction.draw_ids(len(with_entry)) if with_entry else 0
        self.entry_of = {a.line["payment_line_id"]: first + n for n, a in enumerate(with_entry)}
        self.sides = customer_sides(transaction, [(a.kind, a.line) for a in with_entry])

    @property
    def rolled(self) -> tuple[Rolled, ...]:
        """The days whose period takes no postings, with those on which it was posted."""
        return rolled((self.asked[lump], day) for lump, day in self.dates.items())

    def write(self) -> list[str]:
        """Post, and add the entries and the marks; the document numbers."""
        vouchers = self._vouchers()
        documents = draw_vouchers(self.transaction, vouchers)
        if entries := self._entries():
            frame = pl.DataFrame(entries, infer_schema_length=None).with_columns(
                pl.col("voucher_id")
                .replace_strict(documents, return_dtype=pl.String)
                .alias("document_no")
            )
            self.transaction.append("entry", frame)
        add_postings(self.transaction, vouchers=vouchers, postings=self._postings())
        self.transaction.append(
            "line_posting",
            pl.DataFrame(
                {
                    "payment_line_id": [a.line["payment_line_id"] for a in self.actions],
                    "kind": [a.kind for a in self.actions],
                    "voucher_id": [self.voucher_of[a.lump] for a in self.actions],
                }
            ),
        )
        return list(documents.values())

    def _vouchers(self) -> pl.DataFrame:
        rows = [
            {
                "voucher_id": voucher_id,
                "journal": PAYMENT_JOURNAL,
                "posting_date": self.dates[lump],
                "bank_date": self.asked[lump] if lump[2] else None,
                "text": f"Betalingsservice {lump[1] or ''} {lump[3]}",
                "reverses_voucher_id": None,
            }
            for lump, voucher_id in self.voucher_of.items()
        ]
        return pl.DataFrame(rows, schema=VOUCHERS)

    def _postings(self) -> pl.DataFrame:
        first = self.transaction.draw_ids(2 * len(self.actions))
        mirrored = self._mirrored()
        rows = []
        for n, action in enumerate(self.actions):
            line = action.line
            sides = ((action.debit, line["cash"]), (action.credit, -line["cash"]))
            for side, (purpose, amount) in enumerate(sides):
                mirror = mirrored.get((line["reverses"], purpose))
                taken_back = mirror if action.kind == "reversal" else None
                rows.append(
                    {
                        "posting_id": first + 2 * n + side,
                        "voucher_id": self.voucher_of[action.lump],
                        "purpose": purpose,
                        "amount_minor": amount,
                        "currency": line["currency"],
                        "text": line["kind"],
                        "payment_line_id": line["payment_line_id"],
                        **self._side(action, purpose),
                        **(taken_back or {}),
                    }
                )
        carried = {name: CARRIED[name] for name in ("account_no", "dimensions")}
        return pl.DataFrame(rows, schema=POSTINGS | carried)

    def _side(self, action: Action, purpose: str) -> dict[str, Any]:
        """Whose posting it is: the customer's, or the creditor's."""
        line = action.line
        if purpose not in {"receivable", "on_account"}:
            return {"profile": line["profile"], "creditor_no": line["creditor_no"]}
        side = self.sides[line["payment_line_id"]]
        return {
            "profile": side.profile,
            "dimensions": side.dimensions,
            "customer_id": line["customer_id"],
            "entry_id": self.entry_of[line["payment_line_id"]],
        }

    def _mirrored(self) -> dict[tuple[int, str], dict[str, Any]]:
        """What each side of a reversal takes back: the posting, and where it lies.

        The bank's side takes no account back: the money leaves the account of today.
        """
        reversed_ids = [a.line["reverses"] for a in self.actions if a.kind == "reversal"]
        if not reversed_ids:
            return {}
        rows = self.transaction.rows(
            "SELECT payment_line_id, purpose, posting_id, "
            "iif(purpose = 'bank_clearing', NULL, account_no) FROM posting "
            "WHERE posting_id IN (SELECT max(posting_id) FROM posting "
            "WHERE payment_line_id IN (SELECT value FROM json_each(?)) "
            "GROUP BY payment_line_id, purpose)",
            [json.dumps(reversed_ids)],
        )
        return {
            (line, purpose): {"reverses_posting_id": posting, "account_no": account_no}
            for line, purpose, posting, account_no in rows
        }

    def _entries(self) -> list[dict[str, Any]]:
        entries = []
        for action in self.actions:
            line = action.line
            if action.credit == "held":
                continue
            assert line["customer_id"] is not None, line
            side = self.sides[line["payment_line_id"]]
            day = self.dates[action.lump]
            paid_on = line["payment_date"] or line["booking_date"] or day.isoformat()
            kind = {"reversal": "payment_reversal", "on_account": "on_account"}
            entries.append(
                {
                    "entry_id": self.entry_of[line["payment_line_id"]],
                    "customer_id": line["customer_id"],
                    "kind": kind.get(action.kind, "payment"),
                    "document_date": paid_on,
                    "due_date": paid_on,
                    "posting_date": day.isoformat(),
                    "amount_minor": ledger_from_cash(line["cash"]),
                    "currency": line["currency"],
                    "profile": side.profile,
                    "dimensions": side.dimensions,
                    "voucher_id": self.voucher_of[action.lump],
                    "payment_line_id": line["payment_line_id"],
                }
            )
        return entries
