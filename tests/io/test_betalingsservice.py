"""Betalingsservice files: values by hand, tolerance, totals, round trips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench import io
from workbench.io import betalingsservice_0601, betalingsservice_0602, betalingsservice_0603
from workbench.io import betalingsservice_receipt as receipt
from workbench.layout import betalingsservice_rows
from workbench.layout.betalingsservice_rows import conform
from workbench.layout.betalingsservice_writing import Envelope
from workbench.layout.fields import CannotWriteError
from workbench.model.deliveries import Delivery, Totals
from workbench.model.frames import COLLECTIONS, TRANSACTIONS

SAMPLES = Path(__file__).parents[1] / "samples" / "betalingsservice"
ENVELOPE = Envelope("12345674", "BS1", "4362011", dt.date(2026, 11, 3))


def read(content: bytes) -> Delivery:
    reading = io.read(content, name="file")
    assert reading.value is not None
    assert reading.problems == ()
    return reading.value


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def test_payments_by_hand() -> None:
    delivery = read(sample("payments.0602"))
    assert (delivery.id, delivery.type, delivery.subsystem) == ("0004362011", "0602", "BS1")
    assert delivery.created == dt.date(2026, 11, 3)
    assert delivery.agrees
    columns = ["line", "kind", "customer_no", "amount_minor", "amount_paid_minor"]
    assert delivery.transactions.select(columns).rows() == [
        (3, "payment_completed", "NV00012", 15000, 15000),
        (4, "payment_rejected", "1002", 25050, 0),
        (5, "agreement_cancelled", "1003", 7500, 0),
        (6, "payment_reversed", "1004", 9900, -9900),
        (9, "slip_paid", "1005", 15000, 14500),
        (10, "slip_paid", "1006", 15000, 30000),
        (13, "slip_paid", None, 0, 1200),
        (14, "slip_reversed", "1007", 15000, -15000),
    ]
    rejected = delivery.transactions.row(1, named=True)
    assert rejected["reference"] == "10000002R Løbenr. Å"
    assert rejected["payment_date"] is None
    slip = delivery.transactions.row(5, named=True)
    assert slip["text"] == "Betaler for to måneder\nHilsen Åse"
    assert (slip["fee_minor"], slip["bank_reference"]) == (2500, "ARK0000000000000000002")
    assert slip["agreement_no"] is None
    foreign = delivery.transactions.row(6, named=True)
    assert (foreign["payer"], foreign["due_date"]) == ("0123456789012345678", None)


def test_agreements_by_hand() -> None:
    delivery = read(sample("agreements.0603"))
    assert delivery.agreements.select("line", "kind", "agreement_no", "valid_to").rows() == [
        (3, "active", "123456789", None),
        (4, "active", "999999999", None),
        (7, "registered", "123456790", None),
        (8, "cancelled_by_bank", "123456791", dt.date(2026, 10, 30)),
        (9, "cancelled_by_creditor", "123456792", dt.date(2026, 10, 30)),
        (10, "cancelled_by_center", "123456793", dt.date(2026, 10, 31)),
        (13, "active", "999999999", None),
    ]


def test_issued_slip_by_hand() -> None:
    row = read(sample("issued_slips.0603")).transactions.row(0, named=True)
    assert (row["kind"], row["payer"]) == ("slip_issued", "0000123456789012347")
    assert (row["amount_minor"], row["amount_paid_minor"]) == (15000, None)
    assert row["due_date"] == dt.date(2009, 12, 1)


def test_both_rules_of_totals_are_accepted_and_named() -> None:
    gross, net = read(sample("payments.0602")), read(sample("payments_net_wrapped.0602"))
    assert [section.rule for section in gross.sections] == ["gross", "gross"]
    assert [section.rule for section in net.sections] == ["net", "net"]
    assert net.computed.amount_minor == net.declared.amount_minor == 35800
    columns = [name for name in TRANSACTIONS if name not in ("line", "raw_key")]
    assert gross.transactions.select(columns).equals(net.transactions.select(columns))
    # Two lines of the transport stand before the delivery.
    assert (net.transactions["line"] - gross.transactions["line"]).to_list() == [2] * 8


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.replace(b"\r\n", b"\n"),
        lambda c: c.rstrip(b"\r\n"),
        lambda c: c + b"\x1a",
        lambda c: b"\r\n".join(line.ljust(128) for line in c.split(b"\r\n")[:-1]) + b"\r\n",
    ],
    ids=["LF", "no last line end", "end-of-file mark", "padded"],
)
def test_rows_do_not_depend_on_the_transport(change: Callable[[bytes], bytes]) -> None:
    content = sample("payments.0602")
    assert read(change(content)).transactions.equals(read(content).transactions)


def test_cancelled_agreement_may_hold_anything_behind_its_reference() -> None:
    content = sample("payments.0602").replace(
        b"10000003S                     " + b" " * 4 + b"0" * 25,
        b"10000003S                     " + b" " * 4 + b"see letter" + b" " * 15,
    )
    assert b"see letter" in content
    row = read(content).transactions.row(2, named=True)
    assert (row["amount_paid_minor"], row["booking_date"], row["faulty"]) == (0, None, False)


def test_text_in_the_layout_of_a_0602_is_found_as_well() -> None:
    usual = b"BS0528765432102410000100001000000000001006000000000 Betaler"
    incoming = b"BS05287654321024100100001000000000001006000000000 Betaler"
    content = sample("payments.0602")
    assert usual in content
    changed = content.replace(usual, incoming)
    assert read(changed).transactions["text"].equals(read(content).transactions["text"])


def test_many_chunks_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {
        name: io.read(sample(name), name=name) for name in ("payments.0602", "agreements.0603")
    }
    broken = (SAMPLES.parent / "problems" / "bad_amount.0602").read_bytes()
    problems = io.read(broken, name="b").problems
    monkeypatch.setattr(betalingsservice_rows, "CHUNK", 1)
    for name, expected in whole.items():
        found = read(sample(name))
        assert expected.value is not None
        assert found.transactions.equals(expected.value.transactions)
        assert found.agreements.equals(expected.value.agreements)
        assert found.sections == expected.value.sections
    assert io.read(broken, name="b").problems == problems


def test_sections_in_any_order_keep_the_order_of_the_file() -> None:
    lines = sample("payments.0602").split(b"\r\n")
    swapped = b"\r\n".join([lines[0], *lines[7:15], *lines[1:7], *lines[15:]])
    delivery = read(swapped)
    assert [section.kind for section in delivery.sections] == ["0215", "0211"]
    assert delivery.transactions["line"].is_sorted()
    assert delivery.transactions["section"].to_list() == [1] * 4 + [2] * 4
    assert delivery.transactions["text"][1] == "Betaler for to måneder\nHilsen Åse"


def test_disbursements_take_money_from_the_creditor() -> None:
    content = sample("payments.0602").replace(
        b"0211261000000001500010000001Q", b"0211262000000001500010000001Q"
    )
    row = read(content).transactions.row(0, named=True)
    assert (row["amount_minor"], row["amount_paid_minor"]) == (-15000, -15000)


def test_collections_round_trip_byte_for_byte() -> None:
    for name, envelope in (
        (
            "collections.0601",
            Envelope(
                "12345674",
                "BS1",
                "42",
                dt.date(2026, 10, 5),
                supplier_id="MINBATCH",
                main_text="EKSEMPEL A/S",
            ),
        ),
        ("slips.0601", Envelope("12345674", "BSH", "43", dt.date(2026, 10, 12))),
    ):
        collections = betalingsservice_0601.read_collections(sample(name), name=name)
        assert collections.problems == ()
        written = betalingsservice_0601.write(collections.value, envelope=envelope)
        assert written.content == sample(name)
        assert written.lines.to_list() == read(sample(name)).transactions["line"].to_list()


def test_payments_round_trip_byte_for_byte() -> None:
    content = sample("payments.0602")
    written = betalingsservice_0602.write(read(content).transactions, envelope=ENVELOPE)
    # The card type of slips that Betalingsservice did not issue is not kept.
    foreign = b"0123456789012345678"
    assert written.content == content.replace(foreign + b"73", foreign + b"71")


def test_agreements_round_trip_byte_for_byte() -> None:
    content = sample("agreements.0603")
    envelope = Envelope("12345674", "BS1", "4362012", dt.date(2026, 11, 3))
    delivery = read(content)
    written = betalingsservice_0603.write(delivery.agreements, envelope=envelope)
    assert written.content == content
    assert written.lines.to_list() == delivery.agreements["line"].to_list()


def test_too_long_text_is_refused_and_never_cut() -> None:
    collections = betalingsservice_0601.read_collections(sample("slips.0601"), name="x").value
    for column, value in (("reference", "R" * 31), ("name", "N" * 36), ("name", "Ł")):
        changed = collections.with_columns(pl.lit(value).alias(column))
        with pytest.raises(CannotWriteError):
            betalingsservice_0601.write(changed, envelope=ENVELOPE)
        problems = betalingsservice_0601.problems(changed)
        assert [row for row, _ in problems] == ([0] if column == "name" else [0, 1])
    assert betalingsservice_0601.problems(collections) == []


def test_receipts_are_read_as_written() -> None:
    time = dt.datetime(2026, 10, 12, 10, 15)  # noqa: DTZ001  # the file names no zone
    totals = Totals(sections=1, count=320, amount_minor=4_800_000, text_count=640)
    received = receipt.write_received(subsystem="BS1", own_id="00000042", time=time)
    validated = receipt.write_validated(
        subsystem="BS1",
        own_id="00000042",
        time=time,
        assigned_id="0004362011",
        supplier_no="12345674",
        records=1320,
        totals=totals,
    )
    first, second = read(received + validated).receipts
    assert (first.kind, first.code, first.accepted) == ("received", "PN00", True)
    assert (second.kind, second.line, second.accepted) == ("validated", 2, True)
    assert (second.assigned_id, second.supplier_no) == ("0004362011", "12345674")
    assert (second.own_id, second.totals) == ("00000042", totals)


def test_boxed_report_and_refusal() -> None:
    (accepted,) = read(sample("validated.V")).receipts
    assert accepted.totals == Totals(
        sections=1, count=320, amount_minor=4_800_000, text_count=640
    )
    assert accepted.assigned_id == "0004362011"
    (refused,) = read(sample("refused.V")).receipts
    assert (refused.code, refused.accepted, refused.totals) == ("BS12", False, Totals())


LATIN = st.characters(codec="latin-1", exclude_categories=("Cc", "Zs"))
TEXT = st.text(LATIN, min_size=1, max_size=20)
DAY = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
CUSTOMER = st.from_regex(r"[1-9A-ZÆØÅ][0-9A-ZÆØÅ]{0,13}", fullmatch=True)
AGREEMENT = st.from_regex("[1-9][0-9]{8}", fullmatch=True)
AMOUNT = st.integers(0, 10**13 - 1)


@st.composite
def transactions(draw: st.DrawFn) -> pl.DataFrame:
    codes = {**betalingsservice_0602.CODES["0211"], **betalingsservice_0602.CODES["0215"]}
    rows = []
    for code in draw(st.lists(st.sampled_from(sorted(codes)), min_size=1, max_size=8)):
        slip = code in ("0297", "0299")
        cash = codes[code].cash
        assert cash is not None
        said = code != "0238"
        rows.append(
            {
                "section_kind": "0215" if slip else "0211",
                "code": code,
                "kind": codes[code].name,
                "creditor_no": "87654321",
                "debtor_group": draw(st.sampled_from(["00001", "00002"])),
                "customer_no": draw(
                    st.from_regex(r"[1-9A-ZÆØÅ][0-9A-ZÆØÅ]{0,13}", fullmatch=True)
                ),
                "agreement_no": None
                if slip
                else draw(st.from_regex("[1-9][0-9]{8}", fullmatch=True)),
                "reference": draw(st.none() | TEXT.map(lambda text: text[:9])),
                "due_date": draw(DAY),
                "payment_date": draw(DAY) if said else None,
                "booking_date": draw(DAY) if said else None,
                "amount_minor": draw(AMOUNT),
                "amount_paid_minor": draw(AMOUNT) * cash,
                "currency": "DKK",
                "fee_minor": draw(st.integers(0, 99_999)) if slip else None,
                "text": draw(st.none() | TEXT),
                "bank_reference": draw(st.none() | TEXT) if slip else None,
            }
        )
    return conform(pl.DataFrame(rows, infer_schema_length=None), TRANSACTIONS)


@settings(max_examples=40, deadline=None)
@given(frame=transactions(), strip=st.booleans())
def test_what_is_written_is_read(*, frame: pl.DataFrame, strip: bool) -> None:
    written = betalingsservice_0602.write(frame, envelope=ENVELOPE, strip=strip)
    found = read(written.content).transactions
    expected = frame.with_columns(line=written.lines, faulty=pl.lit(False)).sort("line")
    without = ["section", "raw_key"]
    assert found.drop(without).to_dicts() == expected.drop(without).to_dicts()
    assert found["raw_key"].null_count() == 0


@st.composite
def collections(draw: st.DrawFn) -> pl.DataFrame:
    rows = []
    for number in range(draw(st.integers(1, 6))):
        addressed = draw(st.booleans())
        rows.append(
            {
                "section_kind": draw(st.sampled_from(["0112", "0117"])),
                "creditor_no": draw(st.sampled_from(["87654321", "00654321"])),
                "debtor_group": "00001",
                "customer_no": f"{1000 + number}",
                "agreement_no": draw(
                    st.none() | st.from_regex("[1-9][0-9]{8}", fullmatch=True)
                ),
                "reference": draw(st.none() | TEXT),
                "due_date": draw(st.dates(dt.date(2000, 1, 1), dt.date(2199, 12, 31))),
                "amount_minor": draw(st.integers(-(10**13) + 1, 10**13 - 1)),
                "addressed": addressed,
                "name": draw(TEXT) if addressed else None,
                "address": draw(st.lists(TEXT, max_size=4)) if addressed else [],
                "postcode": "2800" if addressed else None,
                "country": "DK" if addressed else None,
                "legal_id": draw(st.none() | st.just("0012345674")) if addressed else None,
                "texts": draw(st.lists(TEXT, max_size=3)),
            }
        )
    return conform(pl.DataFrame(rows, infer_schema_length=None), COLLECTIONS)


@settings(max_examples=40, deadline=None)
@given(collections())
def test_collections_written_are_read(frame: pl.DataFrame) -> None:
    written = betalingsservice_0601.write(frame, envelope=ENVELOPE)
    reading = betalingsservice_0601.read_collections(written.content, name="x")
    assert reading.problems == ()
    order = frame.with_columns(line=written.lines).sort("line").drop("line")
    assert reading.value.to_dicts() == order.to_dicts()
    assert read(written.content).agrees
