"""What is open is asked for a day, as it was known at a moment."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from workbench.ledger.identities import identities
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.open_entries import OPEN_ENTRIES, open_entries
from workbench.store.workspace import Workspace

AS_OF = dt.date(2026, 10, 12)
SAMPLES = Path(__file__).parents[1] / "samples" / "erp"


@pytest.fixture
def company(workspace: Workspace) -> Workspace:
    for take, name in ((import_customers, "customers"), (import_entries, "entries")):
        result = take(
            workspace, SAMPLES / f"{name}.csv",
            mapping=SAMPLES / f"mapping_{name}.toml", as_of=AS_OF,
        )  # fmt: skip
        assert result.clean
    return workspace


def apply(
    workspace: Workspace, amount: int, *, on: dt.date, reverses: int | None = None
) -> tuple[int, int]:
    """Let the credit note settle part of the invoice; the application and its moment."""
    with workspace.transaction("apply") as transaction:
        kinds = dict(transaction.rows("SELECT kind, min(entry_id) FROM entry GROUP BY kind"))
        row = {
            "application_id": transaction.draw_ids(1), "from_entry_id": kinds["credit_note"],
            "to_entry_id": kinds["invoice"], "amount_minor": amount, "currency": "DKK",
            "kind": "reversal" if reverses else "credit_note",
            "reverses_application_id": reverses,
            "posting_date": on.isoformat(), "actor": "ida",
        }  # fmt: skip
        schema = {"reverses_application_id": pl.Int64}
        transaction.append("application", pl.DataFrame([row], schema_overrides=schema))
        return int(row["application_id"]), transaction.number


def remaining(workspace: Workspace, *, as_of: dt.date, known: int | None = None) -> list[int]:
    with workspace.read() as reader:
        found = open_entries(reader, as_of=as_of, known=known)
    assert found.schema == OPEN_ENTRIES
    danish = found.filter(pl.col("currency") == "DKK").sort("entry_id")
    return danish["remaining_minor"].to_list()


def test_a_day_and_a_moment(company: Workspace) -> None:
    november = dt.date(2026, 11, 10)
    with company.read() as reader:
        before = reader.seq
    application, applied_at = apply(company, 12_500, on=november)
    assert remaining(company, as_of=AS_OF) == [125_000, -12_500]
    assert remaining(company, as_of=november) == [112_500]
    assert remaining(company, as_of=november, known=before) == [125_000, -12_500]
    apply(company, -12_500, on=dt.date(2026, 12, 1), reverses=application)
    assert remaining(company, as_of=november) == [112_500]
    assert remaining(company, as_of=dt.date(2026, 12, 1)) == [125_000, -12_500]
    assert remaining(company, as_of=dt.date(2026, 12, 1), known=applied_at) == [112_500]
    assert remaining(company, as_of=dt.date(2026, 1, 1)) == []


def test_an_application_is_reversed_once(company: Workspace) -> None:
    application, _ = apply(company, 500, on=AS_OF)
    apply(company, -500, on=AS_OF, reverses=application)
    with pytest.raises(Exception, match="UNIQUE"):
        apply(company, -500, on=AS_OF, reverses=application)
    with pytest.raises(Exception, match="CHECK"):
        apply(company, -500, on=AS_OF)


def test_the_ledger_proves_itself_whatever_the_day(company: Workspace) -> None:
    apply(company, 12_500, on=dt.date(2026, 11, 10))
    for day in (dt.date(2026, 1, 1), AS_OF, dt.date(2026, 12, 31)):
        with company.read() as reader:
            found = identities(reader, as_of=day, currencies=["DKK", "EUR", "SEK"])
        assert all(identity.holds for identity in found)
        names = [(i.name, i.currency) for i in found]
        assert names.count(("import_balance", "SEK")) == 1
        amounts = [name for name, currency in names if currency is not None]
        assert len(amounts) == 3 * len(set(amounts))


def test_a_broken_ledger_does_not_hold(company: Workspace) -> None:
    with company.transaction("break") as transaction:
        transaction.execute("DROP TRIGGER posting_fixed")
        transaction.execute(
            "UPDATE posting SET amount_minor = amount_minor + 1 WHERE purpose = 'receivable'"
        )
    with company.read() as reader:
        found = identities(reader, as_of=AS_OF, currencies=["DKK"])
    broken = {i.name for i in found if not i.holds}
    assert broken == {"control_account"}
