"""The evidence of one payment line, as a person reads it."""

from __future__ import annotations

import datetime as dt
from html import escape

from workbench.collection.advice import ADVICE
from workbench.collection.evidence import Decision, LineEvidence
from workbench.documents.locale_format import NOTHING
from workbench.matching.explain import Evidence
from workbench.model.masking import mask
from workbench.model.texts import marked
from workbench.widgets.columns import name_of
from workbench.widgets.markup import Cell, paragraph, plain_table
from workbench.widgets.screen import Screen
from workbench.widgets.words import CLASSES, KINDS, OUTCOMES

_VERDICTS = {
    True: (marked("✓ agrees"), "good"),
    False: (marked("✗ differs"), "bad"),
    None: (marked("– silent"), "dim"),
}


def evidence(found: LineEvidence, screen: Screen) -> str:
    """Sentence, criteria, the runner-up and the history of the line, as HTML."""
    parts = [_heading(found, screen), paragraph(found.explanation.sentence)]
    if found.explanation.evidence:
        parts.append(_criteria(found, screen))
    last = found.decisions[-1]
    if last.outcome == "held" and last.class_ is not None:
        parts.append(paragraph(screen.say(ADVICE[last.class_]), tone="warn"))
    if found.explanation.margin is None and found.collection is not None:
        only = screen.say("No other collection came into question.")
        parts.append(paragraph(only, tone="dim"))
    history = escape(screen.say("What happened to it"))
    parts += [f"<h4>{history}</h4>", _history(found, screen)]
    return f'<div class="wb">{"".join(parts)}</div>'


def _heading(found: LineEvidence, screen: Screen) -> str:
    payment = found.payment
    kind = screen.say(KINDS.texts.get(payment["kind"], payment["kind"]))
    cash = payment["amount_paid_minor"]
    money = "" if cash is None else screen.money(cash, payment["currency"])
    said = screen.say(
        "{kind} {money}, line {line} of its file", kind=kind, money=money, line=payment["line"]
    )
    return f"<h4>{escape(said)}</h4>"


def _criteria(found: LineEvidence, screen: Screen) -> str:
    say, collection = screen.say, found.collection
    assert collection is not None
    name = name_of(collection["name"], screen)
    against = say("Next best collection") if found.is_runner_up else say("Collection")
    heads = [
        Cell(say("Criterion")),
        Cell(say("In the payment")),
        Cell(f"{against} · {name}"),
        Cell(""),
        Cell(say("Points"), number=True),
    ]
    rows = [_criterion(item, found, screen) for item in found.explanation.evidence]
    weight = found.explanation.weight
    total = [Cell(say("Sum")), *[Cell("")] * 3, Cell(_points(weight or 0), number=True)]
    return plain_table(heads, rows, total=total)


def _criterion(item: Evidence, found: LineEvidence, screen: Screen) -> list[Cell]:
    verdict, tone = _VERDICTS[item.agreed]
    currency = found.payment["currency"] or screen.currency
    return [
        Cell(item.label),
        Cell(_value(item.id, item.seen, screen, currency)),
        Cell(_value(item.id, item.expected, screen, currency)),
        Cell(screen.say(verdict), tone=tone),
        Cell(_points(item.points), number=True),
    ]


def _value(criterion: str, value: object, screen: Screen, currency: str) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return screen.say("Yes") if value else screen.say("No")
    if isinstance(value, dt.date):
        return screen.numbers.date(value)
    if isinstance(value, int):
        return screen.numbers.amount(value, currency)
    return str(value) if criterion == "reference" else mask(str(value))


def _points(points: int) -> str:
    return f"+{points}" if points > 0 else str(points).replace("-", "−")


def _history(found: LineEvidence, screen: Screen) -> str:
    say = screen.say
    heads = [Cell(word) for word in (say("When"), say("Who"), say("Outcome"), say("Why"))]
    rows = [_decision(decision, screen) for decision in found.decisions]
    return plain_table(heads, rows)


def _decision(decision: Decision, screen: Screen) -> list[Cell]:
    moment = dt.datetime.fromisoformat(decision.at)
    class_ = "" if decision.class_ is None else screen.say(
        CLASSES.texts.get(decision.class_, decision.class_)
    )  # fmt: skip
    outcome = screen.say(OUTCOMES.texts[decision.outcome])
    who = decision.actor if decision.by_person else screen.say("the matching")
    return [
        Cell(screen.numbers.moment(moment), tone="dim"),
        Cell(who),
        Cell(f"{outcome} · {class_}" if class_ else outcome,
             tone=OUTCOMES.tones.get(decision.outcome, "")),
        Cell(mask(decision.reason or "")),
    ]  # fmt: skip
