"""The ground floor from the outside: periods, settlement, two times, people, backups."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from workbench.cli.command_list import app
from workbench.cli.refusals import refusal_of
from workbench.ledger import setup as ledger
from workbench.model.money import minor_from_typed
from workbench.practice.company import write_company
from workbench.reports.story import story
from workbench.store.workspace import Workspace


def run(workspace: Workspace, *arguments: object) -> Result:
    words = ["--workspace", str(workspace.folder), *map(str, arguments)]
    return CliRunner().invoke(app, words)


def said(workspace: Workspace, *arguments: object) -> Any:
    """What a command says as JSON."""
    result = run(workspace, *arguments)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


_CREDIT_AND_CLAIM = """
SELECT c.document_no, i.document_no FROM entry AS c JOIN entry AS i USING (customer_id)
WHERE c.kind = 'credit_note' AND i.kind = 'invoice' AND NOT EXISTS (
    SELECT 1 FROM application
    WHERE c.entry_id IN (from_entry_id, to_entry_id)
       OR i.entry_id IN (from_entry_id, to_entry_id))
  AND i.amount_minor > 10000 AND c.amount_minor < -10000
ORDER BY 1 LIMIT 1
"""


def pair(workspace: Workspace) -> tuple[str, str]:
    with workspace.read() as reader:
        ((credit, claim),) = reader.rows(_CREDIT_AND_CLAIM)
    return credit, claim


# ---------------------------------------------------------------------- amounts as typed


@pytest.mark.parametrize(
    ("typed", "currency", "minor"),
    [("12.5", "DKK", 1250), ("12,50", "DKK", 1250), ("7", "DKK", 700), ("300", "ISK", 300)],
)
def test_an_amount_as_typed(typed: str, currency: str, minor: int) -> None:
    assert minor_from_typed(typed, currency=currency) == minor


@pytest.mark.parametrize(
    ("typed", "currency"),
    [("1.000", "DKK"), ("1,000", "DKK"), ("1.000,00", "DKK"), ("3.0", "ISK"), ("1.", "DKK")],
)
def test_what_may_be_thousands_is_not_guessed_at(typed: str, currency: str) -> None:
    with pytest.raises(ValueError, match=typed.replace(",", "[.,]")):
        minor_from_typed(typed, currency=currency)


def test_a_thousand_settles_no_single_krone(workspace_copy: Workspace) -> None:
    credit, claim = pair(workspace_copy)
    day = ("--as-of", "2026-12-05")
    refused = run(workspace_copy, "settle", credit, claim, *day, "--amount", "1.000")
    assert refused.exit_code == 2
    done = said(workspace_copy, "settle", credit, claim, *day, "--amount", "10,5", "--json")
    assert done["amounts_minor"] == [1050]


# --------------------------------------------------------------------------- two times


def test_the_head_of_another_log_is_no_moment(workspace_copy: Workspace) -> None:
    head = said(workspace_copy, "verify", "--json")["audit"]["head"]
    asked = ("list", "aged_balance", "--as-of", "2026-12-02", "--known-on")
    assert run(workspace_copy, *asked, head).exit_code == 0
    assert run(workspace_copy, *asked, head[:9] + "…").exit_code == 0
    seq, _, digest = head.partition(":")
    for wrong in (f"{seq}:{digest[::-1]}", f"{int(seq) - 1}:{digest}", f"99999:{digest}"):
        refused = run(workspace_copy, *asked, wrong)
        assert refused.exit_code == 1
        assert "does not contain" in refused.output
        assert run(workspace_copy, "diff", "--from", wrong).exit_code == 1


def test_a_list_without_customers_says_so(workspace_copy: Workspace) -> None:
    asked = ("list", "periods", "--as-of", "2026-12-02", "--customer", "100059")
    refused = run(workspace_copy, *asked)
    assert refused.exit_code == 2
    assert "knows no customers" in refused.output


def test_a_settlement_across_customers_is_in_the_list_of_both(
    workspace_copy: Workspace,
) -> None:
    credit, _ = pair(workspace_copy)
    with workspace_copy.read() as reader:
        theirs, other, claim = reader.rows(
            "SELECT mine.customer_no, c.customer_no, i.document_no FROM entry AS k "
            "JOIN customer AS mine USING (customer_id) "
            "JOIN entry AS i ON i.kind = 'invoice' AND i.customer_id <> k.customer_id "
            "JOIN customer AS c ON c.customer_id = i.customer_id WHERE k.document_no = ? "
            "AND NOT EXISTS (SELECT 1 FROM application WHERE to_entry_id = i.entry_id) "
            "ORDER BY i.due_date DESC LIMIT 1",
            [credit],
        )[0]
    day = ("--as-of", "2026-12-05")
    done = said(
        workspace_copy, "settle", credit, claim, *day, "--amount", "5", "--reason", "one home",
        "--json",
    )  # fmt: skip
    for customer in (theirs, other):
        asked = ("list", "applications", *day, "--customer", customer, "--format", "json")
        rows = said(workspace_copy, *asked)["rows"]
        assert done["application_ids"][0] in [row["application_id"] for row in rows]


# ------------------------------------------------------------------------------ stories


def test_a_file_that_we_wrote_was_not_read(workspace_copy: Workspace) -> None:
    with workspace_copy.read() as reader:
        name = reader.value("SELECT name FROM source_file WHERE direction = 'out'")
        told = story(reader, str(name)).sentences
    assert told[0].words.startswith(f"{name} was written: ")
    assert any("was sent as" in one.words for one in told)
    assert not any("was read" in one.words for one in told)


def test_every_sentence_begins_as_one(workspace_copy: Workspace) -> None:
    with workspace_copy.read() as reader:
        customer = reader.value(
            "SELECT customer_no FROM customer JOIN entry USING (customer_id) "
            "WHERE kind = 'payment' LIMIT 1"
        )
        told = [one.words for one in story(reader, f"customer:{customer}").sentences]
    assert any(words.startswith("Payment PAY-") for words in told)


def test_a_settlement_taken_back_is_told_with_its_reasons(workspace_copy: Workspace) -> None:
    credit, claim = pair(workspace_copy)
    day = ("--as-of", "2026-12-05")
    asked = ("settle", credit, claim, *day, "--amount", "5", "--reason", "She rang", "--json")
    (application,) = said(workspace_copy, *asked)["application_ids"]
    out = ("export", "postings", "--map", "plain_csv", *day)
    assert run(workspace_copy, *out).exit_code == 0
    back = ("unsettle", application, *day, "--reason", "Wrong house")
    assert run(workspace_copy, *back).exit_code == 0
    assert run(workspace_copy, *out).exit_code == 0
    booked = ("export", "booked", "HO-000003", "--reason", "Seen")
    assert run(workspace_copy, *booked).exit_code == 0
    with workspace_copy.read() as reader:
        told = [one.words for one in story(reader, claim).sentences]
    invoice = f"the settlement of invoice {claim}"
    wanted = [
        f"The settlement of invoice {claim} was asked for: She rang",
        f"Handed over to the ERP with HO-000002: {invoice}.",
        f"Why {invoice} was taken back: Wrong house",
        f"Handed over to the ERP with HO-000003: that {invoice} was taken back.",
    ]
    assert [words for words in told if words in wanted] == wanted
    assert f"Handed over to the ERP with HO-000003: {invoice}." not in told


# ------------------------------------------------------------------------- who is meant

PERSON = "1309701234"


def test_the_number_of_a_person_is_masked_where_people_read_it(
    workspace_copy: Workspace,
) -> None:
    credit, claim = pair(workspace_copy)
    with workspace_copy.transaction("test") as step:
        step.execute(
            "UPDATE customer SET customer_no = ? WHERE customer_id = "
            "(SELECT customer_id FROM entry WHERE document_no = ?)",
            [PERSON, claim],
        )
    day = ("--as-of", "2026-12-05")
    with workspace_copy.read() as reader:
        other = reader.value(
            "SELECT document_no FROM entry AS e WHERE kind = 'invoice' AND customer_id <> "
            "(SELECT customer_id FROM entry WHERE document_no = ?) AND NOT EXISTS "
            "(SELECT 1 FROM application WHERE to_entry_id = e.entry_id) LIMIT 1",
            [claim],
        )
        known = reader.seq
    assert run(workspace_copy, "settle", credit, claim, *day, "--amount", "1").exit_code == 0
    questions: list[tuple[object, ...]] = [
        ("list", "open_entries", *day),
        ("diff", "--from", known, *day),
        ("settle", credit, other, *day),
    ]
    for asked in questions:
        output = run(workspace_copy, *asked).output
        assert PERSON not in output
        assert "••••••••34" in output
    number = f"00{PERSON}"
    theirs = ("list", "open_entries", *day, "--customer", number, "--format", "json")
    assert {row["customer_no"] for row in said(workspace_copy, *theirs)["rows"]} == {PERSON}
    tried = run(workspace_copy, "settle-customer", number, *day, "--dry-run")
    assert f"{credit} settles {claim}" in tried.output
    shown = run(workspace_copy, "person", "show", number, "--reason", "She rang")
    assert shown.exit_code == 0


# ------------------------------------------------------------------------------- set-up


@pytest.mark.parametrize("wrong", [("--currency", "XYZ"), ("--language", "xx")])
def test_a_workspace_that_nothing_can_be_said_in_is_not_made(
    tmp_path: Path, wrong: tuple[str, str]
) -> None:
    refused = CliRunner().invoke(app, ["init", str(tmp_path / "new"), *wrong])
    assert refused.exit_code == 2
    assert wrong[1] in refused.output
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('language = "', 'language = "xx'),
        ('currency = "', 'currency = "X'),
        ("company =", "firm ="),
        ("[folders]", "[folders"),
        ("[folders]", "[retention]\nyears = -1\n[folders]"),
        ("[folders]", "[retention]\nyears = true\n[folders]"),
        ("[folders]", "[financial_year]\nfirst_month = 13\n[folders]"),
    ],
)
def test_a_setting_that_is_none_is_told(
    at_stage: Callable[[str], Workspace], before: str, after: str
) -> None:
    workspace = at_stage("open")
    settings = workspace.folder / "workbench.toml"
    settings.write_text(settings.read_text("utf-8").replace(before, after, 1), "utf-8")
    refused = run(workspace, "list", "aged_balance")
    assert refused.exit_code == 2
    assert refused.output.startswith("workbench: ")


def test_an_account_stays_what_a_profile_takes_it_for(
    at_stage: Callable[[str], Workspace], tmp_path: Path
) -> None:
    workspace = at_stage("empty")
    ledger.install(workspace, first_year=2026, last_year=2026)
    file = tmp_path / "ledger.toml"
    words = '[[account]]\nnumber = "{}"\nname = "X"\npurpose = "{}"\n'
    for number, purpose, whose in (
        ("5600", "held", "profile STANDARD"),
        ("1190", "vat", "fee"),
    ):
        file.write_text(words.format(number, purpose), "utf-8")
        refused = run(workspace, "ledger", "setup", file)
        assert refused.exit_code == 1
        assert whose in refused.output
    file.write_text(words.format("1190", "interest"), "utf-8")
    assert run(workspace, "ledger", "setup", file).exit_code == 0
    file.write_text(run(workspace, "ledger", "show", "--toml").stdout, "utf-8")
    assert "Nothing changed" in run(workspace, "ledger", "setup", file).output


# ------------------------------------------------------------------------------- people


def test_nobody_takes_every_role_where_an_administrator_is(
    at_stage: Callable[[str], Workspace], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = at_stage("open")
    assert run(workspace, "user", "add", "ida", "Ida Holm", "--role", "prepare").exit_code == 0
    for name, value in (("API_TOKEN", "x"), ("SERVICE_PREFIX", "/x"), ("USER", "ida")):
        monkeypatch.setenv(f"JUPYTERHUB_{name}", value)
    for reason in ("I want to", "I must"):
        refused = run(workspace, "user", "recover", "--reason", reason)
        assert refused.exit_code == 1
        assert workspace.actor in refused.output
    refused = run(workspace, "user", "grant", "ida", "administer")
    assert "'ida' does not have the role 'administer'" in refused.output


@pytest.mark.parametrize("login", ["", " ", " bo"])
def test_an_empty_login_is_nobody(at_stage: Callable[[str], Workspace], login: str) -> None:
    workspace = at_stage("empty")
    assert run(workspace, "user", "add", login, "Somebody").exit_code == 2


# ------------------------------------------------------------------------------ backups


def test_a_backup_keeps_out_of_the_workspace_and_a_workspace_out_of_it(
    at_stage: Callable[[str], Workspace], tmp_path: Path
) -> None:
    workspace = at_stage("open")
    for name in ("archive", "inbox", "outbox", "."):
        before = sorted(workspace.folder.rglob("*"))
        refused = run(workspace, "backup", "--to", workspace.folder / name)
        assert refused.exit_code == 1
        assert "within the workspace" in refused.output
        assert sorted(workspace.folder.rglob("*")) == before
    assert run(workspace, "backup", "--to", tmp_path / "safe").exit_code == 0
    (made,) = (tmp_path / "safe").iterdir()
    refused = run(workspace, "restore", made, made / "inner")
    assert refused.exit_code == 1
    assert not (made / "inner").exists()


# ------------------------------------------------------------------------------ take-on


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ('sent = ["BS0601.KR9"]\n', "BS0601.KR9"),
        ("[counters.series]\nNIX = 3\n", "NIX"),
        ('[entries]\nfile = "entries.csv"\nmap = "nix.toml"\n', "nix.toml"),
    ],
)
def test_a_take_on_that_lacks_something_takes_nothing_on(
    at_stage: Callable[[str], Workspace], tmp_path: Path, wrong: str, named: str
) -> None:
    workspace = at_stage("empty")
    ledger.install(workspace, first_year=2025, last_year=2027)
    files = write_company(tmp_path / "parts", seed=1, customers=20)
    customers = f'file = "{files.customers.name}"\nmap = "{files.customer_mapping.name}"\n'
    words = wrong if wrong.startswith("sent") else ""
    words += f"[customers]\n{customers}" + ("" if words else wrong)
    (tmp_path / "parts" / "take-on.toml").write_text(words, "utf-8")
    with workspace.read() as reader:
        before = reader.seq
    refused = run(workspace, "take-on", tmp_path / "parts", "--as-of", "2026-10-12")
    assert refused.exit_code == 2
    assert named in refused.output
    with workspace.read() as reader:
        assert reader.seq == before


# ------------------------------------------------------------------------------ refusals


def test_a_reader_who_leaves_undoes_nothing() -> None:
    refusal = refusal_of(BrokenPipeError(32, "Broken pipe"))
    assert refusal is not None
    assert "taken back" not in refusal.words
