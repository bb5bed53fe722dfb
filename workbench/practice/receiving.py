"""A delivery as the center receives it: fetched, judged, and its truth settled.

The codes of refusals are this center's own; no list of the network's is public. `PN` codes
refuse a file that cannot be read, `BS` codes its content.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from workbench.io import betalingsservice_0601
from workbench.layout.betalingsservice_records import DeliveryStart
from workbench.layout.betalingsservice_rows import conform
from workbench.layout.betalingsservice_walk import WIDTH
from workbench.layout.lines import split
from workbench.model.deliveries import Delivery, Totals
from workbench.model.problems import Severity
from workbench.practice import json_lines
from workbench.practice.books import PLANNED, TRUTH, Books, Row, digest
from workbench.practice.mix import Mix
from workbench.practice.payments import settled, told
from workbench.transport import folder


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the center says to a delivery; a refusal on arrival has no second receipt."""

    received_code: str
    received_text: str
    validated_code: str | None = None
    validated_text: str = ""


#: Between a delivery's creation and a due date, either way.
_DAYS_MOST = 366

_RECEIVED = ("PN00", "DATA ACCEPTERET")
VERDICTS = {
    "accepted": Verdict(*_RECEIVED, "BS00", "LEVERANCE GODKENDT"),
    "unreadable": Verdict("PN10", "DATA AFVIST: LEVERANCEN ER IKKE HEL"),
    "unknown_type": Verdict("PN20", "DATA AFVIST: UKENDT LEVERANCETYPE"),
    "faulty": Verdict(*_RECEIVED, "BS10", "LEVERANCE AFVIST: FEJL I INDHOLD"),
    "bad_due_date": Verdict(*_RECEIVED, "BS11", "LEVERANCE AFVIST: FORFALDSDATO UGYLDIG"),
    "seen_before": Verdict(*_RECEIVED, "BS20", "LEVERANCE AFVIST: MODTAGET TIDLIGERE"),
}


def finish(books: Books, outbox: Path) -> None:
    """Remove deliveries from the outbox that were recorded when the center stopped."""
    done = books.marked("fetched")
    for row in books.delivery_rows():
        if row["delivery"] not in done:
            path = outbox / str(row["name"])
            if path.exists() and digest(path.read_bytes()) == row["sha256"]:
                path.unlink()
            books.mark("fetched", row["delivery"])


def fetch(books: Books, path: Path, *, as_of: date, seed: int, mix: Mix) -> Row | None:
    """Take one file out of the outbox; None when it is not addressed to the center.

    Returns:
        Its line of `deliveries.jsonl`.
    """
    content = path.read_bytes()
    head = _head(content)
    if head is None:
        return None
    row = _recorded(books, path.name, content, head, as_of=as_of, seed=seed, mix=mix)
    path.unlink()
    books.mark("fetched", row["delivery"])
    return row


def waiting(outbox: Path) -> list[Path]:
    """The files of the outbox; none when there is no outbox."""
    return folder.waiting(outbox) if outbox.exists() else []


def _recorded(
    books: Books,
    name: str,
    content: bytes,
    head: dict[str, object],
    *,
    as_of: date,
    seed: int,
    mix: Mix,
) -> Row:
    """Keep the file, settle its truth, and then make it a fact in one line."""
    sha256 = digest(content)
    before = books.delivery_rows()
    number = len(before) + 1
    books.keep("fetched", sha256, content)
    verdict, delivery = _judged(content, name, head, before)
    totals = delivery.computed if delivery is not None else Totals()
    accepted = delivery if verdict == "accepted" else None
    truth, planned = _truth(accepted, number, seed=seed, mix=mix)
    truth_bytes = json_lines.append_frame(books.truth, truth)
    planned_bytes = json_lines.append_frame(books.planned, planned)
    row: Row = {
        "delivery": number,
        "name": name,
        "sha256": sha256,
        "as_of": as_of.isoformat(),
        "supplier_no": str(head["supplier_no"] or ""),
        "subsystem": str(head["subsystem"] or ""),
        "delivery_id": str(head["delivery_id"] or ""),
        "verdict": verdict,
        "assigned_id": books.next_number() if VERDICTS[verdict].validated_code else None,
        "records": delivery.source.lines if delivery is not None else None,
        "sections": totals.sections,
        "text_count": totals.text_count,
        "count": totals.count,
        "amount_minor": totals.amount_minor,
        "seed": seed,
        "mix": asdict(mix),
        "releases": [str(day) for day in planned["released_on"].unique().sort()],
        "truth_bytes": truth_bytes,
        "planned_bytes": planned_bytes,
    }
    json_lines.append_row(books.deliveries, row)
    return row


def _judged(
    content: bytes, name: str, head: dict[str, object], before: list[Row]
) -> tuple[str, Delivery | None]:
    """The verdict over a delivery, and what could be read of it."""
    if head["delivery_type"] != "0601":
        return "unknown_type", None
    reading = betalingsservice_0601.read(content, name=name)
    delivery = reading.value
    if delivery is None or reading.worst is Severity.FATAL:
        return "unreadable", delivery
    same = [
        row["delivery"]
        for row in before
        if row["verdict"] == "accepted"
        and row["delivery_id"] == delivery.id
        and (row["supplier_no"], row["subsystem"]) == (delivery.supplier_no, delivery.subsystem)
    ]
    if same:
        return "seen_before", delivery
    if reading.worst is Severity.ERROR:
        return "faulty", delivery
    return ("accepted" if _due_dates_stand(delivery) else "bad_due_date"), delivery


def _due_dates_stand(delivery: Delivery) -> bool:
    """Whether every collection is due within a year of the delivery's creation."""
    away = pl.col("due_date") - pl.lit(delivery.created, pl.Date)
    near = away.dt.total_days().abs() <= _DAYS_MOST
    return bool(delivery.transactions.select(near.fill_null(value=False).all()).item())


def _truth(
    delivery: Delivery | None, number: int, *, seed: int, mix: Mix
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The lines of `truth.jsonl` and of `planned.jsonl`; none for a refused delivery."""
    if delivery is None:
        return pl.DataFrame(schema=TRUTH), pl.DataFrame(schema=PLANNED)
    key = f"{delivery.supplier_no}/{delivery.subsystem}/{delivery.id}"
    truth = settled(delivery.transactions, seed=seed, mix=mix, delivery=key)
    lines = delivery.transactions["line"]

    def placed(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
        line = lines.gather(frame["collection"]).alias("line")
        return conform(frame.with_columns(line, pl.lit(number).alias("delivery")), schema)

    return placed(truth, TRUTH), placed(told(truth), PLANNED)


def _head(content: bytes) -> dict[str, object] | None:
    """The first record of a delivery; None for a file that is none."""
    lines = split(content[:4096])
    for at in range(len(lines)):
        raw = lines.raw(at)
        if raw.startswith(b"BS002"):
            matrix = lines.rows(pl.Series([at]).to_numpy(), width=WIDTH)
            return DeliveryStart.read(matrix).first()
        if raw.strip() and not raw.startswith(b"PBCNET"):
            return None
    return None
