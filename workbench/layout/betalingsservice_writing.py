"""Writing Betalingsservice deliveries: sections with their totals inside their envelope."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from workbench.layout.betalingsservice_records import DebtorText, DeliveryEnd, DeliveryStart
from workbench.layout.digits import Bytes, Numbers
from workbench.layout.fields import Value
from workbench.layout.records import FixedRecord, joined_lines


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a delivery says about itself, its totals aside.

    Attributes:
        supplier_no: Data supplier number, the CVR number of who sends.
        subsystem: Such as "BS1"; "KR9" for tests.
        delivery_id: At most 10 digits; our own running number.
        created: Creation date.
        section_date: The date of its sections; None for the creation date.
        supplier_id: The creditor's identification with the data supplier.
        main_text: The main text line on the advice (0601).
    """

    supplier_no: str
    subsystem: str
    delivery_id: str
    created: dt.date
    section_date: dt.date | None = None
    supplier_id: str | None = None
    main_text: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A delivery as bytes, and the physical line of each payment record, by input row."""

    content: bytes
    lines: pl.Series


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one kind, and the row that each belongs to."""

    owner: Numbers
    matrix: Bytes


def part(record: type[FixedRecord], frame: pl.DataFrame, values: dict[str, Value]) -> Part:
    """The records of one kind for the rows of a frame that has a column `owner`.

    Creditor, debtor group and customer come from the frame unless the values name them.
    """
    who: dict[str, Value] = {
        name: frame[name]
        for name in ("creditor_no", "debtor_group", "customer_no")
        if name in record.fields
    }
    matrix = record.write({**who, **values}, height=len(frame))
    return Part(frame["owner"].cast(pl.Int64).to_numpy(), matrix)


def debtor_texts(frame: pl.DataFrame) -> Part:
    """The text records (052) of the lists of lines in the column `texts`."""
    lines = frame.explode("texts", empty_as_null=False, keep_nulls=False)
    number = lines.select(pl.int_range(1, pl.len() + 1).over("owner")).to_series()
    values: dict[str, Value] = {
        "number": number.cast(pl.String),
        "agreement_no": lines["agreement_no"],
        "text": lines["texts"],
    }
    return part(DebtorText, lines, values)


@dataclass(slots=True)
class Tally:
    """The totals of a section or of a delivery."""

    sections: int = 0
    count: int = 0
    amount_minor: int = 0
    text_count: int = 0
    address_count: int = 0

    def values(self, record: type[FixedRecord]) -> dict[str, Value]:
        """The totals that an end record has room for; amounts without their sign."""
        names = ("sections", "count", "amount_minor", "text_count", "address_count")
        return {name: abs(getattr(self, name)) for name in names if name in record.fields}

    def add(self, other: Tally) -> None:
        """Count the totals of a section in."""
        self.sections += 1
        self.count += other.count
        self.amount_minor += other.amount_minor
        self.text_count += other.text_count
        self.address_count += other.address_count


#: Writes the records of some rows of one section; returns the lines of their 042.
WriteRows = Callable[["DeliveryWriter", pl.DataFrame], Numbers]

_SECTION = ["section_kind", "creditor_no", "debtor_group"]
_ROWS = 50_000  # rows that are laid out at once


def write_sections(
    writer: DeliveryWriter, frame: pl.DataFrame, write_rows: WriteRows
) -> Written:
    """The whole delivery: one section per kind, creditor and debtor group.

    Sections stand in the order in which they first occur, and so do their rows.

    Args:
        writer: A new one.
        frame: Has the columns section_kind, creditor_no and debtor_group.
        write_rows: Gets the frame's rows with a column `owner`.
    """
    writer.start()
    lines = np.zeros(len(frame), np.int64)
    numbered = frame.with_row_index("owner")
    for section in numbered.partition_by(_SECTION, maintain_order=True):
        writer.start_section(*section.select(_SECTION).row(0))
        for chunk in section.iter_slices(_ROWS):
            lines[chunk["owner"].to_numpy()] = write_rows(writer, chunk)
        writer.end_section()
    return Written(writer.end(), pl.Series("line", lines))


@dataclass(slots=True)
class DeliveryWriter:
    """Puts a delivery together, section by section, in memory.

    Attributes:
        strip: Whether trailing blanks are removed, as the network does.
        counts_texts: Whether BS992 counts text and address records (0601), or holds zeros.
    """

    envelope: Envelope
    delivery_type: str
    section_start: type[FixedRecord]
    section_end: type[FixedRecord]
    strip: bool = True
    counts_texts: bool = True
    lines: int = 0
    _chunks: list[bytes] = field(default_factory=list)
    _total: Tally = field(default_factory=Tally)
    _open: tuple[dict[str, Value], Tally] | None = None

    def start(self) -> None:
        """Write BS002."""
        self._write(DeliveryStart, {**self._identity(), "created": self.envelope.created})

    def start_section(self, kind: str, creditor_no: str, debtor_group: str | None) -> None:
        """Write BS012."""
        assert self._open is None
        key: dict[str, Value] = {
            "creditor_no": creditor_no,
            "section_no": kind,
            "debtor_group": debtor_group,
        }
        values = {
            **key,
            "supplier_id": self.envelope.supplier_id,
            "date": self.envelope.section_date or self.envelope.created,
            "main_text": self.envelope.main_text,
        }
        fields = self.section_start.fields
        self._write(self.section_start, {k: v for k, v in values.items() if k in fields})
        self._open = (key, Tally())

    def records(
        self,
        *,
        addresses: Sequence[Part],
        payments: Part,
        texts: Sequence[Part],
        amount_minor: int,
    ) -> Numbers:
        """Write records so that each row's addresses, payment and texts stand together.

        Returns:
            The physical lines of the payment records, in their order.
        """
        assert self._open is not None
        parts = [*addresses, payments, *texts]
        owner = np.concatenate([part.owner for part in parts])
        rank = np.concatenate([np.full(len(part.owner), at) for at, part in enumerate(parts)])
        order = np.argsort(owner * len(parts) + rank, kind="stable")
        matrix = np.concatenate([part.matrix for part in parts])[order]
        lines = self.lines + 1 + np.flatnonzero(rank[order] == len(addresses))
        self._append(matrix)
        tally = self._open[1]
        tally.count += len(payments.owner)
        tally.amount_minor += amount_minor
        tally.text_count += sum(len(part.owner) for part in texts)
        tally.address_count += sum(len(part.owner) for part in addresses)
        return lines

    def end_section(self) -> None:
        """Write BS092 with the totals of the section."""
        assert self._open is not None
        key, tally = self._open
        self._total.add(tally)
        self._write(self.section_end, {**key, **tally.values(self.section_end)})
        self._open = None

    def end(self) -> bytes:
        """Write BS992 and return the whole file."""
        assert self._open is None
        totals = self._total.values(DeliveryEnd)
        if not self.counts_texts:
            totals |= {"text_count": 0, "address_count": 0}
        self._write(DeliveryEnd, {**self._identity(), **totals})
        return b"".join(self._chunks)

    def _identity(self) -> dict[str, Value]:
        start: dict[str, Value] = {
            "supplier_no": self.envelope.supplier_no,
            "subsystem": self.envelope.subsystem,
            "delivery_type": self.delivery_type,
        }
        return start if self.lines else {**start, "delivery_id": self.envelope.delivery_id}

    def _write(self, record: type[FixedRecord], values: dict[str, Value]) -> None:
        self._append(record.write(values, height=1))

    def _append(self, matrix: Bytes) -> None:
        self._chunks.append(joined_lines(matrix, strip=self.strip))
        self.lines += len(matrix)
