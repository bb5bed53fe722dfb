"""Bring the catalogs up to date with the English texts of the code and the templates.

Run `python tools/update_catalogs.py`: new texts appear untranslated, texts that are gone
disappear, translations stay. `--check` changes nothing and fails where a file would
change.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from workbench.model.catalog import CATALOG
from workbench.model.prose import paragraphs
from workbench.model.texts import LANGUAGES, catalog_path

ROOT = Path(__file__).resolve().parent.parent

#: Calls whose first argument is a text; a pair names singular and plural.
_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "counted": (1, 2),
    "say": None,
    "marked": None,
    "translate": None,
    "translate_plural": (1, 2),
}

_METHODS = {
    "workbench": [("**.py", "python")],
    "templates": [("**.html", "jinja2.ext:babel_extract")],
}


def texts() -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Every English text with the file that it stands in, in a fixed order."""
    for folder, methods in _METHODS.items():
        found = extract_from_dir(ROOT / folder, method_map=methods, keywords=_KEYWORDS)
        for name, _line, message, _comments, _context in found:
            yield f"{folder}/{name}", message
    for notebook in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        for text in paragraphs(json.loads(notebook.read_text("utf-8"))):
            yield notebook.relative_to(ROOT).as_posix(), text
    for entry in CATALOG.values():
        yield "workbench/model/catalog.py", entry.message
        yield "workbench/model/catalog.py", entry.advice


def updated(language: str) -> bytes:
    """The catalog of a language as it should be."""
    path = catalog_path(language)
    fresh = Catalog(locale=language, project="workbench", charset="utf-8")
    old = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as source:
            old = read_po(source, locale=language)
    for place, message in sorted(texts(), key=str):
        known = old.get(message if isinstance(message, str) else message[0])
        string = known.string if known else None
        fresh.add(message, string, locations=[(place, 0)])
    written = io.BytesIO()
    write_po(written, fresh, width=96, omit_header=True, sort_output=True, include_lineno=False)
    return _header(language, fresh.plural_forms) + written.getvalue()


def main() -> int:
    """Write the catalogs, or say which are behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only compare")
    check = parser.parse_args().check
    behind = 0
    for language in LANGUAGES[1:]:
        path, wanted = catalog_path(language), updated(language)
        if path.exists() and path.read_bytes() == wanted:
            continue
        behind += 1
        print(path.relative_to(ROOT))  # the answer of a command
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted)
    return 1 if check and behind else 0


def _header(language: str, plural_forms: str) -> bytes:
    """A header without dates, so that equal texts give equal files."""
    lines = (
        'msgid ""',
        'msgstr ""',
        f'"Language: {language}\\n"',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        f'"Plural-Forms: {plural_forms}\\n"',
        "\n",
    )
    return "\n".join(lines).encode()


if __name__ == "__main__":
    sys.exit(main())
