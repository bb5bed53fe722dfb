"""A file format as the rooms above see it: what it is called, known by and read with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from workbench.model.deliveries import Delivery
from workbench.model.problems import Reading


class Reader(Protocol):
    """Reads a whole file."""

    def __call__(self, content: bytes, *, name: str) -> Reading[Delivery | None]:
        """What the file holds, with the problems found."""
        ...


@dataclass(frozen=True, slots=True)
class Format:
    """One file format.

    Attributes:
        id: Its stable name in files, tables and documents.
        title: Its name for people.
        identify: Whether a file that begins with these bytes is of this format.
        read: Reads a whole file.
    """

    id: str
    title: str
    identify: Callable[[bytes], bool]
    read: Reader
