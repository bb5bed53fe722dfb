"""The checklist of a month: its ticks are the identities, and what else must be known.

An item holds, warns, or stops the closing. Nothing on the list is ticked by hand.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workbench.collection import month_facts as collection_facts
from workbench.documents.locale_format import locale_format
from workbench.documents.reconciliation_words import IDENTITIES
from workbench.ledger import month_facts as ledger_facts
from workbench.ledger import period_states
from workbench.model.identities import Identity
from workbench.model.texts import marked, translate
from workbench.reports.verification import Verification, verify_view
from workbench.store import backup
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace

ItemState = Literal["holds", "warning", "stops"]


@dataclass(frozen=True, slots=True)
class Item:
    """One tick, or what is in its way.

    Attributes:
        name: Stable; of an identity, as the public contract lists it.
        words: What it says, in English, with `params` to fill in.
        advice: What to do where it does not hold, in English.
        command: What shows or mends it on the command line.
        left: What was found.
        right: What must be found.
        currency: Of an amount; None for counts, and for items without numbers.
    """

    name: str
    state: ItemState
    words: str
    advice: str = ""
    command: str = ""
    left: int | None = None
    right: int | None = None
    currency: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether it is ticked."""
        return self.state == "holds"

    def said(self, language: str) -> str:
        """What it says in the reader's language."""
        return translate(self.words, language=language).format(**self.params)

    def advised(self, language: str) -> str:
        """What to do, in the reader's language; empty where it holds."""
        return "" if self.holds else translate(self.advice, language=language)

    def as_json(self) -> dict[str, object]:
        """The item as it is kept with the closing."""
        return {
            "name": self.name,
            "state": self.state,
            "currency": self.currency,
            "left": self.left,
            "right": self.right,
            "words": self.words.format(**self.params),
        }


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items of a month as they stood at one moment.

    Attributes:
        seq: The recorded time of that moment.
        head: The head of the audit log then.
    """

    month: dt.date
    as_of: dt.date
    items: tuple[Item, ...]
    seq: int
    head: str

    @property
    def stops(self) -> tuple[Item, ...]:
        """What is in the way of closing."""
        return tuple(item for item in self.items if item.state == "stops")

    @property
    def holds(self) -> bool:
        """Whether nothing is in the way; warnings are not."""
        return not self.stops

    def as_json(self) -> dict[str, object]:
        """The whole list, as a program reads it."""
        return {
            "month": f"{self.month:%Y-%m}",
            "as_of": self.as_of.isoformat(),
            "holds": self.holds,
            "audit_head": self.head,
            "items": [item.as_json() for item in self.items],
        }


def checklist(workspace: Workspace, *, month: dt.date, as_of: dt.date) -> Checklist:
    """What stands in the way of closing a month, found anew.

    Args:
        workspace: The company.
        month: Any day of it.
        as_of: Today.

    Raises:
        UnknownPeriodError: The month has no period.
    """
    with workspace.read() as reader:
        return checklist_view(reader, workspace, month=month, as_of=as_of)


def checklist_view(
    reader: Reader, workspace: Workspace, *, month: dt.date, as_of: dt.date
) -> Checklist:
    """As `checklist`, of one view."""
    first_day, last_day = days_of(month)
    period_states.state_of(reader, first_day=first_day)
    proof = verify_view(reader, workspace.settings.currency, as_of=last_day)
    items = (
        *_identities(proof),
        _month_over(last_day, as_of),
        _earlier_months(reader, first_day),
        *_collection(reader, workspace, first_day, last_day),
        *_exchange(reader, first_day, last_day),
        _full_import(reader, last_day),
        _backup(reader, last_day),
    )
    return Checklist(first_day, as_of, items, reader.seq, proof.audit.head)


def days_of(month: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a month."""
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=1), month.replace(day=last)


def table(found: Checklist, *, language: str) -> str:
    """The list as a person reads it, what stops first."""
    order: list[ItemState] = ["stops", "warning", "holds"]
    items = sorted(found.items, key=lambda item: order.index(item.state))
    return "\n".join(line for item in items for line in _lines(item, language))


_SIGNS: Mapping[ItemState, str] = {"holds": "✓", "warning": "!", "stops": "✗"}


def _lines(item: Item, language: str) -> Iterator[str]:
    said = f"{_SIGNS[item.state]} {item.said(language)}"
    if item.left is not None and item.right is not None:
        equals = "=" if item.left == item.right else "≠"
        left, right = (_number(n, item.currency, language) for n in (item.left, item.right))
        said += f"  {left} {equals} {right} {item.currency or ''}".rstrip()
    yield said
    if advice := item.advised(language):
        yield f"    {advice}" + (f" ({item.command})" if item.command else "")


def _number(value: int, currency: str | None, language: str) -> str:
    notation = locale_format(language)
    return notation.integer(value) if currency is None else notation.amount(value, currency)


_BROKEN = marked("Two ways to the same sum disagree; find out why before anything is closed.")
_AUDIT = marked("The audit log is as it was written.")
_AUDIT_BROKEN = marked("The audit log was changed; keep this workspace and ask for help.")


def _identities(proof: Verification) -> Iterator[Item]:
    for identity in proof.identities:
        yield _identity(identity)
    yield Item(
        "audit_log",
        "holds" if proof.audit.holds else "stops",
        _AUDIT,
        _AUDIT_BROKEN,
        "workbench verify",
    )


def _identity(identity: Identity) -> Item:
    return Item(
        identity.name,
        "holds" if identity.holds else "stops",
        IDENTITIES[identity.name],
        _BROKEN,
        "workbench verify",
        identity.left,
        identity.right,
        identity.currency,
    )


def _counted(
    name: str,
    words: str,
    advice: str,
    command: str,
    *,
    left: int,
    right: int = 0,
    otherwise: ItemState = "stops",
) -> Item:
    """An item whose two counts must be equal."""
    state: ItemState = "holds" if left == right else otherwise
    return Item(name, state, words, advice, command, left, right)


def _month_over(last_day: dt.date, as_of: dt.date) -> Item:
    return Item(
        "month_over",
        "holds" if as_of > last_day else "stops",
        marked("The month is over."),
        marked("Wait for its last day; what comes in until then belongs to it."),
    )


def _earlier_months(reader: Reader, first_day: dt.date) -> Item:
    return _counted(
        "earlier_months",
        marked("Earlier months that are open"),
        marked("Close them first, or say that they stay open."),
        "workbench period list",
        left=len(period_states.earlier_open(reader, first_day=first_day)),
        otherwise="warning",
    )


def _collection(
    reader: Reader, workspace: Workspace, first_day: dt.date, last_day: dt.date
) -> Iterator[Item]:
    days = {"first_day": first_day, "last_day": last_day}
    yield _counted(
        "deliveries_known",
        marked("Deliveries of which nobody knows whether they were sent"),
        marked("Look for them at the payment center, and say what you found."),
        "",
        left=collection_facts.unknown_deliveries(reader, up_to=last_day),
    )
    yield _counted(
        "inbox_empty",
        marked("Files in the inbox that are not read"),
        marked("Import them, or move aside what is not ours."),
        "workbench jobs run import_payments",
        left=collection_facts.unread_files(workspace),
    )
    yield _counted(
        "held_lines",
        marked("Payments of the month that are held"),
        marked("Decide on them; later decisions are posted in a later month."),
        "",
        left=collection_facts.held_lines(reader, **days),
        otherwise="warning",
    )
    yield _counted(
        "unposted_lines",
        marked("Matched payments of the month that are not posted"),
        marked("Allow and post them; later they are dated in a later month."),
        "workbench jobs run post_journal",
        left=collection_facts.unposted_lines(reader, **days),
        otherwise="warning",
    )


def _exchange(reader: Reader, first_day: dt.date, last_day: dt.date) -> Iterator[Item]:
    yield _counted(
        "erp_differences",
        marked("Entries that the ERP and we read differently"),
        marked("Decide each of them, with a reason."),
        "workbench erp differences",
        left=ledger_facts.open_differences(reader),
    )
    found = ledger_facts.handed_over(reader, first_day=first_day, last_day=last_day)
    yield _counted(
        "handed_over_month",
        marked("Postings of the month = handed over to the ERP"),
        marked("Hand the rest over."),
        "workbench export postings",
        left=found.posted,
        right=found.handed_over,
    )
    yield _counted(
        "booked_month",
        marked("Handed over = booked by the ERP"),
        marked("Let the ERP book them, and mark them or import from it."),
        "workbench export booked",
        left=found.handed_over,
        right=found.booked,
        otherwise="warning",
    )


def _full_import(reader: Reader, last_day: dt.date) -> Item:
    found = ledger_facts.last_full_import(reader)
    words = marked("All open entries were compared with the ERP after the month (last: {day}).")
    return _since("full_import", words, _FULL_IMPORT, "workbench import entries --full",
                  found=found, last_day=last_day)  # fmt: skip


def _backup(reader: Reader, last_day: dt.date) -> Item:
    words = marked("A backup was made and verified after the month (last: {day}).")
    made = backup.last_backup(reader)
    found = dt.date.fromisoformat(made["made_at"][:10]) if made else None
    return _since("backup", words, _BACK_UP, "workbench backup",
                  found=found, last_day=last_day)  # fmt: skip


_FULL_IMPORT = marked("Import the full list of open entries as of the month's last day.")
_BACK_UP = marked("Make one; it restores itself to a scratch folder and is verified there.")


def _since(
    name: str,
    words: str,
    advice: str,
    command: str,
    *,
    found: dt.date | None,
    last_day: dt.date,
) -> Item:
    """An item that holds when its day is not before the month's last."""
    state: ItemState = "holds" if found is not None and found >= last_day else "stops"
    params = {"day": found.isoformat() if found else "–"}
    return Item(name, state, words, advice, command, params=params)
