"""What was posted goes back to the ERP: once, whole, and the same again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.ledger.handover.handing_over import waiting
from workbench.ledger.handover.layouts import ready_made
from workbench.reports.hand_over import export_again, export_postings
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace

AS_OF = dt.date(2026, 12, 2)


@pytest.fixture
def posted(at_stage: Callable[[str], Workspace]) -> Workspace:
    """A month whose payments are posted, none of it handed over."""
    workspace = at_stage("read")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=AS_OF)
    return workspace


def rows_of(path: Path | None) -> list[dict[str, str]]:
    assert path is not None
    text = path.read_bytes().decode("utf-8-sig")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def asked(workspace: Workspace, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(sql, parameters)


def minor(text: str) -> int:
    return int(text.replace(",", "").replace(".", "") or 0)


def test_each_posting_goes_out_once_and_the_file_adds_up(posted: Workspace) -> None:
    with posted.read() as reader:
        before = waiting(reader)
    done = export_postings(posted, mapping="plain_csv", as_of=AS_OF)
    assert done.number == "HO-000001"
    lines = rows_of(done.files[0].path)
    sums: dict[tuple[str, str], int] = {}
    for line in lines:
        key = (line["ledger_account"], line["currency"])
        sums[key] = sums.get(key, 0) + minor(line["amount"])
    assert sums == {
        (account, currency): amount
        for account, currency, amount in asked(
            posted,
            "SELECT account_no, currency, sum(amount_minor) FROM posting "
            "JOIN voucher USING (voucher_id) WHERE journal <> 'ERP' GROUP BY 1, 2",
        )
    }
    assert done.totals["debit_minor"].to_list() == [before["debit_minor"].sum()]
    assert any(line["applied_document_no"] for line in lines)
    assert asked(posted, "SELECT count(*) FROM handover_posting") == [
        (before["postings"].sum(),)
    ]
    with posted.read() as reader:
        assert waiting(reader).is_empty()
    assert verify(posted).holds


def test_nothing_waiting_is_nothing_to_do(posted: Workspace) -> None:
    export_postings(posted, mapping="plain_csv", as_of=AS_OF)
    seen = asked(posted, "SELECT max(seq) FROM audit_event")
    assert export_postings(posted, mapping="plain_csv", as_of=AS_OF).nothing
    assert asked(posted, "SELECT max(seq) FROM audit_event") == seen


def test_a_dry_run_changes_nothing(posted: Workspace) -> None:
    seen = asked(posted, "SELECT max(seq) FROM audit_event")
    preview = export_postings(posted, mapping="plain_csv", as_of=AS_OF, dry_run=True)
    assert preview.number == "HO-000001"
    assert asked(posted, "SELECT max(seq) FROM audit_event") == seen
    assert not (posted.outbox / "erp").exists()
    done = export_postings(posted, mapping="plain_csv", as_of=AS_OF, as_seen=preview.seq)
    assert [file.sha256 for file in done.files] == [file.sha256 for file in preview.files]


#: The month is in kroner of Denmark, which SIE does not hold.
@pytest.mark.parametrize("name", sorted(set(ready_made()) - {"sie_4"}))
def test_a_delivery_is_made_again_byte_for_byte(posted: Workspace, name: str) -> None:
    done = export_postings(posted, mapping=name, as_of=AS_OF)
    assert done.number is not None, done.problems
    before = {file.name: file.path.read_bytes() for file in done.files if file.path}
    for file in done.files:
        assert file.path is not None
        file.path.unlink()  # the ERP fetched it
    again = export_again(posted, done.number)
    assert {file.name: file.path.read_bytes() for file in again.files if file.path} == before
    assert verify(posted).holds


def test_a_voucher_in_another_currency_waits_for_another_layout(posted: Workspace) -> None:
    done = export_postings(posted, mapping="sie_4", as_of=AS_OF)
    assert done.number is None or done.totals.is_empty()
    assert {problem.code for problem in done.problems} == {"handover_unfit_voucher"}
    assert done.staying
    assert isinstance(done.totals, pl.DataFrame)
