"""Two processes write at once, with bulk imports between: no committed row is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from workbench.store import audit
from workbench.store.workspace import init

#: Writes its own rows, every third of them through a staging file, and prints each after
#: its commit.
WRITER = """
import sys
from pathlib import Path
import polars as pl
from workbench.store.workspace import open_workspace

folder, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for n in range(count):
    workspace = open_workspace(folder)
    row = {
        "attempt_id": workspace.draw_ids(1), "sha256": f"{name}{n}", "name": name,
        "purpose": "test", "outcome": "refused", "reason": "test", "problems": "[]",
    }
    frame = pl.DataFrame([row])
    if n % 3 == 0:
        with workspace.transaction("bulk", staged={"file_attempt": frame}) as transaction:
            transaction.append_staged("file_attempt")
    else:
        with workspace.transaction("single") as transaction:
            transaction.append("file_attempt", frame)
    print(row["attempt_id"], flush=True)
"""


def test_no_committed_row_is_lost(tmp_path: Path) -> None:
    workspace = init(tmp_path / "ws", company="Nordvand")
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(workspace.folder), name, "12"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for name in ("a", "b")
    ]  # fmt: skip
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    told = []
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        out, _ = writer.communicate(timeout=60)
        assert writer.returncode == 0
        told += [int(number) for number in out.split()]
    with workspace.read() as reader:
        stored = [row for (row,) in reader.rows("SELECT attempt_id FROM file_attempt")]
        assert audit.check(reader).holds
        assert reader.seq == 1 + 24
    assert len(told) == 24
    assert sorted(told) == sorted(stored)
    assert len(set(stored)) == 24
    assert list((workspace.folder / "staging").iterdir()) == []
