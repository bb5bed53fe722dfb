"""Verification: every identity and the audit log, found anew from the store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from workbench.collection import identities as collection_identities
from workbench.documents.locale_format import locale_format
from workbench.documents.reconciliation_words import IDENTITIES
from workbench.ledger import identities as ledger_identities
from workbench.model.identities import Identity
from workbench.model.texts import translate
from workbench.store import audit
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace


class BrokenIdentityError(AssertionError):
    """An identity does not hold, or the audit log was changed; all of them are named."""


@dataclass(frozen=True, slots=True)
class Verification:
    """All identities and the state of the audit log at one moment."""

    identities: tuple[Identity, ...]
    audit: audit.ChainState

    @property
    def holds(self) -> bool:
        """Whether everything does."""
        return self.audit.holds and all(identity.holds for identity in self.identities)

    def require(self) -> None:
        """Fail unless everything holds.

        Raises:
            BrokenIdentityError: Names what does not.
        """
        broken = [
            f"{i.name} {i.currency or ''}: {i.left} ≠ {i.right}"
            for i in self.identities
            if not i.holds
        ]
        if broken or not self.audit.holds:
            raise BrokenIdentityError("; ".join([*broken, *self.audit.faults]))

    def as_json(self) -> dict[str, object]:
        """The document of `workbench verify --json`."""
        return {
            "identities": [identity.as_json() for identity in self.identities],
            "audit": {
                "events": self.audit.events,
                "head": self.audit.head,
                "holds": self.audit.holds,
            },
        }


def verify(
    workspace: Workspace,
    *,
    against: str | None = None,
    as_of: dt.date | None = None,
    rows: bool = True,
) -> Verification:
    """Find every sum again, on both ways, and recompute the audit log.

    Args:
        workspace: The company.
        against: An audit head noted earlier; the log must still contain it.
        as_of: The day to which entries are aged; the last day with an effect when absent.
        rows: Whether the audit log reads every row again, which takes its time.
    """
    with workspace.read() as reader:
        return verify_view(
            reader, workspace.settings.currency, against=against, as_of=as_of, rows=rows
        )


def verify_view(
    reader: Reader,
    currency: str,
    *,
    against: str | None = None,
    as_of: dt.date | None = None,
    rows: bool = True,
) -> Verification:
    """As `verify`, of one view, so that what else is read of it is of the same moment."""
    return Verification(
        tuple(identities(reader, as_of=as_of, currency=currency)),
        audit.check(reader, against=against, rows=rows),
    )


def identities(reader: Reader, *, as_of: dt.date | None, currency: str) -> list[Identity]:
    """Every identity of the house, in the order in which money flows."""
    used = reader.rows("SELECT currency FROM creditor UNION SELECT currency FROM entry")
    currencies = sorted({currency} | {code for (code,) in used})
    last = reader.value("SELECT max(posting_date) FROM entry_effect")
    day = as_of or (dt.date.fromisoformat(last) if last else dt.date(2000, 1, 1))
    return [
        *ledger_identities.identities(reader, as_of=day, currencies=currencies),
        *collection_identities.identities(reader, currencies=currencies),
    ]


def table(verification: Verification, *, language: str = "en") -> str:
    """The verification as a person reads it."""
    lines = [_row(identity, language=language) for identity in verification.identities]
    chain = verification.audit
    said = translate("audit log: {events} events, head {head}", language=language)
    sign = _SIGNS[chain.holds]
    lines.append(f"{sign} {said.format(events=chain.events, head=chain.head)}")
    lines += [f"  {fault}" for fault in chain.faults]
    return "\n".join(lines)


_SIGNS = {True: "✓", False: "✗"}


def _row(identity: Identity, *, language: str) -> str:
    notation = locale_format(language)

    def shown(amount: int) -> str:
        if identity.currency is None:
            return notation.integer(amount)
        return notation.amount(amount, identity.currency)

    label = translate(IDENTITIES[identity.name], language=language)
    equals = "=" if identity.holds else "≠"
    return (
        f"{_SIGNS[identity.holds]} {label:<52} {identity.currency or '':<3} "
        f"{shown(identity.left):>18} {equals} {shown(identity.right):>18}"
    )
