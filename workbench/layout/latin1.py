"""Text in columns: ISO-8859-1 bytes of one width to strings and back.

Bytes are cut out of the rows before they are decoded, so that a letter of two UTF-8 bytes
never shifts a column.
"""

from __future__ import annotations

import numpy as np
import polars as pl
import pyarrow as pa

from workbench.layout.digits import Bytes, Numbers


def decode(cells: Bytes) -> pl.Series:
    """One string per row of a matrix of ISO-8859-1 bytes, its blanks kept."""
    height, width = cells.shape
    flat = np.ascontiguousarray(cells).reshape(-1)
    if height and flat.max() >= 0x80:
        flat, offsets = _utf8(flat, width=width, height=height)
    else:
        offsets = np.arange(0, height * width + 1, width, dtype=np.int64)
    array = pa.Array.from_buffers(
        pa.large_string(), height, [None, pa.py_buffer(offsets), pa.py_buffer(flat)]
    )
    series = pl.from_arrow(array)
    assert isinstance(series, pl.Series)
    return series


def encode(texts: pl.Series, *, width: int, right: bool = False, fill: str = " ") -> Bytes:
    """The rows of ISO-8859-1 bytes that hold the strings, filled to the width.

    Raises:
        UnicodeEncodeError: A string has a character that ISO-8859-1 lacks.
    """
    filled = texts.fill_null("")
    assert (filled.str.len_chars().max() or 0) <= width  # type: ignore[operator]  # a count
    padded = filled.str.pad_start(width, fill) if right else filled.str.pad_end(width, fill)
    joined = padded.str.join("").item() if padded.len() else ""
    return np.frombuffer(joined.encode("latin-1"), np.uint8).reshape(-1, width)


def _utf8(flat: Bytes, *, width: int, height: int) -> tuple[Bytes, Numbers]:
    high = flat >= 0x80
    ends = np.cumsum(high.reshape(height, width).sum(axis=1) + width)
    offsets = np.zeros(height + 1, np.int64)
    offsets[1:] = ends
    wide = np.repeat(flat, high.astype(np.int64) + 1)
    second = np.flatnonzero(high) + np.arange(1, int(high.sum()) + 1)
    original = wide[second]
    wide[second] = original & 0x3F | 0x80
    wide[second - 1] = original >> 6 | 0xC0
    return wide, offsets
