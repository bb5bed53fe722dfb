"""Unfinished files and folders, named after the process that makes them.

What a process that is no more left behind was never a fact, and is removed.
"""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

_MARK = ".unfinished-"


def new_path(home: Path) -> Path:
    """A name that nothing else has; it says which process works on it."""
    return home / f"{_MARK}{os.getpid()}-{uuid.uuid4().hex[:8]}"


def remove(home: Path) -> None:
    """Delete what dead processes left in a folder."""
    for path in home.glob(f"{_MARK}*"):
        process = path.name.removeprefix(_MARK).partition("-")[0]
        if not (process.isdigit() and runs(int(process))):
            shutil.rmtree(path, ignore_errors=True)


def runs(process_id: int) -> bool:
    """Whether a process runs; where that cannot be asked harmlessly, it is taken to."""
    if os.name != "posix":
        return True
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True
