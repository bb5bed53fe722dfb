"""Explain: the evidence of one outcome, criterion by criterion, and in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.matching.classes import CLASSES
from workbench.matching.rules import RULES, Criterion, RuleSet
from workbench.model.texts import marked, translate

#: One row of a frame: value by column.
Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one criterion contributed.

    Attributes:
        id: The criterion's id.
        label: Its words, in the reader's language.
        seen: What the payment says; None when it is silent.
        expected: What the collection says.
        agreed: Whether they agree; None when one side is silent.
        points: What that added to the weight; negative where they differ.
    """

    id: str
    label: str
    seen: object
    expected: object
    agreed: bool | None
    points: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a line has its outcome.

    Attributes:
        evidence: One per criterion, in the order of the rules; none without a collection.
        rule: Words of the rule that found the collection; None when none did.
        reason: Words of the class that the line is held for; None when it is not held.
        weight: Sum of the points; None when nothing was found.
        runner_up_collection_id: The next best collection, or the one only suggested.
        margin: Weight ahead of the runner-up.
        sentence: All of it, as a person reads it.
    """

    evidence: tuple[Evidence, ...]
    rule: str | None
    reason: str | None
    weight: int | None
    runner_up_collection_id: int | None
    margin: int | None
    sentence: str


def explain(
    payment: Row,
    *,
    collection: Row | None,
    outcome: Row,
    rules: RuleSet = RULES,
    language: str = "en",
) -> Explanation:
    """The explanation of one outcome.

    Args:
        payment: The payment's row.
        collection: The row of the collection that the outcome names, or else of its
            runner-up; None when it names neither.
        outcome: The row that the match gave.
        rules: The rules that were stored with the run.
        language: The reader's language.
    """
    evidence = (
        ()
        if collection is None
        else _evidence(payment, collection, outcome, rules=rules, language=language)
    )
    words = {rule.id: translate(rule.label, language=language) for rule in rules.rules}
    held = outcome["class"]
    reason = None if held is None else translate(CLASSES[str(held)], language=language)
    rule = words.get(str(outcome["rule"]))
    return Explanation(
        evidence=evidence,
        rule=rule,
        reason=reason,
        weight=_whole(outcome["weight"]),
        runner_up_collection_id=_whole(outcome["runner_up_collection_id"]),
        margin=_whole(outcome["margin"]),
        sentence=_sentence(rule, reason, evidence, outcome, language=language),
    )


def _evidence(
    payment: Row, collection: Row, outcome: Row, *, rules: RuleSet, language: str
) -> tuple[Evidence, ...]:
    agreed, differed = (_ids(outcome[column]) for column in ("agreed", "differed"))
    return tuple(
        Evidence(
            id=criterion.id,
            label=translate(criterion.label, language=language),
            seen=payment.get(criterion.column),
            expected=collection[criterion.column],
            agreed=_verdict(criterion, agreed, differed),
            points=_points(criterion, agreed, differed),
        )
        for criterion in rules.criteria
    )


def _ids(text: object) -> frozenset[str]:
    return frozenset(str(text).split()) if text is not None else frozenset()


def _verdict(
    criterion: Criterion, agreed: frozenset[str], differed: frozenset[str]
) -> bool | None:
    if criterion.id in agreed:
        return True
    return False if criterion.id in differed else None


def _points(criterion: Criterion, agreed: frozenset[str], differed: frozenset[str]) -> int:
    verdict = _verdict(criterion, agreed, differed)
    return 0 if verdict is None else criterion.points if verdict else -criterion.points


def _whole(value: object) -> int | None:
    assert value is None or isinstance(value, int)
    return value


def _sentence(
    rule: str | None,
    reason: str | None,
    evidence: tuple[Evidence, ...],
    outcome: Row,
    *,
    language: str,
) -> str:
    def said(template: str, **values: object) -> str:
        return translate(template, language=language).format(**values)

    def labels(*, agreed: bool) -> str:
        return ", ".join(item.label for item in evidence if item.agreed is agreed)

    parts = [] if reason is None else [reason]
    if rule is not None:
        parts.append(said(marked("{rule}."), rule=rule))
    if labels(agreed=True):
        parts.append(said(marked("Agrees: {labels}."), labels=labels(agreed=True)))
    if labels(agreed=False):
        parts.append(said(marked("Differs: {labels}."), labels=labels(agreed=False)))
    if outcome["margin"] is not None:
        ahead = said(marked("Ahead of the next best by {margin}."), margin=outcome["margin"])
        parts.append(ahead)
    return " ".join(parts)
