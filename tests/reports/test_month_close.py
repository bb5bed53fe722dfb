"""The month's checklist and what closing on it needs: each item ticked, and each in the way."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from workbench.cli.command_list import app
from workbench.collection.decisions import allow_by_rule
from workbench.collection.settlement import post_payments
from workbench.ledger import period_states
from workbench.ledger.period_states import EarlierPeriodOpenError, NoReasonError
from workbench.model.texts import LANGUAGES
from workbench.reports import month_close
from workbench.reports.month_checklist import (
    Checklist,
    Item,
    checklist,
    checklist_view,
    table,
)
from workbench.reports.month_close import MonthNotReadyError, close_month
from workbench.store.people import MissingRoleError
from workbench.store.transaction import StaleViewError
from workbench.store.workspace import Workspace

OCTOBER = dt.date(2026, 10, 1)
NOVEMBER = dt.date(2026, 11, 1)
ROOT = Path(__file__).parents[2]
AS_OF = dt.date(2026, 12, 2)


@pytest.fixture
def workspace(at_stage: Callable[[str], Workspace]) -> Workspace:
    """A company with entries, payments read, nothing posted; 2 December."""
    return at_stage("read")


def listed(
    workspace: Workspace, month: dt.date = NOVEMBER, as_of: dt.date = AS_OF
) -> Checklist:
    return checklist(workspace, month=month, as_of=as_of)


def item(workspace: Workspace, name: str, **more: Any) -> Item:
    return next(one for one in listed(workspace, **more).items if one.name == name)


def step(workspace: Workspace, sql: str, *parameters: object) -> None:
    with workspace.transaction("test") as transaction:
        transaction.execute(sql, parameters)


def put(workspace: Workspace, name: str, **row: Any) -> None:
    """Add a fact as its own room does."""
    with workspace.transaction("test") as transaction:
        transaction.append(name, pl.DataFrame([row]))


def ready(workspace: Workspace) -> None:
    """Bring what the checklist asks for beside the sums: a full import and a backup."""
    put(
        workspace, "erp_import", import_id=999_001, file_id=file_of(workspace), mode="full",
        purpose="erp_entries", as_of=AS_OF, mapping="m", effects="{}", actor="ida",
    )  # fmt: skip
    made = json.dumps({"made_at": "2026-12-02T06:00:00Z"})
    step(workspace, "INSERT OR REPLACE INTO setting VALUES ('last_backup', ?)", made)


def file_of(workspace: Workspace) -> int:
    with workspace.read() as reader:
        return int(reader.value("SELECT min(file_id) FROM source_file"))


def close(workspace: Workspace, month: dt.date = NOVEMBER, **more: Any) -> month_close.Closed:
    arguments = {"reason": "month end", "earlier_open": True, **more}
    return close_month(workspace, month=month, as_of=AS_OF, **arguments)


def state(workspace: Workspace, month: dt.date = NOVEMBER) -> str:
    with workspace.read() as reader:
        return period_states.state_of(reader, first_day=month)


def test_the_ticks_are_the_identities(workspace: Workspace) -> None:
    found = listed(workspace)
    names = [one.name for one in found.items]
    for name in (
        "import_balance", "control_account", "aged_balance", "file_total", "line_outcomes",
        "cash_applied", "sent_by_status", "paid_differences", "journal_ledger", "audit_log",
        "month_over", "earlier_months", "deliveries_known", "inbox_empty", "held_lines",
        "unposted_lines", "erp_differences", "handed_over_month", "booked_month",
        "full_import", "backup",
    ):  # fmt: skip
        assert name in names
    for one in found.items:
        if one.currency is not None:
            assert one.holds, one
            assert one.left == one.right
    assert [one.name for one in found.stops] == ["full_import", "backup"]
    assert {one.name for one in found.items if one.state == "warning"} == {
        "earlier_months", "held_lines", "unposted_lines",
    }  # fmt: skip


def test_every_item_can_be_in_the_way(workspace: Workspace) -> None:
    ready(workspace)
    assert listed(workspace).holds
    assert item(workspace, "month_over", as_of=dt.date(2026, 11, 30)).state == "stops"
    (workspace.inbox / "unread").write_bytes(b"x")
    assert (item(workspace, "inbox_empty").state, item(workspace, "inbox_empty").left) == (
        "stops", 1,
    )  # fmt: skip
    for delivery_state in ("sending", "unknown"):
        step(workspace, "UPDATE delivery SET state = ?", delivery_state)
        assert item(workspace, "deliveries_known").state == "stops"
        assert item(workspace, "deliveries_known", month=dt.date(2026, 9, 1)).holds
    with workspace.read() as reader:
        entry_id = reader.value("SELECT min(entry_id) FROM entry")
    put(
        workspace, "erp_difference", difference_id=999_002, import_id=999_001, shown_minor=2,
        entry_id=entry_id, currency="DKK", ours_minor=1, handed_over_minor=0,
        waiting_minor=0, **{"class": "above"},
    )  # fmt: skip
    assert item(workspace, "erp_differences").state == "stops"
    put(
        workspace, "erp_difference_end", difference_id=999_002, decision="ours_stands",
        reason="looked", actor="ida",
    )  # fmt: skip
    assert item(workspace, "erp_differences").holds


def test_a_broken_sum_stops_the_closing(workspace: Workspace) -> None:
    ready(workspace)
    with workspace.transaction("test") as transaction:
        transaction.execute("DROP TRIGGER posting_fixed")
        transaction.execute(
            "UPDATE posting SET amount_minor = amount_minor + 1 "
            "WHERE posting_id = (SELECT min(posting_id) FROM posting)"
        )
    stopping = {one.name for one in listed(workspace).stops}
    assert {"control_account", "audit_log"} <= stopping
    with pytest.raises(MonthNotReadyError, match="control_account"):
        close(workspace)
    assert state(workspace) == "open"


def test_an_import_or_backup_of_before_the_month_end_is_not_enough(
    workspace: Workspace,
) -> None:
    ready(workspace)
    assert item(workspace, "full_import").holds
    assert item(workspace, "backup").holds
    for name in ("full_import", "backup"):
        assert item(workspace, name, month=dt.date(2026, 12, 1)).state == "stops"
    put(workspace, "erp_import_undo", import_id=999_001, reason="wrong file", actor="ida")
    assert item(workspace, "full_import").state == "stops"


def test_a_month_is_closed_on_what_was_known(workspace: Workspace) -> None:
    ready(workspace)
    done = close(workspace)
    assert (done.change.from_state, done.change.to_state) == ("open", "closed")
    assert state(workspace) == "closed"
    with workspace.read() as reader:
        (event,) = period_states.events(reader).to_dicts()
        said = json.loads(
            reader.value("SELECT subject FROM audit_event ORDER BY seq DESC LIMIT 1")
        )
    assert done.checklist is not None
    moment, *items = json.loads(event["checklist"])
    assert moment == {
        "name": "moment", "as_of": "2026-12-02", "audit_head": done.checklist.head,
        "forced": False,
    }  # fmt: skip
    assert items == [one.as_json() for one in done.checklist.items]
    assert (said["audit_head"], said["reason"]) == (done.checklist.head, "month end")
    again = close(workspace)
    assert (again.change.changed, again.checklist) == (False, None)


def test_what_is_in_the_way_is_forced_by_an_administrator_only(workspace: Workspace) -> None:
    with pytest.raises(MonthNotReadyError) as caught:
        close(workspace)
    assert [one.name for one in caught.value.checklist.stops] == ["full_import", "backup"]
    with workspace.transaction("user") as transaction:
        transaction.execute("INSERT INTO user_account VALUES (77, 'ida', 'Ida', 1, 1)")
        transaction.execute("INSERT INTO user_role VALUES (77, 'post')")
    with pytest.raises(MissingRoleError):
        close(replace(workspace, actor="ida"), force=True)
    assert state(workspace) == "open"
    assert close(workspace, force=True).change.changed
    with workspace.read() as reader:
        (event,) = period_states.events(reader).to_dicts()
    assert json.loads(event["checklist"])[0]["forced"] is True


def test_a_soft_close_keeps_the_list_and_asks_nothing_of_it(workspace: Workspace) -> None:
    done = close(workspace, to_state="soft_closed")
    assert done.checklist is not None
    assert not done.checklist.holds
    assert state(workspace) == "soft_closed"


def test_earlier_months_are_closed_first_unless_said(workspace: Workspace) -> None:
    ready(workspace)
    assert item(workspace, "earlier_months").left == 1  # from the first posting on
    with pytest.raises(EarlierPeriodOpenError, match="2026-10"):
        close(workspace, earlier_open=False)
    assert state(workspace) == "open"


def test_no_reason_no_closing(workspace: Workspace) -> None:
    with pytest.raises(NoReasonError):
        close(workspace, reason=" ")


def test_who_writes_between_list_and_closing_sends_it_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready(workspace)

    def and_somebody_writes(*arguments: Any, **more: Any) -> Checklist:
        found = checklist_view(*arguments, **more)
        with workspace.transaction("somebody"):
            pass
        return found

    monkeypatch.setattr(month_close, "checklist_view", and_somebody_writes)
    with pytest.raises(StaleViewError):
        close(workspace)
    assert state(workspace) == "open"


def test_what_the_erp_never_heard_of_is_in_the_way(workspace: Workspace) -> None:
    allow_by_rule(workspace)
    post_payments(workspace, as_of=AS_OF)
    found = item(workspace, "handed_over_month")
    assert (found.state, found.right) == ("stops", 0)
    assert found.left
    assert item(workspace, "unposted_lines").holds
    put(
        workspace, "handover", handover_id=900_001, number=1, document_no="HO-1",
        format="csv", mapping_name="m", mapping="m", as_of=AS_OF, actor="ida",
    )  # fmt: skip
    with workspace.transaction("test") as transaction:
        postings = transaction.frame(
            "SELECT posting_id, 900001, v.voucher_id FROM posting JOIN voucher AS v "
            "USING (voucher_id) WHERE v.journal <> 'ERP' AND v.posting_date LIKE '2026-11%'",
            schema=pl.Schema(dict.fromkeys(("posting_id", "handover_id", "v"), pl.Int64)),
        )
        transaction.append("handover_posting", postings.drop("v"))
    assert item(workspace, "handed_over_month").holds
    assert item(workspace, "booked_month").state == "warning"
    mark = {"handover_id": 900_001, "how": "person", "actor": "ida"}
    put(workspace, "handover_mark", mark_id=900_002, booked=1, **mark)
    assert item(workspace, "booked_month").holds
    put(
        workspace, "handover_mark", mark_id=900_003, booked=0, voucher_id=postings["v"][0],
        **mark,
    )  # fmt: skip
    booked = item(workspace, "booked_month")
    assert booked.state == "warning"
    assert 0 < (booked.right or 0) < (booked.left or 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_in_words(workspace: Workspace, language: str) -> None:
    text = table(listed(workspace), language=language)
    assert text.splitlines()[0].startswith("✗ ")
    assert "(workbench backup)" in text
    assert "{" not in text


def test_every_command_that_is_named_is_there(workspace: Workspace) -> None:
    jobs = {path.stem for path in (ROOT / "notebooks" / "jobs").glob("*.ipynb")}
    for one in listed(workspace).items:
        _, *words = one.command.split() or [""]
        if words[:2] == ["jobs", "run"]:
            assert words[2] in jobs, one.command
        elif words:
            said = [word for word in words if not word.startswith("-")]
            asked = CliRunner().invoke(app, [*said, "--help"])
            assert asked.exit_code == 0, one.command
