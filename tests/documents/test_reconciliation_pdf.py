from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import cast

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination, DictionaryObject

from workbench.documents.reconciliation import pdf, unprintable
from workbench.documents.reconciliation_words import HELD, RULES
from workbench.matching import classes, rules

Pages = Callable[[bytes], list[str]]

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="module")
def danish(samples: ModuleType) -> bytes:
    return pdf(samples.example(), created=samples.CREATED)


def test_equal_reports_give_equal_bytes(samples: ModuleType, danish: bytes) -> None:
    assert pdf(samples.example(), created=samples.CREATED) == danish
    later = samples.CREATED + dt.timedelta(seconds=1)
    assert pdf(samples.example(), created=later) != danish


def test_another_process_gives_the_same_bytes(danish: bytes) -> None:
    folder = Path(__file__).parent
    code = (
        f"import sys, hashlib; sys.path.insert(0, {str(folder)!r})\n"
        "from example_report import CREATED, example\n"
        "from workbench.documents.reconciliation import pdf\n"
        "print(hashlib.sha256(pdf(example(), created=CREATED)).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env={"PYTHONHASHSEED": "4711", "TZ": "Pacific/Auckland"},
    )
    assert run.stdout.strip() == hashlib.sha256(danish).hexdigest()


def test_every_page_has_header_and_footer(danish: bytes, pages: Pages) -> None:
    texts = pages(danish)
    assert len(texts) > 5
    for number, text in enumerate(texts, start=1):
        assert "Ærøskøbing & Omegns Forsyning A.m.b.a." in text
        assert "Afstemningsrapport" in text
        assert "Pr. 02.12.2026" in text
        assert f"Side {number} af {len(texts)}" in text
        assert "Kørsel 20261202-063000-reconciliation_report" in text
        assert "Revisionshoved" in text


def test_the_register_repeats_its_headings(danish: bytes, pages: Pages) -> None:
    with_lines = [text for text in pages(danish) if "BET24" in text and "Vores" in text]
    assert len(with_lines) > 3
    assert all("Bilagsnr." in text for text in with_lines)


def test_nothing_is_lost(samples: ModuleType, danish: bytes, pages: Pages) -> None:
    report = samples.example()
    text = "\n".join(pages(danish))
    for line in report.matched:
        assert line.reference in text
        assert f"{line.document_no or '–'}" in text
    for held in report.held:
        assert held.reference in text
    for file in report.files:
        assert file.sha256 in text
    assert report.audit_head in text
    for sign in ("✓", "✗", "–", "ø", "Å", "æ", "−"):
        assert sign in text
    assert "300 linjer" in text
    for note in report.notes:
        assert note in text.replace("\n", " ")


def test_euro_and_every_nordic_letter_print(samples: ModuleType, pages: Pages) -> None:
    note = "Beløb i € – æøåäöðþ ÆØÅÄÖÐÞ ✓ ✗"
    report = replace(samples.example(held=0, matched=0), notes=(note,))
    assert note in "\n".join(pages(pdf(report, created=samples.CREATED)))


def test_what_the_typeface_lacks_is_a_box_and_is_listed(
    samples: ModuleType, pages: Pages
) -> None:
    report = replace(samples.example(held=0, matched=0), company="漢 Forsyning")
    assert unprintable(report) == ("漢",)
    text = "\n".join(pages(pdf(report, created=samples.CREATED)))
    assert "□ Forsyning" in text
    assert "U+6F22 CJK UNIFIED IDEOGRAPH-6F22" in text.replace("\n", " ")
    assert unprintable(samples.example()) == ()


def test_the_verdict_says_what_does_not_hold(
    samples: ModuleType, danish: bytes, pages: Pages
) -> None:
    first = pages(danish)[0]
    assert "✗  1 afstemning går ikke op" in first
    assert first.count("Betalt − opkrævet = differencer") == 2
    whole = samples.all_hold(samples.example(held=0, matched=0))
    text = "\n".join(pages(pdf(whole, created=samples.CREATED)))
    assert "✓  Alle afstemninger går op" in text
    assert "✗" not in text
    nothing = replace(whole, identities=())
    first = pages(pdf(nothing, created=samples.CREATED))[0]
    assert "✗  Ingen afstemning er foretaget." in first


def test_an_empty_report_says_so_everywhere(samples: ModuleType, pages: Pages) -> None:
    report = replace(
        samples.example(held=0, matched=0),
        files=(),
        totals=(),
        identities=(),
        flow=(),
        aged=(),
        held_totals=(),
        register_sums=(),
        notes=(),
    )
    text = "\n".join(pages(pdf(report, created=samples.CREATED)))
    for sentence in (
        "Intet er opkrævet eller betalt i perioden.",
        "Ingen penge er flyttet.",
        "Intet står åbent.",
        "Ingen linje er tilbageholdt.",
        "Ingen linje er parret.",
        "Ingen fil er læst eller sendt.",
    ):
        assert sentence in text


def test_amounts_are_never_shortened(samples: ModuleType, pages: Pages) -> None:
    report = samples.example(held=0, matched=2)
    huge = replace(report.matched[0], collected_minor=-(10**17), paid_minor=10**17)
    aged = replace(report.aged[0], buckets=(10**16,) * 5, total_minor=5 * 10**16)
    report = replace(report, matched=(huge,), aged=(aged,))
    text = "\n".join(pages(pdf(report, created=samples.CREATED)))
    assert "−1.000.000.000.000.000,00" in text
    assert text.count("100.000.000.000.000,00") == 5


def test_another_currency_is_named_beside_its_amount(samples: ModuleType, pages: Pages) -> None:
    report = samples.example(held=1, matched=0)
    held = (
        replace(report.held[0], currency="EUR", amount_minor=123_456),
        replace(report.held[0], currency="", amount_minor=777_777),
    )
    text = "\n".join(
        pages(pdf(replace(report, held=held, held_totals=()), created=samples.CREATED))
    )
    assert f"1.234,56{NBSP}EUR" in text or "1.234,56 EUR" in text
    assert "7.777,77" in text


def test_long_numbers_are_masked_and_our_reference_is_not(
    samples: ModuleType, pages: Pages
) -> None:
    report = samples.example(held=1, matched=1)
    held = replace(
        report.held[0],
        customer_no="0102031234",
        reference="100000017",
        reason="Betalt for 010203-1234.",
    )
    matched = replace(report.matched[0], reference="123456789012345")
    report = replace(report, held=(held,), matched=(matched,), notes=("Konto 12345678901.",))
    text = "\n".join(pages(pdf(report, created=samples.CREATED)))
    assert "100000017" in text
    for whole in ("0102031234", "010203-1234", "123456789012345", "12345678901"):
        assert whole not in text
    assert text.count("•34") == 2
    assert "•45" in text
    assert "•01" in text


def test_hostile_lengths_stay_on_the_page(samples: ModuleType, pages: Pages) -> None:
    report = samples.example(held=2, matched=2)
    held = replace(report.held[0], file="f" * 500, reason="x" * 900, advice="y " * 900)
    report = replace(report, company="Å" * 400, held=(held,), prepared_by="P" * 300)
    texts = pages(pdf(report, created=samples.CREATED))
    assert "fff…" in "\n".join(texts)
    assert "Å…" in texts[0]
    assert "".join(texts).count("x") >= 900


def test_a_note_longer_than_a_page_goes_on(samples: ModuleType) -> None:
    report = samples.example(held=1, matched=0)
    held = replace(report.held[0], reason="", advice="ord " * 3_000)
    reader = PdfReader(BytesIO(pdf(replace(report, held=(held,)), created=samples.CREATED)))
    seen: list[tuple[str, float]] = []

    def visit(text: str, _: object, matrix: list[float], *_rest: object) -> None:
        seen.append((text, matrix[5]))

    for page in reader.pages:
        page.extract_text(visitor_text=visit)
    assert sum(text.count("ord ") + text.endswith("ord") for text, _ in seen) >= 2_900
    assert all(height > 30 for text, height in seen if "ord ord" in text)


def test_the_file_knows_its_date_language_and_typeface(
    samples: ModuleType, danish: bytes
) -> None:
    reader = PdfReader(BytesIO(danish))
    assert reader.metadata is not None
    assert reader.metadata.creation_date == samples.CREATED
    assert (
        reader.metadata.title == "Afstemningsrapport – Ærøskøbing & Omegns Forsyning A.m.b.a."
    )
    assert str(reader.root_object["/Lang"]) == "da"
    resources = cast("DictionaryObject", reader.pages[0]["/Resources"])
    fonts = cast("DictionaryObject", resources["/Font"])
    names = {font.get_object()["/BaseFont"] for font in fonts.values()}
    assert len(names) == 2
    for font in fonts.values():
        base = font.get_object()
        assert "+DejaVuSans" in base["/BaseFont"]
        descriptor = base["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "/FontFile2" in descriptor
    assert len(danish) < 150_000


def test_sections_are_in_the_outline(danish: bytes) -> None:
    outline = PdfReader(BytesIO(danish)).outline
    titles = [entry.title for entry in outline if isinstance(entry, Destination)]
    assert titles[0] == "Totaler efter art"
    assert titles[-1] == "Noter"


def test_a_date_without_a_zone_is_refused(samples: ModuleType) -> None:
    with pytest.raises(AssertionError):
        pdf(samples.example(), created=samples.CREATED.replace(tzinfo=None))


@pytest.mark.parametrize("language", ["en", "nb", "sv"])
def test_every_language_prints(language: str, samples: ModuleType, pages: Pages) -> None:
    report = samples.example(held=6, matched=6, language=language)
    first = pages(pdf(report, created=samples.CREATED))[0]
    title = {
        "en": "Reconciliation report",
        "nb": "Avstemmingsrapport",
        "sv": "Avstämningsrapport",
    }
    assert title[language] in first


def test_every_class_and_rule_of_the_engine_has_short_words() -> None:
    assert set(classes.CLASSES) <= set(HELD)
    assert {rule.id for rule in rules.RULES.rules} <= set(RULES)
