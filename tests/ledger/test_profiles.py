"""Which profile counts: the customer's own, else the group's, else the default."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from workbench.ledger.imports.customers import import_customers
from workbench.ledger.profiles import PROFILES, profiles
from workbench.ledger.setup import DEFAULT_PROFILE
from workbench.store.workspace import Workspace

MAPPING = """
[file]
delimiter = ","
[columns]
customer_no = "no"
name = "name"
customer_group = "group"
"""


@pytest.fixture
def company(workspace: Workspace, tmp_path: Path) -> Workspace:
    """Customers 1 of no group, 2 of group A, 3 of group A with a profile, 4 of group Å."""
    (tmp_path / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    file = tmp_path / "customers.csv"
    file.write_text("no,name,group\n1,K,\n2,K,A\n3,K,A\n4,K,Å\n", encoding="utf-8")
    result = import_customers(
        workspace, file, mapping=tmp_path / "mapping.toml", as_of=workspace.clock().date()
    )
    assert result.clean
    with workspace.transaction("profiles") as transaction:
        transaction.execute("UPDATE customer SET profile = 'OWN' WHERE customer_no = '3'")
        transaction.execute_many(
            "INSERT INTO group_profile VALUES (?, ?, ?)",
            [("A", "", "GROUP"), ("A", "BS", "GROUP-BS"), ("Å", "AG", "GROUP-AG"),
             ("", "", "NOBODY")],
        )  # fmt: skip
    return workspace


def found(
    workspace: Workspace, customers: Iterable[int] | Iterable[str], system: str = ""
) -> dict[str, str]:
    with workspace.read() as reader:
        frame = profiles(reader, customers, system=system)
    assert frame.schema == PROFILES
    return dict(frame.select("customer_no", "profile").iter_rows())


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("", {"1": "NOBODY", "2": "GROUP", "3": "OWN", "4": DEFAULT_PROFILE}),
        ("BS", {"1": "NOBODY", "2": "GROUP-BS", "3": "OWN", "4": DEFAULT_PROFILE}),
        ("AG", {"1": "NOBODY", "2": "GROUP", "3": "OWN", "4": "GROUP-AG"}),
    ],
)
def test_the_narrowest_profile_counts(
    company: Workspace, system: str, expected: dict[str, str]
) -> None:
    assert found(company, ["1", "2", "3", "4"], system) == expected


def test_by_identifier_as_by_number(company: Workspace) -> None:
    with company.read() as reader:
        ids = [i for (i,) in reader.rows("SELECT customer_id FROM customer")]
    assert found(company, ids) == found(company, ["1", "2", "3", "4"])


def test_unknown_customers_are_left_out(company: Workspace) -> None:
    assert found(company, ["9", "2", "2"]) == {"2": "GROUP"}
    assert found(company, []) == {}
