"""Files of JSON-lines that only grow: a line is there whole, or not at all."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Mapping
from pathlib import Path

import polars as pl


def append(path: Path, content: bytes) -> tuple[int, int]:
    """Add whole lines and wait until the disk has them; returns where they stand."""
    with path.open("ab") as target:
        target.write(content)
        target.flush()
        os.fsync(target.fileno())
        return target.tell() - len(content), target.tell()


def append_frame(path: Path, frame: pl.DataFrame) -> tuple[int, int]:
    """Add one line per row; returns where they stand."""
    buffer = io.BytesIO()
    frame.write_ndjson(buffer)
    return append(path, buffer.getvalue())


def append_row(path: Path, row: Mapping[str, object]) -> None:
    """Add one line."""
    append(path, json.dumps(row, ensure_ascii=False).encode() + b"\n")


def rows(path: Path) -> list[dict[str, object]]:
    """The lines of a file; none when it does not exist. A torn last line is not there."""
    content = path.read_bytes() if path.exists() else b""
    whole = content[: content.rfind(b"\n") + 1]
    return [json.loads(line) for line in whole.splitlines()]


def cut_torn(path: Path) -> None:
    """Remove a last line that was being written when the machine stopped."""
    content = path.read_bytes() if path.exists() else b""
    cut(path, length=content.rfind(b"\n") + 1)


def cut(path: Path, *, length: int) -> None:
    """Remove what stands behind a length."""
    if path.exists() and path.stat().st_size > length:
        os.truncate(path, length)
