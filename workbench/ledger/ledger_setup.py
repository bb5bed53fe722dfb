"""The set-up of a ledger from a file: accounts, series, journals, VAT codes and profiles.

Whole or nothing: one fault and nothing changes. What changed stands in the audit log with
its values before and after. The same file twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.ledger.ledger_setup_checks import SetupFault, changes_in_use, faults
from workbench.ledger.ledger_setup_file import read, where, write
from workbench.ledger.ledger_setup_tables import (
    PROFILES,
    TABLES,
    LedgerSetup,
    SetupTable,
    stored_setup,
    write_row,
)
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class SetupChange:
    """One row of the set-up that a file adds, changes or removes."""

    table: SetupTable
    key: tuple[str, ...]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None

    def as_json(self) -> dict[str, object]:
        """The change as the audit log keeps it."""
        return {
            "table": self.table.name,
            "key": list(self.key),
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True, slots=True)
class SetupResult:
    """What a file of set-up did, or would do; nothing where it has a problem."""

    changes: tuple[SetupChange, ...] = ()
    problems: tuple[Problem, ...] = field(default=())

    @property
    def clean(self) -> bool:
        """Whether the file was taken."""
        return not self.problems

    @property
    def counts(self) -> dict[str, int]:
        """Changed rows by table of the file."""
        return dict(Counter(change.table.name for change in self.changes))


def set_up(
    workspace: Workspace, *, text: str | bytes, name: str, dry_run: bool = False
) -> SetupResult:
    """Bring the ledger's set-up to what a file tells.

    Args:
        workspace: The company.
        text: The file, in TOML; bytes are UTF-8.
        name: What to call it.
        dry_run: Tell what would change.

    Raises:
        MissingRoleError: The actor does not administer.
    """
    with workspace.read() as reader:
        found = judge(reader, text=text, name=name)
    if dry_run or found.problems or not found.changes:
        return found
    with workspace.transaction("ledger_setup", role="administer", file=name) as transaction:
        found = judge(transaction, text=text, name=name)
        if not found.problems:
            for change in _parents_first(found.changes):
                write_row(transaction, change.table, change.key, change.after)
            transaction.note(changes=[change.as_json() for change in found.changes])
        return found


def judge(reader: Reader, *, text: str | bytes, name: str) -> SetupResult:
    """What a file would change, or what is wrong with it."""
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as cause:
            problem = Problem("ledger_setup_unreadable", {"fault": str(cause)}, name)
            return SetupResult(problems=(problem,))
    before = stored_setup(reader)
    told = read(text, name=name, stored=before)
    after = before.with_told(told.setup)
    problems = list(told.problems)
    if not problems:
        found = [
            *faults(told.setup, after),
            *changes_in_use(reader, before=before, after=after),
        ]
        problems = [_problem(fault, told.setup, text, name) for fault in found]
    if problems:
        return SetupResult(problems=tuple(problems))
    return SetupResult(tuple(_changes(before, after)))


def as_toml(reader: Reader) -> str:
    """A file that sets up the same again."""
    return write(stored_setup(reader))


def _changes(before: LedgerSetup, after: LedgerSetup) -> Iterator[SetupChange]:
    for table in TABLES:
        old, new = before.of(table), after.of(table)
        for key in dict.fromkeys([*old, *new]):
            if old.get(key) != new.get(key):
                yield SetupChange(table, key, old.get(key), new.get(key))


def _parents_first(changes: tuple[SetupChange, ...]) -> list[SetupChange]:
    """Rows in the order of the tables; what goes away is named by nothing that stays."""
    return sorted(changes, key=lambda change: TABLES.index(change.table))


def _problem(fault: SetupFault, told: LedgerSetup, text: str, name: str) -> Problem:
    """A fault with its place in the file; what a row of a profile says is in its profile."""
    rows = list(told.of(fault.table))
    if fault.table is PROFILES:
        rows = list(dict.fromkeys(key[:1] for key in rows))
    key = fault.key[:1] if fault.table is PROFILES else fault.key
    number = rows.index(key) + 1 if key in rows else 0
    place = f"{fault.table.name}[{', '.join(filter(None, fault.key))}].{fault.field}"
    params: dict[str, str | int] = {
        "key": place,
        "found": fault.found,
        "expected": fault.expected,
    }
    line = where(text, fault.table.name, number, fault.field) if number else None
    return Problem(f"ledger_setup_{fault.what}", params, name, line)
