"""The screen of the hand-over: what the ERP has to hear of, what it got, what it booked."""

from __future__ import annotations

from threading import RLock

import polars as pl

from workbench.ledger.handover.booking import deliveries
from workbench.ledger.handover.handing_over import waiting
from workbench.model.identities import Identity
from workbench.reports.verification import Verification, verify
from workbench.widgets.handed_over import HandedOverPart
from workbench.widgets.handing_over import HandingOverPart
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.refunds import RefundsPart
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified


class HandOver:
    """Everything that goes back to the ERP.

    Three parts: one question, one widget each.

    Attributes:
        waiting: What waits to be handed over?
        handed_over: What did the ERP book?
        refunds: Who gets money back?
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lock = RLock()
        self.waiting = HandingOverPart(screen, refresh=self.refresh, lock=self.lock)
        self.handed_over = HandedOverPart(screen, refresh=self.refresh, lock=self.lock)
        self.refunds = RefundsPart(screen, refresh=self.refresh, lock=self.lock)
        self.verification: Verification = verify(
            screen.workspace, as_of=screen.as_of, rows=False
        )
        self.refresh()

    def refresh(self) -> None:
        """Show what waits and what went out as it stands now."""
        with self.lock:
            self.waiting.refresh()
            self.handed_over.refresh()
            self.refunds.refresh()

    def proof(self) -> Proof:
        """Posted = handed over + waiting, by what is shown and by what is stored."""
        say = self.screen.say
        with self.screen.workspace.read() as reader:
            left = waiting(reader)
            out = deliveries(reader, as_of=self.screen.as_of)
        claims = [
            Claim(
                say("Vouchers shown as waiting = vouchers in no delivery"),
                self.waiting.table.frame.height,
                left.height,
            )
        ]
        for one in _handed_over(self.verification):
            shown = sum(
                int(frame.filter(pl.col("currency") == one.currency)["debit_minor"].sum())
                for frame in (self.waiting.table.frame, out)
            )
            claims.append(
                Claim(say("Shown as waiting or handed over = posted"), shown, one.left,
                      one.currency)
            )  # fmt: skip
        return proof(self.screen, [*claims, *verified(self.verification, self.screen)])


def _handed_over(found: Verification) -> list[Identity]:
    return [one for one in found.identities if one.name == "handed_over" and one.currency]
