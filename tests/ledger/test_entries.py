"""Open entries come in with their voucher, once, or not at all."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench.ledger import periods
from workbench.ledger.identities import identities
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.importing import ErpImport
from workbench.ledger.open_entries import open_entries
from workbench.store import archive, audit
from workbench.store.workspace import Workspace

AS_OF = dt.date(2026, 10, 12)
SAMPLES = Path(__file__).parents[1] / "samples" / "erp"
MAPPING = SAMPLES / "mapping_entries.toml"
Put = Callable[[str, str], Path]

HEADING = (SAMPLES / "entries.csv").read_bytes().decode("iso-8859-1").splitlines()[0] + "\r\n"
GOOD = "1;1042;Faktura;F1;Vand;01-10-2026;02-11-2026;1.250,00;DKK;;S25;25;1.000,00;250,00;VAND"


@pytest.fixture
def company(workspace: Workspace) -> Workspace:
    import_customers(
        workspace,
        SAMPLES / "customers.csv",
        mapping=SAMPLES / "mapping_customers.toml",
        as_of=AS_OF,
    )
    return workspace


def take(
    workspace: Workspace, path: Path, *, as_of: dt.date = AS_OF, dry_run: bool = False
) -> ErpImport:
    return import_entries(workspace, path, mapping=MAPPING, as_of=as_of, dry_run=dry_run)


def table(workspace: Workspace, name: str) -> list[dict[str, Any]]:
    with workspace.read() as reader:
        return reader.records(f"SELECT * FROM {name}")  # noqa: S608  # a table's name


def money(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """Everything that a refused file must leave as it was."""
    names = ("entry", "entry_vat", "voucher", "posting", "number_series", "source_file")
    return {name: table(workspace, name) for name in names}


def test_a_file_posts_one_voucher(company: Workspace) -> None:
    result = take(company, SAMPLES / "entries.csv")
    assert result.outcome == "accepted"
    assert result.counts == {"new": 3, "equal": 0, "changed": 0}
    assert result.sums == {"DKK": 112_500, "EUR": 9_950}
    assert (result.document_no, result.posting_date) == ("ERP-000001", AS_OF)
    assert result.problems == ()
    invoice, credit_note, on_hold = table(company, "entry")
    assert (invoice["amount_minor"], credit_note["amount_minor"]) == (125_000, -12_500)
    assert (credit_note["kind"], credit_note["text"]) == ("credit_note", "Retur, jf.\nbrev")
    assert (invoice["document_date"], invoice["due_date"]) == ("2026-10-01", "2026-11-02")
    assert json.loads(invoice["dimensions"]) == {"department": "VAND"}
    assert (on_hold["currency"], on_hold["on_hold"], on_hold["file_line"]) == ("EUR", 1, 5)
    vat = [tuple(row.values())[1:] for row in table(company, "entry_vat")]
    assert vat == [(1, "S25", 2500, 100_000, 25_000), (1, "S25", 2500, -10_000, -2_500)]
    (voucher,) = table(company, "voucher")
    assert (voucher["journal"], voucher["posting_date"]) == ("ERP", "2026-10-12")
    postings = [
        (row["purpose"], row["amount_minor"], row["currency"], row["entry_id"])
        for row in table(company, "posting")
    ]
    assert postings == [
        ("receivable", 125_000, "DKK", invoice["entry_id"]),
        ("receivable", -12_500, "DKK", credit_note["entry_id"]),
        ("receivable", 9_950, "EUR", on_hold["entry_id"]),
        ("erp_transfer", -112_500, "DKK", None),
        ("erp_transfer", -9_950, "EUR", None),
    ]
    with company.read() as reader:
        remaining = open_entries(reader, as_of=AS_OF)
        assert remaining["remaining_minor"].sum() == 112_500 + 9_950
        assert audit.check(reader).holds


def test_the_same_entries_again_change_nothing(company: Workspace, put: Put) -> None:
    take(company, SAMPLES / "entries.csv")
    before = money(company)
    assert take(company, SAMPLES / "entries.csv").outcome == "read_before"
    assert money(company) == before
    content = (SAMPLES / "entries.csv").read_bytes().decode("iso-8859-1")
    result = take(company, put("again.csv", content + "\r\n"))
    assert (result.outcome, result.document_no) == ("accepted", None)
    assert result.counts == {"new": 0, "equal": 3, "changed": 0}
    after = money(company)
    assert len(after.pop("source_file")) == len(before.pop("source_file")) + 1
    assert after == before


def test_a_later_file_brings_only_what_is_new(company: Workspace, put: Put) -> None:
    take(company, put("1.csv", HEADING + GOOD))
    second = GOOD.replace("1;1042", "2;3001", 1).replace("F1", "F2")
    result = take(company, put("2.csv", HEADING + GOOD + "\r\n" + second))
    assert result.counts == {"new": 1, "equal": 1, "changed": 0}
    assert (result.sums, result.document_no) == ({"DKK": 125_000}, "ERP-000002")


@pytest.mark.parametrize(
    ("old", "new", "column", "told"),
    [
        (";1042;", ";3001;", "customer_id", None),
        ("1.250,00", "1.250,01", "amount_minor", 125_001),
        ("F1;", "F9;", "document_no", "F9"),
        ("01-10-2026", "02-10-2026", "document_date", "2026-10-02"),
        ("02-11-2026", "03-11-2026", "due_date", "2026-11-03"),
        (";DKK", ";EUR", "currency", "EUR"),
        ("250,00;VAND", "249,00;VAND", None, None),
        (";S25;25;1.000,00;250,00;", ";;;;;", None, None),
    ],
)
def test_a_known_entry_with_other_facts_gets_a_new_revision(
    company: Workspace, put: Put, old: str, new: str, column: str | None, told: object
) -> None:
    assert old in GOOD
    take(company, put("1.csv", HEADING + GOOD))
    (before,) = table(company, "entry")
    path = put("2.csv", HEADING + "\r\n" + GOOD.replace(old, new, 1))
    dry = take(company, path, dry_run=True)
    assert table(company, "entry") == [before]
    result = take(company, path)
    assert (result.outcome, dict(result.counts)) == (
        "accepted",
        {"new": 0, "equal": 0, "changed": 0, "replaced": 1},
    )
    assert dry.effects.equals(result.effects)
    entries = table(company, "entry")
    first = next(e for e in entries if e["entry_id"] == before["entry_id"])
    second = next(e for e in entries if e["erp_revision"] == 2)
    (out,) = (e for e in entries if e["kind"] == "erp_settlement")
    assert first == before
    if column is not None:
        assert second[column] != first[column]
        assert told in {None, second[column]}
    assert out["amount_minor"] == -first["amount_minor"]
    assert [(w["entry_id"], w["reason"]) for w in table(company, "entry_withdrawal")] == [
        (first["entry_id"], "changed_in_erp")
    ]
    with company.read() as reader:
        found = open_entries(reader, as_of=AS_OF)
        for identity in identities(reader, as_of=AS_OF, currencies=[]):
            assert identity.holds, identity
    assert found["entry_id"].to_list() == [second["entry_id"]]
    assert found["remaining_minor"].to_list() == [second["amount_minor"]]


def test_a_hold_is_taken_over_and_never_lifted(company: Workspace, put: Put) -> None:
    take(company, put("1.csv", HEADING + GOOD))
    held = GOOD.replace("DKK;;", "DKK;ja;")
    assert take(company, put("2.csv", HEADING + held)).counts["changed"] == 1
    (entry,) = table(company, "entry")
    assert (entry["on_hold"], entry["version"]) == (1, 2)
    result = take(company, put("3.csv", HEADING + GOOD + "\r\n\r\n"))
    assert result.counts == {"new": 0, "equal": 1, "changed": 0}
    (entry,) = table(company, "entry")
    assert (entry["on_hold"], entry["version"]) == (1, 2)


def test_a_broken_file_lists_every_problem_and_changes_nothing(company: Workspace) -> None:
    before = money(company)
    dry = take(company, SAMPLES / "broken_entries.csv", dry_run=True)
    result = take(company, SAMPLES / "broken_entries.csv")
    assert (dry.outcome, result.outcome) == ("dry_run", "refused")
    assert dry.problems == result.problems
    assert [(p.code, p.line, p.column) for p in result.problems] == [
        ("erp_value_missing", 3, 2),
        ("erp_unknown_customer", 4, 2),
        ("erp_bad_number", 5, 8),
        ("erp_bad_date", 6, 6),
        ("erp_duplicate", 7, 1),
        ("erp_zero_amount", 9, 8),
        ("erp_unknown_currency", 10, 9),
        ("erp_too_many_decimals", 11, 8),
        ("erp_bad_value", 12, 3),
        ("erp_wrong_sign", 13, 8),
        ("erp_bad_number", 14, 8),
        ("erp_uneven_row", 15, 6),
        ("erp_broken_row", 16, None),
        ("erp_bad_value", 17, 10),
        ("erp_value_missing", 17, 12),
        ("erp_value_missing", 17, 13),
        ("erp_value_missing", 17, 14),
        ("erp_broken_row", 18, None),
    ]
    bad_number = result.problems[2]
    assert bad_number.params == {"field": "amount", "found": "12a,00", "expected": "1.234,56"}
    assert result.problems[4].params["first_line"] == 2
    assert money(company) == before
    assert [row["outcome"] for row in table(company, "file_attempt")] == ["accepted", "refused"]
    assert archive.fetch(company, result.sha256)


def test_a_refused_file_is_welcome_once_its_cause_is_gone(
    workspace: Workspace, put: Put
) -> None:
    path = put("f.csv", HEADING + GOOD)
    assert take(workspace, path).outcome == "refused"
    assert take(workspace, path).outcome == "refused"
    import_customers(
        workspace,
        SAMPLES / "customers.csv",
        mapping=SAMPLES / "mapping_customers.toml",
        as_of=AS_OF,
    )
    assert take(workspace, path).outcome == "accepted"


def test_a_dry_run_changes_nothing(company: Workspace) -> None:
    with company.read() as reader:
        before = reader.seq
    result = take(company, SAMPLES / "entries.csv", dry_run=True)
    assert (result.outcome, result.counts["new"]) == ("dry_run", 3)
    assert result.sums == {"DKK": 112_500, "EUR": 9_950}
    with company.read() as reader:
        assert reader.seq == before
    assert table(company, "entry") == []


def test_every_fault_of_one_row_is_told(company: Workspace, put: Put) -> None:
    row = "1;;Bill;F1;t;31-02-2026;;x;XYZ;;;;;;"
    result = take(company, put("f.csv", HEADING + row))
    assert [(p.code, p.column) for p in result.problems] == [
        ("erp_value_missing", 2),
        ("erp_bad_value", 3),
        ("erp_bad_date", 6),
        ("erp_value_missing", 7),
        ("erp_bad_number", 8),
        ("erp_unknown_currency", 9),
    ]


def test_a_closed_period_moves_the_voucher_visibly(company: Workspace, put: Put) -> None:
    with company.transaction("close") as transaction:
        periods.set_state(transaction, first_day=dt.date(2026, 10, 1), state="closed")
    result = take(company, put("f.csv", HEADING + GOOD))
    assert result.posting_date == dt.date(2026, 11, 1)
    (entry,) = table(company, "entry")
    assert entry["posting_date"] == "2026-11-01"


def test_no_open_period_leaves_everything_as_it_was(company: Workspace, put: Put) -> None:
    before = money(company)
    with pytest.raises(periods.NoOpenPeriodError):
        take(company, put("f.csv", HEADING + GOOD), as_of=dt.date(2027, 1, 5))
    assert money(company) == before


def test_a_credit_note_that_the_file_shows_negative(
    company: Workspace, put: Put, tmp_path: Path
) -> None:
    shown = tmp_path / "negative.toml"
    text = MAPPING.read_text(encoding="utf-8").replace('"positive"', '"negative"')
    shown.write_text(text, encoding="utf-8")
    row = "1;1042;Kreditnota;K1;t;01-10-2026;02-11-2026;-125,00;;;S25;25;-100,00;-25,00;"
    result = import_entries(company, put("1.csv", HEADING + row), mapping=shown, as_of=AS_OF)
    assert result.sums == {"DKK": -12_500}
    wrong = row.replace("1;", "2;", 1).replace("-125", "125")
    result = import_entries(company, put("2.csv", HEADING + wrong), mapping=shown, as_of=AS_OF)
    assert [p.code for p in result.problems] == ["erp_wrong_sign"]


def test_one_file_has_one_purpose(company: Workspace) -> None:
    path = SAMPLES / "customers.csv"
    result = take(company, path)
    assert result.outcome == "refused"
    assert "erp_read_as_other" in {p.code for p in result.problems}


def test_a_due_date_before_the_document_warns(company: Workspace, put: Put) -> None:
    result = take(company, put("f.csv", HEADING + GOOD.replace("02-11-2026", "30-09-2026")))
    assert result.outcome == "accepted"
    assert [(p.code, p.column) for p in result.problems] == [("erp_due_before_document", 7)]


#: The workspace outlives an example, so every entry has a number of its own.
numbers = itertools.count(1)
rows = st.lists(
    st.tuples(st.sampled_from(["1042", "3001"]), st.integers(1, 10**9), st.booleans()),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(drawn=rows)
def test_receivable_and_transfer_always_cancel_out(
    company: Workspace, put: Put, drawn: list[tuple[str, int, bool]]
) -> None:
    lines = []
    for customer, amount_minor, credit in drawn:
        number = next(numbers)
        kind = "Kreditnota" if credit else "Faktura"
        amount = f"{amount_minor // 100},{amount_minor % 100:02}"
        lines.append(
            f"{number};{customer};{kind};D{number};;01-10-2026;02-11-2026;{amount};;;;;;;"
        )
    result = take(company, put("f.csv", HEADING + "\r\n".join(lines)))
    expected = sum(-amount if credit else amount for _, amount, credit in drawn)
    assert result.sums == {"DKK": expected}
    with company.read() as reader:
        sums = dict(
            reader.rows(
                "SELECT purpose, sum(posting.amount_minor) FROM posting JOIN voucher "
                "USING (voucher_id) WHERE document_no = ? GROUP BY purpose",
                [result.document_no],
            )
        )
        entries_minor = reader.value(
            "SELECT sum(entry.amount_minor) FROM entry JOIN voucher USING (voucher_id) "
            "WHERE voucher.document_no = ?",
            [result.document_no],
        )
    assert sums == {"receivable": expected, "erp_transfer": -expected}
    assert entries_minor == expected
