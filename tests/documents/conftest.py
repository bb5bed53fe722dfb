"""The example report, for every test of documents."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest
from pypdf import PdfReader

EXAMPLE = Path(__file__).with_name("example_report.py")


def load_example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("example_report", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def samples() -> ModuleType:
    """The module `example_report`."""
    return load_example()


@pytest.fixture(scope="session")
def pages() -> Callable[[bytes], list[str]]:
    """The text of every page of a PDF."""

    def read(data: bytes) -> list[str]:
        return [page.extract_text() for page in PdfReader(BytesIO(data)).pages]

    return read
