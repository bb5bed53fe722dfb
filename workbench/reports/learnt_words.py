"""What was learnt between two recorded times, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.documents.locale_format import LocaleFormat, locale_format
from workbench.model.masking import mask_personal
from workbench.model.texts import marked, translate
from workbench.reports.learnt import Learnt

_HEAD = marked("Learnt after step {since} ({since_at}) and up to step {until} ({until_at}):")
_NOTHING = marked("Nothing.")
_ONCE = marked("{step}: {actor}, {at}")
_OFTEN = marked("{step}: {actor}, {times} times, {first} to {last}")
_BALANCE = marked("Open balance of {day}: {old} → {new} {currency} ({change}).")
_UNCHANGED = marked("Of the entries of {day}, nothing changed.")
_ENTRY = marked("{document_no} of customer {customer_no}: {old} → {new} {currency}")
_DONE = marked("{amount}: {why} (step {recorded}, {step}, {actor})")
_MORE = marked("and {more} entries more; --json lists all of them.")
_BEGINNING = marked("the beginning")

#: So many entries a person reads; all of them are for programs.
_SHOWN = 500

#: Why a remaining amount changed; `{other}` is the document on the other side.
_WHY = {
    "entry": marked("it came in"),
    "settled": marked("settled by {other}"),
    "settles": marked("settles {other}"),
    "settled_taken_back": marked("its settlement by {other} was taken back"),
    "settles_taken_back": marked("its settlement of {other} was taken back"),
}

#: What people call a step of the audit log; others are shown by their names.
_STEPS = {
    "init": marked("Workspace made"),
    "ledger_setup": marked("Ledger set up"),
    "import_erp_customers": marked("Customers from the ERP"),
    "import_erp_entries": marked("Entries from the ERP"),
    "import_erp_agreements": marked("Agreements from the ERP"),
    "undo_import": marked("Import undone"),
    "decide_difference": marked("Difference with the ERP decided"),
    "suggest": marked("Collections suggested"),
    "approved": marked("Collections approved"),
    "delivery_sent": marked("Delivery sent"),
    "import_payments": marked("Payments read"),
    "import_receipt": marked("Receipt read"),
    "match": marked("Matched by hand"),
    "put_on_account": marked("Put on account"),
    "posting_allowed": marked("Posting allowed"),
    "post_payments": marked("Payments posted"),
    "settle": marked("Settled by hand"),
    "unsettle": marked("Settlement taken back"),
    "post_penny": marked("Rest posted away"),
    "set_tolerance": marked("Tolerance decided"),
    "hand_over": marked("Handed over to the ERP"),
    "handover_booked": marked("Booked by the ERP"),
    "period_state": marked("Period changed"),
    "close_month": marked("Month closed"),
}


def words(found: Learnt, *, language: str) -> str:
    """The steps, the balance of the day, and every entry that changed, with its reasons."""
    return "\n".join(_Telling(found, language).lines())


class _Telling:
    def __init__(self, found: Learnt, language: str) -> None:
        self._found = found
        self._language = language
        self._notation: LocaleFormat = locale_format(language)

    def _say(self, message: str, **params: object) -> str:
        return translate(message, language=self._language).format(**params)

    def lines(self) -> Iterator[str]:
        found = self._found
        yield self._say(
            _HEAD,
            since=found.since,
            since_at=self._at(found.since_at),
            until=found.until,
            until_at=self._at(found.until_at),
        )
        if found.steps.is_empty():
            yield f"  {self._say(_NOTHING)}"
            return
        for row in found.steps.iter_rows(named=True):
            yield f"  {self._step(row)}"
        day = self._notation.date(found.as_of)
        for row in found.totals.iter_rows(named=True):
            yield self._say(
                _BALANCE, day=day, currency=row["currency"], **self._amounts(row, "change")
            )
        if found.changes.is_empty():
            yield self._say(_UNCHANGED, day=day)
        shown = found.changes.head(_SHOWN)
        reasons = found.reasons_of(shown["entry_id"])
        for row in shown.iter_rows(named=True):
            named = {name: row[name] for name in ("document_no", "currency")}
            named["customer_no"] = mask_personal(row["customer_no"])
            yield f"  {self._say(_ENTRY, **named, **self._amounts(row))}"
            for reason in reasons[row["entry_id"]]:
                yield f"    {self._reason(reason)}"
        if found.changes.height > _SHOWN:
            more = self._notation.integer(found.changes.height - _SHOWN)
            yield f"  {self._say(_MORE, more=more)}"

    def _step(self, row: dict[str, Any]) -> str:
        shared = {"step": self._name(row["step"]), "actor": row["actor"]}
        if row["times"] == 1:
            return self._say(_ONCE, **shared, at=self._at(row["first_at"]))
        return self._say(
            _OFTEN,
            **shared,
            times=self._notation.integer(row["times"]),
            first=self._at(row["first_at"]),
            last=self._at(row["last_at"]),
        )

    def _reason(self, row: dict[str, Any]) -> str:
        return self._say(
            _DONE,
            amount=self._notation.amount(row["amount_minor"], row["currency"]),
            why=self._say(_WHY[row["why"]], other=row["other"]),
            recorded=row["recorded"],
            step=self._name(row["step"]),
            actor=row["actor"],
        )

    def _name(self, step: str) -> str:
        return self._say(_STEPS[step]) if step in _STEPS else step.replace("_", " ")

    def _at(self, label: str) -> str:
        """A label, to the minute."""
        return f"{label[:10]} {label[11:16]} UTC" if label else self._say(_BEGINNING)

    def _amounts(self, row: dict[str, Any], *more: str) -> dict[str, str]:
        return {
            name: self._notation.amount(row[f"{name}_minor"], row["currency"])
            for name in ("old", "new", *more)
        }
