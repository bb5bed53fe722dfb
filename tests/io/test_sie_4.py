"""SIE 4I: what is written is what another reader finds, balanced, in PC8."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.io import sie_4

DAY = dt.date(2026, 11, 3)
HEADING = sie_4.Heading(
    program="Collection Workbench",
    version="1",
    generated=DAY,
    company="Åre Energi AB",
    organization_no="556000-0000",
    accounts={"1510": "Kundfordringar", "1930": "Företagskonto"},
    dimensions={1: "department"},
)

_FIELD = re.compile(r'"((?:\\.|[^"\\])*)"|\{([^}]*)\}|(\S+)')


def fields(line: str) -> list[str]:
    """A line as its fields, by the format's own rules and none of ours."""
    found = []
    for quoted, objects, bare in _FIELD.findall(line):
        found.append(quoted.replace('\\"', '"') or objects or bare)
    return found


def voucher(*amounts: int, text: str = "Autogiro", number: str = "PAY-1") -> sie_4.Voucher:
    accounts = ["1930", "1510"]
    return sie_4.Voucher(
        "A", number, DAY, text,
        [sie_4.Transaction(accounts[n % 2], amount, text) for n, amount in enumerate(amounts)],
    )  # fmt: skip


def test_a_whole_file() -> None:
    trans = [
        sie_4.Transaction("1930", 12_345, "in"),
        sie_4.Transaction("1510", -12_345, "ut", {1: "NORD"}),
    ]
    made = sie_4.write(HEADING, [sie_4.Voucher("A", "PAY-1", DAY, "Giro", trans)], name="x.si")
    assert made.value is not None
    assert made.value.decode("cp437").split("\r\n") == [
        "#FLAGGA 0",
        '#PROGRAM "Collection Workbench" "1"',
        "#FORMAT PC8",
        "#GEN 20261103",
        "#SIETYP 4",
        "#ORGNR 556000-0000",
        '#FNAMN "Åre Energi AB"',
        '#KONTO 1510 "Kundfordringar"',
        '#KONTO 1930 "Företagskonto"',
        '#DIM 1 "department"',
        '#OBJEKT 1 "NORD" "NORD"',
        '#VER "A" "PAY-1" 20261103 "Giro"',
        "{",
        '   #TRANS 1930 {} 123.45 20261103 "in"',
        '   #TRANS 1510 {"1" "NORD"} -123.45 20261103 "ut"',
        "}",
        "",
    ]


@given(
    amounts=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=6),
    text=st.text(st.sampled_from('abcåäöÅÄÖé "\\{}#\n\t1'), max_size=20),
)
def test_amounts_and_texts_come_back(amounts: list[int], text: str) -> None:
    whole = [*amounts, -sum(amounts)]
    made = sie_4.write(HEADING, [voucher(*whole, text=text)], name="x.si")
    assert made.value is not None
    lines = made.value.decode("cp437").split("\r\n")
    found = [line for line in lines if line.strip().startswith("#TRANS")]
    assert [int(line.split("} ")[1].split()[0].replace(".", "")) for line in found] == whole
    shown = "".join(sign if sign.isprintable() else " " for sign in text).replace("\\", "/")
    (ver,) = [line for line in lines if line.startswith("#VER")]
    assert ver == f'#VER "A" "PAY-1" 20261103 "{shown.replace(chr(34), chr(92) + chr(34))}"'
    assert fields(ver)[:4] == ["#VER", "A", "PAY-1", "20261103"]


def test_a_voucher_that_does_not_balance_is_never_written() -> None:
    with pytest.raises(sie_4.UnbalancedSieVoucherError, match="PAY-7"):
        sie_4.write(HEADING, [voucher(100, -99, number="PAY-7")], name="x.si")


def test_a_character_that_pc8_lacks_has_its_place() -> None:
    made = sie_4.write(HEADING, [voucher(1, -1, text="Ørsted")], name="x.si")
    assert made.value is None
    first = made.problems[0]
    assert (first.code, first.source, first.line, first.column) == (
        "handover_unencodable", "x.si", 11, 28,
    )  # fmt: skip
    assert len(made.problems) == 3


def test_what_is_not_known_is_left_out() -> None:
    heading = sie_4.Heading("W", "1", DAY, "X AB")
    made = sie_4.write(heading, [], name="x.si")
    assert made.value is not None
    assert b"#ORGNR" not in made.value
    assert b"#KONTO" not in made.value
