"""A reconciliation report of an invented Danish utility, for tests and for looking at."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from dataclasses import replace

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

CREATED = dt.datetime(2026, 12, 2, 6, 30, tzinfo=dt.UTC)

_ADVICE = {
    "over": (
        "Kunden har betalt 1.250,00, og der var opkrævet 1.200,00.",
        "Lad 50,00 stå på kontoen, eller tilbagebetal dem.",
    ),
    "under": (
        "Kunden har betalt mindre, end der var opkrævet.",
        "Udlign det betalte, og lad resten stå åben; kontakt kunden, hvis det gentager sig.",
    ),
    "double_payment": (
        "Opkrævningen er allerede betalt automatisk; indbetalingskortet kom bagefter.",
        "Tilbagebetal, eller udlign mod den næste post.",
    ),
    "unknown_customer": (
        (
            "Kundenummeret findes ikke i debitorkartoteket, og teksten på betalingen nævner "
            "kun en adresse og et gammelt aftalenummer fra det tidligere forsyningsselskab."
        ),
        "Find kunden på betalingens tekst, eller send pengene tilbage.",
    ),
    "wrong_customer": (
        "Referencen hører til kunde 10412, men linjen nævner kunde 10421.",
        "Ret kundenummeret på aftalen.",
    ),
    "fee": ("Kortet bærer et gebyr på 29,00.", "Afgør, om beløbet er med gebyr."),
}


def example(
    *, seed: int = 7, held: int = 60, matched: int = 300, language: str = "da"
) -> ReconciliationReport:
    """The report of November 2026, in which one identity does not hold."""
    draw = random.Random(seed)  # invented data, not a secret
    held_lines = tuple(_held(draw, index) for index in range(held))
    matched_lines = tuple(_matched(draw, index) for index in range(matched))
    paid = sum(line.paid_minor for line in matched_lines)
    held_sum = sum(line.amount_minor for line in held_lines)
    return ReconciliationReport(
        company="Ærøskøbing & Omegns Forsyning A.m.b.a.",
        creditor_nos=("01234560", "01234571"),
        currency="DKK",
        as_of=dt.date(2026, 12, 2),
        period=(dt.date(2026, 11, 1), dt.date(2026, 11, 30)),
        language=language,
        prepared_by="Søren Østergård",
        reviewed_by="",
        run="20261202-063000-reconciliation_report",
        mode="trusting",
        audit_head=hashlib.sha256(b"head").hexdigest(),
        audit_events=48_213,
        files=tuple(_file(index, paid + held_sum) for index in range(4)),
        totals=(
            Total("collected", "DKK", 1_912, 241_330_275),
            Total("paid_provisional", "DKK", 812, 91_200_050),
            Total("paid_final", "DKK", 978, 141_118_400),
            Total("rejected", "DKK", 61, 0),
            Total("cancelled", "DKK", 14, 0),
            Total("reversed", "DKK", 9, -1_083_425),
            Total("slips_paid", "DKK", 131, 18_244_900),
            Total("held", "DKK", held, held_sum),
            Total("differences", "DKK", 11, -41_250),
        ),
        identities=_identities(paid),
        flow=(
            Flow("paid", "DKK", 232_318_450, 1_200_000, 231_118_450, 231_118_450, agrees=True),
            Flow("slips_paid", "DKK", 18_244_900, None, 18_244_900, 18_244_900, agrees=True),
            Flow("reversed", "DKK", -1_083_425, 0, -1_083_425, -1_083_425, agrees=True),
            Flow("held", "DKK", held_sum, 0, held_sum, held_sum, agrees=True),
        ),
        aged_buckets=("Not due", "1–30 days", "31–60 days", "61–90 days", "Over 90 days"),
        aged=(
            AgedBalance(
                "DKK",
                (182_334_010, 9_120_450, 2_211_000, 801_275, 1_412_900),
                -3_120_055,
                192_759_580,
            ),
        ),
        held=held_lines,
        matched=matched_lines,
        held_totals=(
            Total("over", "DKK", 10, 1_212_000),
            Total("under", "DKK", 10, 804_000),
            Total("double_payment", "DKK", 10, 997_500),
            Total("unknown_customer", "DKK", 10, 1_100_025),
        ),
        register_sums=(
            RegisterSum(
                "DKK", matched, sum(x.collected_minor or 0 for x in matched_lines), paid
            ),
        ),
        notes=(
            "Leverancen af 12.10.2026 er kvitteret af centralen samme dag.",
            "En tilbageførsel efter endelig dato er vist i registret – se bilag 24117.",
        ),
    )


def all_hold(report: ReconciliationReport) -> ReconciliationReport:
    """The same report with every identity holding."""
    identities = tuple(
        replace(identity, right=identity.left, holds=True) for identity in report.identities
    )
    return replace(report, identities=identities)


def _identities(paid: int) -> tuple[IdentityFact, ...]:
    def equal(name: str, amount: int) -> IdentityFact:
        return IdentityFact(name, "DKK", "minor", amount, amount, holds=True)

    return (
        equal("file_total", 249_479_925),
        IdentityFact("line_outcomes", None, "count", 2_066, 2_066, holds=True),
        equal("cash_applied", 249_479_925),
        equal("sent_by_status", 241_330_275),
        IdentityFact("paid_differences", "DKK", "minor", -41_250, -41_350, holds=False),
        equal("journal_ledger", paid),
        equal("control_account", 192_759_580),
        equal("aged_balance", 192_759_580),
        equal("import_balance", 433_120_000),
    )


def _file(index: int, total: int) -> FileFact:
    kinds = ("betalingsservice_0601", "betalingsservice_receipt", "betalingsservice_0602")
    return FileFact(
        name=f"BS{index:02d}_D2611{index:02d}.txt",
        kind=kinds[min(index, 2)],
        sha256=hashlib.sha256(bytes([index])).hexdigest(),
        lines=4_012 + index,
        total_minor=None if index == 1 else total,
        currency="DKK",
        agrees=True,
    )


def _held(draw: random.Random, index: int) -> HeldLine:
    held_class = list(_ADVICE)[index % len(_ADVICE)]
    reason, advice = _ADVICE[held_class]
    return HeldLine(
        held_class=held_class,
        reason=reason,
        advice=advice,
        customer_no=None if held_class == "unknown_customer" else str(10_000 + index),
        reference=f"1000{draw.randrange(1000, 9999)}K",
        due_date=dt.date(2026, 11, 2),
        amount_minor=draw.randrange(10_000, 250_000),
        currency="DKK",
        file="BS03_D261103.txt",
        line=100 + index * 3,
    )


def _matched(draw: random.Random, index: int) -> MatchedLine:
    collected = draw.randrange(15_000, 450_000)
    is_back = index % 97 == 96
    return MatchedLine(
        reference=f"1000{index:04X}A",
        customer_no=str(10_000 + index),
        due_date=dt.date(2026, 11, 2),
        paid_on=dt.date(2026, 11, 3) + dt.timedelta(days=draw.randrange(25)),
        collected_minor=collected,
        paid_minor=-collected if is_back else collected,
        currency="DKK",
        state="reversed" if is_back else ("final" if index % 3 else "provisional"),
        document_no=None if index % 41 == 40 else f"BET{24_000 + index}",
        rule="our_reference" if index % 5 else "customer_due_amount",
    )
