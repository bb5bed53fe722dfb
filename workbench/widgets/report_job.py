"""The job that writes the reconciliation report."""

from __future__ import annotations

from workbench.jobs.outcome import report
from workbench.reports.reconciliation import ReportFiles, write_report
from workbench.reports.verification import verify
from workbench.store import archive
from workbench.widgets.markup import Cell, plain_table
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified


class ReportJob:
    """The report that one run of the job wrote.

    Attributes:
        files: The PDF and the HTML.
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.files: ReportFiles = write_report(
            screen.workspace, as_of=screen.as_of, run_id=screen.run_id
        )

    def report(self) -> None:
        """Tell the runner where the report lies."""
        summary = self.screen.say("The report as of {date} lies in {name}.",
                                  date=self.screen.numbers.date(self.screen.as_of),
                                  name=self.files.pdf.name)  # fmt: skip
        report(
            summary=summary, pdf=self.files.pdf.name, html=self.files.html.name,
            sha256s=list(self.files.sha256s),
        )  # fmt: skip

    def proof(self) -> Proof:
        """What the report says holds, and its files lie there as they were written."""
        found = verify(self.screen.workspace, as_of=self.screen.as_of)
        written = (self.files.pdf, self.files.html)
        whole = sum(
            archive.digest(path.read_bytes()) == sha256
            for path, sha256 in zip(written, self.files.sha256s, strict=True)
        )
        files = Claim(self.screen.say("Files written = files that lie there whole"), 2, whole)
        return proof(self.screen, [files, *verified(found, self.screen)])

    def _repr_html_(self) -> str:
        say = self.screen.say
        paths = (self.files.pdf, self.files.html)
        rows = [
            [Cell(path.name), Cell(sha256, tone="dim")]
            for path, sha256 in zip(paths, self.files.sha256s, strict=True)
        ]
        table = plain_table([Cell(say("File")), Cell("SHA-256")], rows)
        return f'<div class="wb">{table}</div>'
