"""A PDF register of 10,000 matched lines beside a bare fpdf2 `cell()` loop.

Both print the same cells in the same typeface; ours also measures, shortens, aligns,
stripes, repeats its headings, and prints the rest of the report around the register.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Sequence

from fpdf import FPDF
from fpdf.fonts import TTFFont

from workbench.documents.fonts import FAMILY, font_file
from workbench.documents.printing import print_document
from workbench.documents.reconciliation import document
from workbench.documents.reconciliation_facts import MatchedLine, ReconciliationReport

CREATED = dt.datetime(2026, 12, 2, 6, 30, tzinfo=dt.UTC)
REPEATS = 5


def report(rows: int) -> ReconciliationReport:
    """A report that is nothing but its register."""
    day = dt.date(2026, 11, 2)
    return ReconciliationReport(
        company="Ærø Forsyning",
        creditor_nos=("01234560",),
        currency="DKK",
        as_of=dt.date(2026, 12, 2),
        period=(dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
        language="da",
        prepared_by="",
        reviewed_by="",
        run="benchmark",
        mode="trusting",
        audit_head="0" * 64,
        audit_events=0,
        files=(),
        totals=(),
        identities=(),
        flow=(),
        aged_buckets=(),
        aged=(),
        held=(),
        matched=tuple(
            MatchedLine(
                reference=f"1000{index:04X}A",
                customer_no=str(10_000 + index),
                due_date=day,
                paid_on=day + dt.timedelta(days=index % 25),
                collected_minor=15_000 + index * 37,
                paid_minor=15_000 + index * 37,
                currency="DKK",
                state="final",
                document_no=f"BET{index:06d}",
                rule="our_reference",
            )
            for index in range(rows)
        ),
    )


def bare(rows: Sequence[tuple[str, ...]]) -> bytes:
    """The loop that a programmer writes first: fixed widths, no headings, no checks."""
    pdf = FPDF(format="A4")
    pdf.add_font(FAMILY, "", font_file(""))
    pdf.add_page()
    pdf.set_font(FAMILY, "", 6.5)
    width = pdf.epw / len(rows[0])
    for row in rows:
        for cell in row:
            pdf.cell(width, 4.6, cell)
        pdf.ln()
    data = bytes(pdf.output())
    assert isinstance(pdf.current_font, TTFFont)
    pdf.current_font.ttfont.close()
    return data


def seconds(work: Callable[[], bytes]) -> float:
    """The median time of a work after one run that warms it up."""
    work()
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def rows(count: int = 10_000) -> list[dict[str, object]]:
    """The row of the table: our register beside the bare loop."""
    ready = document(report(count), created=CREATED)
    register = next(table for table in ready.tables if table.id == "register")
    texts = [row.cells for row in register.rows]
    own = seconds(lambda: print_document(ready, created=CREATED))
    peer = seconds(lambda: bare(texts))
    return [
        {
            "work": "PDF register",
            "size": count,
            "ours": own,
            "peer": peer,
            "times_peer": peer / own,
        }
    ]
