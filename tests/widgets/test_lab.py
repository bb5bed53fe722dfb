"""What the front door is made of, and that it opens, refuses strangers and closes."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from workbench.widgets.lab import LabDidNotStartError, check, serving
from workbench.widgets.lab_setup import OverlappingFoldersError, folder_for, prepare


def write_screen(folder: Path, name: str, **metadata: str | int) -> None:
    notebook = {
        "cells": [],
        "metadata": {"workbench": metadata} if metadata else {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")


@pytest.fixture
def screens(tmp_path: Path) -> Path:
    folder = tmp_path / "screens"
    write_screen(folder, "collection_journal")
    write_screen(folder, "payments", title="Money in", about="What came.", rank=5)
    write_screen(folder, "home", rank=900)
    write_screen(folder / "jobs", "nightly")
    return folder


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


def test_screens_come_in_their_order_and_jobs_are_none(
    workspace: Path, screens: Path, tmp_path: Path
) -> None:
    setup = prepare(workspace, screens_root=screens, folder=tmp_path / "door")
    assert [(s.path, s.title) for s in setup.screens] == [
        ("screens/home.ipynb", "Home"),
        ("screens/payments.ipynb", "Money in"),
        ("screens/collection_journal.ipynb", "Collection journal"),
    ]
    assert [screen.live for screen in setup.screens] == [True, False, False]
    assert setup.first_page == "/doc/tree/screens/home.ipynb"
    assert {path.name for path in setup.root.rglob("*")} == {
        "screens",
        "home.ipynb",
        "payments.ipynb",
        "collection_journal.ipynb",
    }


def test_each_start_brings_this_version_and_leaves_nothing_of_another(
    workspace: Path, screens: Path, tmp_path: Path
) -> None:
    door = tmp_path / "door"
    copies = prepare(workspace, screens_root=screens, folder=door).root / "screens"
    assert (copies / "home.ipynb").stat().st_mode & 0o222 == 0
    write_screen(screens, "home", title="Start")
    (screens / "payments.ipynb").unlink()
    again = prepare(workspace, screens_root=screens, folder=door)
    assert [screen.title for screen in again.screens] == ["Start", "Collection journal"]
    for name in ("home.ipynb", "collection_journal.ipynb"):
        copied = json.loads((copies / name).read_text("utf-8"))
        assert copied == json.loads((screens / name).read_text("utf-8"))
    assert not (copies / "payments.ipynb").exists()


def test_the_server_stays_on_this_machine_and_asks_nothing_outside(
    workspace: Path, screens: Path, tmp_path: Path
) -> None:
    setup = prepare(workspace, screens_root=screens, folder=tmp_path / "door")
    server = json.loads((setup.config / "jupyter_server_config.json").read_text("utf-8"))
    assert server["ServerApp"]["ip"] == "127.0.0.1"
    assert server["ServerApp"]["root_dir"] == str(setup.root)
    assert server["ServerApp"]["terminals_enabled"] is False
    assert server["LabApp"]["news_url"] is None
    lab = json.loads((setup.config / "overrides.json").read_text("utf-8"))
    # Callbacks on another thread would meet a connection that is not theirs.
    kernels = lab["@jupyterlab/apputils-extension:kernels-settings"]
    assert kernels == {"commsOverSubshells": "disabled"}
    assert setup.folder.stat().st_mode & 0o077 == 0


def test_the_server_never_reaches_the_workspace(workspace: Path, screens: Path) -> None:
    for folder in (workspace, workspace / "door", workspace.parent):
        with pytest.raises(OverlappingFoldersError):
            prepare(workspace, screens_root=screens, folder=folder)


def test_each_workspace_has_a_front_door_of_its_own(workspace: Path) -> None:
    assert folder_for(workspace) == folder_for(workspace)
    assert folder_for(workspace) != folder_for(workspace.parent)


@pytest.mark.slow
def test_check_is_content_with_a_real_server(workspace: Path, screens: Path) -> None:
    assert check(workspace, screens_root=screens) == []


@pytest.mark.slow
def test_check_says_what_is_missing(workspace: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert check(workspace, screens_root=empty) == ["There is no screen."]


@pytest.mark.slow
def test_a_taken_port_is_named_as_such(workspace: Path, screens: Path, tmp_path: Path) -> None:
    first = prepare(workspace, screens_root=screens, folder=tmp_path / "first")
    second = prepare(workspace, screens_root=screens, folder=tmp_path / "second")
    with (
        serving(first) as server,
        pytest.raises(LabDidNotStartError),
        serving(second, port=server.port),
    ):
        pass
    assert server.process.returncode is not None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_launch_tells_its_address_once_and_closes_on_a_signal(
    workspace: Path, tmp_path: Path
) -> None:
    script = (
        "import sys, pathlib; from workbench.widgets.lab import launch;"
        "launch(pathlib.Path(sys.argv[1]), say=lambda text: print(text, flush=True),"
        " open_browser=False)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(workspace)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")},
    ) as launched:
        assert launched.stdout is not None
        address = next(line for line in launched.stdout if "http" in line).strip()
        url = urlsplit(address)
        assert url.hostname == "127.0.0.1"
        connection = http.client.HTTPConnection("127.0.0.1", url.port or 0, timeout=10)
        connection.request("GET", f"/api/status?{url.query}")
        assert connection.getresponse().status == 200
        connection.close()
        token = url.query.partition("=")[2]
        children = Path(f"/proc/{launched.pid}/task/{launched.pid}/children")
        if children.exists():
            (child,) = children.read_text().split()
            for view in ("cmdline", "environ"):
                assert token.encode() not in Path(f"/proc/{child}/{view}").read_bytes()
        launched.send_signal(signal.SIGTERM)
        assert launched.wait(30) == 0
    with pytest.raises(OSError, match="refused"):
        http.client.HTTPConnection("127.0.0.1", url.port or 0, timeout=5).connect()
