"""What is tracked: the fixed top level, no machine, no registry, floors, documented words."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.io import FORMATS
from workbench.model.catalog import CATALOG

ROOT = Path(__file__).parents[1]

#: Built from parts, so that this file does not hold what it looks for.
REGISTRIES = [
    "py" + "pi.org",
    "python" + "hosted.org",
    "index" + "-url =",
    "npm" + "js.org",
    "arti" + "factory",
]
MACHINE = re.compile(
    "|".join(["/" + "work/", "/ho" + "me/[a-z]", "/Us" + "ers/", "/ro" + "ot/"])
)
LATER = re.compile("|".join([r"\bTO" + r"DO\b", r"\bFIX" + r"ME\b"]))


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    return [
        ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()
    ]


def lines() -> list[tuple[str, str]]:
    found = []
    for path in tracked():
        text = path.read_bytes().decode("utf-8", errors="ignore")
        name = str(path.relative_to(ROOT))
        found += [(f"{name}:{n}", line) for n, line in enumerate(text.splitlines(), start=1)]
    return found


def test_the_top_level_is_there() -> None:
    names = (
        "notebooks workbench workbench/io workbench/matching templates tests docs benchmarks"
    )
    files = "pyproject.toml README.md Makefile CHANGELOG.md .ci/run requirements.lock LICENSE"
    assert [n for n in names.split() if not (ROOT / n).is_dir()] == []
    assert [n for n in files.split() if not (ROOT / n).is_file()] == []


def test_no_registry_is_named() -> None:
    assert [at for at, line in lines() if any(name in line for name in REGISTRIES)] == []


def test_no_place_of_a_machine_is_named() -> None:
    assert [at for at, line in lines() if MACHINE.search(line)] == []


def test_nothing_is_put_off() -> None:
    assert [at for at, line in lines() if LATER.search(line) and "samples/" not in at] == []


def test_the_lock_file_has_hashes_and_no_address() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert re.search(r"(?m)^--", text) is None
    for package in re.split(r"(?m)^(?=[a-z0-9])", text)[1:]:
        assert "--hash=sha256:" in package, package


def test_every_problem_is_documented() -> None:
    page = (ROOT / "docs" / "problems.md").read_text(encoding="utf-8")
    assert [code for code in CATALOG if f"`{code}`" not in page] == []


def test_every_format_is_documented() -> None:
    pages = "\n".join(p.read_text(encoding="utf-8") for p in ROOT.glob("docs/**/*.md"))
    ids = [known.id for known in FORMATS]
    assert [one for one in ids if one not in pages] == []


def test_the_floors_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_command_is_described() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "workbench"), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    contracted = "init demo import read verify jobs lab practice"
    described = re.findall(r"(?m)^\s{2}(\w+)\s{2,}\S", done.stdout)
    assert set(contracted.split()) <= set(described), done.stdout
