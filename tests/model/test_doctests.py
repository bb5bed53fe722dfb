"""Every example in the docstrings of the two lowest floors runs."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import workbench.model
import workbench.references

MODULES = sorted(
    module.name
    for package in (workbench.model, workbench.references)
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    "name", [name for name in MODULES if name.startswith("workbench.references.")]
)
def test_every_reference_module_shows_its_happy_path(name: str) -> None:
    module = importlib.import_module(name)
    assert doctest.testmod(module).attempted > 0
