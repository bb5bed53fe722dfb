"""Import, match and store payments: one file into a workspace that awaits it.

The workspace holds as many sent collections as the file has payments. Nine of ten payments
fit; the rest are rejected, cancelled, paid with another amount, or unknown. The peer reads and
matches as we do and then stores row by row through sqlite-utils; the limit only reads and
matches.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from sqlite_utils import Database

from workbench import io
from workbench.cli.workspaces import make
from workbench.collection import sql
from workbench.collection.inbox import import_file
from workbench.collection.setup import install
from workbench.io import betalingsservice_0602
from workbench.layout.betalingsservice_writing import Envelope
from workbench.matching.match import match_payments
from workbench.matching.schemas import COLLECTIONS
from workbench.model.frames import TRANSACTIONS
from workbench.references.betalingsservice_reference import from_counters
from workbench.store.workspace import Workspace

DUE = dt.date(2026, 11, 2)
SETUP = """
[system]
system = "BS"
scheme = "betalingsservice_total"
name = "Betalingsservice Total"
supplier_no = "99999993"
subsystem = "KR9"

[[creditor]]
creditor_no = "09999999"

[[creditor.group]]
debtor_group = "00001"
"""


def collections(count: int) -> pl.DataFrame:
    """As many sent lines, each of a customer of its own."""
    number = pl.int_range(0, count, dtype=pl.Int64)
    return pl.select(
        (number + 1_000_000).cast(pl.String).alias("customer_no"),
        from_counters(0, count).alias("reference"),
        (number * 7919 % 500_000 + 5_000).alias("amount_minor"),
        (number + 100_000_000).cast(pl.String).alias("agreement_no"),
    )


def fill(workspace: Workspace, lines: pl.DataFrame) -> None:
    """Make the lines facts, as a delivery that was sent would have left them."""
    count = lines.height
    customer, line, delivery = (workspace.draw_ids(n) for n in (count, count, 1))
    customers = lines.select(
        pl.int_range(customer, customer + count, dtype=pl.Int64).alias("customer_id"),
        "customer_no",
        pl.col("customer_no").alias("printed_no"),
    )
    sent = lines.select(
        pl.int_range(line, line + count, dtype=pl.Int64).alias("collection_line_id"),
        pl.lit("09999999").alias("creditor_no"),
        pl.lit("00001").alias("debtor_group"),
        pl.int_range(customer, customer + count, dtype=pl.Int64).alias("customer_id"),
        "customer_no",
        "agreement_no",
        pl.lit(DUE).alias("due_date"),
        "amount_minor",
        pl.lit("DKK").alias("currency"),
        "reference",
        pl.lit("in_process").alias("status"),
        pl.lit(delivery).alias("delivery_id"),
    )
    staged = {"customer": customers, "collection_line": sent}
    with workspace.transaction("fill", staged=staged) as transaction:
        row = [delivery, count, lines["amount_minor"].sum(), transaction.number]
        transaction.append("source_file", _file())
        transaction.execute(
            "INSERT INTO delivery (delivery_id, system, delivery_no, delivery_type, file_id, "
            "file_name, as_of, count, amount_minor, currency, state, recorded) "
            "VALUES (?, 'BS', '1', '0601', 1, 'x', '2026-10-12', ?, ?, 'DKK', 'accepted', ?)",
            row,
        )
        transaction.append_staged("customer")
        transaction.append_staged("collection_line")


def _file() -> pl.DataFrame:
    row = {"file_id": 1, "sha256": "0", "name": "x", "bytes": 0, "lines": 0}
    return pl.DataFrame([row | {"format": "betalingsservice_0601", "direction": "out"}])


def payments(lines: pl.DataFrame) -> bytes:
    """A 0602 that answers the lines."""
    chance = pl.Series(np.random.default_rng(1).random(lines.height))
    rejected, cancelled = chance < 0.03, (chance >= 0.03) & (chance < 0.05)
    kind = (
        pl.when(rejected).then(pl.lit("payment_rejected"))
        .when(cancelled).then(pl.lit("agreement_cancelled"))
        .otherwise(pl.lit("payment_completed"))
    )  # fmt: skip
    amount = pl.col("amount_minor")
    paid = (
        pl.when(chance < 0.05).then(0).when(chance > 0.99).then(amount + 100).otherwise(amount)
    )
    given = {
        "section_kind": pl.lit("0211"),
        "kind": kind,
        "creditor_no": pl.lit("09999999"),
        "debtor_group": pl.lit("00001"),
        "customer_no": pl.col("customer_no"),
        "agreement_no": pl.col("agreement_no"),
        "reference": pl.when((chance > 0.98) & (chance < 0.985)).then(pl.lit("ZZZZZZZZZ"))
        .otherwise(pl.col("reference")),
        "due_date": pl.lit(DUE),
        "payment_date": pl.when(chance >= 0.05).then(pl.lit(DUE)),
        "booking_date": pl.when(chance >= 0.05).then(pl.lit(dt.date(2026, 11, 3))),
        "amount_minor": amount,
        "amount_paid_minor": paid,
        "currency": pl.lit("DKK"),
    }  # fmt: skip
    codes = {
        "payment_rejected": "0237",
        "agreement_cancelled": "0238",
        "payment_completed": "0236",
    }
    columns = [
        given.get(name, pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in TRANSACTIONS.items()
    ]
    frame = lines.select(columns).with_columns(code=pl.col("kind").replace_strict(codes))
    envelope = Envelope(
        supplier_no="99999993", subsystem="KR9", delivery_id="1", created=dt.date(2026, 11, 3)
    )
    return betalingsservice_0602.write(frame, envelope=envelope).content


def rows(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[dict[str, object]]:
    """The rows of the table: ours, a per-row store as peer, reading and matching as limit."""
    table: list[dict[str, object]] = []
    smaller: tuple[int, float] | None = None
    for size in sizes:
        own, peer, limit = (_measured(work, size) for work in ("ours", "peer", "limit"))
        seconds = own["seconds"]
        table.append(
            {
                "work": "import, match, store",
                "size": size,
                "ours": seconds,
                "peer": peer["seconds"],
                "limit": limit["seconds"],
                "times_peer": peer["seconds"] / seconds,
                "of_limit": limit["seconds"] / seconds,
                "peak_memory_mb": own["peak_mb"],
                "exponent": math.log(seconds / smaller[1]) / math.log(size / smaller[0])
                if smaller
                else None,
            }
        )
        smaller = (size, seconds)
    return table


def _measured(work: str, size: int) -> dict[str, float]:
    """One run in a fresh process."""
    command = [sys.executable, __file__, work, str(size)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def prepared(folder: Path, count: int) -> tuple[Workspace, Path]:
    """A workspace that awaits payments, and the file that brings them."""
    workspace = make(folder, company="Bench", language="en", currency="DKK")
    setup = folder / "setup.toml"
    setup.write_text(SETUP, encoding="utf-8")
    install(workspace, setup)
    lines = collections(count)
    fill(workspace, lines)
    file = folder / "D1.KR9"
    file.write_bytes(payments(lines))
    return workspace, file


def ours(workspace: Workspace, file: Path) -> None:
    """The whole import."""
    result = import_file(workspace, file, as_of=dt.date(2026, 11, 4))
    assert result.outcome == "accepted", result


def limit(workspace: Workspace, file: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Reading and matching alone, with the collections in memory already."""
    reading = io.read(file.read_bytes(), name=file.name)
    assert reading.value is not None
    found = reading.value.transactions.with_row_index("payment_id").with_columns(
        pl.col("payment_id").cast(pl.Int64), known=pl.lit(value=False)
    )
    waiting, customers = _awaited(workspace)
    return found, match_payments(found, collections=waiting, customers=customers)


def _awaited(workspace: Workspace) -> tuple[pl.DataFrame, pl.Series]:
    with workspace.read() as reader:
        waiting = reader.gathered(
            sql.COLLECTIONS_OF_CREDITORS, ['["09999999"]'], schema=COLLECTIONS
        )
        numbers = reader.rows("SELECT customer_no FROM customer")
    return waiting, pl.Series([number for (number,) in numbers])


def peer(workspace: Workspace, file: Path) -> None:
    """Reading and matching, and then a store row by row through sqlite-utils."""
    found, outcomes = limit(workspace, file)
    database = Database(file.with_suffix(".peer"))
    database.enable_wal()
    table = database.table("payment_line", pk="payment_id")
    table.insert_all(
        found.with_columns(pl.col("raw_key").cast(pl.String)).iter_rows(named=True)
    )
    table = database.table("line_outcome", pk="payment_id")
    table.insert_all(outcomes.iter_rows(named=True))
    moved = outcomes.filter(pl.col("new_status").is_not_null())
    table = database.table("collection_register")
    table.insert_all(moved.select("collection_id", "new_status").iter_rows(named=True))
    database.close()


WORK: dict[str, Callable[[Workspace, Path], object]] = {
    "ours": ours,
    "peer": peer,
    "limit": limit,
}


def measure(work: str, count: int) -> None:
    """One run in this process; prints seconds, CPU seconds and peak memory as JSON."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-bench-"))
    try:
        workspace, file = prepared(folder, count)
        warm = folder / "warm"
        WORK[work](*prepared(warm, 100))
        start, cpu = time.perf_counter(), time.process_time()
        WORK[work](workspace, file)
        found = {
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - cpu,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print(json.dumps(found))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    measure(sys.argv[1], int(sys.argv[2]))
