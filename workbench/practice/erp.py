"""The practice ERP: one step of its time.

It takes the hand-overs that wait for it and books them, some of their vouchers late; it gets
some money by ways of its own, makes new invoices and tells one otherwise; and it exports
everything that is open with it, so that it can contradict us.
"""

from __future__ import annotations

import csv
import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from workbench.practice.draws import below
from workbench.practice.erp_booking import (
    Handover,
    book,
    danish,
    danish_day,
    handovers,
    is_late,
    minor,
)
from workbench.practice.erp_books import CELLS, Books, Entry, Event, State

#: The seed of the demo.
SEED = 20261012

#: Of a thousand vouchers, so many are booked a step later.
LATE = 80
#: Of a thousand open claims that are due, so many are paid to the ERP by other ways.
SETTLED = 15
#: Of a thousand customers, so many get a new invoice in a step.
INVOICED = 4

#: The truth about an entry to which nothing happened, by who made it.
_USUAL = {"opening": "untouched", "own": "new"}

_THOUSAND = 1_000
_TENTH = 10
_DUE_AFTER = timedelta(days=30)
_REMAINING = "Restbeløb"

_MAPPING = """\
[file]
encoding = "iso-8859-1"
delimiter = ";"
decimal = ","
thousands = "."
date = "%d-%m-%Y"
credit_sign = "negative"

[columns]
erp_entry_no = "Løbenr"
customer_no = "Kundenr"
kind = "Type"
document_no = "Bilagsnr"
text = "Tekst"
document_date = "Bilagsdato"
due_date = "Forfaldsdato"
amount = "Beløb"
remaining = "Restbeløb"
currency = "Valuta"
on_hold = "Afvent"
disputed = "Tvist"
vat_code = "Momskode"
vat_rate = "Momspct"
vat_base = "Momsgrundlag"
vat_amount = "Moms"

[dimensions]
department = "Afdeling"

[values.kind]
Faktura = "invoice"
Kreditnota = "credit_note"
Andet = "other"
"""


@dataclass(frozen=True, slots=True)
class ErpStep:
    """What one step did.

    Attributes:
        booked: Vouchers that were booked.
        late: Vouchers that wait for the next step.
        settled: Entries that the ERP got money for by other ways.
        invoiced: New invoices.
        changed: Entries told otherwise.
        export: All that is open, with `mapping` to read it by.
        receipt: Which vouchers are booked.
    """

    as_of: date
    booked: int
    late: int
    settled: int
    invoiced: int
    changed: int
    export: Path
    mapping: Path
    receipt: Path


def keep_books(
    outbox: Path,
    exports: Path,
    books: Path,
    *,
    opening: Path,
    as_of: date,
    seed: int = SEED,
) -> ErpStep:
    """Do what the ERP does up to a day, and export what is open with it then.

    The same day again does nothing new and writes the same files. Stopped at any moment, the
    next call finishes the step.

    Args:
        outbox: Where hand-overs lie; their files leave it when they are taken.
        exports: Where the export, its mapping and the receipt appear.
        books: The folder of the ERP's own books.
        opening: The ERP's first export of open entries; read once, when the books begin.
        as_of: The day; a day before the last step changes nothing.
        seed: Of the lots.
    """
    own = Books(books)
    state = own.open()
    waiting = _taken(own, outbox)
    last = max((str(step["as_of"]) for step in state.steps), default="")
    if last < as_of.isoformat():
        own.close_step(list(_step(state, waiting, own, opening, as_of=as_of, seed=seed)))
        state = own.open()
    for path, _, sha256 in waiting:
        if any(sha256 == digest for _, digest in state.fetched):
            path.unlink(missing_ok=True)
    return _written(state, exports, as_of=as_of)


def truths(books: Path) -> dict[str, str]:
    """What the ERP did since its books began, by the number of each entry of its own.

    untouched, new, booked, late (a voucher of ours that names it is not booked), settled (by
    other ways), changed; several of them in the order of the alphabet.
    """
    own = Books(books)
    state = own.open()
    late = set(_named_by_late(state, own))
    found = {}
    for no, entry in state.entries.items():
        words = {*entry.why, *(["late"] if no in late else [])}
        if entry.by != "delivery":
            found[no] = " ".join(sorted(words)) or _USUAL[entry.by]
    return found


def _taken(own: Books, outbox: Path) -> list[tuple[Path, bytes, str]]:
    """The files that wait, each kept in the books before anything is done with it."""
    found = []
    for path in sorted(outbox.glob("*.csv")) if outbox.exists() else []:
        content = path.read_bytes()
        sha256 = hashlib.sha256(content).hexdigest()
        _place(own.kept / sha256, content)
        found.append((path, content, sha256))
    return found


def _step(
    state: State,
    waiting: list[tuple[Path, bytes, str]],
    own: Books,
    opening: Path,
    *,
    as_of: date,
    seed: int,
) -> Iterator[Event]:
    """The events of a step, in the order in which they happen, each counted as it is told."""
    if not state.steps:
        yield from _counted(state, _opening_entries(opening))
    known = {digest for _, digest in state.fetched}
    before = handovers(_late_files(state, own))
    new = [(path, content, sha256) for path, content, sha256 in waiting if sha256 not in known]
    yield from _counted(state, (_fetched(path.name, sha256) for path, _, sha256 in new))
    for handover in before:
        late = {v for v in handover.vouchers if _is(state, handover, v, "late")}
        yield from book(state, handover, late, on=as_of)
    for handover in handovers([(path.name, content) for path, content, _ in new]):
        late = is_late(handover, seed=seed, thousandths=LATE)
        yield from _counted(state, _held_back(handover, late, on=as_of))
        yield from book(state, handover, set(handover.vouchers) - late, on=as_of)
    busy = set(_named_by_late(state, own))
    yield from _counted(state, _own_money(state, busy, as_of=as_of, seed=seed))
    yield from _counted(state, _part_of_what_is_late(state, busy, as_of=as_of))
    yield from _counted(state, _told_otherwise(state, busy, as_of=as_of, seed=seed))
    yield from _counted(state, _new_invoices(state, as_of=as_of, seed=seed))
    yield {"event": "step", "as_of": as_of.isoformat()}


def _counted(state: State, events: Iterable[Event]) -> Iterator[Event]:
    for event in list(events):
        state.take(event)
        yield event


def _opening_entries(opening: Path) -> Iterator[Event]:
    with opening.open(encoding="iso-8859-1", newline="") as source:
        for row in csv.DictReader(source, delimiter=";"):
            cells = {name: row[name] for name in CELLS}
            yield {"event": "entry", **cells, "amount_minor": minor(row["Beløb"]),
                   "by": "opening", "on": ""}  # fmt: skip


def _fetched(name: str, sha256: str) -> Event:
    return {"event": "fetched", "name": name, "sha256": sha256}


def _held_back(handover: Handover, late: set[str], *, on: date) -> Iterator[Event]:
    for voucher in handover.vouchers:
        if voucher in late:
            yield {"event": "voucher", "delivery": handover.delivery, "voucher": voucher,
                   "state": "late", "on": on.isoformat()}  # fmt: skip


def _late_files(state: State, own: Books) -> list[tuple[str, bytes]]:
    """The files of deliveries of which a voucher is late still."""
    if "late" not in state.vouchers.values():
        return []
    return [(name, (own.kept / sha256).read_bytes()) for name, sha256 in state.fetched]


def _is(state: State, handover: Handover, voucher: str, standing: str) -> bool:
    return state.vouchers.get((handover.delivery, voucher)) == standing


def _named_by_late(state: State, own: Books) -> Iterator[str]:
    """The entries that a late voucher names; the ERP does nothing of its own to them."""
    for handover in handovers(_late_files(state, own)):
        for row in handover.postings:
            if _is(state, handover, row["document_no"], "late"):
                yield row["applied_erp_entry_no"]
        for row in handover.settlements:
            if _is(state, handover, row["document_no"], "late"):
                yield from (row["from_erp_entry_no"], row["to_erp_entry_no"])


def _own_money(state: State, busy: set[str], *, as_of: date, seed: int) -> Iterator[Event]:
    """Money that came to the ERP by other ways: all of a claim, or every third time half."""
    due = [
        entry
        for entry in _claims(state, busy)
        if _day(entry.cells["Forfaldsdato"]) <= as_of.isoformat()
    ]
    for entry, lot in _drawn(due, SETTLED, seed=seed, about=f"settled {as_of}"):
        half = lot % 3 == 2 and entry.remaining_minor > 1
        amount = entry.remaining_minor // 2 if half else entry.remaining_minor
        yield {"event": "apply", "no": entry.no, "amount_minor": amount, "why": "settled",
               "on": as_of.isoformat()}  # fmt: skip


def _part_of_what_is_late(state: State, busy: set[str], *, as_of: date) -> Iterator[Event]:
    """One claim that a late voucher settles gets a tenth from elsewhere: nobody could say."""
    late = [
        entry
        for no in sorted(busy)
        if (entry := state.entries.get(no)) is not None and entry.remaining_minor > _TENTH
    ]
    for entry in late[:1]:
        yield {"event": "apply", "no": entry.no, "why": "settled",
               "amount_minor": entry.remaining_minor // _TENTH,
               "on": as_of.isoformat()}  # fmt: skip


def _told_otherwise(state: State, busy: set[str], *, as_of: date, seed: int) -> Iterator[Event]:
    """One claim that is not due yet gets another due date."""
    later = [
        entry
        for entry in _claims(state, busy)
        if _day(entry.cells["Forfaldsdato"]) > as_of.isoformat()
    ] or [
        entry
        for entry in _claims(state, busy)
        if _day(entry.cells["Forfaldsdato"]) == _latest_due(state)
    ]
    lots = _lots(later, seed=seed, about=f"changed {as_of}")
    for _, entry in sorted(zip(lots, later, strict=True), key=lambda one: one[0])[:1]:
        due = date.fromisoformat(_day(entry.cells["Forfaldsdato"])) + timedelta(days=14)
        yield {"event": "change", "no": entry.no, "cell": "Forfaldsdato",
               "text": f"{due:%d-%m-%Y}", "on": as_of.isoformat()}  # fmt: skip


def _latest_due(state: State) -> str:
    return max(
        _day(entry.cells["Forfaldsdato"])
        for entry in state.entries.values()
        if entry.by == "opening"
    )


def _new_invoices(state: State, *, as_of: date, seed: int) -> Iterator[Event]:
    """Some customers get a new invoice, like the last one that they had."""
    last: dict[str, Entry] = {}
    for entry in state.entries.values():
        if entry.by != "delivery" and entry.cells["Type"] == "Faktura":
            last[entry.customer_no] = entry
    drawn = _drawn(list(last.values()), INVOICED, seed=seed, about=f"invoiced {as_of}")
    for no, (entry, _) in enumerate(drawn, start=state.last_no + 1):
        cells = entry.cells | {
            "Løbenr": str(no),
            "Bilagsnr": f"F{no}",
            "Bilagsdato": danish_day(as_of.isoformat()),
            "Forfaldsdato": f"{as_of + _DUE_AFTER:%d-%m-%Y}",
            "Afvent": "",
            "Tvist": "",
        }
        yield {"event": "entry", **cells, "amount_minor": entry.amount_minor, "by": "own",
               "on": as_of.isoformat()}  # fmt: skip


def _claims(state: State, busy: set[str]) -> list[Entry]:
    """The open invoices that nobody else is busy with, on which nothing was done yet."""
    return [
        entry
        for entry in state.entries.values()
        if entry.cells["Type"] == "Faktura"
        and entry.remaining_minor > 0
        and not entry.why
        and entry.no not in busy
    ]


def _drawn(
    entries: list[Entry], thousandths: int, *, seed: int, about: str
) -> Iterator[tuple[Entry, int]]:
    """The entries whose lot is low, each with its lot; one at least where there are any."""
    lots = _lots(entries, seed=seed, about=about)
    chosen = [pair for pair in zip(entries, lots, strict=True) if pair[1] < thousandths]
    lowest = min(zip(entries, lots, strict=True), key=lambda pair: pair[1], default=None)
    yield from chosen or ([lowest] if lowest else [])


def _lots(entries: list[Entry], *, seed: int, about: str) -> list[int]:
    keys = pl.Series([entry.no for entry in entries], dtype=pl.String)
    return below(_THOUSAND, keys, seed=seed, about=about).to_list() if entries else []


def _day(text: str) -> str:
    """An ISO date of a Danish one."""
    return "-".join(reversed(text.split("-")))


def _written(state: State, exports: Path, *, as_of: date) -> ErpStep:
    """Write the files of the last step, the same bytes whenever it is asked."""
    export = exports / f"open-entries-{as_of}.csv"
    mapping = exports / "open-entries.toml"
    receipt = exports / f"receipt-{as_of}.csv"
    exports.mkdir(parents=True, exist_ok=True)
    _place(mapping, _MAPPING.encode("utf-8"))
    _place(export, _open_entries(state))
    _place(receipt, _receipt(state))
    reasons = [reason for entry in state.entries.values() for reason in entry.why]
    standings = list(state.vouchers.values())
    return ErpStep(
        as_of=as_of,
        booked=standings.count("booked"),
        late=standings.count("late"),
        settled=reasons.count("settled"),
        invoiced=sum(entry.by == "own" for entry in state.entries.values()),
        changed=reasons.count("changed"),
        export=export,
        mapping=mapping,
        receipt=receipt,
    )


def _open_entries(state: State) -> bytes:
    """Everything that is open, as the ERP exports it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    at = CELLS.index("Beløb") + 1
    writer.writerow([*CELLS[:at], _REMAINING, *CELLS[at:]])
    for entry in state.entries.values():
        if entry.remaining_minor:
            cells = [entry.cells[name] for name in CELLS]
            writer.writerow([*cells[:at], danish(entry.remaining_minor), *cells[at:]])
    return target.getvalue().encode("iso-8859-1")


def _receipt(state: State) -> bytes:
    rows = ["delivery;voucher;status"]
    rows += [
        f"{delivery};{voucher};booked"
        for (delivery, voucher), standing in state.vouchers.items()
        if standing == "booked"
    ]
    return ("\r\n".join(rows) + "\r\n").encode()


def _place(path: Path, content: bytes) -> None:
    """Put a file in its place whole; one that is there with these bytes stays."""
    if path.exists() and path.read_bytes() == content:
        return
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
    unfinished.replace(path)
