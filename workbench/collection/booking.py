"""The vouchers, postings and entries that posting payment lines makes.

Lines of one section and booking day share a voucher: the bank shows them as one amount.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import polars as pl

from workbench.ledger.periods import open_posting_date
from workbench.ledger.posting import POSTINGS, VOUCHERS, add_postings, draw_vouchers
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
        self.dates = {lump: self._date(lump, as_of) for lump in lumps}
        with_entry = [a for a in actions if a.credit != "held"]
        first = transaction.draw_ids(len(with_entry)) if with_entry else 0
        self.entry_of = {a.line["payment_line_id"]: first + n for n, a in enumerate(with_entry)}

    def _date(self, lump: tuple[Any, ...], as_of: dt.date) -> dt.date:
        day = dt.date.fromisoformat(lump[2]) if lump[2] else as_of
        return open_posting_date(self.transaction, day, journal=PAYMENT_JOURNAL)

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
                "bank_date": dt.date.fromisoformat(lump[2]) if lump[2] else None,
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
            shared = {
                "voucher_id": self.voucher_of[action.lump],
                "profile": line["profile"],
                "creditor_no": line["creditor_no"],
                "currency": line["currency"],
                "text": line["kind"],
                "payment_line_id": line["payment_line_id"],
            }
            sides = ((action.debit, line["cash"]), (action.credit, -line["cash"]))
            for side, (purpose, amount) in enumerate(sides):
                customer = purpose in {"receivable", "on_account"}
                rows.append(
                    shared
                    | {
                        "posting_id": first + 2 * n + side,
                        "purpose": purpose,
                        "amount_minor": amount,
                        "customer_id": line["customer_id"] if customer else None,
                        "entry_id": self.entry_of[line["payment_line_id"]]
                        if customer
                        else None,
                        "reverses_posting_id": mirrored.get((line["reverses"], purpose))
                        if action.kind == "reversal"
                        else None,
                    }
                )
        return pl.DataFrame(rows, schema=POSTINGS)

    def _mirrored(self) -> dict[tuple[int, str], int]:
        """The posting that each side of a reversal takes back."""
        reversed_ids = [a.line["reverses"] for a in self.actions if a.kind == "reversal"]
        if not reversed_ids:
            return {}
        rows = self.transaction.rows(
            "SELECT payment_line_id, purpose, max(posting_id) FROM posting "
            "WHERE payment_line_id IN (SELECT value FROM json_each(?)) "
            "GROUP BY payment_line_id, purpose",
            [json.dumps(reversed_ids)],
        )
        return {(line, purpose): posting for line, purpose, posting in rows}

    def _entries(self) -> list[dict[str, Any]]:
        entries = []
        for action in self.actions:
            line = action.line
            if action.credit == "held":
                continue
            assert line["customer_id"] is not None, line
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
                    "profile": line["profile"],
                    "voucher_id": self.voucher_of[action.lump],
                    "payment_line_id": line["payment_line_id"],
                }
            )
        return entries
