"""What was read of one file: as one document, as a stream of lines, and for a person.

The document is a public contract. What a format does not have is null or an empty list.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import polars as pl

from workbench.layout.lines import source
from workbench.model.deliveries import Delivery, Receipt, Section, Totals
from workbench.model.money import decimal_from_minor
from workbench.model.problems import Problem, Reading, Severity

RECORD_COLUMNS = (
    "line",
    "section",
    "kind",
    "code",
    "customer_no",
    "agreement_no",
    "reference",
    "due_date",
    "payment_date",
    "booking_date",
    "amount_minor",
    "amount_paid_minor",
    "currency",
    "reason",
    "fee_minor",
    "payer",
    "text",
    "bank_reference",
)
AGREEMENT_COLUMNS = (
    "line",
    "section",
    "kind",
    "code",
    "customer_no",
    "agreement_no",
    "valid_from",
    "valid_to",
    "reason",
)

#: The parts of the document, in their order.
_ORDER = (
    "format",
    "source",
    "delivery",
    "sections",
    "records",
    "agreements",
    "receipts",
    "statements",
    "problems",
)
_SHOWN = 20  # problems that a summary lists before it counts the rest
_SLICE = 10_000  # records that are turned into plain values at once

Document = dict[str, object]


def exit_code(reading: Reading[Delivery | None]) -> int:
    """0 clean, 1 with fatal problems or errors, 3 when the input is of no known kind."""
    if reading.value is None:
        return 3
    return 1 if reading.worst in (Severity.FATAL, Severity.ERROR) else 0


def document(
    reading: Reading[Delivery | None], *, content: bytes, name: str, language: str = "en"
) -> Document:
    """The whole reading as one document of plain values.

    Args:
        reading: What the reader returned.
        content: The file that was read.
        name: Its name without folders.
        language: The language of the problems' words.
    """
    head = _head(reading, content=content, name=name, language=language)
    records, agreements = _frames(reading)
    head["records"] = list(_plain(records))
    head["agreements"] = list(_plain(agreements))
    return {part: head[part] for part in _ORDER}


def json_pieces(
    reading: Reading[Delivery | None], *, content: bytes, name: str, language: str = "en"
) -> Iterator[str]:
    """The text of the whole document, in pieces, so that a large file needs little memory."""
    head = _head(reading, content=content, name=name, language=language)
    frames = dict(zip(("records", "agreements"), _frames(reading), strict=True))
    opening = "{"
    for part in _ORDER:
        yield f'{opening}\n "{part}": '
        yield from _list(frames[part]) if part in frames else (_json(head[part]),)
        opening = ","
    yield "\n}\n"


def jsonl(
    reading: Reading[Delivery | None], *, content: bytes, name: str, language: str = "en"
) -> Iterator[str]:
    """The reading as lines of JSON, in little memory.

    The first line is the document without `records` and `agreements`; each line after it is
    `{"record": ...}` or `{"agreement": ...}`.
    """
    yield _json(_head(reading, content=content, name=name, language=language))
    for key, frame in zip(("record", "agreement"), _frames(reading), strict=True):
        for row in _plain(frame):
            yield _json({key: row})


def summary(
    reading: Reading[Delivery | None], *, content: bytes, name: str, language: str = "en"
) -> str:
    """The reading for a person: delivery, sections, kinds of records, problems."""
    parts: list[str] = []
    delivery = reading.value
    if delivery is None:
        place = source(content, name=name)
        parts.append(f"{place.name}: of no known kind, {place.bytes} bytes")
    else:
        parts.append(_title(delivery))
        parts += [_receipt_words(receipt) for receipt in delivery.receipts]
        if delivery.type is not None:
            parts.append(_totals_table(delivery))
        parts += [_kinds(frame) for frame in _frames(reading) if len(frame)]
    parts.append(_problem_list(reading.problems, language=language))
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(
    reading: Reading[Delivery | None], *, content: bytes, name: str, language: str
) -> Document:
    """The document without its records and agreements."""
    delivery = reading.value
    return {
        "format": delivery.format if delivery else None,
        "source": asdict(delivery.source if delivery else source(content, name=name)),
        "delivery": _delivery(delivery) if delivery else None,
        "sections": [_section(section) for section in delivery.sections] if delivery else [],
        "receipts": [_receipt(receipt) for receipt in delivery.receipts] if delivery else [],
        "statements": [],
        "problems": [problem.as_json(language=language) for problem in reading.problems],
    }


def _delivery(delivery: Delivery) -> Document:
    return {
        "id": delivery.id,
        "type": delivery.type,
        "creditor_no": delivery.creditor_no,
        "supplier_no": delivery.supplier_no,
        "subsystem": delivery.subsystem,
        "created": delivery.created.isoformat() if delivery.created else None,
        "declared": asdict(delivery.declared),
        "computed": asdict(delivery.computed),
        "agrees": delivery.agrees,
    }


def _section(section: Section) -> Document:
    return {
        "index": section.index,
        "kind": section.kind,
        "rule": section.rule,
        "declared": asdict(section.declared),
        "computed": asdict(section.computed),
        "agrees": section.agrees,
    }


def _receipt(receipt: Receipt) -> Document:
    return {
        "line": receipt.line,
        "kind": receipt.kind,
        "code": receipt.code,
        "accepted": receipt.accepted,
        "delivery_id": receipt.delivery_id,
        "text": receipt.text,
    }


def _frames(reading: Reading[Delivery | None]) -> tuple[pl.DataFrame, pl.DataFrame]:
    if reading.value is None:
        return pl.DataFrame(), pl.DataFrame()
    return (
        reading.value.transactions.select(RECORD_COLUMNS),
        reading.value.agreements.select(AGREEMENT_COLUMNS),
    )


def _plain(frame: pl.DataFrame) -> Iterator[Document]:
    """The rows as plain values; days as ISO 8601 text."""
    for part in frame.iter_slices(_SLICE):
        yield from part.with_columns(pl.col(pl.Date).cast(pl.String)).iter_rows(named=True)


def _list(frame: pl.DataFrame) -> Iterator[str]:
    """The rows as a JSON list, one row a line, in pieces of many rows."""
    opening = "[\n  "
    for part in frame.iter_slices(_SLICE):
        yield opening + ",\n  ".join(map(_json, _plain(part)))
        opening = ",\n  "
    yield "\n ]" if frame.height else "[]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _title(delivery: Delivery) -> str:
    words = [f"{delivery.source.name}: {delivery.format}"]
    for label, value in (
        ("delivery", delivery.id),
        ("creditor", delivery.creditor_no),
        ("supplier", delivery.supplier_no),
        ("subsystem", delivery.subsystem),
        ("created", delivery.created),
    ):
        if value is not None:
            words.append(f"{label} {value}")
    size = f"{delivery.source.lines} lines, {delivery.source.bytes} bytes"
    return ", ".join(words) + f"\n{size}, sha256 {delivery.source.sha256}"


def _totals_table(delivery: Delivery) -> str:
    """One line per section and one for the delivery: declared, computed, whether they agree."""
    header = ("", "rule", "declared", "", "computed", "", "")
    rows: list[tuple[str, ...]] = [header]
    rows.append(("", "", "records", "amount", "records", "amount", ""))
    for section in delivery.sections:
        label = f"section {section.index} ({section.kind})"
        rows.append(_totals_row(label, section.rule, section))
    rows.append(_totals_row("delivery", "", delivery))
    widths = [max(len(row[at]) for row in rows) for at in range(len(header))]
    return "\n".join(_aligned(row, widths) for row in rows)


def _totals_row(label: str, rule: str, level: Section | Delivery) -> tuple[str, ...]:
    declared, computed = level.declared, level.computed
    mark = "✓" if level.agrees else "✗"
    return (label, rule, *_said(declared), *_said(computed), mark)


def _said(totals: Totals) -> tuple[str, str]:
    count = "–" if totals.count is None else str(totals.count)
    amount = "–" if totals.amount_minor is None else _amount(totals.amount_minor)
    return count, amount


def _amount(amount_minor: int) -> str:
    return f"{decimal_from_minor(amount_minor, currency='DKK'):,.2f}"


def _aligned(row: tuple[str, ...], widths: list[int]) -> str:
    first = [text.ljust(width) for text, width in zip(row[:2], widths[:2], strict=True)]
    rest = [text.rjust(width) for text, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join(first + rest).rstrip()


def _kinds(frame: pl.DataFrame) -> str:
    """How many records there are of each kind, and their money."""
    money = [name for name in ("amount_minor", "amount_paid_minor") if name in frame.columns]
    counted = frame.group_by("kind", maintain_order=True).agg(
        pl.len().alias("records"), *(pl.col(name).sum() for name in money)
    )
    labels = {"amount_minor": "to collect", "amount_paid_minor": "paid"}
    rows = [("kind", "", "records", *(labels[name] for name in money))]
    for kind, records, *sums in counted.iter_rows():
        rows.append((kind, "", str(records), *(_amount(value) for value in sums)))
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    return "\n".join(_aligned(row, widths) for row in rows)


def _receipt_words(receipt: Receipt) -> str:
    verdict = "accepted" if receipt.accepted else "REFUSED"
    text = receipt.text.replace("\n", "\n    ")
    return f"{receipt.kind}: {verdict}, code {receipt.code or '(none)'}\n    {text}"


def _problem_list(problems: tuple[Problem, ...], *, language: str) -> str:
    if not problems:
        return "No problems."
    lines = [f"{len(problems)} problems" if len(problems) > 1 else "1 problem"]
    for problem in problems[:_SHOWN]:
        lines += [
            f"  {problem.severity} {problem.code} at {problem.place()}",
            f"      {problem.message(language=language)}",
            f"      {problem.advice(language=language)}",
        ]
    if len(problems) > _SHOWN:
        lines.append(f"  … and {len(problems) - _SHOWN} more")
    return "\n".join(lines)
