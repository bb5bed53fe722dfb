from __future__ import annotations

import subprocess
import sys

from fpdf import FPDF
from fpdf.fonts import TTFFont

from workbench.documents.fonts import (
    FAMILY,
    MISSING,
    face,
    font_file,
    missing_characters,
    printable,
)

NORDIC = "æøåäöðþÆØÅÄÖÐÞéüßšžŋŧ"


def test_every_nordic_letter_and_sign_prints() -> None:
    text = NORDIC + "–—€✓✗□…•−·×’ " + "\N{NO-BREAK SPACE}"
    assert missing_characters(text) == ()
    assert printable(text) == text


def test_what_the_family_lacks_becomes_a_box_and_is_listed() -> None:
    assert printable("Kaj 漢字 🦉") == f"Kaj {MISSING}{MISSING} {MISSING}"
    assert missing_characters("字漢字 a") == ("字", "漢")


def test_line_ends_become_spaces_and_controls_boxes() -> None:
    assert printable("a\nb\tc") == "a b c"
    assert printable("a\x00b") == f"a{MISSING}b"
    assert missing_characters("a\nb") == ()


def test_the_license_lies_beside_the_fonts() -> None:
    assert font_file("").with_name("LICENSE_DEJAVU").is_file()


def test_widths_are_those_of_the_pdf_library() -> None:
    pdf = FPDF()
    for style in ("", "B"):
        pdf.add_font(FAMILY, style, font_file(style))
        pdf.set_font(FAMILY, style, 7.5)
        for text in ("1.234.567,89", "Ærøskøbing", "✓ – €", ""):
            ours = face(style).width(text, size=7.5)
            assert abs(ours - pdf.get_string_width(text)) < 0.02, text
        assert isinstance(pdf.current_font, TTFFont)
        pdf.current_font.ttfont.close()


def test_matplotlib_itself_is_never_imported() -> None:
    code = (
        "import sys; from workbench.documents.fonts import printable; printable('ø');"
        "sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
