"""What the demo came to, as a table that a person can read."""

from __future__ import annotations

import datetime as dt
import json

import polars as pl

from workbench.collection import overview
from workbench.documents.locale_format import LocaleFormat, locale_format
from workbench.documents.reconciliation_words import TOTALS
from workbench.ledger.imports import effects as erp_effects
from workbench.ledger.imports import history as erp_imports
from workbench.model.texts import translate
from workbench.reports.verification import table, verify
from workbench.store.workspace import Workspace

#: The command line speaks English; the report speaks the company's language.
_LANGUAGE = "en"

#: What the ERP did with entries, in the words of the summary.
_EFFECTS = {
    erp_effects.BOOKED: "Our settlement is booked there",
    erp_effects.NOT_BOOKED_YET: "Handed over, not booked there yet",
    erp_effects.SETTLED: "Settled in the ERP by other ways",
    erp_effects.HELD: "Read differently, held for a person",
    erp_effects.NEW: "New",
    erp_effects.REPLACED: "Told otherwise before it was collected",
    erp_effects.EQUAL: "As we have it",
}

_KINDS = {
    "collected": "collected",
    "paid_provisional": "paid_provisional",
    "paid_final": "paid_final",
    "rejected": "rejected",
    "agreement_cancelled": "cancelled",
    "reversed": "reversed",
    "in_process": "in_process",
    "slips_paid": "slips_paid",
    "held": "held",
    "differences": "differences",
}


def summary(workspace: Workspace, *, as_of: dt.date) -> str:
    """The month by kind, the identities, and where everything lies."""
    language = _LANGUAGE
    notation = locale_format(language)
    with workspace.read() as reader:
        totals = overview.totals(reader, as_of=as_of)
    lines = ["", f"{workspace.settings.company} · {notation.date(as_of)}", ""]
    for kind, word in _KINDS.items():
        found = totals.filter(pl.col("kind") == kind)
        count, amount = found["count"].sum(), int(found["amount_minor"].sum() or 0)
        shown = notation.amount(amount, workspace.settings.currency)
        label = translate(TOTALS[word], language=language)
        lines.append(f"  {label:<44}{count:>7}{shown:>20}")
    lines += ["", *_exchange(workspace, notation), ""]
    lines += [table(verify(workspace), language=language), ""]
    lines += _places(workspace)
    return "\n".join(lines)


def _exchange(workspace: Workspace, notation: LocaleFormat) -> list[str]:
    """What the last full import found that the ERP did with what was handed over."""
    with workspace.read() as reader:
        imports = erp_imports.listing(reader).filter(pl.col("mode") == "full")
    if imports.is_empty():
        return []
    found = json.loads(imports["effects"][0])["effects"]
    lines = [f"  The ERP on {notation.date(imports['as_of'][0])}", ""]
    for effect, word in _EFFECTS.items():
        rows = [row for row in found if row["effect"] == effect]
        column = "settled_minor" if effect == erp_effects.SETTLED else "amount_minor"
        count, amount = sum(r["entries"] for r in rows), sum(r[column] for r in rows)
        shown = notation.amount(amount, workspace.settings.currency)
        lines.append(f"  {word:<44}{count:>7}{shown:>20}")
    return lines


def _places(workspace: Workspace) -> list[str]:
    folder = workspace.folder
    reports = sorted((folder / "reports").glob("reconciliation-*"))
    runs = sorted(path for path in (folder / "runs").iterdir() if path.is_dir())
    return [
        *(f"  {path.suffix[1:].upper():<10}{path}" for path in reports),
        f"  {'Notebooks':<10}{folder / 'runs'} ({len(runs)} runs, each with its HTML)",
        f"  {'Screens':<10}make lab",
    ]
