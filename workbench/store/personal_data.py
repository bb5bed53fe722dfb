"""Personal data of one customer, unmasked: on request, with a reason, and noted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from workbench.references import betalingsservice_customer
from workbench.store.connection import Reader

if TYPE_CHECKING:
    from workbench.store.workspace import Workspace


class NoPersonError(Exception):
    """The customer is unknown, or what was known of the person was removed."""


class NoReasonError(Exception):
    """Personal data is shown only to somebody who says what for."""


def person_of(reader: Reader, customer_no: str) -> int:
    """The person behind a customer number.

    Raises:
        NoPersonError: There is no such customer, or the person was removed.
    """
    number = betalingsservice_customer.compact(customer_no)
    row = reader.record("SELECT person_id FROM customer WHERE customer_no = ?", [number])
    if row is None or row["person_id"] is None:
        raise NoPersonError(customer_no)
    return int(row["person_id"])


def show_personal(workspace: Workspace, person_id: int, *, reason: str) -> dict[str, Any]:
    """Everything that is known of a person, unmasked; who asked, and why, is kept.

    Raises:
        NoReasonError: The reason is empty.
        NoPersonError: There is no such person, or they were removed.
        MissingRoleError: The user does not prepare anything here.
    """
    if not reason.strip():
        raise NoReasonError
    with workspace.transaction("personal_data_shown", role="prepare") as transaction:
        row = transaction.record("SELECT * FROM person WHERE person_id = ?", [person_id])
        if row is None:
            raise NoPersonError(str(person_id))
        disclosure = {
            "disclosure_id": transaction.draw_ids(1), "person_id": person_id,
            "reason": reason.strip(), "actor": transaction.step.actor,
        }  # fmt: skip
        transaction.append("disclosure", pl.DataFrame([disclosure]))
    return {
        **{name: value for name, value in row.items() if name not in {"person_id", "version"}},
        "address": json.loads(row["address"]),
    }


def masked_name(name: str) -> str:
    """A name by which somebody who knows the person recognizes them, and nobody else.

    >>> masked_name("Anders  Hansen")
    'A••••• H•••••'
    """
    return " ".join(f"{word[0]}•••••" for word in name.split())
