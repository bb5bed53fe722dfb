"""Where what is not Python lies: beside the package in a checkout, else in the wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

#: The folder of the package `workbench` itself.
PACKAGE = Path(__file__).resolve().parent.parent

#: What is carried with the package: its screens, its templates, its part of JupyterLab.
Kind = Literal["notebooks", "templates", "labextension"]

#: Where each kind lies in a checkout; the wheel names the folder as the kind.
IN_CHECKOUT: dict[Kind, str] = {
    "notebooks": "notebooks",
    "templates": "templates",
    "labextension": "js/front_door",
}


class MissingResourcesError(RuntimeError):
    """The package was installed without its screens or templates."""


def resource_folder(kind: Kind, *, package: Path = PACKAGE) -> Path:
    """The folder of one kind of resources that belong to this package.

    In a checkout they lie beside the package; the wheel carries them inside it. A folder of
    the same name that merely happens to lie beside an installed package is never taken: the
    checkout is known by its `pyproject.toml`.

    Raises:
        MissingResourcesError: Neither place has them.
    """
    checkout = package.parent
    beside = checkout / IN_CHECKOUT[kind]
    if (checkout / "pyproject.toml").is_file() and beside.is_dir():
        return beside
    if (package / kind).is_dir():
        return package / kind
    raise MissingResourcesError(kind)
