"""The cells of a delivery's files: each line in the words and the notation of the ERP."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from workbench.ledger.handover.fields import FIELDS, HandoverField, Kind, Role
from workbench.ledger.handover.layout import Layout
from workbench.ledger.handover.notation import Column
from workbench.model.money import EXPONENTS, exponent
from workbench.model.problems import Problem

#: A spreadsheet takes a text that begins so for a formula (CWE-1236), the wide forms too.
_FORMULA = r"^[=+\-@\t\r\n\x{FF1D}\x{FF0B}\x{FF0D}\x{FF20}]"
_GUARDS = {"apostrophe": "'", "space": " ", "keep": ""}

#: So many problems of a kind and column are told; the others are alike.
_TOLD = 20


def cells(lines: pl.DataFrame, layout: Layout, *, role: Role) -> pl.DataFrame:
    """The lines as texts, a column for each of the layout's, named by its place from 0.

    A cell with nothing to say is null.
    """
    texts = [text_of(column, layout, role=role) for column in layout.columns[role]]
    filled = [pl.when(text != "").then(text).alias(str(n)) for n, text in enumerate(texts)]
    return lines.with_columns(filled).select(str(n) for n in range(len(texts)))


def text_of(column: Column, layout: Layout, *, role: Role) -> pl.Expr:
    """A column's cells as texts; null where there is nothing to say."""
    notation = layout.notation
    if column.kind == "constant":
        return pl.lit(column.source)
    if column.kind == "dimension":
        return _guarded(dimension(column.source), layout)
    known = FIELDS[role][column.source]
    cell = pl.col(column.source)
    match known.kind:
        case Kind.DATE:
            return cell.dt.strftime(notation.date)
        case Kind.AMOUNT:
            return amount_text(cell, pl.col(known.currency), mark=notation.decimal)
        case Kind.NUMBER:
            return cell.cast(pl.String)
        case _:
            return _words(column, layout, known)


def dimension(name: str) -> pl.Expr:
    """The code of a dimension, whatever letters its name has; null where there is none."""
    quote = "'" if '"' in name else '"'
    return pl.col("dimensions").str.json_path_match(f"$[{quote}{name}{quote}]")


def _words(column: Column, layout: Layout, known: HandoverField) -> pl.Expr:
    words = pl.col(column.source)
    codes = layout.values.get(column.source)
    if codes:
        words = words.fill_null("").replace(codes)
    words = _guarded(words, layout)
    if known.kind is Kind.TEXT and column.longest is not None:
        words = words.str.slice(0, column.longest)
    return words


def _guarded(words: pl.Expr, layout: Layout) -> pl.Expr:
    """Words that a spreadsheet takes for words; a workbook's cells are typed anyway."""
    guard = _GUARDS[layout.notation.formulas]
    if not guard or layout.format == "xlsx":
        return words
    guarded = pl.concat_str(pl.lit(guard), words)
    return pl.when(words.str.contains(_FORMULA)).then(guarded).otherwise(words)


def amount_text(amount_minor: pl.Expr, currency: pl.Expr, *, mark: str) -> pl.Expr:
    """An amount with its currency's decimals and no mark between thousands."""
    whole = _digits(amount_minor, exponent("DKK"), mark)
    for code in EXPONENTS:
        if exponent(code) != exponent("DKK"):
            other = _digits(amount_minor, exponent(code), mark)
            whole = pl.when(currency == code).then(other).otherwise(whole)
    return whole


def _digits(amount_minor: pl.Expr, decimals: int, mark: str) -> pl.Expr:
    size, unit = amount_minor.abs(), 10**decimals
    sign = pl.when(amount_minor < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    parts = [sign, (size // unit).cast(pl.String)]
    if decimals:
        parts += [pl.lit(mark), (size % unit).cast(pl.String).str.zfill(decimals)]
    return pl.concat_str(parts)


def problems_of(
    written: pl.DataFrame, layout: Layout, *, role: Role, name: str, first_line: int
) -> Iterator[Problem]:
    """What the ERP's file cannot hold: too long, or not in its encoding, with the place.

    Args:
        written: What `cells` gave.
        layout: The layout.
        role: What the file holds.
        name: The file's name.
        first_line: The line of the first row.
    """
    encoding = layout.notation.encoding
    for place, column in enumerate(layout.columns[role]):
        words = written[str(place)]
        found: list[tuple[str, str | int, pl.Series]] = []
        if column.longest is not None:
            longer = words.str.len_chars() > column.longest
            found.append(("handover_too_long", column.longest, longer))
        if not encoding.startswith("utf-8"):
            found.append(("handover_unencodable", encoding, _unencodable(words, encoding)))
        for code, expected, wrong in found:
            for row in wrong.arg_true().head(_TOLD):
                cell = str(words[row])
                params: dict[str, str | int] = {
                    "heading": column.heading, "found": cell, "expected": expected,
                }  # fmt: skip
                yield Problem(code, params, name, first_line + row, place + 1, cell)


def _unencodable(words: pl.Series, encoding: str) -> pl.Series:
    """Which texts hold a character that an encoding lacks; each text is tried once."""
    different = words.unique().drop_nulls()
    beyond = different.filter(different.str.len_bytes() > different.str.len_chars())
    bad = [text for text in beyond if not _encodes(text, encoding)]
    return words.is_in(pl.Series(bad, dtype=pl.String).implode())


def _encodes(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
