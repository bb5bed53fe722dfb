"""Workspaces and small job notebooks, each in a folder of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from workbench.store.workspace import Workspace, init

Write = Callable[..., None]

PARAMETERS = 'as_of: str = ""  # date: the day that counts as today\nworkspace: str = ""\n'


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return init(tmp_path / "ws", company="Nordkraft Øst A/S")


@pytest.fixture
def notebooks(tmp_path: Path) -> Path:
    (tmp_path / "screens" / "jobs").mkdir(parents=True)
    return tmp_path / "screens"


@pytest.fixture
def write(notebooks: Path) -> Write:
    """Write a job: a heading, its parameters, and code cells."""

    def write_notebook(name: str, *codes: str, parameters: str = PARAMETERS) -> None:
        heading: dict[str, object] = {"cell_type": "markdown", "source": f"# The job {name}\n"}
        cells = [heading, _code(parameters, "parameters"), *map(_code, codes)]
        content = {
            "cells": [{"id": f"c{n}", "metadata": {}, **cell} for n, cell in enumerate(cells)],
            "metadata": {
                "kernelspec": {"name": "elsewhere", "display_name": "", "language": "python"}
            },
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        path = notebooks / "jobs" / f"{name}.ipynb"
        path.write_text(json.dumps(content), encoding="utf-8")

    return write_notebook


def _code(source: str, *tags: str) -> dict[str, object]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {"tags": list(tags)},
        "outputs": [],
        "execution_count": None,
    }
