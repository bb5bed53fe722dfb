"""Reading 0602 payment information beside a per-line slicer and beside reading the bytes.

The peer is what a programmer writes first: one loop over the lines, every field sliced out,
numbers by `int`, days by a look-up table, totals added up. It types the same fields and makes
no frame, checks no count and finds no fault. The limit is `np.fromfile`. Each runs in a fresh
process, in turn, and the median counts.

Run: python benchmarks/read_payments.py [--sizes 100000 1000000]
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl

from workbench import io
from workbench.io import betalingsservice_0602
from workbench.layout.betalingsservice_rows import conform
from workbench.layout.betalingsservice_writing import Envelope
from workbench.model.frames import TRANSACTIONS

REPEATS = 3
SLIPS = 0.2  # share of payments by slip
TEXTS = 10  # one slip in so many has a text line
SIGNS = {"0": 0, "1": 1, "2": -1}
CASH = {"0236": 1, "0237": 0, "0238": 0, "0239": -1, "0297": 1, "0299": -1}


def payments(count: int, *, strip: bool) -> bytes:
    """A delivery of `count` payment records, one in ten slips with a text line."""
    slips = int(count * SLIPS)
    frame = pl.concat([_automatic(count - slips), _slips(slips)])
    envelope = Envelope("12345674", "BS1", "4362011", dt.date(2026, 11, 3))
    return betalingsservice_0602.write(frame, envelope=envelope, strip=strip).content


def ours(path: Path) -> int:
    """Our reader: every field typed, every count and total checked."""
    reading = io.read(path.read_bytes(), name=path.name)
    assert reading.value is not None
    assert not reading.problems
    return reading.value.computed.amount_minor or 0


def slicer(path: Path) -> int:
    """A plain loop over the lines."""
    days = _days()
    found: list[tuple[object, ...]] = []
    total = 0
    with path.open(encoding="latin-1", newline="\r\n") as lines:
        for number, raw in enumerate(lines, 1):
            line = raw.rstrip("\r\n").ljust(128)
            kind = line[2:5]
            if kind == "042":
                row = _payment(number, line, days)
                total += int(line[115:128])
                found.append(row)
            elif kind == "052":
                found[-1] = (*found[-1], line[52:112].rstrip())
    assert found
    return total


def bytes_alone(path: Path) -> int:
    """The machine's limit: the file into memory."""
    return int(np.fromfile(path, np.uint8)[0])


def rows(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[dict[str, object]]:
    """The rows of the table: one per form of the file and size."""
    table: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        for form in ("stripped", "padded"):
            smaller: dict[str, float] = {}
            for size in sizes:
                path = Path(folder) / f"{form}.0602"
                path.write_bytes(payments(size, strip=form == "stripped"))
                measured = _measure(path)
                table.append(_row(form, size, path, measured, smaller))
                smaller = {"size": size, "ours": measured["ours"]["seconds"]}
    return table


def _row(
    form: str,
    size: int,
    path: Path,
    measured: dict[str, dict[str, float]],
    smaller: dict[str, float],
) -> dict[str, object]:
    own, peer, limit = (measured[name]["seconds"] for name in WORK)
    exponent = (
        math.log(own / smaller["ours"]) / math.log(size / smaller["size"]) if smaller else None
    )
    return {
        "work": f"read 0602, {form}",
        "size": size,
        "ours": own,
        "peer": peer,
        "limit": limit,
        "times_peer": peer / own,
        "of_limit": limit / own,
        "times_peer_cpu": measured["slicer"]["cpu"] / measured["ours"]["cpu"],
        "megabytes_a_second": path.stat().st_size / own / 1e6,
        "peak_memory_mb": measured["ours"]["peak_mb"],
        "exponent": exponent,
    }


def _measure(path: Path) -> dict[str, dict[str, float]]:
    """Medians of runs in fresh processes, taken in turn."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in WORK}
    for _ in range(REPEATS):
        for name in WORK:
            command = [sys.executable, __file__, "--run", name, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            runs[name].append(json.loads(done.stdout))
    return {
        name: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for name, found in runs.items()
    }


WORK: dict[str, Callable[[Path], int]] = {
    "ours": ours,
    "slicer": slicer,
    "bytes": bytes_alone,
}


def _run(name: str, path: Path) -> None:
    """One measured run; what is loaded and built once is done before the clock starts."""
    if name == "ours":
        io.read(payments(100, strip=True), name="warm")
    _days()
    start, cpu = time.perf_counter(), time.process_time()
    WORK[name](path)
    spent = {"seconds": time.perf_counter() - start, "cpu": time.process_time() - cpu}
    sys.stdout.write(json.dumps({**spent, "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """Peak resident memory of this program alone; getrusage counts its parent's as well."""
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text(encoding="ascii").split()
        return int(words[words.index("VmHWM:") + 1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _payment(number: int, line: str, days: dict[str, dt.date | None]) -> tuple[object, ...]:
    code = line[13:17]
    own = line[5:13], line[20:25]
    paid = int(line[115:128]) * CASH[code]
    when = days[line[103:109]], days[line[109:115]]
    if code < "0290":
        customer = line[25:40].strip().lstrip("0").upper() or "0"
        agreement, due = line[40:49], days[line[49:55]]
        amount = int(line[56:69]) * SIGNS[line[55]]
        reference = line[69:99].rstrip()
        return (number, code, *own, customer, agreement, due, amount, reference, *when, paid)
    payer = line[25:44]
    known = payer.startswith("0000")
    customer = payer[4:].strip().lstrip("0").upper() or "0" if known else payer
    fee, due = int(line[47:52]), days[line[52:58]]
    amount = int(line[59:72]) * SIGNS[line[58]]
    reference, archive = line[72:81].rstrip(), line[81:103].rstrip()
    return (number, code, *own, customer, fee, due, amount, reference, archive, *when, paid)


def _days(found: dict[str, dt.date | None] = {"000000": None}) -> dict[str, dt.date | None]:  # noqa: B006  # built once
    if len(found) == 1:
        first, last = dt.date(2000, 1, 1).toordinal(), dt.date(2100, 1, 1).toordinal()
        for day in map(dt.date.fromordinal, range(first, last)):
            found[f"{day:%d%m%y}"] = day
    return found


def _automatic(count: int) -> pl.DataFrame:
    chance = np.random.default_rng(1)
    codes = chance.choice(["0236", "0237", "0238", "0239"], count, p=[0.95, 0.03, 0.01, 0.01])
    frame = _frame(count, "0211", pl.Series(codes))
    return conform(
        frame.with_columns(agreement_no=(pl.col("row") + 100_000_000).cast(pl.String)),
        TRANSACTIONS,
    )


def _slips(count: int) -> pl.DataFrame:
    frame = _frame(count, "0215", pl.Series(["0297"]).new_from_index(0, count))
    row = pl.col("row")
    archive = pl.format("ARK{}", row.cast(pl.String).str.pad_start(15, "0"))
    texts = pl.when(row % TEXTS == 0).then(pl.lit("Betalt, på vegne af Åse"))
    return conform(frame.with_columns(bank_reference=archive, text=texts), TRANSACTIONS)


def _frame(count: int, section: str, codes: pl.Series) -> pl.DataFrame:
    amounts = pl.Series(np.random.default_rng(2).integers(5_000, 500_000, count))
    cash = codes.replace_strict(CASH, return_dtype=pl.Int64)
    numbers = pl.int_range(0, count, eager=True).alias("row")
    return pl.DataFrame({"row": numbers}).with_columns(
        section_kind=pl.lit(section),
        code=codes,
        creditor_no=pl.lit("87654321"),
        debtor_group=pl.lit("00001"),
        customer_no=(numbers + 100_000).cast(pl.String),
        reference=pl.format("1{}X", numbers.cast(pl.String).str.pad_start(7, "0")),
        due_date=pl.lit(dt.date(2026, 11, 2)),
        payment_date=pl.lit(dt.date(2026, 11, 2)),
        booking_date=pl.lit(dt.date(2026, 11, 3)),
        amount_minor=amounts,
        amount_paid_minor=amounts * cash,
    )


def main() -> None:
    """Print the table, or one measured run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--run", nargs=2, metavar=("WORK", "FILE"), help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.run:
        _run(chosen.run[0], Path(chosen.run[1]))
        return
    for row in rows(tuple(chosen.sizes)):
        print("  ".join(f"{key} {_shown(value)}" for key, value in row.items()))


def _shown(value: object) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
