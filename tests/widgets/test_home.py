"""The first screen: what waits, with the way to where it is worked off."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from workbench.collection import journal
from workbench.collection.decisions import allow_by_rule
from workbench.collection.inbox import import_inbox
from workbench.collection.settlement import post_payments
from workbench.collection.suggest import suggest
from workbench.ledger.handover.booking import mark_booked
from workbench.ledger.handover.handing_over import waiting
from workbench.reports.hand_over import export_postings
from workbench.reports.verification import BrokenIdentityError
from workbench.store.workspace import Workspace
from workbench.widgets.home import Home
from workbench.widgets.proof import BrokenClaimError
from workbench.widgets.reconciliation import Reconciliation
from workbench.widgets.screen import Screen, open_screen

At = Callable[[str], Workspace]
_TILE = re.compile(r'wb-count">([^<]+)</div><div><a href="([^"]+)">([^<]+)</a>')


def opened(workspace: Workspace, *, as_of: str = "2026-12-02") -> Screen:
    return open_screen(str(workspace.folder), as_of=as_of)


def tiles(screen: Screen) -> dict[str, tuple[str, str]]:
    found = _TILE.findall(Home(screen).waiting().markup)
    return {title: (count, link) for count, link, title in found}


def test_nothing_waits_in_a_new_workspace(at_stage: At) -> None:
    home = Home(opened(at_stage("empty")))
    assert "Nothing waits for you." in home.waiting().markup
    assert "collection_journal.ipynb" in home.waiting().markup
    assert "No job has run yet." in home.runs().markup
    assert "Everything adds up" in home.verdict().markup
    home.proof().require()


def test_lines_wait_to_be_validated(at_stage: At) -> None:
    workspace = at_stage("open")
    screen = opened(workspace, as_of="2026-10-12")
    made = suggest(workspace, system="BS", as_of=screen.as_of)
    assert tiles(screen) == {"Lines to validate": (f"{made.lines}", "collection_journal.ipynb")}
    with workspace.read() as reader:
        line = journal.lines(reader).row(0, named=True)
    seen = [(line["collection_line_id"], line["version"])]
    journal.stop(workspace, seen, reason="no", as_of=screen.as_of)
    assert tiles(screen)["Lines to validate"][0] == f"{made.lines - 1}"


def test_held_and_matched_money_waits(at_stage: At) -> None:
    workspace = at_stage("read")
    screen = opened(workspace)
    with workspace.read() as reader:
        held, matched = (
            reader.value("SELECT count(*) FROM current_outcome WHERE outcome = ?", [outcome])
            for outcome in ("held", "matched")
        )
    assert tiles(screen) == {
        "Held payment lines": (f"{held}", "payments.ipynb"),
        "Matched lines to allow": (f"{matched}", "payments.ipynb"),
    }
    shown = Home(screen).held().markup
    assert "Unknown customer" in shown
    assert 'href="payments.ipynb"' in shown


def test_files_and_unknown_deliveries_are_named(at_stage: At) -> None:
    workspace = at_stage("inbox")
    (workspace.inbox / "strange.txt").write_bytes(b"no bank ever sent this")
    with workspace.transaction("lost") as transaction:
        transaction.execute("UPDATE delivery SET state = 'unknown'")
    screen = opened(workspace)
    import_inbox(workspace, as_of=screen.as_of)
    shown = Home(screen).waiting().markup
    assert "strange.txt" in shown
    assert "Deliveries that may not have left" in shown
    assert "0000000001" in shown


def test_what_the_erp_has_to_hear_of_waits(at_stage: At) -> None:
    workspace = at_stage("read")
    allow_by_rule(workspace)
    post_payments(workspace, as_of=dt.date(2026, 12, 2))
    with workspace.read() as reader:
        vouchers = waiting(reader)["document_no"].n_unique()
    to_hand_over = "Vouchers to hand over to the ERP"
    assert tiles(opened(workspace))[to_hand_over] == (f"{vouchers}", "hand_over.ipynb")
    export_postings(workspace, mapping="plain_csv", as_of=dt.date(2026, 12, 2))
    late = "Deliveries that the ERP has not booked for a week"
    assert not {late, to_hand_over} & tiles(opened(workspace, as_of="2026-12-09")).keys()
    week_later = opened(workspace, as_of="2026-12-10")
    assert tiles(week_later)[late] == ("1", "hand_over.ipynb")
    assert "HO-000001" in Home(week_later).waiting().markup
    mark_booked(workspace, "HO-000001", reason="The ERP shows it")
    assert late not in tiles(week_later)


def test_what_does_not_add_up_is_named_and_stops_the_screen(at_stage: At) -> None:
    workspace = at_stage("read")
    with workspace.transaction("tampering") as transaction:
        transaction.execute("UPDATE delivery SET amount_minor = amount_minor + 1")
    screen = opened(workspace)
    home = Home(screen)
    assert "Something does not add up" in home.verdict().markup
    assert "Sent = sum by current status" in home.verdict().markup
    with pytest.raises(BrokenClaimError, match="Sent"):
        home.proof().require()
    reconciliation = Reconciliation(screen)
    assert "✗" in reconciliation.identities().markup
    with pytest.raises(BrokenIdentityError, match="sent_by_status"):
        reconciliation.proof().require()


def test_the_reconciliation_shows_the_month(at_stage: At) -> None:
    workspace = at_stage("read")
    shown = Reconciliation(opened(workspace))
    assert shown.identities().markup.count("✓") == 12
    assert "Sent to be collected" in shown.month().markup
    assert "D1000000002-602" in shown.flow().markup
    assert "Open balance" in shown.aged().markup
    assert "No report was written yet" in shown.reports().value
    (workspace.folder / "reports" / "proof <1>.pdf").write_bytes(b"%PDF")
    links = shown.reports().value
    assert 'download="proof &lt;1&gt;.pdf"' in links
    assert "data:application/pdf;base64,JVBERg==" in links


def test_words_and_numbers_follow_the_company(at_stage: At) -> None:
    screen = replace(opened(at_stage("read")), language="da")
    shown = Reconciliation(screen)
    assert re.search(r"\d\.\d{3},\d{2}", shown.month().markup)
    assert "Linjer" in Home(screen).held().markup
