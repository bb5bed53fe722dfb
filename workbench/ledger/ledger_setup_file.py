"""The set-up of a ledger as a file that a person writes, in TOML, and back.

[[account]]    number, name, purpose
[[series]]     name, prefix, digits, next
[[journal]]    name, title, type, series, handed_back
[[vat]]        code, name, rate (percent), account
[[profile]]    name, and for each purpose an account; or like, and what differs
[[profile.narrow]]  purpose, creditor_no and/or currency, account
[[group]]      customer_group, system (all when absent), profile
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from workbench.ledger.ledger_setup_tables import (
    PROFILES,
    PURPOSES,
    TABLES,
    LedgerSetup,
    SetupField,
    SetupTable,
)
from workbench.model.problems import Problem

_NARROW = "narrow"
_LIKE = "like"


@dataclass(frozen=True, slots=True)
class Told:
    """What a file tells, and what is wrong with it."""

    setup: LedgerSetup
    problems: tuple[Problem, ...]


def read(text: str, *, name: str, stored: LedgerSetup) -> Told:
    """The set-up in a file; a row with a fault is left out.

    Args:
        text: The file.
        name: What to call it.
        stored: The set-up that counts now: what a profile may be like.
    """
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as cause:
        problem = Problem("ledger_setup_unreadable", {"fault": str(cause)}, name)
        return Told(LedgerSetup(), (problem,))
    return _File(text, name, stored).told(content)


def write(setup: LedgerSetup) -> str:
    """A file that sets up the same again."""
    parts = [_written(table, setup) for table in TABLES if table is not PROFILES]
    profiles = list(dict.fromkeys(key[0] for key in setup.of(PROFILES)))
    parts.insert(-1, [_written_profile(profile, setup) for profile in profiles])
    return "\n".join(text for part in parts for text in part)


def where(text: str, table: str, number: int, key: str) -> int | None:
    """The line of a key in the n-th of a table's rows, from 1; None where it is not found."""
    heading, seen = f"[[{table}]]", 0
    for line, content in enumerate(text.splitlines(), start=1):
        stripped = content.strip()
        if stripped.startswith(heading):
            seen += 1
            if seen == number and not key:
                return line
        elif stripped.startswith("[") and seen == number:
            return None
        elif seen == number and re.match(rf"{re.escape(key)}\s*=", stripped):
            return line
    return None


@dataclass(slots=True)
class _File:
    """One reading of a file; faults are collected on the way."""

    text: str
    name: str
    stored: LedgerSetup
    problems: list[Problem] = field(default_factory=list)

    def told(self, content: Mapping[str, Any]) -> Told:
        known = {table.name for table in TABLES}
        for key in content.keys() - known:
            self.fault("unknown_key", key, "", expected=", ".join(sorted(known)))
        rows: dict[str, dict[tuple[str, ...], dict[str, Any]]] = {}
        for table in TABLES:
            found = content.get(table.name, [])
            if not (isinstance(found, list) and all(isinstance(one, dict) for one in found)):
                self.fault("bad_value", table.name, found, expected=f"[[{table.name}]]")
                found = []
            read_row = self.profile if table is PROFILES else self.row
            told: dict[tuple[str, ...], dict[str, Any]] = {}
            for number, entry in enumerate(found, start=1):
                for row_key, row in read_row(table, number, entry):
                    if row_key in told:
                        place = f"{table.name}[{number}].{table.key[0].name}"
                        self.fault("twice", place, ", ".join(filter(None, row_key)))
                    told[row_key] = row
            rows[table.name] = told
        return Told(LedgerSetup(rows), tuple(sorted(self.problems, key=_in_order)))

    def row(
        self, table: SetupTable, number: int, entry: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        """The row in an entry, unless it has a fault."""
        place, before = f"{table.name}[{number}]", len(self.problems)
        self.unknown(place, entry, [part.name for part in table.fields])
        values = {part.name: self.value(place, part, entry) for part in table.fields}
        if len(self.problems) == before:
            key = tuple(values.pop(part.name) for part in table.key)
            yield key, values

    def profile(
        self, table: SetupTable, number: int, entry: Mapping[str, Any]
    ) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        """The rules of a profile: one for each purpose, and the narrower ones."""
        place, before = f"{table.name}[{number}]", len(self.problems)
        self.unknown(place, entry, ["name", _LIKE, *PURPOSES, _NARROW])
        name = self.value(place, table.key[0], entry)
        rules = self.like(place, entry)
        account = table.rest[0]
        for purpose in PURPOSES:
            if purpose in entry:
                part = SetupField(purpose, account.column)
                rules[purpose, "", ""] = self.value(place, part, entry)
            elif (purpose, "", "") not in rules:
                self.fault("missing", f"{place}.{purpose}", expected="an account's number")
        for index, narrow in enumerate(self.narrow(place, entry), start=1):
            under = SetupTable(f"{place}.{_NARROW}", "", table.key[1:], table.rest)
            for key, row in self.row(under, index, narrow):
                rules[key[0], key[1], key[2]] = row["account"]
        if len(self.problems) == before:
            for key, number_of_account in rules.items():
                yield (name, *key), {"account": number_of_account}

    def narrow(self, place: str, entry: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        """The narrower rules of a profile."""
        found = entry.get(_NARROW, [])
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return found
        self.fault("bad_value", f"{place}.{_NARROW}", found, expected="[[profile.narrow]]")
        return []

    def like(self, place: str, entry: Mapping[str, Any]) -> dict[tuple[str, str, str], Any]:
        """The rules of the profile that this one is like."""
        if _LIKE not in entry:
            return {}
        rules = {
            (key[1], key[2], key[3]): row["account"]
            for key, row in self.stored.of(PROFILES).items()
            if key[0] == entry[_LIKE]
        }
        if not rules:
            known = sorted({key[0] for key in self.stored.of(PROFILES)})
            self.fault("bad_value", f"{place}.{_LIKE}", entry[_LIKE], expected=", ".join(known))
        return rules

    def unknown(self, place: str, entry: Mapping[str, Any], known: list[str]) -> None:
        for key in entry:
            if key not in known:
                self.fault("unknown_key", f"{place}.{key}", expected=", ".join(known))

    def value(self, place: str, part: SetupField, entry: Mapping[str, Any]) -> Any:
        """What a field holds; a fault where it cannot be."""
        if part.name not in entry:
            if part.default is None:
                self.fault("missing", f"{place}.{part.name}", expected=_expected(part))
            return part.default
        found = entry[part.name]
        if not _fits(part, found):
            self.fault("bad_value", f"{place}.{part.name}", found, expected=_expected(part))
            return None
        return int(Decimal(found) * 100) if part.kind == "rate" else found

    def fault(self, what: str, place: str, found: Any = "", *, expected: str = "") -> None:
        """Note a fault at a place such as `account[2].purpose`."""
        at = re.fullmatch(r"(\w+)\[(\d+)\](?:\.(\w+))?.*", place)
        line = where(self.text, at[1], int(at[2]), at[3] or "") if at else None
        params = {"key": place, "found": _shown(found), "expected": expected}
        self.problems.append(Problem(f"ledger_setup_{what}", params, self.name, line))


def _fits(part: SetupField, found: Any) -> bool:
    if part.kind == "flag":
        return isinstance(found, bool)
    if part.kind == "number":
        whole = isinstance(found, int) and not isinstance(found, bool)
        return whole and part.least <= found <= part.most
    if part.kind == "rate":
        if not isinstance(found, (int, Decimal)) or isinstance(found, bool):
            return False
        return 0 <= found <= 100 and Decimal(found) * 100 % 1 == 0
    if not isinstance(found, str) or found != found.strip():
        return False
    return found in part.choices if part.choices else bool(found) or part.may_be_empty


def _expected(part: SetupField) -> str:
    if part.choices:
        return ", ".join(part.choices)
    return {
        "flag": "true or false",
        "number": f"a whole number from {part.least} to {part.most}",
        "rate": "a percentage from 0 to 100 with at most two decimals",
        "text": "a text in quotes, without blanks around it",
    }[part.kind]


def _in_order(problem: Problem) -> tuple[int, str]:
    return (problem.line or 0, str(problem.params.get("key", "")))


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else str(value)


def _written(table: SetupTable, setup: LedgerSetup) -> list[str]:
    return [
        _entry(
            f"[[{table.name}]]",
            table.fields,
            {**dict(zip([part.name for part in table.key], key, strict=True)), **row},
        )
        for key, row in setup.of(table).items()
    ]


def _written_profile(profile: str, setup: LedgerSetup) -> str:
    rules = {key[1:]: row["account"] for key, row in setup.of(PROFILES).items()
             if key[0] == profile}  # fmt: skip
    lines = ["[[profile]]", f"name = {_quoted(profile)}"]
    lines += [
        f"{purpose} = {_quoted(rules[purpose, '', ''])}"
        for purpose in PURPOSES
        if (purpose, "", "") in rules
    ]
    text = "\n".join(lines) + "\n"
    narrow = [key for key in rules if any(key[1:])]
    fields = (*PROFILES.key[1:], *PROFILES.rest)
    for key in narrow:
        values = dict(zip(("purpose", "creditor_no", "currency"), key, strict=True))
        text += _entry("[[profile.narrow]]", fields, {**values, "account": rules[key]})
    return text


def _entry(heading: str, fields: tuple[SetupField, ...], values: Mapping[str, Any]) -> str:
    lines = [heading]
    for part in fields:
        value = values[part.name]
        if value == "" and part.may_be_empty:
            continue
        lines.append(f"{part.name} = {_value(part, value)}")
    return "\n".join(lines) + "\n"


def _value(part: SetupField, value: Any) -> str:
    if part.kind == "flag":
        return "true" if value else "false"
    if part.kind == "rate":
        return str(Decimal(value) / 100)
    return str(value) if part.kind == "number" else _quoted(value)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
