"""What the set-up of a ledger consists of: one declaration per table of the file.

A declaration names the table in the file and in the store, and its fields: which of them
are the key, and what each may hold. The same declarations read a file, read the store, and
write both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.store.connection import Reader
from workbench.store.transaction import Transaction

#: What an account may be for.
PURPOSES = (
    "receivable",
    "erp_transfer",
    "bank_clearing",
    "held",
    "on_account",
    "fee",
    "penny",
    "over_under",
    "write_off",
    "interest",
    "vat",
)

#: Types of journals; the first one is that of the ERP's own entries.
JOURNAL_TYPES = ("erp", "customer_payment", "daily")

#: Rows by key: what the fields that are not the key hold.
Rows = Mapping[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class SetupField:
    """One field: its name in the file, its column, and what it may hold.

    Attributes:
        choices: The only values that it may have; any where empty.
        default: What stands where the file says nothing; None: it must say it.
        least: Of a whole number.
        most: Of a whole number.
    """

    name: str
    column: str
    kind: Literal["text", "number", "flag", "rate"] = "text"
    choices: tuple[str, ...] = ()
    default: Any = None
    least: int = 0
    most: int = 2**53
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class SetupTable:
    """One table of the file: its name there and in the store, its key and other fields."""

    name: str
    stored: str
    key: tuple[SetupField, ...]
    rest: tuple[SetupField, ...]

    @property
    def fields(self) -> tuple[SetupField, ...]:
        """Key and rest, in the order of the file."""
        return (*self.key, *self.rest)


ACCOUNTS = SetupTable(
    "account",
    "account",
    (SetupField("number", "account_no"),),
    (SetupField("name", "name"), SetupField("purpose", "purpose", choices=PURPOSES)),
)
SERIES = SetupTable(
    "series",
    "number_series",
    (SetupField("name", "series"),),
    (
        SetupField("prefix", "prefix"),
        SetupField("digits", "digits", "number", least=1, most=12),
        SetupField("next", "next_number", "number", default=1, least=1),
    ),
)
JOURNALS = SetupTable(
    "journal",
    "journal",
    (SetupField("name", "journal"),),
    (
        SetupField("title", "name"),
        SetupField("type", "type", choices=JOURNAL_TYPES),
        SetupField("series", "series"),
        SetupField("handed_back", "handed_back", "flag"),
    ),
)
VAT_CODES = SetupTable(
    "vat",
    "vat_code",
    (SetupField("code", "vat_code"),),
    (
        SetupField("name", "name"),
        SetupField("rate", "rate_basis_points", "rate"),
        SetupField("account", "account_no", default="", may_be_empty=True),
    ),
)
GROUPS = SetupTable(
    "group",
    "group_profile",
    (
        SetupField("customer_group", "customer_group"),
        SetupField("system", "system", default="", may_be_empty=True),
    ),
    (SetupField("profile", "profile"),),
)
#: The rules of the profiles; in the file they stand under their profile.
PROFILES = SetupTable(
    "profile",
    "profile_account",
    (
        SetupField("name", "profile"),
        SetupField("purpose", "purpose", choices=PURPOSES),
        SetupField("creditor_no", "creditor_no", default="", may_be_empty=True),
        SetupField("currency", "currency", default="", may_be_empty=True),
    ),
    (SetupField("account", "account_no"),),
)

#: Parents before what names them.
TABLES = (ACCOUNTS, SERIES, JOURNALS, VAT_CODES, PROFILES, GROUPS)


@dataclass(frozen=True, slots=True)
class LedgerSetup:
    """The set-up of a ledger, or what a file says of it, by the tables' names."""

    rows: Mapping[str, Rows] = field(default_factory=dict)

    def of(self, table: SetupTable) -> Rows:
        """The rows of a table."""
        return self.rows.get(table.name, {})

    def with_told(self, told: LedgerSetup) -> LedgerSetup:
        """This set-up with what a file tells.

        A profile that is told is told whole, and so are the groups; of the other tables
        what is not told stays as it is.
        """
        merged: dict[str, Rows] = {}
        for table in TABLES:
            before, new = self.of(table), told.of(table)
            gone = {key for key in before if _told_whole(table, key, new) and key not in new}
            kept = {key: row for key, row in before.items() if key not in gone}
            merged[table.name] = {**kept, **new}
        return LedgerSetup(merged)


def stored_setup(reader: Reader) -> LedgerSetup:
    """The set-up that counts now."""
    return LedgerSetup({table.name: _stored_rows(reader, table) for table in TABLES})


def write_row(
    transaction: Transaction,
    table: SetupTable,
    key: tuple[str, ...],
    row: Mapping[str, Any] | None,
) -> None:
    """Give a row its values, or remove it (None)."""
    where = " AND ".join(f"{part.column} = ?" for part in table.key)
    if row is None:
        transaction.execute(f"DELETE FROM {table.stored} WHERE {where}", key)  # noqa: S608  # our names
        return
    columns = [part.column for part in table.fields]
    values = [*key, *(_to_stored(part, row[part.name]) for part in table.rest)]
    sets = ", ".join(f"{part.column} = excluded.{part.column}" for part in table.rest)
    keys = ", ".join(part.column for part in table.key)
    transaction.execute(
        f"INSERT INTO {table.stored} ({', '.join(columns)}) "  # noqa: S608  # our names
        f"VALUES ({', '.join('?' * len(columns))}) ON CONFLICT ({keys}) DO UPDATE SET {sets}",
        values,
    )


def _told_whole(table: SetupTable, key: tuple[str, ...], told: Rows) -> bool:
    if table is GROUPS:
        return bool(told)
    return table is PROFILES and any(named[0] == key[0] for named in told)


def _stored_rows(reader: Reader, table: SetupTable) -> Rows:
    columns = ", ".join(part.column for part in table.fields)
    keys = ", ".join(str(number + 1) for number in range(len(table.key)))
    found = reader.rows(f"SELECT {columns} FROM {table.stored} ORDER BY {keys}")  # noqa: S608  # our names
    width = len(table.key)
    return {
        tuple(values[:width]): {
            part.name: _from_stored(part, value)
            for part, value in zip(table.rest, values[width:], strict=True)
        }
        for values in found
    }


def _from_stored(part: SetupField, value: Any) -> Any:
    if part.kind == "flag":
        return bool(value)
    return "" if value is None else value


def _to_stored(part: SetupField, value: Any) -> Any:
    if part.kind == "flag":
        return int(value)
    return None if value == "" and part.may_be_empty else value
