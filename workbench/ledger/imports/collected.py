"""What the ledger must know of the room above it: which entries are being collected.

The ledger does not know collections. Whoever calls it from above brings an answer.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from workbench.store.connection import Reader
from workbench.store.transaction import Transaction


class Collections(Protocol):
    """Where entries stand in collections, and how a collection is stopped."""

    def delivered(self, reader: Reader, entry_ids: list[int]) -> set[int]:
        """Those of the entries that are on a line of a delivery."""

    def stop(
        self, transaction: Transaction, entry_ids: list[int], *, reason: str, as_of: dt.date
    ) -> int:
        """Stop the unsent lines of entries; how many lines were stopped.

        Args:
            transaction: The step that this is part of.
            entry_ids: Entries of the ledger.
            reason: A marked text, kept in source English.
            as_of: Today.
        """


class NoCollections:
    """A ledger alone: nothing is collected."""

    def delivered(self, _reader: Reader, _entry_ids: list[int]) -> set[int]:
        """None of them."""
        return set()

    def stop(
        self,
        _transaction: Transaction,
        _entry_ids: list[int],
        *,
        reason: str,  # noqa: ARG002  # as the protocol has it
        as_of: dt.date,  # noqa: ARG002  # as the protocol has it
    ) -> int:
        """There is none to stop."""
        return 0
