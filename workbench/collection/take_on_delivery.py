"""One delivery of the predecessor's, taken on in one step or not at all."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from workbench.collection import register
from workbench.collection.take_on_counters import Counter, move_counters
from workbench.collection.take_on_lines import SentPlan, plan
from workbench.collection.take_on_parts import Part, note_take_on, one_row
from workbench.references import betalingsservice_reference
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: A counter that a foreign reference would raise above this stays: we never get there.
_REFERENCES_MOST = betalingsservice_reference.CAPACITY // 2

#: So many lines of a kind are named in what is kept of a take-on.
_NAMED_MOST = 1_000


def take_on_delivery(
    workspace: Workspace,
    path: Path,
    *,
    as_of: dt.date,
    accepted: bool = True,
    paid_before: dt.date | None = None,
) -> Part:
    """Take on one delivery that the predecessor sent, in one step or not at all.

    Args:
        workspace: The company.
        path: The 0601 as it was sent.
        as_of: The day of the take-on.
        accepted: Whether the center accepted it; else it is only sent.
        paid_before: Collections due before this day were settled with the predecessor.
    """
    content, name = path.read_bytes(), path.name
    sha256 = archive.digest(content)
    with workspace.read() as reader:
        if _read_before(reader, sha256):
            return Part("sent", name, "read_before")
    archive.keep(workspace, content)
    with workspace.transaction(
        "take_on_delivery", role="administer", file=name, sha256=sha256
    ) as transaction:
        if _read_before(transaction, sha256):
            return Part("sent", name, "read_before")
        sent = plan(transaction, content, name=name, as_of=as_of, paid_before=paid_before)
        _keep_attempt(transaction, sent, name, sha256)
        if sent.clean:
            _Delivered(transaction, sent, accepted=accepted, as_of=as_of).write(name, sha256)
    if not sent.clean:
        return Part("sent", name, "refused", problems=sent.problems)
    return Part("sent", name, "accepted", _counts(sent), _amounts(sent), sent.problems)


def _read_before(reader: Reader, sha256: str) -> bool:
    return bool(reader.value("SELECT 1 FROM source_file WHERE sha256 = ?", [sha256]))


class _Delivered:
    """The rows of one delivery of the predecessor's."""

    def __init__(
        self, transaction: Transaction, sent: SentPlan, *, accepted: bool, as_of: dt.date
    ) -> None:
        assert sent.delivery is not None
        self.transaction, self.sent, self.as_of = transaction, sent, as_of
        self.delivery = sent.delivery
        self.state = "accepted" if accepted else "sent"
        self.status = "in_process" if accepted else "sent"
        self.file_id = transaction.draw_ids(2)
        self.delivery_id = self.file_id + 1
        self.lines = sent.lines.with_columns(at=pl.int_range(pl.len(), dtype=pl.Int64))
        self.first_line = transaction.draw_ids(max(1, sent.lines.height))

    def write(self, name: str, sha256: str) -> None:
        """Write everything: file, delivery, lines, links, register, counters."""
        self._file(name, sha256)
        self._delivery(name)
        self._lines()
        self._register()
        for (entry_id,) in self.sent.stopped.iter_rows():
            _stop(self.transaction, entry_id)
        move_counters(self.transaction, dict(self._raised()))
        note_take_on(self.transaction, "delivery", self._summary(), file_id=self.file_id)
        self.transaction.note(**_counts(self.sent))

    def _file(self, name: str, sha256: str) -> None:
        delivery = self.delivery
        row = {
            "file_id": self.file_id,
            "sha256": sha256,
            "name": name,
            "bytes": delivery.source.bytes,
            "lines": delivery.source.lines,
            "format": delivery.format,
            "direction": "out",
            "delivery_no": delivery.id,
            "delivery_type": delivery.type,
            "supplier_no": delivery.supplier_no,
            "subsystem": delivery.subsystem,
            "created_on": None if delivery.created is None else delivery.created.isoformat(),
        }
        self.transaction.append("source_file", one_row(row))

    def _delivery(self, name: str) -> None:
        lines = self.sent.lines
        accepted = self.state == "accepted"
        row = {
            "delivery_id": self.delivery_id,
            "system": self.sent.system,
            "delivery_no": self.delivery.id,
            "delivery_type": self.delivery.type,
            "file_id": self.file_id,
            "file_name": name,
            "as_of": (self.delivery.created or self.as_of).isoformat(),
            "count": lines.height,
            "amount_minor": int(lines["amount_minor"].sum()),
            "currency": lines["currency"].first() or self._currency(),
            "state": self.state,
            # No receipt that comes later is this delivery's, unless it says the same.
            "received_code": "PN00" if accepted else None,
            "validated_code": "BS00" if accepted else None,
        }
        self.transaction.append("delivery", one_row(row))
        states = ["sent", "accepted"] if accepted else ["sent"]
        self.transaction.execute_many(
            "INSERT INTO delivery_event VALUES (?, ?, ?, ?, 'taken_on', ?)",
            [
                (self.delivery_id, self.transaction.number, number, state, self.file_id)
                for number, state in enumerate(states, start=1)
            ],
        )

    def _currency(self) -> str:
        return str(
            self.transaction.value(
                "SELECT currency FROM creditor WHERE system = ?", [self.sent.system]
            )
        )

    def _line_id(self) -> pl.Expr:
        return (pl.col("at") + self.first_line).alias("collection_line_id")

    def _lines(self) -> None:
        paid = pl.when("settled").then(pl.lit("paid")).otherwise(pl.lit(self.status))
        self.transaction.append(
            "collection_line",
            self.lines.select(
                self._line_id(),
                "creditor_no",
                "debtor_group",
                "customer_id",
                "customer_no",
                "agreement_id",
                "agreement_no",
                "slip_only",
                "due_date",
                "amount_minor",
                "currency",
                "reference",
                "text",
                paid.alias("status"),
                pl.lit(self.delivery_id).alias("delivery_id"),
                pl.col("line").alias("delivery_line"),
            ),
        )
        linked = self.sent.links.join(self.lines.select("row", "at"), on="row")
        self.transaction.append(
            "collection_line_entry",
            linked.select(self._line_id(), "entry_id", "amount_minor"),
            recorded=False,
        )

    def _register(self) -> None:
        """Taken on as sent; where the center took it, and where it was paid before, as well."""
        steps: list[tuple[str | None, str, pl.Expr]] = [(None, "sent", pl.lit(value=True))]
        if self.status == "in_process":
            steps.append(("sent", "in_process", pl.lit(value=True)))
        steps.append((self.status, "paid", pl.col("settled")))
        moves = pl.concat(
            self.lines.filter(where).select(
                self._line_id(),
                pl.lit(before, pl.String).alias("from_status"),
                pl.lit(after).alias("to_status"),
                pl.lit("taken_on").alias("reason"),
                pl.lit(None, pl.Int64).alias("payment_line_id"),
            )
            for before, after, where in steps
        )
        if moves.is_empty():
            return
        register.require_legal(moves)
        step = self.transaction.step
        rows = register.rows(
            moves,
            on_date=self.as_of,
            first_id=self.transaction.draw_ids(moves.height),
            actor=step.actor,
            run_id=step.run_id,
        )
        self.transaction.append("collection_register", rows)

    def _raised(self) -> Iterator[tuple[Counter, int]]:
        """The counters that what was taken on pushes forward: no number is drawn twice."""
        number = str(self.delivery.id or "")
        if number.isdigit():
            yield ("delivery", self.sent.system), int(number) + 1
        drawn: dict[str, int] = {}
        for creditor, short in self.sent.lines.select("creditor_no", "short").iter_rows():
            if short is not None and betalingsservice_reference.is_valid(short):
                counter = betalingsservice_reference.to_counter(short) + 1
                if counter <= _REFERENCES_MOST:
                    drawn[creditor] = max(counter, drawn.get(creditor, 0))
        for creditor, counter in drawn.items():
            yield ("reference", creditor), counter

    def _summary(self) -> dict[str, Any]:
        links = self.sent.links
        by = dict(links.group_by("how").len().sort("how").iter_rows())
        named: dict[str, list[int | None]] = {}
        for problem in self.sent.problems:
            places = named.setdefault(problem.code, [])
            if len(places) < _NAMED_MOST:
                places.append(problem.line)
        return {**_counts(self.sent), "links": by, "lines_named": named, "state": self.state}


def _stop(transaction: Transaction, entry_id: int) -> None:
    version = transaction.value("SELECT version FROM entry WHERE entry_id = ?", [entry_id])
    transaction.edit("entry", entry_id, version=version, changes={"on_hold": 1})


def _counts(sent: SentPlan) -> dict[str, int]:
    assert sent.delivery is not None
    settled = int(sent.lines["settled"].sum())
    return {
        "lines": sent.lines.height,
        "settled": settled,
        "linked": sent.links["row"].n_unique(),
        "unlinked": sent.unlinked.height,
        "left_out": sent.delivery.transactions.height - sent.lines.height,
        "stopped": sent.stopped.height,
    }


def _amounts(sent: SentPlan) -> dict[str, int]:
    sums = sent.lines.group_by("currency").agg(pl.col("amount_minor").sum())
    return dict(sums.sort("currency").iter_rows())


def _keep_attempt(transaction: Transaction, sent: SentPlan, name: str, sha256: str) -> None:
    stopping = sorted({p.code for p in sent.problems if p.severity != "warning"})
    row = {
        "attempt_id": transaction.draw_ids(1),
        "sha256": sha256,
        "name": name,
        "purpose": "take_on",
        "outcome": "accepted" if sent.clean else "refused",
        "reason": ", ".join(stopping),
        "problems": json.dumps(
            [p.as_json() for p in sent.problems[:_NAMED_MOST]], ensure_ascii=False
        ),
    }
    transaction.append("file_attempt", one_row(row))
