"""One step of the center's time: receipts, payment information, and books that agree."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbench import io
from workbench.model.deliveries import Receipt
from workbench.practice.mix import CLASSES, Mix
from workbench.practice.totals import totals

CREATED = dt.date(2026, 10, 12)
BOOKED = dt.date(2026, 11, 3)
END = dt.date(2026, 12, 2)
EVERYTHING = Mix(slip_reversed=100)


def _lines(house: Any, name: str) -> list[dict[str, Any]]:
    text = (house.books / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _receipts(house: Any) -> list[Receipt]:
    found: list[Receipt] = []
    for name, content in house.files().items():
        if not name.startswith("D"):
            reading = io.read(content, name=name)
            assert reading.problems == ()
            assert reading.value is not None
            found += reading.value.receipts
    return found


def test_receipts_of_a_good_delivery(house: Any, make_collections: Any) -> None:
    content = house.send(make_collections(320), number=12_345_678_90)
    step = house.answer(CREATED)
    assert [(one.verdict, one.count) for one in step.fetched] == [("accepted", 320)]
    assert list(house.outbox.iterdir()) == []
    assert [path.name[0] for path in step.written] == ["T", "V"]
    received, validated = _receipts(house)
    assert (received.kind, received.code, received.accepted) == ("received", "PN00", True)
    assert (validated.kind, validated.code, validated.accepted) == ("validated", "BS00", True)
    assert {received.own_id, validated.own_id} == {"34567890"}
    assert validated.assigned_id == "1000000001"
    assert (validated.supplier_no, validated.subsystem) == ("99999993", "BS1")
    assert validated.totals.count == 320
    assert validated.totals.sections == 2
    assert validated.totals.amount_minor == make_collections(320)["amount_minor"].sum()
    assert f"ANTAL RECORDS  : {len(content.splitlines())}" in validated.text


def test_files_say_what_the_books_say(house: Any, make_collections: Any) -> None:
    house.send(make_collections(1_000))
    for day in (CREATED, BOOKED, dt.date(2026, 11, 17), END):
        house.answer(day, mix=EVERYTHING)
    told = house.told()
    books = totals(house.books, as_of=END)
    for kind, sums in books["kinds"].items():
        mine = told.filter(pl.col("kind") == kind)
        assert len(mine) > 0
        assert sums == {
            "count": len(mine),
            "amount_minor": mine["amount_minor"].sum(),
            "paid_minor": mine["amount_paid_minor"].sum(),
        }
    lumps = (
        told.drop_nulls("booking_date")
        .group_by("creditor_no", "section_kind", "booking_date")
        .agg(amount_minor=pl.col("amount_paid_minor").sum())
    )
    said = pl.DataFrame(books["lumps"]).with_columns(pl.col("booking_date").str.to_date())
    assert set(lumps.rows()) == set(said.rows())
    received = books["received"]
    assert received == {
        "deliveries": 1,
        "count": 1_000,
        "amount_minor": make_collections(1_000)["amount_minor"].sum(),
    }
    classes = books["classes"]
    assert set(classes) == set(CLASSES)
    assert all(sums["count"] > 0 for sums in classes.values())


def test_the_books_are_readable_without_us(house: Any, make_collections: Any) -> None:
    house.send(make_collections(320))
    house.answer(END)
    lines = _lines(house, "truth")
    assert {line["class"] for line in lines} <= set(CLASSES)
    assert len([line for line in lines if line["line"] is not None]) == 320
    planned = _lines(house, "planned")
    told = house.told()
    assert len(planned) == len(told)
    assert sum(line["amount_paid_minor"] for line in planned) == told["amount_paid_minor"].sum()
    [delivery] = _lines(house, "deliveries")
    assert delivery["seed"] == 20261012
    for line in _lines(house, "answers"):
        sent = (house.books / "sent" / line["name"]).read_bytes()
        assert sent == house.files()[line["name"]]


def test_each_truth_reads_back_as_its_record(house: Any, make_collections: Any) -> None:
    house.send(make_collections(1_000))
    house.answer(END, mix=EVERYTHING)
    told = house.told()
    planned = pl.read_ndjson(house.books / "planned.jsonl", infer_schema_length=None)
    columns = ("kind", "customer_no", "agreement_no", "amount_paid_minor", "fee_minor",
               "bank_reference", "reference")  # fmt: skip

    def rows(frame: pl.DataFrame) -> list[tuple[object, ...]]:
        said = frame.with_columns(pl.col("fee_minor").fill_null(0)).select(columns)
        return sorted(said.rows(), key=str)

    assert rows(told) == rows(planned)
    assert told["faulty"].any() is False


def test_one_delivery_for_each_booking_date(house: Any, make_collections: Any) -> None:
    house.send(make_collections(1_000))
    house.answer(END)
    days = house.told().drop_nulls("booking_date").select("file", "booking_date").unique()
    assert days["file"].n_unique() == days["booking_date"].n_unique() == len(days)
    ordered = days.sort("file")["booking_date"]
    assert ordered.is_sorted()


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    seed=st.integers(0, 2**32),
    steps=st.lists(st.dates(CREATED, END), max_size=2).map(sorted),
)
def test_steps_do_not_matter(
    make_house: Any, tmp_path_factory: Any, make_collections: Any, seed: int, steps: Any
) -> None:
    at_once, slowly = (make_house(tmp_path_factory.mktemp("house") / "x") for _ in range(2))
    for one in (at_once, slowly):
        one.send(make_collections(330))
        one.answer(CREATED, seed=seed)
    for day in [*steps, END]:
        before = slowly.files()
        step = slowly.answer(day, seed=seed)
        assert set(slowly.files()) - set(before) == {path.name for path in step.written}
        assert slowly.answer(day, seed=seed + 1).written == ()
    at_once.answer(END, seed=seed)
    assert at_once.files() == slowly.files()


def test_nothing_is_told_before_its_day(house: Any, make_collections: Any) -> None:
    house.send(make_collections(320))
    house.answer(dt.date(2026, 11, 2))
    assert not any(name.startswith("D") for name in house.files())
    assert totals(house.books, as_of=END)["kinds"]["slip_paid"]["count"] == 0
    house.answer(BOOKED)
    assert set(house.told()["booking_date"].drop_nulls()) == {BOOKED}


def test_a_later_delivery_goes_on(house: Any, make_collections: Any) -> None:
    house.send(make_collections(320))
    house.answer(BOOKED)
    house.send(make_collections(200, first=5_000), number=43)
    house.answer(BOOKED)
    names = [name for name in house.files() if name.startswith("D")]
    assert len(names) == 2
    assert house.told()["reference"].str.slice(0, 5).n_unique() > 1
    assert totals(house.books, as_of=BOOKED)["received"]["count"] == 520


def test_two_deliveries_share_a_file(house: Any, make_collections: Any) -> None:
    house.send(make_collections(320))
    house.send(make_collections(200, first=5_000), number=43)
    house.answer(BOOKED)
    assert len([name for name in house.files() if name.startswith("D")]) == 1
    assert len(_receipts(house)) == 4


def _broken(content: bytes, how: str) -> bytes:
    if how == "truncated":
        return content[: len(content) // 2]
    if how == "amount":
        return content.replace(b"0000000012345", b"0000000012346", 1)
    if how == "letters":
        return content.replace(b"0000000012345", b"00000000I2345", 1)
    if how == "due":
        return content.replace(b"02112026", b"31129999", 1)
    if how == "not due":
        return content.replace(b"02112026", b"00000000", 1)
    return content.replace(b"BS10601", b"BS10699", 1)


@pytest.mark.parametrize(
    ("how", "verdict", "codes"),
    [
        ("truncated", "unreadable", ["PN10"]),
        ("amount", "faulty", ["PN00", "BS10"]),
        ("letters", "faulty", ["PN00", "BS10"]),
        ("due", "bad_due_date", ["PN00", "BS11"]),
        ("not due", "bad_due_date", ["PN00", "BS11"]),
        ("type", "unknown_type", ["PN20"]),
    ],
)
def test_hostile_deliveries_are_refused(
    house: Any, make_collections: Any, how: str, verdict: str, codes: list[str]
) -> None:
    content = house.send(make_collections(320))
    house.put(_broken(content, how))
    step = house.answer(END)
    assert [one.verdict for one in step.fetched] == [verdict]
    assert [receipt.code for receipt in _receipts(house)] == codes
    assert not all(receipt.accepted for receipt in _receipts(house))
    assert {receipt.own_id for receipt in _receipts(house)} == {"00000042"}
    assert not any(name.startswith("D") for name in house.files())
    assert totals(house.books, as_of=END)["received"]["count"] == 0
    house.put(content)
    assert [one.verdict for one in house.answer(END).fetched] == ["accepted"]


@pytest.mark.parametrize("same_bytes", [True, False])
def test_a_delivery_seen_before_is_refused(
    house: Any, make_collections: Any, *, same_bytes: bool
) -> None:
    content = house.send(make_collections(320))
    house.answer(END)
    before = house.told()
    if same_bytes:
        house.put(content)
    else:
        house.send(make_collections(321))
    step = house.answer(END)
    assert [one.verdict for one in step.fetched] == ["seen_before"]
    assert [receipt.code for receipt in _receipts(house)].count("BS20") == 1
    assert house.told().equals(before)


def test_what_is_not_for_the_center_stays(house: Any) -> None:
    for name, content in (("letter.pdf", b"%PDF-1.7"), ("empty", b""), ("x", b"PBCNET00\r\n")):
        (house.outbox / name).write_bytes(content)
    step = house.answer(END)
    assert step.left == ("empty", "letter.pdf", "x")
    assert step.fetched == step.written == ()
    assert len(list(house.outbox.iterdir())) == 3


def test_an_outbox_that_is_not_there_is_empty(house: Any) -> None:
    house.outbox.rmdir()
    assert house.answer(END).written == ()


def test_a_subsystem_leads_nowhere_else(house: Any, make_collections: Any) -> None:
    house.put(house.send(make_collections(3)).replace(b"BS10601", b"/..0601"))
    step = house.answer(END)
    assert [one.verdict for one in step.fetched] == ["accepted"]
    assert {path.parent for path in step.written} == {house.inbox}
    assert all(path.name.endswith(".XXX") for path in step.written)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=9)), min_size=1, max_size=4),
    length=st.floats(0, 1),
)
def test_any_bytes_get_an_answer(
    make_house: Any, tmp_path_factory: Any, make_collections: Any, changes: Any, length: float
) -> None:
    house = make_house(tmp_path_factory.mktemp("house") / "x")
    content = bytearray(house.send(make_collections(4)))
    for place, new in changes:
        at = int(place * len(content))
        content[at : at + len(new)] = new
    if length < 0.3:
        content = content[: int(length * 3 * len(content))]
    house.put(bytes(content))
    step = house.answer(END)
    assert len(step.left) + len(step.fetched) == 1
    assert len(step.written) >= len(step.fetched)
    assert house.answer(END).written == ()
