"""Betalingsservice receipts (kvitteringer): T, the file arrived; V, its content was checked.

The header line is positional (as files of the network of 2009-2011 show it). The report
behind a V header is made for people: its values are found by their labels, whatever boxes and
blanks stand around them, and what is not found is None.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import numpy as np
import polars as pl

from workbench.layout.betalingsservice_delivery import first_record
from workbench.layout.betalingsservice_walk import NOTHING, RECEIPTS, WIDTH
from workbench.layout.fields import Constant, Text
from workbench.layout.formats import Format
from workbench.layout.lines import source, split
from workbench.layout.records import FixedRecord, joined_lines
from workbench.model.deliveries import Delivery, Receipt, Totals
from workbench.model.frames import AGREEMENTS, TRANSACTIONS
from workbench.model.money import decimal_from_minor, minor_from_decimal, parse_decimal
from workbench.model.problems import Problem, Reading

#: The codes that accept; any other is a refusal.
ACCEPTED = {"received": "PN00", "validated": "BS00"}

_KINDS = {"PBCNET40": "received", "PBCNET41": "validated"}
#: Between the labels and values of a report: box lines in any old code page, and blanks.
_BOX = re.compile(r"[^\w\s.,:/()+-]+|[+-]{2,}|\s{2,}|(?<!\S)[|+-](?!\S)")
#: Letters and rules of the DOS code page, which ISO-8859-1 text never holds.
_DOS = re.compile(rb"[\x80-\x9f]|\xc4{3}|\xcd{3}")
_NUMBER = r"\d[\d.]*"
_LABELS = {
    "assigned_id": re.compile(
        r"LEVERANCE[ -]*(?:NUMMER|NR|ID\w*)\W*(?P<value>\d+)", re.IGNORECASE
    ),
    "supplier_no": re.compile(r"LEVERAND.?RE?[A-Z .-]*\W*(?P<value>\d{8})\b", re.IGNORECASE),
    "subsystem": re.compile(r"DELSYSTEM\W*(?P<value>\w{3})\b", re.IGNORECASE),
}
_DELIVERY_LINE = re.compile(
    rf"\bLEVERANCE\W+(?P<sections>{_NUMBER})\W+(?P<texts>{_NUMBER})\W+(?P<count>{_NUMBER})"
    rf"\W+(?P<amount>{_NUMBER}(?:,\d\d)?)(?!\S*\d)",
    re.IGNORECASE,
)


class ReceiptHeader(FixedRecord):
    """The first line of a receipt."""

    record_type = Text(1, 8, "PBCNET40 received, PBCNET41 validated")
    subsystem = Text(9, 11, "subsystem", strip="both")
    sequence = Text(13, 20, "sequence number", strip="both", fill="zero")
    own_id = Text(21, 28, "the sender's own identification", strip="both", fill="zero")
    time = Text(29, 40, "yymmddhhmmss")
    filler = Constant(41, 41, text="+")
    code = Text(42, 45, "receipt code", strip="both")
    text = Text(46, 128, "the center's words", strip="both")


def identify(head: bytes) -> bool:
    """Whether a file that begins like this is a receipt; wrapper lines may come first."""
    if first_record(head).startswith(b"BS002"):
        return False  # a delivery behind receipts is what matters
    for line in head.split(b"\n"):
        if line.startswith(RECEIPTS):
            return True
        if line.strip(NOTHING) and not line.startswith(b"PBCNET"):
            return False
    return False


def read(content: bytes, *, name: str) -> Reading[Delivery | None]:
    """The receipts of one file; its declared totals are those of the only report in it.

    Args:
        content: The whole file.
        name: Its name without folders, for problems.
    """
    lines = split(content)
    raw = [lines.raw(at) for at in range(len(lines))]
    starts = [at for at, line in enumerate(raw) if line.startswith(RECEIPTS)]
    receipts: list[Receipt] = []
    problems: list[Problem] = []
    times: list[dt.date | None] = []
    for start, stop in zip(starts, [*starts[1:], len(raw)], strict=True):
        header = ReceiptHeader.read(lines.rows(np.array([start]), width=WIDTH)).first()
        report = _decode([line for line in raw[start + 1 : stop] if _is_report(line)])
        receipts.append(_receipt(header, report, line=start + 1))
        times.append(_day(header["time"]))
        if not header["code"]:
            found = lines.text(start)
            problems.append(
                Problem("bad_receipt", {"found": found}, name, start + 1, 42, excerpt=found)
            )
    problems += [
        Problem("delivery_in_receipts", {}, name, at + 1, 1, excerpt=lines.text(at))
        for at in [at for at, line in enumerate(raw) if line.startswith(b"BS002")][:1]
    ]
    first = receipts[0]
    delivery = Delivery(
        format=FORMAT.id,
        source=source(content, name=name, lines=lines),
        id=None,
        type=None,
        creditor_no=None,
        supplier_no=first.supplier_no,
        subsystem=first.subsystem,
        created=times[0],
        declared=_only([receipt.totals for receipt in receipts]),
        computed=Totals(),
        agrees=not problems,
        sections=(),
        transactions=pl.DataFrame(schema=TRANSACTIONS),
        agreements=pl.DataFrame(schema=AGREEMENTS),
        receipts=tuple(receipts),
    )
    return Reading(delivery, tuple(problems))


def write_received(
    *,
    subsystem: str,
    own_id: str,
    time: dt.datetime,
    sequence: int = 1,
    code: str = "PN00",
    text: str = "DATA ACCEPTERET",
) -> bytes:
    """A T receipt: the file reached the network.

    Args:
        subsystem: The stream, such as "BS1".
        own_id: The last 8 digits of the delivery identification.
        time: When it arrived.
        sequence: The network's running number.
        code: PN00 accepts.
        text: The center's words.
    """
    return _header("PBCNET40", subsystem, own_id, time, sequence, code, text)


def write_validated(  # the values of one report
    *,
    subsystem: str,
    own_id: str,
    time: dt.datetime,
    assigned_id: str,
    supplier_no: str,
    records: int,
    totals: Totals,
    sequence: int = 1,
    code: str = "BS00",
    text: str = "LEVERANCE GODKENDT",
) -> bytes:
    """A V receipt: the content was checked; a header and a report of 80 columns.

    Args:
        subsystem: The stream, such as "BS1".
        own_id: The last 8 digits of the delivery identification.
        time: When it was checked.
        assigned_id: The delivery number that the center assigned.
        supplier_no: Data supplier number.
        records: Number of records in the file.
        totals: Sections, payment and text records, amount.
        sequence: The network's running number.
        code: BS00 accepts.
        text: The center's words.
    """
    amount = decimal_from_minor(totals.amount_minor or 0, currency="DKK")
    table = f"{'':<14}{'SEKTIONER':>11}{'TEKSTRECORDS':>14}{'BELØBSRECORDS':>15}{'BELØB':>20}"
    line = (
        f"{'LEVERANCE':<14}{totals.sections or 0:>11}{totals.text_count or 0:>14}"
        f"{totals.count or 0:>15}{_danish(amount):>20}"
    )
    body = (
        f"LEVERANCENUMMER: {assigned_id}",
        f"DATALEVERANDØR : {supplier_no}",
        f"DELSYSTEM      : {subsystem}",
        f"TIDSPUNKT      : {time:%d.%m.%Y %H:%M:%S}",
        f"ANTAL RECORDS  : {records}",
        "",
        table,
        line,
    )
    edge = "+" + "-" * 78 + "+"
    report = [edge, *(f"| {text_line:<77}|" for text_line in body), edge]
    header = _header("PBCNET41", subsystem, own_id, time, sequence, code, text)
    return header + "".join(f"{report_line}\r\n" for report_line in report).encode("latin-1")


def _header(  # noqa: PLR0917  # the fields of one line
    kind: str,
    subsystem: str,
    own_id: str,
    time: dt.datetime,
    sequence: int,
    code: str,
    text: str,
) -> bytes:
    values = {
        "record_type": kind,
        "subsystem": subsystem,
        "sequence": str(sequence),
        "own_id": own_id,
        "time": f"{time:%y%m%d%H%M%S}",
        "code": code,
        "text": text,
    }
    return joined_lines(ReceiptHeader.write(values, height=1))


def _receipt(header: dict[str, object], report: list[str], *, line: int) -> Receipt:
    kind = _KINDS[str(header["record_type"])]
    code = str(header["code"] or "")
    own_id = str(header["own_id"] or "").strip("0") and str(header["own_id"])
    bare = [re.sub(r"\s{2,}", "  ", _BOX.sub("  ", row)).strip() for row in report]
    joined = "\n".join(row for row in bare if row and any(map(str.isalnum, row)))
    labelled = {
        name: match["value"] if (match := pattern.search(joined)) else None
        for name, pattern in _LABELS.items()
    }
    words = str(header["text"] or "")
    return Receipt(
        line=line,
        kind="received" if kind == "received" else "validated",
        code=code,
        accepted=code == ACCEPTED[kind],
        delivery_id=own_id or None,
        text="\n".join(part for part in (words, joined) if part),
        own_id=own_id or None,
        assigned_id=labelled["assigned_id"],
        supplier_no=labelled["supplier_no"],
        subsystem=str(header["subsystem"] or "") or labelled["subsystem"],
        totals=_totals(joined),
    )


def _totals(report: str) -> Totals:
    found = _DELIVERY_LINE.search(report)
    if found is None:
        return Totals()
    amount = parse_decimal(
        found["amount"].replace(".", ""), decimal_mark=",", thousands_mark=""
    )
    return Totals(
        sections=_whole(found["sections"]),
        count=_whole(found["count"]),
        text_count=_whole(found["texts"]),
        amount_minor=minor_from_decimal(amount, currency="DKK"),
    )


def _only(totals: list[Totals]) -> Totals:
    """What the center counted; nothing where several reports say it of several deliveries."""
    said = {counted for counted in totals if counted != Totals()}
    return said.pop() if len(said) == 1 else Totals()


def _whole(text: str) -> int:
    return int(text.replace(".", ""))


def _danish(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def _is_report(line: bytes) -> bool:
    return bool(line.strip(NOTHING)) and not line.startswith(b"PBCNET")


def _decode(report: list[bytes]) -> list[str]:
    """The lines of a report: ISO-8859-1, or CP865 where the bytes are of the DOS code page."""
    code_page = "cp865" if _DOS.search(b"\n".join(report)) else "latin-1"
    return [line.decode(code_page) for line in report]


def _day(time: object) -> dt.date | None:
    try:
        return dt.datetime.strptime(str(time or "")[:6], "%y%m%d").date()  # noqa: DTZ007  # a day has no zone
    except ValueError:
        return None


FORMAT = Format("betalingsservice_receipt", "Betalingsservice receipts", identify, read)
