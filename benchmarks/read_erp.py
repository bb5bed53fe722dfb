"""Reading a file of open entries beside a per-row version and beside reading the bytes.

The peer is what a programmer writes first: `csv.DictReader`, a `Decimal` for each amount and
`strptime` for each date. It types the same fields and makes no frame, keeps no texts, looks
for no duplicates and finds no fault. The limit is `np.fromfile`. Each runs in a fresh
process, in turn, and the median counts.

Run: python benchmarks/read_erp.py [--sizes 100000 1000000]
"""

from __future__ import annotations

import argparse
import csv
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
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl

from workbench.ledger.files import mapping
from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.rows import read_rows

REPEATS = 3
AMOUNTS = ("Beløb", "Restbeløb", "Grundlag", "Moms")
DATES = ("Bilagsdato", "Forfald")
COLUMNS = {
    "erp_entry_no": "Løbenr.",
    "customer_no": "Debitornr.",
    "kind": "Bilagstype",
    "document_no": "Bilagsnr.",
    "text": "Beskrivelse",
    "document_date": "Bilagsdato",
    "due_date": "Forfald",
    "amount": "Beløb",
    "remaining": "Restbeløb",
    "currency": "Valuta",
    "on_hold": "Spærret",
    "vat_code": "Momskode",
    "vat_rate": "Momssats",
    "vat_base": "Grundlag",
    "vat_amount": "Moms",
    "dimension.department": "Afdeling",
}
KINDS = {"amount": Kind.AMOUNT, "remaining": Kind.AMOUNT, "vat_base": Kind.AMOUNT} | {
    "customer_no": Kind.CUSTOMER_NO,
    "document_date": Kind.DATE,
    "due_date": Kind.DATE,
    "currency": Kind.CURRENCY,
    "on_hold": Kind.FLAG,
    "vat_rate": Kind.RATE,
    "vat_amount": Kind.AMOUNT,
}
FIELDS = tuple(
    Field(name, KINDS.get(name, Kind.TEXT), required=name == "erp_entry_no")
    for name in COLUMNS
    if not name.startswith("dimension.")
)


MAPPING = f"""
[file]
encoding = "utf-8"
[columns]
{chr(10).join(f'{name} = "{column}"' for name, column in COLUMNS.items() if "." not in name)}
[dimensions]
department = "Afdeling"
"""


def entries(count: int) -> bytes:
    """A file of `count` open entries with sixteen columns, one text in fifty quoted."""
    chance = np.random.default_rng(1)
    number = pl.Series("n", np.arange(count))
    minor = pl.Series(chance.integers(50, 5_000, count) * 100)
    day = pl.Series(chance.integers(1, 29, count)).cast(pl.String).str.pad_start(2, "0")
    frame = pl.DataFrame({"n": number, "minor": minor, "day": day}).select(
        pl.col("n").cast(pl.String).alias("Løbenr."),
        (pl.col("n") % 200_000 + 100_000).cast(pl.String).alias("Debitornr."),
        pl.lit("Faktura").alias("Bilagstype"),
        pl.format("F{}", "n").alias("Bilagsnr."),
        pl.when(pl.col("n") % 50 == 0)
        .then(pl.lit('"Vand; ""ekstra"""'))
        .otherwise(pl.lit("Vand"))
        .alias("Beskrivelse"),
        pl.format("{}-10-2026", "day").alias("Bilagsdato"),
        pl.lit("02-11-2026").alias("Forfald"),
        _printed(pl.col("minor")).alias("Beløb"),
        _printed(pl.col("minor")).alias("Restbeløb"),
        pl.lit("DKK").alias("Valuta"),
        pl.lit("Nej").alias("Spærret"),
        pl.lit("S25").alias("Momskode"),
        pl.lit("25,00").alias("Momssats"),
        _printed(pl.col("minor") * 4 // 5).alias("Grundlag"),
        _printed(pl.col("minor") // 5).alias("Moms"),
        pl.lit("VAND").alias("Afdeling"),
    )
    assert frame.columns == list(COLUMNS.values())
    return frame.write_csv(separator=";", quote_style="never").encode()


def _printed(minor: pl.Expr) -> pl.Expr:
    """An amount as Danish programs print it, thousands marked."""
    whole, decimals = minor // 100, (minor % 100).cast(pl.String).str.pad_start(2, "0")
    rest = (whole % 1000).cast(pl.String)
    grouped = pl.format("{}.{}", whole // 1000, rest.str.pad_start(3, "0"))
    return pl.format("{},{}", pl.when(whole >= 1000).then(grouped).otherwise(rest), decimals)


def ours(path: Path) -> int:
    """Our reader: every field typed, every cell judged and located."""
    found = mapping.of(mapping.MappingText("m", MAPPING), known=FIELDS, dimensions=True)
    table = read_rows(path.read_bytes(), name=path.name, mapping=found, known=FIELDS)
    assert not table.problems
    return int(table.values["amount"].sum())


def per_row(path: Path) -> int:
    """A plain loop over the rows."""
    total = 0
    found = []
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter=";"):
            typed: dict[str, object] = dict(row)
            for name in AMOUNTS:
                text = row[name].replace(".", "").replace(",", ".")
                typed[name] = int(Decimal(text).scaleb(2))
            for name in DATES:
                typed[name] = dt.datetime.strptime(row[name], "%d-%m-%Y").date()  # noqa: DTZ007  # a date
            typed["Momssats"] = int(Decimal(row["Momssats"].replace(",", ".")).scaleb(2))
            typed["Spærret"] = row["Spærret"] == "Ja"
            found.append(tuple(typed.values()))
            total += int(str(typed["Beløb"]))
    assert found
    return total


def bytes_alone(path: Path) -> int:
    """The machine's limit: the file into memory."""
    return int(np.fromfile(path, np.uint8)[0])


WORK: dict[str, Callable[[Path], int]] = {
    "ours": ours,
    "per_row": per_row,
    "bytes": bytes_alone,
}


def rows(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[dict[str, object]]:
    """The rows of the table, one per size."""
    table: list[dict[str, object]] = []
    smaller: tuple[int, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            path = Path(folder) / "entries.csv"
            path.write_bytes(entries(size))
            measured = _measure(path)
            table.append(_row(size, measured, smaller))
            smaller = (size, measured["ours"]["seconds"])
    return table


def _row(
    size: int, measured: dict[str, dict[str, float]], smaller: tuple[int, float] | None
) -> dict[str, object]:
    own, peer, limit = (measured[name]["seconds"] for name in WORK)
    exponent = math.log(own / smaller[1]) / math.log(size / smaller[0]) if smaller else None
    return {
        "work": "read entries, CSV",
        "size": size,
        "ours": own,
        "peer": peer,
        "limit": limit,
        "times_peer": peer / own,
        "of_limit": limit / own,
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
    sums = {run["sum"] for name in ("ours", "per_row") for run in runs[name]}
    assert len(sums) == 1, "both ways read the same money"
    return {
        name: {key: statistics.median(run[key] for run in found) for key in found[0]}
        for name, found in runs.items()
    }


def _run(name: str, path: Path) -> None:
    """One measured run."""
    start = time.perf_counter()
    found = WORK[name](path)
    spent = {"seconds": time.perf_counter() - start, "peak_mb": _peak_mb(), "sum": found}
    sys.stdout.write(json.dumps(spent))


def _peak_mb() -> float:
    """Peak resident memory of this program alone; getrusage counts its parent's as well."""
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text(encoding="ascii").split()
        return int(words[words.index("VmHWM:") + 1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
