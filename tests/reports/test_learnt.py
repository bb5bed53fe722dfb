"""What was learnt in between: who did what, and why each balance of a day is another now."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from workbench.cli import hoisted
from workbench.cli.command_list import app
from workbench.collection import decisions
from workbench.collection.settlement import post_payments
from workbench.ledger.as_known import BadMomentError
from workbench.ledger.open_entries import open_entries
from workbench.ledger.settlement.settling import Pair, settle
from workbench.ledger.settlement.unsettling import unsettle
from workbench.reports.learnt import Learnt, learnt
from workbench.reports.learnt_words import words
from workbench.store.workspace import Workspace

DAY = dt.date(2026, 12, 2)
LATER = dt.date(2026, 12, 20)


@pytest.fixture
def story(at_stage: Callable[[str], Workspace]) -> tuple[Workspace, list[int]]:
    """Payments posted, a credit settled and taken back; the numbers in between."""
    workspace = at_stage("read")
    seen = [seq(workspace)]
    decisions.allow_by_rule(workspace)
    post_payments(workspace, as_of=DAY)
    seen.append(seq(workspace))
    done = settle(workspace, pairs=[chosen(workspace)], as_of=DAY)
    seen.append(seq(workspace))
    unsettle(workspace, done.application_ids, reason="wrong", as_of=LATER)
    seen.append(seq(workspace))
    return workspace, seen


def seq(workspace: Workspace) -> int:
    with workspace.read() as reader:
        return reader.seq


def chosen(workspace: Workspace) -> Pair:
    """A credit and a claim of one customer."""
    with workspace.read() as reader:
        open_ = open_entries(reader, as_of=DAY)
    credit = open_.filter(pl.col("remaining_minor") < 0).row(0, named=True)
    claims = open_.filter(
        (pl.col("remaining_minor") > 0) & (pl.col("customer_id") == credit["customer_id"])
    )
    return Pair(credit["entry_id"], claims["entry_id"][0])


def ask(workspace: Workspace, since: int, until: int, *, as_of: dt.date = DAY) -> Learnt:
    with workspace.read() as reader:
        return learnt(reader, since=since, until=until, as_of=as_of)


def total(rows: pl.DataFrame, column: str) -> int:
    return int(rows[column].sum())


def test_every_change_has_its_reasons(story: tuple[Workspace, list[int]]) -> None:
    workspace, seen = story
    for since, until in combinations([0, *seen], 2):
        for day in (dt.date(2026, 10, 31), DAY, LATER):
            found = ask(workspace, since, until, as_of=day)
            with workspace.read() as reader:
                old, new = (
                    total(open_entries(reader, as_of=day, known=known), "remaining_minor")
                    for known in (since, until)
                )
            assert total(found.changes, "change_minor") == new - old
            assert total(found.reasons, "amount_minor") == new - old
            assert total(found.totals, "change_minor") == new - old
            assert total(found.steps, "times") == until - since


def test_a_settlement_that_was_taken_back_later(story: tuple[Workspace, list[int]]) -> None:
    workspace, (_, posted, settled, unsettled) = story
    found = ask(workspace, posted, settled)
    assert found.steps.select("step", "actor", "times").rows() == [
        ("settle", workspace.actor, 1)
    ]
    assert sorted(found.reasons["why"]) == ["settled", "settles"]
    assert found.changes.height == 2
    assert found.totals["change_minor"].to_list() == [0]
    # It was taken back with effect of a later day: on the day itself nothing changed.
    assert ask(workspace, settled, unsettled).changes.is_empty()
    both = ask(workspace, posted, unsettled, as_of=LATER)
    assert both.changes["change_minor"].to_list() == [0, 0]
    assert set(both.reasons["why"]) == {
        "settled", "settles", "settled_taken_back", "settles_taken_back",
    }  # fmt: skip


def test_a_person_reads_it(story: tuple[Workspace, list[int]]) -> None:
    workspace, (read, posted, settled, unsettled) = story
    text = words(ask(workspace, posted, settled), language="en")
    (claim,) = ask(workspace, posted, settled).reasons.filter(why="settled").to_dicts()
    assert f"settled by {claim['other']} (step {settled}, Settled by hand" in text
    assert f"after step {posted} (2026-12-02 08:00 UTC)" in text
    many = words(ask(workspace, 0, posted), language="en")
    assert "after step 0 (the beginning)" in many
    assert "it came in" in many
    assert "Payments read: " in many
    assert words(ask(workspace, read, read), language="en").endswith("  Nothing.")
    quiet = words(ask(workspace, settled, unsettled), language="en")
    assert "nothing changed" in quiet


def test_the_order_of_the_moments(story: tuple[Workspace, list[int]]) -> None:
    workspace, seen = story
    with pytest.raises(BadMomentError):
        ask(workspace, seen[1], seen[0])


# -- on the command line ---------------------------------------------------------------------


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(app, hoisted(["--workspace", str(folder), *arguments]))
    assert result.exit_code == code, result.output
    return result.output


def test_the_commands(story: tuple[Workspace, list[int]]) -> None:
    workspace, (read, posted, settled, unsettled) = story
    folder, day = workspace.folder, ("--as-of", DAY.isoformat())
    since = ("--from", str(posted), "--to", str(settled))
    told = json.loads(run(folder, "diff", *since, *day, "--json"))
    assert (told["from"]["seq"], told["to"]["seq"], len(told["changes"])) == (
        posted, settled, 2,
    )  # fmt: skip
    assert all(len(change["reasons"]) == 1 for change in told["changes"])
    assert "Settled by hand" in run(folder, "diff", *since, *day)
    run(folder, "diff", "--from", "nonsense", code=2)
    assert "trial_balance" in run(folder, "list")
    now = json.loads(run(folder, "list", "aged_balance", *day, "--format", "json"))
    assert now["known"] == unsettled
    with workspace.read() as reader:
        head = reader.value("SELECT hash FROM audit_event WHERE seq = ?", [read])
    then = ("--known-on", f"{read}:{head}")
    before = json.loads(run(folder, "list", "aged_balance", *day, *then, "--format", "json"))
    assert before["rows"][0]["remaining_minor"] > now["rows"][0]["remaining_minor"]
    table = run(folder, "list", "open_entries", *day)
    csv = run(folder, "list", "open_entries", *day, "--format", "csv")
    assert len(table.splitlines()) == len(csv.splitlines()) + 1
    assert csv.startswith("entry_id,customer_id,customer_no,kind,")
    with workspace.read() as reader:
        total = open_entries(reader, as_of=DAY)["remaining_minor"].sum()
    cents = pl.read_csv(csv.encode(), schema_overrides={"remaining": pl.Decimal(None, 2)})
    assert int(cents["remaining"].sum() * 100) == total
    run(folder, "list", "everything", code=2)


def test_settling_on_the_command_line(at_stage: Callable[[str], Workspace]) -> None:
    workspace = at_stage("read")
    pair = chosen(workspace)
    folder, day = workspace.folder, ("--as-of", DAY.isoformat())
    names = (f"#{pair.credit_id}", f"#{pair.claim_id}")
    part = json.loads(run(folder, "settle", *names, *day, "--amount", "0,50", "--json"))
    assert part["amounts_minor"] == [50]
    (number,) = part["application_ids"]
    run(folder, "settle", *names, *day, "--amount", "99999999", code=1)
    run(folder, "settle", *names, *day, "--amount", "half", code=2)
    run(folder, "settle", "#1", "#2", *day, code=2)
    back = ("unsettle", str(number), *day, "--reason", "wrong")
    assert "Nothing changed" in run(folder, *back, "--dry-run")
    assert json.loads(run(folder, *back, "--json"))["unsettled"]["taken_back"] == [number]
    run(folder, *back, code=1)
    with workspace.read() as reader:
        (document, customer), *_ = reader.rows(
            "SELECT document_no, customer_no FROM entry JOIN customer USING (customer_id) "
            "WHERE entry_id = ?",
            [pair.credit_id],
        )
    preview = json.loads(run(folder, "settle-customer", customer, *day, "--dry-run", "--json"))
    assert preview["pairs"][0]["credit_no"] == document
    assert preview["settled"] is None
    run(folder, "tolerance", "penny", "dkk", "1.00")
    run(folder, "tolerance", "penny", "DKK", "0.25", "--customer", customer)
    run(folder, "tolerance", "penny", "DKK", "1", "--customer", "nobody", code=1)
    decided = json.loads(run(folder, "tolerance", "list", "--json"))
    assert [row["amount_minor"] for row in decided] == [25, 100]
    done = json.loads(run(folder, "settle-customer", customer, *day, "--json"))
    assert done["settled"]["amounts_minor"] == [row["amount_minor"] for row in preview["pairs"]]
    assert "No credit can" in run(folder, "settle-customer", customer, *day)
    run(folder, "post-penny", document, *day, code=1)
