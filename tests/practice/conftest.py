"""A house with an outbox, an inbox and a payment center, and collections to send to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from workbench.io import betalingsservice_0601, betalingsservice_0602
from workbench.layout.betalingsservice_writing import Envelope
from workbench.model.frames import COLLECTIONS
from workbench.practice.center import SEED, Answer, answer
from workbench.practice.mix import DEMO_MIX, Mix

CREATED = dt.date(2026, 10, 12)
DUE = dt.date(2026, 11, 2)


def collections(count: int, *, due: dt.date = DUE, first: int = 0) -> pl.DataFrame:
    """Collections of which 2 of 9 go out as slips, and one of 40 is marked slip only."""
    numbers = range(first, first + count)
    slip_only = [n % 40 == 7 for n in numbers]
    rows = {
        "section_kind": ["0117" if slip else "0112" for slip in slip_only],
        "creditor_no": ["09999999"] * count,
        "debtor_group": ["00001"] * count,
        "customer_no": [f"{n + 1:08d}" if n % 5 else f"NV{n:05d}" for n in numbers],
        "agreement_no": [
            None if slip or n % 9 < 2 else f"{n + 1:09d}"
            for n, slip in zip(numbers, slip_only, strict=True)
        ],
        "reference": [f"{n + 10_000_000:08d}X" for n in numbers],
        "due_date": [due] * count,
        "amount_minor": [12_345 + 7 * n for n in numbers],
        "addressed": [False] * count,
        "name": [""] * count,
        "address": [[]] * count,
        "postcode": [""] * count,
        "country": ["DK"] * count,
        "legal_id": [None] * count,
        "texts": [["Vand, 3. kvartal"]] * count,
    }
    return pl.DataFrame(rows, schema=COLLECTIONS)


class House:
    """An outbox, an inbox and a center beside them."""

    def __init__(self, folder: Path) -> None:
        self.outbox = folder / "outbox"
        self.inbox = folder / "inbox"
        self.books = folder / "practice"
        self.outbox.mkdir(parents=True)

    def send(self, rows: pl.DataFrame, *, number: int = 42) -> bytes:
        envelope = Envelope("99999993", "BS1", f"{number:010d}", CREATED)
        content = betalingsservice_0601.write(rows, envelope=envelope).content
        self.put(content, number=number)
        return content

    def put(self, content: bytes, *, number: int = 42) -> Path:
        path = self.outbox / f"BS0601-{number:010d}.BS1"
        path.write_bytes(content)
        return path

    def answer(self, as_of: dt.date, *, mix: Mix = DEMO_MIX, seed: int = SEED) -> Answer:
        return answer(self.outbox, self.inbox, self.books, as_of=as_of, mix=mix, seed=seed)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted(self.inbox.glob("*"))}

    def told(self) -> pl.DataFrame:
        """All payments of the inbox, read back; none of the files has a problem."""
        frames = []
        for name, content in self.files().items():
            if name.startswith("D"):
                reading = betalingsservice_0602.read(content, name=name)
                assert reading.problems == ()
                assert reading.value is not None
                frames.append(reading.value.transactions.with_columns(file=pl.lit(name)))
        return pl.concat(frames)


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house")


@pytest.fixture
def make_collections() -> object:
    return collections


@pytest.fixture
def make_house() -> object:
    return House
