"""A file appears whole, and after a crash it is there, or nobody knows."""

from __future__ import annotations

from pathlib import Path

from workbench.transport import folder
from workbench.transport.folder import Placement


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    prepared = folder.prepare(outbox, "a.txt", b"hello")
    assert folder.waiting(outbox) == []
    folder.release(prepared)
    assert [path.name for path in folder.waiting(outbox)] == ["a.txt"]
    assert (outbox / "a.txt").read_bytes() == b"hello"
    assert len(list(outbox.iterdir())) == 1


def test_what_was_interrupted_is_finished(tmp_path: Path) -> None:
    prepared = folder.prepare(tmp_path, "a.txt", b"hello")
    assert folder.settle(tmp_path, "a.txt") is Placement.PLACED
    assert prepared.destination.read_bytes() == b"hello"
    assert folder.settle(tmp_path, "a.txt") is Placement.PLACED
    prepared.destination.unlink()
    assert folder.settle(tmp_path, "a.txt") is Placement.UNKNOWN
    assert list(tmp_path.iterdir()) == []


def test_only_what_was_never_recorded_is_deleted(tmp_path: Path) -> None:
    for name in ("known", "unknown"):
        folder.prepare(tmp_path, name, b"x")
    (tmp_path / "placed").write_bytes(b"x")
    folder.discard_unrecorded(tmp_path, known={"known"})
    assert sorted(p.name for p in tmp_path.iterdir()) == [".known.part", "placed"]


def test_waiting_files_are_files_in_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b", "a", ".hidden"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "folder").mkdir()
    assert [path.name for path in folder.waiting(tmp_path)] == ["a", "b"]
