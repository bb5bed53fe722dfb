"""Files as a creditor had them in 2009 to 2011, typed by position and never by our writer."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from workbench import io
from workbench.reports.reading import document, exit_code, summary

SAMPLES = Path(__file__).parents[1] / "samples" / "betalingsservice"
DAY = (SAMPLES / "daily_2009.0602").read_bytes()
AGREEMENTS = (SAMPLES / "daily_2009.0603").read_bytes()
RECEIPTS = (SAMPLES / "receipts_2009.V").read_bytes()
RECEIVED = RECEIPTS.split(b"\r\n")[0] + b"\r\n"

#: The records of the day without the transport's lines, each as the sender typed it.
RECORDS = [line for line in DAY.split(b"\r\n") if line.startswith(b"BS")]

Document = dict[str, Any]


def read(content: bytes) -> tuple[Document, int]:
    reading = io.read(content, name="file")
    return document(reading, content=content, name="file"), exit_code(reading)


def codes(found: Document) -> list[str]:
    return [problem["code"] for problem in found["problems"]]


def joined(records: Iterable[bytes], *, end: bytes = b"\r\n") -> bytes:
    return b"".join(record + end for record in records)


def line(*cells: tuple[int, str]) -> bytes:
    """A record from its cells: first position and text."""
    row = [" "] * 128
    for first, text in cells:
        row[first - 1 : first - 1 + len(text)] = text
    assert len(row) == 128
    return "".join(row).encode("latin-1")


FORMS = {
    "stripped": joined(RECORDS),
    "padded": joined(record.ljust(128) for record in RECORDS),
    "LF": joined(RECORDS, end=b"\n"),
    "CR CR LF": joined(RECORDS, end=b"\r\r\n"),
    "no last line end": joined(RECORDS)[:-2],
    "end-of-file mark on the last line": joined(RECORDS)[:-2] + b"\x1a",
    "zero bytes behind": joined(RECORDS) + bytes(37),
    "blank lines and form feeds": b"\r\n" + joined(RECORDS, end=b"\r\n  \r\n\x0c\r\n"),
    "counts behind": joined([b"PBCNET00", *RECORDS, b"PBCNET90000022"]),
    "blanks for zeros behind the totals": joined([*RECORDS[:-1], RECORDS[-1][:57]]),
}


@pytest.mark.parametrize("content", FORMS.values(), ids=FORMS)
def test_every_form_of_the_file_reads_alike(content: bytes) -> None:
    expected, _ = read(joined(RECORDS))
    found, code = read(content)
    assert (code, codes(found), found["delivery"]["agrees"]) == (0, [], True)
    for records in (expected["records"], found["records"]):
        for record in records:
            del record["line"]
    assert found["records"] == expected["records"]
    totals = [part["computed"]["amount_minor"] for part in found["sections"]]
    assert totals == [62400, 63400, 0, 15000]
    assert found["delivery"]["computed"]["amount_minor"] == 140800


def test_raw_keys_do_not_depend_on_the_form() -> None:
    keys = []
    for content in FORMS.values():
        delivery = io.read(content, name="file").value
        assert delivery is not None
        keys.append(delivery.transactions["raw_key"].to_list())
    assert all(found == keys[0] for found in keys)


def test_older_section_is_kept_and_named() -> None:
    start = line((1, "BS012"), (6, "03985644"), (14, "0214"), (21, "00001"), (50, "031109"))
    payment = line((1, "BS042"), (6, "03985644"), (14, "0235"), (18, "00000001"), (26, "7"))
    end = line(
        (1, "BS092"), (6, "03985644"), (14, "0214"), (32, "0" * 10 + "1"), (43, "0" * 15)
    )
    records = AGREEMENTS.split(b"\r\n")
    last = records[-2][:20] + b"0" * 10 + b"5" + b"0" * 10 + b"9" + records[-2][42:]
    found, code = read(joined([*records[:-2], start, payment, end, last]))
    assert (code, codes(found)) == (1, ["unknown_section"])
    kept = found["agreements"][-1]
    assert (kept["kind"], kept["code"], kept["section"]) == ("unknown", "0235", 5)


@pytest.mark.parametrize("content", [RECEIVED + DAY, DAY + b"\r\n" + RECEIVED])
def test_receipt_in_the_file_of_a_delivery_is_named(content: bytes) -> None:
    found, code = read(content)
    assert (code, codes(found)) == (0, ["receipt_in_delivery"])
    assert len(found["records"]) == 12


def test_delivery_behind_a_report_is_named() -> None:
    found, code = read(RECEIPTS + DAY)
    assert (code, codes(found)) == (1, ["delivery_in_receipts"])


@pytest.mark.parametrize("page", ["cp850", "cp865", "latin-1"])
@pytest.mark.parametrize("box", ["┌─┐│└┘", "╔═╗║╚╝", "+-+|++", "*****  "])
def test_report_is_read_in_every_code_page_and_box(page: str, box: str) -> None:
    if page == "latin-1" and not box.isascii():
        pytest.skip("ISO-8859-1 has no boxes")
    text = RECEIPTS.decode("cp850").translate(str.maketrans("╔═╗║╚╝", box[:6]))
    (received, validated) = read(text.encode(page))[0]["receipts"]
    assert (received["code"], received["accepted"]) == ("PN00", True)
    assert (validated["code"], validated["accepted"]) == ("BS00", True)
    words = validated["text"].splitlines()
    assert "DATALEVERANDØR ..........: 13585628" in words
    assert words[-1] == "LEVERANCE  1  1.280  320  48.000,00"


def test_print_file_is_of_no_known_kind() -> None:
    found, code = read("1  FØLGESEDDEL\r\n 03985644 00001 0211\r\n".encode("latin-1"))
    assert (code, codes(found)) == (3, ["unknown_format"])


def test_quoted_totals_and_numbers_are_readable() -> None:
    content = joined(RECORDS).replace(b"000000000140800", b"004800000000000")
    (problem,) = read(content)[0]["problems"]
    assert problem["message"].startswith(
        "The delivery declares an amount of 4800000000000 øre and adds up to 140800 øre."
    )
    content = joined(RECORDS).replace(b"0000000014500", b"00000000145AB")
    problem = read(content)[0]["problems"][0]
    assert problem["message"].startswith(
        "Amount paid or charged back holds '00000000145AB' where an amount of 13 digits is due."
    )


MUTATIONS = 60


@pytest.mark.parametrize("seed", range(4))
def test_damaged_files_are_accounted_for(seed: int) -> None:
    chance = random.Random(seed)  # damage needs no secrecy
    for _ in range(MUTATIONS):
        content = damaged(chance.choice([DAY, AGREEMENTS, RECEIPTS]), chance)
        reading = io.read(content, name="file")
        found: Document = document(reading, content=content, name="file")
        assert json.loads(json.dumps(found)) == found
        assert summary(reading, content=content, name="file")
        code = exit_code(reading)
        assert code in {0, 1, 3}
        fatal = any(problem["severity"] == "fatal" for problem in found["problems"])
        if fatal or code == 3 or found["delivery"]["type"] is None:
            continue
        lines = [row["line"] for row in (*found["records"], *found["agreements"])]
        payments = [
            at
            for at, raw in enumerate(content.split(b"\n"), start=1)
            if raw.startswith(b"BS042")
        ]
        assert set(payments) <= set(lines)
        assert len(set(lines)) == len(lines)
        assert found["delivery"]["agrees"] or code == 1


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The file with bytes flipped, cut, put in, or lines doubled, swapped or lost."""
    for _ in range(chance.randint(1, 3)):
        lines = content.split(b"\n")
        one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
        at = chance.randrange(len(content) + 1)
        match chance.randrange(6):
            case 0:
                content = content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
            case 1:
                content = content[:at] + content[at + chance.randint(1, 200) :]
            case 2:
                content = (
                    content[:at]
                    + bytes(chance.choices(b"\r\n \x1a09A\xc6", k=2))
                    + content[at:]
                )
            case 3:
                content = b"\n".join([*lines[:one], lines[other], *lines[one:]])
            case 4:
                lines[one], lines[other] = lines[other], lines[one]
                content = b"\n".join(lines)
            case _:
                content = (
                    content[:at]
                    if chance.random() < 0.3
                    else b"\n".join(lines[:one] + lines[one + 1 :])
                )
    return content
