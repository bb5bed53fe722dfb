"""The front door in a real browser: screens open already run, without code, and hold."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from workbench.widgets.lab import LabServer

pytestmark = pytest.mark.browser

OpenScreen = Callable[..., Locator]

# Screens as text: each cell starts with a line `# %%`.
HOME = """
# %% [markdown]
# Where does the month stand?

Start with the [decisions](decisions.ipynb).
# %%
from IPython.display import Markdown
Markdown("| Step | Lines |\\n|---|---:|\\n| Collected | 1.912 |")
# %%
import os, pathlib, sqlite3
books = sqlite3.connect(pathlib.Path(os.environ["WORKBENCH_HOME"]) / "books.db")
print("decided:", *books.execute("SELECT count(*) FROM decision").fetchone())
# %%
from ipywidgets import HTML
HTML('14 lines wait in <a href="decisions.ipynb">that screen</a>.')
"""

# A plain connection refuses another thread: actions must come on the kernel's own.
DECISIONS = """
# %% [markdown]
# Which of these lines may be posted?
# %%
import os, pathlib, sqlite3
import ipywidgets as widgets
path = pathlib.Path(os.environ["WORKBENCH_HOME"]) / "books.db"
books = sqlite3.connect(path, isolation_level=None)
# %%
allow = widgets.Button(description="Allow", button_style="primary")
hold = widgets.Button(description="Hold")
fail = widgets.Button(description="Fail")
stored = widgets.Label(str(*books.execute("SELECT count(*) FROM decision").fetchone()))
stored.add_class("stored");
# %%
def decide(button):
    insert = "INSERT INTO decision (word) VALUES (?) RETURNING id"
    stored.value = str(*books.execute(insert, [button.description]).fetchone())

allow.on_click(decide)
hold.on_click(decide)
fail.on_click(lambda _: 1 // 0)
# %%
reason = widgets.Text(description="Reason")
widgets.VBox([widgets.HBox([allow, hold, fail]), reason, stored])
"""

PROOF = """
# %% [markdown]
# Does everything tie out?
# %%
assert 1 == 2, "journal and ledger differ by 1,00 DKK"
"""


def write_screen(folder: Path, name: str, text: str, **metadata: str | int) -> None:
    """A notebook without outputs from the text of its cells."""
    cells: list[dict[str, object]] = []
    for number, part in enumerate(text.split("# %%")[1:]):
        kind, _, source = part.partition("\n")
        cell: dict[str, object] = {
            "id": f"cell-{number}",
            "metadata": {},
            "source": source.strip(),
        }
        if kind:
            cells.append({"cell_type": "markdown", **cell})
        else:
            cells.append({"cell_type": "code", "execution_count": None, "outputs": [], **cell})
    notebook = {
        "cells": cells,
        "metadata": {"workbench": metadata},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), "utf-8")


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("screens")
    write_screen(folder, "home", HOME, title="Home")
    write_screen(
        folder, "decisions", DECISIONS, title="Decisions", about="What waits.", rank=10
    )
    write_screen(folder, "a_proof", PROOF, title="Proof", rank=20)
    return folder


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workspace")
    with closing(sqlite3.connect(folder / "books.db")) as books:
        books.execute("CREATE TABLE decision (id INTEGER PRIMARY KEY, word TEXT) STRICT")
    return folder


@pytest.fixture(scope="module")
def server(
    lab: Callable[..., AbstractContextManager[LabServer]], workspace: Path, screens: Path
) -> Iterator[LabServer]:
    with lab(workspace, screens_root=screens) as started:
        yield started


def test_home_leads_to_every_screen(
    server: LabServer, page: Page, open_screen: OpenScreen
) -> None:
    home = open_screen(page, "Home", server=server)
    expect(page).to_have_title("Home – Collection Workbench")
    expect(home.locator(".cw-tile strong")).to_have_text(["Decisions", "Proof"])
    expect(home.locator("td").first).to_have_text("Collected")
    ways = (
        home.locator(".cw-tile", has_text="What waits."),
        home.get_by_role("link", name="decisions", exact=True),
        home.get_by_role("link", name="that screen"),
    )
    for way in ways:
        way.click()
        expect(page).to_have_title("Decisions – Collection Workbench")
        expect(page.get_by_role("button", name="Allow")).to_be_visible()
        open_screen(page, "Home")


def test_code_is_hidden_until_it_is_asked_for(
    server: LabServer, page: Page, open_screen: OpenScreen
) -> None:
    panel = open_screen(page, "Decisions", server=server)
    code = panel.locator(".jp-CodeCell .jp-Cell-inputWrapper").first
    menu = page.locator("#jp-MainMenu")
    expect(code).to_be_hidden()
    expect(menu).to_be_hidden()
    page.keyboard.press("F8")
    expect(code).to_be_visible()
    expect(menu).to_be_visible()
    page.keyboard.press("F8")
    expect(code).to_be_hidden()
    expect(menu).to_be_hidden()


def test_actions_land_once_and_survive_a_reload(
    server: LabServer, page: Page, open_screen: OpenScreen, workspace: Path
) -> None:
    panel = open_screen(page, "Decisions", server=server)
    words = ["Allow", "Hold", "Allow", "Allow", "Hold", "Hold", "Allow"]
    for word in words:
        panel.get_by_role("button", name=word).click()
    expect(panel.locator(".stored")).to_have_text(str(len(words)))
    with closing(sqlite3.connect(workspace / "books.db")) as books:
        rows = books.execute("SELECT id, word FROM decision ORDER BY id").fetchall()
    assert rows == list(enumerate(words, start=1))

    # Home is run again when someone comes back; other screens are left as they were.
    home = open_screen(page, "Home")
    expect(home.get_by_text(f"decided: {len(words)}")).to_be_visible()
    open_screen(page, "Decisions")

    panel.get_by_role("button", name="Reload").click()
    expect(panel).to_have_attribute("data-cw", "busy")
    expect(panel).to_have_attribute("data-cw", "ok")
    expect(panel.locator(".stored")).to_have_text(str(len(words)))
    page.reload()
    expect(panel.locator(".stored")).to_have_text(str(len(words)))
    assert page.title() == "Decisions – Collection Workbench"


def test_keys_and_double_clicks_leave_a_screen_whole(
    server: LabServer, page: Page, open_screen: OpenScreen
) -> None:
    panel = open_screen(page, "Decisions", server=server)
    cells = panel.locator(".jp-Cell")
    before = cells.count()
    text = panel.locator(".jp-MarkdownCell h1")
    text.click()
    for key in ("d", "d", "b", "a", "x", "Enter", "Shift+Enter"):
        page.keyboard.press(key)
    text.dblclick()
    reason = panel.get_by_label("Reason")
    reason.fill("")
    reason.press_sequentially("added, bad")
    expect(reason).to_have_value("added, bad")
    expect(cells).to_have_count(before)
    expect(text).to_be_visible()

    page.keyboard.press("F8")  # the same keys do what they do in any notebook
    text.click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    expect(cells).to_have_count(before - 1)


def test_failures_are_said_in_words(
    server: LabServer, page: Page, open_screen: OpenScreen
) -> None:
    proof = open_screen(page, "Proof", server=server, state="failed")
    expect(proof.get_by_role("alert")).to_contain_text(
        "could not be run to its end. AssertionError: journal"
    )
    expect(proof.locator(".jp-OutputArea")).to_contain_text("differ by 1,00 DKK")

    decisions = open_screen(page, "Decisions")
    expect(decisions.get_by_role("alert")).to_be_hidden()
    decisions.get_by_role("button", name="Fail").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text(
        "may not have been stored. Reload to see what is. ZeroDivisionError"
    )


def test_a_screen_is_never_saved(
    server: LabServer, page: Page, open_screen: OpenScreen, screens: Path
) -> None:
    open_screen(page, "Decisions", server=server)
    page.locator(".jp-MarkdownCell h1:visible").click()
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0)
    open_screen(page, "Home")
    status, body = server.get("/api/contents/screens/decisions.ipynb")
    source = json.loads((screens / "decisions.ipynb").read_text("utf-8"))
    assert status == 200
    assert [cell["source"] for cell in json.loads(body)["content"]["cells"]] == [
        cell["source"] for cell in source["cells"]
    ]
    assert not any(cell.get("outputs") for cell in json.loads(body)["content"]["cells"])


def test_a_stranger_is_refused(server: LabServer, page: Page) -> None:
    page.goto(server.page.partition("?")[0])
    expect(page).to_have_url(re.compile("/login"))
    assert server.get("/api/contents/screens", anonymous=True)[0] == 403
