"""Every sample reads as expected, and every broken sample gives its problem."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench import io
from workbench.model.catalog import BETALINGSSERVICE, CATALOG, FILES, RECORDS
from workbench.reports.reading import document, exit_code

SAMPLES = Path(__file__).parents[1] / "samples"
GOOD = sorted(
    path
    for path in (SAMPLES / "betalingsservice").iterdir()
    if not path.name.endswith((".expected.json", ".md"))
)
BROKEN = sorted((SAMPLES / "problems").iterdir())


@pytest.mark.parametrize("sample", GOOD, ids=lambda path: path.name)
def test_sample_reads_as_expected(sample: Path, golden: Callable[[Path, object], None]) -> None:
    content = sample.read_bytes()
    reading = io.read(content, name=sample.name)
    assert exit_code(reading) == 0
    golden(sample, document(reading, content=content, name=sample.name))


def test_no_expected_result_is_orphaned() -> None:
    names = {path.name for path in (SAMPLES / "betalingsservice").iterdir()}
    expected = {name for name in names if name.endswith(".expected.json")}
    assert expected == {f"{path.name}.expected.json" for path in GOOD}


@pytest.mark.parametrize("sample", BROKEN, ids=lambda path: path.name)
def test_broken_sample_gives_its_problem(sample: Path) -> None:
    reading = io.read(sample.read_bytes(), name=sample.name)
    code = sample.name.split(".")[0]
    found = [problem for problem in reading.problems if problem.code == code]
    assert found
    assert all(problem.source == sample.name for problem in found)
    if code not in FILES:
        assert all(problem.line and problem.column for problem in found)
        assert all(problem.message() and problem.advice() for problem in found)
    warns = CATALOG[code].severity == "warning"
    assert exit_code(reading) == (3 if code in FILES else 0 if warns else 1)


def test_every_problem_of_reading_has_a_broken_sample() -> None:
    codes = {*FILES, *RECORDS, *BETALINGSSERVICE}
    assert {path.name.split(".")[0] for path in BROKEN} >= codes - OTHERS


#: Problems that arise elsewhere and are shown by the tests of those rooms.
OTHERS = {"text_too_long", "text_not_latin1"}


@pytest.mark.parametrize(
    ("sample", "code", "line", "column"),
    [
        ("bad_amount.0602", "bad_amount", 3, 116),
        ("bad_date.0602", "bad_date", 3, 110),
        ("bad_sign.0602", "bad_sign", 3, 56),
        ("unknown_code.0602", "unknown_code", 3, 14),
        ("truncated.0602", "truncated", 15, 1),
        ("two_deliveries.0602", "two_deliveries", 17, 1),
        ("wrong_total.0602", "wrong_total", 7, 43),
        ("wrong_count.0602", "wrong_count", 7, 32),
        ("wrong_address_count.0601", "wrong_address_count", 10, 84),
    ],
)
def test_problem_stands_where_the_fault_is(
    sample: str, code: str, line: int, column: int
) -> None:
    reading = io.read((SAMPLES / "problems" / sample).read_bytes(), name=sample)
    assert (code, line, column) in [(p.code, p.line, p.column) for p in reading.problems]


def test_faulty_record_stays_with_an_empty_cell() -> None:
    content = (SAMPLES / "problems" / "bad_amount.0602").read_bytes()
    delivery = io.read(content, name="x").value
    assert delivery is not None
    first, second = delivery.transactions.head(2).to_dicts()
    assert (first["faulty"], first["amount_paid_minor"]) == (True, None)
    assert first["amount_minor"] == 15000
    assert (second["faulty"], second["amount_paid_minor"]) == (False, 0)


@pytest.mark.parametrize("name", ["unknown_code.0602", "unknown_record.0602"])
def test_unknown_record_is_kept_and_not_guessed(name: str) -> None:
    content = (SAMPLES / "problems" / name).read_bytes()
    delivery = io.read(content, name=name).value
    assert delivery is not None
    row = delivery.transactions.row(0, named=True)
    assert (row["line"], row["kind"], row["faulty"]) == (3, "unknown", True)
    assert row["amount_minor"] is None
    assert row["amount_paid_minor"] is None
    assert row["customer_no"] is None


@pytest.mark.skipif("WORKBENCH_SAMPLES" not in os.environ, reason="no shared samples here")
def test_other_formats_are_unknown() -> None:
    paths = [
        path for path in Path(os.environ["WORKBENCH_SAMPLES"]).rglob("*") if path.is_file()
    ]
    assert not [path for path in paths if io.identify(path.read_bytes()[:4096])]
