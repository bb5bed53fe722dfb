"""The month of a predecessor, taken over while its collections are on their way."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from workbench.collection import setup as collection
from workbench.collection.inbox import import_inbox
from workbench.collection.suggest import suggest
from workbench.collection.take_on import take_on
from workbench.collection.take_on_counters import set_counters
from workbench.collection.take_on_delivery import take_on_delivery
from workbench.collection.take_on_links import link
from workbench.collection.take_on_parts import TakenOn, TakeOnError
from workbench.io import betalingsservice_0601
from workbench.layout.betalingsservice_writing import Envelope
from workbench.ledger import setup as ledger
from workbench.model.frames import COLLECTIONS
from workbench.references.betalingsservice_reference import from_counter
from workbench.reports.verification import verify
from workbench.store.workspace import Workspace, init

DAY = dt.date(2026, 10, 20)
DUE = dt.date(2026, 11, 2)
PAYMENTS = dt.date(2026, 12, 2)

PARTS = """
sent = ["{sent}"]

[customers]
file = "customers.csv"
map = "customers.toml"

[agreements]
file = "agreements.csv"
map = "agreements.toml"

[entries]
file = "entries.csv"
map = "entries.toml"

[deliveries]
accepted = true

[counters]
next_delivery = 42
last_reference = "{reference}"

[counters.series]
PAY = 1001
"""


@dataclass(frozen=True)
class Cutover:
    """A predecessor in the middle of its month, and who takes over from it."""

    predecessor: Workspace
    successor: Workspace
    parts: Path

    def take_on(self, *, dry_run: bool = False) -> TakenOn:
        return take_on(self.successor, self.parts, as_of=DAY, dry_run=dry_run)


@pytest.fixture
def cutover(at_stage: Callable[[str], Workspace], month: Path, tmp_path: Path) -> Cutover:
    predecessor = at_stage("inbox")
    parts = tmp_path / "parts"
    shutil.copytree(month / "erp", parts)
    with predecessor.read() as reader:
        ((name, sha256),) = reader.rows("SELECT name, sha256 FROM source_file "
                                        "WHERE direction = 'out'")  # fmt: skip
        last = reader.value("SELECT max(reference) FROM collection_line")
    sent = next((predecessor.folder / "archive").rglob(f"{sha256}*"))
    shutil.copyfile(sent, parts / name)
    (parts / "take-on.toml").write_text(PARTS.format(sent=name, reference=last), "utf-8")
    successor = init(tmp_path / "new", company="Nordvand Forsyning A/S")
    ledger.install(successor, first_year=2025, last_year=2027)
    collection.install(successor, parts / "setup.toml")
    return Cutover(predecessor, successor, parts)


def rows(workspace: Workspace, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    with workspace.read() as reader:
        return reader.rows(sql, parameters)


AS_SENT = """
SELECT customer_no, reference, due_date, amount_minor, agreement_no, delivery_line, status
FROM collection_line WHERE delivery_id IS NOT NULL ORDER BY delivery_line
"""
LINKED = """
SELECT reference, e.document_no, part.amount_minor FROM collection_line_entry AS part
JOIN collection_line USING (collection_line_id) JOIN entry AS e USING (entry_id)
WHERE delivery_id IS NOT NULL ORDER BY 1, 2
"""
OUTCOMES = """
SELECT p.line, p.customer_no, p.amount_paid_minor, o.outcome, o.class, o.rule, o.confidence,
       o.agreed, o.applied_minor, l.reference
FROM payment_line AS p JOIN current_outcome AS o USING (payment_line_id)
JOIN source_file AS f USING (file_id)
LEFT JOIN collection_line AS l ON l.collection_line_id = o.collection_line_id
ORDER BY f.name, p.line
"""


def test_the_first_payments_match_as_in_the_predecessor(cutover: Cutover) -> None:
    done = cutover.take_on()
    assert done.clean, done
    assert rows(cutover.successor, AS_SENT) == rows(cutover.predecessor, AS_SENT)
    assert rows(cutover.successor, LINKED) == rows(cutover.predecessor, LINKED)
    for name in ("inbox",):
        shutil.copytree(
            cutover.predecessor.folder / name,
            cutover.successor.folder / name,
            dirs_exist_ok=True,
        )
    for workspace in (cutover.predecessor, cutover.successor):
        import_inbox(workspace, as_of=PAYMENTS)
    ours, theirs = (rows(w, OUTCOMES) for w in (cutover.successor, cutover.predecessor))
    assert len(theirs) > 200
    assert ours == theirs
    verify(cutover.successor).require()


def test_what_came_is_told_part_by_part(cutover: Cutover) -> None:
    parts = {part.kind: part for part in cutover.take_on().parts}
    assert list(parts) == ["customers", "agreements", "entries", "sent", "counters"]
    lines = len(rows(cutover.predecessor, AS_SENT))
    assert parts["sent"].counts == {
        "lines": lines, "settled": 0, "linked": lines, "unlinked": 0, "left_out": 0,
        "stopped": 0,
    }  # fmt: skip
    states = rows(cutover.successor, "SELECT state, count FROM delivery")
    assert states == [("accepted", lines)]
    reasons = rows(cutover.successor, "SELECT DISTINCT reason FROM collection_register")
    assert reasons == [("taken_on",)]
    kinds = rows(cutover.successor, "SELECT kind FROM take_on ORDER BY take_on_id")
    assert kinds == [("delivery",), ("counters",)]


def test_again_is_nothing_to_do(cutover: Cutover) -> None:
    cutover.take_on()
    before = rows(cutover.successor, "SELECT count(*) FROM audit_event")
    again = cutover.take_on()
    outcomes = [part.outcome for part in again.parts]
    assert outcomes == ["read_before"] * 4 + ["unchanged"]
    assert rows(cutover.successor, "SELECT count(*) FROM audit_event") == before


def test_a_dry_run_tells_and_changes_nothing(cutover: Cutover) -> None:
    before = rows(cutover.successor, "SELECT count(*) FROM audit_event")
    archived = sorted((cutover.successor.folder / "archive").rglob("*"))
    tried = cutover.take_on(dry_run=True)
    assert rows(cutover.successor, "SELECT count(*) FROM audit_event") == before
    assert sorted((cutover.successor.folder / "archive").rglob("*")) == archived
    done = cutover.take_on()
    assert [dict(part.counts) for part in tried.parts] == [
        dict(part.counts) for part in done.parts
    ]
    assert {part.outcome for part in tried.parts} == {"dry_run"}


def test_nothing_taken_on_is_collected_again(cutover: Cutover) -> None:
    cutover.take_on()
    suggestion = suggest(cutover.successor, system="BS", as_of=dt.date(2026, 10, 12))
    taken = rows(cutover.predecessor, "SELECT count(*) FROM collection_line_entry")
    assert taken[0][0] > 200
    assert suggestion.lines == 0


def test_counters_go_on_where_the_predecessor_stood(cutover: Cutover) -> None:
    cutover.take_on()
    counter = rows(cutover.predecessor, "SELECT next_reference FROM creditor")
    assert rows(cutover.successor, "SELECT next_reference FROM creditor") == counter
    assert rows(cutover.successor, "SELECT next_delivery FROM collection_system") == [(42,)]
    series = "SELECT next_number FROM number_series WHERE series = 'PAY'"
    assert rows(cutover.successor, series) == [(1001,)]
    back = set_counters(cutover.successor, {"next_delivery": 7}, name="back.toml")
    assert back.outcome == "unchanged"
    assert rows(cutover.successor, "SELECT next_delivery FROM collection_system") == [(42,)]


@pytest.mark.parametrize(
    "text",
    [
        "sent = 'x'",
        "nonsense = 1",
        "paid_before = '2026-10-01'",
        "[customers]\nfile = 'x'",
        "[counters]\nnext_delivery = 0",
        "[counters]\nlast_reference = '123'",
        "[counters.series]\nNOPE = 3",
        "[counters]\nwhatever = 3",
        "[deliveries]\nsent = true",
        "sent = [",
    ],
)
def test_a_file_that_cannot_be_is_refused(cutover: Cutover, text: str) -> None:
    (cutover.parts / "take-on.toml").write_text(text, "utf-8")
    with pytest.raises(TakeOnError):
        cutover.take_on()


# -- single deliveries of a company made for it --------------------------------------------


def sent_file(folder: Path, *claims: dict[str, Any], number: int = 41) -> Path:
    """A 0601 of the predecessor with these collections."""
    usual: dict[str, Any] = {
        "section_kind": "0112",
        "creditor_no": "09999999",
        "debtor_group": "00001",
        "agreement_no": None,
        "reference": None,
        "due_date": DUE,
        "addressed": False,
        "name": "",
        "address": [],
        "postcode": "",
        "country": "DK",
        "legal_id": None,
        "texts": [],
    }
    frame = pl.DataFrame([usual | claim for claim in claims], schema=COLLECTIONS)
    envelope = Envelope("99999993", "KR9", f"{number:010d}", dt.date(2026, 10, 9))
    path = folder / f"sent-{number}"
    path.write_bytes(betalingsservice_0601.write(frame, envelope=envelope).content)
    return path


def claim(no: str, amount_minor: int, reference: str, **special: Any) -> dict[str, Any]:
    return {"customer_no": no, "amount_minor": amount_minor, "reference": reference} | special


def test_lines_without_certain_entries_hold_their_claims_back(company: Any) -> None:
    company.customers("1", "2")
    company.bill(("1", 10_000), ("1", 10_000), ("2", 5_000))
    path = sent_file(company.files, claim("1", 10_000, "OLD1"), claim("2", 5_000, "OLD2"))
    part = take_on_delivery(company.workspace, path, as_of=company.AS_OF)
    assert (part.counts["linked"], part.counts["unlinked"]) == (1, 1)
    assert [p.code for p in part.problems] == ["take_on_not_linked"]
    held = company.rows("SELECT on_hold FROM entry ORDER BY entry_id")
    assert [row["on_hold"] for row in held] == [1, 1, 0]
    assert company.suggest().lines == 0
    company.told(company.record("1", "payment_completed"))
    assert company.last()["outcome"] == "matched"
    company.post()
    assert company.remaining("1") == 10_000
    assert company.claim("1") == 20_000  # the money waits on the customer's account
    company.prove()


def test_what_was_paid_before_stays_paid(company: Any) -> None:
    company.customers("1")
    path = sent_file(company.files, claim("1", 10_000, "OLD1"))
    part = take_on_delivery(
        company.workspace, path, as_of=company.AS_OF, paid_before=dt.date(2026, 11, 3)
    )
    assert part.counts["settled"] == 1
    assert company.status("1") == "paid"
    company.prove()
    company.told(company.record("1", "payment_reversed"))
    assert company.last()["outcome"] == "held"
    company.prove()


def test_a_sent_delivery_waits_for_its_receipt(company: Any) -> None:
    company.customers("1")
    path = sent_file(company.files, claim("1", 10_000, "OLD1"))
    take_on_delivery(company.workspace, path, as_of=company.AS_OF, accepted=False)
    assert company.status("1") == "sent"
    assert company.rows("SELECT state FROM delivery") == [{"state": "sent"}]


def test_an_unknown_customer_refuses_the_whole_file(company: Any) -> None:
    company.customers("1")
    before = company.money()
    path = sent_file(company.files, claim("1", 10_000, "OLD1"), claim("9", 10_000, "OLD2"))
    part = take_on_delivery(company.workspace, path, as_of=company.AS_OF)
    assert part.outcome == "refused"
    assert [(p.code, p.line) for p in part.problems if p.severity == "error"] == [
        ("take_on_unknown_customer", 4)
    ]
    assert company.money() == before


def test_references_that_share_nine_characters_are_named(company: Any) -> None:
    company.customers("1", "2")
    company.bill(("1", 10_000), ("2", 10_000))
    path = sent_file(
        company.files, claim("1", 10_000, "202611-000123"), claim("2", 10_000, "202611-000456")
    )
    part = take_on_delivery(company.workspace, path, as_of=company.AS_OF)
    assert [p.code for p in part.problems] == ["take_on_short_reference"] * 2
    references = [line["reference"] for line in company.lines()]
    assert references == ["202611-000123", "202611-000456"]
    company.told(
        company.record("1", "payment_completed"),
        company.record("2", "slip_paid", reference="202611-00"),
    )
    assert [o["outcome"] for o in company.outcomes()] == ["matched", "held"]
    assert company.last()["class"] == "ambiguous_reference"


def test_a_reference_that_stands_twice_names_nobody(company: Any) -> None:
    company.customers("1", "2")
    company.bill(("1", 10_000), ("2", 10_000))
    path = sent_file(company.files, claim("1", 10_000, "SAME"), claim("2", 10_000, "SAME"))
    part = take_on_delivery(company.workspace, path, as_of=company.AS_OF)
    assert [p.code for p in part.problems] == ["take_on_repeated_reference"] * 2
    assert [line["reference"] for line in company.lines()] == [None, None]
    later = sent_file(company.files, claim("1", 10_000, "SAME"), number=43)
    assert take_on_delivery(company.workspace, later, as_of=company.AS_OF).clean
    again = sent_file(company.files, claim("2", 10_000, "SAME"), number=44)
    refused = take_on_delivery(company.workspace, again, as_of=company.AS_OF)
    assert [p.code for p in refused.problems if p.severity == "error"] == [
        "take_on_reference_known"
    ]


def test_a_delivery_number_is_taken_on_once(company: Any) -> None:
    company.customers("1")
    first = sent_file(company.files, claim("1", 10_000, "OLD1"))
    assert take_on_delivery(company.workspace, first, as_of=company.AS_OF).clean
    other = sent_file(company.files / ".", claim("1", 20_000, "OLD2"))
    refused = take_on_delivery(company.workspace, other, as_of=company.AS_OF)
    assert [p.code for p in refused.problems] == ["take_on_delivery_known"]
    assert company.rows("SELECT next_delivery AS n FROM collection_system") == [{"n": 42}]


def test_a_disbursement_is_left_out_and_named(company: Any) -> None:
    company.customers("1", "2")
    path = sent_file(company.files, claim("1", -5_000, "OLD1"), claim("2", 7_000, "OLD2"))
    part = take_on_delivery(company.workspace, path, as_of=company.AS_OF)
    assert part.counts["left_out"] == 1
    assert "take_on_not_collected" in {p.code for p in part.problems}
    assert company.rows("SELECT amount_minor FROM delivery") == [{"amount_minor": 7_000}]
    company.prove()


def test_no_reference_of_ours_is_drawn_twice(company: Any) -> None:
    company.customers("1", "2")
    company.bill(("2", 10_000))
    path = sent_file(company.files, claim("1", 10_000, from_counter(17) + "MORE"))
    take_on_delivery(company.workspace, path, as_of=company.AS_OF)
    company.suggest()
    assert company.line("2")["reference"] == from_counter(18)


# -- which entries a line collects ---------------------------------------------------------

ENTRIES = pl.Schema(
    {
        "entry_id": pl.Int64,
        "customer_id": pl.Int64,
        "due_date": pl.Date,
        "remaining_minor": pl.Int64,
        "document_no": pl.String,
    }
)
LATER = dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("amount", "text", "entries", "linked"),
    [
        (100, "", [(1, DUE, 100, "F1")], [1]),
        (100, "", [(1, LATER, 100, "F1")], []),
        (100, "", [(1, DUE, 100, "F1"), (2, DUE, 100, "F2")], []),
        (100, "Faktura F2: 1,00", [(1, DUE, 100, "F1"), (2, DUE, 100, "F2")], [2]),
        (100, "Faktura F2", [(1, DUE, 100, "F1"), (2, LATER, 100, "F2")], [2]),
        (100, "Faktura F2", [(1, DUE, 100, "F1"), (2, DUE, 90, "F2")], []),
        (70, "F1, K2", [(1, DUE, 100, "F1"), (2, DUE, -30, "K2")], [1, 2]),
        (100, "vand, 3. kvartal", [(1, DUE, 100, "F1"), (2, DUE, 5, "3")], [1]),
        (70, "", [(1, DUE, 100, "F1"), (2, DUE, -30, "K2")], [1, 2]),
        (70, "", [(1, DUE, 50, "F1"), (2, DUE, 20, "F2"), (3, DUE, 5, "F3")], [1, 2]),
        (70, "", [(1, DUE, 50, "A"), (2, DUE, 20, "B"), (3, DUE, 20, "C")], []),
        (70, "", [(n, DUE, n, f"F{n}") for n in range(1, 15)], []),
    ],
)
def test_links(
    amount: int, text: str, entries: list[tuple[Any, ...]], linked: list[int]
) -> None:
    lines = pl.DataFrame(
        {"row": [0], "customer_id": [7], "due_date": [DUE], "amount_minor": [amount],
         "text": [text]}
    )  # fmt: skip
    open_entries = pl.DataFrame(
        [(no, 7, due, remaining, document) for no, due, remaining, document in entries],
        schema=ENTRIES,
        orient="row",
    )
    assert sorted(link(lines, open_entries)["entry_id"]) == linked


def test_an_entry_that_two_lines_claim_is_neither_s() -> None:
    lines = pl.DataFrame(
        {"row": [0, 1], "customer_id": [7, 7], "due_date": [DUE, DUE],
         "amount_minor": [100, 100], "text": ["F1", "F1"]}
    )  # fmt: skip
    entries = pl.DataFrame([(1, 7, DUE, 100, "F1")], schema=ENTRIES, orient="row")
    assert link(lines, entries).is_empty()
