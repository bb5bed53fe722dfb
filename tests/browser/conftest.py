"""A real browser on a real server: what the browser tests of all screens share.

A test of a screen reads:

    with lab(workspace) as server:
        panel = open_screen(page, "Payments", server=server)
        panel.get_by_role("button", name="Allow").click()
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Route,
    WebSocket,
    expect,
    sync_playwright,
)

from workbench.widgets.lab import LabServer, serving
from workbench.widgets.lab_setup import prepare

#: How long a step in the browser may take, in milliseconds.
PATIENCE_MS = 25_000

_LOOPBACK = re.compile(r"(https?|wss?)://127\.0\.0\.1[:/]|data:|blob:|about:")
_QUIET_CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The Chromium of this machine; its absence is a visible skip."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.skip("no Chromium on this machine: no screen was opened in a browser")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=_QUIET_CHROMIUM)
        yield started
        started.close()


@pytest.fixture(scope="session")
def lab(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[..., AbstractContextManager[LabServer]]:
    """Opens the front door on a workspace: `with lab(workspace) as server:`.

    The screens are those of this version unless `screens_root` names others.
    """

    @contextmanager
    def opened(workspace: Path, *, screens_root: Path | None = None) -> Iterator[LabServer]:
        folder = tmp_path_factory.mktemp("front-door")
        with serving(prepare(workspace, screens_root=screens_root, folder=folder)) as server:
            yield server

    return opened


@pytest.fixture
def complaints() -> list[str]:
    """Errors of the page and its console; a test that expects some takes them out."""
    return []


@pytest.fixture
def page(
    browser: Browser,
    complaints: list[str],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Page]:
    """A page that can only talk to this machine, and must neither try more nor complain.

    A picture of a failed test is kept where `WORKBENCH_PICTURES` says, else in its own
    temporary folder.
    """
    context = browser.new_context(viewport={"width": 1360, "height": 900}, locale="da-DK")
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    outside: list[str] = []

    def guard(route: Route) -> None:
        if _LOOPBACK.match(route.request.url):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_poll_during_start(message):
            complaints.append(message.text)

    def guard_socket(socket: WebSocket) -> None:
        if not _LOOPBACK.match(socket.url):
            outside.append(socket.url)

    context.route("**/*", guard)
    opened = context.new_page()
    opened.on("websocket", guard_socket)
    opened.on("console", hear)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    failed_before = request.session.testsfailed
    yield opened
    if request.session.testsfailed > failed_before:
        folder = Path(os.environ.get("WORKBENCH_PICTURES", tmp_path))
        _take_picture(opened, folder / f"{request.node.name}.png")
    context.close()
    assert outside == []
    assert complaints == []


@pytest.fixture
def open_screen() -> Callable[..., Locator]:
    """Opens a screen by its title and gives its panel once it has been run.

    With `server`, starts from the first page; else goes there by the bar of the screen
    that is shown. `state` is what its run must have come to: `ok` or `failed`.
    """

    def opened(
        page: Page, title: str, *, server: LabServer | None = None, state: str = "ok"
    ) -> Locator:
        shown = page.locator(".jp-NotebookPanel:visible")
        place = shown.locator(".cw-place").get_by_text(title, exact=True)
        if server is not None:
            page.goto(server.page)
        place.click()
        there = page.locator(f".cw-place[aria-current=page]:text-is('{title}')")
        panel = shown.filter(has=there)
        panel.and_(page.locator(f"[data-cw={state}]")).wait_for()
        return panel

    return opened


def _is_poll_during_start(message: ConsoleMessage) -> bool:
    """JupyterLab's list of kernels, asked for in the instant in which one is started.

    Jupyter Server 2.21 has no `last_activity` of that kernel yet and answers 500; the
    next poll is answered.
    """
    return " 500 " in message.text and "/api/kernels?" in message.location["url"]


def _take_picture(page: Page, path: Path) -> None:
    """Keep what the page shows; a page that is gone has nothing to show."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        page.screenshot(path=path)
    except Error as gone:
        path.with_suffix(".txt").write_text(str(gone), "utf-8")
