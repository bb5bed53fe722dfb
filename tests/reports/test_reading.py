"""The document, the stream and the summary of a file that was read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workbench import io
from workbench.reports import reading as report

SAMPLES = Path(__file__).parents[1] / "samples"
PARTS = [
    "format",
    "source",
    "delivery",
    "sections",
    "records",
    "agreements",
    "receipts",
    "statements",
    "problems",
]


def content(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_document_has_every_part_of_the_contract() -> None:
    data = content("betalingsservice/payments.0602")
    found = report.document(io.read(data, name="p"), content=data, name="p")
    assert list(found) == PARTS
    records = found["records"]
    assert isinstance(records, list)
    assert list(records[0]) == list(report.RECORD_COLUMNS)
    assert records[0]["due_date"] == "2026-11-02"
    assert records[0]["section"] == 1
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize("data", [b"", b"hello\n"])
def test_unknown_kind_has_a_document_with_one_problem(data: bytes) -> None:
    reading = io.read(data, name="x.txt")
    found = report.document(reading, content=data, name="x.txt")
    assert list(found) == PARTS
    assert found["format"] is None
    assert found["delivery"] is None
    assert isinstance(found["problems"], list)
    assert len(found["problems"]) == 1
    source = found["source"]
    assert isinstance(source, dict)
    assert (source["name"], source["bytes"]) == ("x.txt", len(data))
    assert report.exit_code(reading) == 3


def test_problem_in_the_document_is_placed_and_masked() -> None:
    data = content("problems/bad_amount.0602")
    reading = io.read(data, name="bad_amount.0602")
    found = report.document(reading, content=data, name="bad_amount.0602")
    assert isinstance(found["problems"], list)
    first = found["problems"][0]
    assert list(first) == [
        "code",
        "severity",
        "line",
        "column",
        "message",
        "excerpt",
        "params",
    ]
    assert (first["code"], first["severity"]) == ("bad_amount", "error")
    assert (first["line"], first["column"]) == (3, 116)
    assert "123456789" not in first["excerpt"]
    assert report.exit_code(reading) == 1


def test_lines_hold_what_the_document_holds() -> None:
    for name in ("betalingsservice/payments.0602", "betalingsservice/agreements.0603"):
        data = content(name)
        reading = io.read(data, name=name)
        head, *rest = map(json.loads, report.jsonl(reading, content=data, name=name))
        whole = report.document(reading, content=data, name=name)
        records = [line["record"] for line in rest if "record" in line]
        agreements = [line["agreement"] for line in rest if "agreement" in line]
        assert {**head, "records": records, "agreements": agreements} == whole


def test_summary_tells_a_person_what_agrees() -> None:
    data = content("betalingsservice/payments.0602")
    text = report.summary(io.read(data, name="p"), content=data, name="p")
    assert "delivery 0004362011" in text
    assert "section 2 (0215)" in text
    assert text.count("✓") == 3
    assert "No problems." in text


def test_summary_tells_where_and_what_to_do() -> None:
    data = content("problems/wrong_total.0602")
    text = report.summary(io.read(data, name="w.0602"), content=data, name="w.0602")
    assert "✗" in text
    assert "error wrong_total at w.0602:7:43" in text
    assert "Ask the payment center" in text


def test_summary_of_a_refusal() -> None:
    data = content("betalingsservice/refused.V")
    text = report.summary(io.read(data, name="v"), content=data, name="v")
    assert "validated: REFUSED, code BS12" in text


@pytest.mark.parametrize("name", ["payments.0602", "agreements.0603", "received.T", "x.txt"])
def test_pieces_are_the_document(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"hello" if name == "x.txt" else content(f"betalingsservice/{name}")
    reading = io.read(data, name=name)
    expected = report.document(reading, content=data, name=name)
    for size in (3, 10_000):
        monkeypatch.setattr(report, "_SLICE", size)
        text = "".join(report.json_pieces(reading, content=data, name=name))
        assert json.loads(text) == expected
        assert list(json.loads(text)) == list(expected)
