"""The configured way to collect: system, creditor and debtor group, as the rooms use them."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.store.connection import Reader


class UnknownSystemError(Exception):
    """No collection system has this code, or it has no creditor."""


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who collects, with the debtor group that new lines get."""

    creditor_no: str
    name: str
    currency: str
    profile: str
    debtor_group: str
    main_text: str


@dataclass(frozen=True, slots=True)
class System:
    """A collection system (opkrævningssystem)."""

    system: str
    scheme: str
    name: str
    supplier_no: str
    subsystem: str
    test: bool
    signing: bool
    due_from: str
    due_to: str
    creditor: Creditor


def active_systems(reader: Reader) -> tuple[str, ...]:
    """The codes of the systems that collect."""
    rows = reader.rows("SELECT system FROM collection_system WHERE active ORDER BY system")
    return tuple(code for (code,) in rows)


def only_system(reader: Reader) -> str:
    """The code of the only active system.

    Raises:
        UnknownSystemError: There is none, or more than one: name it then.
    """
    codes = active_systems(reader)
    if len(codes) != 1:
        raise UnknownSystemError(", ".join(codes) or "no collection system is set up")
    return codes[0]


def load_system(reader: Reader, code: str) -> System:
    """A system by its code.

    Raises:
        UnknownSystemError: There is none, or it has no creditor yet.
    """
    row = reader.record("SELECT * FROM collection_system WHERE system = ?", [code])
    if row is None:
        raise UnknownSystemError(code)
    creditors = reader.records(
        "SELECT c.creditor_no, c.name, c.currency, c.profile, g.debtor_group, g.main_text "
        "FROM creditor AS c JOIN debtor_group AS g USING (creditor_no) "
        "WHERE c.system = ? ORDER BY c.creditor_no, g.is_default DESC, g.debtor_group",
        [code],
    )
    if not creditors:
        raise UnknownSystemError(f"{code} has no creditor")
    return System(
        system=row["system"],
        scheme=row["scheme"],
        name=row["name"],
        supplier_no=row["supplier_no"],
        subsystem=row["subsystem"],
        test=bool(row["test"]),
        signing=bool(row["signing"]),
        due_from=row["due_from"],
        due_to=row["due_to"],
        creditor=Creditor(**creditors[0]),
    )
