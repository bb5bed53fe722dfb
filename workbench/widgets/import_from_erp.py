"""The screen of imports from the ERP: preview, accept, decide, undo."""

from __future__ import annotations

from threading import RLock

from workbench.ledger.imports.differences import open_differences
from workbench.ledger.imports.history import listing
from workbench.reports.verification import Verification, verify
from workbench.widgets.erp_decision import DifferencesPart
from workbench.widgets.erp_history import ImportsPart
from workbench.widgets.erp_preview import PreviewPart
from workbench.widgets.proof import Claim, Proof, proof
from workbench.widgets.screen import Screen
from workbench.widgets.verified import verified


class ImportFromErp:
    """Everything that comes from the ERP.

    Three parts: one question, one widget each.

    Attributes:
        preview: What would a file change?
        differences: Where do the ERP and we read an entry differently?
        imports: What was taken over, and what was undone?
    """

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.lock = RLock()
        self.preview = PreviewPart(screen, refresh=self.refresh, lock=self.lock)
        self.differences = DifferencesPart(screen, refresh=self.refresh, lock=self.lock)
        self.imports = ImportsPart(screen, refresh=self.refresh, lock=self.lock)
        self.verification: Verification = verify(
            screen.workspace, as_of=screen.as_of, rows=False
        )
        self.refresh()

    def refresh(self) -> None:
        """Show the files, the differences and the imports as they stand now."""
        with self.lock:
            self.preview.refresh()
            self.differences.refresh()
            self.imports.refresh()

    def proof(self) -> Proof:
        """What is shown is what is stored, and what the ERP told is what we keep."""
        say = self.screen.say
        with self.screen.workspace.read() as reader:
            stored = listing(reader).height
            held = open_differences(reader).height
        claims = [
            Claim(say("Imports shown = imports kept"), self.imports.table.frame.height, stored),
            Claim(
                say("Differences shown = differences that nobody has decided"),
                self.differences.table.frame.height,
                held,
            ),
        ]
        return proof(self.screen, [*claims, *verified(self.verification, self.screen)])
