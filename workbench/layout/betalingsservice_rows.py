"""From lines to frames: the payment records of all sections of some kinds, as columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from workbench.layout.betalingsservice_records import (
    DebtorText,
    IncomingDebtorText,
    UnknownRecord,
)
from workbench.layout.betalingsservice_walk import WIDTH, Tag, Walk
from workbench.layout.digits import Bytes, Flags, Numbers, numbers, words
from workbench.layout.raw_key import raw_keys
from workbench.layout.records import Columns, FixedRecord
from workbench.model.frames import TRANSACTIONS
from workbench.model.problems import Problem

#: Lines that are turned into columns at once: their matrix stays in the processor's cache.
CHUNK = 1 << 16

_THREADS = 2
_PLACE = ("section", "section_kind", "creditor_no", "debtor_group")
_BLANKS = np.full((1, WIDTH), 0x20, np.uint8)

#: Clears the fault bits that a format does not count as faults.
Forgive = Callable[[Columns, Bytes], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """What a transaction code tells.

    Attributes:
        name: The kind of record.
        cash: What the amount paid does to our money: 1 in, -1 out, 0 nothing; None where
            the record speaks of no payment.
    """

    name: str
    cash: int | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some payment records of one layout.

    Attributes:
        frame: The record's fields, with `line`, `section`, `section_kind`, `kind`, `cash`,
            `creditor_no`, `debtor_group`, `raw_key` and `faulty`.
        sections: The section index of each row.
    """

    frame: pl.DataFrame
    sections: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Layout:
    """How the payment records (042) of the sections of some kinds are read.

    Attributes:
        record: Their declaration.
        sections: The section numbers.
        codes: Transaction code -> what it tells; other codes are "unknown".
        refine: Makes the columns of the frame that is wanted from the record's fields.
        forgive: Clears fault bits that are none in this format.
    """

    record: type[FixedRecord]
    sections: tuple[str, ...]
    codes: Mapping[str, Kind]
    refine: Callable[[pl.DataFrame], pl.DataFrame]
    forgive: Forgive | None = None


def chunks(found: Walk, layout: Layout) -> Iterator[Chunk]:
    """The payment records of a layout, in the order of the file, refined.

    Problems are added to the walk's. Chunks are read by two threads: most of the work is
    done by libraries that let go of the interpreter's lock.
    """
    wanted = np.array([False, *(span.kind in layout.sections for span in found.spans)])
    index = np.flatnonzero((found.tags == Tag.PAYMENT) & wanted[found.sections])
    parts = [index[at : at + CHUNK] for at in range(0, len(index), CHUNK)]
    if len(parts) < 2:
        yield from (_chunk(found, layout, part) for part in parts)
        return
    with ThreadPoolExecutor(_THREADS) as pool:
        yield from pool.map(lambda part: _chunk(found, layout, part), parts)


def unknown_rows(found: Walk, *, kinds: tuple[str, ...]) -> pl.DataFrame:
    """Payment records of sections that no layout covers, and records of unknown type.

    Columns: line, section, section_kind, kind ("unknown"), code, creditor_no,
    debtor_group, raw_key, faulty. Unknown sections are reported.
    """
    for span in found.spans:
        if span.kind not in kinds:
            found.report("unknown_section", span.start, section=span.kind)
    strange = np.array([True, *(span.kind not in kinds for span in found.spans)])
    index = np.flatnonzero(
        ((found.tags == Tag.PAYMENT) & strange[found.sections]) | (found.tags == Tag.UNKNOWN)
    )
    matrix = found.lines.rows(index, width=WIDTH)
    return pl.DataFrame(
        {
            **_place(found, index).to_dict(),
            "kind": pl.Series(["unknown"] * len(index), dtype=pl.String),
            "code": UnknownRecord.read(matrix).values["code"],
            "raw_key": raw_keys(matrix),
            "faulty": np.ones(len(index), np.bool_),
        }
    )


def amounts_of_unknown(
    found: Walk, *, kinds: tuple[str, ...], first: int, last: int
) -> tuple[Numbers, npt.NDArray[np.int32]]:
    """The digits at some positions of payment records in unknown sections; their sections.

    Cells that are not digits count as 0.
    """
    strange = np.array([False, *(span.kind not in kinds for span in found.spans)])
    index = np.flatnonzero((found.tags == Tag.PAYMENT) & strange[found.sections])
    amounts, bad = numbers(found.lines.rows(index, width=WIDTH), first=first, last=last)
    return np.where(bad, 0, amounts), found.sections[index]


def text_lists(found: Walk) -> pl.DataFrame:
    """The text lines (052) of each payment record: `line` of the 042, and `texts`.

    A text belongs to the payment record before it in its section, else to the next.
    """
    index = np.flatnonzero((found.tags == Tag.TEXT) & (found.sections > 0))
    payments = np.flatnonzero(found.tags == Tag.PAYMENT)
    if not len(index) or not len(payments):
        return pl.DataFrame(schema={"line": pl.Int64, "texts": pl.List(pl.String())})
    after = np.searchsorted(payments, index)
    before = payments[np.maximum(after - 1, 0)]
    following = payments[np.minimum(after, len(payments) - 1)]
    same = (before < index) & (found.sections[before] == found.sections[index])
    lines = [_text_cells(found, index[at : at + CHUNK]) for at in range(0, len(index), CHUNK)]
    frame = pl.DataFrame(
        {"line": np.where(same, before, following) + 1, "texts": pl.concat(lines)}
    )
    return frame.group_by("line", maintain_order=True).agg(pl.col("texts").fill_null(""))


def with_texts(found: Walk, transactions: pl.DataFrame) -> pl.DataFrame:
    """The frame with the text lines (052) of each of its lines joined in `text`."""
    lists = text_lists(found)
    if not len(lists):
        return transactions
    at = transactions["line"].search_sorted(lists["line"])
    texts = transactions["text"].clone().scatter(at, lists["texts"].list.join("\n"))
    return transactions.with_columns(texts)


def in_file_order(frames: list[pl.DataFrame], *, schema: pl.Schema) -> pl.DataFrame:
    """One frame of the schema, ordered by line; columns that are missing are null."""
    if not frames:
        return pl.DataFrame(schema=schema)
    whole = pl.concat([conform(frame, schema) for frame in frames])
    return whole if whole["line"].is_sorted() else whole.sort("line")


def conform(frame: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    """The columns of the schema; those that the frame lacks are null."""
    return frame.select(
        pl.col(name).cast(dtype) if name in frame.columns else pl.lit(None, dtype).alias(name)
        for name, dtype in schema.items()
    )


def _chunk(found: Walk, layout: Layout, index: Numbers) -> Chunk:
    matrix = found.lines.rows(index, width=WIDTH)
    columns = layout.record.read(matrix)
    kinds, unknown = _kinds(matrix, layout.codes)
    for row in np.flatnonzero(unknown):
        code = str(columns.values["code"][int(row)] or "")
        _report(found, index[row], "unknown_code", column=14, found=code)
    columns.faults[unknown] = 0
    if layout.forgive is not None and columns.faults.any():
        layout.forgive(columns, matrix)
    found.problems += tuple(
        layout.record.problems(matrix, columns.faults, lines=index + 1, source=found.name)
    )
    _check_owner(found, layout.record, index, matrix)
    _check_signs(found, layout.record, index, columns)
    own = pl.DataFrame({"raw_key": raw_keys(matrix), "faulty": (columns.faults != 0) | unknown})
    parts = (columns.values, _place(found, index), kinds, own)
    frame = pl.concat(parts, how="horizontal")
    refined = layout.refine(frame)
    return Chunk(
        _known_only(refined, unknown) if unknown.any() else refined, found.sections[index]
    )


def _kinds(matrix: Bytes, codes: Mapping[str, Kind]) -> tuple[pl.DataFrame, Flags]:
    """`kind` and `cash` by the transaction codes, and which codes are unknown."""
    found = words(matrix, first=14, count=4)
    which = np.full(len(matrix), len(codes), np.uint32)
    for at, code in enumerate(codes):
        which[found == np.uint64(int.from_bytes(code.encode(), "little") << 32)] = at
    table = pl.DataFrame(
        {
            "kind": [*(kind.name for kind in codes.values()), "unknown"],
            "cash": [*(kind.cash for kind in codes.values()), None],
        },
        schema={"kind": pl.String, "cash": pl.Int64},
    )
    return table[which], which == len(codes)


def _known_only(frame: pl.DataFrame, unknown: Flags) -> pl.DataFrame:
    """The rows with nothing but their place where the code is unknown: no field is guessed."""
    place = ("line", "section", "section_kind", "kind", "code", "creditor_no")
    kept = (*place, "debtor_group", "raw_key", "faulty", "raw_minor", "back_minor")
    known = pl.lit(pl.Series(~unknown))
    return frame.with_columns(pl.when(known).then(pl.exclude(kept)).name.keep())


def _place(found: Walk, index: Numbers) -> pl.DataFrame:
    """Line, section, and what the section says about its records; null outside of one."""
    spans = found.spans
    table = pl.DataFrame(
        {
            "section": [None, *(span.index for span in spans)],
            "section_kind": [None, *(span.kind for span in spans)],
            "creditor_no": [None, *(span.creditor_no for span in spans)],
            "debtor_group": [None, *(span.debtor_group for span in spans)],
        },
        schema={name: TRANSACTIONS[name] for name in _PLACE},
    )
    return table[found.sections[index]].insert_column(0, pl.Series("line", index + 1))


def _check_owner(found: Walk, record: type[FixedRecord], index: Numbers, matrix: Bytes) -> None:
    """Report records that name another creditor or debtor group than their section."""
    starts = np.array([0, *(span.start for span in found.spans)])
    heads = found.lines.rows(starts, width=WIDTH)
    for name in ("creditor_no", "debtor_group"):
        first, count = record.fields[name].first, record.fields[name].width
        expected = words(heads, first=first, count=count)[found.sections[index]]
        stated = expected != words(_BLANKS, first=first, count=count)
        differs = (words(matrix, first=first, count=count) != expected) & stated
        for row in np.flatnonzero(differs):
            cell = matrix[row, first - 1 : first - 1 + count].tobytes().decode("latin-1")
            head = heads[found.sections[index[row]]]
            _report(
                found, index[row], "record_disagrees",
                column=first, field=record.fields[name].label, found=cell,
                expected=head[first - 1 : first - 1 + count].tobytes().decode("latin-1"),
            )  # fmt: skip


def _check_signs(
    found: Walk, record: type[FixedRecord], index: Numbers, columns: Columns
) -> None:
    """Report records whose sign code denies the amount that they name."""
    if "sign" not in columns.values.columns:
        return
    amounts = columns.values["collected_minor"]
    denied = (columns.values["sign"] == 0) & (amounts != 0)
    if denied.any():
        column = record.fields["sign"].first
        for row in denied.fill_null(value=False).arg_true():
            amount = int(amounts[row])
            _report(found, index[row], "sign_and_amount", column=column, amount=amount)


def _report(
    found: Walk, at: np.int64, code: str, /, *, column: int, **params: str | int
) -> None:
    line = int(at)
    excerpt = found.lines.text(line)
    found.problems.append(Problem(code, params, found.name, line + 1, column, excerpt))


def _text_cells(found: Walk, index: Numbers) -> pl.Series:
    """The texts of text records; in a 0602 they may stand two positions further left.

    No sample of a text record in a 0602 is public. The debtor group shows which of the two
    layouts a line follows: at 23-27 as in a 0601, or at 21-25 as in the 042 of a 0602.
    """
    matrix = found.lines.rows(index, width=WIDTH)
    starts = np.array([span.start for span in found.spans])[found.sections[index] - 1]
    heads = found.lines.rows(starts, width=WIDTH)
    incoming = words(heads, first=21, count=5) == words(matrix, first=21, count=5)
    usual = DebtorText.read(matrix).values["text"]
    if not incoming.any():
        return usual
    shifted = IncomingDebtorText.read(matrix).values["text"]
    return usual.zip_with(pl.Series(~incoming), shifted)


def _unknown_code(found: Walk, at: int, code: str) -> Problem:
    return Problem(
        "unknown_code",
        {"found": code},
        source=found.name,
        line=at + 1,
        column=14,
        excerpt=found.lines.text(at),
    )
