"""The story of a number: told whole, in the order of time, and only what happened."""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest

from workbench.cli.demo import REPORTED_ON
from workbench.model.texts import LANGUAGES
from workbench.reports import story_words
from workbench.reports.story import Story, story
from workbench.reports.story_subjects import AmbiguousNumberError, UnknownNumberError
from workbench.store.connection import Parameters, Reader
from workbench.store.workspace import Workspace, open_workspace


@pytest.fixture
def demo(demo_workspace: Path) -> Workspace:
    moment = dt.datetime.combine(REPORTED_ON, dt.time(8), dt.UTC)
    return open_workspace(demo_workspace, clock=lambda: moment)


def told(workspace: Workspace, number: str, *, language: str = "en") -> Story:
    with workspace.read() as reader:
        return story(reader, number, language=language)


def value(workspace: Workspace, sql: str) -> Any:
    with workspace.read() as reader:
        return reader.value(sql)


def kinds(found: Story) -> list[str]:
    return list(dict.fromkeys(sentence.kind for sentence in found.sentences))


OF_PAID = """
SELECT e.document_no, e.erp_entry_no, l.reference, l.customer_no, p.payment_line_id, p.line,
       f.name, v.document_no AS voucher, a.amount_minor
FROM collection_line AS l
JOIN collection_line_entry AS part USING (collection_line_id)
JOIN entry AS e USING (entry_id)
JOIN payment_line AS p ON p.payment_line_id = l.paid_payment_line_id
JOIN source_file AS f ON f.file_id = p.file_id
JOIN application AS a ON a.to_entry_id = e.entry_id AND a.payment_line_id = p.payment_line_id
JOIN voucher AS v ON v.voucher_id = a.voucher_id
WHERE l.status = 'paid' AND p.kind = 'payment_completed' LIMIT 1
"""


@pytest.fixture
def paid(demo: Workspace) -> dict[str, Any]:
    with demo.read() as reader:
        row = reader.record(OF_PAID)
    assert row is not None
    return row


def test_an_entry_is_followed_from_the_erp_to_its_settlement(
    demo: Workspace, paid: dict[str, Any]
) -> None:
    found = told(demo, paid["document_no"])
    wanted = ["entry", "line", "status", "payment", "outcome", "posted", "settled", "standing"]
    assert [kind for kind in kinds(found) if kind in wanted] == wanted
    text = " ".join(sentence.words for sentence in found.sentences)
    for named in ("document_no", "erp_entry_no", "reference", "name", "voucher"):
        assert str(paid[named]) in text, named
    assert f"line {paid['line']}" in text
    assert "0.00\N{NO-BREAK SPACE}DKK" in text


@pytest.mark.parametrize("named", ["document_no", "erp_entry_no", "reference"])
def test_every_number_tells_the_same_payment(
    demo: Workspace, paid: dict[str, Any], named: str
) -> None:
    rows = {(s.table, s.row_id) for s in told(demo, paid[named]).sentences}
    assert ("payment_line", paid["payment_line_id"]) in rows
    by_row = told(demo, f"payment#{paid['payment_line_id']}")
    assert ("payment_line", paid["payment_line_id"]) in {
        (s.table, s.row_id) for s in by_row.sentences
    }


def test_sentences_stand_in_the_order_in_which_they_were_recorded(
    demo: Workspace, paid: dict[str, Any]
) -> None:
    moments = [s.at for s in told(demo, f"customer:{paid['customer_no']}").sentences if s.at]
    assert moments == sorted(moments)
    assert len(moments) > 8


def test_every_sentence_says_who_and_where(demo: Workspace, paid: dict[str, Any]) -> None:
    with demo.read() as reader:
        for sentence in told(demo, paid["reference"]).sentences:
            assert bool(sentence.actor) == (sentence.kind != "standing")
            names = [row[1] for row in reader.rows(f"PRAGMA table_info({sentence.table})")]
            assert names, sentence.table


def test_a_reversal_opens_the_claim_again(demo: Workspace) -> None:
    reference = value(demo, "SELECT reference FROM collection_line WHERE status = 'reversed'")
    words = [s.words for s in told(demo, reference).sentences]
    back = next(n for n, text in enumerate(words) if "was taken back, booked on" in text)
    assert any("was settled by payment" in text for text in words[:back])
    assert any("is open again" in text for text in words[back:])
    assert any(text.startswith("Posted as taken back") for text in words[back:])


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("over", "More was paid than collected."),
        ("under", "Less was paid than collected."),
        ("unknown_customer", "No customer has this number."),
    ],
)
def test_held_money_says_why(demo: Workspace, held: str, said: str) -> None:
    question = f"SELECT payment_line_id FROM line_outcome WHERE class = '{held}' LIMIT 1"  # noqa: S608
    found = told(demo, f"payment#{value(demo, question)}")
    texts = [s.words for s in found.sentences]
    assert any(text.startswith("Held for a person.") and said in text for text in texts)
    assert any(text.startswith("Posted as held money") for text in texts)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("SELECT document_no FROM voucher WHERE journal = 'PAYMENTS' LIMIT 1", "voucher"),
        ("SELECT document_no FROM voucher WHERE journal = 'ERP' LIMIT 1", "voucher"),
        ("SELECT delivery_no FROM delivery", "delivery"),
        ("SELECT customer_no FROM customer ORDER BY customer_id DESC LIMIT 1", "customer"),
        ("SELECT bank_reference FROM payment_line WHERE kind = 'slip_paid' LIMIT 1", "payment"),
        ("SELECT name FROM source_file WHERE format = 'betalingsservice_0602' LIMIT 1", "file"),
        ("SELECT name FROM source_file WHERE format = 'erp_entries' LIMIT 1", "file"),
        ("SELECT 'posting#' || max(posting_id) FROM posting", "voucher"),
        ("SELECT 'application#' || max(application_id) FROM application", "entry"),
    ],
)
def test_every_kind_of_number_has_a_story(demo: Workspace, sql: str, kind: str) -> None:
    found = told(demo, str(value(demo, sql)))
    assert found.subject.kind == kind
    assert found.sentences


def test_an_unknown_number_is_refused(demo: Workspace) -> None:
    for number in ("no such number", "payment#999999999", "", "entry:"):
        with pytest.raises(UnknownNumberError):
            told(demo, number)


def test_a_number_of_several_things_names_them(workspace_copy: Workspace) -> None:
    with workspace_copy.transaction("test") as transaction:
        customer = transaction.value("SELECT max(customer_id) FROM customer")
        document = transaction.value("SELECT document_no FROM entry WHERE file_id NOTNULL")
        transaction.execute(
            "UPDATE customer SET customer_no = ?, printed_no = ? WHERE customer_id = ?",
            [document, document, customer],
        )
    with pytest.raises(AmbiguousNumberError) as caught:
        told(workspace_copy, document)
    assert {subject.kind for subject in caught.value.subjects} == {"entry", "customer"}
    for subject in caught.value.subjects:
        assert told(workspace_copy, subject.key).subject == subject
    assert told(workspace_copy, f"entry:{document}").subject.kind == "entry"


def test_numbers_of_people_are_masked(workspace_copy: Workspace) -> None:
    with workspace_copy.transaction("test") as transaction:
        customer = transaction.value("SELECT max(customer_id) FROM customer")
        transaction.execute(
            "UPDATE customer SET customer_no = '0102031234' WHERE customer_id = ?", [customer]
        )
    found = told(workspace_copy, f"customer#{customer}")
    assert "0102031234" not in " ".join(s.words for s in found.sentences)
    assert "0102031234" not in found.subject.words
    assert "0102031234" not in str([s.params for s in found.sentences])


def test_an_edit_says_what_was_set_and_lifted(workspace_copy: Workspace) -> None:
    entry_id = value(workspace_copy, "SELECT max(entry_id) FROM entry WHERE file_id NOTNULL")
    for on_hold in (1, 0):
        with workspace_copy.transaction("hold", actor="ida") as transaction:
            version = transaction.value(
                "SELECT version FROM entry WHERE entry_id = ?", [entry_id]
            )
            changes = {"on_hold": on_hold}
            transaction.edit("entry", entry_id, version=version, changes=changes)
    found = told(workspace_copy, f"entry#{entry_id}")
    edits = [(s.actor, s.words) for s in found.sentences if s.kind == "entry_changed"]
    assert [actor for actor, _ in edits] == ["ida", "ida"]
    assert edits[0][1].endswith("was put on hold.")
    assert edits[1][1].endswith("was taken off hold.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_tells_it(demo: Workspace, paid: dict[str, Any], language: str) -> None:
    found = told(demo, paid["document_no"], language=language)
    assert all(sentence.words and "{" not in sentence.words for sentence in found.sentences)
    assert len({sentence.text for sentence in found.sentences}) > 8


def test_a_story_is_told_at_once(demo: Workspace, paid: dict[str, Any]) -> None:
    numbers = (paid["document_no"], paid["reference"], paid["voucher"], "entries.csv")
    for number in numbers:
        start = time.monotonic()
        told(demo, number)
        assert time.monotonic() - start < 1, number


class Explaining(Reader):
    """A reader that notes which tables each question reads as a whole."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        super().__init__(connection)
        self.scanned: dict[str, str] = {}

    def rows(self, sql: str, parameters: Parameters = ()) -> list[tuple[Any, ...]]:
        self._explain(sql, parameters)
        return super().rows(sql, parameters)

    def records(self, sql: str, parameters: Parameters = ()) -> list[dict[str, Any]]:
        self._explain(sql, parameters)
        return super().records(sql, parameters)

    def _explain(self, sql: str, parameters: Parameters) -> None:
        plan = super().rows(f"EXPLAIN QUERY PLAN {sql}", parameters)
        aliases = {name: table for table, name in ALIAS.findall(sql)}
        for *_, step in plan:
            words = step.split()
            if words[0] == "SCAN":
                self.scanned[aliases.get(words[1], words[1])] = sql


ALIAS = re.compile(r"(\w+) AS (\w)\b")
#: Tables with a row for each line, entry, posting or step.
LARGE = {
    "application", "audit_event", "collection_error", "collection_line",
    "collection_line_entry", "collection_register", "customer", "entry", "handover_application",
    "handover_posting", "line_outcome", "line_posting", "posting", "posting_permission",
    "row_version", "approval", "payment_person",
}  # fmt: skip


@pytest.mark.parametrize("named", ["document_no", "reference", "voucher", "line#", "customer"])
def test_no_story_reads_a_large_table_as_a_whole(
    demo: Workspace, paid: dict[str, Any], named: str
) -> None:
    """However many lines there are. Bank references alone have no index of their own."""
    number = f"payment#{paid['payment_line_id']}" if named == "line#" else ""
    number = number or str(paid["customer_no" if named == "customer" else named])
    with demo.read() as reader:
        explaining = Explaining(reader._connection)  # the same view, watched
        story(explaining, number)
    found = {table: sql for table, sql in explaining.scanned.items() if table in LARGE}
    assert not found


def test_every_state_of_the_schema_has_its_sentence(demo: Workspace) -> None:
    """What a table may hold in its column of kinds, the story has words for."""
    checked = {
        ("application", "kind"): {**story_words.SETTLED},
        ("line_posting", "kind"): {**story_words.POSTED},
        ("delivery", "state"): {**story_words.DELIVERY},
        ("collection_line", "status"): {**story_words.LINE},
        ("line_outcome", "outcome"): {**story_words.OUTCOME},
        ("entry", "kind"): {**story_words.KINDS},
        ("erp_difference", "class"): {**story_words.CLASSES},
        ("erp_difference_end", "decision"): {**story_words.ERP},
        ("handover_mark", "how"): {**story_words.HOW},
        ("entry_withdrawal", "reason"): {**story_words.ENTRY},
        ("file_attempt", "outcome"): {**story_words.FILE},
    }
    for (table, column), words in checked.items():
        sql = value(demo, f"SELECT sql FROM sqlite_schema WHERE name = '{table}'")  # noqa: S608
        allowed = sql.split(f"{column} IN (")[1].split(")")[0]
        names = {part.strip().strip("'") for part in allowed.split(",")}
        assert names <= set(words), (table, names - set(words))
