"""The wheel, built and installed without a net, works far away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def run(*command: str | Path, cwd: Path) -> str:
    away = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "WORKBENCH"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=away,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        sys.executable, "-m", "pip", "wheel", "--quiet", "--no-index", "--no-build-isolation",
        "--no-deps", "--wheel-dir", folder, ROOT, cwd=folder,
    )  # fmt: skip
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def fresh(wheel: Path) -> Path:
    """A venv with the wheel; the libraries of this environment, but not its checkout."""
    folder = wheel.parent / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=wheel.parent)
    python = folder / "bin" / "python"
    run(
        sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index",
        "--no-deps", wheel, cwd=wheel.parent,
    )  # fmt: skip
    site = Path(
        run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))",
            cwd=wheel.parent).strip()
    )  # fmt: skip
    # A path added by a .pth file is searched last, and its own .pth files are not read:
    # the checkout's editable install stays unseen.
    (site / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    # Libraries keep templates and the Lab application beside their code.
    shared = Path(sys.prefix) / "share" / "jupyter"
    (folder / "share").mkdir(exist_ok=True)
    (folder / "share" / "jupyter").symlink_to(shared, target_is_directory=True)
    return folder


def test_everything_that_is_not_python_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder, inside in (
        ("notebooks", "workbench/notebooks"),
        ("templates", "workbench/templates"),
        ("js/front_door", "workbench/labextension"),
        ("workbench/store/migrations", "workbench/store/migrations"),
        ("workbench/locale", "workbench/locale"),
    ):
        files = [
            path.relative_to(ROOT / folder)
            for path in (ROOT / folder).rglob("*")
            if path.is_file()
            and not any(part.startswith((".", "__pycache__")) for part in path.parts[-2:])
        ]
        assert files, folder
        missing = [str(file) for file in files if f"{inside}/{file.as_posix()}" not in names]
        assert missing == [], folder


def test_the_installed_package_is_the_wheels(fresh: Path) -> None:
    where = run(
        fresh / "bin" / "python", "-c", "import workbench; print(workbench.__file__)", cwd=fresh
    )
    assert Path(where.strip()).is_relative_to(fresh)


def test_a_company_starts_runs_a_job_and_opens_its_front_door(
    fresh: Path, tmp_path: Path
) -> None:
    workbench = fresh / "bin" / "workbench"
    company = tmp_path / "company"
    run(workbench, "init", company, "--company", "Testselskab", cwd=tmp_path)
    said = run(
        workbench, "--workspace", company, "jobs", "run", "import_payments",
        "--as-of", "2026-11-04", cwd=tmp_path,
    )  # fmt: skip
    assert "nothing_to_do" in said
    assert "opens" in run(workbench, "lab", company, "--check", cwd=tmp_path)
