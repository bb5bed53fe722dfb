"""A mapping proposed for a file that nobody has mapped yet.

What the file shows is written down; what it does not show for sure is a question, in the
result and as a comment in the TOML. A proposal imports nothing: a person reads it, answers
its questions, and saves it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workbench.ledger.files.fields import Field, Kind
from workbench.ledger.files.mapping import Notation
from workbench.ledger.files.mapping_contents import (
    Marks,
    codes,
    date_formats,
    distinct,
    fits,
    is_serial,
    marks,
)
from workbench.ledger.files.mapping_questions import Question
from workbench.ledger.files.mapping_sample import Sample, sample
from workbench.ledger.files.mapping_toml import table
from workbench.ledger.files.mapping_words import (
    CODES,
    CURRENCIES,
    DIMENSIONS,
    PURPOSES,
    Words,
    plain,
)
from workbench.ledger.imports import customers, entry_rows
from workbench.model.problems import Problem

#: The comment that carries a file's fingerprint into the saved mapping.
FINGERPRINT = "# headings: "
_CREDIT = "credit_note"
_MARKED_KINDS = (Kind.AMOUNT, Kind.BASE_AMOUNT, Kind.EXCHANGE_RATE, Kind.RATE)
_FIELDS = {"customers": customers.FIELDS, "entries": entry_rows.FIELDS}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A mapping to confirm.

    Attributes:
        text: The TOML; it can be used when no required field is missing.
        questions: What a person must look at.
        fingerprint: What files with these headings have in common; "" without headings.
    """

    text: str
    questions: tuple[Question, ...]
    fingerprint: str

    @property
    def usable(self) -> bool:
        """Whether the text is a whole mapping: the file was read, no required field lacks."""
        return not {"unread", "missing"} & {question.code for question in self.questions}


@dataclass(slots=True)
class _Draft:
    """The proposal while it is being made."""

    sample: Sample
    known: Sequence[Field]
    places: dict[str, int] = field(default_factory=dict)
    dimensions: dict[str, int] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    file: dict[str, str | int | bool] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def ask(self, code: str, **params: str) -> None:
        self.questions.append(Question(code, params))

    def called(self, place: int) -> str:
        heading = self.sample.heading
        return heading[place - 1] if heading and heading[place - 1] else str(place)

    def texts(self, name: str) -> list[str]:
        return distinct(self.sample.columns[self.places[name]])

    def some_empty(self, name: str) -> bool:
        return name not in self.places or bool(
            (self.sample.columns[self.places[name]] == "").any()
        )


def propose(
    content: bytes, *, name: str, purpose: str, known: Sequence[Field] = ()
) -> Proposal:
    """A mapping for a file.

    Args:
        name: The file, as its problems call it.
        purpose: `customers`, `entries` or `agreements`.
        known: The fields of the purpose; needed for agreements, which this room has not.
    """
    found = sample(content, name=name)
    if found.problems:
        return _unread(found.problems[0])
    draft = _Draft(found, known or _FIELDS[purpose])
    _choose_columns(draft, PURPOSES[purpose])
    if purpose == "entries":
        _choose_dimensions(draft)
    _choose_notation(draft)
    for coded in CODES:
        _choose_codes(draft, coded)
    if purpose == "entries":
        _choose_defaults(draft)
        _choose_sign(draft)
    for one in draft.known:
        if one.required and one.name not in draft.places and one.name not in draft.defaults:
            draft.ask("missing", field=one.name)
    text = "\n".join(_toml(draft))
    tomllib.loads(text)  # what is proposed can at least be read
    return Proposal(text, tuple(draft.questions), found.fingerprint)


def _unread(problem: Problem) -> Proposal:
    question = Question("unread", {"fault": problem.message()})
    return Proposal(f"# {question.text()}\n", (question,), "")


def _choose_columns(draft: _Draft, words: Words) -> None:
    if not draft.sample.heading:
        draft.ask("no_header")
        return
    taken: set[int] = set()
    fields = {one.name: one for one in draft.known}
    for name, known in _by_certainty(draft, words):
        if name not in fields:
            continue
        fitting = []
        for place in _called(draft, known):
            if place in taken:
                continue
            if fits(distinct(draft.sample.columns[place]), fields[name]):
                fitting.append(place)
            else:
                draft.ask("content", field=name, chosen=draft.called(place))
        if fitting:
            draft.places[name] = fitting[0]
            taken.add(fitting[0])
        for other in fitting[1:2]:
            chosen = draft.called(fitting[0])
            draft.ask("choice", field=name, chosen=chosen, other=draft.called(other))


def _by_certainty(draft: _Draft, words: Words) -> list[tuple[str, tuple[str, ...]]]:
    """The fields, those first whose best word the file has: 'Moms' is not 'Momssats'."""
    headings = [plain(cell) for cell in draft.sample.heading]

    def rank(item: tuple[str, tuple[str, ...]]) -> int:
        return next(
            (rank for rank, word in enumerate(item[1]) if _same(word, headings)), len(item[1])
        )

    return sorted(words.items(), key=rank)


def _called(draft: _Draft, known: Sequence[str]) -> list[int]:
    """Columns that are called by one of the words, the best word first."""
    headings = [plain(cell) for cell in draft.sample.heading]
    found = (
        place
        for word in known
        for place, heading in enumerate(headings, start=1)
        if _same(word, [heading])
    )
    return list(dict.fromkeys(found))


def _same(word: str, headings: Sequence[str]) -> bool:
    return any(plain(word).replace(" ", "") == one.replace(" ", "") for one in headings)


def _choose_dimensions(draft: _Draft) -> None:
    for name, known in DIMENSIONS.items():
        for place in _called(draft, known)[:1]:
            draft.dimensions[name] = place


def _choose_notation(draft: _Draft) -> None:
    notation, kind = draft.sample.notation, draft.sample.kind
    if kind == "csv":
        draft.file |= {"encoding": notation.encoding, "delimiter": notation.delimiter}
    if notation.sheet:
        draft.file["sheet"] = notation.sheet
        draft.ask("sheet", chosen=notation.sheet, other=", ".join(draft.sample.sheets))
    if not notation.header:
        draft.file["header"] = False
    if notation.header_row:
        draft.file["header_row"] = notation.header_row
    numbers = [text for one in _mapped(draft, _MARKED_KINDS) for text in draft.texts(one.name)]
    found = marks(numbers) if kind == "csv" else Marks(",", ".", sure=True)
    if numbers and not found.sure and any(set(text) & set(".,") for text in numbers):
        draft.ask("marks", chosen=found.decimal)
    draft.file |= {"decimal": found.decimal, "thousands": found.thousands}
    _choose_date(draft)
    if "rate" in draft.places:
        draft.ask("rate", chosen=draft.called(draft.places["rate"]))


def _choose_date(draft: _Draft) -> None:
    dates = [one.name for one in _mapped(draft, (Kind.DATE,))]
    texts = [text for name in dates for text in draft.texts(name)]
    formats = date_formats(texts)
    if formats:
        draft.file["date"] = formats[0]
        if len(formats) > 1:
            draft.ask("date", chosen=formats[0], other=formats[1])
        return
    draft.file["date"] = Notation().date
    for name in dates:
        if draft.sample.kind == "csv" and any(map(is_serial, draft.texts(name))):
            draft.ask("serial", chosen=draft.called(draft.places[name]))


def _mapped(draft: _Draft, kinds: Sequence[Kind]) -> list[Field]:
    return [one for one in draft.known if one.name in draft.places and one.kind in kinds]


def _choose_codes(draft: _Draft, name: str) -> None:
    if name not in draft.places:
        return
    found, unknown = codes(draft.texts(name), CODES[name])
    if found:
        draft.values[name] = found
    for text in unknown:
        known = ", ".join(CODES[name])
        draft.ask("code", found=text, chosen=draft.called(draft.places[name]), known=known)


def _choose_defaults(draft: _Draft) -> None:
    if draft.some_empty("currency"):
        headings = [plain(cell) for cell in draft.sample.heading]
        scores = {
            code: sum(_same(word, headings) for word in words)
            for code, words in CURRENCIES.items()
        }
        chosen = max(scores, key=lambda code: (scores[code], code == "DKK"))
        draft.defaults["currency"] = chosen
        draft.ask("currency", chosen=chosen)
    if "kind" not in draft.places:
        draft.defaults["kind"] = "invoice"
        draft.ask("no_kind")
    elif draft.some_empty("kind"):
        draft.defaults["kind"] = "other"
        draft.ask("kind")


def _choose_sign(draft: _Draft) -> None:
    """Whether credit notes stand there negative, told from the rows that are credit notes."""
    if "kind" not in draft.places or "amount" not in draft.places:
        return
    theirs = [text for text, code in draft.values.get("kind", {}).items() if code == _CREDIT]
    kinds = draft.sample.columns[draft.places["kind"]]
    amounts = draft.sample.columns[draft.places["amount"]]
    shown = amounts.filter(kinds.is_in([*theirs, _CREDIT]) & (amounts != ""))
    below = int(shown.str.contains("^[-\N{MINUS SIGN}]|-$").sum())
    if not shown.len():
        draft.ask("sign")
        return
    draft.file["credit_sign"] = "negative" if 2 * below >= shown.len() else "positive"
    if 0 < below < shown.len():
        draft.ask("signs", chosen=str(draft.file["credit_sign"]))


def _toml(draft: _Draft) -> Iterator[str]:
    if draft.questions:
        yield "# Look at these before you save:"
    for question in draft.questions:
        yield f"# - {_one_line(question.text())}"
    if draft.sample.fingerprint:
        yield f"{FINGERPRINT}{draft.sample.fingerprint}"
    yield from table("file", draft.file)
    ordered = (one.name for one in draft.known if one.name in draft.places)
    yield from table("columns", {name: _column(draft, draft.places[name]) for name in ordered})
    named = {name: _column(draft, place) for name, place in draft.dimensions.items()}
    if named:
        yield from table("dimensions", named)
    for name, found in draft.values.items():
        yield from table(f"values.{name}", found)
    if draft.defaults:
        yield from table("defaults", draft.defaults)


def _column(draft: _Draft, place: int) -> str | int:
    """A column by its heading, or by its number where the heading names no single one."""
    heading = draft.sample.heading
    called = heading[place - 1] if heading else ""
    return called if called and heading.count(called) == 1 else place


def _one_line(text: str) -> str:
    return "".join(sign if sign.isprintable() else " " for sign in text)
