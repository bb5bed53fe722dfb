"""The typed parameters of a job, read from the notebook's own cell without running it.

The cell tagged `parameters` holds one annotated literal a line, and a comment:

    as_of: str = ""  # date: the day that counts as today
    file: str  # file: the payment file to read
    limit: int = 100  # how many lines a page shows

The comment may begin with what kind of text is meant (`date`, `file`) and with
`required`, separated by commas and ended by a colon; the rest is help. A parameter
without a value is required as well.
"""

from __future__ import annotations

import ast
import datetime as dt
import io
import re
import tokenize
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

#: What a parameter holds; everything is handed to the notebook as a plain literal.
Value = str | int | bool

#: The runner fills it with the folder of the workspace; nobody may pass it.
WORKSPACE = "workspace"

#: The day that counts as today; every job has it.
AS_OF = "as_of"

_INTEGER = re.compile(r"-?[0-9]{1,18}")
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


class Kind(StrEnum):
    """What a parameter takes, in the words that a refusal uses."""

    TEXT = "text"
    INTEGER = "a whole number"
    BOOLEAN = "true or false"
    DATE = "a date such as 2026-12-31"
    FILE = "an existing file"


_ANNOTATIONS = {"str": Kind.TEXT, "int": Kind.INTEGER, "bool": Kind.BOOLEAN}
_PREFIXES = {"date": Kind.DATE, "file": Kind.FILE}
_TYPES = {Kind.INTEGER: int, Kind.BOOLEAN: bool}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter.

    Attributes:
        default: What holds when nothing is passed; None when the cell gives no value.
    """

    name: str
    kind: Kind
    default: Value | None
    required: bool
    help: str


class DeclarationError(Exception):
    """The parameters cell of a notebook does not declare its parameters."""


class ParameterError(Exception):
    """A parameter was refused; nothing was recorded or started.

    Attributes:
        name: The parameter.
        expected: What it takes.
        found: What was passed; None when nothing was.
        known: The parameters that the job has.
    """

    def __init__(
        self, name: str, *, expected: str, found: str | None, known: Iterable[str]
    ) -> None:
        self.name = name
        self.expected = expected
        self.found = found
        self.known = tuple(known)
        super().__init__(self._words())

    def _words(self) -> str:
        found = "nothing" if self.found is None else repr(self.found)
        return (
            f"parameter {self.name}: expected {self.expected}, found {found}; "
            f"known parameters: {', '.join(self.known)}"
        )


class UnknownParameterError(ParameterError):
    """The job has no parameter of that name."""


class WrongParameterError(ParameterError):
    """The value is not what the parameter takes."""


class MissingParameterError(ParameterError):
    """A required parameter was not passed."""


def declared(source: str) -> tuple[Parameter, ...]:
    """The parameters that a cell declares, in its order.

    Raises:
        DeclarationError: The cell holds anything else, or lacks `as_of` or `workspace`.
    """
    try:
        statements = ast.parse(source).body
        comments = _comments(source)
    except (SyntaxError, tokenize.TokenError) as error:
        raise DeclarationError(f"the parameters cell is not Python: {error}") from error
    found = tuple(
        _parameter(statement, comment=comments.get(statement.end_lineno or 0, ""))
        for statement in statements
    )
    kinds = {parameter.name: parameter.kind for parameter in found}
    if len(kinds) != len(found):
        raise DeclarationError("a parameter is declared twice")
    if kinds.get(AS_OF) is not Kind.DATE or kinds.get(WORKSPACE) is not Kind.TEXT:
        raise DeclarationError(
            f'the parameters cell must declare {AS_OF}: str = ""  # date: … '
            f'and {WORKSPACE}: str = ""'
        )
    return found


def accepted(parameters: Iterable[Parameter], given: Mapping[str, str]) -> dict[str, Value]:
    """Every parameter of a job but `workspace`, from what was passed and the defaults.

    Args:
        given: Texts by name, as typed. A relative file is looked for in the current folder.

    Raises:
        UnknownParameterError: The job has no such parameter.
        WrongParameterError: A text is not what its parameter takes.
        MissingParameterError: A required parameter was not passed.
    """
    own = {item.name: item for item in parameters if item.name != WORKSPACE}
    for name, text in given.items():
        if name not in own:
            raise UnknownParameterError(name, expected="a known name", found=text, known=own)
    values: dict[str, Value] = {}
    for name, parameter in own.items():
        value = _value(parameter, given.get(name))
        if value is None:
            kind = MissingParameterError if name not in given else WrongParameterError
            raise kind(name, expected=parameter.kind.value, found=given.get(name), known=own)
        values[name] = value
    return values


def _value(parameter: Parameter, text: str | None) -> Value | None:
    """What a text means; None when it means nothing that the parameter takes."""
    if text is None or (not text and parameter.default == ""):
        return None if parameter.required else parameter.default
    return _read(parameter.kind, text)


def _read(kind: Kind, text: str) -> Value | None:
    if kind is Kind.INTEGER:
        return int(text) if _INTEGER.fullmatch(text) else None
    if kind is Kind.BOOLEAN:
        return _WORDS.get(text.lower())
    if kind is Kind.DATE:
        return text if _is_date(text) else None
    if kind is Kind.FILE:
        path = Path(text).expanduser().resolve()
        return str(path) if path.is_file() else None
    return text


def _is_date(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _parameter(statement: ast.stmt, *, comment: str) -> Parameter:
    if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
        raise DeclarationError(f"line {statement.lineno}: expected name: type = value")
    name, annotation = statement.target.id, ast.unparse(statement.annotation)
    if annotation not in _ANNOTATIONS:
        raise DeclarationError(f"{name}: expected str, int or bool, found {annotation}")
    kind, required, text = _understood(comment, kind=_ANNOTATIONS[annotation])
    default = None if statement.value is None else _literal(statement.value, name=name)
    if default is not None and type(default) is not _TYPES.get(kind, str):
        raise DeclarationError(f"{name}: the value {default!r} is not {kind.value}")
    if kind is Kind.DATE and default and not _is_date(str(default)):
        raise DeclarationError(f"{name}: the value {default!r} is not {kind.value}")
    return Parameter(name, kind, default, required or default is None, text)


def _literal(value: ast.expr, *, name: str) -> Value:
    try:
        literal = ast.literal_eval(value)
    except ValueError as error:
        raise DeclarationError(f"{name}: the value is not a plain literal") from error
    if not isinstance(literal, (str, int)):
        raise DeclarationError(f"{name}: the value {literal!r} is not text or whole number")
    return literal


def _understood(comment: str, *, kind: Kind) -> tuple[Kind, bool, str]:
    """The kind, whether it is required, and the help that a comment tells."""
    head, colon, rest = comment.partition(":")
    marks = [mark.strip() for mark in head.split(",")]
    if not colon or not set(marks) <= {*_PREFIXES, "required"}:
        return kind, False, comment
    prefixes = [_PREFIXES[mark] for mark in marks if mark in _PREFIXES]
    if prefixes and kind is not Kind.TEXT:
        raise DeclarationError(f"a {marks[0]} is annotated as str: {comment}")
    return (prefixes or [kind])[0], "required" in marks, rest.strip()


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }
