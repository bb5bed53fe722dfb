"""The practice ERP's books: `erp.jsonl` in a folder, written by the ERP alone.

One event a line; a step's lines count only when its last line stands there, `step`:
    entry    a new entry: its cells as they are exported, `amount_minor`, `on`, and `by`
             (opening, own, delivery)
    apply    what reduces an entry: `no`, `amount_minor` in ledger view, `on`, and `why`
             (booked, settled)
    change   a cell of an entry told otherwise: `no`, `cell`, `text`, `on`
    fetched  a file of a hand-over: `name`, `sha256`
    voucher  `voucher` of `delivery` is booked or late, `state`
    step     `as_of`, and `export` and `receipt`, the files that were written then

`fetched/` keeps the bytes of every file that was taken. Dates are ISO 8601, amounts minor
units of DKK: a claim +, what reduces it −.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbench.practice import json_lines
from workbench.references import betalingsservice_customer

Event = dict[str, object]

#: The cells of an entry, by the headings of the export; the rest is what the books add.
CELLS = (
    "Løbenr", "Kundenr", "Type", "Bilagsnr", "Tekst", "Bilagsdato", "Forfaldsdato", "Beløb",
    "Valuta", "Afvent", "Tvist", "Momskode", "Momspct", "Momsgrundlag", "Moms", "Afdeling",
)  # fmt: skip


@dataclass(slots=True)
class Entry:
    """An entry as the ERP has it now.

    Attributes:
        cells: As they are exported, by heading.
        by: opening, own (made by the ERP since) or delivery (a posting of a hand-over).
        remaining_minor: What is open, in ledger view.
        why: Everything that was done to it since the books began, in order.
    """

    cells: dict[str, str]
    by: str
    amount_minor: int
    remaining_minor: int
    why: list[str] = field(default_factory=list)

    @property
    def no(self) -> str:
        """The ERP's number of it."""
        return self.cells["Løbenr"]

    @property
    def customer_no(self) -> str:
        """Its customer's number in canonical form."""
        return betalingsservice_customer.compact(self.cells["Kundenr"])


@dataclass(slots=True)
class State:
    """What the books say now.

    Attributes:
        vouchers: State by delivery and voucher: booked or late.
        fetched: Name and digest of the files that were taken, in order.
        steps: The closed steps, oldest first.
        numbers: The entries of a customer by document number.
        last_no: The highest number of an entry.
    """

    entries: dict[str, Entry] = field(default_factory=dict)
    vouchers: dict[tuple[str, str], str] = field(default_factory=dict)
    fetched: list[tuple[str, str]] = field(default_factory=list)
    steps: list[Event] = field(default_factory=list)
    numbers: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    last_no: int = 500_000

    def named(self, customer_no: str, document_no: str) -> list[Entry]:
        """The open entries of a customer with a document number, oldest first."""
        numbers = self.numbers.get((customer_no, document_no), [])
        return [self.entries[no] for no in numbers if self.entries[no].remaining_minor]

    def take(self, event: Event) -> None:
        """Count an event."""
        kind = event["event"]
        if kind == "entry":
            self._add(event)
        elif kind == "apply":
            entry = self.entries[str(event["no"])]
            entry.remaining_minor -= int(str(event["amount_minor"]))
            entry.why.append(str(event["why"]))
        elif kind == "change":
            entry = self.entries[str(event["no"])]
            entry.cells[str(event["cell"])] = str(event["text"])
            entry.why.append("changed")
        elif kind == "voucher":
            key = (str(event["delivery"]), str(event["voucher"]))
            self.vouchers[key] = str(event["state"])
        elif kind == "fetched":
            self.fetched.append((str(event["name"]), str(event["sha256"])))
        elif kind == "step":
            self.steps.append(event)

    def _add(self, event: Event) -> None:
        cells = {name: str(event[name]) for name in CELLS}
        amount = int(str(event["amount_minor"]))
        entry = Entry(cells, str(event["by"]), amount, amount)
        self.entries[entry.no] = entry
        self.numbers.setdefault((entry.customer_no, cells["Bilagsnr"]), []).append(entry.no)
        self.last_no = max(self.last_no, int(entry.no))


@dataclass(frozen=True, slots=True)
class Books:
    """The folder of the books."""

    folder: Path

    @property
    def path(self) -> Path:
        """The events."""
        return self.folder / "erp.jsonl"

    @property
    def kept(self) -> Path:
        """The bytes of the files that were taken."""
        return self.folder / "fetched"

    def open(self) -> State:
        """What the closed steps say; what stands behind the last of them is removed."""
        self.kept.mkdir(parents=True, exist_ok=True)
        whole = 0
        state, waiting = State(), []
        for length, event in self._events():
            waiting.append(event)
            if event["event"] == "step":
                for one in waiting:
                    state.take(one)
                waiting, whole = [], length
        json_lines.cut(self.path, length=whole)
        return state

    def close_step(self, events: Iterable[Event]) -> None:
        """Add the events of a step, the last of which is `step`."""
        lines = (json.dumps(event, ensure_ascii=False) + "\n" for event in events)
        json_lines.append(self.path, "".join(lines).encode())

    def _events(self) -> Iterator[tuple[int, Event]]:
        """Each whole line with the length of the file behind it."""
        content = self.path.read_bytes() if self.path.exists() else b""
        length = 0
        for line in content.splitlines(keepends=True):
            if not line.endswith(b"\n"):
                return
            length += len(line)
            yield length, json.loads(line)
