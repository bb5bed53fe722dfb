"""Where an entry is used, from the day it comes to the day it is settled."""

from __future__ import annotations

from typing import Any, cast

from workbench.collection.usage import USES, where_used
from workbench.store.connection import Reader


def uses(company: Any, document_no: str) -> dict[str, int]:
    with company.workspace.read() as reader:
        entry_id = reader.value(
            "SELECT entry_id FROM entry WHERE document_no = ?", [document_no]
        )
        frame = where_used(reader, entry_id)
    assert frame.schema == USES
    assert all(count >= len(links) for _, count, links in frame.iter_rows())
    return {use: count for use, count, _ in frame.iter_rows() if count}


def test_an_entry_is_followed_to_its_settlement(company: Any) -> None:
    company.customers("1")
    company.bill(("1", 10_000))
    assert uses(company, "F1") == {"journals": 1}
    company.suggest()
    assert uses(company, "F1") == {"lines": 1, "journals": 1}
    company.validate()
    company.approve()
    sent = company.export()
    company.receive(company.received(sent))
    assert uses(company, "F1") == {"lines": 1, "deliveries": 1, "journals": 1}
    company.told(company.record("1", "payment_completed"))
    company.post()
    assert uses(company, "F1") == {
        "lines": 1, "deliveries": 1, "payments": 1, "journals": 2, "applications": 1,
    }  # fmt: skip
    company.told(company.record("1", "payment_reversed"))
    company.post()
    assert uses(company, "F1") == {
        "lines": 1, "deliveries": 1, "payments": 2, "journals": 3, "applications": 2,
    }  # fmt: skip


def test_links_name_the_rows(company: Any) -> None:
    company.sent(("1", 10_000))
    with company.workspace.read() as reader:
        entry_id = reader.value("SELECT entry_id FROM entry")
        found = {use: links for use, _, links in where_used(reader, entry_id).iter_rows()}
    line_id = company.line("1")["collection_line_id"]
    assert found["lines"] == [f"line#{line_id}"]
    assert found["letters"] == []


def test_no_use_reads_a_whole_table(company: Any) -> None:
    """Each question is answered by an index, however many entries there are."""
    company.sent(("1", 10_000))
    with company.workspace.read() as reader:
        for use, question in questions():
            rows = reader.rows(f"EXPLAIN QUERY PLAN {question}", {"entry": 1})
            scanned = {row[3].split()[1] for row in rows if row[3].startswith("SCAN")}
            tables = {name for name in scanned if name.islower() and name[0] != "("}
            assert tables <= {"lines", "applied"}, (use, rows)


def questions() -> list[tuple[str, str]]:
    """Every question as it is asked."""
    asked: list[str] = []

    class Asking:
        def rows(self, sql: str, _: object) -> list[tuple[int]]:
            asked.append(sql)
            return []

    uses = where_used(cast("Reader", Asking()), 1)["use"].to_list()
    return list(zip(uses, asked, strict=True))
