"""The screen of imports from the ERP: nothing changes before it was shown and accepted."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.collection.erp_exchange import import_entries
from workbench.ledger.files.mapping import MappingText
from workbench.practice.company import write_company
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace
from workbench.widgets.import_from_erp import ImportFromErp
from workbench.widgets.screen import open_screen

At = Callable[[str], Workspace]
TODAY = dt.date(2026, 10, 12)
HEAD = "Nr;Kunde;Type;Bilag;Bilagsdato;Forfald;Beløb;Rest;Valuta"

MAPPING = """
[file]
encoding = "utf-8"
date = "%d-%m-%Y"

[columns]
erp_entry_no = "Nr"
customer_no = "Kunde"
kind = "Type"
document_no = "Bilag"
document_date = "Bilagsdato"
due_date = "Forfald"
amount = "Beløb"
remaining = "Rest"
currency = "Valuta"

[values.kind]
Faktura = "invoice"
Kreditnota = "credit_note"
"""

_OPEN = """
SELECT e.erp_entry_no, c.customer_no, e.kind, e.document_no, e.document_date, e.due_date,
       e.amount_minor
FROM entry AS e JOIN customer AS c USING (customer_id)
WHERE e.erp_entry_no IS NOT NULL ORDER BY e.entry_id
"""


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    """A company with open entries, and nothing collected yet."""
    workspace = at_stage("open")
    (workspace.inbox / "erp").mkdir()
    return workspace


def exported(workspace: Workspace, name: str, *, skip: int = 0, above: int = 0) -> Path:
    """The ERP's list of open entries, without the first so many; one shows too much."""
    with workspace.read() as reader:
        rows = reader.rows(_OPEN)[skip:]
    kinds = {"invoice": "Faktura", "credit_note": "Kreditnota"}
    lines = [HEAD]
    for n, (number, customer, kind, document, dated, due, amount) in enumerate(rows):
        days = [dt.date.fromisoformat(day).strftime("%d-%m-%Y") for day in (dated, due)]
        shown = amount + (above if n == 0 else 0)
        money = [f"{value / 100:.2f}".replace(".", ",") for value in (amount, shown)]
        lines.append(";".join([number, customer, kinds[kind], document, *days, *money, "DKK"]))
    path = workspace.inbox / "erp" / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def opened(workspace: Workspace) -> ImportFromErp:
    return ImportFromErp(open_screen(str(workspace.folder), as_of=TODAY.isoformat()))


def confirm_mapping(screen: ImportFromErp) -> None:
    part = screen.preview
    part.propose_button.click()
    part.proposal.value, part.name.value = MAPPING, "open entries"
    part.save_button.click()
    part.desk.confirm_button.click()
    assert "is saved" in part.desk.answer, part.desk.answer


def accept(screen: ImportFromErp) -> None:
    screen.preview.preview_button.click()
    screen.preview.accept_button.click()
    screen.preview.desk.confirm_button.click()
    assert "accepted" in screen.preview.desk.answer, screen.preview.desk.answer


def value(workspace: Workspace, question: str) -> Any:
    with workspace.read() as reader:
        return reader.value(question)


def test_nothing_is_imported_without_a_confirmed_mapping(workspace: Workspace) -> None:
    exported(workspace, "open.csv")
    part = opened(workspace).preview
    part.preview_button.click()
    assert "let one be proposed" in part.desk.answer
    part.propose_button.click()
    assert "erp_entry_no" in part.proposal.value
    assert value(workspace, "SELECT count(*) FROM erp_mapping") == 0
    part.save_button.click()
    part.desk.cancel_button.click()
    assert value(workspace, "SELECT count(*) FROM erp_mapping") == 0


def test_a_file_is_previewed_accepted_and_taken_back(workspace: Workspace) -> None:
    exported(workspace, "open.csv", skip=2)
    imports = value(workspace, "SELECT count(*) FROM erp_import")
    screen = opened(workspace)
    confirm_mapping(screen)
    part = screen.preview
    before = workspace.database.read_bytes()
    part.preview_button.click()
    effects = part.table.frame
    assert effects.filter(pl.col("effect") == "settled_in_erp").height == 2
    assert effects.filter(pl.col("effect") == "equal").height == effects.height - 2
    assert workspace.database.read_bytes() == before, "a preview changes nothing"
    part.accept_button.click()
    assert "exactly as shown" in part.desk.question
    part.desk.confirm_button.click()
    assert "accepted" in part.desk.answer
    assert value(workspace, "SELECT count(*) FROM erp_import") == imports + 1
    assert verify(workspace).holds
    screen.proof().require()
    part.preview_button.click()
    assert "read before" in part.desk.answer
    newest = screen.imports.table.frame["import_id"][0]
    screen.imports.table.choose([newest])
    screen.imports.undo_button.click()
    assert "Say why" in screen.imports.desk.answer
    screen.imports.reason.value = "The wrong list"
    screen.imports.undo_button.click()
    screen.imports.desk.confirm_button.click()
    assert "Taken back" in screen.imports.desk.answer, screen.imports.desk.answer
    assert screen.imports.table.frame["undone"][0]
    assert verify(workspace).holds
    screen.proof().require()


def test_what_changed_since_the_preview_is_not_accepted(workspace: Workspace) -> None:
    exported(workspace, "open.csv", skip=1)
    imports = value(workspace, "SELECT count(*) FROM erp_import")
    screen = opened(workspace)
    confirm_mapping(screen)
    screen.preview.preview_button.click()
    screen.preview.accept_button.click()
    with workspace.transaction("meanwhile"):
        pass
    screen.preview.desk.confirm_button.click()
    assert "Nothing was done" in screen.preview.desk.answer
    assert value(workspace, "SELECT count(*) FROM erp_import") == imports


def test_a_difference_is_decided_with_a_reason(workspace: Workspace) -> None:
    exported(workspace, "paid in part.csv", above=-100)
    screen = opened(workspace)
    confirm_mapping(screen)
    accept(screen)
    exported(workspace, "open again.csv")
    screen.refresh()
    screen.preview.files.file.value = "open again.csv"
    accept(screen)
    part = screen.differences
    assert part.table.frame["class"].to_list() == ["above"]
    part.table.choose(part.table.frame["difference_id"].to_list())
    assert "shows more" in part.readings.value
    part.decision.value, part.reason.value = "ours_stands", "They add it tomorrow"
    part.decide_button.click()
    part.desk.confirm_button.click()
    assert "Decided" in part.desk.answer
    assert part.table.frame.is_empty()
    screen.proof().require()


def test_a_bad_file_names_line_and_column(workspace: Workspace) -> None:
    path = exported(workspace, "open.csv")
    screen = opened(workspace)
    confirm_mapping(screen)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines[3] = lines[3].replace("DKK", "KRONER")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    screen.preview.preview_button.click()
    assert "cannot be accepted" in screen.preview.desk.answer
    assert "KRONER" in screen.preview.told.value
    assert screen.preview.accept_button.disabled


def test_the_mapping_is_found_by_the_headings(workspace: Workspace) -> None:
    path = exported(workspace, "open.csv", skip=1)
    confirm_mapping(opened(workspace))
    shutil.move(path, path.with_name("another name.csv"))
    again = opened(workspace)
    assert again.preview.mapping.value == "open entries"
    again.preview.preview_button.click()
    assert not again.preview.accept_button.disabled


def test_the_company_s_own_files_are_read_with_their_mapping(
    workspace: Workspace, tmp_path: Path
) -> None:
    files = write_company(tmp_path / "files", seed=2, customers=5)
    text = files.entry_mapping.read_text(encoding="utf-8")
    found = import_entries(
        workspace, files.entries, mapping=MappingText("own", text), as_of=TODAY, dry_run=True
    )
    assert found.outcome == "dry_run"
    assert found.seq is not None


def test_a_list_that_closes_most_of_what_is_open_needs_a_reason(workspace: Workspace) -> None:
    with workspace.read() as reader:
        many = len(reader.rows(_OPEN))
    exported(workspace, "filtered.csv", skip=many - 20)
    screen = opened(workspace)
    part = screen.preview
    confirm_mapping(screen)
    part.preview_button.click()
    assert "say why" in part.desk.answer
    assert part.reason.layout.display == ""
    part.accept_button.click()
    assert "Say why" in part.desk.answer
    part.reason.value = "The others were paid by giro"
    part.accept_button.click()
    part.desk.confirm_button.click()
    assert "accepted" in part.desk.answer, part.desk.answer
    kept = "SELECT effects ->> '$.confirmed' FROM erp_import ORDER BY import_id DESC LIMIT 1"
    assert value(workspace, kept) == "The others were paid by giro"
    assert part.reason.layout.display == "none"
    verify(workspace).require()
