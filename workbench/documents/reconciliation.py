"""The reconciliation report: one context in, the same proof as PDF or as HTML out."""

from __future__ import annotations

import datetime as dt
import unicodedata

from workbench.documents.document import Document, Fact, Signature, Verdict, strings
from workbench.documents.fonts import missing_characters
from workbench.documents.page import render
from workbench.documents.printing import print_document
from workbench.documents.reconciliation_facts import ReconciliationReport
from workbench.documents.reconciliation_tables import identity_label, tables
from workbench.documents.reconciliation_words import MODES
from workbench.documents.wording import Wording
from workbench.model.masking import mask
from workbench.model.texts import translate_plural

#: How much of the audit head stands in the footer; the whole stands in the title block.
_HEAD_SHOWN = 12


def pdf(context: ReconciliationReport, *, created: dt.datetime) -> bytes:
    """The report as PDF, A4. Equal contexts and dates give equal bytes.

    Args:
        context: What the report knows.
        created: From the injected clock; must know its zone.
    """
    return print_document(document(context, created=created), created=created)


def html(context: ReconciliationReport, *, created: dt.datetime) -> bytes:
    """The report as one HTML page in UTF-8 that refers to nothing outside itself."""
    return render(document(context, created=created), template="reconciliation.html")


def document(context: ReconciliationReport, *, created: dt.datetime) -> Document:
    """The report in finished words, before it is drawn."""
    wording = Wording(context.language, context.currency)
    say, date = wording.say, wording.numbers.date
    start, end = context.period
    as_of = say("As of {date}").format(date=date(context.as_of))
    period = say("Period {start} – {end}").format(start=date(start), end=date(end))
    audit = say("Audit head {head}").format(head=context.audit_head[:_HEAD_SHOWN] + "…")
    return Document(
        language=context.language,
        company=context.company,
        title=say("Reconciliation report"),
        subtitle=f"{as_of}  ·  {period}",
        as_of=as_of,
        facts=_facts(context, wording, created=created),
        verdict=_verdict(context, wording),
        tables=tables(context),
        notes=_notes(context, wording),
        signatures=(
            Signature(say("Prepared by"), context.prepared_by),
            Signature(say("Reviewed by"), context.reviewed_by),
        ),
        footer=(say("Run {run}").format(run=context.run), audit),
    )


def unprintable(context: ReconciliationReport) -> tuple[str, ...]:
    """The characters of a report that its PDF prints as □, in order of code point."""
    return missing_characters("".join(strings(context)))


def _facts(
    context: ReconciliationReport, wording: Wording, *, created: dt.datetime
) -> tuple[Fact, ...]:
    say, numbers = wording.say, wording.numbers
    events = translate_plural(
        "{count} event",
        "{count} events",
        number=context.audit_events,
        language=context.language,
    ).format(count=numbers.integer(context.audit_events))
    return (
        Fact(say("Creditor numbers"), ", ".join(context.creditor_nos)),
        Fact(say("Currency"), context.currency),
        Fact(say("Run"), context.run),
        Fact(say("Created"), numbers.moment(created)),
        Fact(say("Audit head"), f"{context.audit_head} ({events})"),
        Fact(say("Mode"), wording.key(MODES, context.mode)),
    )


def _verdict(context: ReconciliationReport, wording: Wording) -> Verdict:
    broken = [identity for identity in context.identities if not identity.holds]
    if not context.identities:
        return Verdict(holds=False, headline=wording.say("No identity was checked."))
    if not broken:
        return Verdict(holds=True, headline=wording.say("All identities hold"))
    headline = translate_plural(
        "{count} identity does not hold",
        "{count} identities do not hold",
        number=len(broken),
        language=context.language,
    )
    return Verdict(
        holds=False,
        headline=headline.format(count=wording.numbers.integer(len(broken))),
        objections=tuple(
            _objection(identity_label(one, wording), one.currency) for one in broken
        ),
    )


def _objection(label: str, currency: str | None) -> str:
    return f"{label} ({currency})" if currency else label


def _notes(context: ReconciliationReport, wording: Wording) -> tuple[str, ...]:
    notes = tuple(map(mask, context.notes))
    missing = unprintable(context)
    if not missing:
        return notes
    named = ", ".join(
        f"U+{ord(letter):04X} {unicodedata.name(letter, '')}".rstrip() for letter in missing
    )
    note = wording.say("Printed as □ because the typeface lacks them: {characters}")
    return (*notes, note.format(characters=named))
