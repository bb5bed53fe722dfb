"""A record is a class whose body is its specification: the machine behind every format.

From one declaration come the columnar reader, the columnar writer and the validator that
says what was found and expected at which position.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt
import polars as pl

from workbench.layout.digits import Bytes, Flags
from workbench.layout.fields import Cells, Field, Value
from workbench.model.problems import Problem

_BLANK = 0x20


@dataclass(frozen=True, slots=True)
class Columns:
    """The records of one kind as typed columns.

    Attributes:
        values: One column per field that is read.
        faults: Bit n of a row is set when the n-th field that is read broke there.
    """

    values: pl.DataFrame
    faults: npt.NDArray[np.uint32]

    def first(self) -> dict[str, object]:
        """The first record as plain values."""
        return self.values.row(0, named=True)


class FixedRecord:
    """A record of fixed positions; positions that no field names are blank.

    A subclass lists its fields as class attributes and cites its specification in the
    docstring.
    """

    width: ClassVar[int] = 128
    fields: ClassVar[Mapping[str, Field]] = {}

    def __init_subclass__(cls) -> None:
        """Collect the fields in the order of their positions; overlaps are refused."""
        own = {name: item for name, item in vars(cls).items() if isinstance(item, Field)}
        merged = {**cls.fields, **own}
        cls.fields = dict(sorted(merged.items(), key=lambda item: item[1].first))
        at = 0
        for name, field in cls.fields.items():
            assert at < field.first <= field.last <= cls.width, (cls.__name__, name)
            at = field.last

    @classmethod
    def read_fields(cls) -> dict[str, Field]:
        """The fields that become columns, in the order of the fault bits."""
        return {name: field for name, field in cls.fields.items() if field.is_read}

    @classmethod
    def read(cls, matrix: Bytes) -> Columns:
        """The typed columns of a matrix of padded rows."""
        assert matrix.shape[1] == cls.width, matrix.shape
        faults = np.zeros(len(matrix), np.uint32)
        values: dict[str, pl.Series] = {}
        finishing: list[pl.Expr] = []
        for bit, (name, field) in enumerate(cls.read_fields().items()):
            cells: Cells = field.read(matrix)
            values[name] = cells.values
            if cells.bad is not None:
                faults |= np.left_shift(cells.bad.astype(np.uint32), bit)
            if cells.finish is not None:
                finishing.append(cells.finish(pl.col(name)).alias(name))
        frame = pl.DataFrame(values)
        return Columns(frame.with_columns(finishing) if finishing else frame, faults)

    @classmethod
    def fault_bit(cls, name: str) -> np.uint32:
        """The bit that marks a fault of one field."""
        return np.uint32(1 << list(cls.read_fields()).index(name))

    @classmethod
    def write(cls, values: Mapping[str, Value], *, height: int) -> Bytes:
        """The padded rows that hold the values; a single value stands for every row.

        Raises:
            CannotWriteError: A value does not fit its field.
        """
        unknown = values.keys() - cls.fields.keys()
        assert not unknown, unknown
        matrix = np.full((height, cls.width), _BLANK, np.uint8)
        for name, field in cls.fields.items():
            if field.is_read and name not in values:
                continue
            matrix[:, field.first - 1 : field.last] = field.write(
                _series(values.get(name), height=height)
            )
        return matrix

    @classmethod
    def problems(
        cls,
        matrix: Bytes,
        faults: npt.NDArray[np.uint32],
        *,
        lines: npt.NDArray[np.int64],
        source: str,
    ) -> Iterator[Problem]:
        """One problem per faulty cell: line, position, what was found and expected."""
        fields = list(cls.read_fields().items())
        for row in np.flatnonzero(faults):
            text = matrix[row].tobytes().decode("latin-1")
            for bit, (name, field) in enumerate(fields):
                if faults[row] >> bit & 1:
                    found = text[field.first - 1 : field.last]
                    yield Problem(
                        field.problem,
                        {
                            "field": field.label or name,
                            "found": found,
                            "expected": field.expected,
                        },
                        source=source,
                        line=int(lines[row]),
                        column=field.first,
                        excerpt=text.rstrip(),
                    )


def joined_lines(matrix: Bytes, *, strip: bool = True) -> bytes:
    """The rows as lines with CR LF, trailing blanks removed or kept."""
    height, width = matrix.shape
    lengths = np.full(height, width)
    if strip:
        used = matrix != _BLANK
        lengths = np.where(used.any(axis=1), width - used[:, ::-1].argmax(axis=1), 0)
    out = np.empty((height, width + 2), np.uint8)
    out[:, :width] = matrix
    rows = np.arange(height)
    out[rows, lengths] = 0x0D
    out[rows, lengths + 1] = 0x0A
    kept: Flags = np.arange(width + 2) < lengths[:, None] + 2
    return out[kept].tobytes()


def _series(value: Value, *, height: int) -> pl.Series:
    if isinstance(value, pl.Series):
        assert len(value) == height, (len(value), height)
        return value
    dtype = pl.String if value is None else None
    return pl.Series([value], dtype=dtype).new_from_index(0, height)
