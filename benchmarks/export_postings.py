"""Hand postings to the ERP: what waits becomes one delivery, recorded and in the outbox.

Half of the postings are at the bank, half of customers, each of whom paid one invoice; one in
five paid two at once. The peer reads the same rows, makes each line by itself, writes it
through `csv`, and notes each posting by itself. The limit only writes the lines as CSV.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import polars as pl

from workbench.cli.workspaces import make
from workbench.ledger.handover.layout import layout_of
from workbench.ledger.handover.layouts import ready_made
from workbench.reports.hand_over import export_postings
from workbench.store.workspace import Workspace, open_workspace

DAY = dt.date(2026, 11, 3)
LAYOUT = "business_central_general_journal"

#: Payments in one voucher, as the bank shows them in one amount.
LUMP = 5_000


def fill(workspace: Workspace, postings: int) -> None:
    """Make so many postings facts, as posting payments would have left them."""
    count = postings // 2
    frames = ledger(workspace, count)
    with workspace.transaction("fill", staged=frames) as transaction:
        file = {"file_id": 1, "sha256": "0", "name": "x", "bytes": 0, "lines": 0}
        transaction.append(
            "source_file",
            pl.DataFrame([file | {"format": "betalingsservice_0602", "direction": "in"}]),
        )
        for table in frames:
            transaction.append_staged(table)


def ledger(workspace: Workspace, count: int) -> dict[str, pl.DataFrame]:
    """Customers, invoices, payments and what they settle, by table, parents first."""
    lumps = -(-count // LUMP)
    number = pl.int_range(0, count, dtype=pl.Int64)
    sizes = {"c": count, "i": 2 * count, "e": count, "l": count, "v": lumps + 1, "p": 2 * count,
             "a": 2 * count}  # fmt: skip
    first = {name: workspace.draw_ids(size) for name, size in sizes.items()}
    amount = number * 7919 % 500_000 + 5_000
    base = pl.select(
        n=number,
        customer_id=first["c"] + number,
        payment_id=first["e"] + number,
        line_id=first["l"] + number,
        voucher_id=first["v"] + 1 + number // LUMP,
        amount=amount,
        twice=number % 5 == 0,
    )
    vouchers = pl.select(
        voucher_id=pl.int_range(first["v"], first["v"] + lumps + 1, dtype=pl.Int64)
    ).with_columns(
        journal=pl.when(pl.col("voucher_id") == first["v"])
        .then(pl.lit("ERP"))
        .otherwise(pl.lit("PAYMENTS")),
        document_no=pl.format("V{}", "voucher_id"),
        number=pl.col("voucher_id"),
        posting_date=pl.lit(DAY),
        bank_date=pl.lit(DAY),
        text=pl.lit("Betalingsservice 0211 payment"),
        actor=pl.lit("bench"),
    )
    customers = base.select(
        "customer_id",
        pl.format("{}", pl.col("n") + 1_000_000).alias("customer_no"),
        pl.format("{}", pl.col("n") + 1_000_000).alias("printed_no"),
    )
    common: list[pl.Expr] = [
        pl.col("customer_id"),
        pl.lit(DAY).alias("document_date"),
        pl.lit(DAY).alias("due_date"),
        pl.lit(DAY).alias("posting_date"),
        pl.lit("DKK").alias("currency"),
        pl.lit("STANDARD").alias("profile"),
    ]
    small = pl.when("twice").then(pl.col("amount") // 3).otherwise(0)
    invoice = [
        (first["i"] + pl.col("n"), pl.col("amount") - small, "F", pl.lit(value=True)),
        (first["i"] + count + pl.col("n"), small, "G", pl.col("twice")),
    ]
    entries = [
        base.filter(wanted).select(
            entry.alias("entry_id"), *common,
            pl.lit("invoice").alias("kind"),
            pl.format("{}", entry).alias("erp_entry_no"),
            pl.format(f"{letter}{{}}", pl.col("n") + 100_000).alias("document_no"),
            part.alias("amount_minor"),
            pl.lit(first["v"], pl.Int64).alias("voucher_id"),
            pl.lit(None, pl.Int64).alias("payment_line_id"),
        )
        for entry, part, letter, wanted in invoice
    ]  # fmt: skip
    payments = base.select(
        pl.col("payment_id").alias("entry_id"), *common,
        pl.lit("payment").alias("kind"),
        pl.lit(None, pl.String).alias("erp_entry_no"),
        pl.format("V{}", "voucher_id").alias("document_no"),
        (-pl.col("amount")).alias("amount_minor"),
        "voucher_id",
        pl.col("line_id").alias("payment_line_id"),
    )  # fmt: skip
    lines = base.select(
        pl.col("line_id").alias("payment_line_id"),
        pl.lit(1).alias("file_id"),
        (pl.col("n") + 1).alias("line"),
        pl.lit("payment_completed").alias("kind"),
        pl.format("{}", pl.col("n") + 100_000_000).alias("reference"),
        pl.col("n").alias("raw_key"),
        pl.lit(0).alias("faulty"),
    )
    return {
        "customer": customers,
        "voucher": vouchers,
        "payment_line": lines,
        "entry": pl.concat([*entries, payments]).sort("entry_id"),
        "posting": _postings(base, first["p"]),
        "application": _applications(base, invoice, first["a"], count),
    }


def _postings(base: pl.DataFrame, first: int) -> pl.DataFrame:
    sides = [
        base.select(
            (first + 2 * pl.col("n") + side).alias("posting_id"),
            "voucher_id",
            (2 * (pl.col("n") % LUMP) + side + 1).alias("number"),
            pl.lit(account).alias("account_no"),
            pl.lit(purpose).alias("purpose"),
            pl.lit("STANDARD").alias("profile"),
            (sign * pl.col("amount")).alias("amount_minor"),
            pl.lit("DKK").alias("currency"),
            pl.lit(DAY).alias("posting_date"),
            pl.lit(DAY).alias("bank_date"),
            pl.lit("payment_completed").alias("text"),
            (pl.col("customer_id") if side else pl.lit(None, pl.Int64)).alias("customer_id"),
            (pl.col("payment_id") if side else pl.lit(None, pl.Int64)).alias("entry_id"),
            pl.col("line_id").alias("payment_line_id"),
        )
        for side, (account, purpose, sign) in enumerate(
            (("5820", "bank_clearing", 1), ("5600", "receivable", -1))
        )
    ]
    return pl.concat(sides).sort("posting_id")


def _applications(
    base: pl.DataFrame,
    invoices: list[tuple[pl.Expr, pl.Expr, str, pl.Expr]],
    first: int,
    count: int,
) -> pl.DataFrame:
    parts = [
        base.filter(wanted).select(
            (first + n * count + pl.col("n")).alias("application_id"),
            pl.col("payment_id").alias("from_entry_id"),
            entry.alias("to_entry_id"),
            part.alias("amount_minor"),
            pl.lit("DKK").alias("currency"),
            pl.lit("payment").alias("kind"),
            pl.lit(DAY).alias("posting_date"),
            "voucher_id",
            pl.col("line_id").alias("payment_line_id"),
            pl.lit("bench").alias("actor"),
        )
        for n, (entry, part, _, wanted) in enumerate(invoices)
    ]
    return pl.concat(parts).sort("application_id")


def rows(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[dict[str, object]]:
    """The rows of the table: ours, a version line by line as peer, writing alone as limit."""
    table: list[dict[str, object]] = []
    smaller: tuple[int, float] | None = None
    for size in sizes:
        own, peer, limit = (_measured(work, size) for work in ("ours", "peer", "limit"))
        seconds = own["seconds"]
        table.append(
            {
                "work": "hand postings over",
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
    """One run in a fresh process, on what another one prepared."""
    folder = Path(tempfile.mkdtemp(prefix="workbench-bench-"))
    try:
        for step in ("prepare", work):
            command = [sys.executable, __file__, step, str(folder), str(size)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return found


def prepared(folder: Path, postings: int) -> Workspace:
    """A workspace in which so many postings wait."""
    workspace = make(folder, company="Bench", language="en", currency="DKK")
    fill(workspace, postings)
    return workspace


def ours(workspace: Workspace) -> None:
    """The whole hand-over."""
    result = export_postings(workspace, mapping=LAYOUT, as_of=DAY)
    assert result.number == "HO-000001", result


_PEER = """
SELECT p.posting_id, p.amount_minor, p.account_no, p.entry_id, c.customer_no, v.document_no,
       v.posting_date, v.bank_date, v.text, l.reference
FROM posting AS p JOIN voucher AS v USING (voucher_id)
LEFT JOIN customer AS c ON c.customer_id = p.customer_id
LEFT JOIN payment_line AS l ON l.payment_line_id = p.payment_line_id
WHERE v.journal = 'PAYMENTS' ORDER BY p.posting_id
"""
_APPLIED = """
SELECT a.amount_minor, e.document_no FROM application AS a
JOIN entry AS e ON e.entry_id = a.to_entry_id WHERE a.from_entry_id = ?
"""
_NOTED = """
INSERT INTO handover_application
SELECT application_id, 1, 1 FROM application WHERE from_entry_id = ?
"""


def peer(workspace: Workspace) -> None:
    """Line by line: one question for each payment, one row of CSV, one note for each."""
    headings = [
        column.heading for column in layout_of(ready_made()[LAYOUT]).columns["postings"]
    ]
    connection = sqlite3.connect(workspace.database)
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(
        "INSERT INTO handover VALUES (1, 1, 'HO-000001', 'csv', 'x', 'x', '2026-11-03', NULL, "
        "'bench', 1)"
    )
    with (workspace.folder / "peer.csv").open("w", encoding="utf-8-sig", newline="") as target:
        writer = csv.DictWriter(target, headings, delimiter=";", restval="")
        writer.writeheader()
        for posting in connection.execute(_PEER):
            for line in _lines(connection, posting):
                writer.writerow(line)
            connection.execute("INSERT INTO handover_posting VALUES (?, 1, 1)", [posting[0]])
            connection.execute(_NOTED, [posting[3]])
    connection.commit()
    connection.close()


def _lines(connection: sqlite3.Connection, posting: tuple[object, ...]) -> list[dict[str, str]]:
    _, amount, account, entry, customer, document, day, bank, text, reference = posting
    parts = [(-int(part), no) for part, no in connection.execute(_APPLIED, [entry])]
    return [
        {
            "Posting Date": f"{dt.date.fromisoformat(str(day)):%d-%m-%Y}",
            "Document Date": f"{dt.date.fromisoformat(str(bank)):%d-%m-%Y}",
            "Document Type": "Payment",
            "Document No.": str(document),
            "External Document No.": str(reference),
            "Account Type": "Customer" if customer else "G/L Account",
            "Account No.": str(customer or account),
            "Description": str(text),
            "Amount": str(Decimal(part).scaleb(-2)).replace(".", ","),
            "Applies-to Doc. No.": str(applied),
        }
        for part, applied in parts or [(int(str(amount)), "")]
    ]


def limit(workspace: Workspace) -> None:
    """As many lines of as many columns written as CSV, and nothing else."""
    with sqlite3.connect(workspace.database) as connection:
        (count,) = connection.execute("SELECT count(*) FROM posting").fetchone()
    number = pl.int_range(0, count, dtype=pl.Int64)
    columns = [pl.format("{}", number).alias(str(n)) for n in range(19)]
    pl.select(columns).write_csv(workspace.folder / "limit.csv", separator=";")


WORK: dict[str, Callable[[Workspace], object]] = {"ours": ours, "peer": peer, "limit": limit}


def prepare(folder: Path, count: int) -> None:
    """The workspaces of one run: the one that counts, and one to warm up with."""
    prepared(folder / "company", count)
    prepared(folder / "warm", 100)


def measure(work: str, folder: Path) -> None:
    """One run in this process; prints seconds, CPU seconds and peak memory as JSON."""
    WORK[work](open_workspace(folder / "warm"))
    start, cpu = time.perf_counter(), time.process_time()
    WORK[work](open_workspace(folder / "company"))
    found = {
        "seconds": time.perf_counter() - start,
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(found))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        measure(sys.argv[1], Path(sys.argv[2]))
