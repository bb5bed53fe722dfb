"""The teller: turns rows into sentences, each with its moment, its actor and its place."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.documents.locale_format import LocaleFormat, locale_format
from workbench.model.masking import mask_personal
from workbench.model.texts import translate
from workbench.reports.story_words import KINDS
from workbench.store.connection import Reader


@dataclass(frozen=True, slots=True)
class Sentence:
    """One thing that happened.

    Attributes:
        at: When it was recorded, UTC; empty for what stands now.
        actor: Who did it; empty for what stands now.
        text: The English text with its parameters in braces.
        params: What stands in them, in the reader's language, personal numbers masked.
        kind: What kind of thing it is, such as `posted`.
        table: Where the row is found, with `row_id`.
        words: The whole sentence in the reader's language.
    """

    at: str
    actor: str
    text: str
    params: Mapping[str, str]
    kind: str
    table: str
    row_id: int | str
    words: str


#: What happens in one step is told in this order, and what stands now at the end.
_ORDER = (
    "file", "import", "customer", "entry", "entry_changed", "line", "delivery", "payment",
    "outcome", "permission", "difference", "status", "posted", "settled", "erp", "refund",
    "handover", "booked", "standing",
)  # fmt: skip

#: Parameters that the house or the payment center numbers: nobody's number is in them.
_OUR_OWN = frozenset({"file", "files", "delivery", "voucher", "handover", "sha256"})

#: Sentences that may begin with a word of ours, such as the kind of an entry.
_WORD_FIRST = ("{what}", "{document}", "{credit}", "{claim}")

#: Where a part of a sentence is empty.
_BLANKS = re.compile(" {2,}")

#: The recorded number of what stands now.
NOW = 2**62


class Teller:
    """Collects what happened, and tells it in the order of time."""

    def __init__(self, reader: Reader, *, language: str) -> None:
        self.reader = reader
        self.language = language
        self.notation: LocaleFormat = locale_format(language)
        self._told: dict[tuple[str, str, str], tuple[int, int, dict[str, Any]]] = {}

    def tell(
        self,
        recorded: int,
        kind: str,
        text: str,
        *,
        table: str,
        row_id: int | str,
        part: str = "",
        **params: object,
    ) -> None:
        """Note one fact; the same row twice is told once.

        Args:
            recorded: The number of the step that wrote the row.
            kind: One of `_ORDER`.
            text: The English sentence.
            table: The row's table.
            row_id: The row.
            part: Tells apart several sentences about one row.
            params: What the sentence mentions, as it is shown.
        """
        key = (table, str(row_id), f"{kind}{part}")
        fact = {"kind": kind, "text": text, "table": table, "row_id": row_id, "params": params}
        self._told.setdefault(key, (recorded, _ORDER.index(kind), fact))

    def sentences(self) -> tuple[Sentence, ...]:
        """Everything, in the order in which it was recorded."""
        told = sorted(self._told.values(), key=lambda fact: fact[:2])
        events = self._events({recorded for recorded, _, _ in told})
        return tuple(
            self._sentence(*events.get(recorded, ("", "")), **fact)
            for recorded, _, fact in told
        )

    def word(self, words: Mapping[str, str], key: object) -> str:
        """The word of a key in the reader's language; the key itself where there is none."""
        text = words.get(str(key))
        return str(key) if text is None else self.say(text)

    def say(self, text: str, **params: object) -> str:
        """A text in the reader's language."""
        return translate(text, language=self.language).format(**params)

    def money(self, amount_minor: int | None, currency: str | None) -> str:
        """An amount with its currency; nothing where there is none."""
        return self.notation.money(amount_minor, currency or "DKK")

    def day(self, text: str | None) -> str:
        """A stored date in the reader's notation."""
        return self.notation.date(dt.date.fromisoformat(text) if text else None)

    def entry(self, row: Mapping[str, Any]) -> str:
        """An entry as a sentence names it: its kind and document number."""
        return f"{self.word(KINDS, row['kind'])} {row['document_no']}"

    def _sentence(
        self, at: str, actor: str, *, kind: str, text: str, table: str, row_id: int | str,
        params: Mapping[str, object],
    ) -> Sentence:  # fmt: skip
        shown = {name: masked(name, value) for name, value in params.items()}
        words = _BLANKS.sub(" ", self.say(text, **shown)).strip()
        if text.startswith(_WORD_FIRST):
            words = words[:1].upper() + words[1:]
        return Sentence(at, actor, text, shown, kind, table, row_id, words)

    def _events(self, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
        rows = self.reader.rows(
            "SELECT seq, at, actor FROM audit_event "
            "WHERE seq IN (SELECT value FROM json_each(?))",
            [json.dumps(sorted(numbers))],
        )
        return {seq: (at, actor) for seq, at, actor in rows}


def masked(name: str, value: object) -> str:
    """What a sentence shows of a parameter: numbers of people and accounts are hidden."""
    return str(value) if name in _OUR_OWN else mask_personal(str(value))


def as_list(ids: Iterable[int]) -> str:
    """Identifiers as SQLite's `json_each` takes them."""
    return json.dumps(sorted(set(ids)))
