"""Collection systems, creditors and debtor groups, from a file that a person wrote."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.ledger.setup import DEFAULT_PROFILE
from workbench.model.money import EXPONENTS
from workbench.store.transaction import Transaction
from workbench.store.workspace import Workspace

#: The rules that may allow posting without a person, by name.
POSTING_RULES = ("none", "matched_without_residual")


class SetupError(Exception):
    """The set-up file lacks something, or says something that cannot be."""


@dataclass(frozen=True, slots=True)
class Setup:
    """What was set up: the collection system and its creditors."""

    system: str
    creditors: tuple[str, ...]


def install(workspace: Workspace, path: Path) -> Setup:
    """Set up a collection system from a TOML file; known ones are brought up to date.

    The file holds `[system]`, `[[creditor]]` and `[[creditor.group]]`, and may hold
    `[posting] rule`.

    Raises:
        SetupError: A key is missing or a value is of the wrong form.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        system = content["system"]
        creditors = content["creditor"]
    except tomllib.TOMLDecodeError as cause:
        raise SetupError(f"{path.name}: {cause}") from cause
    except KeyError as cause:
        raise SetupError(f"{path.name} has no table {cause}") from cause
    _check(system, creditors)
    rule = content.get("posting", {}).get("rule", "none")
    if rule not in POSTING_RULES:
        raise SetupError(f"posting rule {rule!r} is none of {', '.join(POSTING_RULES)}")
    code = system.get("system", system["scheme"])
    with workspace.transaction(
        "collection_setup", role="administer", system=code, file=path.name
    ) as transaction:
        _put_system(transaction, code, system)
        for creditor in creditors:
            _require_known(transaction, creditor)
            _put_creditor(transaction, code, creditor)
        transaction.execute("INSERT OR REPLACE INTO setting VALUES ('posting_rule', ?)", [rule])
    return Setup(code, tuple(creditor["creditor_no"] for creditor in creditors))


def _check(system: dict[str, Any], creditors: list[dict[str, Any]]) -> None:
    for key in ("scheme", "name", "supplier_no", "subsystem"):
        if key not in system:
            raise SetupError(f"[system] has no {key}")
    if system["scheme"] != "betalingsservice_total":
        raise SetupError(f"the scheme {system['scheme']!r} is not known")
    _require_digits("supplier_no", system["supplier_no"], 8)
    for creditor in creditors:
        _require_digits("creditor_no", creditor.get("creditor_no"), 8)
        groups = creditor.get("group", [])
        if not groups:
            raise SetupError(f"creditor {creditor['creditor_no']} has no [[creditor.group]]")
        for group in groups:
            _require_digits("debtor_group", group.get("debtor_group"), 5)


def _require_known(transaction: Transaction, creditor: dict[str, Any]) -> None:
    """The creditor's currency and profile are known, or nothing of it could be posted."""
    currency = creditor.get("currency", "DKK")
    if currency not in EXPONENTS:
        known = ", ".join(EXPONENTS)
        raise SetupError(f"currency must be one of {known}, found {currency!r}")
    rows = transaction.rows("SELECT DISTINCT profile FROM profile_account ORDER BY 1")
    profiles = [name for (name,) in rows]
    profile = creditor.get("profile", DEFAULT_PROFILE)
    if profile not in profiles:
        known = ", ".join(profiles) or "none: the ledger is not set up yet"
        raise SetupError(f"profile must be one of {known}, found {profile!r}")


def _require_digits(key: str, value: object, length: int) -> None:
    if not (isinstance(value, str) and value.isdigit() and len(value) == length):
        raise SetupError(f"{key} must be {length} digits in quotes, found {value!r}")


def _put_system(transaction: Transaction, code: str, system: dict[str, Any]) -> None:
    transaction.execute(
        "INSERT INTO collection_system (system, scheme, name, supplier_no, subsystem, test, "
        "signing, due_from, due_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (system) DO UPDATE SET name = excluded.name, "
        "supplier_no = excluded.supplier_no, subsystem = excluded.subsystem, "
        "test = excluded.test, signing = excluded.signing, due_from = excluded.due_from, "
        "due_to = excluded.due_to, version = version + 1",
        [
            code,
            system["scheme"],
            system["name"],
            system["supplier_no"],
            system["subsystem"],
            int(system.get("test", False)),
            int(system.get("signing", False)),
            system.get("due_from", "LM+1"),
            system.get("due_to", "+2LM"),
        ],
    )


def _put_creditor(transaction: Transaction, code: str, creditor: dict[str, Any]) -> None:
    transaction.execute(
        "INSERT INTO creditor (creditor_no, system, name, currency, profile, bank_account) "
        "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (creditor_no) DO UPDATE SET "
        "name = excluded.name, profile = excluded.profile, "
        "bank_account = excluded.bank_account",
        [
            creditor["creditor_no"],
            code,
            creditor.get("name", ""),
            creditor.get("currency", "DKK"),
            creditor.get("profile", DEFAULT_PROFILE),
            creditor.get("bank_account"),
        ],
    )
    for number, group in enumerate(creditor["group"]):
        transaction.execute(
            "INSERT INTO debtor_group VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (creditor_no, debtor_group) DO UPDATE SET "
            "name = excluded.name, main_text = excluded.main_text",
            [
                creditor["creditor_no"],
                group["debtor_group"],
                group.get("name", ""),
                group.get("main_text", ""),
                int(number == 0),
            ],
        )
