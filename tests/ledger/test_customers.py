"""Customers come in, change, and are never doubled."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from workbench.ledger.files.mapping import BadMappingError
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.importing import ErpImport
from workbench.store import archive, audit
from workbench.store.workspace import Workspace

AS_OF = dt.date(2026, 10, 12)
SAMPLES = Path(__file__).parents[1] / "samples" / "erp"
MAPPING = SAMPLES / "mapping_customers.toml"
Put = Callable[[str, str], Path]

HEADING = "Kundenr;Navn;Adresse;Adresse 2;Postnr;By;CPR/CVR;Gruppe;Spærret\r\n"


def take(workspace: Workspace, path: Path, *, dry_run: bool = False) -> ErpImport:
    return import_customers(workspace, path, mapping=MAPPING, as_of=AS_OF, dry_run=dry_run)


def stored(workspace: Workspace) -> dict[str, dict[str, Any]]:
    with workspace.read() as reader:
        rows = reader.records("SELECT * FROM customer LEFT JOIN person USING (person_id)")
    return {row["customer_no"]: row for row in rows}


def table(workspace: Workspace, name: str) -> list[dict[str, Any]]:
    with workspace.read() as reader:
        return reader.records(f"SELECT * FROM {name}")  # noqa: S608  # a table's name


def test_a_file_of_customers(workspace: Workspace) -> None:
    result = take(workspace, SAMPLES / "customers.csv")
    assert result.outcome == "accepted"
    assert result.counts == {"new": 3, "equal": 0, "changed": 0}
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_unusual_customer_no", 3, 1),
        ("erp_unusual_legal_id", 6, 7),
    ]
    known = stored(workspace)
    anne = known["1042"]
    assert anne["printed_no"] == "0001042"
    assert (anne["name"], anne["postcode"], anne["city"]) == ("Anne Sørensen", "9300", "Sæby")
    assert json.loads(anne["address"]) == ["Lærkeengen 4"]
    assert (anne["country"], anne["language"], anne["on_hold"]) == ("DK", "da", 0)
    assert known["NV-77"]["name"] == 'Ejerforeningen "Klitten"\nv/ Bo Holm'
    assert json.loads(known["NV-77"]["address"]) == ["Klitvejen 1", "c/o Administration"]
    assert (known["3001"]["on_hold"], known["3001"]["file_line"]) == (1, 6)
    (file,) = table(workspace, "source_file")
    assert (file["format"], file["direction"], file["lines"]) == ("erp_customers", "in", 6)
    assert archive.fetch(workspace, file["sha256"]) == (SAMPLES / "customers.csv").read_bytes()
    (attempt,) = table(workspace, "file_attempt")
    assert (attempt["outcome"], attempt["reason"]) == ("accepted", "")
    with workspace.read() as reader:
        assert audit.check(reader).holds


def test_the_same_bytes_again_are_nothing_to_do(workspace: Workspace) -> None:
    take(workspace, SAMPLES / "customers.csv")
    with workspace.read() as reader:
        before = reader.seq
    result = take(workspace, SAMPLES / "customers.csv")
    assert (result.outcome, result.clean) == ("read_before", True)
    with workspace.read() as reader:
        assert reader.seq == before


def test_the_same_customers_in_other_bytes_are_equal(workspace: Workspace, put: Put) -> None:
    take(workspace, SAMPLES / "customers.csv")
    before = stored(workspace)
    content = (SAMPLES / "customers.csv").read_bytes().decode("iso-8859-1")
    result = take(workspace, put("again.csv", content + "\r\n"))
    assert result.counts == {"new": 0, "equal": 3, "changed": 0}
    assert stored(workspace) == before


def test_a_changed_customer_keeps_what_it_was(workspace: Workspace, put: Put) -> None:
    take(workspace, put("1.csv", HEADING + "1042;Anne;A 1;;9300;Sæby;;HUS;nej\r\n"))
    changed = HEADING + "001042;Anne Holm;B 2;;9300;Sæby;;HUS;ja\r\n"
    assert take(workspace, put("2.csv", changed)).counts == {"new": 0, "equal": 0, "changed": 1}
    anne = stored(workspace)["1042"]
    assert (anne["name"], anne["on_hold"], anne["printed_no"]) == ("Anne Holm", 1, "001042")
    (person_version,) = table(workspace, "person_version")
    assert json.loads(person_version["fields"]) == {"name": "Anne", "address": '["A 1"]'}
    (row_version,) = table(workspace, "row_version")
    assert "Anne" not in row_version["fields"]
    assert json.loads(row_version["fields"]) == {"on_hold": 0, "printed_no": "1042"}
    with workspace.read() as reader:
        assert audit.check(reader).holds


def test_what_the_mapping_does_not_name_stays(
    workspace: Workspace, put: Put, tmp_path: Path
) -> None:
    take(workspace, put("1.csv", HEADING + "1042;Anne;A 1;;9300;Sæby;;HUS;ja\r\n"))
    narrow = tmp_path / "narrow.toml"
    narrow.write_text('[columns]\ncustomer_no = "no"\nname = "name"\n', encoding="utf-8")
    path = put("2.csv", "no;name\r\n1042;Anna\r\n")
    import_customers(workspace, path, mapping=narrow, as_of=AS_OF)
    anna = stored(workspace)["1042"]
    assert (anna["name"], anna["postcode"], anna["on_hold"]) == ("Anna", "9300", 1)
    assert anna["customer_group"] == "HUS"


def test_a_person_who_was_removed_comes_back_with_the_file(
    workspace: Workspace, put: Put
) -> None:
    take(workspace, put("1.csv", HEADING + "1042;Anne;A 1;;9300;Sæby;;HUS;nej\r\n"))
    with workspace.transaction("retention") as transaction:
        transaction.execute("DELETE FROM person")
    take(workspace, put("2.csv", HEADING + "1042;Anne;A 2;;9300;Sæby;;HUS;nej\r\n"))
    anne = stored(workspace)["1042"]
    assert (anne["name"], json.loads(anne["address"])) == ("Anne", ["A 2"])


def test_a_broken_file_is_refused_with_every_problem(workspace: Workspace) -> None:
    result = take(workspace, SAMPLES / "broken_customers.csv")
    assert (result.outcome, result.clean) == ("refused", False)
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_duplicate", 3, 1),
        ("erp_value_missing", 4, 1),
        ("erp_value_missing", 5, 2),
        ("erp_unusual_legal_id", 5, 7),
        ("erp_bad_value", 5, 9),
    ]
    assert result.problems[0].params["first_line"] == 2
    assert stored(workspace) == {}
    assert table(workspace, "source_file") == []
    (attempt,) = table(workspace, "file_attempt")
    assert attempt["outcome"] == "refused"
    assert attempt["reason"] == "erp_bad_value, erp_duplicate, erp_value_missing"
    assert len(json.loads(attempt["problems"])) == 5
    assert archive.fetch(workspace, attempt["sha256"])


def test_a_dry_run_keeps_nothing(workspace: Workspace) -> None:
    with workspace.read() as reader:
        before = reader.seq
    result = take(workspace, SAMPLES / "customers.csv", dry_run=True)
    assert (result.outcome, result.counts["new"]) == ("dry_run", 3)
    with workspace.read() as reader:
        assert reader.seq == before
    assert list((workspace.folder / "archive").rglob("*")) == []
    assert stored(workspace) == {}


def test_a_column_that_the_file_lacks_is_fatal(workspace: Workspace, put: Put) -> None:
    path = put("f.csv", "Kundenr;Navn;Navn\r\n1;A;B\r\n")
    result = take(workspace, path)
    codes = {(p.code, str(p.severity)) for p in result.problems}
    assert codes == {("erp_column_missing", "fatal"), ("erp_column_twice", "fatal")}
    assert result.outcome == "refused"


def test_an_empty_file_is_refused(workspace: Workspace, put: Put) -> None:
    result = take(workspace, put("f.csv", ""))
    assert [p.code for p in result.problems] == ["empty_file"]
    assert result.outcome == "refused"


def test_a_bad_mapping_touches_nothing(workspace: Workspace, tmp_path: Path) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text("[columns]\n", encoding="utf-8")
    with pytest.raises(BadMappingError):
        import_customers(workspace, SAMPLES / "customers.csv", mapping=bad, as_of=AS_OF)
    assert table(workspace, "file_attempt") == []


@pytest.mark.parametrize(
    ("legal_id", "plausible"),
    [
        ("", True),
        ("99999993", True),
        ("99999994", False),
        ("211062-5629", True),
        ("990162-5629", False),
        ("12345", False),
        ("abc", False),
    ],
)
def test_a_legal_id_of_another_form_warns(
    workspace: Workspace, put: Put, *, legal_id: str, plausible: bool
) -> None:
    path = put("f.csv", HEADING + f"1042;Anne;A 1;;9300;Sæby;{legal_id};HUS;nej\r\n")
    result = take(workspace, path)
    assert result.outcome == "accepted"
    assert [p.code for p in result.problems] == ([] if plausible else ["erp_unusual_legal_id"])


def test_bytes_of_another_encoding_are_never_guessed(workspace: Workspace) -> None:
    mapping = SAMPLES / "mapping_unreadable.toml"
    path = SAMPLES / "unreadable.csv"
    result = import_customers(workspace, path, mapping=mapping, as_of=AS_OF)
    assert result.outcome == "refused"
    assert [(p.code, p.line, p.column) for p in result.problems] == [("erp_unreadable", 2, 2)]
