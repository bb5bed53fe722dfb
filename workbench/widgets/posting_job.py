"""The job that posts what may be posted."""

from __future__ import annotations

from workbench.collection.settlement import Posted, planned, post_payments
from workbench.jobs.outcome import Outcome, report
from workbench.ledger.periods import rolled_words
from workbench.reports.verification import verify
from workbench.widgets.markup import paragraph
from workbench.widgets.posting_table import plan_table
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified


class PostingJob:
    """What one run of the job posted.

    Attributes:
        plan: What was to be posted when the run began.
        posted: What was posted.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        with screen.workspace.read() as reader:
            self.plan = planned(reader)
        self.posted: Posted = post_payments(
            screen.workspace, as_of=screen.as_of, run_id=screen.run_id
        )

    def report(self) -> None:
        """Tell the runner what came of it."""
        state = Outcome.DONE if self.posted.lines else Outcome.NOTHING_TO_DO
        report(
            state=state, summary=self._summary(), lines=self.posted.lines,
            kinds=self.posted.counts, documents=list(self.posted.documents),
            waiting=self.posted.waiting,
        )  # fmt: skip

    def proof(self) -> Proof:
        """Nothing that may be posted is left, and every identity holds."""
        with self.screen.workspace.read() as reader:
            left = sum(lines for lines, _ in planned(reader).kinds.values())
        found = verify(self.screen.workspace, as_of=self.screen.as_of, rows=False)
        nothing = Claim(self.screen.say("Lines that could still be posted"), left, 0)
        return proof(self.screen, [nothing, *verified(found, self.screen)])

    def _summary(self) -> str:
        screen, documents = self.screen, self.posted.documents
        waiting = (
            screen.counted(
                "{count} matched line waits to be allowed.",
                "{count} matched lines wait to be allowed.",
                self.posted.waiting,
            )
            if self.posted.waiting
            else ""
        )
        if not self.posted.lines:
            nothing = screen.say("Nothing was to be posted.")
            return f"{nothing} {waiting}".rstrip()
        posted = screen.counted(
            "{count} line was posted, voucher {first} to {last}.",
            "{count} lines were posted, vouchers {first} to {last}.",
            self.posted.lines,
            first=documents[0],
            last=documents[-1],
        )
        moved = rolled_words(self.posted.rolled, screen.language)
        return " ".join(filter(None, [posted, moved, waiting]))

    def _repr_html_(self) -> str:
        table = plan_table(self.plan, self.screen) if self.plan.kinds else ""
        return f'<div class="wb">{table}{paragraph(self._summary())}</div>'
