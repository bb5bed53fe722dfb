from __future__ import annotations

import json
from dataclasses import replace

import pytest

from workbench.matching.classes import CLASSES, PAID_THOUGH_HELD
from workbench.matching.rules import KINDS, RULES, as_json, from_json
from workbench.matching.schemas import COLLECTIONS, PAYMENTS
from workbench.matching.score import bit, names, weights


def test_rules_come_back_from_their_text_as_they_were() -> None:
    stored = replace(RULES, tolerance_minor=50)
    assert from_json(as_json(stored)) == stored
    assert as_json(from_json(as_json(stored))) == as_json(stored)


def test_the_text_can_be_read_without_us() -> None:
    text = json.loads(as_json(RULES))
    assert [rule["id"] for rule in text["rules"]] == [
        "our_reference",
        "slip_reference",
        "customer_due_amount",
    ]
    assert text["tolerance_minor"] == 0


def test_the_rules_speak_of_columns_that_exist() -> None:
    for rule in RULES.rules:
        assert set(rule.equal) | set(rule.compatible) <= set(PAYMENTS) & set(COLLECTIONS)
    assert {criterion.column for criterion in RULES.criteria} <= set(COLLECTIONS)


def test_every_kind_has_a_rule_that_names_the_collection() -> None:
    named = [kind for rule in RULES.rules if rule.names_collection for kind in rule.kinds]
    assert sorted(named) == sorted(KINDS)


@pytest.mark.parametrize("criterion", ["customer", "currency", "amount", "sent"])
def test_the_criteria_that_decide_a_class_are_there(criterion: str) -> None:
    assert names(RULES)[bit(criterion, rules=RULES)] == criterion


def test_a_reference_outweighs_all_that_can_differ() -> None:
    points = {criterion.id: criterion.points for criterion in RULES.criteria}
    assert points["reference"] > sum(points.values()) - points["reference"]


def test_the_tables_of_bits() -> None:
    both = bit("reference", rules=RULES) | bit("due_date", rules=RULES)
    assert names(RULES)[both] == "reference due_date"
    assert weights(RULES)[both] == 115
    assert bit("no such criterion", rules=RULES) == 0


def test_what_pays_though_held_is_a_class() -> None:
    assert set(PAID_THOUGH_HELD) <= set(CLASSES)
