"""The effects of an import as a file of their own: every entry, for whoever counts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

#: What begins a formula in a spreadsheet program, which must not run what a file holds.
_FORMULA = r"^[=+\-@\t\r]"


class UnknownEffectsFormatError(Exception):
    """Effects are written as .csv or .parquet; the name says neither."""


def check_name(path: Path) -> None:
    """Refuse a name before anything is done.

    Raises:
        UnknownEffectsFormatError: Its ending is not known.
    """
    if path.suffix not in {".csv", ".parquet"}:
        raise UnknownEffectsFormatError(path.name)


def write_effects(effects: pl.DataFrame, path: Path) -> None:
    """Write rows of `EFFECTS`; a text that a spreadsheet would compute is quoted with '.

    Raises:
        UnknownEffectsFormatError: The ending of the name is neither .csv nor .parquet.
    """
    check_name(path)
    if path.suffix == ".parquet":
        effects.write_parquet(path)
        return
    text = pl.col(pl.String)
    safe = pl.when(text.str.contains(_FORMULA)).then("'" + text).otherwise(text)
    effects.with_columns(safe.name.keep()).write_csv(path, include_bom=True)
