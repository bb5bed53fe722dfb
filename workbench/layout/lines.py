"""Physical lines of a file as positions in its bytes, and as a matrix of padded rows."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

from workbench.layout.digits import Bytes, Numbers, Words
from workbench.model.deliveries import Source

_SCAN_BYTES = 1 << 24  # bytes looked through at once, so that the scan needs little memory
_BLANK = 0x20
_CARRIAGE_RETURN = 0x0D


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file, without their line ends; index 0 is physical line 1.

    A line ends in LF, CR LF, or CR CR LF.
    """

    content: Bytes
    starts: Numbers
    lengths: Numbers

    def __len__(self) -> int:
        """Number of physical lines."""
        return len(self.starts)

    def raw(self, index: int) -> bytes:
        """The bytes of one line."""
        start = int(self.starts[index])
        return self.content[start : start + int(self.lengths[index])].tobytes()

    def text(self, index: int) -> str:
        """One line as ISO-8859-1 text without trailing blanks."""
        return self.raw(index).decode("latin-1").rstrip()

    def heads(self) -> Words:
        """The first 8 bytes of every line as little-endian words, blanks beyond its end."""
        heads = np.full(len(self), 0x2020202020202020, np.uint64)
        inside = self.starts + 8 <= len(self.content)
        if inside.any():
            view: Words = np.ndarray((len(self.content) - 7,), "<u8", self.content, 0, (1,))
            heads[inside] = view[self.starts[inside]]
        for index in np.flatnonzero((self.lengths < 8) | ~inside):
            heads[index] = int.from_bytes(self.raw(int(index))[:8].ljust(8), "little")
        return heads

    def rows(self, index: Numbers, *, width: int) -> Bytes:
        """The chosen lines cut or right-padded with blanks to a matrix of that width."""
        starts, lengths = self.starts[index], self.lengths[index]
        matrix = np.empty((len(index), width), np.uint8)
        inside = starts + width <= len(self.content)
        if inside.all():
            matrix[:] = self._windows(starts, width)
        else:
            matrix[inside] = self._windows(starts[inside], width)
            for row in np.flatnonzero(~inside):
                raw = self.raw(int(index[row]))[:width].ljust(width)
                matrix[row] = np.frombuffer(raw, np.uint8)
        short = np.flatnonzero(lengths < width)
        if len(short):
            beyond = np.arange(width) >= lengths[short, None]
            matrix[short] = np.where(beyond, np.uint8(_BLANK), matrix[short])
        return matrix

    def _windows(self, starts: Numbers, width: int) -> Bytes:
        if len(starts) == 0:
            return np.empty((0, width), np.uint8)
        stride = int(starts[1] - starts[0]) if len(starts) > 1 else width
        first = int(starts[0])
        if stride >= width and (np.diff(starts) == stride).all():
            # Lines of one length: the matrix is a view of the file.
            shape = (len(starts), width)
            return np.ndarray(shape, np.uint8, self.content, first, (stride, 1))
        view = np.ndarray((len(self.content) - width + 1,), f"V{width}", self.content, 0, (1,))
        return view[starts].view(np.uint8).reshape(-1, width)


def split(content: bytes) -> Lines:
    """The lines of a file; its last line may lack a line end."""
    data = np.frombuffer(content, np.uint8)
    ends = _newlines(data)
    if len(data) and (len(ends) == 0 or ends[-1] != len(data) - 1):
        ends = np.append(ends, len(data))
    starts = np.empty_like(ends)
    starts[:1] = 0
    starts[1:] = ends[:-1] + 1
    lengths = ends - starts
    open_ = np.flatnonzero(lengths > 0)
    while len(open_):  # a transport may have made CR CR LF of CR LF
        open_ = open_[data[starts[open_] + lengths[open_] - 1] == _CARRIAGE_RETURN]
        lengths[open_] -= 1
        open_ = open_[lengths[open_] > 0]
    return Lines(data, starts, lengths)


def source(
    content: bytes, *, name: str, lines: Lines | None = None, digest: str | None = None
) -> Source:
    """What was read: name, digest, size, physical lines; what is known need not be counted."""
    count = len(split(content) if lines is None else lines)
    return Source(name, digest or sha256(content), len(content), count)


def sha256(content: bytes) -> str:
    """The digest of a file, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _newlines(data: Bytes) -> Numbers:
    found = [
        np.flatnonzero(data[at : at + _SCAN_BYTES] == 0x0A) + at
        for at in range(0, len(data), _SCAN_BYTES)
    ]
    return np.concatenate(found) if found else np.empty(0, np.int64)
