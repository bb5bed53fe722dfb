"""Import, match and store payments: one file into a workspace that awaits it.

The workspace holds as many sent collections as the file has payments. Nine of ten payments
fit; the rest are rejected, cancelled, paid with another amount, or unknown. The peer is what
a per-row import through sqlite-utils does with the same, already matched lines.
"""

from __future__ import annotations

import datetime as dt
import resource
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import polars as pl

from workbench.cli.workspaces import make
from workbench.collection.inbox import import_file
from workbench.collection.setup import install
from workbench.io import betalingsservice_0602
from workbench.layout.betalingsservice_writing import Envelope
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
        row = [delivery, transaction.number]
        transaction.append("source_file", _file())
        transaction.execute(
            "INSERT INTO delivery (delivery_id, system, delivery_no, delivery_type, file_id, "
            "file_name, as_of, count, amount_minor, currency, state, recorded) "
            f"VALUES (?, 'BS', '1', '0601', 1, 'x', '2026-10-12', {count}, "
            f"{lines['amount_minor'].sum()}, 'DKK', 'accepted', ?)",
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


def measure(count: int) -> None:
    """One import in this process; prints seconds and peak memory in MB."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-bench-"))
    try:
        workspace = make(folder, company="Bench", language="en", currency="DKK")
        setup = folder / "setup.toml"
        setup.write_text(SETUP, encoding="utf-8")
        install(workspace, setup)
        lines = collections(count)
        fill(workspace, lines)
        file = folder / "D1.KR9"
        file.write_bytes(payments(lines))
        del lines
        start, cpu = time.perf_counter(), time.process_time()
        result = import_file(workspace, file, as_of=dt.date(2026, 11, 4))
        seconds = time.perf_counter() - start
        assert result.outcome == "accepted", result
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(seconds, peak, time.process_time() - cpu)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    measure(int(sys.argv[1]))
