"""What screens ask the room of collection, answered from the store."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workbench.collection.evidence import line_evidence
from workbench.collection.file_flow import file_flow
from workbench.collection.search import find_collections, find_customers
from workbench.collection.settlement import planned, post_payments
from workbench.collection.waiting import NoReasonError, UnknownProblemError, acceptance
from workbench.collection.worklist import ready
from workbench.store.workspace import Workspace

At = Callable[[str], Workspace]


@pytest.fixture
def workspace(at_stage: At) -> Workspace:
    return at_stage("read")


def test_collections_are_found_by_reference_number_and_name(workspace: Workspace) -> None:
    with workspace.read() as reader:
        number, reference, name = reader.rows(
            "SELECT l.customer_no, l.reference, p.name FROM collection_line AS l "
            "JOIN customer AS c USING (customer_id) JOIN person AS p USING (person_id)"
        )[0]
        for text in (reference, number, f" {name} ", name[2:].upper()):
            assert reference in find_collections(reader, text)["reference"].to_list(), text
        assert find_collections(reader, "1000", limit=3).height == 3
        for wildcard in ("%", "_", "\\", "", "  "):
            assert find_collections(reader, wildcard).is_empty(), wildcard
            assert find_customers(reader, wildcard).is_empty(), wildcard
        assert number in find_customers(reader, number)["customer_no"].to_list()


def test_only_sent_collections_are_found(at_stage: At) -> None:
    with at_stage("open").read() as reader:
        assert find_collections(reader, "1000").is_empty()


def test_evidence_of_every_line(workspace: Workspace) -> None:
    with workspace.read() as reader:
        rows = reader.rows("SELECT payment_line_id, outcome, class FROM current_outcome")
        for line_id, outcome, class_ in rows:
            found = line_evidence(reader, line_id)
            assert (found.decisions[-1].outcome, found.decisions[-1].class_) == (
                outcome,
                class_,
            )
            assert not found.decisions[-1].by_person
            assert found.explanation.sentence
            if outcome == "matched":
                assert found.collection is not None
                assert not found.is_runner_up
                agreed = [one.id for one in found.explanation.evidence if one.agreed]
                assert "reference" in agreed or "customer" in agreed


def test_the_plan_is_what_is_posted(workspace: Workspace) -> None:
    with workspace.read() as reader:
        plan = planned(reader)
        flow = file_flow(reader)
    assert flow["posted_minor"].sum() == 0
    posted = post_payments(workspace, as_of=workspace.clock().date())
    assert {kind: lines for (kind, _), (lines, _) in plan.kinds.items()} == posted.counts
    assert plan.waiting == posted.waiting
    with workspace.read() as reader:
        assert planned(reader).kinds == {}
        after = file_flow(reader)
    cash = sum(cash for _, cash in plan.kinds.values())
    assert after["posted_minor"].sum() == cash
    assert (after["posted_minor"] + after["waiting_minor"]).equals(flow["cash_minor"])


def test_nothing_is_ready_after_the_delivery(workspace: Workspace) -> None:
    with workspace.read() as reader:
        assert ready(reader, system="BS").lines == 0


def test_an_acceptance_names_problems_and_a_reason() -> None:
    assert acceptance([""], reason=" ") is None
    found = acceptance(["bad_date", " bad_sign", ""], reason=" Agreed ")
    assert found is not None
    assert (found.codes, found.reason) == (frozenset({"bad_date", "bad_sign"}), "Agreed")
    with pytest.raises(NoReasonError):
        acceptance(["bad_date"], reason="  ")
    with pytest.raises(NoReasonError):
        acceptance([], reason="Agreed")
    with pytest.raises(UnknownProblemError, match="bad_dat"):
        acceptance(["bad_dat"], reason="Agreed")
