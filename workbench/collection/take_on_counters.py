"""The counters of the predecessor: ours go on where they stood, and never go back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from workbench.collection.take_on_parts import Part, TakeOnError, note_take_on
from workbench.references import betalingsservice_reference
from workbench.store.connection import Reader
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: A counter's kind (delivery, reference, series) and whose it is.
Counter = tuple[str, str]

_COUNTERS = {
    "delivery": "SELECT system, next_delivery FROM collection_system WHERE active",
    "reference": "SELECT creditor_no, next_reference FROM creditor",
    "series": "SELECT series, next_number FROM number_series",
}
_MOVES = {
    "delivery": "UPDATE collection_system SET next_delivery = max(next_delivery, ?), "
    "version = version + 1 WHERE system = ?",
    "reference": "UPDATE creditor SET next_reference = max(next_reference, ?) "
    "WHERE creditor_no = ?",
    "series": "UPDATE number_series SET next_number = max(next_number, ?) WHERE series = ?",
}


def set_counters(workspace: Workspace, counters: Mapping[str, Any], *, name: str) -> Part:
    """Move counters forward to where the predecessor's stand; none ever goes back.

    Args:
        workspace: The company.
        counters: `next_delivery`, `next_reference` or `last_reference` (of the only
            creditor), and `series`: the next number by series.
        name: The file that names them.

    Raises:
        TakeOnError: A counter is not known or has no number.
    """
    with workspace.read() as reader:
        before = _standing(reader)
        after = {key: max(before[key], to) for key, to in _targets(before, counters)}
    moved = {key: to for key, to in after.items() if to != before[key]}
    if moved:
        with workspace.transaction(
            "take_on_counters", role="administer", file=name
        ) as transaction:
            move_counters(transaction, moved)
            told = {" ".join(key): to for key, to in moved.items()}
            note_take_on(transaction, "counters", told, file_id=None)
    counts = {" ".join(key): to for key, to in after.items()}
    return Part("counters", name, "accepted" if moved else "unchanged", counts)


def check_counters(workspace: Workspace, counters: Mapping[str, Any]) -> None:
    """Whether every counter is known and has a number, before anything is taken on.

    Raises:
        TakeOnError: One is not, or has none.
    """
    with workspace.read() as reader:
        for _ in _targets(_standing(reader), counters):
            pass


def _standing(reader: Reader) -> dict[Counter, int]:
    """Where each counter stands, by kind and name."""
    return {
        (kind, name): number
        for kind, question in _COUNTERS.items()
        for name, number in reader.rows(question)
    }


def _targets(
    before: Mapping[Counter, int], counters: Mapping[str, Any]
) -> Iterator[tuple[Counter, int]]:
    """Where the file wants each counter, by the counter's key."""

    def only(kind: str) -> Counter:
        keys = [key for key in before if key[0] == kind]
        if len(keys) != 1:
            raise TakeOnError(f"[counters] does not say whose {kind} number it means")
        return keys[0]

    for name, value in counters.items():
        if name == "next_delivery":
            yield only("delivery"), _positive(name, value)
        elif name == "next_reference":
            yield only("reference"), _positive(name, value)
        elif name == "last_reference":
            yield only("reference"), _counter_of(str(value)) + 1
        elif name == "series" and isinstance(value, dict):
            for series, number in value.items():
                if ("series", series) not in before:
                    raise TakeOnError(f"[counters.series] {series} is no number series")
                yield ("series", series), _positive(series, number)
        else:
            raise TakeOnError(f"[counters] {name} is not known")


def _positive(name: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise TakeOnError(f"[counters] {name} must be a whole number from 1, not {value!r}")
    return value


def _counter_of(reference: str) -> int:
    if not betalingsservice_reference.is_valid(reference):
        raise TakeOnError(f"[counters] {reference} is no reference of ours")
    return betalingsservice_reference.to_counter(reference)


def move_counters(transaction: Transaction, moved: Mapping[Counter, int]) -> None:
    """Move counters to their next numbers; one that is beyond already stays."""
    for (kind, name), to in moved.items():
        transaction.execute(_MOVES[kind], [to, name])
