"""The screen of payments: files that wait, lines with their evidence, posting."""

from __future__ import annotations

from threading import RLock

import polars as pl

from workbench.collection.control_sums import payment_cash, payment_count
from workbench.collection.overview import payment_lines
from workbench.model.statuses import Outcome
from workbench.widgets.payment_files import PaymentFilesPart
from workbench.widgets.payment_lines import PaymentLinesPart
from workbench.widgets.posting import PostingPart
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen


class Payments:
    """What came in, in three parts: one question, one widget each.

    Attributes:
        files: Which files wait for me?
        lines: What became of every line, and why?
        posting: What may be posted?
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lock = RLock()
        self.files = PaymentFilesPart(screen, refresh=self.refresh, lock=self.lock)
        self.lines = PaymentLinesPart(screen, refresh=self.refresh, lock=self.lock)
        self.posting = PostingPart(screen, refresh=self.refresh, lock=self.lock)
        self.refresh()

    def refresh(self) -> None:
        """Show everything as it stands now."""
        with self.lock:
            with self.screen.workspace.read() as reader:
                lines = payment_lines(reader)
            self.lines.show(lines)
            self.files.refresh()
            self.posting.refresh()

    def proof(self) -> Proof:
        """Every line has its outcome here, and all cash is applied or a residual."""
        with self.screen.workspace.read() as reader:
            return lines_proof(
                self.screen, self.lines.table.frame, payment_count(reader), payment_cash(reader)
            )


def lines_proof(screen: Screen, shown: pl.DataFrame, count: int, cash: dict[str, int]) -> Proof:
    """The identities of payment lines: as shown, against what the store counts."""
    outcomes = [shown.filter(pl.col("outcome") == str(one)).height for one in Outcome]
    claims = [
        Claim(screen.say("Lines read = matched + held + rejected + ignored"), count,
              sum(outcomes)),
        *(
            Claim(
                screen.say("Money in and back = applied + residual"),
                amount,
                _placed(shown.filter(pl.col("currency") == currency)),
                currency,
            )
            for currency, amount in cash.items()
        ),
    ]  # fmt: skip
    return proof(screen, claims)


def _placed(lines: pl.DataFrame) -> int:
    return sum(int(lines[name].sum()) for name in ("applied_minor", "residual_minor"))
