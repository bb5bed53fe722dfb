"""Mappings that somebody confirmed and saved under a name; the last of a name counts."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from workbench.ledger.files.mapping import MappingText
from workbench.ledger.files.mapping_proposal import FINGERPRINT
from workbench.ledger.files.mapping_sample import sample
from workbench.store.connection import Reader
from workbench.store.transaction import again_when_stale
from workbench.store.workspace import Workspace

LISTING = pl.Schema(
    {
        "purpose": pl.String,
        "name": pl.String,
        "versions": pl.Int64,
        "fingerprint": pl.String,
        "actor": pl.String,
        "recorded": pl.Int64,
    }
)
_LAST = """
FROM erp_mapping AS m
WHERE m.mapping_id = (
    SELECT max(n.mapping_id) FROM erp_mapping AS n
    WHERE n.purpose = m.purpose AND n.name = m.name
)
"""
_LISTING = f"""
SELECT m.purpose, m.name,
       (SELECT count(*) FROM erp_mapping AS n WHERE n.purpose = m.purpose AND n.name = m.name)
           AS versions,
       ifnull(m.fingerprint, '') AS fingerprint, m.actor, m.recorded
{_LAST}
ORDER BY m.purpose, m.name
"""  # noqa: S608  # our own text
_TEXTS = (
    f"SELECT m.name, m.text, m.fingerprint {_LAST} AND m.purpose = ? "  # our own text
    "ORDER BY m.mapping_id DESC"
)
_NEWEST = """
SELECT mapping_id, text, fingerprint FROM erp_mapping
WHERE purpose = ? AND name = ? ORDER BY mapping_id DESC LIMIT 1
"""


class UnknownMappingError(Exception):
    """No mapping was saved under this name; says which were."""


@again_when_stale
def save(
    workspace: Workspace, *, purpose: str, name: str, text: str, fingerprint: str | None = None
) -> int:
    """Save a mapping; an earlier one of the name stays in the history.

    The text is kept as it is: whether it fits its purpose is checked by who knows its fields,
    with `mapping.of`.

    Args:
        fingerprint: Of the headings of its files; else what the text itself says.

    Returns:
        The mapping's identifier, the same as before where the text did not change.
    """
    fingerprint = fingerprint or _said(text)
    with workspace.read() as reader:
        seen = reader.seq
        last = reader.record(_NEWEST, [purpose, name])
    if last and (last["text"], last["fingerprint"]) == (text, fingerprint):
        return int(last["mapping_id"])
    row = {
        "mapping_id": workspace.draw_ids(1),
        "purpose": purpose,
        "name": name,
        "text": text,
        "fingerprint": fingerprint,
        "actor": workspace.actor,
    }
    frame = pl.DataFrame([row], schema_overrides={"fingerprint": pl.String()})
    with workspace.transaction(
        "save_mapping", role="prepare", as_seen=seen, mapping=name
    ) as transaction:
        transaction.append("erp_mapping", frame)
    return int(frame["mapping_id"][0])


def find(reader: Reader, *, purpose: str, name: str) -> MappingText:
    """The mapping that was last saved under a name.

    Raises:
        UnknownMappingError: None was.
    """
    saved = reader.rows(_TEXTS, [purpose])
    for known, text, _ in saved:
        if known == name:
            return MappingText(name, text)
    names = ", ".join(sorted(known for known, _, _ in saved)) or "none"
    raise UnknownMappingError(f"{name} ({purpose}); saved: {names}")


def source(workspace: Workspace, *, purpose: str, mapping: Path) -> Path | MappingText:
    """What a person named: a mapping's file where there is one, else a saved mapping.

    Raises:
        UnknownMappingError: There is neither.
    """
    if mapping.is_file():
        return mapping
    with workspace.read() as reader:
        return find(reader, purpose=purpose, name=str(mapping))


def listing(reader: Reader) -> pl.DataFrame:
    """Every saved mapping, one row a name, as in `LISTING`."""
    return reader.frame(_LISTING, schema=LISTING)


def detect(reader: Reader, *, purpose: str, content: bytes, name: str) -> MappingText | None:
    """The mapping last saved for files with these headings; None when there is none.

    Args:
        name: The file, as its problems call it.
    """
    fingerprint = sample(content, name=name).fingerprint
    for saved, text, known in reader.rows(_TEXTS, [purpose]):
        if fingerprint and known == fingerprint:
            return MappingText(saved, text)
    return None


def _said(text: str) -> str | None:
    for line in text.splitlines():
        if line.startswith(FINGERPRINT):
            return line.removeprefix(FINGERPRINT).strip() or None
    return None
