"""Import open entries: a first load of everything that is open, and a full file a month later.

Of the later file 95 of 100 entries are as they were, 2 were settled in the ERP, 1 shows what
we handed over as booked, 1 is new, and 1 is missing. The peer takes the same files and decides
the same row by row through sqlite-utils; the limit only reads the file.
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

import polars as pl
from sqlite_utils import Database

from workbench.cli.workspaces import make
from workbench.ledger.files import mapping
from workbench.ledger.files.mapping import MappingText
from workbench.ledger.files.rows import read_rows
from workbench.ledger.imports.entries import import_entries
from workbench.ledger.imports.entry_rows import FIELDS
from workbench.ledger.setup import ERP_JOURNAL, PAYMENT_JOURNAL
from workbench.store.workspace import Workspace, open_workspace

FIRST, LATER = dt.date(2026, 10, 12), dt.date(2026, 11, 12)

MAPPING = MappingText(
    "entries",
    """
[file]
decimal = ","
thousands = ""
date = "%Y-%m-%d"

[columns]
erp_entry_no = "no"
customer_no = "customer"
kind = "kind"
document_no = "document"
document_date = "date"
due_date = "due"
amount = "amount"
remaining = "remaining"
currency = "currency"

[dimensions]
department = "department"
""",
)


def entries(count: int, *, later: bool = False) -> pl.DataFrame:
    """What the ERP knows: number, customer, amount and what remains, in minor units."""
    number = pl.int_range(0, count + count // 100, dtype=pl.Int64)
    share = pl.col("number") % 100
    amount = pl.col("number") * 7919 % 500_000 + 5_000
    known = pl.select(number=number).with_columns(amount=amount, customer=pl.col("number") // 4)
    if not later:
        return known.filter(pl.col("number") < count).with_columns(remaining="amount")
    remaining = (
        pl.when(pl.col("number") >= count).then(amount)
        .when(share < 2).then(amount // 2)
        .when(share == 2).then(0)
        .otherwise(amount)
    )  # fmt: skip
    return known.filter((share != 3) | (pl.col("number") >= count)).with_columns(
        remaining=remaining
    )


def csv(frame: pl.DataFrame) -> bytes:
    """The frame as the ERP exports it."""

    def decimal(name: str) -> pl.Expr:
        whole, rest = pl.col(name) // 100, (pl.col(name) % 100).cast(pl.String).str.zfill(2)
        return pl.concat_str(whole, pl.lit(","), rest).alias(name)

    text = frame.select(
        no=pl.col("number") + 1_000_000,
        customer=pl.col("customer") + 1_000,
        kind=pl.lit("invoice"),
        document=pl.concat_str(pl.lit("F"), pl.col("number")),
        date=pl.lit("2026-10-01"),
        due=pl.lit("2026-11-02"),
        amount=decimal("amount"),
        remaining=decimal("remaining"),
        currency=pl.lit("DKK"),
        department=pl.concat_str(pl.lit("D"), pl.col("number") % 50),
    ).write_csv(separator=";")
    return text.encode()


def fill(workspace: Workspace, count: int) -> None:
    """The customers of the entries."""
    number = pl.int_range(0, count // 4 + 1 + count // 400, dtype=pl.Int64)
    numbers = pl.select(customer_no=(number + 1_000).cast(pl.String))
    customers = workspace.with_ids(numbers, "customer_id").with_columns(
        printed_no="customer_no"
    )
    with workspace.transaction("fill", staged={"customer": customers}) as transaction:
        transaction.append_staged("customer")


def hand_over(workspace: Workspace) -> None:
    """One of a hundred entries was paid through us, and the ERP was told."""
    with workspace.transaction("fill") as transaction:
        paid = transaction.frame(
            "SELECT entry_id, customer_id, amount_minor FROM entry "
            "WHERE CAST(erp_entry_no AS INTEGER) % 100 = 2",
            schema=pl.Schema(
                {"entry_id": pl.Int64, "customer_id": pl.Int64, "amount_minor": pl.Int64}
            ),
        )
        first = transaction.draw_ids(2 + 2 * paid.height)
        transaction.execute(
            "INSERT INTO voucher (voucher_id, journal, document_no, number, posting_date, "
            "text, actor, recorded) VALUES (?, ?, 'PAY-1', 1, ?, 'paid', 'bench', ?)",
            [first, PAYMENT_JOURNAL, LATER.isoformat(), transaction.number],
        )
        transaction.execute(
            "INSERT INTO handover (handover_id, number, document_no, format, mapping_name, "
            "mapping, as_of, actor, recorded) VALUES (?, 1, 'HO-1', 'csv', 'm', '', ?, 'b', ?)",
            [first + 1, LATER.isoformat(), transaction.number],
        )
        ids = pl.int_range(first + 2, first + 2 + paid.height, dtype=pl.Int64)
        shared = {"currency": pl.lit("DKK"), "posting_date": pl.lit(LATER)}
        transaction.append(
            "entry",
            paid.select(
                "customer_id",
                entry_id=ids,
                kind=pl.lit("payment"),
                document_no=pl.lit("PAY-1"),
                document_date=pl.lit(LATER),
                due_date=pl.lit(LATER),
                amount_minor=-pl.col("amount_minor"),
                profile=pl.lit("STANDARD"),
                voucher_id=pl.lit(first),
                **shared,
            ),
        )
        applications = paid.select(
            application_id=ids + paid.height,
            from_entry_id=ids,
            to_entry_id="entry_id",
            amount_minor="amount_minor",
            kind=pl.lit("payment"),
            voucher_id=pl.lit(first),
            actor=pl.lit("bench"),
            **shared,
        )
        transaction.append("application", applications)
        transaction.append(
            "handover_application",
            applications.select("application_id", handover_id=pl.lit(first + 1)),
        )


def rows(sizes: tuple[int, ...] = (100_000, 1_000_000)) -> list[dict[str, object]]:
    """The rows of the table: both imports, a per-row store as peer, reading as limit."""
    table: list[dict[str, object]] = []
    for work in ("first load", "full import"):
        smaller: tuple[int, float] | None = None
        for size in sizes:
            own, peer, limit = (
                _measured(f"{who} {work}", size) for who in ("ours", "peer", "limit")
            )
            seconds = own["seconds"]
            table.append(
                {
                    "work": f"entries, {work}",
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


def ours(workspace: Workspace, file: Path, as_of: dt.date) -> None:
    """The whole import."""
    result = import_entries(workspace, file, mapping=MAPPING, as_of=as_of, full=True)
    assert result.outcome == "accepted", result.problems[:5]
    expected = result.counts["new"] == result.effects.height or (
        result.counts["booked"] and result.counts["settled_in_erp"] and result.counts["new"]
    )
    assert expected, result.counts


def limit(_workspace: Workspace, file: Path, _as_of: dt.date) -> pl.DataFrame:
    """Reading alone."""
    notation = mapping.of(MAPPING, known=FIELDS, dimensions=True)
    content = file.read_bytes()
    return read_rows(
        content, name=file.name, mapping=notation, known=FIELDS, base_currency="DKK"
    ).values


def peer(workspace: Workspace, file: Path, as_of: dt.date) -> None:
    """The same decisions row by row, and a store of each row through sqlite-utils."""
    database = Database(workspace.folder / "peer.db")
    database.enable_wal()
    entry = database.table("entry", pk="erp_entry_no")
    posting, settlement = database.table("posting"), database.table("settlement")
    named = set()
    with database.conn:
        for row in limit(workspace, file, as_of).iter_rows(named=True):
            named.add(row["erp_entry_no"])
            found = list(entry.rows_where("erp_entry_no = ?", [row["erp_entry_no"]]))
            if not found:
                entry.insert(row | {"journal": ERP_JOURNAL})
                posting.insert({"entry": row["erp_entry_no"], "amount": row["amount"]})
            elif found[0]["remaining"] != row["remaining"]:
                entry.update(row["erp_entry_no"], {"remaining": row["remaining"]})
                settlement.insert({"entry": row["erp_entry_no"], "amount": row["remaining"]})
        missing = [r for r in entry.rows if r["remaining"] and r["erp_entry_no"] not in named]
        for row in missing:
            entry.update(row["erp_entry_no"], {"remaining": 0})
            settlement.insert({"entry": row["erp_entry_no"], "amount": 0})
    database.close()


WORK: dict[str, Callable[[Workspace, Path, dt.date], object]] = {
    "ours": ours,
    "peer": peer,
    "limit": limit,
}


def prepared(folder: Path, count: int) -> tuple[Workspace, Path]:
    """A workspace with customers and both files; the first of them."""
    workspace = make(folder / "ws", company="Bench", language="en", currency="DKK")
    fill(workspace, count)
    first, later = folder / "first.csv", folder / "later.csv"
    first.write_bytes(csv(entries(count)))
    later.write_bytes(csv(entries(count, later=True)))
    return workspace, first


def measure(work: str, count: int) -> None:
    """One run in this process; prints seconds, CPU seconds and peak memory as JSON."""
    who, _, which = work.partition(" ")
    folder = Path(tempfile.mkdtemp(prefix="workbench-bench-"))
    try:
        WORK[who](*_before(folder / "warm", 100, who=who, which=which))
        arguments = _before(folder / "whole", count, who=who, which=which)
        start, cpu = time.perf_counter(), time.process_time()
        WORK[who](*arguments)
        found = {
            "seconds": time.perf_counter() - start,
            "cpu": time.process_time() - cpu,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
        print(json.dumps(found))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _before(
    folder: Path, count: int, *, who: str, which: str
) -> tuple[Workspace, Path, dt.date]:
    """What an import begins with."""
    folder.mkdir()
    # In a process of its own, so that its memory is not counted.
    command = [sys.executable, __file__, "prepare", str(folder), str(count), who, which]
    subprocess.run(command, check=True)
    file, as_of = ("first.csv", FIRST) if which == "first load" else ("later.csv", LATER)
    return open_workspace(folder / "ws"), folder / file, as_of


def prepare(folder: Path, count: int, who: str, which: str) -> None:
    """Make a workspace and the files; for a full import, with the first load in it."""
    workspace, first = prepared(folder, count)
    if which == "first load" or who == "limit":
        return
    WORK[who](workspace, first, FIRST)
    if who == "ours":
        hand_over(workspace)


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(Path(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
    else:
        measure(sys.argv[1], int(sys.argv[2]))
