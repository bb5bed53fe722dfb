"""The job that imports payments: one file that a person names, or the whole inbox."""

from __future__ import annotations

from pathlib import Path

from workbench.collection.control_sums import lines_of_file
from workbench.collection.decisions import allow_by_rule
from workbench.collection.inbox import import_file, import_inbox
from workbench.collection.incoming import Import
from workbench.collection.waiting import acceptance
from workbench.jobs.outcome import Outcome, report
from workbench.reports.verification import verify
from workbench.widgets.imported import SETTLED, imported_all, outcomes
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified
from workbench.widgets.words import FILE_OUTCOMES, OUTCOMES


class NoFileError(Exception):
    """Problems can be accepted of a named file only."""


class ImportJob:
    """What one run of the job imported.

    Attributes:
        imports: What came of each file.
        allowed: How many lines the company's own rule allowed to be posted.
    """

    def __init__(
        self, screen: Screen, *, file: str = "", accept: str = "", reason: str = ""
    ) -> None:
        """Import and allow.

        Args:
            screen: The company, its day and the run.
            file: One file; the whole inbox when empty.
            accept: Codes of problems that a person takes, commas between.
            reason: Why; needed with `accept`.

        Raises:
            NoReasonError: Problems are accepted without a reason.
            NoFileError: Problems are accepted without a file.
            UnknownProblemError: What is accepted is no problem.
        """
        self.screen = screen
        accepted = acceptance(accept.split(","), reason=reason)
        if accepted is not None and not file:
            raise NoFileError(f"name the file in which {accept} is accepted")
        workspace, as_of, run_id = screen.workspace, screen.as_of, screen.run_id
        self.imports: list[Import] = (
            [
                import_file(
                    workspace, Path(file), as_of=as_of, acceptance=accepted, run_id=run_id
                )
            ]
            if file
            else import_inbox(workspace, as_of=as_of, run_id=run_id)
        )
        self.allowed = allow_by_rule(workspace, run_id=run_id)
        #: Whoever names a file that was read before is told so; in the inbox it is no news.
        self._settled = SETTLED - {"read_before"} if file else SETTLED

    def report(self) -> None:
        """Tell the runner what came of it: files that did not go in wait for a person."""
        waiting = [one.name for one in self.imports if one.outcome not in self._settled]
        state = Outcome.WAITING if waiting else Outcome.DONE
        if not self.imports and not self.allowed:
            state = Outcome.NOTHING_TO_DO
        report(
            state=state, summary=self._summary(), waiting=waiting, allowed=self.allowed,
            files=len(self.imports), **self._outcomes(),
        )  # fmt: skip

    def proof(self) -> Proof:
        """The store holds the lines of every file that went in, and every identity holds."""
        found = verify(self.screen.workspace, as_of=self.screen.as_of, rows=False)
        with self.screen.workspace.read() as reader:
            stored = [
                (one, lines_of_file(reader, one.file_id))
                for one in self.imports
                if one.outcome == "accepted" and one.counts and one.file_id is not None
            ]
        say = self.screen.say
        claims = [
            Claim(
                say("Lines of {name} = its outcomes", name=one.name),
                lines,
                sum(outcomes(one).values()),
            )
            for one, lines in stored
        ]
        return proof(self.screen, [*claims, *verified(found, self.screen)])

    def _summary(self) -> str:
        return imported_all(self.imports, self.screen)

    def _outcomes(self) -> dict[str, int]:
        return {
            outcome: sum(outcomes(one).get(outcome, 0) for one in self.imports)
            for outcome in OUTCOMES.texts
        }

    def _repr_html_(self) -> str:
        say, integer = self.screen.say, self.screen.numbers.integer
        if not self.imports:
            return f'<div class="wb">{paragraph(self._summary(), tone="dim")}</div>'
        counts = [Cell(say(OUTCOMES.texts[o]), number=True) for o in OUTCOMES.texts]
        heads = [Cell(say("File")), Cell(say("Result")), *counts, Cell(say("Why"))]
        rows = [
            [
                Cell(one.name),
                Cell(say(FILE_OUTCOMES.texts[one.outcome]),
                     tone=FILE_OUTCOMES.tones.get(one.outcome, "")),
                *(Cell(integer(outcomes(one).get(o, 0)), number=True) for o in OUTCOMES.texts),
                Cell(self._why(one)),
            ]
            for one in self.imports
        ]  # fmt: skip
        allowed = self.screen.counted(
            "{count} line was allowed by the company's rule.",
            "{count} lines were allowed by the company's rule.",
            self.allowed,
        )
        return f'<div class="wb">{plain_table(heads, rows)}{paragraph(allowed)}</div>'

    def _why(self, one: Import) -> str:
        language = self.screen.language
        codes = dict.fromkeys(problem.code for problem in one.problems)
        firsts = [next(p for p in one.problems if p.code == code) for code in codes]
        return " ".join(f"{p.message(language=language)} ({p.code})" for p in firsts)
