"""What a file of entries would do to the ledger, and the doing of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from workbench.ledger.handover.marks import mark
from workbench.ledger.imports import held as erp_held
from workbench.ledger.imports.collected import Collections
from workbench.ledger.imports.entry_posting import Prepared, ids_needed, prepare
from workbench.ledger.imports.entry_rows import STOPS
from workbench.ledger.imports.importing import Posted, Source
from workbench.model.problems import Problem
from workbench.model.texts import marked
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction

#: So many rows are appended one by one; more are staged.
_FEW = 10_000

#: Why lines are stopped.
SETTLED_REASON = marked("settled in the ERP")
REPLACED_REASON = marked("the ERP tells the entry otherwise")
HELD_REASON = marked("the ERP shows something else")


@dataclass(frozen=True, slots=True)
class EntryPlan:
    """What a file of entries would do.

    Attributes:
        effects: Rows of `EFFECTS`.
        new: Entries to add, in ledger view, with `customer_id`, `profile`, `dimensions`,
            `erp_revision`, and `settled`, what the ERP settled of them already.
        stops: `entry_id`, `version`, `on_hold`, `disputed` of the known entries to stop.
        settled: Rows of `SETTLED`: known entries that the ERP settled, or told otherwise.
        withdrawn: Known entries that no longer stand for their number.
        booked: Settlements that the amounts prove booked; rows of `MARKS`.
        vouchers: Vouchers that came back; rows of `MARKS`.
        links: `erp_entry_no`, `entry_id` of our own entries that came back.
        compared: Every entry that was compared; rows as `erp_held.with_earlier` has them.
        halted: Entries whose unsent lines stop, by reason.
        collections: Where they are stopped.
        voucher: What is posted, once it is prepared.
        staged: Tables of it whose rows were staged.
    """

    problems: tuple[Problem, ...]
    counts: Mapping[str, int]
    sums: Mapping[str, int]
    effects: pl.DataFrame
    new: pl.DataFrame
    stops: pl.DataFrame
    settled: pl.DataFrame
    withdrawn: pl.DataFrame
    booked: pl.DataFrame
    vouchers: pl.DataFrame
    links: pl.DataFrame
    compared: pl.DataFrame
    halted: Mapping[str, list[int]]
    collections: Collections
    voucher: Prepared | None = None
    staged: frozenset[str] = frozenset()

    @property
    def ids(self) -> int:
        """Identifiers that its voucher needs."""
        return ids_needed(new=self.new, settled=self.settled)

    def prepared(
        self, reader: Reader, source: Source
    ) -> tuple[EntryPlan, dict[str, pl.DataFrame]]:
        """The plan with its voucher, and the rows of it that are many enough to stage.

        Raises:
            NoOpenPeriodError: No period is open from the day of the file on.
        """
        voucher = prepare(reader, new=self.new, settled=self.settled, source=source)
        rows = {} if voucher is None else voucher.rows
        many = {name: frame for name, frame in rows.items() if frame.height > _FEW}
        return replace(self, voucher=voucher, staged=frozenset(many)), many

    def write(self, transaction: Transaction, source: Source) -> Posted | None:
        """Do all of it."""
        for row in self.stops.iter_rows(named=True):
            transaction.edit(
                "entry",
                row["entry_id"],
                version=row["version"],
                changes={name: int(row[name]) for name in STOPS},
            )
        transaction.append(
            "entry_withdrawal", self.withdrawn.with_columns(reason=pl.lit("changed_in_erp"))
        )
        posted = None
        if self.voucher is not None:
            posted = self.voucher.write(transaction, staged=self.staged)
        transaction.append("erp_entry_link", self.links)
        mark(transaction, self.vouchers, how="voucher_number", file_id=source.file_id)
        mark(transaction, self.booked, how="amount", file_id=source.file_id)
        erp_held.write(transaction, self.compared, import_id=source.import_id)
        stopped = self._halt(transaction, as_of=source.as_of)
        if posted is None:
            return Posted(None, None, stopped)
        return replace(posted, stopped=stopped)

    def _halt(self, transaction: Transaction, *, as_of: dt.date) -> int:
        return sum(
            self.collections.stop(transaction, entries, reason=reason, as_of=as_of)
            for reason, entries in self.halted.items()
            if entries
        )
