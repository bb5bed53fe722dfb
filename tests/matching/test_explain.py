from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from workbench.matching.explain import explain
from workbench.matching.rules import RULES
from workbench.model.texts import LANGUAGES

Row = dict[str, Any]
Match = Callable[..., list[Row]]

PAYMENT: Row = {
    "creditor_no": "87654321",
    "debtor_group": "00001",
    "customer_no": "1042",
    "agreement_no": None,
    "reference": "100000003",
    "due_date": dt.date(2026, 11, 2),
    "amount_minor": 15_000,
    "currency": "DKK",
}
COLLECTION: Row = {**PAYMENT, "sent": True, "customer_no": "2077"}


def test_every_criterion_with_what_was_seen_and_expected(match: Match) -> None:
    [outcome] = match([PAYMENT], [COLLECTION])
    found = explain(PAYMENT, collection=COLLECTION, outcome=outcome)
    by_id = {item.id: item for item in found.evidence}
    assert list(by_id) == [criterion.id for criterion in RULES.criteria]
    assert (by_id["reference"].seen, by_id["reference"].expected) == ("100000003",) * 2
    assert (by_id["reference"].agreed, by_id["reference"].points) == (True, 100)
    assert (by_id["customer"].seen, by_id["customer"].expected) == ("1042", "2077")
    assert (by_id["customer"].agreed, by_id["customer"].points) == (False, -30)
    assert (by_id["agreement"].agreed, by_id["agreement"].points) == (None, 0)
    assert found.weight == sum(item.points for item in found.evidence)


def test_a_sentence(match: Match) -> None:
    [outcome] = match([PAYMENT], [COLLECTION])
    found = explain(PAYMENT, collection=COLLECTION, outcome=outcome)
    assert found.sentence == (
        "The collection belongs to another customer number. "
        "The whole reference is the collection's. "
        "Agrees: Reference, Amount to collect, Due date, Currency, Was sent, Debtor group. "
        "Differs: Customer number."
    )


def test_the_runner_up_and_its_margin(match: Match) -> None:
    [outcome] = match([PAYMENT], [COLLECTION, {**COLLECTION, "customer_no": "1042"}])
    found = explain(PAYMENT, collection=COLLECTION, outcome=outcome)
    assert (found.runner_up_collection_id, found.margin) == (1, 60)
    assert found.sentence.endswith("Ahead of the next best by 60.")
    assert found.reason is None


def test_a_line_that_found_nothing(match: Match) -> None:
    [outcome] = match([{**PAYMENT, "reference": None}], [])
    found = explain(PAYMENT, collection=None, outcome=outcome)
    assert (found.evidence, found.rule, found.weight, found.margin) == ((), None, None, None)
    assert found.sentence == "No collection fits."


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_a_sentence(match: Match, language: str) -> None:
    [outcome] = match([PAYMENT], [COLLECTION])
    assert explain(PAYMENT, collection=COLLECTION, outcome=outcome, language=language).sentence
