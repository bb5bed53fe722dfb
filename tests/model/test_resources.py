from __future__ import annotations

from pathlib import Path

import pytest

from workbench.model.resources import PACKAGE, MissingResourcesError, resource_folder


def test_a_checkout_has_them_beside_the_package() -> None:
    assert resource_folder("templates") == PACKAGE.parent / "templates"
    assert (resource_folder("templates") / "reconciliation.html").is_file()


def test_a_wheel_has_them_inside_the_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "workbench"
    (package / "templates").mkdir(parents=True)
    (package.parent / "templates").mkdir()  # somebody else's, no checkout
    assert resource_folder("templates", package=package) == package / "templates"


def test_without_them_the_installation_is_named_broken(tmp_path: Path) -> None:
    package = tmp_path / "workbench"
    package.mkdir()
    with pytest.raises(MissingResourcesError):
        resource_folder("notebooks", package=package)
