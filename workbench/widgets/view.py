"""What a table shows of a frame: filtered, sorted, with the rows that are chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from workbench.model.money import minor_from_decimal, parse_decimal
from workbench.widgets.columns import Column, Kind
from workbench.widgets.screen import Screen


class View:
    """A frame as one reader looks at it.

    Attributes:
        frame: All rows.
        rows: What the filter leaves, in order.
        key: The column by which a row is remembered.
    """

    def __init__(
        self, frame: pl.DataFrame, *, columns: tuple[Column, ...], key: str, screen: Screen
    ) -> None:
        self.columns = columns
        self.key = key
        self._screen = screen
        self._order: tuple[str, bool] | None = None
        self._text = ""
        self._chosen: dict[int, None] = {}
        self._values: Mapping[str, str] = {}
        self.frame = self.rows = frame
        self.replace(frame)

    @property
    def chosen(self) -> pl.DataFrame:
        """The chosen rows, in the order of the frame."""
        return self.frame.filter(pl.col(self.key).is_in(list(self._chosen)))

    def replace(self, frame: pl.DataFrame) -> None:
        """Look at another frame in the same way."""
        self.frame = frame
        assert frame[self.key].is_unique().all(), f"{self.key} names several rows"
        self._chosen = dict.fromkeys(set(frame[self.key]) & set(self._chosen))
        self._apply()

    def filter(self, text: str, values: Mapping[str, str]) -> None:
        """Leave the rows that have a text and the values of some columns."""
        self._text, self._values = text.strip(), values
        self._apply()

    def sort(self, name: str) -> None:
        """Sort by a column; again, the other way; a third time, as the frame came."""
        if self._order is None or self._order[0] != name:
            self._order = (name, False)
        else:
            self._order = None if self._order[1] else (name, True)
        self._apply()

    def arrow(self, name: str) -> str:
        """The sign behind the name of the column that is sorted by."""
        if self._order is None or self._order[0] != name:
            return ""
        return " ▼" if self._order[1] else " ▲"

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def values(self, name: str) -> list[tuple[str, str]]:
        """The values of a column of words, with their counts: words, then key."""
        column = self.column(name)
        counts = self.frame[name].cast(pl.String).value_counts(sort=True)
        return [
            (f"{column.cell(key, self._screen, currency='').text} ({n})", str(key))
            for key, n in counts.iter_rows()
            if key is not None
        ]

    def choose(self, keys: Sequence[int]) -> None:
        """Choose exactly these rows."""
        self._chosen = dict.fromkeys(keys)

    def tick(self, key: int, *, chosen: bool) -> None:
        """Add a row to the chosen ones, or take it out."""
        if chosen:
            self._chosen[key] = None
        else:
            self._chosen.pop(key, None)

    def is_chosen(self, key: object) -> bool:
        """Whether a row is."""
        return key in self._chosen

    def _apply(self) -> None:
        rows = self.frame
        for name, value in self._values.items():
            rows = rows.filter(pl.col(name).cast(pl.String) == value)
        if self._text:
            rows = rows.filter(pl.any_horizontal(self._matches()))
        if self._order is not None:
            name, descending = self._order
            rows = rows.sort(name, descending=descending, nulls_last=True, maintain_order=True)
        self.rows = rows

    def _matches(self) -> Iterable[pl.Expr]:
        """Where the text occurs; in amounts, where the text is the whole amount."""
        amount = self._amount()
        text = self._text.lower()
        yield pl.lit(value=False)
        for column in self.columns:
            cell = pl.col(column.name)
            if column.kind is Kind.AMOUNT and amount is not None:
                yield cell.abs() == abs(amount)
            elif column.kind is Kind.DATE:
                shown = cell.dt.strftime(self._screen.numbers.date_pattern)
                yield shown.str.contains(text, literal=True)
            elif column.kind in {Kind.TEXT, Kind.PERSON, Kind.REFERENCE, Kind.CODE}:
                lower = cell.cast(pl.String).str.to_lowercase()
                yield lower.str.contains(text, literal=True).fill_null(value=False)

    def _amount(self) -> int | None:
        """The text as an amount in the reader's notation; None when it is none."""
        numbers = self._screen.numbers
        try:
            number = parse_decimal(
                self._text,
                decimal_mark=numbers.decimal_mark,
                thousands_mark=numbers.thousands_mark,
            )
            return minor_from_decimal(number, currency=self._screen.currency)
        except ValueError:  # no amount, or finer than the currency: then only a text
            return None
