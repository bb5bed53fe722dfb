"""A delivery for Sweden: what is in kronor goes out, what is not waits and is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench.reports.hand_over import export_again


@pytest.fixture
def swedish(books: Any) -> Any:
    """A company whose own currency is the krona."""
    settings = books.workspace.folder / "workbench.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('currency = "DKK"', 'currency = "SEK"'), encoding="utf-8")
    return books


def test_kronor_go_out_and_the_rest_waits(swedish: Any) -> None:
    _, own = swedish.payment(500, {}, currency="SEK", dimensions='{"department": "NORD"}')
    _, known = swedish.payment(700, {}, currency="EUR", base=8_000)
    _, unknown = swedish.payment(900, {}, currency="EUR")
    done = swedish.export("sie_4")
    assert done.staying == (unknown,)
    assert [problem.params["voucher"] for problem in done.problems] == [unknown]
    text = Path(done.files[0].path).read_bytes().decode("cp437")
    assert f'#VER "A" "{own}" 20261103' in text
    assert f'#VER "A" "{known}" 20261103' in text
    assert unknown not in text
    assert '#TRANS 5820 {"1" "NORD"} 5.00' in text
    assert "#TRANS 5820 {} 80.00" in text
    assert swedish.waiting()["document_no"].to_list() == [unknown]
    swedish.prove()
    again = export_again(swedish.workspace, done.number)
    assert again.files[0].sha256 == done.files[0].sha256


def test_settlements_go_out_beside_it(swedish: Any) -> None:
    invoice = swedish.invoice(10_000, document="F1")
    payment, _ = swedish.payment(10_000, {invoice: 4_000}, currency="SEK")
    swedish.settle(payment, invoice, 6_000)
    done = swedish.export("sie_4")
    assert [file.name for file in done.files] == [
        "HO-000001-postings.si", "HO-000001-settlements.csv",
    ]  # fmt: skip
    rows = swedish.lines(done, "settlements")
    assert [row["amount"] for row in rows] == ["40,00", "60,00"]
