"""The identities of the house as claims of a proof."""

from __future__ import annotations

from workbench.documents.reconciliation_words import IDENTITIES
from workbench.reports.verification import Verification
from workbench.widgets.proof import Claim
from workbench.widgets.screen import Screen


def verified(found: Verification, screen: Screen) -> list[Claim]:
    """A claim for every identity, and one for the audit log."""
    claims = [
        Claim(screen.say(IDENTITIES[one.name]), one.left, one.right, one.currency)
        for one in found.identities
    ]
    whole = found.audit.events if found.audit.holds else 0
    said = screen.say("Audit log: events = events that the chain vouches for")
    return [*claims, Claim(said, found.audit.events, whole)]
