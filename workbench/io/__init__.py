"""Bank file formats, one module each."""

from __future__ import annotations

from workbench.io import (
    betalingsservice_0601,
    betalingsservice_0602,
    betalingsservice_0603,
    betalingsservice_receipt,
)
from workbench.layout.formats import Format
from workbench.model.deliveries import Delivery
from workbench.model.problems import Problem, Reading

#: Every format that the workbench reads.
FORMATS: tuple[Format, ...] = (
    betalingsservice_0601.FORMAT,
    betalingsservice_0602.FORMAT,
    betalingsservice_0603.FORMAT,
    betalingsservice_receipt.FORMAT,
)

_HEAD_BYTES = 4096
_NOTHING = b" \t\r\n\x00\x1a"


class TwoFormatsError(Exception):
    """Two formats claim the same file."""


def identify(head: bytes) -> Format | None:
    """The format of a file that begins with these bytes; None where there is none.

    Raises:
        TwoFormatsError: Two formats claim it.
    """
    claimants = [candidate for candidate in FORMATS if candidate.identify(head)]
    if len(claimants) > 1:
        raise TwoFormatsError(", ".join(claimant.id for claimant in claimants))
    return claimants[0] if claimants else None


def read(content: bytes, *, name: str) -> Reading[Delivery | None]:
    """What a file holds, with the problems found; no value where its kind is not known.

    Args:
        content: The whole file.
        name: Its name without folders, for problems.
    """
    if not content[:_HEAD_BYTES].strip(_NOTHING) and not content.strip(_NOTHING):
        return Reading(None, (Problem("empty_file", {"name": name}, source=name),))
    found = identify(content[:_HEAD_BYTES])
    if found is None:
        excerpt = content[:128].split(b"\n")[0].decode("latin-1").strip()
        problem = Problem("unknown_format", {"name": name}, source=name, excerpt=excerpt)
        return Reading(None, (problem,))
    return found.read(content, name=name)
