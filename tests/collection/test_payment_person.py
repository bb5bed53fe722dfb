"""What a payer says lies beside the payment line and can go; the line stays what it was."""

from __future__ import annotations

import json
from typing import Any

from workbench.collection.evidence import line_evidence
from workbench.model.problems import Problem
from workbench.store import audit

PAYER = "7100000000000012347"


def paid_by_slip(company: Any) -> dict[str, Any]:
    company.sent(("1001", 10_000), ("1002", 20_000))
    record = company.record("1001", "slip_paid", customer_no=None) | {"payer": PAYER}
    company.told(record)
    return dict(record)


def test_a_payers_words_lie_apart(company: Any) -> None:
    paid_by_slip(company)
    (line,) = company.rows("SELECT * FROM payment_line")
    assert (line["payer"], line["text"]) == (None, None)
    (said,) = company.rows("SELECT * FROM payment_person")
    assert (said["payment_line_id"], said["payer"]) == (line["payment_line_id"], PAYER)
    with company.workspace.read() as reader:
        shown = line_evidence(reader, line["payment_line_id"]).payment
    assert shown["payer"] == PAYER
    assert company.last()["outcome"] == "matched"


def test_a_line_without_words_has_no_row_beside_it(company: Any) -> None:
    company.sent(("1001", 10_000))
    company.told(company.record("1001", "payment_completed"))
    assert company.rows("SELECT * FROM payment_person") == []


def test_a_line_is_known_again_after_its_words_are_gone(company: Any) -> None:
    record = paid_by_slip(company)
    with company.workspace.transaction("forget", role="administer") as transaction:
        assert transaction.execute("DELETE FROM payment_person") == 1
    with company.workspace.read() as reader:
        assert audit.check(reader).holds
    company.told(record, company.record("1002", "payment_completed"))
    assert {(row["outcome"], row["class"]) for row in company.outcomes()[1:]} == {
        ("held", "possible_duplicate"),
        ("matched", None),
    }
    company.prove()


def test_words_written_by_an_earlier_version_are_still_read(company: Any) -> None:
    paid_by_slip(company)
    with company.workspace.transaction("as before", role="administer") as transaction:
        transaction.execute("DELETE FROM payment_person")
        transaction.execute("DROP TRIGGER payment_line_fixed")
        transaction.execute("UPDATE payment_line SET payer = ?", [PAYER])
    (line,) = company.rows("SELECT payment_line_id FROM payment_line")
    with company.workspace.read() as reader:
        assert line_evidence(reader, line["payment_line_id"]).payment["payer"] == PAYER


def test_a_stored_problem_keeps_no_name(company: Any) -> None:
    params: dict[str, str | int] = {"field": "due date", "found": "31", "expected": "a day"}
    problem = Problem("bad_date", params, "f", 3, excerpt="BS042 Anders Å 0102031234")
    stored = json.dumps(problem.as_stored(), ensure_ascii=False)
    assert "Anders" not in stored
    assert "0102031234" not in stored
    assert "042" in stored
    assert "Anders" in str(problem.as_json())
    content = company.delivery(company.record("1001", "payment_completed", payment_date=None))
    company.receive(content.replace(b"BS042", b"BSXX2 Quirinus"))
    kept = company.rows("SELECT problems FROM file_attempt ORDER BY attempt_id DESC LIMIT 1")
    assert json.loads(kept[0]["problems"])
    assert "Quirinus" not in kept[0]["problems"]
