"""What is wrong with the set-up of a ledger as a whole, and with changes of what is in use.

What was posted must stay where it is, so that each balance account still nets: an account
keeps its purpose, a journal its type and series, a VAT code its rate, and a profile the
accounts on which something of its lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from workbench.ledger.ledger_setup_tables import (
    ACCOUNTS,
    GROUPS,
    JOURNALS,
    PROFILES,
    SERIES,
    VAT_CODES,
    LedgerSetup,
    SetupTable,
)
from workbench.ledger.setup import ERP_JOURNAL, HANDOVER_SERIES
from workbench.model.money import EXPONENTS
from workbench.store.connection import Reader

#: Purposes that an account may serve beside the one that it is for.
_ALSO = {
    "receivable": {"on_account"},
    "on_account": {"receivable"},
    "fee": {"interest", "penny", "over_under", "write_off"},
    "interest": {"fee", "penny", "over_under", "write_off"},
    "penny": {"fee", "interest", "over_under", "write_off"},
    "over_under": {"fee", "interest", "penny", "write_off"},
    "write_off": {"fee", "interest", "penny", "over_under"},
}
#: Accounts on which something lies until it is taken away again, on the same account.
_LASTING = ("receivable", "on_account", "held", "erp_transfer")

#: Purposes whose postings know no creditor, so that none can narrow them.
_WITHOUT_CREDITOR = ("receivable", "on_account", "erp_transfer")


class SetupFault(NamedTuple):
    """A fault of the set-up: of which row and field, what was found, what may be."""

    table: SetupTable
    key: tuple[str, ...]
    field: str
    what: str
    found: str
    expected: str


def faults(told: LedgerSetup, whole: LedgerSetup) -> Iterator[SetupFault]:
    """What does not fit together, of what a file tells.

    Args:
        told: What the file tells.
        whole: The set-up as it would be then.
    """
    yield from _rule_faults(told, whole)
    yield from _purpose_faults(told, whole)
    yield from _journal_faults(told, whole)
    yield from _series_faults(told, whole)
    profiles = {key[0] for key in whole.of(PROFILES)}
    for key, row in told.of(GROUPS).items():
        if row["profile"] not in profiles:
            known = ", ".join(sorted(profiles))
            yield SetupFault(GROUPS, key, "profile", "bad_value", row["profile"], known)
    for key, row in told.of(VAT_CODES).items():
        account = whole.of(ACCOUNTS).get((row["account"],))
        if row["account"] and (account is None or account["purpose"] != "vat"):
            words = "an account with the purpose vat"
            yield SetupFault(VAT_CODES, key, "account", "bad_value", row["account"], words)


def changes_in_use(
    reader: Reader, *, before: LedgerSetup, after: LedgerSetup
) -> Iterator[SetupFault]:
    """What a file would change though something was posted with it."""
    yield from _fixed(reader, ACCOUNTS, ("purpose",), _ACCOUNT_USED, before, after)
    fixed = ("type", "series", "handed_back")
    yield from _fixed(reader, JOURNALS, fixed, _JOURNAL_USED, before, after)
    yield from _fixed(reader, VAT_CODES, ("rate",), _VAT_USED, before, after)
    for key, row in after.of(SERIES).items():
        old = before.of(SERIES).get(key)
        if old is not None and row["next"] < old["next"]:
            words = f"the number {old['next'] - 1}"
            yield SetupFault(SERIES, key, "next", "in_use", str(row["next"]), words)
    yield from _moved_accounts(reader, before, after)


_ACCOUNT_USED = "SELECT EXISTS (SELECT 1 FROM posting WHERE account_no = ?1)"
_JOURNAL_USED = "SELECT EXISTS (SELECT 1 FROM voucher WHERE journal = ?1)"
_VAT_USED = (
    "SELECT EXISTS (SELECT 1 FROM entry_vat WHERE vat_code = ?1) "
    "OR EXISTS (SELECT 1 FROM posting WHERE vat_code = ?1)"
)
_RULE_USED = (
    "SELECT EXISTS (SELECT 1 FROM posting WHERE account_no = ? AND profile = ? "
    "AND purpose = ? AND currency = ?)"
)


def _fixed(
    reader: Reader,
    table: SetupTable,
    names: tuple[str, ...],
    used: str,
    before: LedgerSetup,
    after: LedgerSetup,
) -> Iterator[SetupFault]:
    for key, row in after.of(table).items():
        old = before.of(table).get(key)
        for name in names:
            if old is not None and old[name] != row[name] and reader.value(used, key):
                yield SetupFault(table, key, name, "in_use", str(row[name]), str(old[name]))


def _moved_accounts(
    reader: Reader, before: LedgerSetup, after: LedgerSetup
) -> Iterator[SetupFault]:
    """Profiles that would leave an account on which something of theirs lies."""
    old, new = before.of(PROFILES), after.of(PROFILES)
    creditors = {key[2] for key in (*old, *new)}
    cases = {
        (profile, purpose, creditor, currency)
        for profile, purpose, _, _ in old
        if purpose in _LASTING
        for creditor in (creditors if purpose not in _WITHOUT_CREDITOR else {""})
        for currency in EXPONENTS
    }
    for case in sorted(cases):
        was, becomes = _account(old, case), _account(new, case)
        if was is None or was == becomes:
            continue
        profile, purpose, _, currency = case
        if reader.value(_RULE_USED, [was, profile, purpose, currency]):
            yield SetupFault(
                PROFILES, case, purpose, "in_use", becomes or "", f"{was} {currency}"
            )


def _account(
    rules: Mapping[tuple[str, ...], Mapping[str, Any]], case: tuple[str, ...]
) -> str | None:
    """The account of the narrowest rule, as posting chooses it."""
    profile, purpose, creditor, currency = case
    for key in (
        (profile, purpose, creditor, currency),
        (profile, purpose, creditor, ""),
        (profile, purpose, "", currency),
        (profile, purpose, "", ""),
    ):
        if key in rules:
            return str(rules[key]["account"])
    return None


def _rule_faults(told: LedgerSetup, whole: LedgerSetup) -> Iterator[SetupFault]:
    for key, row in told.of(PROFILES).items():
        _, purpose, creditor_no, currency = key
        account = whole.of(ACCOUNTS).get((row["account"],))
        if account is None or not _serves(account["purpose"], purpose):
            words = f"an account with the purpose {purpose}"
            yield SetupFault(PROFILES, key, purpose, "bad_value", row["account"], words)
        if creditor_no and purpose in _WITHOUT_CREDITOR:
            words = "a currency alone"
            yield SetupFault(PROFILES, key, purpose, "bad_value", creditor_no, words)
        if currency and currency not in EXPONENTS:
            known = ", ".join(EXPONENTS)
            yield SetupFault(PROFILES, key, purpose, "bad_value", currency, known)


def _purpose_faults(told: LedgerSetup, whole: LedgerSetup) -> Iterator[SetupFault]:
    """Accounts whose purpose would no longer be what profiles and VAT codes take them for."""
    needs = [
        (row["account"], purpose, f"profile {profile}")
        for (profile, purpose, *rest), row in whole.of(PROFILES).items()
        if (profile, purpose, *rest) not in told.of(PROFILES)
    ] + [
        (row["account"], "vat", f"VAT code {code}")
        for (code,), row in whole.of(VAT_CODES).items()
        if row["account"] and (code,) not in told.of(VAT_CODES)
    ]
    for number, purpose, whose in sorted(set(needs)):
        account = told.of(ACCOUNTS).get((number,))
        if account is not None and not _serves(account["purpose"], purpose):
            words = f"{purpose}, as {whose} takes it for,"
            found = account["purpose"]
            yield SetupFault(ACCOUNTS, (number,), "purpose", "bad_value", found, words)


def _serves(own: str, purpose: str) -> bool:
    return purpose == own or purpose in _ALSO.get(own, ())


def _journal_faults(told: LedgerSetup, whole: LedgerSetup) -> Iterator[SetupFault]:
    for key, row in told.of(JOURNALS).items():
        others = [name for name, other in whole.of(JOURNALS).items()
                  if name != key and other["series"] == row["series"]]  # fmt: skip
        if (row["series"],) not in whole.of(SERIES):
            known = ", ".join(name for (name,) in whole.of(SERIES))
            yield SetupFault(JOURNALS, key, "series", "bad_value", row["series"], known)
        elif others or row["series"] == HANDOVER_SERIES:
            words = "a series that nothing else draws from"
            yield SetupFault(JOURNALS, key, "series", "bad_value", row["series"], words)
        is_erp = key == (ERP_JOURNAL,)
        if is_erp != (row["type"] == "erp"):
            words = "erp" if is_erp else "customer_payment, daily"
            yield SetupFault(JOURNALS, key, "type", "bad_value", row["type"], words)
        if is_erp and row["handed_back"]:
            yield SetupFault(JOURNALS, key, "handed_back", "bad_value", "true", "false")


def _series_faults(told: LedgerSetup, whole: LedgerSetup) -> Iterator[SetupFault]:
    for key, row in told.of(SERIES).items():
        prefix = row["prefix"]
        if prefix[-1].isdigit():
            words = "a prefix that ends in no digit"
            yield SetupFault(SERIES, key, "prefix", "bad_value", prefix, words)
        elif any(o["prefix"] == prefix for k, o in whole.of(SERIES).items() if k != key):
            words = "a prefix of its own"
            yield SetupFault(SERIES, key, "prefix", "bad_value", prefix, words)
