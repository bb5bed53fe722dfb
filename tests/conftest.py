"""Golden files: what a test expects lies beside its sample and is rewritten on request."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SAMPLES = Path(__file__).parent / "samples"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite the expected results of samples"
    )


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, object], None]:
    """Compares plain values with `<case>.expected.json`; --update-golden rewrites it."""
    update = request.config.getoption("--update-golden")

    def compare(sample: Path, value: object) -> None:
        expected = sample.with_name(f"{sample.name}.expected.json")
        text = json.dumps(value, ensure_ascii=False, indent=1) + "\n"
        if update:
            expected.write_text(text, encoding="utf-8")
        assert json.loads(expected.read_text(encoding="utf-8")) == json.loads(text)

    return compare


@pytest.fixture
def samples() -> Path:
    """The folder of the project's own samples."""
    return SAMPLES
