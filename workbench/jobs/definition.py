"""The jobs that exist: notebooks in the folder `jobs`, with what they declare."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.jobs.parameters import DeclarationError, Parameter, declared
from workbench.model.resources import resource_folder

_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Job:
    """A parameterized notebook.

    Attributes:
        path: The packaged notebook, absolute.
        sha256: Of its bytes.
        title: Its first heading; the name when it has none.
    """

    name: str
    path: Path
    sha256: str
    title: str
    parameters: tuple[Parameter, ...]


class UnknownJobError(Exception):
    """There is no job of that name."""

    def __init__(self, name: str, *, known: tuple[str, ...]) -> None:
        super().__init__(f"no job is called {name!r}; known jobs: {', '.join(known)}")
        self.name = name
        self.known = known


def find_job(name: str, *, notebooks: Path | None = None) -> Job:
    """The job of that name.

    Args:
        notebooks: The folder that holds `jobs`; the packaged screens when None.

    Raises:
        UnknownJobError: There is none.
        DeclarationError: Its notebook has no parameters cell that can be understood.
    """
    folder = _folder(notebooks)
    path = folder / f"{name}.ipynb"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise UnknownJobError(name, known=_names(folder))
    content = path.read_bytes()
    cells = json.loads(content)["cells"]
    try:
        parameters = declared(_parameters_cell(cells))
    except DeclarationError as error:
        raise DeclarationError(f"{path.name}: {error}") from error
    digest = hashlib.sha256(content).hexdigest()
    return Job(name, path, digest, _title(cells) or name, parameters)


def all_jobs(*, notebooks: Path | None = None) -> tuple[Job, ...]:
    """Every job, by name."""
    names = _names(_folder(notebooks))
    return tuple(find_job(name, notebooks=notebooks) for name in names)


def _folder(notebooks: Path | None) -> Path:
    return (notebooks or resource_folder("notebooks")).resolve() / "jobs"


def _names(folder: Path) -> tuple[str, ...]:
    names = (path.stem for path in folder.glob("*.ipynb"))
    return tuple(sorted(name for name in names if _NAME.fullmatch(name)))


def _parameters_cell(cells: list[dict[str, Any]]) -> str:
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", ())]
    if len(tagged) != 1:
        raise DeclarationError(f"expected one cell tagged parameters, found {len(tagged)}")
    return _source(tagged[0])


def _title(cells: list[dict[str, Any]]) -> str | None:
    lines = (
        line
        for cell in cells
        if cell["cell_type"] == "markdown"
        for line in _source(cell).splitlines()
    )
    return next((line.lstrip("# ").strip() for line in lines if line.startswith("#")), None)


def _source(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
