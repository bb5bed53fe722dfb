"""The advice (advisering): what tells the debtor what is collected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

#: The Danish words of the advice (advisering): the debtor reads them, whoever works here.
_KINDS = {
    "invoice": "Faktura",
    "credit_note": "Kreditnota",
    "reminder": "Rykker",
    "interest": "Rente",
    "fee": "Gebyr",
    "other": "Post",
}


def advice_text(parts: Iterable[Mapping[str, object]]) -> str:
    """One line of advice per entry: what it is, its number, and its amount."""
    lines = []
    for part in parts:
        name = f"{_KINDS[str(part['kind'])]} {part['document_no']}"
        lines.append(f"{name:<44.44}{_danish(int(str(part['amount_minor']))):>16}")
    return "\n".join(lines)


def _danish(amount_minor: int) -> str:
    """An amount as Danes write it: 1.234,56."""
    whole, minor = divmod(abs(amount_minor), 100)
    grouped = f"{whole:,}".replace(",", ".")
    return f"{'-' if amount_minor < 0 else ''}{grouped},{minor:02d}"
