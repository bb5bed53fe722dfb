"""What came of a file from the ERP, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import polars as pl
from babel.numbers import format_decimal

from workbench.ledger.imports import effects
from workbench.ledger.imports.importing import ErpImport
from workbench.model.money import decimal_from_minor, exponent
from workbench.model.problems import Problem
from workbench.model.texts import marked, translate

#: So many effects are told one by one; a file takes them all.
_EFFECTS_SHOWN = 1000

_OUTCOMES = {
    "accepted": marked("{name}: accepted."),
    "refused": marked("{name}: refused. Nothing changed; the file and this attempt are kept."),
    "dry_run": marked("{name}: dry run. Nothing changed."),
    "read_before": marked("{name}: read before, nothing to do."),
}
_COUNTS = marked("New {new}, equal {equal}, changed {changed}.")
_SUM = marked("Sum of the new entries: {amount} {currency}.")
_VOUCHER = marked("Voucher {document_no} of {posting_date}.")
_IMPORT = marked("Import {import_id}.")
_CONFIRMED = marked("Confirmed by a person: {reason}")
_STOPPED = marked("Lines stopped that were not sent yet: {count}.")
_PROBLEMS = marked("Problems: {count}.")
_PLACE = marked("row {line}, column {column}")
_ROW = marked("row {line}")

#: What became of entries, with their number and the sum that matters.
_EFFECTS = {
    effects.NEW: marked("New: {count}, remaining {amount} {currency}."),
    effects.EQUAL: marked("As known: {count}, remaining {amount} {currency}."),
    effects.NOT_BOOKED_YET: marked(
        "Ours was handed over and is not booked yet: {count}, remaining {amount} {currency}."
    ),
    effects.BOOKED: marked("Ours is booked: {count}, remaining {amount} {currency}."),
    effects.SETTLED: marked("Settled in the ERP: {count}, by {amount} {currency}."),
    effects.HELD: marked("Held for a person: {count}, remaining {amount} {currency}."),
    effects.CHANGED: marked("Stopped by the ERP: {count}, remaining {amount} {currency}."),
    effects.REPLACED: marked(
        "Told otherwise and taken over anew: {count}, remaining {amount} {currency}."
    ),
    effects.OURS: marked("Our own, come back: {count}, remaining {amount} {currency}."),
}

#: What more there is to say of them.
CLASSES = {
    "partly_booked": marked("Only a part of ours seems to be booked."),
    "above": marked("The ERP shows more than we know of."),
    "fall_while_waiting": marked("The ERP shows less while settlements of ours wait."),
    effects.CHANGED: marked("Other facts, of an entry that is collected or settled already."),
    effects.BOOKED: marked("And what was handed over is booked."),
    "closed": marked("Closed in the ERP and never seen here: left out."),
    "ours_stands": marked("A person decided that ours stands."),
    "stopped": marked("On hold or disputed."),
    "unfit": marked("Left out: the row names a voucher of ours and does not fit it."),
}


def render(result: ErpImport, language: str) -> str:
    """The result in words: what came of the file, and every problem with row and column."""
    return "\n".join(_lines(result, language))


def as_json(result: ErpImport, language: str) -> dict[str, object]:
    """The result as the public JSON contract shows it, with the first of its effects."""
    found = result.effects
    return {
        "name": result.name,
        "sha256": result.sha256,
        "purpose": result.purpose,
        "mode": result.mode,
        "as_of": str(result.as_of) if result.as_of else None,
        "outcome": str(result.outcome),
        "confirmed": result.confirmed,
        "import_id": result.import_id,
        "seq": result.seq,
        "counts": dict(result.counts),
        "sums": dict(result.sums),
        "document_no": result.document_no,
        "posting_date": str(result.posting_date) if result.posting_date else None,
        "lines_stopped": result.stopped,
        "summary": effects.summary(found).to_dicts(),
        "effects_total": found.height,
        "effects": found.head(_EFFECTS_SHOWN).to_dicts(),
        "problems": [problem.as_json(language=language) for problem in result.problems],
    }


def _lines(result: ErpImport, language: str) -> Iterator[str]:
    say = partial(_say, language=language)
    yield say(_OUTCOMES[result.outcome], name=result.name)
    if result.effects.height:
        yield from _effects(result.effects, language)
    elif result.counts:
        counts = {name: _number(count, language) for name, count in result.counts.items()}
        yield say(_COUNTS, **counts)
    for currency, amount_minor in result.sums.items():
        yield say(_SUM, amount=_amount(amount_minor, currency, language), currency=currency)
    yield from _done(result, language)
    if result.problems:
        yield say(_PROBLEMS, count=_number(len(result.problems), language))
    for problem in result.problems:
        words = f"{problem.message(language=language)} {problem.advice(language=language)}"
        yield f"  {problem.severity:8}{_place(problem, language)}{words}"


def _done(result: ErpImport, language: str) -> Iterator[str]:
    """What an accepted file left behind."""
    say = partial(_say, language=language)
    if result.confirmed:
        yield say(_CONFIRMED, reason=result.confirmed)
    if result.document_no is not None:
        yield say(_VOUCHER, document_no=result.document_no, posting_date=result.posting_date)
    if result.rolled is not None:
        yield result.rolled.words(language)
    if result.stopped:
        yield say(_STOPPED, count=_number(result.stopped, language))
    if result.import_id is not None:
        yield say(_IMPORT, import_id=result.import_id)


def _say(message: str, *, language: str, **params: object) -> str:
    return translate(message, language=language).format(**params)


def _number(value: int, language: str) -> str:
    return str(format_decimal(value, locale=language))


def _effects(found: pl.DataFrame, language: str) -> Iterator[str]:
    """A sentence for what became of how many entries, and why."""
    for row in effects.summary(found).iter_rows(named=True):
        settled = row["effect"] == effects.SETTLED
        sentence = translate(_EFFECTS[row["effect"]], language=language).format(
            count=_number(row["entries"], language),
            amount=_amount(
                row["settled_minor" if settled else "shown_minor"], row["currency"], language
            ),
            currency=row["currency"] or "?",
        )
        why = CLASSES.get(row["class"])
        yield f"{sentence} {translate(why, language=language)}" if why else sentence


def _amount(amount_minor: int, currency: str | None, language: str) -> str:
    if currency is None:  # a row whose currency cannot be read; its problem says so
        return str(amount_minor)
    decimals = exponent(currency)
    return str(
        format_decimal(
            decimal_from_minor(amount_minor, currency=currency),
            format=f"#,##0.{'0' * decimals}",
            locale=language,
        )
    )


def _place(problem: Problem, language: str) -> str:
    if problem.line is None:
        return ""
    form = _ROW if problem.column is None else _PLACE
    place = translate(form, language=language)
    return place.format(line=problem.line, column=problem.column) + ": "
