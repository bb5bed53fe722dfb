"""The reconciliation report: what the rooms know, composed, written, and proven again."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from workbench.collection import overview
from workbench.collection.advice import ADVICE
from workbench.documents import reconciliation as documents
from workbench.documents.reconciliation_facts import (
    AgedBalance,
    FileFact,
    Flow,
    HeldLine,
    IdentityFact,
    MatchedLine,
    ReconciliationReport,
    RegisterSum,
    Total,
)
from workbench.ledger.open_entries import open_entries
from workbench.matching.aging import CREDITS, PERIODS, age
from workbench.matching.classes import CLASSES
from workbench.reports.verification import Verification, verify_view
from workbench.store import archive
from workbench.store.connection import Reader
from workbench.store.workspace import Workspace

#: How the kinds of the overview are called in the report.
_LABELS = {"agreement_cancelled": "cancelled"}

#: The order in which totals are printed; what did not occur is left out, these never are.
_TOTALS = (
    "collected", "paid_provisional", "paid_final", "slips_paid", "rejected",
    "agreement_cancelled", "reversed", "center_error", "sent", "in_process", "stopped",
    "held", "differences",
)  # fmt: skip
_ALWAYS = frozenset(_TOTALS) - {"center_error", "sent", "in_process", "stopped"}

_FILES = """
SELECT f.name, f.format, f.sha256, f.lines, f.declared, f.computed,
       NOT EXISTS (SELECT 1 FROM file_section AS s WHERE s.file_id = f.file_id AND NOT s.agrees)
FROM source_file AS f ORDER BY f.file_id
"""

_LEDGER = """
SELECT currency, purpose, sum(amount_minor) FROM posting JOIN voucher USING (voucher_id)
WHERE journal <> 'ERP' GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class ReportFiles:
    """Where a report lies, and the digests of its files."""

    pdf: Path
    html: Path
    sha256s: tuple[str, str]
    verification: Verification


def write_report(
    workspace: Workspace, *, as_of: dt.date, run_id: int | None = None
) -> ReportFiles:
    """Compose the report as of a day and write it as PDF and HTML into `reports/`.

    Equal workspaces and days give equal bytes; a report never replaces another one that
    says something else.
    """
    with workspace.read() as reader:
        verification = verify_view(reader, workspace.settings.currency, as_of=as_of)
        context = compose(
            reader, workspace, as_of=as_of, run_id=run_id, verification=verification
        )
    created = workspace.clock().astimezone(dt.UTC)
    pdf = documents.pdf(context, created=created)
    html = documents.html(context, created=created)
    stem = f"reconciliation-{as_of.isoformat()}-{verification.audit.head.partition(':')[0]}"
    folder = workspace.folder / "reports"
    paths = (folder / f"{stem}.pdf", folder / f"{stem}.html")
    for path, content in zip(paths, (pdf, html), strict=True):
        unfinished = path.with_suffix(path.suffix + ".part")
        archive.write_through(unfinished, content)
        unfinished.replace(path)
    return ReportFiles(*paths, (archive.digest(pdf), archive.digest(html)), verification)


def compose(
    reader: Reader,
    workspace: Workspace,
    *,
    as_of: dt.date,
    run_id: int | None,
    verification: Verification,
) -> ReconciliationReport:
    """Everything that the report prints, as of a day."""
    settings = workspace.settings
    lines = overview.payment_lines(reader)
    periods = tuple(period.label for period in PERIODS)
    return ReconciliationReport(
        company=settings.company,
        creditor_nos=tuple(
            no for (no,) in reader.rows("SELECT creditor_no FROM creditor ORDER BY 1")
        ),
        currency=settings.currency,
        as_of=as_of,
        period=_period(reader, as_of),
        language=settings.language,
        prepared_by=workspace.actor,
        reviewed_by="",
        run=str(run_id) if run_id is not None else "–",
        mode="trusting",
        audit_head=verification.audit.head,
        audit_events=verification.audit.events,
        files=_files(reader, settings.currency),
        totals=_totals(overview.totals(reader, as_of=as_of), settings.currency),
        identities=tuple(
            IdentityFact(i.name, i.currency, i.unit, i.left, i.right, i.holds)
            for i in verification.identities
        ),
        flow=_flow(reader, lines, settings.currency),
        aged_buckets=periods,
        aged=_aged(reader, as_of),
        held=_held(lines),
        matched=_matched(lines, as_of),
        held_totals=_held_totals(lines),
        register_sums=_register_sums(lines),
    )


def _period(reader: Reader, as_of: dt.date) -> tuple[dt.date, dt.date]:
    """The due dates of what was collected."""
    first, last = reader.rows(
        "SELECT min(due_date), max(due_date) FROM collection_line WHERE delivery_id NOT NULL"
    )[0]
    if first is None:
        return as_of, as_of
    return dt.date.fromisoformat(first), dt.date.fromisoformat(last)


def _files(reader: Reader, currency: str) -> tuple[FileFact, ...]:
    facts = []
    for name, format_id, sha256, lines, declared, computed, agree in reader.rows(_FILES):
        stated = json.loads(declared)["amount_minor"] if declared else None
        found = json.loads(computed)["amount_minor"] if computed else None
        # A receipt states the total of the file that it answers, and has no lines of its own.
        agrees = bool(agree) and found in (None, stated)
        facts.append(FileFact(name, format_id, sha256, lines, stated, currency, agrees))
    return tuple(facts)


def _totals(totals: pl.DataFrame, currency: str) -> tuple[Total, ...]:
    rows = []
    for kind in _TOTALS:
        mine = totals.filter(pl.col("kind") == kind, pl.col("count") > 0)
        found = list(
            mine.sort("currency").select("currency", "count", "amount_minor").iter_rows()
        )
        if not found and kind in _ALWAYS:
            found = [(currency, 0, 0)]
        rows += [Total(_LABELS.get(kind, kind), *row) for row in found]
    return tuple(rows)


def _flow(reader: Reader, lines: pl.DataFrame, currency: str) -> tuple[Flow, ...]:
    """File → journal → ledger: what the files brought, what was posted, where it lies."""
    ledger = {(code, purpose): amount for code, purpose, amount in reader.rows(_LEDGER)}
    currencies = sorted({currency, *lines["currency"].drop_nulls().unique()})
    rows = []
    for code in currencies:
        mine = lines.filter(pl.col("currency") == code)
        posted = pl.col("posted").is_not_null()
        for label, outcomes in (("matched", ["matched"]), ("held", ["held", "ignored"])):
            part = mine.filter(pl.col("outcome").is_in(outcomes))
            in_file = _sum(part)
            in_journal = _sum(part.filter(posted))
            rows.append(
                Flow(label, code, in_file, in_file - in_journal, in_journal, None, agrees=True)
            )
        total, journal = _sum(mine), _sum(mine.filter(posted))
        bank = ledger.get((code, "bank_clearing"), 0)
        rows.append(
            Flow("total", code, total, total - journal, journal, bank, agrees=journal == bank)
        )
    return tuple(rows)


def _sum(lines: pl.DataFrame) -> int:
    return int(lines["amount_paid_minor"].sum())


def _aged(reader: Reader, as_of: dt.date) -> tuple[AgedBalance, ...]:
    aged = age(open_entries(reader, as_of=as_of), as_of=as_of)
    return tuple(
        AgedBalance(
            row["currency"],
            tuple(row[period.id] for period in PERIODS),
            row[CREDITS],
            row["remaining_minor"],
        )
        for row in aged.iter_rows(named=True)
    )


def _held(lines: pl.DataFrame) -> tuple[HeldLine, ...]:
    held = lines.filter(pl.col("outcome") == "held").sort("class", "file", "line")
    return tuple(
        HeldLine(
            row["class"],
            CLASSES[row["class"]],
            ADVICE[row["class"]],
            row["customer_no"],
            row["reference"],
            row["due_date"],
            row["amount_paid_minor"] or 0,
            row["currency"] or "",
            row["file"],
            row["line"],
        )
        for row in held.iter_rows(named=True)
    )


def _held_totals(lines: pl.DataFrame) -> tuple[Total, ...]:
    held = lines.filter(pl.col("outcome") == "held")
    sums = held.group_by("class", "currency").agg(pl.len(), pl.col("residual_minor").sum())
    return tuple(Total(*row) for row in sums.sort("class", "currency").iter_rows())


def _matched(lines: pl.DataFrame, as_of: dt.date) -> tuple[MatchedLine, ...]:
    tied = lines.filter(pl.col("outcome").is_in(["matched", "rejected"]))
    return tuple(
        MatchedLine(
            row["reference"],
            row["customer_no"],
            row["due_date"],
            row["payment_date"],
            row["collected_minor"],
            row["amount_paid_minor"] or 0,
            row["currency"],
            _state(row, as_of),
            row["document_no"],
            row["rule"] or "",
        )
        for row in tied.sort("due_date", "customer_no", "file", "line").iter_rows(named=True)
    )


def _state(row: dict[str, object], as_of: dt.date) -> str:
    kind, final_on = row["kind"], row["final_on"]
    if kind == "payment_rejected":
        return "rejected"
    if kind == "agreement_cancelled":
        return "cancelled"
    if row["status"] == "reversed" or kind in {"payment_reversed", "slip_reversed"}:
        return "reversed"
    return "final" if isinstance(final_on, dt.date) and final_on < as_of else "provisional"


def _register_sums(lines: pl.DataFrame) -> tuple[RegisterSum, ...]:
    tied = lines.filter(pl.col("outcome").is_in(["matched", "rejected"]))
    sums = tied.group_by("currency").agg(
        pl.len(), pl.col("collected_minor").sum(), pl.col("amount_paid_minor").sum()
    )
    return tuple(RegisterSum(*row) for row in sums.sort("currency").iter_rows())
