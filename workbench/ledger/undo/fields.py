"""Fields that an import changed get their values back, where nobody changed them since."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.store.connection import Reader
from workbench.store.transaction import EDITABLE, Transaction

#: What an import changed of rows that were known, and each such row's version now.
_CHANGED = {
    "person": "SELECT v.person_id, v.version, v.fields, p.version FROM person_version AS v "
    "JOIN person AS p USING (person_id) WHERE v.recorded = ?",
    **{
        table: "SELECT v.row_id, v.version, v.fields, r.version FROM row_version AS v "  # noqa: S608  # our own names
        f"JOIN {table} AS r ON r.{EDITABLE[table]} = v.row_id "
        f"WHERE v.recorded = ? AND v.table_name = '{table}'"
        for table in ("entry", "customer")
    },
}

#: Customers whose last change of the hold is one of an undo.
_HELD = """
SELECT v.row_id, max(v.version) FROM row_version AS v
JOIN customer AS c ON c.customer_id = v.row_id
WHERE v.table_name = 'customer' AND c.on_hold = 1
  AND json_extract(v.fields, '$.on_hold') IS NOT NULL
GROUP BY v.row_id HAVING v.recorded IN (SELECT recorded FROM erp_import_undo)
"""

#: Fields that stay: a person who came back from a file is not sent away again.
_STAY = frozenset({"person_id"})


@dataclass(frozen=True, slots=True)
class Restored:
    """What an undo gave back.

    Attributes:
        rows: Rows that have the values from before again.
        kept: What somebody changed since, and so stays: table, row, fields.
    """

    rows: int
    kept: tuple[tuple[str, int, tuple[str, ...]], ...]


def restore(transaction: Transaction, tables: tuple[str, ...], *, recorded: int) -> Restored:
    """Give back what a step changed in rows of some tables.

    Args:
        transaction: The step that this is part of.
        tables: Tables that people edit: entry, customer, person.
        recorded: The recorded time of the step.
    """
    rows = 0
    kept: list[tuple[str, int, tuple[str, ...]]] = []
    for table in tables:
        for row_id, version, fields, current in transaction.rows(_CHANGED[table], [recorded]):
            values = _row(transaction, table, row_id)
            before = {
                name: value
                for name, value in json.loads(fields).items()
                if name not in _STAY and value != values[name]
            }
            later = _changed_after(transaction, table, row_id, version=version)
            back = {name: value for name, value in before.items() if name not in later}
            if back:
                transaction.edit(table, row_id, version=current, changes=back)
                rows += 1
            if len(back) < len(before):
                kept.append((table, row_id, tuple(sorted(before.keys() - back.keys()))))
    return Restored(rows, tuple(kept))


def hold_new_customers(transaction: Transaction, file_id: int) -> int:
    """Put the customers that a file brought on hold; how many were not on hold before."""
    found = transaction.rows(
        "SELECT customer_id, version FROM customer WHERE file_id = ? AND on_hold = 0",
        [file_id],
    )
    for customer_id, version in found:
        transaction.edit("customer", customer_id, version=version, changes={"on_hold": 1})
    return len(found)


def held_by_undo(reader: Reader) -> set[int]:
    """Customers that are on hold since an undo said so, and nobody else has since."""
    return {customer_id for customer_id, _ in reader.rows(_HELD)}


def _row(transaction: Transaction, table: str, row_id: int) -> Mapping[str, object]:
    row = transaction.record(
        f"SELECT * FROM {table} WHERE {EDITABLE[table]} = ?",  # noqa: S608  # our own names
        [row_id],
    )
    assert row is not None, (table, row_id)
    return row


def _changed_after(
    transaction: Transaction, table: str, row_id: int, *, version: int
) -> frozenset[str]:
    """The fields that were changed after a version of a row."""
    if table == "person":
        rows = transaction.rows(
            "SELECT fields FROM person_version WHERE person_id = ? AND version > ?",
            [row_id, version],
        )
    else:
        rows = transaction.rows(
            "SELECT fields FROM row_version "
            "WHERE table_name = ? AND row_id = ? AND version > ?",
            [table, row_id, version],
        )
    return frozenset(_names(json.loads(fields) for (fields,) in rows))


def _names(changes: Iterator[Mapping[str, object]]) -> Iterator[str]:
    for fields in changes:
        yield from fields
