"""The journals (kladder) in which is posted."""

from __future__ import annotations

from workbench.store.connection import Reader


def listing(reader: Reader) -> list[str]:
    """The names of all journals, in order."""
    return [name for (name,) in reader.rows("SELECT journal FROM journal ORDER BY journal")]
