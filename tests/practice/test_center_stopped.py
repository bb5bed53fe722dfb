"""The center stopped at any moment and called again: nothing lost, nothing told twice."""

from __future__ import annotations

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

CREATED = dt.date(2026, 10, 12)
BOOKED = dt.date(2026, 11, 3)
_MOVES = ("open", "os.rename", "os.remove", "os.truncate", "os.mkdir")

_STEP = """
import sys, datetime as dt
from pathlib import Path
from workbench.practice.center import answer
outbox, inbox, books = map(Path, sys.argv[1:4])
print("ready", flush=True)
sys.stdin.readline()
answer(outbox, inbox, books, as_of=dt.date.fromisoformat(sys.argv[4]))
print("done", flush=True)
"""


class Stopped(BaseException):
    """The machine stops."""


class Stopper:
    """Stops at the n-th time that a file below a folder is touched."""

    def __init__(self) -> None:
        self.folder: str | None = None
        self.left = 0

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if self.folder is None or event not in _MOVES:
            return
        if not str(args[0]).startswith(self.folder):
            return
        self.left -= 1
        if self.left == 0:
            raise Stopped


_STOPPER = Stopper()
sys.addaudithook(_STOPPER)  # cannot be removed; asleep while it has no folder


@pytest.fixture
def stopper() -> Iterator[Stopper]:
    yield _STOPPER
    _STOPPER.folder = None


def _sent(make_house: Any, folder: Any, make_collections: Any) -> Any:
    house = make_house(folder)
    house.send(make_collections(20))
    house.put(b"BS00299999993BS106010000000043", number=43)
    return house


def test_stopped_between_any_two_moves(
    stopper: Stopper, make_house: Any, make_collections: Any, tmp_path: Any
) -> None:
    whole = _sent(make_house, tmp_path / "whole", make_collections)
    whole.answer(BOOKED)
    moves = 0
    while True:
        moves += 1
        house = _sent(make_house, tmp_path / str(moves), make_collections)
        stopper.folder, stopper.left = str(tmp_path / str(moves)), moves
        try:
            house.answer(BOOKED)
        except Stopped:
            stopper.folder = None
            house.answer(BOOKED)
            assert house.files() == whole.files()
            assert house.answer(BOOKED).written == ()
        else:
            break
    assert moves > 40


@pytest.mark.parametrize("attempt", range(4))
def test_killed(attempt: int, make_house: Any, make_collections: Any, tmp_path: Any) -> None:
    whole = _sent(make_house, tmp_path / "whole", make_collections)
    start = time.perf_counter()
    whole.answer(BOOKED)
    needed = time.perf_counter() - start
    house = _sent(make_house, tmp_path / "killed", make_collections)
    folders = [str(path) for path in (house.outbox, house.inbox, house.books)]
    with subprocess.Popen(
        [sys.executable, "-c", _STEP, *folders, BOOKED.isoformat()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.stdin.write(b"go\n")
        child.stdin.flush()
        time.sleep(random.Random(attempt).uniform(0, needed))  # a moment, no secret
        os.kill(child.pid, signal.SIGKILL)
    house.answer(BOOKED)
    assert house.files() == whole.files()


def test_an_answer_that_somebody_fetched_is_not_sent_again(
    make_house: Any, make_collections: Any, tmp_path: Any
) -> None:
    house = _sent(make_house, tmp_path / "house", make_collections)
    house.answer(BOOKED)
    marks = house.books / "marks.jsonl"
    lines = marks.read_bytes().splitlines(keepends=True)
    marks.write_bytes(b"".join(lines[:-1]))  # stopped before the last answer was marked
    for path in house.inbox.iterdir():
        path.unlink()
    house.answer(BOOKED)
    assert house.files() == {}


@pytest.mark.parametrize("name", ["deliveries", "answers", "marks", "truth", "planned"])
def test_torn_lines_are_not_there(
    name: str, make_house: Any, make_collections: Any, tmp_path: Any
) -> None:
    house = _sent(make_house, tmp_path / "house", make_collections)
    house.answer(CREATED)
    with (house.books / f"{name}.jsonl").open("ab") as torn:
        torn.write(b'{"delivery": 9, "na')
    house.answer(BOOKED)
    whole = _sent(make_house, tmp_path / "whole", make_collections)
    whole.answer(CREATED)
    whole.answer(BOOKED)
    assert house.files() == whole.files()
    for path in house.books.glob("*.jsonl"):
        assert path.read_bytes() == (whole.books / path.name).read_bytes()
