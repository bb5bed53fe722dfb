"""The line by line tables of the reconciliation report: held lines and the register."""

from __future__ import annotations

from workbench.documents.locale_format import NOTHING
from workbench.documents.reconciliation_facts import (
    HeldLine,
    MatchedLine,
    ReconciliationReport,
    RegisterSum,
)
from workbench.documents.reconciliation_words import HELD, RULES, STATES
from workbench.documents.tables import Column, Kind, Row, Table, Tone
from workbench.documents.wording import Wording
from workbench.model.masking import mask

#: A reference up to this length is one of ours, and shown whole.
_OUR_REFERENCE = 9

_NUMBER = Kind.NUMBER


def held(report: ReconciliationReport, wording: Wording) -> Table:
    """The lines that wait for a person, each with its reason and what to do."""
    say = wording.say
    return Table(
        "held",
        say("Held lines"),
        (
            Column(say("Class"), weight=2.5),
            Column(say("Customer no."), weight=3),
            Column(say("Reference"), weight=3),
            Column(say("Due date"), Kind.DATE),
            Column(say("Amount"), _NUMBER),
            Column(say("File"), weight=1.8),
            Column(say("Line"), _NUMBER),
        ),
        [_held_row(line, wording) for line in report.held],
        caption=say("Each of these lines waits for a person; what to do stands below it."),
        empty=say("No line is held."),
    )


def _held_row(line: HeldLine, wording: Wording) -> Row:
    numbers = wording.numbers
    return Row(
        (
            wording.key(HELD, line.held_class),
            mask(line.customer_no or NOTHING),
            shown_reference(line.reference),
            numbers.date(line.due_date),
            wording.amount(line.amount_minor, line.currency),
            line.file,
            str(line.line),
        ),
        note=mask(" ".join(wording.say(part) for part in (line.reason, line.advice) if part)),
    )


def register(report: ReconciliationReport, wording: Wording) -> Table:
    """Every matched line, with its posting and the rule that matched it."""
    say = wording.say
    return Table(
        "register",
        say("Register of matched lines"),
        (
            Column(say("Reference"), weight=3),
            Column(say("Customer no."), weight=3),
            Column(say("Due date"), Kind.DATE),
            Column(say("Paid on"), Kind.DATE),
            Column(say("Collected"), _NUMBER),
            Column(say("Paid"), _NUMBER),
            Column(say("State"), weight=2),
            Column(say("Document no."), weight=3),
            Column(say("Rule"), weight=1.2),
        ),
        [
            *(_register_row(line, wording) for line in report.matched),
            *(_register_sum(total, wording) for total in report.register_sums),
        ],
        caption=say("A provisional payment can still be reversed under the scheme's rules."),
        empty=say("No line was matched."),
    )


def _register_row(line: MatchedLine, wording: Wording) -> Row:
    numbers = wording.numbers
    return Row(
        (
            shown_reference(line.reference),
            mask(line.customer_no or NOTHING),
            numbers.date(line.due_date),
            numbers.date(line.paid_on),
            wording.amount(line.collected_minor, line.currency),
            wording.amount(line.paid_minor, line.currency),
            wording.key(STATES, line.state),
            line.document_no or NOTHING,
            wording.key(RULES, line.rule),
        )
    )


def _register_sum(total: RegisterSum, wording: Wording) -> Row:
    numbers = wording.numbers
    lines = wording.say("{count} lines").format(count=numbers.integer(total.count))
    sums = (
        wording.amount(total.collected_minor, total.currency),
        wording.amount(total.paid_minor, total.currency),
    )
    return Row((lines, "", "", "", *sums, "", "", ""), Tone.TOTAL)


def shown_reference(reference: str | None) -> str:
    """A payment reference: ours whole, a longer one masked, since it may be anything."""
    if not reference:
        return NOTHING
    return reference if len(reference) <= _OUR_REFERENCE else mask(reference)
