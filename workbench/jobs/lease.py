"""A run's lease: its process lives, and says so every few seconds."""

from __future__ import annotations

import datetime as dt
import platform
from dataclasses import dataclass
from threading import Event, Thread
from types import TracebackType

import psutil

from workbench.store.runs import renew_lease
from workbench.store.workspace import Workspace

_FORM = "%Y-%m-%dT%H:%M:%S.%fZ"


@dataclass(frozen=True, slots=True)
class Terms:
    """How long a lease lasts after a heartbeat, and how often the heart beats, in seconds.

    The lease outlasts any single step, because a long write keeps heartbeats waiting. A
    process that died on this machine is noticed at once, whatever its lease says.
    """

    lease: float = 300
    heartbeat: float = 5


DEFAULT_TERMS = Terms()


def machine() -> str:
    """The name of this machine; a container has a name of its own."""
    return platform.node()


def lease(terms: Terms) -> tuple[str, str]:
    """This moment and the end of a lease that begins now.

    Leases compare processes, so they go by the machine's clock, never by an injected one.
    """
    now = dt.datetime.now(dt.UTC)
    return now.strftime(_FORM), (now + dt.timedelta(seconds=terms.lease)).strftime(_FORM)


def is_dead(*, process_id: int, machine_name: str, heartbeat_at: str, lease_until: str) -> bool:
    """Whether nobody holds a lease any more: it is past, or its process died here."""
    now, _ = lease(DEFAULT_TERMS)
    if lease_until < now:
        return True
    return machine_name == machine() and not _lives(process_id, heartbeat_at=heartbeat_at)


class Heartbeat:
    """Renews the lease of a run from a thread of its own for as long as the block lasts."""

    def __init__(self, workspace: Workspace, run_id: int, *, terms: Terms) -> None:
        self._workspace = workspace
        self._run_id = run_id
        self._terms = terms
        self._stop = Event()
        self._thread = Thread(target=self._beat, name=f"heartbeat-{run_id}", daemon=True)

    def __enter__(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop; no heartbeat is under way afterwards."""
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        ours = True
        while ours and not self._stop.wait(self._terms.heartbeat):
            now, until = lease(self._terms)
            ours = renew_lease(self._workspace, self._run_id, heartbeat_at=now, until=until)


def _lives(process_id: int, *, heartbeat_at: str) -> bool:
    """Whether the process that gave the heartbeat lives; numbers of processes are reused."""
    try:
        process = psutil.Process(process_id)
        born = dt.datetime.fromtimestamp(process.create_time(), dt.UTC)
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
    except psutil.NoSuchProcess:
        return False
    # The start of a process is known to a hundredth of a second only.
    return (born - dt.timedelta(seconds=1)).strftime(_FORM) <= heartbeat_at
