"""Payment files of 2009 for customers and collections that nobody here knows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from workbench.collection import setup as collection
from workbench.collection.inbox import import_file
from workbench.collection.incoming import Acceptance, Import
from workbench.ledger import setup as ledger
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, init

AS_OF = dt.date(2009, 11, 5)
DAY = Path(__file__).parents[1] / "samples" / "betalingsservice" / "daily_2009.0602"
RECEIPTS = DAY.with_name("receipts_2009.V")

SETUP = """\
[system]
system = "BS"
scheme = "betalingsservice_total"
name = "Betalingsservice Total"
supplier_no = "13585628"
subsystem = "BS1"
test = false
due_from = "LM+1"
due_to = "+2LM"

[posting]
rule = "matched_without_residual"
"""
CREDITOR = """
[[creditor]]
creditor_no = "{}"
name = "Kreditor"
currency = "DKK"
bank_account = "99990000123456"

[[creditor.group]]
debtor_group = "00001"
name = "Kunder"

[[creditor.group]]
debtor_group = "00002"
name = "Foreninger"
"""


def creditors(folder: Path, *numbers: str) -> Workspace:
    """A workspace in which these creditors are set up."""
    workspace = init(folder / "creditor", company="Kreditor")
    ledger.install(workspace, first_year=2009, last_year=2010)
    path = folder / "setup.toml"
    path.write_text(SETUP + "".join(map(CREDITOR.format, numbers)), encoding="utf-8")
    collection.install(workspace, path)
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return creditors(tmp_path, "03985644", "03985652")


def take(workspace: Workspace, content: bytes, *, accepted: str = "") -> Import:
    path = workspace.folder / "given.0602"
    path.write_bytes(content)
    acceptance = (
        Acceptance(frozenset(accepted.split()), "asked the center") if accepted else None
    )
    return import_file(workspace, path, as_of=AS_OF, acceptance=acceptance)


def identities(workspace: Workspace) -> dict[str, tuple[int, int]]:
    found = verify(workspace)
    assert found.holds
    return {
        str(item["name"]): (int(item["left"]), int(item["right"]))
        for item in found.as_json()["identities"]  # type: ignore[attr-defined]  # a list
    }


def codes(result: Import) -> list[str]:
    return [problem.code for problem in result.problems]


def other_delivery(content: bytes) -> bytes:
    return content.replace(b"0004362015", b"0004362016")


def test_unknown_collections_are_held_and_every_sum_is_found(workspace: Workspace) -> None:
    result = take(workspace, DAY.read_bytes())
    assert (result.outcome, dict(result.counts)) == ("accepted", {"held": 12})
    found = identities(workspace)
    assert found["file_total"] == (140_800, 140_800)
    assert found["line_outcomes"] == (12, 12)
    with workspace.read() as reader:
        assert not reader.value("SELECT count(*) FROM line_outcome WHERE class IS NULL")


def test_the_same_thing_twice(workspace: Workspace) -> None:
    content = DAY.read_bytes()
    take(workspace, content)
    before = identities(workspace)
    assert take(workspace, content).outcome == "read_before"
    bare = content.split(b"\r\n", 1)[1]
    assert codes(take(workspace, bare)) == ["delivery_read_before"]
    again = take(workspace, other_delivery(content))
    assert (again.outcome, codes(again)) == ("waiting", ["all_lines_known"])
    assert identities(workspace) == before
    changed = other_delivery(content).replace(b"0000000014500", b"0000000014600")
    changed = changed.replace(b"000000000063400", b"000000000063500")
    changed = changed.replace(b"000000000140800", b"000000000140900")
    assert take(workspace, changed).outcome == "accepted"
    assert identities(workspace)["file_total"] == (281_700, 281_700)
    with workspace.read() as reader:
        known = "SELECT count(*) FROM line_outcome WHERE class = 'possible_duplicate'"
        assert reader.value(known) == 11


def test_accepted_errors_leave_every_sum_provable(workspace: Workspace) -> None:
    content = DAY.read_bytes().replace(b"000000000140800", b"000000000140801")
    content = content.replace(b"0000000014500", b"00000000145AB")
    first = take(workspace, content)
    assert (first.outcome, set(codes(first))) == ("waiting", {"bad_amount", "wrong_total"})
    assert take(workspace, content, accepted="wrong_total").outcome == "waiting"
    result = take(workspace, content, accepted="wrong_total bad_amount")
    assert (result.outcome, dict(result.counts)) == ("accepted", {"held": 12})
    assert identities(workspace)["line_outcomes"] == (12, 12)


def test_creditor_that_is_not_set_up_is_refused(tmp_path: Path) -> None:
    workspace = creditors(tmp_path, "03985644")
    result = take(workspace, DAY.read_bytes())
    assert (result.outcome, codes(result)) == ("refused", ["unknown_creditor"])
    assert identities(workspace)["line_outcomes"] == (0, 0)


def test_receipts_of_deliveries_sent_elsewhere_wait(workspace: Workspace) -> None:
    result = import_file(workspace, RECEIPTS, as_of=AS_OF)
    assert (result.outcome, codes(result)) == ("waiting", ["receipt_without_delivery"] * 2)
