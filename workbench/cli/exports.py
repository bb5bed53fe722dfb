"""What the commands of the hand-over tell: as words, as a document, and as an exit code."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from workbench.documents.locale_format import NOTHING, LocaleFormat, locale_format
from workbench.ledger.handover import refunds
from workbench.ledger.handover.booking import deliveries, read_receipt
from workbench.ledger.handover.handing_over import HandedOver, waiting
from workbench.model.money import decimal_from_minor, minor_from_typed
from workbench.model.problems import Problem
from workbench.model.texts import marked, translate
from workbench.reports.hand_over import export_again, export_postings
from workbench.store.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Told:
    """What a command says."""

    words: str
    document: object
    code: int = 0


_STATES = {
    "handed_over": marked("handed over"),
    "partly_booked": marked("partly booked"),
    "booked": marked("booked"),
}
_REFUND_STATES = {
    "waiting": marked("waiting"),
    "handed_over": marked("handed over"),
    "withdrawn": marked("withdrawn"),
}
_RECEIPTS = {
    "accepted": marked("{name}: accepted. Booked: {booked}. Refused: {refused}."),
    "dry_run": marked("{name}: dry run. Booked: {booked}. Refused: {refused}."),
    "refused": marked("{name}: refused. Nothing changed."),
    "read_before": marked("{name}: read before, nothing to do."),
}


class BadAmountError(Exception):
    """The amount that was given is none of the entry's currency."""


def hand_over(
    workspace: Workspace,
    mapping: str,
    *,
    as_of: dt.date,
    up_to: dt.date | None,
    journal: str | None,
    dry_run: bool,
) -> Told:
    """Hand over what waits, by a layout's file or name."""
    layout = Path(mapping) if mapping.endswith(".toml") else mapping
    result = export_postings(
        workspace, mapping=layout, as_of=as_of, up_to=up_to, journal=journal, dry_run=dry_run
    )
    return _told(workspace, result)


def hand_over_again(workspace: Workspace, number: str) -> Told:
    """Make a delivery's files again."""
    return _told(workspace, export_again(workspace, number), again=True)


def _told(workspace: Workspace, result: HandedOver, *, again: bool = False) -> Told:
    language = workspace.settings.language
    document = {
        "number": result.number,
        "dry_run": result.dry_run,
        "files": [
            {
                "role": file.role,
                "name": file.name,
                "sha256": file.sha256,
                "lines": file.lines,
                "path": str(file.path) if file.path else None,
            }
            for file in result.files
        ],
        "totals": result.totals.to_dicts(),
        "settlements": result.settlements,
        "refunds": result.refunds,
        "staying": list(result.staying),
        "problems": [problem.as_json(language=language) for problem in result.problems],
    }
    words = [_head(result, language, again=again)]
    notation = locale_format(language)
    for row in result.totals.iter_rows(named=True):
        line = translate(
            "{currency}: {postings} postings, debit {debit}, credit {credit}.",
            language=language,
        )
        words.append(
            line.format(
                currency=row["currency"],
                postings=notation.integer(row["postings"]),
                debit=notation.amount(row["debit_minor"], row["currency"]),
                credit=notation.amount(row["credit_minor"], row["currency"]),
            )
        )
    words += [f"  {file.path or file.name}" for file in result.files]
    words += _problem_words(result.problems, language)
    return Told("\n".join(words), document, 0 if result.clean else 1)


def _head(result: HandedOver, language: str, *, again: bool) -> str:
    if result.nothing:
        message = translate("Nothing waits to be handed over.", language=language)
    elif not result.clean:
        message = translate("Nothing was handed over.", language=language)
    elif again:
        message = translate(
            "Delivery {number} made again: the same bytes as before.", language=language
        )
    elif result.dry_run:
        message = translate(
            "Dry run: delivery {number} would go out; settlements {settlements}, "
            "refunds {refunds}.",
            language=language,
        )
    else:
        message = translate(
            "Delivery {number} is handed over; settlements {settlements}, refunds {refunds}.",
            language=language,
        )
    return message.format(
        number=result.number, settlements=result.settlements, refunds=result.refunds
    )


def _problem_words(problems: tuple[Problem, ...], language: str) -> list[str]:
    return [
        f"  {problem.severity:8}{problem.place()} {problem.message(language=language)} "
        f"{problem.advice(language=language)}"
        for problem in problems
    ]


def listing(workspace: Workspace, *, as_of: dt.date) -> Told:
    """Every delivery, and what waits."""
    language = workspace.settings.language
    notation = locale_format(language)
    with workspace.read() as reader:
        rows = deliveries(reader, as_of=as_of)
        left = waiting(reader)
    waits = left.group_by("currency").agg(pl.col("postings", "debit_minor").sum())
    waits = waits.sort("currency")
    document = {
        "deliveries": [
            {name: _plain(value) for name, value in row.items()}
            for row in rows.iter_rows(named=True)
        ],
        "waiting": waits.to_dicts(),
    }
    words = [
        f"{row['document_no']}  {row['as_of']}  "
        f"{translate(_STATES[row['state']], language=language):<14} "
        f"{row['booked']}/{row['things']}  "
        f"{_money(notation, row)}  "
        f"{row['mapping_name']}"
        for row in rows.iter_rows(named=True)
    ]
    said = translate("Waiting: {postings} postings, debit {debit}.", language=language)
    words += [
        said.format(
            postings=notation.integer(row["postings"]),
            debit=_money(notation, row),
        )
        for row in waits.iter_rows(named=True)
    ]
    if not words:
        words = [translate("Nothing was handed over, and nothing waits.", language=language)]
    return Told("\n".join(words), document)


def receipt(workspace: Workspace, file: Path, *, dry_run: bool) -> Told:
    """Take a receipt of the ERP."""
    language = workspace.settings.language
    result = read_receipt(workspace, file, dry_run=dry_run)
    document = {
        "name": result.name,
        "outcome": result.outcome,
        "booked": result.booked,
        "refused": list(result.refused),
        "problems": [problem.as_json(language=language) for problem in result.problems],
    }
    message = translate(_RECEIPTS[result.outcome], language=language).format(
        name=result.name, booked=result.booked, refused=", ".join(result.refused) or NOTHING
    )
    words = [message, *_problem_words(result.problems, language)]
    return Told("\n".join(words), document, 1 if result.outcome == "refused" else 0)


def ask_refund(workspace: Workspace, entry_id: int, amount: str, *, reason: str) -> str:
    """Ask for a refund of a decimal amount; what to say.

    Raises:
        BadAmountError: The amount is none of the entry's currency.
    """
    with workspace.read() as reader:
        currency = reader.value("SELECT currency FROM entry WHERE entry_id = ?", [entry_id])
        seen = reader.seq
    if currency is None:
        raise refunds.UnknownRefundError(f"entry {entry_id}")
    try:
        amount_minor = minor_from_typed(amount, currency=currency)
    except ValueError as cause:
        raise BadAmountError(amount) from cause
    refund_id = refunds.ask(
        workspace, entry_id=entry_id, amount_minor=amount_minor, reason=reason, as_seen=seen
    )
    number = decimal_from_minor(amount_minor, currency=currency)
    return f"Refund {refund_id}: {number} {currency}; it goes out with the next delivery."


def refund_listing(workspace: Workspace) -> Told:
    """Every refund that was asked for."""
    language = workspace.settings.language
    with workspace.read() as reader:
        rows = refunds.refunds(reader)
    words = [
        f"{row['refund_id']}  {row['customer_no']}  {row['document_no']}  "
        f"{decimal_from_minor(row['amount'], currency=row['currency'])} {row['currency']}  "
        f"{translate(_REFUND_STATES[row['state']], language=language)}  {row['reason']}"
        for row in rows.iter_rows(named=True)
    ] or [translate("No refund was asked for.", language=language)]
    return Told("\n".join(words), {"refunds": rows.to_dicts()})


def _money(notation: LocaleFormat, row: dict[str, Any]) -> str:
    """A row's debit; a delivery of settlements alone has none."""
    if row["currency"] is None:
        return NOTHING
    return notation.money(row["debit_minor"], row["currency"])


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
