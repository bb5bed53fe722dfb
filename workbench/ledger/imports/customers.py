"""Customers from the ERP: new ones are added, changed ones changed, nobody is removed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import FileMapping, MappingText
from workbench.ledger.files.table import ErpTable
from workbench.ledger.imports import importing as erp_import
from workbench.ledger.imports.customer_numbers import implausible
from workbench.ledger.imports.importing import ErpImport, Posted, Purpose, Source
from workbench.ledger.undo.fields import held_by_undo
from workbench.model.problems import Problem
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

_ADDRESS = ("address_1", "address_2", "address_3", "address_4")

FIELDS = (
    Field("customer_no", Kind.CUSTOMER_NO, required=True),
    Field("name", required=True),
    *(Field(name) for name in _ADDRESS),
    Field("postcode"),
    Field("city"),
    Field("country", pattern="[A-Z]{2}", pattern_words="DK, NO, SE (ISO 3166)"),
    Field("legal_id"),
    Field("email"),
    Field("phone"),
    Field("customer_group"),
    Field("language", codes=("da", "nb", "sv", "en")),
    Field("on_hold", Kind.FLAG),
)

#: What a new customer has where the file says nothing, by column.
_PERSON = {
    "name": "",
    "address": "[]",
    "postcode": "",
    "city": "",
    "country": "DK",
    "legal_id": None,
    "email": None,
    "phone": None,
}
_CUSTOMER = {"printed_no": "", "customer_group": "", "language": "da", "on_hold": 0}

_KNOWN = f"""
SELECT customer_no, customer_id, c.version AS customer_version, person_id,
       p.version AS person_version, {", ".join((*_PERSON, *_CUSTOMER))}
FROM json_each(?) AS wanted JOIN customer AS c ON c.customer_no = wanted.value
LEFT JOIN person AS p USING (person_id)
"""  # noqa: S608  # our own names


@dataclass(frozen=True, slots=True)
class Change:
    """One known customer that the file describes otherwise: new values by column."""

    customer_id: int
    customer_version: int
    person_id: int | None
    person_version: int | None
    customer: Mapping[str, object]
    person: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class CustomerPlan:
    """What a file of customers would do."""

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    new: list[dict[str, Any]]
    changes: list[Change]
    sums: Mapping[str, int] = field(default_factory=dict)

    def write(self, transaction: Transaction, source: Source) -> Posted | None:
        """Add the new customers and change the changed ones."""
        person_ids = range(source.first_id, source.first_id + len(self.new))
        customer_ids = range(person_ids.stop, person_ids.stop + len(self.new))
        spare_ids = iter(range(customer_ids.stop, customer_ids.stop + len(self.changes)))
        _append_people(transaction, zip(person_ids, self.new, strict=True))
        customers = [
            {
                "customer_id": customer_id,
                "customer_no": row["customer_no"],
                "person_id": person_id,
                **{name: row[name] for name in _CUSTOMER},
                "file_id": source.file_id,
                "file_line": row["line"],
            }
            for customer_id, person_id, row in zip(
                customer_ids, person_ids, self.new, strict=True
            )
        ]
        transaction.append("customer", pl.DataFrame(customers, infer_schema_length=None))
        for change in self.changes:
            _apply(transaction, change, spare_id=next(spare_ids))
        return None


def import_customers(
    workspace: Workspace,
    path: Path,
    *,
    mapping: Path | MappingText,
    as_of: dt.date,
    dry_run: bool = False,
    run_id: int | None = None,
) -> ErpImport:
    """Import the customers in a file.

    What the mapping does not name stays as it is.

    Raises:
        BadMappingError: The mapping cannot be used.
    """
    return erp_import.run(
        workspace,
        path,
        purpose=PURPOSE,
        mapping=mapping,
        as_of=as_of,
        dry_run=dry_run,
        run_id=run_id,
    )


def plan(reader: Reader, table: ErpTable, _: FileMapping) -> CustomerPlan:
    """Judge the rows of a file against the customers that are known."""
    problems = table.duplicates("customer_no") + implausible(table)
    wanted = table.values["customer_no"].drop_nulls().unique(maintain_order=True)
    known = {
        row["customer_no"]: row
        for row in reader.records(_KNOWN, [json.dumps(wanted.to_list())])
    }
    given = _given(table)
    held = held_by_undo(reader)
    new: list[dict[str, Any]] = []
    changes: list[Change] = []
    equal = 0
    for row in _rows(table, given):
        before = known.get(row["customer_no"])
        if before is None:
            new.append({**_PERSON, **_CUSTOMER, **row})
            continue
        if before["customer_id"] in held:  # the file is welcome again, and so is the customer
            row.setdefault("on_hold", 0)
        change = _change(before, row)
        if change is None:
            equal += 1
        else:
            changes.append(change)
    counts = {"new": len(new), "equal": equal, "changed": len(changes)}
    return CustomerPlan(tuple(problems), counts, new, changes)


PURPOSE = Purpose("erp_customers", FIELDS, plan)


def _given(table: ErpTable) -> list[str]:
    """The columns of person and customer that the file speaks about."""
    address = ["address"] if any(name in table.mapped for name in _ADDRESS) else []
    stored = {*_PERSON, *_CUSTOMER} & table.mapped
    return ["printed_no", *address, *sorted(stored)]


def _rows(table: ErpTable, given: list[str]) -> list[dict[str, Any]]:
    """The readable rows under the names of the stored columns."""
    defaults = {**_PERSON, **_CUSTOMER}
    rows = []
    printed = table.texts["customer_no"]
    for number, row in enumerate(table.values.iter_rows(named=True)):
        if row["customer_no"] is None:
            continue
        row["printed_no"] = printed[number]
        lines = [row[name] for name in _ADDRESS if row[name]]
        row["address"] = json.dumps(lines, ensure_ascii=False)
        row["on_hold"] = int(bool(row["on_hold"]))
        values = {name: defaults[name] if row[name] is None else row[name] for name in given}
        rows.append({"line": row["line"], "customer_no": row["customer_no"], **values})
    return rows


def _change(before: Mapping[str, Any], row: Mapping[str, Any]) -> Change | None:
    differing = {
        name: value for name, value in row.items() if name in before and value != before[name]
    }
    if not differing:
        return None
    return Change(
        customer_id=before["customer_id"],
        customer_version=before["customer_version"],
        person_id=before["person_id"],
        person_version=before["person_version"],
        customer={name: differing[name] for name in _CUSTOMER if name in differing},
        person={name: differing[name] for name in _PERSON if name in differing},
    )


def _apply(transaction: Transaction, change: Change, *, spare_id: int) -> None:
    customer = dict(change.customer)
    if change.person and change.person_id is None:  # removed when its time was past
        _append_people(transaction, [(spare_id, {**_PERSON, **change.person})])
        customer["person_id"] = spare_id
    elif change.person:
        assert change.person_version is not None
        assert change.person_id is not None
        transaction.edit(
            "person", change.person_id, version=change.person_version, changes=change.person
        )
    if customer:
        transaction.edit(
            "customer", change.customer_id, version=change.customer_version, changes=customer
        )


def _append_people(
    transaction: Transaction, people: Iterable[tuple[int, Mapping[str, Any]]]
) -> None:
    rows = [
        {"person_id": person_id, **{name: row[name] for name in _PERSON}}
        for person_id, row in people
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    transaction.append("person", frame, recorded=False)
