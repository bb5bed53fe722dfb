"""What came of a file from the ERP, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from babel.numbers import format_decimal

from workbench.ledger.erp_import import ErpImport
from workbench.model.money import decimal_from_minor, exponent
from workbench.model.problems import Problem
from workbench.model.texts import marked, translate

_OUTCOMES = {
    "accepted": marked("{name}: accepted."),
    "refused": marked("{name}: refused. Nothing changed; the file and this attempt are kept."),
    "dry_run": marked("{name}: dry run. Nothing changed."),
    "read_before": marked("{name}: read before, nothing to do."),
}
_COUNTS = marked("New {new}, equal {equal}, changed {changed}.")
_SUM = marked("Sum of the new entries: {amount} {currency}.")
_VOUCHER = marked("Voucher {document_no} of {posting_date}.")
_PROBLEMS = marked("Problems: {count}.")
_PLACE = marked("row {line}, column {column}")
_ROW = marked("row {line}")


def render(result: ErpImport, language: str) -> str:
    """The result in words: what came of the file, and every problem with row and column."""
    return "\n".join(_lines(result, language))


def _lines(result: ErpImport, language: str) -> Iterator[str]:
    def say(message: str, **params: object) -> str:
        return translate(message, language=language).format(**params)

    def number(value: int) -> str:
        return str(format_decimal(value, locale=language))

    yield say(_OUTCOMES[result.outcome], name=result.name)
    if result.counts:
        yield say(_COUNTS, **{name: number(count) for name, count in result.counts.items()})
    for currency, amount_minor in result.sums.items():
        amount = format_decimal(
            decimal_from_minor(amount_minor, currency=currency),
            format=f"#,##0.{'0' * exponent(currency)}",
            locale=language,
        )
        yield say(_SUM, amount=amount, currency=currency)
    if result.document_no is not None:
        yield say(_VOUCHER, document_no=result.document_no, posting_date=result.posting_date)
    if result.rolled is not None:
        yield result.rolled.words(language)
    if result.problems:
        yield say(_PROBLEMS, count=number(len(result.problems)))
    for problem in result.problems:
        words = f"{problem.message(language=language)} {problem.advice(language=language)}"
        yield f"  {problem.severity:8}{_place(problem, language)}{words}"


def _place(problem: Problem, language: str) -> str:
    if problem.line is None:
        return ""
    form = _ROW if problem.column is None else _PLACE
    place = translate(form, language=language)
    return place.format(line=problem.line, column=problem.column) + ": "
