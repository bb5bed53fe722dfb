"""What JupyterLab needs to be the front door: screens, settings and our part of Lab.

Everything lies in a folder of the user's, one for each workspace, and is written anew at
each start. Nothing of the user's own Jupyter is read or changed. The root of the server
holds the screens alone, so that the workspace is never within its reach.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.model.prose import localized
from workbench.model.resources import resource_folder
from workbench.store.workspace import Workspace
from workbench.widgets.lab_words import front_door_words

#: The folder of the screens, within the root of the server.
SCREENS = "screens"

#: Where our part of JupyterLab is found, among the data of Jupyter.
EXTENSION = "collection-workbench"

_LAST = 1000  # the rank of a screen that names none


class OverlappingFoldersError(ValueError):
    """The workspace and the folder of the front door lie within each other."""

    def __init__(self, folder: Path, workspace: Path) -> None:
        super().__init__(f"{folder} and {workspace} lie within each other.")


@dataclass(frozen=True, slots=True)
class Screen:
    """A notebook that is opened as a screen, described by its metadata `workbench`.

    Attributes:
        name: Name of the file, without its suffix.
        path: Where the server has it, from its root, with slashes.
        title: What a person reads; from the name where the notebook has none.
        about: One line that says what the screen is for, or nothing.
        rank: Its place among the others; `home` is the first.
        live: Whether it is run again each time a person comes back to it, as `home` is;
            for screens that only show, since what was typed into one would be lost.
    """

    name: str
    path: str
    title: str
    about: str
    rank: int
    live: bool


@dataclass(frozen=True, slots=True)
class LabSetup:
    """A front door that is ready to be opened: its folders and its screens in order."""

    workspace: Path
    folder: Path
    screens: tuple[Screen, ...]

    @property
    def root(self) -> Path:
        """The root of the server."""
        return self.folder / "root"

    @property
    def config(self) -> Path:
        """Settings of the server and of JupyterLab."""
        return self.folder / "config"

    @property
    def data(self) -> Path:
        """Our part of JupyterLab, and the kernel."""
        return self.folder / "data"

    @property
    def runtime(self) -> Path:
        """What only a running server needs; for its user's eyes only."""
        return self.folder / "runtime"

    @property
    def first_page(self) -> str:
        """The address that opens first, from the root of the server."""
        home = next((screen for screen in self.screens if screen.name == "home"), None)
        return f"/doc/tree/{home.path}" if home else "/lab"

    def environment(self) -> dict[str, str]:
        """Variables of the server and its kernels, beside those of the user."""
        return {
            "JUPYTER_CONFIG_DIR": str(self.config),
            "JUPYTER_DATA_DIR": str(self.data),
            "JUPYTER_RUNTIME_DIR": str(self.runtime),
            "JUPYTER_PREFER_ENV_PATH": "0",  # our folders before those of the environment
            "IPYTHONDIR": str(self.folder / "ipython"),
            "WORKBENCH_HOME": str(self.workspace),
        }


def prepare(
    workspace: Path,
    *,
    screens_root: Path | None = None,
    folder: Path | None = None,
    terminal: bool = False,
) -> LabSetup:
    """Write the front door of a workspace.

    Args:
        workspace: The company's folder.
        screens_root: Where the screens come from: its notebooks, not those in folders
            below it, which are jobs. By default those of this version.
        folder: Where the front door is kept; by default a folder of the user's.
        terminal: Whether JupyterLab offers a terminal.

    Raises:
        OverlappingFoldersError: The server could reach the workspace.
    """
    workspace = workspace.resolve()
    folder = (folder or folder_for(workspace)).resolve()
    if workspace.is_relative_to(folder) or folder.is_relative_to(workspace):
        raise OverlappingFoldersError(folder, workspace)
    source = screens_root or resource_folder("notebooks")
    language = _language(workspace)
    notebooks = {
        notebook.name: localized(json.loads(notebook.read_text("utf-8")), language=language)
        for notebook in source.glob("*.ipynb")
    }
    found = (_screen(Path(name), content) for name, content in notebooks.items())
    screens = tuple(sorted(found, key=_place))
    setup = LabSetup(workspace=workspace, folder=folder, screens=screens)
    for part in (folder, setup.root, setup.config, setup.data, setup.runtime):
        part.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _copy_screens(notebooks, setup.root / SCREENS)
    _copy_extension(resource_folder("labextension"), setup.data / "labextensions" / EXTENSION)
    _write_kernel(setup)
    _write_settings(setup, terminal=terminal)
    return setup


def folder_for(workspace: Path) -> Path:
    """Where the front door of a workspace is kept, by the customs of the platform."""
    digest = hashlib.sha256(os.fsencode(workspace)).hexdigest()[:12]
    return _user_data() / "collection-workbench" / digest


def _user_data() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")


def _language(workspace: Path) -> str:
    """The language of the company's people; English where there is no company yet."""
    if not (workspace / "workbench.toml").exists():
        return "en"
    return Workspace(workspace).settings.language


def _screen(notebook: Path, content: dict[str, Any]) -> Screen:
    metadata = content["metadata"].get("workbench", {})
    return Screen(
        name=notebook.stem,
        path=f"{SCREENS}/{notebook.name}",
        title=metadata.get("title", notebook.stem.replace("_", " ").capitalize()),
        about=metadata.get("about", ""),
        rank=metadata.get("rank", _LAST),
        live=metadata.get("live", notebook.stem == "home"),
    )


def _place(screen: Screen) -> tuple[bool, int, str]:
    return (screen.name != "home", screen.rank, screen.name)


def _copy_screens(wanted: dict[str, dict[str, Any]], target: Path) -> None:
    """Replace one by one: another server on the same workspace may be reading them."""
    target.mkdir(exist_ok=True)
    for stale in target.glob("*.ipynb"):
        if stale.name not in wanted:
            stale.unlink()
    for name, content in wanted.items():
        fresh = target / f".{name}.new"
        fresh.unlink(missing_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=1)
        fresh.write_text(f"{text}\n", "utf-8")
        fresh.chmod(0o444)
        fresh.replace(target / name)


def _copy_extension(source: Path, target: Path) -> None:
    """Copy our part of Lab under the digest of its files: no browser keeps an old one."""
    static = source / "static"
    digest = _digest(static)
    package = json.loads((source / "package.json").read_text("utf-8"))
    package["jupyterlab"]["_build"]["load"] = f"static/{digest}/remoteEntry.js"
    shutil.copytree(static, target / "static" / digest, dirs_exist_ok=True)
    shutil.copyfile(source / "install.json", target / "install.json")
    _write_json(target / "package.json", package)


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _write_kernel(setup: LabSetup) -> None:
    """One kernel: the Python that runs the workbench."""
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Python of the workbench", "language": "python"}
    _write_json(setup.data / "kernels" / "python3" / "kernel.json", spec)


def _write_settings(setup: LabSetup, *, terminal: bool) -> None:
    source = resource_folder("labextension") / "settings"
    shutil.copyfile(source / "overrides.json", setup.config / "overrides.json")
    page = json.loads((source / "page_config.json").read_text("utf-8"))
    page["disabledExtensions"]["@jupyterlab/terminal-extension"] = not terminal
    page["collectionWorkbenchScreens"] = [asdict(screen) for screen in setup.screens]
    page["collectionWorkbenchWords"] = front_door_words(_language(setup.workspace))
    _write_json(setup.config / "page_config.json", page)
    _write_json(setup.config / "jupyter_server_config.json", _server(setup, terminal=terminal))


def _server(setup: LabSetup, *, terminal: bool) -> Mapping[str, object]:
    """The server's own settings: loopback, one root, one kernel, nothing asked outside."""
    return {
        "ServerApp": {
            "ip": "127.0.0.1",
            "port_retries": 0,
            "allow_remote_access": False,
            "root_dir": str(setup.root),
            "terminals_enabled": terminal,
            "jpserver_extensions": {"jupyterlab": True, "jupyter_lsp": False},
        },
        "KernelSpecManager": {"allowed_kernelspecs": ["python3"]},
        "LabApp": {
            "app_settings_dir": str(setup.config),
            "user_settings_dir": str(setup.folder / "user-settings"),
            "workspaces_dir": str(setup.runtime / "workspaces"),
            "default_url": setup.first_page,
            "extension_manager": "readonly",
            "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "news_url": None,
        },
    }


def _write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", "utf-8")
