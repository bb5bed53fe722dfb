"""Tables of a mapping written as TOML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping


def table(name: str, entries: Mapping[str, str | int | bool]) -> Iterator[str]:
    """The lines of one table, a blank one before it."""
    yield ""
    yield f"[{name}]"
    for key, value in entries.items():
        yield f"{_key(key)} = {_value(value)}"


def _key(key: str) -> str:
    bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if bare else _value(key)


def _value(value: object) -> str:
    """A TOML value; what JSON escapes in a text, TOML escapes alike."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
