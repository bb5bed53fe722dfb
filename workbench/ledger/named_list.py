"""A list that has a name: asked for a day and a recorded time, the same everywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import polars as pl

from workbench.references import betalingsservice_customer
from workbench.store.connection import Reader

#: The view, the last day that counts, and the last recorded number that counts.
Find = Callable[[Reader, dt.date, int], pl.DataFrame]


class UnknownListError(Exception):
    """No list has this name."""


class NoCustomersError(Exception):
    """The list knows no customers, and one was asked for."""


@dataclass(frozen=True, slots=True)
class NamedList:
    """A list as the command line and the screens offer it.

    Attributes:
        name: What it is asked for by.
        title: What people read above it; marked for the catalogs.
        schema: Its columns. Amounts end in `_minor` and are in the row's `currency`.
        find: Asks for it; the rows come in the order in which they are shown.
    """

    name: str
    title: str
    schema: pl.Schema
    find: Find

    def rows(
        self, reader: Reader, *, as_of: dt.date, known: int, customer_no: str | None = None
    ) -> pl.DataFrame:
        """The list, of all customers or of one.

        Raises:
            NoCustomersError: One was asked for, and the list knows none.
        """
        found = self.find(reader, as_of, known)
        assert found.schema == self.schema, (self.name, found.schema)
        if customer_no is None:
            return found
        theirs = [name for name in found.columns if name.endswith("customer_no")]
        if not theirs:
            raise NoCustomersError(self.name)
        number = betalingsservice_customer.compact(customer_no)
        return found.filter(pl.any_horizontal(pl.col(theirs) == number))


def list_named(lists: Iterable[NamedList], name: str) -> NamedList:
    """The list of a name.

    Raises:
        UnknownListError: There is none; says which there are.
    """
    offered = {one.name: one for one in lists}
    if name not in offered:
        raise UnknownListError(f"no list is called {name}; there are {', '.join(offered)}")
    return offered[name]
