"""Betalingsservice 0601: collections for the payment center (opkrævningsdata).

Sections 0112 (collections) and 0117 (payment slips only). Positions: Betalingsservice
Guidelines for Data Suppliers (11 February 2025), checked against files of the network.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl

from workbench.layout import betalingsservice_rows as rows
from workbench.layout.betalingsservice_addresses import addresses
from workbench.layout.betalingsservice_collections import (
    AddressLine,
    Collection,
    LegalId,
    Postcode,
)
from workbench.layout.betalingsservice_delivery import is_delivery, reading
from workbench.layout.betalingsservice_records import (
    DebtorText,
    SectionEndCollections,
    SectionStartCollections,
)
from workbench.layout.betalingsservice_totals import check, sum_by_section
from workbench.layout.betalingsservice_walk import Walk, walk
from workbench.layout.betalingsservice_writing import (
    DeliveryWriter,
    Envelope,
    Part,
    Written,
    debtor_texts,
    part,
    write_sections,
)
from workbench.layout.digits import Numbers
from workbench.layout.fields import Value
from workbench.layout.formats import Format
from workbench.model.deliveries import Delivery
from workbench.model.frames import COLLECTIONS, TRANSACTIONS
from workbench.model.problems import Problem, Reading

#: The transaction code of each section.
CODES = {"0112": "0280", "0117": "0285"}


_TEXT_FIELDS = {
    "creditor_no": Collection.fields["creditor_no"],
    "debtor_group": Collection.fields["debtor_group"],
    "customer_no": Collection.fields["customer_no"],
    "agreement_no": Collection.fields["agreement_no"],
    "reference": Collection.fields["reference"],
    "name": AddressLine.fields["text"],
    "address": AddressLine.fields["text"],
    "postcode": Postcode.fields["postcode"],
    "country": Postcode.fields["country"],
    "legal_id": LegalId.fields["legal_id"],
    "texts": DebtorText.fields["text"],
}

_ADDRESS_FIELDS = ("name", "address", "postcode", "country", "legal_id")


def identify(head: bytes) -> bool:
    """Whether a file that begins like this is a 0601 delivery."""
    return is_delivery(head, delivery_type="0601")


def read(content: bytes, *, name: str) -> Reading[Delivery | None]:
    """The collections of one delivery, every line accounted for.

    Args:
        content: The whole file.
        name: Its name without folders, for problems.
    """
    found = _walk(content, name)
    frames: list[pl.DataFrame] = []
    net = np.zeros(len(found.spans) + 1, np.int64)
    for chunk in _chunks(found):
        amounts = chunk.frame["amount_minor"].fill_null(0).to_numpy()
        net += sum_by_section(amounts, chunk.sections, count=len(found.spans))
        frames.append(chunk.frame)
    amounts, sections = rows.amounts_of_unknown(found, kinds=tuple(CODES), first=61, last=73)
    net += sum_by_section(amounts, sections, count=len(found.spans))
    unknown = rows.unknown_rows(found, kinds=tuple(CODES))
    transactions = rows.in_file_order([*frames, unknown], schema=TRANSACTIONS)
    return reading(
        found,
        check(found, {"net": net}, text_counts_optional=False),
        format_id=FORMAT.id,
        content=content,
        transactions=rows.with_texts(found, transactions),
    )


def read_collections(content: bytes, *, name: str) -> Reading[pl.DataFrame]:
    """The collections as the frame that `write` takes, with names, addresses and texts.

    Args:
        content: The whole file, a 0601.
        name: Its name without folders, for problems.
    """
    found = _walk(content, name)
    frames = [chunk.frame for chunk in _chunks(found)]
    if not frames:
        return Reading(pl.DataFrame(schema=COLLECTIONS), tuple(found.problems))
    joined = (
        pl.concat(frames)
        .sort("line")
        .join(addresses(found), on="line", how="left", maintain_order="left")
        .join(rows.text_lists(found), on="line", how="left", maintain_order="left")
        .with_columns(pl.col("addressed").fill_null(False))
    )
    empty = pl.lit([], pl.List(pl.String()))
    lists = pl.col("address", "texts").fill_null(empty)
    return Reading(
        rows.conform(joined.with_columns(lists), COLLECTIONS),
        tuple(found.problems),
    )


def write(collections: pl.DataFrame, *, envelope: Envelope, strip: bool = True) -> Written:
    """A delivery of collections, one section per section kind, creditor and debtor group.

    Sections stand in the order in which they first occur, and so do their collections.

    Args:
        collections: By the schema COLLECTIONS.
        envelope: What the delivery says about itself.
        strip: Whether trailing blanks are removed.

    Returns:
        The file, and the physical line of each collection's 042 by row of the frame.

    Raises:
        CannotWriteError: A value does not fit; see `problems` for all of them.
    """
    assert collections.schema == COLLECTIONS, collections.schema
    writer = DeliveryWriter(
        envelope, "0601", SectionStartCollections, SectionEndCollections, strip=strip
    )
    return write_sections(writer, collections, _write_rows)


def problems(collections: pl.DataFrame) -> list[tuple[int, Problem]]:
    """What `write` would refuse: the row of the frame, counted from 0, and why."""
    found: list[tuple[int, Problem]] = []
    for name, field in _TEXT_FIELDS.items():
        lines = collections.with_row_index("row")
        if name in _ADDRESS_FIELDS:
            lines = lines.filter("addressed")
        lines = lines.select("row", "customer_no", text=name)
        if lines.schema["text"] == pl.List:
            lines = lines.explode("text", empty_as_null=False, keep_nulls=False)
        found += _unwritable(lines, name, field.width)
    return sorted(found, key=lambda item: item[0])


def _walk(content: bytes, name: str) -> Walk:
    return walk(
        content,
        name=name,
        section_start=SectionStartCollections,
        section_end=SectionEndCollections,
    )


def _chunks(found: Walk) -> Iterator[rows.Chunk]:
    for section, code in CODES.items():
        codes = {code: rows.Kind("collection")}
        yield from rows.chunks(found, rows.Layout(Collection, (section,), codes, _transactions))


def _transactions(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        amount_minor=pl.col("collected_minor") * pl.col("sign"), currency=pl.lit("DKK")
    )


def _write_rows(writer: DeliveryWriter, frame: pl.DataFrame) -> Numbers:
    addressed = frame.filter("addressed")
    values: dict[str, Value] = {
        "code": CODES[frame["section_kind"][0]],
        "agreement_no": frame["agreement_no"],
        "due_date": frame["due_date"],
        "sign": frame["amount_minor"],
        "collected_minor": frame["amount_minor"].abs(),
        "reference": frame["reference"],
    }
    return writer.records(
        addresses=[_address_lines(addressed), _postcodes(addressed), _legal_ids(addressed)],
        payments=part(Collection, frame, values),
        texts=[debtor_texts(frame)],
        amount_minor=int(frame["amount_minor"].sum()),
    )


def _unwritable(lines: pl.DataFrame, name: str, width: int) -> Iterator[tuple[int, Problem]]:
    """The texts that are too long, or have a character that ISO-8859-1 lacks."""
    text = pl.col("text")
    foreign = text.str.contains(r"[^\x{0000}-\x{00FF}]")
    bad = lines.filter((text.str.len_chars() > width) | foreign)
    for row, customer, found in bad.select("row", "customer_no", "text").iter_rows():
        code = "text_too_long" if len(found) > width else "text_not_latin1"
        words = {"field": name, "customer": customer or "", "found": found, "width": width}
        yield row, Problem(code, words, excerpt=found)


def _address_lines(frame: pl.DataFrame) -> Part:
    lines = frame.with_columns(text=pl.concat_list("name", "address")).explode("text")
    lines = lines.filter(pl.col("text").is_not_null())
    number = lines.select(pl.int_range(1, pl.len() + 1).over("owner")).to_series()
    return part(AddressLine, lines, {"number": number, "text": lines["text"]})


def _postcodes(frame: pl.DataFrame) -> Part:
    known = frame.filter(pl.col("postcode").is_not_null() | pl.col("country").is_not_null())
    values: dict[str, Value] = {
        "number": 9,
        "postcode": known["postcode"],
        "country": known["country"],
    }
    return part(Postcode, known, values)


def _legal_ids(frame: pl.DataFrame) -> Part:
    known = frame.filter(pl.col("legal_id").is_not_null())
    return part(LegalId, known, {"number": 10, "legal_id": known["legal_id"]})


FORMAT = Format("betalingsservice_0601", "Betalingsservice 0601, collections", identify, read)
