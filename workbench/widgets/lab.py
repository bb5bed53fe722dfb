"""The front door, opened: JupyterLab on loopback, with a token, on one workspace."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from workbench.widgets.lab_setup import EXTENSION, LabSetup, prepare

#: How long a server may take until it answers, and until it has stopped, in seconds.
PATIENCE = 25.0

_HOST = "127.0.0.1"
_PAUSE = 0.1


class LabDidNotStartError(RuntimeError):
    """JupyterLab ended, or did not answer, before it could be used."""

    def __init__(self, why: str, *, log: Path) -> None:
        lines = log.read_text("utf-8", "replace").splitlines()
        super().__init__("\n".join([why, *lines[-12:]]))


@dataclass(frozen=True, slots=True)
class LabServer:
    """A running server.

    Attributes:
        port: The port on loopback.
        token: What a browser must bring.
        page: The address of the first page, with the token.
        process: The server itself; its kernels end with it.
    """

    port: int
    token: str = field(repr=False)
    page: str = field(repr=False)
    process: subprocess.Popen[bytes]

    def get(self, path: str, *, anonymous: bool = False) -> tuple[int, str]:
        """Status and body of a request; redirections are not followed."""
        connection = http.client.HTTPConnection(_HOST, self.port, timeout=10)
        headers = {} if anonymous else {"Authorization": f"token {self.token}"}
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            return response.status, response.read().decode("utf-8", "replace")
        finally:
            connection.close()


def launch(
    workspace: Path,
    *,
    say: Callable[[str], None],
    port: int | None = None,
    open_browser: bool = True,
    terminal: bool = False,
) -> None:
    """Open the workbench and stay until it is interrupted.

    Args:
        workspace: The company's folder.
        say: Where to tell the address and how to stop.
        port: The port on loopback; by default a free one.
        open_browser: Whether to open the first page in the browser of the machine.
        terminal: Whether JupyterLab offers a terminal.

    Raises:
        LabDidNotStartError: The server could not be used; the message says why.
    """
    setup = prepare(workspace, terminal=terminal)
    _stop_like_an_interrupt()
    with serving(setup, port=port, open_browser=open_browser) as server:
        say(f"The workbench is open at\n\n    {server.page}\n\nCtrl+C closes it.")
        try:
            server.process.wait()
        except KeyboardInterrupt:
            say("Closing.")


def check(workspace: Path, *, screens_root: Path | None = None) -> list[str]:
    """Open the workbench for real, look at it, close it: what is wrong, in words.

    Nothing is opened in a browser and nothing of a running workbench is touched.

    Args:
        workspace: The company's folder.
        screens_root: Where the screens come from; by default those of this version.
    """
    with tempfile.TemporaryDirectory(prefix="workbench-lab-") as folder:
        setup = prepare(workspace, screens_root=screens_root, folder=Path(folder))
        try:
            with serving(setup) as server:
                return list(_faults(setup, server))
        except LabDidNotStartError as fault:
            return [str(fault)]


@contextmanager
def serving(
    setup: LabSetup, *, port: int | None = None, open_browser: bool = False
) -> Iterator[LabServer]:
    """A server on a front door; it has stopped, with its kernels, when the block ends.

    Raises:
        LabDidNotStartError: It ended, or did not answer in time.
    """
    port = port or _free_port()
    token = secrets.token_urlsafe(24)
    log = setup.runtime / f"server-{port}.log"
    with _secret(token, folder=setup.runtime) as token_file:
        process = _start(
            setup, port=port, token_file=token_file, open_browser=open_browser, log=log
        )
        page = f"http://{_HOST}:{port}{setup.first_page}?token={token}"
        server = LabServer(port=port, token=token, page=page, process=process)
        try:
            _wait_until_ready(server, log=log)
        except BaseException:
            _stop(process)
            raise
    try:
        yield server
    finally:
        _stop(process)


def _start(
    setup: LabSetup, *, port: int, token_file: Path, open_browser: bool, log: Path
) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own: an interrupt reaches us alone."""
    arguments = [f"--ServerApp.port={port}", f"--ServerApp.open_browser={open_browser}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--ServerApp.allow_root=True")
    environment = {**os.environ, **setup.environment(), "JUPYTER_TOKEN_FILE": str(token_file)}
    for name in ("JUPYTER_TOKEN", "JUPYTER_PATH", "JUPYTER_CONFIG_PATH"):
        environment.pop(name, None)
    with log.open("wb") as out:
        return subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=setup.root,
            env=environment,
            start_new_session=True,
        )


def _wait_until_ready(server: LabServer, *, log: Path) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if server.process.poll() is not None:
            raise LabDidNotStartError("JupyterLab ended at once.", log=log)
        try:
            status, _ = server.get("/api/status")
        except OSError:  # nothing listens yet
            time.sleep(_PAUSE)
            continue
        if status == http.HTTPStatus.OK:
            return
        raise LabDidNotStartError("Our token was refused: the port is another's.", log=log)
    raise LabDidNotStartError("JupyterLab does not answer.", log=log)


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _faults(setup: LabSetup, server: LabServer) -> Iterator[str]:
    """What a first look at a running server finds wrong."""
    status, page = server.get(setup.first_page)
    if status != http.HTTPStatus.OK:
        yield f"The first page {setup.first_page} answers {status}."
    entry = _entry(page)
    if entry is None:
        yield "JupyterLab does not list our extension: screens would open unrun."
    elif server.get(entry)[0] != http.HTTPStatus.OK:
        yield f"Our extension is listed, but {entry} is not served."
    if not setup.screens:
        yield "There is no screen."
    for screen in setup.screens:
        status, _ = server.get(f"/api/contents/{screen.path}?content=0")
        if status != http.HTTPStatus.OK:
            yield f"The screen {screen.path} answers {status}."
    status, kernels = server.get("/api/kernelspecs")
    if status != http.HTTPStatus.OK or sys.executable not in _kernel_argv(kernels):
        yield "The kernel of the screens is not the Python that runs the workbench."
    yield from _open_doors(setup, server)


def _open_doors(setup: LabSetup, server: LabServer) -> Iterator[str]:
    """What a stranger on this machine could reach."""
    for path in (setup.first_page, "/api/contents", "/api/sessions"):
        status, _ = server.get(path, anonymous=True)
        if status not in (http.HTTPStatus.FOUND, http.HTTPStatus.FORBIDDEN):
            yield f"{path} answers {status} without a token."


def _entry(page: str) -> str | None:
    """The address of our extension's first file, from the page's configuration."""
    marker = '<script id="jupyter-config-data" type="application/json">'
    _, found, rest = page.partition(marker)
    if not found:
        return None
    config = json.loads(rest.partition("</script>")[0])
    for extension in config.get("federated_extensions", []):
        if extension["name"] == EXTENSION:
            return f"{config['fullLabextensionsUrl']}/{EXTENSION}/{extension['load']}"
    return None


def _kernel_argv(kernelspecs: str) -> list[str]:
    spec = json.loads(kernelspecs)["kernelspecs"].get("python3")
    return [] if spec is None else list(spec["spec"]["argv"])


@contextmanager
def _secret(token: str, *, folder: Path) -> Iterator[Path]:
    """A file with the token that only its owner reads, gone once the server has it."""
    handle, name = tempfile.mkstemp(dir=folder)  # created with mode 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(token)
        yield Path(name)
    finally:
        Path(name).unlink()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def _stop_like_an_interrupt() -> None:
    """A closed terminal or a stopped service closes the server too, as Ctrl+C does."""
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.default_int_handler)
