"""The tables of the reconciliation report, in finished words."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.documents.reconciliation_facts import (
    IdentityFact,
    ReconciliationReport,
    Total,
)
from workbench.documents.reconciliation_lines import held, register
from workbench.documents.reconciliation_words import (
    HELD,
    IDENTITIES,
    TOTALS,
)
from workbench.documents.tables import Column, Kind, Row, Table, Tone, mark
from workbench.documents.wording import Wording

_NUMBER = Kind.NUMBER


def tables(report: ReconciliationReport) -> tuple[Table, ...]:
    """Every table of the report, in the order in which it is read."""
    wording = Wording(report.language, report.currency)
    return tuple(
        make(report, wording)
        for make in (_totals, _identities, _flow, _aged, _held_totals, held, register, _files)
    )


def identity_label(identity: IdentityFact, wording: Wording) -> str:
    """What an identity says."""
    return wording.say(identity.label or IDENTITIES.get(identity.name, identity.name))


def _totals(report: ReconciliationReport, wording: Wording) -> Table:
    say = wording.say
    return Table(
        "totals",
        say("Totals by kind"),
        (
            Column(say("Kind"), weight=4),
            Column(say("Lines"), _NUMBER),
            Column(say("Amount"), _NUMBER),
            Column(say("Currency"), weight=0.3),
        ),
        _total_rows(report.totals, TOTALS, wording),
        caption=say("Money to the creditor is positive, money taken back is negative."),
        empty=say("Nothing was collected or paid in the period."),
    )


def _total_rows(
    totals: tuple[Total, ...], words: Mapping[str, str], wording: Wording
) -> list[Row]:
    numbers = wording.numbers
    return [
        Row(
            (
                wording.key(words, total.label),
                numbers.integer(total.count),
                numbers.amount(total.amount_minor, total.currency),
                total.currency,
            )
        )
        for total in totals
    ]


def _held_totals(report: ReconciliationReport, wording: Wording) -> Table:
    say = wording.say
    return Table(
        "held_by_class",
        say("Held by class"),
        (
            Column(say("Class"), weight=4),
            Column(say("Lines"), _NUMBER),
            Column(say("Amount"), _NUMBER),
            Column(say("Currency"), weight=0.3),
        ),
        _total_rows(report.held_totals, HELD, wording),
        empty=say("No line is held."),
    )


def _identities(report: ReconciliationReport, wording: Wording) -> Table:
    say, numbers = wording.say, wording.numbers

    def side(identity: IdentityFact, number: int) -> str:
        if identity.unit == "count" or identity.currency is None:
            return numbers.integer(number)
        return numbers.amount(number, identity.currency)

    return Table(
        "identities",
        say("Identities"),
        (
            Column(say("What must be equal"), weight=4),
            Column(say("Left"), _NUMBER),
            Column(say("Right"), _NUMBER),
            Column(say("Unit"), weight=0.3),
            Column(say("Holds"), Kind.MARK),
        ),
        [
            Row(
                (
                    identity_label(identity, wording),
                    side(identity, identity.left),
                    side(identity, identity.right),
                    identity.currency or say("number"),
                    mark(identity.holds),
                ),
                Tone.PLAIN if identity.holds else Tone.WARNING,
            )
            for identity in report.identities
        ],
        caption=say("Each sum is reached in two different ways."),
        empty=say("No identity was checked."),
    )


def _flow(report: ReconciliationReport, wording: Wording) -> Table:
    say, numbers = wording.say, wording.numbers
    return Table(
        "flow",
        say("From file to journal to ledger"),
        (
            Column(say("Kind"), weight=4),
            Column(say("File"), _NUMBER),
            Column(say("Waiting"), _NUMBER),
            Column(say("Journal"), _NUMBER),
            Column(say("Ledger"), _NUMBER),
            Column(say("Currency"), weight=0.3),
            Column(say("Agrees"), Kind.MARK),
        ),
        [
            Row(
                (
                    wording.key(TOTALS, flow.label),
                    numbers.amount(flow.file_minor, flow.currency),
                    numbers.amount(flow.waiting_minor, flow.currency),
                    numbers.amount(flow.journal_minor, flow.currency),
                    numbers.amount(flow.ledger_minor, flow.currency),
                    flow.currency,
                    mark(flow.agrees),
                ),
                Tone.PLAIN if flow.agrees else Tone.WARNING,
            )
            for flow in report.flow
        ],
        caption=say("File = journal + waiting to be posted; journal = ledger."),
        empty=say("No money has moved."),
    )


def _aged(report: ReconciliationReport, wording: Wording) -> Table:
    say, numbers = wording.say, wording.numbers
    buckets = [Column(wording.say(bucket), _NUMBER) for bucket in report.aged_buckets]
    return Table(
        "aged",
        say("Open balance by due date"),
        (
            Column(say("Currency")),
            *buckets,
            Column(say("Credits"), _NUMBER),
            Column(say("Open balance"), _NUMBER),
        ),
        [
            Row(
                (
                    aged.currency,
                    *(numbers.amount(amount, aged.currency) for amount in aged.buckets),
                    numbers.amount(aged.credits_minor, aged.currency),
                    numbers.amount(aged.total_minor, aged.currency),
                )
            )
            for aged in report.aged
        ],
        caption=say(
            "Days after the due date, as of {date}. Credits and money on account stand apart."
        ).format(date=numbers.date(report.as_of)),
        empty=say("Nothing is open."),
    )


def _files(report: ReconciliationReport, wording: Wording) -> Table:
    say, numbers = wording.say, wording.numbers
    return Table(
        "files",
        say("Files"),
        (
            Column(say("Name"), weight=3),
            Column(say("Kind"), weight=2),
            Column(say("Lines"), _NUMBER),
            Column(say("Declared total"), _NUMBER),
            Column(say("Agrees"), Kind.MARK),
        ),
        [
            Row(
                (
                    file.name,
                    file.kind,
                    numbers.integer(file.lines),
                    wording.amount(file.total_minor, file.currency),
                    mark(file.agrees),
                ),
                Tone.PLAIN if file.agrees else Tone.WARNING,
                note=f"SHA-256 {file.sha256}",
            )
            for file in report.files
        ],
        caption=say("Every file lies unchanged in the archive under its SHA-256."),
        empty=say("No file was read or sent."),
    )
