"""Take-on (overtagelse): what the predecessor had on its way when the workbench took over.

A TOML file names the parts:

    sent = ["BS0601-0000000041.KR9"]    the deliveries that the predecessor sent
    paid_before = 2026-11-02            what fell due earlier was settled with it (optional)

    [customers]  [agreements]  [entries]    file and map of each import
    [deliveries] accepted = true            whether the center accepted them
    [counters]   next_delivery, next_reference or last_reference, [counters.series]

Customers, agreements and opening entries come by the imports of the ERP, a delivery and the
counters in one step each. The same file again is nothing to do; counters only move forward.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.collection.agreements import import_agreements
from workbench.collection.erp_exchange import import_entries
from workbench.collection.take_on_counters import check_counters, set_counters
from workbench.collection.take_on_delivery import take_on_delivery
from workbench.collection.take_on_parts import Part, TakenOn, TakeOnError
from workbench.ledger.imports.customers import import_customers
from workbench.ledger.imports.importing import ErpImport
from workbench.store.scratch import scratch_copy
from workbench.store.workspace import Workspace

#: The parts that imports of the ERP take, in the order in which they build on each other.
_IMPORTS: dict[str, Callable[..., ErpImport]] = {
    "customers": import_customers,
    "agreements": import_agreements,
    "entries": import_entries,
}
_TABLES = ("deliveries", "counters", *_IMPORTS)


def take_on(
    workspace: Workspace, path: Path, *, as_of: dt.date, dry_run: bool = False
) -> TakenOn:
    """Take on what a TOML file names, or a folder with a `take-on.toml`.

    Args:
        workspace: The company that takes over; its collection system is set up.
        path: The file, or its folder; what it names lies beside it.
        as_of: The day of the take-on, on which the opening entries are posted.
        dry_run: Do it in a copy, and tell what came of it there.

    Raises:
        TakeOnError: The file cannot be read, or says what cannot be.
        BadMappingError: A mapping cannot be used.
        NoOpenPeriodError: No period is open from `as_of` on.
    """
    source = path / "take-on.toml" if path.is_dir() else path
    wanted = _wanted(source)
    if "counters" in wanted:
        check_counters(workspace, wanted["counters"])
    if dry_run:
        with scratch_copy(workspace) as scratch:
            tried = take_on(scratch, path, as_of=as_of)
        return TakenOn(tuple(map(_tried, tried.parts)))
    parts = []
    for part in _parts(workspace, wanted, source, as_of=as_of):
        parts.append(part)
        if not part.clean:
            break
    return TakenOn(tuple(parts))


def _parts(
    workspace: Workspace, wanted: Mapping[str, Any], source: Path, *, as_of: dt.date
) -> Iterator[Part]:
    folder = source.parent
    for kind, take in _IMPORTS.items():
        if kind in wanted:
            files = wanted[kind]
            mapping = folder / files["map"]
            yield _imported(
                kind, take(workspace, folder / files["file"], mapping=mapping, as_of=as_of)
            )
    for name in wanted.get("sent", []):
        yield take_on_delivery(
            workspace,
            folder / name,
            as_of=as_of,
            accepted=wanted.get("deliveries", {}).get("accepted", True),
            paid_before=wanted.get("paid_before"),
        )
    if "counters" in wanted:
        yield set_counters(workspace, wanted["counters"], name=source.name)


def _imported(kind: str, result: ErpImport) -> Part:
    return Part(
        kind, result.name, result.outcome, result.counts, result.sums, result.problems,
        result.rolled,
    )  # fmt: skip


def _tried(part: Part) -> Part:
    """What came of a part in a copy, as what would come of it."""
    if part.outcome != "accepted":
        return part
    return replace(part, outcome="dry_run")


def _wanted(source: Path) -> dict[str, Any]:
    """What the file names, checked."""
    try:
        wanted = tomllib.loads(source.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as cause:
        raise TakeOnError(f"{source.name}: {cause}") from cause
    faults = list(_faults(wanted)) or list(_missing(wanted, source.parent))
    if faults:
        raise TakeOnError(f"{source.name}: {'; '.join(faults)}")
    return wanted


def _missing(wanted: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """Files that are named and not there: known before the first part is taken on."""
    named = [
        wanted[kind][key] for kind in _IMPORTS if kind in wanted for key in ("file", "map")
    ]
    for name in [*named, *wanted.get("sent", [])]:
        if not (folder / name).is_file():
            yield f"there is no file {name}"


def _faults(wanted: Mapping[str, Any]) -> Iterator[str]:
    for key, value in wanted.items():
        if key == "sent":
            if not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
                yield "sent must be a list of file names"
        elif key == "paid_before":
            if type(value) is not dt.date:
                yield "paid_before must be a date"
        elif key not in _TABLES:
            yield f"{key} is not known"
        elif not isinstance(value, dict):
            yield f"[{key}] must be a table"
        elif key in _IMPORTS and set(value) != {"file", "map"}:
            yield f"[{key}] needs file and map, and nothing else"
        elif key == "deliveries" and set(value) - {"accepted"}:
            yield "[deliveries] knows accepted alone"
