"""Where the rows of a regular CSV file begin, found without taking it apart.

Regular is a file that Polars and the `csv` module split alike: quotes only around whole
cells, the same number of cells in every row, no blank line between rows, no carriage return
by itself. What is not regular is read the slow way, to the same result.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

#: Bytes looked at in one go.
_PIECE = 1 << 24
_LINE_FEED, _RETURN = 10, 13

Positions = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Layout:
    """How a regular file is laid out.

    Attributes:
        width: Cells of each row.
        ends: Where each row ends, its line break excluded; the next begins after it.
        lines: The physical line, from 1, in which each row begins.
    """

    width: int
    ends: Positions
    lines: Positions


def scan(content: memoryview, *, delimiter: str, quote: str) -> Layout | None:
    """The layout of UTF-8 text that ends in no line break; None when it is not regular."""
    if not (delimiter.isascii() and quote.isascii()) or {delimiter, quote} & {"\r", "\n"}:
        return None
    signs = np.frombuffer(content, np.uint8)
    if not signs.size:
        return None
    seen = _Seen(signs, ord(delimiter), ord(quote))
    for start in range(0, signs.size, _PIECE):
        if not seen.take(start, min(start + _PIECE, signs.size)):
            return None
    return seen.layout()


class _Seen:
    """What was found up to some byte."""

    def __init__(self, signs: npt.NDArray[np.uint8], delimiter: int, quote: int) -> None:
        self._signs = signs
        self._delimiter = delimiter
        self._quote = quote
        self._quotes = 0
        self._cells = 0
        self._breaks = 0
        self._ends: list[Positions] = []
        self._cells_at_end: list[Positions] = []
        self._lines: list[Positions] = []

    def take(self, start: int, stop: int) -> bool:
        """Look at the next bytes; False when the file is not regular."""
        piece = self._signs[start:stop]
        quotes = np.flatnonzero(piece == self._quote) + start
        breaks = np.flatnonzero(piece == _LINE_FEED) + start
        cells = np.flatnonzero(piece == self._delimiter) + start
        returns = np.flatnonzero(piece == _RETURN) + start
        if returns.size and not self._all(returns + 1, [_LINE_FEED], beyond=False):
            return False
        outside = np.ones(breaks.size, np.bool_)
        if quotes.size or self._quotes % 2:
            if not self._quotes_regular(quotes):
                return False
            outside = (np.searchsorted(quotes, breaks) + self._quotes) % 2 == 0
            cells = cells[(np.searchsorted(quotes, cells) + self._quotes) % 2 == 0]
        ends = breaks[outside]
        self._ends.append(ends)
        self._cells_at_end.append(np.searchsorted(cells, ends) + self._cells)
        self._lines.append(np.flatnonzero(outside) + 2 + self._breaks)
        self._quotes += quotes.size
        self._cells += cells.size
        self._breaks += breaks.size
        return True

    def layout(self) -> Layout | None:
        if self._quotes % 2:
            return None
        size = self._signs.size
        ends = np.concatenate([*self._ends, np.array([size])])
        counts = np.diff(np.concatenate(self._cells_at_end), prepend=0, append=self._cells)
        width = int(counts[0]) + 1
        # A row of one cell may be blank, which the two ways would have to agree upon.
        if width == 1 or bool((counts != width - 1).any()):
            return None
        lines = np.concatenate([np.array([1]), *self._lines])
        return Layout(width, ends, lines)

    def _quotes_regular(self, quotes: Positions) -> bool:
        opening = quotes[self._quotes % 2 :: 2]
        closing = quotes[1 - self._quotes % 2 :: 2]
        before = opening - 1
        return self._all(
            before[before >= 0], [self._delimiter, _LINE_FEED, self._quote], beyond=True
        ) and self._all(
            closing + 1, [self._delimiter, _LINE_FEED, _RETURN, self._quote], beyond=True
        )

    def _all(self, positions: Positions, allowed: list[int], *, beyond: bool) -> bool:
        """Whether only allowed bytes stand there; beyond the end as is said."""
        inside = positions[positions < self._signs.size]
        if inside.size < positions.size and not beyond:
            return False
        return bool(np.isin(self._signs[inside], np.array(allowed, np.uint8)).all())
